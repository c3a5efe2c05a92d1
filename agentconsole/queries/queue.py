"""The queue: a page of a view in the order of UX section 10, read straight off an index."""

from datetime import datetime
from functools import lru_cache
from typing import Any
from zoneinfo import ZoneInfo

import msgspec
from sqlmodel import Session

from agentconsole.domain import filters
from agentconsole.domain.errors import Refused
from agentconsole.domain.filters import Filter
from agentconsole.domain.queue import DUE_IN_TIME, Tier
from agentconsole.domain.ticket import case_number
from agentconsole.domain.untrusted import NOTHING, Untrusted
from agentconsole.queries.filter_sql import Condition, term_sql, where
from agentconsole.storage.reading import read_rows
from agentconsole.wire.rows import ClockRow, Counts, QueuePage, QueueRow

LARGEST_PAGE = 2000
MOST_COUNTED = 10_000
ROWS_KEPT = 4096
_VIEWS = {"mine": "t.owner_id = :me", "team": "true", "unassigned": "t.owner_id IS NULL"}
_JOINS = ' FROM ticket t JOIN customer c ON c.id = t.customer_id LEFT JOIN "user" o ON o.id = t.owner_id'
_COLUMNS = (
    "SELECT t.id, t.version, t.tier, t.sort_key, t.channel, c.name, c.email, t.subject, o.login, t.status, t.priority,"
    " t.brand_id, t.next_verb, t.clock, t.starving, t.fresh, t.tags, t.escalated_to, t.waited_text"
)
# A starving case stands among those that are DUE, and is LATE; the index in the order of the list has them together.
_MINE_LATE_IN_DUE = (
    "SELECT count(*) FROM ticket t WHERE t.live = 1 AND t.owner_id = :me AND t.tier = :due AND t.sort_key < :in_time"
)
_TIER_WORDS = {tier.rank: tier.state.value for tier in Tier}
_clocks: msgspec.msgpack.Decoder[ClockRow] = msgspec.msgpack.Decoder(ClockRow)
_tags: msgspec.json.Decoder[tuple[str, ...]] = msgspec.json.Decoder(tuple[str, ...])


def read_queue(
    session: Session,
    *,
    view: str,
    text: str,
    me: int,
    login: str,
    now: datetime,
    zone: ZoneInfo,
    after: tuple[int, int, int] | None = None,
    limit: int = 200,
) -> QueuePage:
    """Return a page of `mine`, `team` or `unassigned` that the filter `text` keeps; refuses what it cannot read."""
    if after is not None and not all(0 <= part < 1 << 63 for part in after):
        raise Refused("There is no such place in the list: read it from its beginning.")
    if view not in _VIEWS:
        raise Refused(f'There is no list "{view}"; there is {", ".join(_VIEWS)}.')
    kept = filters.parse(text, login)
    condition = Condition(now, zone, session.connection(), {"me": me})
    wanted = where(kept, condition)
    clause = f" WHERE t.live = 1 AND {_VIEWS[view]}" + (f" AND {wanted}" if wanted else "")
    limit = max(1, min(limit, LARGEST_PAGE))
    rows = _rows(session, clause, dict(condition.bound), after, limit)
    counts = read_counts(session, me)
    total = _total(session, clause, condition.bound) if wanted else _counted(counts, view)
    return QueuePage(
        view=view,
        filter=text,
        rows=rows,
        total=total,
        counts=counts,
        as_of=now,
        more=len(rows) == limit,
        emptied_by=_emptied_by(session, view, kept, condition) if wanted and not rows and after is None else NOTHING,
        drafts=_drafts(session, me),
    )


def _rows(
    session: Session, clause: str, bound: dict[str, object], after: tuple[int, int, int] | None, limit: int
) -> tuple[QueueRow, ...]:
    page = ""
    if after is not None:
        page = " AND (t.tier, t.sort_key, t.id) > (:tier, :sort_key, :id)"
        bound |= {"tier": after[0], "sort_key": after[1], "id": after[2]}
    bound["limit"] = limit
    sql = f"{_COLUMNS}{_JOINS}{clause}{page} ORDER BY t.tier, t.sort_key, t.id LIMIT :limit"
    return tuple(map(_row, read_rows(session, sql, bound)))


# Each session reads its page again after each commit, and most rows of it are as they were.
@lru_cache(maxsize=ROWS_KEPT)
def _row(row: tuple[Any, ...]) -> QueueRow:
    (number, version, tier, key, channel, name, email, subject, owner, status, priority, brand) = row[:12]
    (verb, clock, starving, fresh, tags, escalated, waiting_text) = row[12:]
    return QueueRow(
        ticket=number,
        number=case_number(number),
        version=version,
        tier=_TIER_WORDS[tier],
        channel=channel,
        customer=Untrusted(name),
        email=Untrusted(email),
        subject=Untrusted(subject),
        owner=owner or "",
        status=status,
        priority=priority,
        brand=brand,
        next=verb,
        key=(tier, key, number),
        clock=_clocks.decode(clock) if clock else None,
        flags=_flags(escalated=escalated is not None, priority=priority, fresh=fresh),
        tags=tuple(map(Untrusted, _tags.decode(tags))),
        starving=bool(starving),
        fresh=bool(fresh),
        waiting_text=Untrusted(waiting_text),
    )


def _flags(*, escalated: bool, priority: str, fresh: int) -> str:
    urgent = "!" if priority in ("high", "urgent") else ""
    return f"{'E' if escalated else urgent}{'*' if fresh else ''}"


def read_counts(session: Session, me: int) -> Counts:
    """Return what the status bar shows, from counters; LATE and DUE are mine, by the words that their rows show."""
    asked = {"me": me, "due": Tier.DUE.rank, "in_time": DUE_IN_TIME}
    late_in_due = int(read_rows(session, _MINE_LATE_IN_DUE, asked)[0][0])
    numbers = {(owner, tier): number for owner, tier, number in read_rows(session, "SELECT * FROM counter", {})}
    return Counts(
        mine=sum(number for (owner, _), number in numbers.items() if owner == me),
        team=sum(numbers.values()),
        unassigned=sum(number for (owner, _), number in numbers.items() if owner == 0),
        late=numbers.get((me, Tier.LATE.rank), 0) + late_in_due,
        due=max(numbers.get((me, Tier.DUE.rank), 0) - late_in_due, 0),
    )


def _counted(counts: Counts, view: str) -> int:
    return {"mine": counts.mine, "team": counts.team, "unassigned": counts.unassigned}[view]


def _total(session: Session, clause: str, bound: dict[str, object]) -> int:
    sql = f"SELECT count(*) FROM (SELECT 1{_JOINS}{clause} LIMIT {MOST_COUNTED}) AS found"  # noqa: S608 - values are bound
    return int(read_rows(session, sql, bound)[0][0])


def _emptied_by(session: Session, view: str, kept: Filter, condition: Condition) -> Untrusted:
    """Return the one term without which the filter would keep something, with how many that would be."""
    for left_out in kept.terms:
        others = [term_sql(term, condition) for term in kept.terms if term is not left_out]
        clause = " AND ".join([f" WHERE t.live = 1 AND {_VIEWS[view]}", *others])
        number = _total(session, clause, condition.bound)
        if number:
            return Untrusted(f'without "{left_out.text}" {number}')
    return NOTHING


def _drafts(session: Session, me: int) -> tuple[int, ...]:
    rows = read_rows(session, "SELECT DISTINCT ticket_id FROM draft WHERE user_id = :me", {"me": me})
    return tuple(row[0] for row in rows)
