"""A database that is damaged, said in a sentence: what the driver raises means nothing to who runs a desk."""

import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager

import sqlalchemy as sa

from agentconsole.domain.errors import Refused


@contextmanager
def refusing_damage() -> Iterator[None]:
    """Refuse what a damaged file makes the driver, or a row with a value that no row has makes us, stumble over."""
    try:
        yield
    except (sa.exc.DatabaseError, sqlite3.DatabaseError) as error:
        if _is_about_the_link(getattr(error, "orig", None)):
            raise
        said = str(getattr(error, "orig", None) or error).partition("\n")[0]
        raise Refused(f"The database cannot be read as it should ({said}): restore a backup.") from error
    except (ValueError, TypeError, KeyError, LookupError) as error:
        raise Refused(
            f"There is a value in the database that no desk has written ({type(error).__name__}): restore a backup."
        ) from error


def _is_about_the_link(error: object) -> bool:
    """Tell whether PostgreSQL was not reached, or is going: nothing is damaged, and who asked tries again."""
    state = getattr(error, "sqlstate", "")
    return state is None or state.startswith(("08", "57P"))
