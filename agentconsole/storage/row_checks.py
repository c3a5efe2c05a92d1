"""Texts against the log: what a customer or an agent wrote is what the event about it names by a salted hash."""

import json
from collections.abc import Iterator

import sqlalchemy as sa
from sqlmodel import Session

from agentconsole.storage.events import text_reference

_PAGE = 500
_EVENTS = "SELECT seq, body FROM event WHERE seq > :after AND body LIKE '%\"contact\":%' ORDER BY seq LIMIT :many"
_TEXTS = sa.text("SELECT id, salt, text FROM contact WHERE id IN :numbers").bindparams(
    sa.bindparam("numbers", expanding=True)
)


def check_contacts(session: Session, most: int = 100) -> list[str]:
    """Compare every entry of every case with what the log says of it; returns at most so many faults, [] when sound."""
    faults: list[str] = []
    known: set[int] = set()
    for page in _pages(session):
        texts = {
            int(row[0]): (row[1], row[2]) for row in session.execute(_TEXTS, {"numbers": [one[0] for one in page]})
        }
        for number, reference in page:
            known.add(number)
            if number not in texts:
                faults.append(f"entry {number} is gone")
            elif text_reference(*texts[number]) != reference:
                faults.append(f"entry {number} was changed")
        if len(faults) >= most:
            return faults[:most]
    strangers = {int(number) for number in session.execute(sa.text("SELECT id FROM contact")).scalars()} - known
    return [*faults, *(f"entry {number} stands in no event" for number in sorted(strangers))][:most]


def _pages(session: Session) -> Iterator[list[tuple[int, str]]]:
    """Yield what the log says of entries, some at a time: (number of the entry, reference to its text)."""
    after = 0
    while rows := session.execute(sa.text(_EVENTS), {"after": after, "many": _PAGE}).all():
        after = rows[-1][0]
        bodies = [json.loads(row[1]) for row in rows]
        yield [(body["contact"], body["text"]) for body in bodies if "contact" in body and "text" in body]
