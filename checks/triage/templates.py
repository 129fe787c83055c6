"""The wordings of validation errors: which rule was broken, by which field, in English, Dutch or French.

ASP.NET's own messages (dotnet/runtime and dotnet/aspnetcore, MIT) and those of FluentValidation (Apache-2.0), with the
names they have there; the shop's own wordings under names of ours. `{f}` is the field, `{}` any value.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cached_property

import polars as pl

# The name of a field for code (`Lines[3].Price`) or for people (`Numéro d'article`): its words begin with no digit and hold
# no number, for else it is a value, and each value would be a problem of its own.
_WORD = r"""[^ 0-9'"][^ 0-9"]*(?:(?:\[[0-9]+\]|[0-9]{1,2})[^ 0-9"]+)*(?:\[[0-9]+\]|[0-9]{1,2})?"""
_FIELD = rf"{_WORD}(?: {_WORD})*?"


@dataclass(frozen=True)
class Template:
    """One wording of a rule. The same rule has one in each language."""

    rule: str
    text: str

    @cached_property
    def parts(self) -> list[str]:
        return re.split(r"(\{f?\})", self.text)

    @cached_property
    def needle(self) -> str:
        """The longest piece that every message of this wording holds."""
        return max((part.strip() for part in self.parts if part not in ("{f}", "{}")), key=len)

    @cached_property
    def pattern(self) -> str:
        """For Polars and Python alike; the group is the field, or empty."""
        as_regex = {"{f}": f"({_FIELD})", "{}": ".*"}
        made = "".join(as_regex.get(part) or re.escape(part) for part in self.parts)
        # white space is squeezed: an empty value leaves one space where there were two, and none at the end
        made = made.replace(r"\ .*\ ", r"\ (?:.*\ )?")
        made = re.sub(r"(\\ )\.\*$", r"\1?.*", made)
        return f"(?s)^{made}$" if "{f}" in self.parts else f"(?s)^()(?:{made})$"

    @property
    def fixed(self) -> int:
        """How much of it is fixed: of two that fit, the one with more says more."""
        return sum(len(part) for part in self.parts if part not in ("{f}", "{}"))


#: As ASP.NET and FluentValidation print them.
_THEIRS = (
    ("RequiredAttribute", "The {f} field is required."),
    ("StringLengthAttribute", "The field {f} must be a string with a maximum length of {}."),
    (
        "StringLengthAttribute_min",
        "The field {f} must be a string with a minimum length of {} and a maximum length of {}.",
    ),
    ("MaxLengthAttribute", "The field {f} must be a string or array type with a maximum length of '{}'."),
    ("MinLengthAttribute", "The field {f} must be a string or array type with a minimum length of '{}'."),
    ("RangeAttribute", "The field {f} must be between {} and {}."),
    ("RangeAttribute_MinExclusive", "The field {f} must be between {} exclusive and {}."),
    ("RegexAttribute", "The field {f} must match the regular expression '{}'."),
    ("UrlAttribute", "The {f} field is not a valid fully-qualified http, https, or ftp URL."),
    ("FileExtensionsAttribute", "The {f} field only accepts files with the following extensions: {}"),
    ("EmailAddressAttribute", "The {f} field is not a valid e-mail address."),
    ("PhoneAttribute", "The {f} field is not a valid phone number."),
    ("CompareAttribute", "'{f}' and '{}' do not match."),
    ("ValidationAttribute", "The field {f} is invalid."),
    ("CustomValidationAttribute", "{f} is not valid."),
    (
        "ModelBinding_MissingBindRequiredMember",
        "A value for the '{f}' parameter or property was not provided.",
    ),
    ("ModelBinding_MissingRequestBodyRequiredMember", "A non-empty request body is required."),
    ("ModelState_AttemptedValueIsInvalid", "The value '{}' is not valid for {f}."),
    ("ModelState_NonPropertyAttemptedValueIsInvalid", "The value '{}' is not valid."),
    ("ModelState_UnknownValueIsInvalid", "The supplied value is invalid for {f}."),
    ("HtmlGeneration_ValueIsInvalid", "The value '{}' is invalid."),
    ("HtmlGeneration_ValueMustBeNumber", "The field {f} must be a number."),
    ("KeyValuePair_BothKeyAndValueMustBePresent", "A value is required."),
    ("ValidationProblemDescription_Title", "One or more validation errors occurred."),
    ("ApiConventions_Title_400", "Bad Request"),
    ("ApiConventions_Title_401", "Unauthorized"),
    ("ApiConventions_Title_403", "Forbidden"),
    ("ApiConventions_Title_404", "Not Found"),
    ("ApiConventions_Title_406", "Not Acceptable"),
    ("ApiConventions_Title_409", "Conflict"),
    ("ApiConventions_Title_415", "Unsupported Media Type"),
    ("ApiConventions_Title_422", "Unprocessable Entity"),
    ("ApiConventions_Title_500", "An error occurred while processing your request."),
    ("UnexpectedJsonEnd", "Unexcepted end when reading JSON."),
    ("FailedToReadRequestForm", "Failed to read the request form. {}"),
    ("EmailValidator", "'{f}' is geen geldig email adres."),
    ("EqualValidator", "'{f}' moet gelijk zijn aan '{}'."),
    ("GreaterThanOrEqualValidator", "'{f}' moet meer dan of gelijk zijn aan '{}'."),
    ("GreaterThanValidator", "'{f}' moet groter zijn dan '{}'."),
    (
        "LengthValidator",
        "De lengte van '{f}' moet tussen {} en {} karakters zijn. Er zijn {} karakters ingevoerd.",
    ),
    ("LessThanOrEqualValidator", "'{f}' moet minder dan of gelijk zijn aan '{}'."),
    ("LessThanValidator", "'{f}' moet minder zijn dan '{}'."),
    ("NotEmptyValidator", "'{f}' mag niet leeg zijn."),
    ("NotEqualValidator", "'{f}' moet anders zijn dan '{}'."),
    ("PredicateValidator", "'{f}' voldoet niet aan de vereisten."),
    ("RegularExpressionValidator", "'{f}' voldoet niet aan het verwachte formaat."),
    ("ExactLengthValidator", "De lengte van '{f}' moet {} karakters zijn. Er zijn {} karakters ingevoerd."),
    ("EnumValidator", "'{}' komt niet voor in het bereik van '{f}'."),
    ("EmptyValidator", "'{f}' hoort leeg te zijn."),
    ("ExclusiveBetweenValidator", "'{f}' moet na {} komen en voor {} liggen. Je hebt ingevuld {}."),
    ("InclusiveBetweenValidator", "'{f}' moet tussen {} en {} liggen. Je hebt ingevuld {}."),
    ("NullValidator", "'{f}' moet leeg zijn."),
    (
        "ScalePrecisionValidator",
        "'{f}' mag in totaal niet meer dan {} decimalen nauwkeurig zijn, met een grote van {} gehele getallen. Er zijn {} decimalen en een grote van {} gehele getallen gevonden.",
    ),
    ("EmailValidator", "'{f}' n'est pas une adresse email valide."),
    ("GreaterThanOrEqualValidator", "'{f}' doit être plus grand ou égal à '{}'."),
    ("GreaterThanValidator", "'{f}' doit être plus grand que '{}'."),
    ("LengthValidator", "'{f}' doit contenir entre {} et {} caractères. {} caractères ont été saisis."),
    ("LessThanOrEqualValidator", "'{f}' doit être plus petit ou égal à '{}'."),
    ("LessThanValidator", "'{f}' doit être plus petit que '{}'."),
    ("NotEmptyValidator", "'{f}' ne doit pas être vide."),
    ("NotEqualValidator", "'{f}' ne doit pas être égal à '{}'."),
    ("NotNullValidator", "'{f}' ne doit pas avoir la valeur null."),
    ("PredicateValidator", "'{f}' ne respecte pas la condition fixée."),
    ("RegularExpressionValidator", "'{f}' n'a pas le bon format."),
    ("EqualValidator", "'{f}' doit être égal à '{}'."),
    (
        "ExactLengthValidator",
        "'{f}' doit être d'une longueur de {} caractères. {} caractères ont été saisis.",
    ),
    ("ExclusiveBetweenValidator", "'{f}' doit être entre {} et {} (exclusif). Vous avez saisi {}."),
    ("InclusiveBetweenValidator", "'{f}' doit être entre {} et {}. Vous avez saisi {}."),
)
_FLUENT_ENGLISH = (
    ("EmailValidator", "'{f}' is not a valid email address."),
    ("EqualValidator", "'{f}' must be equal to '{}'."),
    ("GreaterThanOrEqualValidator", "'{f}' must be greater than or equal to '{}'."),
    ("GreaterThanValidator", "'{f}' must be greater than '{}'."),
    ("LengthValidator", "'{f}' must be between {} and {} characters. You entered {} characters."),
    (
        "MinimumLengthValidator",
        "The length of '{f}' must be at least {} characters. You entered {} characters.",
    ),
    (
        "MaximumLengthValidator",
        "The length of '{f}' must be {} characters or fewer. You entered {} characters.",
    ),
    ("LessThanOrEqualValidator", "'{f}' must be less than or equal to '{}'."),
    ("LessThanValidator", "'{f}' must be less than '{}'."),
    ("NotEmptyValidator", "'{f}' must not be empty."),
    ("NotEqualValidator", "'{f}' must not be equal to '{}'."),
    ("NotNullValidator", "'{f}' must not be null."),
    ("NotNullValidator", "'{f}' mag niet null zijn."),
    ("PredicateValidator", "The specified condition was not met for '{f}'."),
    ("RegularExpressionValidator", "'{f}' is not in the correct format."),
    ("ExactLengthValidator", "'{f}' must be {} characters in length. You entered {} characters."),
    ("EnumValidator", "'{f}' has a range of values which does not include '{}'."),
    ("InclusiveBetweenValidator", "'{f}' must be between {} and {}. You entered {}."),
    ("ExclusiveBetweenValidator", "'{f}' must be between {} and {} (exclusive). You entered {}."),
    ("EmptyValidator", "'{f}' must be empty."),
    ("NullValidator", "'{f}' must be null."),
    ("ModelBinding_MissingRequestBodyRequiredMember", "Request body cannot be null"),
)
_SHOP = (
    ("unknown-reference", "{f} with id {} does not exist."),
    ("unknown-reference", "{f} with number {} does not exist."),
    ("unknown-reference", "{f} with {} {} does not exist."),
    ("unknown-reference", "{f} met id {} bestaat niet."),
    ("unknown-reference", "{f} met nummer {} bestaat niet."),
    ("unknown-reference", "{f} avec id {} n'existe pas."),
    ("unknown-reference", "{f} avec l'id {} n'existe pas."),
    ("unknown-reference", "{f} avec le numéro {} n'existe pas."),
    ("duplicate-article", "Product with WholesalerArticleNumber {} already exists."),
    ("duplicate-article", "Product met WholesalerArticleNumber {} bestaat al."),
    ("duplicate-article", "Product met artikelnummer {} bestaat al."),
    ("duplicate-article", "Le produit avec WholesalerArticleNumber {} existe déjà."),
    ("duplicate-article", "Le produit avec le numéro d'article {} existe déjà."),
    ("invalid-ean", "The field {f} must be a valid EAN code."),
    ("invalid-ean", "{f} is geen geldige EAN-code."),
    ("invalid-ean", "{f} n'est pas un code EAN valide."),
    ("forbidden-character", "The field {f} contains a forbidden character."),
    ("forbidden-character", "The field {f} contains forbidden characters: {}"),
    ("forbidden-character", "{f} bevat een verboden teken."),
    ("forbidden-character", "{f} contient un caractère interdit."),
    ("not-an-end-node", "Category {} is not an end node."),
    ("not-an-end-node", "The category {} has subcategories."),
    ("not-an-end-node", "Category with id {} has subcategories: only an end node may hold products."),
    ("not-an-end-node", "Categorie {} is geen eindnode."),
    ("not-an-end-node", "La catégorie {} n'est pas un nœud final."),
)

TEMPLATES: tuple[Template, ...] = tuple(
    sorted(
        (Template(rule, text) for rule, text in (*_THEIRS, *_FLUENT_ENGLISH, *_SHOP)),
        key=lambda one: (-one.fixed, one.text),
    )
)


def recognised(texts: pl.Series) -> pl.DataFrame:
    """Which rule each text tells of, and the field it names. Columns text, rule, named; only those that are recognised.

    Args:
        texts: each once.

    One pass finds the pieces that some wording must hold; a wording is tried only on the texts that hold its own.
    """
    needles = sorted({one.needle for one in TEMPLATES})
    said = texts.alias("text").drop_nulls().to_frame().with_row_index("row")
    straight = (
        pl.col("text").str.replace_all("’", "'", literal=True).str.replace_all(r"\s+", " ").str.strip_chars()
    )
    held = said.select("row", text=straight).with_columns(
        needle=pl.col("text").str.extract_many(needles, overlapping=True)
    )
    held = held.explode("needle").drop_nulls("needle").unique(["row", "needle"])
    by_needle = {str(needle): part for (needle,), part in held.group_by("needle")}
    found = []
    for place, one in enumerate(TEMPLATES):
        candidates = by_needle.get(one.needle)
        if candidates is None:
            continue
        named = pl.col("text").str.extract(one.pattern, 1)
        fitting = candidates.select("row", place=pl.lit(place), rule=pl.lit(one.rule), named=named)
        found.append(fitting.drop_nulls("named"))
    if not found:
        return pl.DataFrame(schema={"text": pl.String, "rule": pl.String, "named": pl.String})
    best = pl.concat(found).sort("row", "place").unique("row", keep="first", maintain_order=True)
    field = pl.col("named").str.strip_chars(" '")
    best = best.with_columns(named=pl.when(field != "").then(field))
    return said.join(best, on="row", how="inner", maintain_order="left").select("text", "rule", "named")
