"""A fresh store on each database: SQLite always, PostgreSQL where there is a server (in CI there must be one)."""

from __future__ import annotations

import os
import uuid
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from pathlib import Path

import polars as pl
import pytest
import sqlalchemy as sa

from checks.findings import FOUND, CheckResult
from checks.store import Store

_LOCAL_POSTGRES = "postgresql://root@127.0.0.1:5432/test"

Found = Callable[..., pl.DataFrame]
Run = Callable[..., str]


def _postgres() -> sa.URL:
    url = sa.make_url(os.environ.get("KEURMEESTER_TEST_POSTGRES", _LOCAL_POSTGRES))
    return url.set(drivername="postgresql+psycopg")


@pytest.fixture(scope="session")
def postgres() -> Iterator[sa.Engine]:
    """The server; without one the test is skipped, save in CI."""
    server = sa.create_engine(_postgres(), connect_args={"connect_timeout": 3})
    try:
        server.connect().close()
    except sa.exc.OperationalError as error:
        server.dispose()
        if os.environ.get("CI"):
            raise
        pytest.skip(
            f"no PostgreSQL server; name one in $KEURMEESTER_TEST_POSTGRES ({str(error.orig).splitlines()[0]})"
        )
    yield server
    server.dispose()


@pytest.fixture(params=["sqlite", "postgresql"])
def url(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[str]:
    """The URL of an empty database; on PostgreSQL a schema of its own, dropped afterwards."""
    if request.param == "sqlite":
        yield f"sqlite:///{tmp_path / 'keurmeester.db'}"
        return
    server: sa.Engine = request.getfixturevalue("postgres")
    schema = f"keurmeester_{uuid.uuid4().hex}"
    with server.begin() as connection:
        connection.execute(sa.schema.CreateSchema(schema))
    try:
        yield _postgres().update_query_dict({"options": f"-csearch_path={schema}"}).render_as_string(False)
    finally:
        with server.begin() as connection:
            connection.execute(sa.schema.DropSchema(schema, cascade=True))


@pytest.fixture
def store(url: str, tmp_path: Path) -> Iterator[Store]:
    with Store.open(url, tmp_path / "snapshots") as opened:
        yield opened


@pytest.fixture
def now() -> datetime:
    """The morning of the first run."""
    return datetime(2026, 11, 20, 6, tzinfo=UTC)


@pytest.fixture
def found() -> Found:
    """`found("A", "B", value="x")`: one missing photo a key, as the rules give them."""

    def make(*keys: str, value: str = "x") -> pl.DataFrame:
        rows = [
            ("missing-photo", "warning", "webshop", "product", key, None, value, f"{key} has no photo.", None)
            for key in keys
        ]
        return pl.DataFrame(rows, schema=FOUND, orient="row")

    return make


@pytest.fixture
def run(store: Store, found: Found, now: datetime) -> Run:
    """`run("A", "B", now=...)`: a whole run that found these keys without a photo; gives its id."""

    def make(*keys: str, now: datetime = now, status: str = "failed") -> str:
        result = CheckResult("missing-photo", "webshop", status, len(keys), seconds=0.5, entities=9)  # type: ignore[arg-type]
        run_id = store.begin_run("full", "test")
        store.finish_run(run_id, "complete", "full", None, [], [result], found(*keys), now)
        return run_id

    return make
