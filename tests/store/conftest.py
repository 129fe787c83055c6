"""A fresh store on each database: SQLite always, PostgreSQL where there is a server (in CI there must be one)."""

from __future__ import annotations

import os
import uuid
from collections.abc import Iterator
from pathlib import Path

import pytest
import sqlalchemy as sa

from checks.store import Store

_LOCAL_POSTGRES = "postgresql://root@127.0.0.1:5432/test"


def _postgres() -> sa.URL:
    url = sa.make_url(os.environ.get("KEURMEESTER_TEST_POSTGRES", _LOCAL_POSTGRES))
    return url.set(drivername="postgresql+psycopg")


@pytest.fixture(params=["sqlite", "postgresql"])
def url(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[str]:
    """The URL of an empty database; on PostgreSQL a schema of its own, dropped afterwards."""
    if request.param == "sqlite":
        yield f"sqlite:///{tmp_path / 'keurmeester.db'}"
        return
    server = sa.create_engine(_postgres(), connect_args={"connect_timeout": 3})
    schema = f"keurmeester_{uuid.uuid4().hex}"
    try:
        with server.begin() as connection:
            connection.execute(sa.schema.CreateSchema(schema))
    except sa.exc.OperationalError:
        if os.environ.get("CI"):
            raise
        pytest.skip("no PostgreSQL server; name one in $KEURMEESTER_TEST_POSTGRES")
    try:
        yield _postgres().update_query_dict({"options": f"-csearch_path={schema}"}).render_as_string(False)
    finally:
        with server.begin() as connection:
            connection.execute(sa.schema.DropSchema(schema, cascade=True))
        server.dispose()


@pytest.fixture
def store(url: str, tmp_path: Path) -> Iterator[Store]:
    with Store.open(url, tmp_path / "snapshots") as opened:
        yield opened
