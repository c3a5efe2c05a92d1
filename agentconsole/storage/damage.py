"""A database that cannot be read, said in a sentence: what the driver raises means nothing to who runs a desk."""

import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager

import sqlalchemy as sa

from agentconsole.domain.errors import Refused

_HELD = frozenset((sqlite3.SQLITE_BUSY, sqlite3.SQLITE_LOCKED, sqlite3.SQLITE_PROTOCOL))
_WITHHELD = frozenset(
    (
        *(sqlite3.SQLITE_PERM, sqlite3.SQLITE_READONLY, sqlite3.SQLITE_CANTOPEN),
        *(sqlite3.SQLITE_IOERR, sqlite3.SQLITE_FULL, sqlite3.SQLITE_NOMEM),
    )
)


@contextmanager
def refusing_damage() -> Iterator[None]:
    """Refuse what a damaged file makes the driver, or a row with a value that no row has makes us, stumble over.

    Who goes back to a backup loses what came after it: only damage asks for that, neither a file that another program
    holds nor a machine that does not give it.
    """
    try:
        yield
    except (sa.exc.DatabaseError, sqlite3.DatabaseError) as error:
        if _is_about_the_link(getattr(error, "orig", None)):
            raise
        raise Refused(_sentence(getattr(error, "orig", None) or error)) from error
    except (ValueError, TypeError, KeyError, LookupError) as error:
        raise Refused(
            f"There is a value in the database that no desk has written ({type(error).__name__}): restore a backup."
        ) from error


def _is_about_the_link(error: object) -> bool:
    """Tell whether PostgreSQL was not reached, or is going: nothing is damaged, and who asked tries again."""
    state = getattr(error, "sqlstate", "")
    return state is None or state.startswith(("08", "57P"))


def _sentence(error: BaseException) -> str:
    said = str(error).partition("\n")[0]
    # The low byte is what happened, the next one says where.
    reason = getattr(error, "sqlite_errorcode", sqlite3.SQLITE_OK) & 0xFF
    if reason in _HELD:
        return (
            f"Another program holds the database ({said}): end it, or wait until it is done, and try again; "
            "the desk is as it was."
        )
    if reason in _WITHHELD:
        return (
            f"This machine does not give the desk its database ({said}): see to the disk, the room on it and the "
            "files' rights, and try again; if those are in order, restore a backup."
        )
    return f"The database cannot be read as it should ({said}): restore a backup."
