"""Where the systems meet: frames that are made of the frames of several sources, for checks that compare them.

Suppliers get the shops' `assortment`; a shop gets its `supplier_matches` and the `erp_debtors`. A source that was not
asked in this run counts as it was last seen, if the settings still ask for that (`checks.last_seen`); one that was asked
and did not answer makes the meeting fail, and says so: a check that judged without it would close findings.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from contextlib import suppress

import polars as pl

from checks.frames import FRAMES, Collected
from checks.matching import WAYS, assortment_of, pairs
from checks.meeting_parts import LastSeen, Missing, Part, Parts, spoilt, still_asked_for
from checks.settings import Settings
from checks.settings_sources import EasyFlorSource, OrestoSource, Source, SupplierSource

LastGood = Callable[[str, str], pl.DataFrame | None]

#: Of each column, the columns of the parts that it is made of; those not named are made of the one of their name.
_CODES = ("ean", "unit_eans", "package_eans")
_ASSORTMENT = {"gtins": _CODES, "linked": (), "shop": (), "supplier_codes": ("suppliers",)}
_MATCHES = {"image_url": ("images",), "image_name": ("images",)}
_PAIRS = ("article_number", "article_key", "by")


def meet(
    settings: Settings, collected: Mapping[str, Mapping[str, Collected]], last_seen: LastSeen
) -> dict[str, dict[str, Collected]]:
    """What the sources have in common, by the source whose checks ask for it.

    Args:
        collected: the frames of each source that was asked in this run.
        last_seen: what is known of a source that was not asked, or would not answer yet.

    Returns:
        source -> frame -> Collected: `assortment` of all shops together for every supplier; `supplier_matches` for every
        shop, if there are suppliers, and `erp_debtors`, if there is an ERP. Columns that cannot be judged in a part are
        `unusable` in what is made of it.
    """
    parts = Parts(settings, collected, last_seen)
    met: dict[str, dict[str, Collected]] = {source.name: {} for source in settings.sources}
    shops, suppliers = settings.shops, settings.suppliers
    if shops:
        for supplier in suppliers:
            met[supplier.name]["assortment"] = _assortment(parts, supplier, shops)
    for shop in shops:
        if suppliers:
            met[shop.name]["supplier_matches"] = _supplier_matches(parts, shop, suppliers)
        if settings.erps:
            met[shop.name]["erp_debtors"] = _erp_debtors(parts, shop, settings.erps, shops)
    return met


def _assortment(parts: Parts, supplier: SupplierSource, shops: Iterable[OrestoSource]) -> Collected:
    made, unusable = [], dict[str, str]()
    spec = FRAMES["assortment"]
    try:
        for shop in shops:
            sold = _sold(parts, shop, supplier)
            unusable |= sold.unusable
            made.append(sold.data)
            # Without its catalogue the supplier's rules cannot run in any case.
            with suppress(Missing):
                why = _unmatched(supplier, sold, parts.of(supplier.name, "catalogue"))
                unusable |= {"article_number": why} if why else {}
    except Missing as missing:
        return _failed(supplier, spec.name, missing)
    return Collected(supplier.name, spec.name, "ok", pl.concat(made), unusable=unusable)


def _sold(parts: Parts, shop: OrestoSource, supplier: SupplierSource) -> Part:
    """`assortment_of` the shop for that supplier. Raises Missing."""
    products, linked = (parts.of(shop.name, frame) for frame in ("products", "linked_products"))
    data = assortment_of(shop.name, products.data, linked.data, supplier.match.supplier_id)
    unusable: dict[str, str] = {}
    for part in (linked, products):
        unusable |= spoilt(data.columns, part, _ASSORTMENT)
    return Part(data, unusable)


def _supplier_matches(parts: Parts, shop: OrestoSource, suppliers: Iterable[SupplierSource]) -> Collected:
    spec = FRAMES["supplier_matches"]
    made, unusable = [], dict[str, str]()
    try:
        for supplier in suppliers:
            sold, catalogue = _sold(parts, shop, supplier), parts.of(supplier.name, "catalogue")
            why = _unmatched(supplier, sold, catalogue)
            unusable |= spoilt(spec.columns, catalogue, _MATCHES) | (
                dict.fromkeys(_PAIRS, why) if why else {}
            )
            made.append(supplier_matches_of(sold.data, supplier, catalogue.data))
    except Missing as missing:
        return _failed(shop, spec.name, missing)
    return Collected(shop.name, spec.name, "ok", pl.concat(made), unusable=unusable)


def supplier_matches_of(
    assortment: pl.DataFrame, supplier: SupplierSource, catalogue: pl.DataFrame
) -> pl.DataFrame:
    """Frame `supplier_matches` of one shop (`assortment_of`) and one supplier, the surest matches first.

    The gross price is left out where a GTIN matched that is not the piece's own at both: it is then the price of another
    quantity.
    """
    image = pl.col("images").list.eval(pl.element().filter(pl.element().struct.field("url").is_not_null()))
    first = image.list.first()
    articles = catalogue.lazy().select(
        "article_key",
        "article_code",
        "name",
        "standing",
        "availability_label",
        image_url=first.struct.field("url"),
        image_name=first.struct.field("name"),
        gross_price="gross_price",
        piece=_gtin14("ean"),
    )
    ours = assortment.lazy()
    other_quantity = (pl.col("by") == "gtin") & pl.col("piece").ne_missing(pl.col("own_piece"))
    return (
        pairs(ours, catalogue.lazy(), supplier.match)
        .join(articles, on="article_key", how="left", maintain_order="left")
        .join(
            ours.select("article_number", own_piece=_gtin14("ean")),
            on="article_number",
            how="left",
            maintain_order="left",
        )
        .with_columns(
            pl.lit(supplier.name).alias("supplier"),
            gross_price=pl.when(~other_quantity).then("gross_price"),
        )
        .sort("article_number", pl.col("by").replace_strict(WAYS, range(len(WAYS))), "article_key")
        .select(FRAMES["supplier_matches"].schema.names())
        .collect()
    )


def known_matches(settings: Settings, shop: str, last_good: LastGood) -> pl.DataFrame:
    """Frame `supplier_matches` of what was last seen, for people to look at: a source that was never read adds nothing."""
    products, linked = (last_good(shop, name) for name in ("products", "linked_products"))
    found = [FRAMES["supplier_matches"].empty()]
    for supplier in settings.suppliers:
        catalogue = last_good(supplier.name, "catalogue")
        known = products if products is not None else linked
        if known is None or catalogue is None:
            continue
        own, other = (known.clear() if one is None else one for one in (products, linked))
        sold = assortment_of(shop, own, other, supplier.match.supplier_id)
        found.append(supplier_matches_of(sold, supplier, still_asked_for(supplier, catalogue)))
    return pl.concat(found)


def _gtin14(column: str) -> pl.Expr:
    return pl.col(column).str.strip_chars().str.zfill(14)


def _unmatched(supplier: SupplierSource, sold: Part, catalogue: Part) -> str | None:
    """Why nothing of the matches can be judged: the codes that they are made by cannot. None where they can."""
    match, ours, theirs = supplier.match, ["article_number"], ["article_key"]
    if match.gtin:
        ours.append("gtins")
        theirs += ["ean", "units"]
    if match.article_number is not None:
        theirs.append(match.article_number)
    if match.supplier_id is not None:
        ours.append("supplier_codes")
        theirs.append("article_code")
    reasons = [sold.unusable[one] for one in ours if one in sold.unusable]
    reasons += [catalogue.unusable[one] for one in theirs if one in catalogue.unusable]
    return next(iter(reasons), None)


def _erp_debtors(
    parts: Parts, shop: OrestoSource, erps: Iterable[EasyFlorSource], shops: Sequence[OrestoSource]
) -> Collected:
    spec = FRAMES["erp_debtors"]
    made = []
    elsewhere, unusable = _elsewhere(parts, shop, shops)
    try:
        for erp in erps:
            debtors = parts.of(erp.name, "debtors")
            number = erp.client_number
            unusable |= spoilt(spec.columns, debtors, {"erp": (), "client_number": (number,)})
            made.append(
                debtors.data.select(
                    pl.lit(erp.name).alias("erp"),
                    "debtor_id",
                    "code",
                    pl.col(number).cast(pl.String).str.strip_chars().alias("client_number"),
                    "name",
                    "blocked",
                ).with_columns(elsewhere=elsewhere)
            )
    except Missing as missing:
        return _failed(shop, spec.name, missing)
    return Collected(shop.name, spec.name, "ok", pl.concat(made), unusable=unusable)


def _elsewhere(
    parts: Parts, shop: OrestoSource, shops: Sequence[OrestoSource]
) -> tuple[pl.Expr, dict[str, str]]:
    """Column `elsewhere` of the debtors for that shop, and why it cannot be judged.

    What no shop knows is told once, by the first; it knows so only if the clients of all others are there.
    """
    if shop.name != shops[0].name:
        return pl.lit(True), {}
    known = [pl.Series(dtype=pl.String)]
    for other in shops[1:]:
        try:
            clients = parts.of(other.name, "clients")
        except Missing as missing:
            return pl.lit(None, pl.Boolean), {"elsewhere": str(missing)}
        if clients.data.is_empty():
            why = f"{other.name}: {FRAMES['clients'].title} came back empty, which is never right."
            return pl.lit(None, pl.Boolean), {"elsewhere": why}
        if "client_number" in clients.unusable:
            return pl.lit(None, pl.Boolean), {"elsewhere": clients.unusable["client_number"]}
        known.append(clients.data.select(pl.col("client_number").str.strip_chars()).to_series())
    numbers = pl.concat(known).drop_nulls().unique()
    return pl.col("client_number").is_in(numbers.implode()).fill_null(False), {}


def _failed(source: Source, frame: str, missing: Missing) -> Collected:
    return Collected(source.name, frame, "failed", message=str(missing))
