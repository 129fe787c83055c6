"""Opening: migrations give exactly the tables, newer stores and bad addresses are refused in words."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
import sqlalchemy as sa
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory

from checks.errors import StoreError
from checks.store import Store
from checks.store.tables import metadata
from checks.store.upgrade import HEAD, migrations


def test_the_migrations_give_exactly_the_tables(store: Store) -> None:
    with store.engine.connect() as connection:
        assert compare_metadata(MigrationContext.configure(connection), metadata) == []


def test_the_newest_migration_is_the_one_the_program_knows() -> None:
    assert ScriptDirectory.from_config(migrations()).get_current_head() == HEAD


def test_several_may_open_a_new_store_at_once(url: str, tmp_path: Path) -> None:
    with ThreadPoolExecutor(4) as pool:
        stores = list(pool.map(lambda _: Store.open(url, tmp_path), range(4)))
    assert [store.active_run() for store in stores] == [None] * 4
    for store in stores:
        store.close()


def test_a_store_of_a_newer_program_is_refused(store: Store, url: str, tmp_path: Path) -> None:
    with store.engine.begin() as connection:
        connection.execute(sa.text("UPDATE alembic_version SET version_num = '9999'"))
    with pytest.raises(StoreError, match="newer Keurmeester"):
        Store.open(url, tmp_path)
