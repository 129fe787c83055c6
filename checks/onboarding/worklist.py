"""What has to be done with each own article: link it, create it, decide, mend it, or nothing (guide, chapter 2)."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from typing import Any

import polars as pl

from checks.gtin import gtin14
from checks.onboarding.matching.match import Matches
from checks.onboarding.references.decided import References, written_in
from checks.onboarding.requests import lacking, link_body, own_body
from checks.onboarding.shapes import WORKLIST
from checks.sources.oresto.bodies import Body

#: From this score on a suggestion is so likely that creating an own product beside it would be a mistake: a person says.
DECIDE_FROM = 0.6

#: What `lacking` says too, in words that lead further.
_SAID_ANYWAY = ("missing-reference", "forbidden-characters")

#: Findings of which a link takes nothing along: the central product has its own codes and texts.
_OF_OWN_DATA = (
    "invalid-ean",
    "restricted-ean",
    "duplicate-ean",
    "text-missing",
    "category-not-leaf",
)

#: Warnings that customers would see at once.
_GRAVE_TOO = ("promo-invalid",)

#: Fields that a link takes along.
_OF_SELLING = (
    "active",
    "on_order",
    "order_quantity",
    "sales_price",
    "promo_price",
    "promo_from",
    "promo_until",
    "temporarily_unavailable",
)

#: References that an own product may be without.
_OPTIONAL = ("producer", "supplier", "multiplier_type")

_NO_CODE = (
    "Its central product has no EAN and no supplier's code of its own to link by: link it in the shop itself."
)

ACTIONS = {
    "link": "Link to the central product",
    "create": "Create as an own product",
    "decide": "Decide: is it the central product that is suggested?",
    "lacks": "Mend it first",
    "there": "Is in the shop already",
}


@dataclass(frozen=True)
class Worklist:
    """What is to be done, with the request bodies.

    Attributes:
        table: `WORKLIST`, one row an article, in the order of the file.
        links, creates: article number -> body for the fixes create-link and create-own.
        products: of the links, the id of the central product that is meant.
    """

    table: pl.DataFrame
    links: dict[str, Body]
    creates: dict[str, Body]
    products: dict[str, int]

    @property
    def left(self) -> dict[str, str]:
        """Articles that are neither linked nor created, with the reason."""
        rest = self.table.filter(pl.col("action").is_in(["decide", "lacks", "there"]))
        return {
            number: " ".join(reasons)
            for number, reasons in rest.select("article_number", "reasons").iter_rows()
        }

    def summary(self) -> pl.DataFrame:
        """action, what it means, articles, and the commonest reason."""
        counts = self.table.group_by("action").agg(
            articles=pl.len(), commonest=pl.col("reasons").list.first().drop_nulls().mode().sort().first()
        )
        order = pl.DataFrame({"action": list(ACTIONS), "means": list(ACTIONS.values())})
        return order.join(counts, on="action", how="left", maintain_order="left").with_columns(
            pl.col("articles").fill_null(0)
        )

    def __repr__(self) -> str:
        told = ", ".join(f"{count} {action}" for action, _, count, _ in self.summary().iter_rows())
        return f"Worklist of {self.table.height:,} articles: {told}"


def make_worklist(
    articles: pl.DataFrame,
    matches: Matches,
    references: References,
    central: pl.DataFrame,
    *,
    there: Collection[str] = (),
    findings: pl.DataFrame | None = None,
    problems: pl.DataFrame | None = None,
    send_despite: Collection[str] = (),
    decide_from: float = DECIDE_FROM,
) -> Worklist:
    """Sorts the articles of a file by what has to be done.

    Args:
        articles: `ARTICLES`.
        matches: with what a person confirmed.
        references: with what a person confirmed.
        central: the frame central_products.
        there: article numbers that the shop has already, own or linked.
        findings: `findings.FOUND` of the diagnosis; an article with an error, or a promotion that is none, is to be mended
            first.
        problems: `PROBLEMS` of reading the file; an article of which a value could not be read is to be mended first.
        send_despite: ids of checks that do not hold an article back: the next health check will find them. An EAN that is
            none (invalid-ean) is left out of what is sent, for the shop takes it from nobody; and `unreadable` lets what
            could not be read be left out.
        decide_from: an article that is one of its suggestions with at least this chance (0..1, all of them together) must
            be accepted or refused first, and one with a doubted code always.

    An own name that stands for nothing yet holds an own product back, also of what need not be filled in: it would be
    created without, and never be looked at again.
    """
    errors, spoilt = _errors(findings, send_despite), _spoilt(findings)
    unread = {} if "unreadable" in send_despite else _unread(problems)
    other_codes = _codes_of_others(articles, matches, central)
    ids = {row["article_number"]: row for row in references.ids(articles).iter_rows(named=True)}
    matched = {row["article_number"]: row for row in matches.matched.iter_rows(named=True)}
    by_id = _codes(central, [row["product_id"] for row in matched.values()])
    likely = _likely(matches, decide_from)
    undecided = _undecided(articles, references)
    rows: list[tuple[Any, ...]] = []
    links: dict[str, Body] = {}
    creates: dict[str, Body] = {}
    for article in articles.iter_rows(named=True):
        number, match = article["article_number"], matched.get(article["article_number"])
        code, body, reasons = None, None, []
        if number in there:
            action, reasons = "there", ["The shop has this article number already."]
        elif match is not None:
            code_of = _code(match, by_id.get(match["product_id"], []))
            code = match["central_ean"] or match["code"]
            body = link_body(article, ids[number], code_of or {})
            reasons = lacking(body, article, link=True)
            if code_of is None:
                reasons.append(_NO_CODE)
            reasons += [text for check, text in errors.get(number, ()) if check not in _OF_OWN_DATA]
            reasons += [text for field, text in unread.get(number, ()) if field in _OF_SELLING]
            action = "lacks" if reasons else "link"
        elif number in likely:
            action, code, said = "decide", *likely[number]
            reasons = [said]
        else:
            body = own_body(article, ids[number])
            if number in spoilt or number in other_codes:
                body.pop("EanCode", None)
            reasons = lacking(body, article, link=False) + undecided.get(number, [])
            reasons += [text for _, text in (*errors.get(number, ()), *unread.get(number, ()))]
            action = "lacks" if reasons else "create"
            if action == "create" and number in other_codes:
                reasons = [f"Without its EAN {article['ean']}: you said that it is another product's."]
        if action == "link" and body is not None:
            links[number] = body
        elif action == "create" and body is not None:
            creates[number] = body
        rows.append((article["row"], number, article["name"], action, code, list(dict.fromkeys(reasons))))
    products = {number: matched[number]["product_id"] for number in links}
    return Worklist(pl.DataFrame(rows, schema=WORKLIST, orient="row"), links, creates, products)


def _likely(matches: Matches, decide_from: float) -> dict[str, tuple[str | None, str]]:
    """EAN and sentence of what a person has to decide first, by article."""
    doubted = set(matches.doubted["article_number"])
    together = matches.suggested.group_by("article_number").agg(chance=pl.col("score").sum(), many=pl.len())
    best = matches.suggested.filter(pl.col("rank") == 1).join(together, on="article_number", how="left")
    found = {}
    for row in best.iter_rows(named=True):
        if row["chance"] < decide_from and row["article_number"] not in doubted:
            continue
        if row["article_number"] in doubted:
            said = f"Its code leads to {row['central_name']}, but: {row['why'].rstrip('.')}. Accept it, or say none."
            found[row["article_number"]] = (row["central_ean"], said)
            continue
        others = (
            f", or one of {row['many'] - 1} more" if row["many"] > 1 and row["score"] < decide_from else ""
        )
        said = (
            f"Perhaps {row['central_name']} ({row['score']:.0%}: {row['why']}){others}. Accept it, or none."
        )
        found[row["article_number"]] = (row["central_ean"], said)
    return found


def _undecided(articles: pl.DataFrame, references: References) -> dict[str, list[str]]:
    """What of an article's optional references stands for nothing yet, by article."""
    found: dict[str, list[str]] = {}
    for field in _OPTIONAL:
        names = references.open.filter((pl.col("field") == field) & pl.col("written").is_not_null())[
            "written"
        ]
        told = articles.select("article_number", written=written_in(field)).filter(
            pl.col("written").is_in(names.implode())
        )
        for number, written in told.iter_rows():
            word = field.replace("_", " ")
            found.setdefault(number, []).append(
                f"Its {word} {written!r} is not mapped to the shop's table yet: choose one, or none."
            )
    return found


def _errors(findings: pl.DataFrame | None, send_despite: Collection[str]) -> dict[str, list[tuple[str, str]]]:
    """Check and message of each article's errors."""
    found: dict[str, list[tuple[str, str]]] = {}
    if findings is not None:
        left_out = [*_SAID_ANYWAY, *send_despite]
        grave = (pl.col("severity") == "error") | pl.col("check").is_in(_GRAVE_TOO)
        errors = findings.filter(grave & ~pl.col("check").is_in(left_out))
        for key, check, message in errors.select("key", "check", "message").iter_rows():
            found.setdefault(key, []).append((check, message))
    return found


def _unread(problems: pl.DataFrame | None) -> dict[str, list[tuple[str, str]]]:
    """Field and message of what could not be read, by article. Codes are judged by the checks."""
    found: dict[str, list[tuple[str, str]]] = {}
    if problems is not None:
        grave = problems.filter((pl.col("kind") == "unreadable") & ~pl.col("field").str.contains("ean"))
        for key, field, message in grave.drop_nulls("key").select("key", "field", "message").iter_rows():
            found.setdefault(key, []).append((field, message))
    return found


def _codes_of_others(articles: pl.DataFrame, matches: Matches, central: pl.DataFrame) -> set[str]:
    """Articles of which a person said that they are no central product, and whose EAN is one's: it is not theirs."""
    refused = articles.filter(pl.col("article_number").is_in(list(matches.refused)))
    gtins = central.select(gtin=gtin14(pl.col("ean"))).drop_nulls()["gtin"]
    return set(refused.filter(gtin14(pl.col("ean")).is_in(gtins.implode()))["article_number"])


def _spoilt(findings: pl.DataFrame | None) -> set[str]:
    """Articles whose EAN is none."""
    if findings is None:
        return set()
    return set(findings.filter(pl.col("check") == "invalid-ean")["key"])


def _codes(central: pl.DataFrame, ids: Collection[int]) -> dict[int, list[Body]]:
    """By product, what no other central product has: its EAN first, then suppliers' article codes. The shop is told by one
    of these which product is meant (guide, 3.5)."""
    eans = (
        central.select("product_id", "ean", gtin=gtin14(pl.col("ean")))
        .filter(pl.col("gtin").is_not_null())
        .filter(pl.col("product_id").n_unique().over("gtin") == 1)
    )
    articles = (
        central.select("product_id", "suppliers", is_package=pl.col("is_package").fill_null(False))
        .explode("suppliers", empty_as_null=True)
        .unnest("suppliers")
        .filter(pl.col("supplier_id").is_not_null() & (pl.col("article_code").fill_null("") != ""))
        .filter(pl.col("product_id").n_unique().over("supplier_id", "article_code", "is_package") == 1)
    )
    wanted = pl.col("product_id").is_in(list(ids))
    found: dict[int, list[Body]] = {}
    for product, ean, _ in eans.filter(wanted).iter_rows():
        found.setdefault(product, []).append({"EanCode": ean})
    for row in articles.filter(wanted).iter_rows(named=True):
        code = {
            "Id": row["supplier_id"],
            "ArticleCode": row["article_code"],
            "IsPackageProduct": row["is_package"],
        }
        found.setdefault(row["product_id"], []).append({"Supplier": code})
    return found


def _code(match: Mapping[str, Any], codes: Collection[Body]) -> Body | None:
    """The code that matched where it was a supplier's, else the first."""
    if match["stage"] == "supplier-code":
        for one in codes:
            supplier = one.get("Supplier", {})
            if (supplier.get("Id"), supplier.get("ArticleCode")) == (match["supplier_id"], match["code"]):
                return one
    return next(iter(codes), None)
