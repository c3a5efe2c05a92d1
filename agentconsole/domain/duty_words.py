"""A duty in words: how often it recurs, from when to when its round lasts, and the rule behind it, line by line."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from agentconsole.domain.duty_round import Round, Standing
from agentconsole.domain.policy import Duty
from agentconsole.domain.terms import Role

_DAYS = ("Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun")
_MONTHS = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")
_PERIODS = {"daily": "day", "weekly": "week", "monthly": "month", "quarterly": "quarter", "yearly": "year"}
_LABEL = 8


@dataclass(frozen=True, slots=True)
class Record:
    """Say how a duty was kept so far: when it was last signed off and by whom, and how many rounds a week missed."""

    done_at: datetime | None = None
    done_by: str = ""
    missed: int = 0


def recurs(duty: Duty) -> str:
    """Return how often a duty recurs: `every 2 h of open time`, `each week`."""
    if duty.every is None:
        return f"each {_PERIODS[duty.cadence]}"
    minutes = int(duty.every / timedelta(minutes=1))
    hours, rest = divmod(minutes, 60)
    amount = f"{hours} h" if not rest else f"{hours} h {rest} min" if hours else f"{rest} min"
    return f"every {amount} of open time"


def at_text(instant: datetime, now: datetime, zone: ZoneInfo) -> str:
    """Return an instant as people read it: `12:00` today, else `Mon 30 Nov 18:00`, with the year if it is another."""
    there, today = instant.astimezone(zone), now.astimezone(zone)
    time = f"{there:%H:%M}"
    if there.date() == today.date():
        return time
    day = f"{_DAYS[there.weekday()]} {there.day} {_MONTHS[there.month - 1]}"
    return f"{day} {time}" if there.year == today.year else f"{day} {there.year} {time}"


def whose(role: Role) -> str:
    """Return who owes a duty: `the agents`."""
    return f"the {role.value}s"


def explained(duty: Standing, asked: Round | None, record: Record, now: datetime, zone: ZoneInfo) -> tuple[str, ...]:
    """Return the rule behind a duty and what came of it, a line each."""
    pack, clause = duty.pack, duty.pack.clause(duty.duty.clause)
    done = f"{at_text(record.done_at, now, zone)} by {record.done_by}" if record.done_at is not None else "never yet"
    parts = (
        ("rule", f"{duty.duty.text}, {recurs(duty.duty)}; calendar {duty.calendar.name}, {duty.calendar.zone.key}"),
        ("clause", f'{pack.title} {clause.id}, line {clause.line}: "{clause.quote}", pack v{pack.version}'),
        ("rounds", _divided(duty.duty)),
        ("now", _now(asked, now, zone)),
        ("done", done),
        ("missed", f"{_rounds(record.missed)} in the last 7 days"),
        ("whose", f"{whose(duty.duty.owner)}': nobody owns it, it passes to the next shift; S signs it off"),
    )
    return tuple(f"{label:<{_LABEL}} {text}" for label, text in parts)


def _divided(duty: Duty) -> str:
    if duty.every is None:
        period = _PERIODS[duty.cadence]
        return f"one each {period}, from its first opening to the close of its last working day"
    return "each lasts from a check to the next, or to the closing; the first begins with the opening"


def _now(asked: Round | None, now: datetime, zone: ZoneInfo) -> str:
    if asked is None:
        return "the calendar opens no more: nothing is asked for"
    until = at_text(asked.due, now, zone)
    if asked.begins > now:
        return f"nothing is asked for; the next round is from {at_text(asked.begins, now, zone)} to {until}"
    return f"asked for since {at_text(asked.begins, now, zone)}, to be signed off by {until}, or it is missed"


def _rounds(count: int) -> str:
    return "1 round" if count == 1 else f"{count or 'no'} rounds"
