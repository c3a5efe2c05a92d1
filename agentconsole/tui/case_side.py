"""What stands beside a conversation: where the ticket is in its life, its clocks, its customer, what may be next."""

from collections.abc import Iterator
from datetime import datetime, tzinfo
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from agentconsole.domain.text import clean_line
from agentconsole.tui.format import clock_cell, due_text
from agentconsole.tui.kinds import KEYS, NOUNS
from agentconsole.tui.lines import Line, Piece, clip, heading, wrap
from agentconsole.wire.rows import CaseView, ClockRow, CustomerRow, DraftRow, OthersDraft, WatcherRow

_KINDS = {
    "first_response": "1st reply",
    "next_response": "reply",
    "resolution": "resolve",
    "acknowledge": "complaint ack",
    "accept_handoff": "accept",
    "return_call": "call back",
}

CLOCK_INDENT = 13
"""Cells that the state word and the time of a clock take, with a space on either side."""

WIDE = 36
"""From this width on a clock takes two lines: the second names its rule."""


def side(
    case: CaseView, width: int, zone: tzinfo, now: datetime, here: tuple[WatcherRow, ...] = ()
) -> tuple[Line, ...]:
    """Lay out the side pane of a ticket in `width` cells; the times are in the desk's zone, `here` is who else is."""
    return (
        *_standing(case, width),
        *_here(here, width, zone),
        *_mine(case.drafts, width, zone, now),
        *_begun(case.others_drafts, width, zone, now),
        *_clocks(case, width, zone, now),
        Line(((" = explains any clock", "quote"),)),
        *_customer(case.customer, width, zone, now),
        *_hints(case, width),
    )


def side_of_text(case: CaseView, width: int, zone: tzinfo, now: datetime) -> tuple[Line, ...]:
    """Lay out what one looks up while writing: the case, its clocks and its customer, without any keys."""
    return (
        heading("case", width),
        *_standing(case, width),
        *_clocks(case, width, zone, now),
        *_customer(case.customer, width, zone, now),
    )


def _standing(case: CaseView, width: int) -> Iterator[Line]:
    stands = f" {case.number}  {case.status}, "
    owner = f"assigned to {case.owner}" if case.owner else "nobody has it"
    if len(stands) + len(owner) > width:
        owner = f"{case.owner} has it"
    yield Line(((clip(stands + owner, width), "head"),))
    yield Line(((clip(f" priority {case.priority}   {case.channel}   {case.brand_name.line(60)}", width), ""),))
    if case.tags:
        yield Line(((clip(f" tags {', '.join(tag.line(40) for tag in case.tags)}", width), ""),))
    if case.escalated_to:
        yield Line(((clip(f" handed to {case.escalated_to}", width), "warn"),))
    if case.link_to:
        yield from _wrapped(f"same matter as {clean_line(case.link_to, 60)}?", width, "warn")


def _mine(drafts: tuple[DraftRow, ...], width: int, zone: tzinfo, now: datetime) -> Iterator[Line]:
    """Name each text that the reader has begun here, with the key that goes on with it."""
    for draft in drafts:
        if draft.kind in NOUNS:
            said = f" {KEYS[draft.kind]} your {NOUNS[draft.kind]}, {_short(draft.saved_at, now, zone)}"
            yield Line(((clip(said, width), "fresh"),))


def _begun(drafts: tuple[OthersDraft, ...], width: int, zone: tzinfo, now: datetime) -> Iterator[Line]:
    for draft in drafts:
        said = f" {draft.login} has begun a {NOUNS.get(draft.kind, draft.kind)}"
        text = f"{said}, {_short(draft.saved_at, now, zone)}"
        yield Line(((clip(text if len(text) < width else said, width), "quote"),))


def _here(people: tuple[WatcherRow, ...], width: int, zone: tzinfo) -> Iterator[Line]:
    for one in people:
        since = f"since {one.since.astimezone(zone):%H:%M}"
        said = f" {one.login} {'is writing' if one.writing else 'is viewing'}"
        text = f"{said} {since}" if len(said) + len(since) < width else said
        yield Line(((clip(text, width), "warn" if one.writing else ""),))


def _clocks(case: CaseView, width: int, zone: tzinfo, now: datetime) -> Iterator[Line]:
    yield heading("clocks", width)
    if not case.clocks:
        yield Line(((" no clock runs here", "quote"),))
    for clock in case.clocks:
        word, left = clock_cell(clock, now)
        cell: tuple[Piece, ...] = ((" ", ""), (f"{word:<4} {left:>6}", word))
        first, *more = _about(clock, width - CLOCK_INDENT, zone, now)
        yield Line((*cell, (f" {first}", "")))
        for text in more:
            yield Line(((" " * CLOCK_INDENT + text, ""),))
        if width >= WIDE:
            rule = f"{clean_line(clock.text, 120)}, {clean_line(clock.clause, 40)}".strip(", ")
            yield from _wrapped(rule, width, "quote", indent=CLOCK_INDENT)


def _about(clock: ClockRow, room: int, zone: tzinfo, now: datetime) -> Iterator[str]:
    """Say what the clock is and when it is due, in one line of `room` cells if any of the wordings fits it."""
    kind = _KINDS.get(clock.kind, clock.kind.replace("_", " "))
    wordings = [f"{kind} {said}".rstrip() for said in _ends(clock, zone, now)]
    fitting = next((wording for wording in wordings if len(wording) <= room), None)
    return wrap(wordings[0], room) if fitting is None else iter((fitting,))


def _ends(clock: ClockRow, zone: tzinfo, now: datetime) -> tuple[str, ...]:
    """Return the wordings of a clock's end, the fullest first."""
    if clock.met_at is not None:
        if clock.used is None or clock.target is None:
            return (f"met {due_text(clock.met_at, now, zone)}", "met")
        return (f"{_span(clock.used)} of {_span(clock.target)}", f"in {_span(clock.used)}")
    if clock.due_at is None:
        return (clean_line(clock.reason, 80),)
    resumes = f", resumes {_short(clock.resumes_at, now, zone)}" if clock.frozen == "SHUT" and clock.resumes_at else ""
    short = _short(clock.due_at, now, zone)
    return tuple(f"{said}{resumes}" for said in (f"by {due_text(clock.due_at, now, zone)}", f"by {short}", short))


def _short(instant: datetime, now: datetime, zone: tzinfo) -> str:
    """Name an instant as shortly as it stays clear: `10:46`, `Wed 08:42`, `30 Nov`."""
    there, today = instant.astimezone(zone), now.astimezone(zone)
    if there.date() == today.date():
        return f"{there:%H:%M}"
    near = 0 < (there.date() - today.date()).days < 7
    return f"{there:%a %H:%M}" if near else f"{there.day} {there:%b}"


def _span(seconds: float) -> str:
    """Write a length of time: `38m`, `1h50`, `2h`, `2d04`."""
    minutes = int(seconds // 60)
    if minutes < 60:
        return f"{minutes}m"
    if minutes < 24 * 60:
        return f"{minutes // 60}h{minutes % 60:02}".removesuffix("h00") + ("h" if minutes % 60 == 0 else "")
    return f"{minutes // 1440}d{minutes % 1440 // 60:02}"


def _customer(customer: CustomerRow, width: int, zone: tzinfo, now: datetime) -> Iterator[Line]:
    yield heading("customer", width)
    name = customer.name.line(80) or "no name given"
    yield Line(((clip(f" {name}", width), "head"),))
    yield from _wrapped(customer.email.line(254), width, "")
    if customer.phone:
        yield Line(((clip(f" {customer.phone.line(40)}", width), ""),))
    cases = "1 case" if customer.tickets == 1 else f"{customer.tickets} cases"
    yield Line(((clip(f" since {customer.since.astimezone(zone):%b %Y}, {cases}", width), ""),))
    local = _local_time(customer, zone, now)
    if customer.language or local:
        words = ", ".join(word for word in (customer.language.line(20), local) if word)
        yield Line(((clip(f" {words}", width), ""),))
    if customer.note:
        yield from _wrapped(customer.note.line(300), width, "quote")


def _local_time(customer: CustomerRow, zone: tzinfo, now: datetime) -> str:
    """Say what time it is where the customer is, when that is not the desk's time."""
    name = customer.zone.line(60)
    if not name:
        return ""
    try:
        there = now.astimezone(ZoneInfo(name))
    except (ZoneInfoNotFoundError, ValueError, OSError):
        return ""
    if there.utcoffset() == now.astimezone(zone).utcoffset():
        return ""
    place = name.rpartition("/")[2].replace("_", " ")
    return f"{place}, local {there:%H:%M}"


def _hints(case: CaseView, width: int) -> Iterator[Line]:
    if not case.hints and not case.next:
        return
    yield heading("suggested next", width)
    if case.next:
        yield Line(((clip(f" . {case.next}", width), "head"),))
    for hint in case.hints:
        yield from _wrapped(hint.line(300), width, "")


def _wrapped(text: str, width: int, role: str, indent: int = 1) -> Iterator[Line]:
    for line in wrap(text, width - indent):
        yield Line(((" " * indent + line, role),))
