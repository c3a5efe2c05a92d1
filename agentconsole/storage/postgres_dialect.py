"""PostgreSQL as the desk speaks it: whole numbers of 64 bits, JSON as text, values by position, errors without data."""

from typing import Any, Self

import psycopg
import sqlalchemy as sa
from psycopg.abc import Buffer
from psycopg.adapt import AdaptersMap, Loader
from psycopg.types.string import StrDumperUnknown, TextLoader
from sqlalchemy.dialects import registry
from sqlalchemy.dialects.postgresql.base import PGDDLCompiler, PGTypeCompiler
from sqlalchemy.dialects.postgresql.psycopg import PGDialect_psycopg

from agentconsole.domain.text import storable

URL = "postgresql+agentconsole://"


class _Types(PGTypeCompiler):
    """Give every whole number 64 bits, as in SQLite: an IMAP number alone can be larger than 31 bits hold."""

    def visit_INTEGER(self, type_: Any, **_: Any) -> str:  # noqa: N802 - the name that SQLAlchemy calls
        return "BIGINT"


class _Tables(PGDDLCompiler):
    """Give counted keys 64 bits too."""

    def get_column_specification(self, column: Any, **more: Any) -> str:
        written: str = super().get_column_specification(column, **more)  # type: ignore[no-untyped-call]
        return written.replace(" SERIAL", " BIGSERIAL", 1)


class DeskDialect(PGDialect_psycopg):
    """Compile statements that `storage.prepared` can keep: by position, and with the values that SQLite gets too."""

    supports_statement_cache = True
    supports_native_json_serialization = False
    supports_native_json_deserialization = False
    dialect_injects_custom_json_deserializer = False
    ddl_compiler = _Tables
    type_compiler_cls = _Types
    colspecs = {**PGDialect_psycopg.colspecs, sa.JSON: sa.JSON}  # noqa: RUF012 - SQLAlchemy's own way


class _Text(StrDumperUnknown):
    """Write text without U+0000, which PostgreSQL cannot hold and customers can send."""

    def dump(self, obj: str) -> Any:
        return super().dump(storable(obj))


class _Whole(Loader):
    """Read a numeric as the whole number it is: PostgreSQL adds up whole numbers to one."""

    def load(self, data: Buffer) -> int:
        return int(bytes(data))


class QuietCursor(psycopg.Cursor[Any]):
    """Tell what failed without the row it failed for: the log must not show what a customer wrote (PROMISES 21)."""

    def execute(self, *args: Any, **more: Any) -> Self:
        """Run a statement."""
        try:
            return super().execute(*args, **more)
        except psycopg.Error as error:
            _hush(error)
            raise

    def executemany(self, *args: Any, **more: Any) -> None:
        """Run a statement for many rows."""
        try:
            super().executemany(*args, **more)
        except psycopg.Error as error:
            _hush(error)
            raise


def _hush(error: psycopg.Error) -> None:
    if error.diag.message_primary:
        error.args = (error.diag.message_primary,)


def adapters() -> AdaptersMap:
    """Return how values go to the driver and come back: JSON as the text it is, text without U+0000."""
    own = AdaptersMap(psycopg.adapters)
    own.register_dumper(str, _Text)
    own.register_loader("json", TextLoader)
    own.register_loader("numeric", _Whole)
    return own


registry.register("postgresql.agentconsole", __name__, DeskDialect.__name__)
