"""The migrations against the tables: one line of versions, and nothing that the one has and the other has not."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa
from alembic.autogenerate import compare_metadata
from alembic.config import Config
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory

from agentconsole.storage.engine import create_private
from agentconsole.storage.tables.all import metadata
from agentconsole.storage.upgrade import HEAD, migrate
from tests.house.fresh_schema import FRESH, migrated_statements, text_of
from tests.house.source import PACKAGE, classes, python_files

TABLES = PACKAGE / "storage" / "tables"
SEARCH = "search_doc"
"""The search index is virtual: only its migration knows it, and it keeps shadow tables beside it."""


@pytest.fixture(name="migrated")
def _migrated(tmp_path: Path) -> Iterator[sa.Connection]:
    path = tmp_path / "desk.sqlite3"
    create_private(path)
    migrate(path)
    engine = sa.create_engine(f"sqlite:///{path}")
    with engine.connect() as connection:
        yield connection
    engine.dispose()


def test_a_new_desk_is_made_by_the_statements_that_the_migrations_come_to(tmp_path: Path) -> None:
    statements = migrated_statements(tmp_path / "desk.sqlite3")

    assert FRESH.read_text("utf-8") == text_of(statements), "python -m tests.house.fresh_schema writes it anew"


def test_a_migrated_desk_is_what_the_tables_say(migrated: sa.Connection) -> None:
    assert _differences(migrated) == []


def test_a_table_without_a_migration_is_noticed(migrated: sa.Connection) -> None:
    migrated.execute(sa.text("ALTER TABLE draft RENAME TO sketch"))

    said = " ".join(str(difference) for difference in _differences(migrated))

    assert "add_table" in said
    assert "remove_table" in said


def test_the_constraints_have_the_same_names_in_the_tables_and_the_desk(migrated: sa.Connection) -> None:
    inspector = sa.inspect(migrated)

    theirs = {str(check["name"]) for name in metadata.tables for check in inspector.get_check_constraints(name)}
    ours = {
        str(constraint.name)
        for table in metadata.tables.values()
        for constraint in table.constraints
        if isinstance(constraint, sa.CheckConstraint)
    }

    assert theirs == ours


def test_there_is_one_newest_version_and_the_program_knows_it() -> None:
    heads = _versions().get_heads()

    assert list(heads) == [HEAD]


def test_versions_follow_each_other_without_a_gap() -> None:
    numbers = sorted(revision.revision for revision in _versions().walk_revisions())

    assert numbers == [f"{number:04}" for number in range(1, len(numbers) + 1)]


def test_every_table_has_a_file_of_its_own() -> None:
    by_file = {path.stem: [node.name for node in classes(path) if _is_table(node)] for path in python_files(TABLES)}
    tables = {name: found for name, found in by_file.items() if name not in {"__init__", "all", "base"}}

    assert all(len(found) == 1 for found in tables.values()), tables
    assert {name for found in tables.values() for name in found} == {
        mapper.class_.__name__ for mapper in _mapped() if mapper.local_table is not None
    }


def _mapped() -> list[Any]:
    from sqlmodel import SQLModel

    return list(SQLModel._sa_registry.mappers)


def _is_table(node: Any) -> bool:
    return any(keyword.arg == "table" for keyword in node.keywords)


def _versions() -> ScriptDirectory:
    config = Config()
    config.set_main_option("script_location", str(PACKAGE / "storage" / "migrations"))
    return ScriptDirectory.from_config(config)


def _differences(connection: sa.Connection) -> list[Any]:
    def ours(name: str | None, kind: str, _: object) -> bool:
        return not (kind == "table" and (name or "").startswith(SEARCH))

    options = {"compare_type": True, "compare_server_default": True, "include_name": ours}
    found: list[Any] = compare_metadata(MigrationContext.configure(connection, opts=options), metadata)
    return found
