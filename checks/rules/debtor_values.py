"""What a debtor's codes and order days say: debtor-invalid-currency, debtor-invalid-country, debtor-invalid-language,
debtor-order-day-invalid."""

from __future__ import annotations

from collections.abc import Iterator
from functools import cache

import polars as pl

from checks.gtin import has_code
from checks.rules.check import ROW, Check, Context, Question, trimmed
from checks.rules.debtor_names import called

#: Languages as their speakers and their neighbours call them: the field is documented as a name, the sample has a code.
_CALLED = """
nederlands néerlandais niederländisch frans français francais französisch duits allemand deutsch
engels anglais englisch spaans espagnol español italiaans italien italiano italienisch
pools polonais polski polnisch deens danois dansk dänisch zweeds suédois svenska schwedisch
"""


@cache
def currencies() -> pl.Series:
    """The currencies of ISO 4217."""
    import pycountry  # reads its tables from disk, which only a run should pay

    return pl.Series([str(one.alpha_3) for one in pycountry.currencies], dtype=pl.String)


@cache
def countries() -> pl.DataFrame:
    """The countries of ISO 3166-1: `alpha_2`, `alpha_3`."""
    import pycountry

    codes = [(str(one.alpha_2), str(one.alpha_3)) for one in pycountry.countries]
    return pl.DataFrame(codes, schema={"alpha_2": pl.String, "alpha_3": pl.String}, orient="row")


@cache
def languages() -> pl.Series:
    """The languages of ISO 639 in small letters: codes of two and three letters, English names; and `_CALLED`."""
    import pycountry

    known = set(_CALLED.split())
    for one in pycountry.languages:
        for kind in ("alpha_2", "alpha_3", "bibliographic", "name"):
            text = getattr(one, kind, None)
            if text:
                known.add(str(text).lower())
    return pl.Series(sorted(known), dtype=pl.String)


def _invalid_currency(context: Context) -> Iterator[Question]:
    new, old = trimmed("currency"), trimmed("currency_old")
    yield Question(
        frame="debtors",
        field="currency",
        asked=has_code(pl.col("currency")),
        wrong=~new.is_in(pl.lit(currencies()).implode()),
        value=new,
        message=pl.format(
            "Currency {} of debtor {} is no ISO 4217 code.", new, called(context.frames["debtors"])
        ),
    )
    yield Question(
        frame="debtors",
        field="currency_old",
        asked=has_code(pl.col("currency")) & has_code(pl.col("currency_old")),
        wrong=new != old,
        value=old,
        message=pl.format(
            "Debtor {}: its currency is {}, and {} in the old field (CurrencyISOCode and Currency).",
            called(context.frames["debtors"]),
            new,
            old,
        ),
    )


DEBTOR_INVALID_CURRENCY = Check(
    id="debtor-invalid-currency",
    title="Debtor with an invalid currency",
    why="Invoices are made in the debtor's currency. With a code that no bank knows they cannot be paid or booked.",
    severity="error",
    entity="debtor",
    needs={"debtors": ("debtor_id", "currency", "currency_old")},
    needs_rows=("debtors",),
    fix=None,
    area="debtors",
    guide="EasyFlor API v1: Debtors (CurrencyISOCode, Currency)",
    advice="Choose the right currency in EasyFlor; its code has three capitals, like EUR.",
    system="easyflor",
    ask=_invalid_currency,
)


def _invalid_country(context: Context) -> Iterator[Question]:
    country, known = trimmed("country"), countries()
    meant = country.str.to_uppercase().replace_strict(
        pl.concat([known["alpha_2"], known["alpha_3"]]),
        pl.concat([known["alpha_3"], known["alpha_3"]]),
        default=None,
        return_dtype=pl.String,
    )
    yield Question(
        frame="debtors",
        field="country",
        asked=has_code(pl.col("country")),
        wrong=~country.is_in(pl.lit(known["alpha_3"]).implode()),
        value=country,
        message=pl.concat_str(
            pl.format(
                "Country {} of debtor {} is no three-letter code of ISO 3166.",
                country,
                called(context.frames["debtors"]),
            ),
            pl.when(meant.is_not_null()).then(pl.format(" {} would be right.", meant)).otherwise(pl.lit("")),
        ),
    )


DEBTOR_INVALID_COUNTRY = Check(
    id="debtor-invalid-country",
    title="Debtor with an invalid country",
    why="The country decides the VAT and the papers that go with the goods. With a code that does not exist both are wrong.",
    severity="error",
    entity="debtor",
    needs={"debtors": ("debtor_id", "country")},
    needs_rows=("debtors",),
    fix=None,
    area="debtors",
    guide="EasyFlor API v1: Debtors (Country)",
    advice="Choose the country in EasyFlor; its code has three letters, like BEL.",
    system="easyflor",
    ask=_invalid_country,
)


def _invalid_language(context: Context) -> Iterator[Question]:
    language = trimmed("language")
    yield Question(
        frame="debtors",
        field="language",
        asked=has_code(pl.col("language")),
        wrong=~language.str.to_lowercase().is_in(pl.lit(languages()).implode()),
        value=language,
        message=pl.format(
            "Language {} of debtor {} is no language of ISO 639.", language, called(context.frames["debtors"])
        ),
    )


DEBTOR_INVALID_LANGUAGE = Check(
    id="debtor-invalid-language",
    title="Debtor with an invalid language",
    why="Invoices and mails go out in the debtor's language. With one that is not known they go out in any.",
    severity="warning",
    entity="debtor",
    needs={"debtors": ("debtor_id", "language")},
    needs_rows=("debtors",),
    fix=None,
    area="debtors",
    guide="EasyFlor API v1: Debtors (Language)",
    advice="Choose the language in EasyFlor: nl, fr, de or another.",
    system="easyflor",
    ask=_invalid_language,
)


def _order_day_invalid(context: Context) -> Iterator[Question]:
    part = pl.col("order_days").struct
    day, until = part.field("day"), part.field("until")
    day_called = pl.coalesce(part.field("name"), part.field("id"), pl.lit("without a name"))
    no_day = ~day.is_between(0, 7)
    no_time = has_code(until) & part.field("clock").is_null()

    def search(rows: pl.LazyFrame) -> pl.LazyFrame:
        days = rows.select(ROW, "debtor_id", "code", "administration", "order_days").explode(
            "order_days", empty_as_null=True, keep_nulls=True
        )
        return days.filter(no_day | no_time).select(
            ROW,
            guilty=pl.when(no_day).then(day.cast(pl.String)).otherwise(until),
            said=pl.when(no_day)
            .then(
                pl.format(
                    "Order day {} of debtor {} has day {}; 0 to 7 are known.",
                    day_called,
                    called(context.frames["debtors"]),
                    day,
                )
            )
            .otherwise(
                pl.format(
                    "Order day {} of debtor {} ends at {}, which is no time like -01.15:30:00.",
                    day_called,
                    called(context.frames["debtors"]),
                    until,
                )
            ),
        )

    yield Question(
        frame="debtors",
        asked=pl.col("order_days").list.len() > 0,
        wrong=search,
        value=pl.col("guilty"),
        message=pl.col("said"),
    )


DEBTOR_ORDER_DAY_INVALID = Check(
    id="debtor-order-day-invalid",
    title="Order day that cannot be",
    why="Until when a debtor may order for a day is not known: orders come in too late, or are refused in time.",
    severity="warning",
    entity="debtor",
    needs={"debtors": ("debtor_id", "order_days")},
    needs_rows=("debtors",),
    fix=None,
    area="debtors",
    guide="EasyFlor API v1: Debtors (OrderDays), TimeSpan",
    advice="Put the day and its time right in EasyFlor.",
    system="easyflor",
    ask=_order_day_invalid,
)
