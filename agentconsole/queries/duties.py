"""The duties: what is asked for now, by when, and what became of the rounds before."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any

from sqlmodel import Session

from agentconsole.domain.clock_value import due_below, soon_below
from agentconsole.domain.duty_round import Round, Standing
from agentconsole.domain.duty_words import Record
from agentconsole.domain.terms import Role
from agentconsole.domain.untrusted import Untrusted
from agentconsole.storage.reading import read_rows
from agentconsole.storage.types import instant
from agentconsole.wire.duties import DutyRow
from agentconsole.wire.rows import ClockRow

MOST_READ = 100
WEEK = timedelta(days=7)
KIND = "duty"
_ROUNDS = (
    "SELECT due_at, done_at, login, note, rounds FROM duty_round WHERE pack_id = :pack AND duty_id = :duty"
    " ORDER BY begins DESC LIMIT :most"
)


def read_duties(session: Session, duties: Sequence[Standing], role: Role, now: datetime) -> tuple[DutyRow, ...]:
    """Return the duties as they stand at `now` for somebody of that role, what is due first in front."""
    return tuple(sorted((_row(session, duty, role, now) for duty in duties), key=_order))


def read_record(session: Session, duty: Standing, now: datetime) -> tuple[Round | None, Record]:
    """Return the round of a duty that is asked for or comes next, and how the rounds before it were kept."""
    rows = _rounds_of(session, duty)
    return _asked(duty, rows, now), _record(rows, now)


def _order(row: DutyRow) -> tuple[bool, float, str]:
    due = row.clock.due_at if row.clock is not None else None
    return due is None, due.timestamp() if due is not None else 0.0, row.duty


def _rounds_of(session: Session, duty: Standing) -> list[tuple[Any, ...]]:
    return read_rows(session, _ROUNDS, {"pack": duty.pack.id, "duty": duty.duty.id, "most": MOST_READ})


def _asked(duty: Standing, rows: list[tuple[Any, ...]], now: datetime) -> Round | None:
    return duty.next_round(instant(rows[0][0]) if rows else now)


def _record(rows: list[tuple[Any, ...]], now: datetime) -> Record:
    done = next((row for row in rows if row[1] is not None), None)
    missed = sum(row[4] for row in rows if row[1] is None and instant(row[0]) > now - WEEK)
    return Record(instant(done[1]) if done else None, str(done[2]) if done else "", missed)


def _row(session: Session, duty: Standing, role: Role, now: datetime) -> DutyRow:
    rows = _rounds_of(session, duty)
    asked, record = _asked(duty, rows, now), _record(rows, now)
    return DutyRow(
        duty=duty.name,
        task=duty.duty.text,
        clause=f"{duty.pack.id} {duty.duty.clause}",
        owner=duty.duty.owner.value,
        mine=duty.duty.owner is role,
        begins=asked.begins if asked is not None else None,
        clock=_clock(duty, asked, now) if asked is not None else None,
        done_at=record.done_at,
        done_by=record.done_by,
        note=Untrusted(next((str(row[3]) for row in rows if row[1] is not None), "")),
        missed=record.missed,
    )


def _clock(duty: Standing, asked: Round, now: datetime) -> ClockRow:
    """Return the clock of a round; it counts on the wall, for its due instant is what people are told."""
    amount = asked.due - asked.begins
    return ClockRow(
        kind=KIND,
        standard=duty.duty.id,
        clause=f"{duty.pack.id} {duty.duty.clause}",
        text=duty.duty.text,
        as_of=now,
        left=(asked.due - now).total_seconds(),
        due_below=due_below(amount).total_seconds(),
        soon_below=soon_below(amount).total_seconds(),
        target=amount.total_seconds(),
        due_at=asked.due,
        started_at=asked.begins,
        zone=duty.calendar.zone.key,
    )
