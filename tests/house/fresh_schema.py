"""The newest schema as statements: what the migrations come to. `python -m tests.house.fresh_schema` writes it anew."""

import sqlite3
import tempfile
from pathlib import Path

from agentconsole.storage.engine import create_private
from agentconsole.storage.upgrade import HEAD, SEPARATOR, migrate
from tests.house.source import PACKAGE

FRESH = PACKAGE / "storage" / "migrations" / "fresh.sql"
_SHADOWS = "search_doc_"


def migrated_statements(path: Path) -> list[str]:
    """Migrate an empty file and return the statements that would make the same one."""
    create_private(path)
    migrate(path)
    link = sqlite3.connect(path)
    rows = link.execute("SELECT name, sql FROM sqlite_master WHERE sql IS NOT NULL ORDER BY rowid").fetchall()
    link.close()
    made = [_plain(sql) for name, sql in rows if not name.startswith(_SHADOWS)]
    return [*made, f"INSERT INTO alembic_version (version_num) VALUES ('{HEAD}')"]


def _plain(sql: str) -> str:
    return "\n".join(line.expandtabs(4).rstrip() for line in sql.strip().splitlines())


def text_of(statements: list[str]) -> str:
    """Return the text of the file."""
    return SEPARATOR.join(statements) + "\n"


if __name__ == "__main__":
    with tempfile.TemporaryDirectory() as folder:
        FRESH.write_text(text_of(migrated_statements(Path(folder) / "desk.sqlite3")), "utf-8")
