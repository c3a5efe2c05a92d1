"""The event log's chain: canonical JSON, the hash of the row before, and a keyed seal over both."""

import hashlib
import hmac
import json
from collections.abc import Collection, Iterator, Mapping, Sequence
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


def _digest(fields: Mapping[str, object]) -> str:
    return hashlib.sha256(canonical(fields).encode()).hexdigest()


def sealed(fields: Mapping[str, object], key: bytes) -> tuple[str, str]:
    """Return the hash and the seal of an event's fields, which are all its others; `at` in microseconds."""
    digest = _digest(fields)
    return digest, hmac.digest(key, digest.encode(), "sha256").hex()


class _Facts(msgspec.Struct):
    """Hold what an event's hash is over, in the order of canonical JSON, which is what the encoder then writes."""

    actor: str
    address: str
    at: int
    body: str
    epoch: str
    kind: str
    peer: int | None
    prev: str
    seq: int
    session: str
    subject: str
    ticket: int | None


_PAGE = 5000
_WALK = sa.text(
    f"SELECT {', '.join(_Facts.__struct_fields__)}, hash, mac FROM event WHERE seq > :after"  # noqa: S608 - our own names
    " ORDER BY seq LIMIT :many"
)
_canonical_bytes = msgspec.json.Encoder().encode


class _Seal:
    """Make the seals of a key (HMAC-SHA256) without preparing the key again for each."""

    def __init__(self, key: bytes) -> None:
        block = key.ljust(64, b"\0") if len(key) <= 64 else hashlib.sha256(key).digest().ljust(64, b"\0")
        self._inner = hashlib.sha256(bytes(byte ^ 0x36 for byte in block))
        self._outer = hashlib.sha256(bytes(byte ^ 0x5C for byte in block))

    def of(self, digest: str) -> str:
        """Return the seal of a hash."""
        inner, outer = self._inner.copy(), self._outer.copy()
        inner.update(digest.encode())
        outer.update(inner.digest())
        return outer.hexdigest()


def _all_events(session: Session) -> Iterator[tuple[_Facts, str, str]]:
    after = 0
    while rows := session.execute(_WALK, {"after": after, "many": _PAGE}).all():
        for row in rows:
            yield _Facts(*row[:12]), row[12], row[13]
        after = rows[-1].seq
        # The log only grows, so it may be read in several transactions: a long one would keep the WAL from shrinking.
        session.rollback()


def verify(session: Session, key: bytes, anchors: Collection[Anchor] = ()) -> Verdict:
    """Walk the whole log and return the first gap, edit, reordering or forged seal, or a step back nobody accepted.

    What an anchor names must be there as it was: without one a log whose newest events were cut off looks whole.
    """
    seal, expected, previous, latest = _Seal(key), 1, GENESIS, 0
    named = {anchor.seq: anchor.hash for anchor in anchors}
    try:
        for event, digest, mac in _all_events(session):
            if event.seq != expected:
                return Verdict(expected - 1, f"event {expected} is missing")
            fault = _fault(event, digest, previous)
            if not fault and not hmac.compare_digest(str(mac).encode(), seal.of(digest).encode()):
                fault = "does not carry this desk's seal"
            if not fault and event.at < latest and event.kind != CLOCK_ACCEPTED:
                fault = "is older than the one before it"
            if not fault and named.get(expected, digest) != digest:
                fault = "is not the one that was anchored outside"
            if fault:
                return Verdict(expected - 1, f"event {expected} {fault}")
            expected, previous, latest = expected + 1, digest, event.at
    except sa.exc.DatabaseError as error:
        return Verdict(expected - 1, f"event {expected} or one after it cannot be read ({error.orig})")
    cut = sorted(seq for seq in named if seq >= expected)
    if cut:
        return Verdict(
            expected - 1, f"event {cut[0]}, which was anchored outside, and all after {expected - 1} are gone"
        )
    return Verdict(expected - 1, "")


def _fault(event: _Facts, digest: str, previous: str) -> str:
    if event.prev != previous:
        return "does not follow the one before it"
    return "" if hashlib.sha256(_canonical_bytes(event)).hexdigest() == digest else "was changed after it was written"
