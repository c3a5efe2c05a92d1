"""Rows against the log: texts and policies are what the events about them name by a hash; and the schema is ours."""

import hashlib
import json
from collections.abc import Iterable, Iterator, Mapping
from itertools import product

import sqlalchemy as sa
from sqlmodel import Session

from agentconsole.domain.text import storable
from agentconsole.storage.events import canonical, text_reference
from agentconsole.storage.tables.pack_version import PackVersion
from agentconsole.storage.upgrade import fresh_statements

_PAGE = 500
_STANDS_FOR_NUL, _MOST_TRIED = storable("\0"), 4
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
            elif not _is_named(reference, *texts[number]):
                faults.append(f"entry {number} was changed")
        if len(faults) >= most:
            return faults[:most]
    strangers = {int(number) for number in session.execute(sa.text("SELECT id FROM contact")).scalars()} - known
    return [*faults, *(f"entry {number} stands in no event" for number in sorted(strangers))][:most]


def _is_named(reference: str, salt: str, text: str) -> bool:
    """Tell whether an event names a text; also one that was written with U+0000, before those were made storable.

    Each U+FFFD may have been one; where there are more than four, all of them are taken for it or none.
    """
    if text_reference(salt, text) == reference:
        return True
    first, *others = text.split(_STANDS_FOR_NUL)
    ways: Iterable[tuple[str, ...]] = [("\0",) * len(others)]
    if len(others) <= _MOST_TRIED:
        ways = product(("\0", _STANDS_FOR_NUL), repeat=len(others))
    return any(text_reference(salt, first + "".join(map(str.__add__, way, others))) == reference for way in ways)


def pack_digest(text: str, answers: Mapping[str, str]) -> str:
    """Return what the event log keeps of a version of a policy: the hash of its text and the desk's answers."""
    return hashlib.sha256(canonical({"text": text, "answers": dict(answers)}).encode()).hexdigest()


def check_packs(session: Session) -> list[str]:
    """Compare every version of a policy with what the log says of it; returns the faults, [] when sound."""
    told = {}
    for row in session.execute(sa.text("SELECT subject, body FROM event WHERE kind = 'pack.in_force'")):
        body = json.loads(row.body)
        told[row.subject, body["version"]] = body.get("sha256", "")
    faults = []
    for pack in session.scalars(sa.select(PackVersion)):
        # Versions from before the log kept their hash cannot be compared; they are there, at least.
        known = told.pop((pack.pack_id, pack.version), None)
        if known is None or known not in ("", pack_digest(pack.text, pack.answers)):
            faults.append(f"version {pack.version} of the policy {pack.pack_id} was changed")
    return [*faults, *(f"version {version} of the policy {name} is gone" for name, version in told)]


def check_schema(session: Session) -> list[str]:
    """Compare the tables, indexes and guards of an SQLite file with what this program makes; [] when they are those."""
    if session.connection().dialect.name != "sqlite":
        return []
    rows = session.execute(sa.text("SELECT name, sql FROM sqlite_master WHERE sql IS NOT NULL"))
    found = {_plain(row.sql) for row in rows if not row.name.startswith("search_doc_")}
    wanted = {_plain(statement) for statement in fresh_statements() if statement.startswith("CREATE")}
    return [f"not as it was made: {statement[:60]}" for statement in sorted(found ^ wanted)]


def _plain(sql: str) -> str:
    return " ".join(sql.split())


def _pages(session: Session) -> Iterator[list[tuple[int, str]]]:
    """Yield what the log says of entries, some at a time: (number of the entry, reference to its text)."""
    after = 0
    while rows := session.execute(sa.text(_EVENTS), {"after": after, "many": _PAGE}).all():
        after = rows[-1][0]
        bodies = [json.loads(row[1]) for row in rows]
        yield [(body["contact"], body["text"]) for body in bodies if "contact" in body and "text" in body]
