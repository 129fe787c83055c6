"""The `[[sources]]` of the settings: one model a system, told apart by `system`.

What no source of the facts states (a path, a field, the way to sign in) is a setting here, with its likeliest value.
"""

from __future__ import annotations

import os
from datetime import time
from typing import Annotated, Literal
from urllib.parse import urlsplit

import keyring
import keyring.errors
from pydantic import BaseModel, ConfigDict, Field, SecretStr, field_validator, model_validator

from checks.errors import SettingsError


class Section(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class ErrorLogFields(Section):
    """Their names for our fields of an ErrorLogs row; no source states them (oresto-assumptions, ErrorLog row)."""

    log_id: str = "Id"
    at_utc: str = "DateUtc"
    at: str = "Date"
    method: str = "HttpMethod"
    url: str = "Url"
    status_code: str = "StatusCode"
    message: str = "Message"
    exception: str = "Exception"
    errors: str = "Errors"
    model_errors: str = "ModelStateErrors"
    body: str = "RequestBody"


class OrestoFields(Section):
    error_log: ErrorLogFields = ErrorLogFields()


class Source(Section):
    """What every source has, whatever its system."""

    system: str
    name: str = Field(pattern=r"^[A-Za-z0-9][A-Za-z0-9_.-]{0,59}$")
    base_url: str
    login: str
    password: SecretStr | None = None
    password_env: str | None = None
    password_keyring: str | None = Field(None, pattern=r"^[^/]+/.+$")
    page_size: int = Field(1000, ge=1, le=100_000)
    first_page: Literal[0, 1] = 1
    max_connections: int = Field(8, ge=1, le=64)
    timeout_seconds: float = Field(30, gt=0)
    read_only: bool = False
    full_every_days: float = Field(7, gt=0)  # a run reads everything at least so often
    requests_per_second: float | None = Field(None, gt=0)  # None: as fast as the server answers

    @field_validator("base_url")
    @classmethod
    def _is_http(cls, url: str) -> str:
        parts = urlsplit(url)
        if parts.scheme not in ("http", "https") or not parts.hostname:
            raise ValueError("must be an address like https://api-test.example.be/api")
        if parts.username or parts.password:
            raise ValueError("must not hold a login or password: use login and password_env")
        return url.rstrip("/")

    @model_validator(mode="after")
    def _one_password(self) -> Source:
        ways = [self.password is not None, self.password_env is not None, self.password_keyring is not None]
        if sum(ways) != 1:
            raise ValueError(
                'needs exactly one of password_env, password_keyring ("service/user") or password'
            )
        return self

    def secret(self) -> str:
        """The password itself. Raises SettingsError, naming the variable or keyring entry that is empty."""
        if self.password is not None:
            return self.password.get_secret_value()
        if self.password_env is not None:
            value = os.environ.get(self.password_env)
            if not value:
                raise SettingsError(
                    f"source {self.name}: the environment variable {self.password_env} is not set. "
                    "Set it to the password of the API login, or use password_keyring."
                )
            return value
        service, _, user = str(self.password_keyring).partition("/")
        try:
            found = keyring.get_password(service, user)
        except keyring.errors.KeyringError as error:
            raise SettingsError(
                f"source {self.name}: no usable keyring on this machine ({type(error).__name__}). Use password_env."
            ) from None
        if not found:
            raise SettingsError(
                f"source {self.name}: the keyring has no password for {self.password_keyring}. "
                f"Store it with: keyring set {service} {user}"
            )
        return found


class OrestoSource(Source):
    """One wholesaler's Oresto web shop."""

    system: Literal["oresto"]
    delete_linked_path: str = "Products"
    orders_path: str = "Clients/GetClientOrders"
    orders_days: int = Field(30, ge=1)  # of processed orders; turnover is counted over these days
    per_client_requests: int = Field(
        25, ge=1
    )  # a nightly run's most for lists that are asked client by client
    fields: OrestoFields = OrestoFields()


class MatchSettings(Section):
    """How an article of a supplier is known to be one of the shop's, besides by its GTIN.

    Attributes:
        gtin: by GTIN-14 of the piece or of what it is packed in.
        article_number: the catalogue's column that holds our article number; None: none does.
        supplier_id: the supplier's id in the shop's lookup table: its article codes are then compared.
    """

    gtin: bool = True
    article_number: Literal["match_code", "article_code"] | None = None
    supplier_id: int | None = None


class SupplierSource(Source):
    """A supplier's catalogue: read, never written."""

    read_only: Literal[True] = True
    match: MatchSettings = MatchSettings()
    image_hosts: list[str] = []  # hosts that pictures may come from, besides that of base_url

    @field_validator("image_hosts")
    @classmethod
    def _only_hosts(cls, hosts: list[str]) -> list[str]:
        for host in hosts:
            if "/" in host or not host.strip():
                raise ValueError(f"{host!r} is no host; expected images.example.be")
        return [host.strip().lower() for host in hosts]


class KruitboschSource(SupplierSource):
    """Kruitbosch's web service (ServiceStack)."""

    system: Literal["kruitbosch"]
    include_inactive: bool = True  # IncludeInActive: what is inactive must be seen to be told
    bulk_reply: bool = False  # ask by POST /json/reply/Products instead of GET /Products
    image_url: str | None = None  # "https://images.example.be/{image}" where Image is only a file name

    @field_validator("image_url")
    @classmethod
    def _has_a_place_for_the_image(cls, url: str | None) -> str | None:
        if url is not None and (
            "{image}" not in url or urlsplit(url.replace("{image}", "x")).scheme not in ("http", "https")
        ):
            raise ValueError(
                'must be an address with a place for the name, like "https://example.be/{image}"'
            )
        return url


class IbSource(SupplierSource):
    """IB's bulk articles, of one or more suppliers (`companies`)."""

    system: Literal["ib"]
    page_size: int = Field(100, ge=1, le=100)
    companies: list[Annotated[str, Field(pattern=r"^[\w_]+$")]] = Field(min_length=1)
    moderation: Literal["both", "moderated", "unmoderated"] = "both"
    authentication: Literal["basic", "bearer"] = (
        "basic"  # the facts name no scheme; bearer: the password is the token
    )
    match: MatchSettings = MatchSettings(article_number="match_code")

    @field_validator("companies")
    @classmethod
    def _each_once(cls, companies: list[str]) -> list[str]:
        if len(set(companies)) != len(companies):
            raise ValueError("a company stands there twice")
        return companies


class EasyFlorSource(Source):
    """EasyFlor, the ERP: read, never written. `limited`: frames that are collected in its opening hours only."""

    system: Literal["easyflor"]
    read_only: Literal[True] = True
    database: str = Field(min_length=1)
    authentication: Literal["token", "cookie"] = "token"
    closed_from_utc: time = time(5)
    closed_until_utc: time = time(18)
    limited: list[Literal["debtors"]] = []  # debtors are not named among the limited collections
    client_number: Literal["code", "debtor_id"] = "code"  # which of them is the shop's client number


#: A `[[sources]]` table of any system.
AnySource = Annotated[
    OrestoSource | KruitboschSource | IbSource | EasyFlorSource, Field(discriminator="system")
]
