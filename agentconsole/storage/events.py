"""The event log's chain: canonical JSON, the hash of the row before, and a keyed seal over both."""

import hashlib
import hmac
import json
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import msgspec
import sqlalchemy as sa
from sqlmodel import Session

from agentconsole.domain.anchor import Anchor
from agentconsole.storage.types import instant

GENESIS = "0" * 64
EPOCH = "k1"
HEAD = "SELECT seq, hash, at FROM event ORDER BY seq DESC LIMIT 1"
CLOCK_ACCEPTED = "clock.accepted"
"""The one kind of event that may be older than the one before it: somebody accepted that the clock was set back."""


@dataclass(frozen=True, slots=True)
class Head:
    """Name the newest event: its number, hash and instant; number 0 when there is none."""

    seq: int
    hash: str
    at: datetime | None


@dataclass(frozen=True, slots=True)
class Verdict:
    """Report a walk over the log: how many events, and the first thing that is wrong, if any."""

    events: int
    fault: str


def canonical(body: Mapping[str, object]) -> str:
    """Return JSON with sorted keys, no spaces and no escapes but the needed ones (after RFC 8785)."""
    return json.dumps(body, sort_keys=True, separators=(",", ":"), ensure_ascii=False, allow_nan=False)


def text_reference(salt: str, text: str) -> str:
    """Return what the log keeps of a personal text, so that erasing the text does not break the chain."""
    return hashlib.sha256(f"{salt}\n{text}".encode("utf-8", "surrogatepass")).hexdigest()


def head(session: Session) -> Head:
    """Read the newest event."""
    return head_of(session.execute(sa.text(HEAD)).all())


def head_of(rows: Sequence[Sequence[Any]]) -> Head:
    """Return the newest event from what `HEAD` found."""
    return Head(rows[0][0], rows[0][1], instant(rows[0][2])) if rows else Head(0, GENESIS, None)


def is_there(connection: sa.Connection, event: Head) -> bool:
    """Tell whether an event is in the log as it was written; number 0 is in every log."""
    found = connection.execute(sa.text("SELECT hash FROM event WHERE seq = :seq"), {"seq": event.seq}).scalar()
    return not event.seq or found == event.hash


def _digest(fields: Mapping[str, object]) -> str:
    return hashlib.sha256(canonical(fields).encode()).hexdigest()


def sealed(fields: Mapping[str, object], key: bytes) -> tuple[str, str]:
    """Return the hash and the seal of an event's fields, which are all its others; `at` in microseconds."""
    digest = _digest(fields)
    return digest, hmac.digest(key, digest.encode(), "sha256").hex()


_HASHED = (
    *("actor", "address", "at", "body", "epoch", "kind"),
    *("peer", "prev", "seq", "session", "subject", "ticket"),
)
"""What an event's hash is over, in the order of canonical JSON."""
_PAGE = 1000
"""Few enough that a page stays in the processor's cache: ten times as many take half as long again for each."""


def _walking(canonical_json: str) -> sa.TextClause:
    """Return what reads a page of the log: the bytes that were hashed, put together by the database, and the chain.

    Python builds neither an object nor JSON of each event then, which takes a quarter of a walk's time.
    """
    return sa.text(
        f"SELECT {canonical_json}, seq, prev, at, hash, mac FROM event WHERE seq > :after ORDER BY seq LIMIT :many"  # noqa: S608 - our own names
    )


_MEMBERS = ", ".join(f"'{name}', {name}" for name in _HASHED)
_PIECES = ", ',', ".join(f"'\"{name}\":', coalesce(CAST(to_json({name}) AS text), 'null')" for name in _HASHED)
_WALK = {
    "sqlite": _walking(f"CAST(json_object({_MEMBERS}) AS BLOB)"),
    "postgresql": _walking(f"convert_to(concat('{{', {_PIECES}, '}}'), 'UTF8')"),
}
"""By database: how it writes an event as canonical JSON; what it would write otherwise has another hash."""


class _Seal:
    """Make the seals of a key (HMAC-SHA256, RFC 2104) from two copies, without preparing the key again for each."""

    def __init__(self, key: bytes) -> None:
        block = key.ljust(64, b"\0") if len(key) <= 64 else hashlib.sha256(key).digest().ljust(64, b"\0")
        self.inner = hashlib.sha256(bytes(byte ^ 0x36 for byte in block)).copy
        self.outer = hashlib.sha256(bytes(byte ^ 0x5C for byte in block)).copy

    def of(self, digest: str) -> str:
        """Return the seal of a hash."""
        inner, outer = self.inner(), self.outer()
        inner.update(digest.encode())
        outer.update(inner.digest())
        return outer.hexdigest()


@dataclass(slots=True)
class _Walk:
    """Follow the chain from its first event: each must be the next, unchanged, sealed, and as it was anchored."""

    seal: _Seal
    named: Mapping[int, str]
    expected: int = 1
    previous: str = GENESIS
    latest: int = 0

    def fault(self, rows: Iterable[Sequence[Any]]) -> str:
        """Say what is wrong with the first of these rows that is not right, "" where all are.

        Most of an event's time goes into fetching it, so nothing is called here that can be done in place. Seals are
        compared as any text: the answer comes once a page, and nobody can time a letter by it.
        """
        digest_of, new_inner, new_outer = hashlib.sha256, self.seal.inner, self.seal.outer
        expected, previous, latest, named = self.expected, self.previous, self.latest, self.named
        for facts, seq, prev, at, hashed, mac in rows:
            digest = digest_of(facts).hexdigest()
            inner, outer = new_inner(), new_outer()
            inner.update(digest.encode())
            outer.update(inner.digest())
            is_chained = digest == hashed and prev == previous and seq == expected and mac == outer.hexdigest()
            if not is_chained or at < latest or expected in named:
                self.expected, self.previous, self.latest = expected, previous, latest
                fault = self._what((facts, seq, prev, at, hashed, mac), digest)
                if fault:
                    return fault
            previous, latest = digest, at
            expected += 1
        self.expected, self.previous, self.latest = expected, previous, latest
        return ""

    def _what(self, row: Sequence[Any], digest: str) -> str:
        """Say what is wrong with a row that looks wrong, in the order in which it is best understood; "" if nothing."""
        facts, seq, prev, at, hashed, mac = row
        if seq != self.expected:
            return f"event {self.expected} is missing"
        if prev != self.previous:
            return f"event {seq} does not follow the one before it"
        if hashed != digest:
            return f"event {seq} was changed after it was written"
        if mac != self.seal.of(digest):
            return f"event {seq} does not carry this desk's seal"
        if at < self.latest and msgspec.json.decode(facts)["kind"] != CLOCK_ACCEPTED:
            return f"event {seq} is older than the one before it"
        is_another = self.named.get(seq, digest) != digest
        return f"event {seq} is not the one that was anchored outside" if is_another else ""


def verify(session: Session, key: bytes, anchors: Collection[Anchor] = ()) -> Verdict:
    """Walk the whole log and return the first gap, edit, reordering or forged seal, or a step back nobody accepted.

    What an anchor names must be there as it was: without one a log whose newest events were cut off looks whole.
    """
    walk = _Walk(_Seal(key), {anchor.seq: anchor.hash for anchor in anchors})
    fault, after = "", -1
    try:
        while not fault and after < walk.expected - 1:
            after = walk.expected - 1
            # Rows as the driver gives them: what an ORM makes of each costs a tenth of checking it.
            link = session.connection()
            page = link.execute(_WALK[link.dialect.name], {"after": after, "many": _PAGE})
            fault = walk.fault(page.cursor.fetchall())
            # The log only grows, so it may be read in several transactions: a long one keeps the WAL from shrinking.
            session.rollback()
    except (sa.exc.DatabaseError, session.get_bind().dialect.loaded_dbapi.DatabaseError) as error:
        fault = f"event {walk.expected} or one after it cannot be read ({getattr(error, 'orig', error)})"
    last = walk.expected - 1
    cut = sorted(seq for seq in walk.named if seq > last)
    if cut and not fault:
        fault = f"event {cut[0]}, which was anchored outside, and all after {last} are gone"
    return Verdict(last, fault)
