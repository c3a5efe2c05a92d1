"""Histories of many tickets: some at a time, so that nobody waits for it, and computed by whoever asked."""

from collections.abc import Iterable, Mapping
from datetime import datetime
from itertools import groupby
from operator import itemgetter
from typing import Any

import msgspec
from sqlmodel import Session

from agentconsole.domain.clock_rules import Situation
from agentconsole.domain.errors import Refused
from agentconsole.domain.events import FactKind
from agentconsole.domain.terms import Channel, Priority, Status
from agentconsole.services.context import DeskContext
from agentconsole.services.history import REPLY, SET_BACK, Told
from agentconsole.storage.reading import read_rows
from agentconsole.storage.types import instant, micros
from agentconsole.wire.histories import Histories, HistoryRow, ReadHistories

AT_ONCE = 50
"""How many tickets one answer has: the desk reads them in a millisecond, which no key press notices."""
LARGEST_PIECE = 4 * 1024 * 1024
"""How many bytes of histories one answer has, unless one ticket alone has more."""
_KINDS = ", ".join(f"'{kind}'" for kind in (*FactKind, REPLY, SET_BACK))
# `live` is written, not bound: a partial index is not used for a bound value.
_LIVE, _MOVED = "live = 1", "updated_at >= :since"
_UNDER = "brand_id IN (SELECT id FROM brand WHERE pack_id = :pack) AND {which}"
_COUNT = f"SELECT count(*) FROM ticket WHERE {_UNDER}"  # noqa: S608 - words of our own
_TICKETS = (
    "SELECT id, brand_id, channel, queue, priority, kind, status, escalated_to, opened_at FROM ticket"  # noqa: S608
    f" WHERE id > :after AND {_UNDER} ORDER BY id LIMIT :most"
)
_EVENTS = (
    "SELECT ticket, seq, at, kind, actor, body FROM event WHERE ticket IN (SELECT id FROM ticket"  # noqa: S608
    f" WHERE id > :after AND {_UNDER} ORDER BY id LIMIT :most) AND kind IN ({_KINDS}) ORDER BY ticket, seq"
)
_written = msgspec.msgpack.Encoder()
_told: msgspec.msgpack.Decoder[list[Told]] = msgspec.msgpack.Decoder(list[Told])


def read_histories(session: Session, desk: DeskContext, ask: ReadHistories, now: datetime) -> Histories:
    """Read the next tickets and what the log says of them, in one reading transaction; refuses a naive `since`."""
    if ask.since is not None and ask.since.tzinfo is None:
        raise Refused("The instant from which histories are read needs its zone.")
    which = _LIVE if ask.since is None else _MOVED
    bound: dict[str, Any] = {"pack": ask.pack, "after": max(ask.after, 0), "most": AT_ONCE}
    if ask.since is not None:
        bound["since"] = micros(ask.since)
    tickets = read_rows(session, _TICKETS.format(which=which), bound)
    events = read_rows(session, _EVENTS.format(which=which), bound) if tickets else []
    told = {ticket: [row[1:] for row in rows] for ticket, rows in groupby(events, itemgetter(0))}
    total = 0 if ask.after else int(read_rows(session, _COUNT.format(which=which), bound)[0][0])
    rows = _fitting(_row(ticket, told) for ticket in tickets)
    more = len(tickets) == AT_ONCE or len(rows) < len(tickets)
    return Histories(rows, now, more, total, desk.late_first)


def _fitting(rows: Iterable[HistoryRow]) -> tuple[HistoryRow, ...]:
    """Return as many rows as an answer may hold, at least one; the others come with the next."""
    found: list[HistoryRow] = []
    size = 0
    for row in rows:
        size += len(row.told)
        if found and size > LARGEST_PIECE:
            break
        found.append(row)
    return tuple(found)


def _row(ticket: tuple[Any, ...], told: Mapping[int, list[tuple[Any, ...]]]) -> HistoryRow:
    number, brand, channel, queue, priority, kind, status, escalated_to, opened = ticket
    return HistoryRow(
        ticket=number,
        brand=brand,
        channel=channel,
        queue=queue,
        priority=priority,
        kind=kind,
        status=status,
        escalated=escalated_to is not None,
        opened_at=instant(opened),
        told=_written.encode(told.get(number, [])),
    )


def read_told(row: HistoryRow) -> list[Told]:
    """Return a ticket's entries of the log, oldest first."""
    return _told.decode(row.told)


def situation_in(row: HistoryRow) -> Situation:
    """Return what a standard may ask about a ticket."""
    return Situation(
        channel=Channel(row.channel),
        queue=row.queue,
        priority=Priority(row.priority),
        kind=row.kind,
        brand=row.brand,
        status=Status(row.status),
        escalated=row.escalated,
    )
