"""What a move leaves for the server that opens the desk next: only that has the key to seal an event."""

import json
import logging
import os
from dataclasses import asdict, dataclass
from datetime import datetime

from agentconsole.config.paths import DeskPaths
from agentconsole.storage.database import Database, SqliteFile
from agentconsole.storage.types import micros

log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class MoveNote:
    """Say from which kind of database to which a desk went, when (UTC, microseconds), and which Unix account did it."""

    source: str
    target: str
    at: int
    uid: int


def kind_of(database: Database) -> str:
    """Name a kind of database as `agentconsole database move` does."""
    return "sqlite" if isinstance(database, SqliteFile) else "postgresql"


def leave_note(paths: DeskPaths, source: Database, target: Database, at: datetime) -> None:
    """Write down, on the disk when this returns, that the desk goes over now; nobody is asked whether it has."""
    note = MoveNote(kind_of(source), kind_of(target), micros(at), os.geteuid())
    with os.fdopen(os.open(paths.moved, os.O_CREAT | os.O_TRUNC | os.O_WRONLY, 0o600), "w") as file:
        json.dump(asdict(note), file)
        file.flush()
        os.fsync(file.fileno())


def read_note(paths: DeskPaths, database: Database) -> MoveNote | None:
    """Return what a move left, None where there was none, or where it was ended before the desk had gone over."""
    try:
        note = MoveNote(**json.loads(paths.moved.read_text("ascii")))
    except FileNotFoundError:
        return None
    except (OSError, ValueError, TypeError) as error:
        log.warning("what a move of the desk left in %s cannot be read (%s): no event tells of it", paths.moved, error)
        return None
    return note if note.target == kind_of(database) else None


def take_note_away(paths: DeskPaths) -> None:
    """Forget a move that the event log tells of, or that never came to its end."""
    paths.moved.unlink(missing_ok=True)
