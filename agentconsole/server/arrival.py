"""The desk's arrival in another database, told to the event log by the first server that opens it there."""

from agentconsole.server.desk import OpenDesk
from agentconsole.storage.events import canonical
from agentconsole.storage.moving_note import MoveNote, read_note, take_note_away
from agentconsole.storage.transaction import Actor, Tx
from agentconsole.storage.types import instant

MOVED = "desk.moved"
_KNOWN = "SELECT seq FROM event WHERE kind = :kind AND body = :body"


def record_move(desk: OpenDesk) -> None:
    """Record the move that brought the desk to where it is, once; it is the host's account that did it."""
    note = read_note(desk.paths, desk.database)
    if note is not None:
        actor = Actor(login=f"uid {note.uid}", peer=note.uid)
        # Also where the clock went back: the desk has to be there for somebody to look at it and accept the time.
        desk.writer.run(actor, lambda tx: _record(tx, note), behind=True)
    take_note_away(desk.paths)


def _record(tx: Tx, note: MoveNote) -> None:
    body = {"from": note.source, "to": note.target, "at": instant(note.at).isoformat()}
    # Killed between the commit and the note's end a server would record it twice.
    if not tx.rows(_KNOWN, kind=MOVED, body=canonical(body)):
        tx.record(MOVED, body=body)
