"""Opening: migrations give exactly the tables, newer stores and bad addresses are refused in words."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
import sqlalchemy as sa
from alembic import command
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory

from checks.errors import StoreError
from checks.store import Store
from checks.store.engine import make_engine
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


#: What a program of the first schema left behind.
FIRST_ROWS = """
INSERT INTO runs (id, started_at, finished_at, heartbeat_at, mode, status, started_by, stop_requested)
VALUES ('r1', '2026-01-01 06:00:00.000000', '2026-01-01 06:01:00.000000', '2026-01-01 06:01:00.000000', 'full',
        'complete', 'Els', false);
INSERT INTO collected VALUES ('r1', 'webshop', 'products', 'ok', 3, 1, 0.5, NULL, '[]', '{}');
INSERT INTO check_results VALUES ('r1', 'webshop', 'missing-photo', 'failed', 1, 3, 0.1, NULL);
INSERT INTO findings VALUES ('f1', 'missing-photo', 'warning', 'webshop', 'product', 'A', NULL, NULL, 'No photo.', NULL,
        'new', '2026-01-01 06:01:00.000000', '2026-01-01 06:01:00.000000', NULL);
INSERT INTO finding_events (finding_id, at, event, detail, run_id)
VALUES ('f1', '2026-01-01 06:01:00.000000', 'new', 'No photo.', 'r1');
"""


def test_a_store_of_the_first_schema_keeps_what_it_has(url: str, tmp_path: Path) -> None:
    engine = make_engine(url)
    with engine.begin() as connection:
        config = migrations()
        config.attributes["connection"] = connection
        command.upgrade(config, "0001")
        for statement in FIRST_ROWS.split(";"):
            if statement.strip():
                connection.exec_driver_sql(statement)
    engine.dispose()
    with Store.open(url, tmp_path) as store:
        with store.engine.connect() as connection:
            assert compare_metadata(MigrationContext.configure(connection), metadata) == []
        assert store.findings()["status"].to_list() == ["new"]
        assert store.collected("r1").select("mode", "bytes", "carried_from").rows() == [("full", 0, None)]
        assert store.check_results("r1").select("accepted", "affected").rows() == [(0, None)]
        assert store.open_at("r1")["key"].to_list() == ["A"]
        assert store.accept("f1", "Fine.", "Els") == 1
