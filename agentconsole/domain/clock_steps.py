"""The arithmetic of a clock in lines that fit a screen: the answer to "why?" (UX 9, the `=` example)."""

from collections.abc import Callable, Iterator, Sequence
from datetime import date, datetime
from zoneinfo import ZoneInfo

from agentconsole.domain.calendar import Calendar
from agentconsole.domain.cells import wrap
from agentconsole.domain.clock_cell import cell, time_text, used_text
from agentconsole.domain.clock_value import Clock, Loser
from agentconsole.domain.policy import ActionKind, Pack, WorkingDays
from agentconsole.domain.terms import ClockKind, ClockState

PackLookup = Callable[[str, int], Pack | None]

LINE = 78
INDENT = 9
MOST_CLOSED = 3
NAMES = {
    ClockKind.GREET: "greeting",
    ClockKind.RING: "answering the call",
    ClockKind.FIRST_RESPONSE: "first reply",
    ClockKind.NEXT_RESPONSE: "next reply",
    ClockKind.UPDATE: "update",
    ClockKind.RESOLUTION: "resolve",
    ClockKind.ACKNOWLEDGE: "acknowledgement",
    ClockKind.HOLDING_LETTER: "holding letter",
    ClockKind.FULL_RESPONSE: "full response",
    ClockKind.CALLBACK: "callback",
    ClockKind.RETURN_CALL: "return call",
    ClockKind.ACCEPT_HANDOFF: "accepting the hand-off",
    ClockKind.PROMISE: "promised date",
}
_NOTICES = {
    ActionKind.AUTO_ACKNOWLEDGE: "auto notice",
    ActionKind.OFFER_MESSAGE_OR_CALLBACK: "offer of a message or a callback",
    ActionKind.FORWARD_TO_VOICEMAIL: "voicemail",
}
_DAYS = ("Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun")
_MONTHS = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")


def steps(clock: Clock, pack_lookup: PackLookup, now: datetime) -> tuple[str, ...]:
    """Return how the clock comes to what it shows at `now`, in lines of at most 78 cells.

    `pack_lookup(pack id, version)` gives the packs to name; instants are shown in the clock's own zone, with weekday
    and zone. The display rounds as the cell does: time left down, time used and overdue up.
    """
    lines: list[str] = []
    for label, parts in (
        ("why", [_headline(clock, now)]),
        ("rule", _rule(clock, pack_lookup)),
        ("started", _started(clock, now)),
        ("warned", [instant_text(clock, at, now) for at in clock.warned]),
        ("paused", [*_paused(clock, now), *_counted(clock, now)]),
        ("moved", list(_moved(clock, now))),
        ("also", list(_losers(clock, pack_lookup, now))),
    ):
        lines.extend(packed(label, parts))
    return tuple(lines)


def _headline(clock: Clock, now: datetime) -> str:
    state = clock.state(now)
    letters = isinstance(clock.target, WorkingDays)
    word, time = cell(state, clock.left(now), rings=clock.rings(now), letters=letters)
    reason = f": {clock.no_clock_reason}" if state is ClockState.NONE and clock.no_clock_reason else ""
    return f"{word} {time}".rstrip() + f" ({NAMES[clock.kind]}){reason}"


def _rule(clock: Clock, pack_lookup: PackLookup) -> list[str]:
    if clock.rule is None:
        return [clock.text] if clock.text else []
    pack = pack_lookup(clock.pack, clock.pack_version)
    title = clock.pack if pack is None else pack.title
    return [clock.text, f"{title} {clock.clause}, pack v{clock.pack_version}"]


def _started(clock: Clock, now: datetime) -> list[str]:
    if clock.started_at is None:
        return []
    parts = [f"{instant_text(clock, clock.started_at, now)} {clock.because}".rstrip()]
    calendar = None if clock.counting is None else clock.counting.calendar
    if calendar is not None:
        parts.append(f"{_desk(clock, calendar, clock.started_at, now)}, {_holidays(clock, calendar, now)}")
    elif clock.amount is not None:
        parts.append("wall clock, nights and holidays count")
    return parts


def _desk(clock: Clock, calendar: Calendar, start: datetime, now: datetime) -> str:
    if isinstance(clock.target, WorkingDays):
        return "counts working days"
    if not calendar.is_open(start):
        resumes = clock.counting.resumes(start) if clock.counting is not None else None
        return (
            "desk shut" if resumes is None else f"desk shut, counts from {instant_text(clock, resumes, now, zone=True)}"
        )
    local = start.astimezone(calendar.zone)
    windows = calendar.exceptions.get(local.date(), calendar.weekly[local.weekday()])
    hours = ", ".join(f"{_minutes(window.start)}-{_minutes(window.end)}" for window in windows)
    return f"desk open {hours} {local.tzname()}" if hours else f"desk open, {local.tzname()}"


def _holidays(clock: Clock, calendar: Calendar, now: datetime) -> str:
    """Name the first closed or changed dates between the start and the due instant, or now if that is later."""
    start = (clock.started_at or now).astimezone(calendar.zone).date()
    end = max(clock.due_at or now, now).astimezone(calendar.zone).date()
    dates = sorted(day for day in calendar.exceptions if start <= day <= end)
    if not dates:
        return "holidays: none"
    named = [_date(day) + _label(calendar, day) for day in dates[:MOST_CLOSED]]
    more = f" and {len(dates) - MOST_CLOSED} more" if len(dates) > MOST_CLOSED else ""
    return "holidays: " + ", ".join(named) + more


def _label(calendar: Calendar, day: date) -> str:
    name = calendar.exception_names.get(day)
    return f" ({name})" if name else ""


def _paused(clock: Clock, now: datetime) -> list[str]:
    if clock.counting is None or clock.amount is None:
        return []
    if not clock.pauses:
        return ["never"]
    parts = []
    for pause in clock.pauses:
        end = "now" if pause.end is None else instant_text(clock, pause.end, now)
        why = ", ".join(word for word in (pause.state.value, pause.reason, pause.who and f"by {pause.who}") if word)
        parts.append(f"{instant_text(clock, pause.start, now)} to {end} ({why})")
    return parts


def _counted(clock: Clock, now: datetime) -> list[str]:
    used = clock.used(now)
    if used is None or clock.amount is None:
        return []
    parts = [f"used {used_text(used)} of {time_text(clock.amount)}"]
    if clock.due_at is not None:
        parts.append(f"due {instant_text(clock, clock.due_at, now, zone=True)}")
    elif clock.paused_since is not None:
        parts.append(f"due when {time_text(clock.left(now))} more has been counted after the pause")
    if clock.resumes_at is not None:
        parts.append(f"resumes {instant_text(clock, clock.resumes_at, now, zone=True)}")
    if clock.met_at is not None:
        parts.append(f"met {instant_text(clock, clock.met_at, now)}")
    if clock.ended_at is not None:
        parts.append(f"ended {instant_text(clock, clock.ended_at, now)}, {clock.no_clock_reason}")
    if clock.breached_at is not None:
        parts.append(f"broken since {instant_text(clock, clock.breached_at, now)}")
    return parts


def _moved(clock: Clock, now: datetime) -> Iterator[str]:
    for move in clock.moved:
        before = "no instant" if move.before is None else instant_text(clock, move.before, now)
        after = "no instant" if move.after is None else instant_text(clock, move.after, now)
        yield f"{instant_text(clock, move.at, now)} from {before} to {after}, because {move.because}"


def _losers(clock: Clock, pack_lookup: PackLookup, now: datetime) -> Iterator[str]:
    for loser in clock.losers:
        pack = pack_lookup(loser.pack, loser.pack_version)
        title = loser.pack if pack is None else pack.title
        due = "" if loser.due_at is None else f", due {instant_text(clock, loser.due_at, now)}"
        yield f"{title} {loser.clause}: {loser.text}{due} -> {loser.why}"
        yield from _notices(clock, loser, now)


def _notices(clock: Clock, loser: Loser, now: datetime) -> Iterator[str]:
    for at, action in loser.notices:
        if not clock.is_running or clock.started_at is None or action.after is None:
            continue
        what = f"{time_text(action.after).replace('h00', 'h')} {_NOTICES[action.kind]}"
        if clock.due_at is not None and clock.due_at <= at:
            yield f"{what}: not needed, reply due first"
        elif now < at:
            yield f"{what}: {instant_text(clock, at, now)}, if still unanswered"


def packed(label: str, parts: Sequence[str]) -> Iterator[str]:
    """Yield the parts packed into lines, three spaces apart; what does not fit goes on below, indented."""
    room = LINE - INDENT
    rows: list[str] = []
    for part in parts:
        for piece in wrap(part, room):
            joined = f"{rows[-1]}   {piece}" if rows else ""
            if rows and len(wrap(joined, room)) == 1:
                rows[-1] = joined
            else:
                rows.append(piece)
    for index, line in enumerate(rows):
        yield f"{label if index == 0 else '':<{INDENT}}{line}"


def instant_text(clock: Clock, at: datetime, now: datetime, *, zone: bool = False) -> str:
    """Return an instant (UTC) in the clock's own zone, as `Mon 23 Nov 10:46`; the year where it is not this one."""
    local = at.astimezone(ZoneInfo(clock.zone))
    year = "" if local.year == now.astimezone(local.tzinfo).year else f" {local.year}"
    seconds = f":{local.second:02}" if local.second and not zone else ""
    return f"{_date(local.date())}{year} {local:%H:%M}{seconds}" + (f" {local.tzname()}" if zone else "")


def _date(day: date) -> str:
    return f"{_DAYS[day.weekday()]} {day.day} {_MONTHS[day.month - 1]}"


def _minutes(minute: int) -> str:
    return f"{minute // 60:02}:{minute % 60:02}"
