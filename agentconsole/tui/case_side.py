"""What stands beside a conversation: where the ticket is in its life, its clocks, its customer, what may be next."""

from collections.abc import Iterator
from datetime import datetime, tzinfo
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from agentconsole.domain.text import clean_line
from agentconsole.tui.format import clock_cell, due_text
from agentconsole.tui.lines import Line, Piece, clip, heading, wrap
from agentconsole.wire.rows import CaseView, ClockRow, CustomerRow

WIDE = 36
"""From this width on a clock takes two lines: the second names its rule."""


def side(case: CaseView, width: int, zone: tzinfo, now: datetime) -> tuple[Line, ...]:
    """Lay out the side pane of a ticket in `width` cells; the times are in the desk's zone."""
    return (
        *_standing(case, width),
        *_clocks(case, width, zone, now),
        *_customer(case.customer, width, zone, now),
        *_hints(case, width),
    )


def _standing(case: CaseView, width: int) -> Iterator[Line]:
    owner = f"assigned to {case.owner}" if case.owner else "nobody has it"
    yield Line(((clip(f" {case.number}  {case.status}, {owner}", width), "head"),))
    yield Line(((clip(f" priority {case.priority}   {case.channel}   {clean_line(case.brand_name, 60)}", width), ""),))
    if case.tags:
        yield Line(((clip(f" tags {', '.join(clean_line(tag, 40) for tag in case.tags)}", width), ""),))
    if case.escalated_to:
        yield Line(((clip(f" handed to {case.escalated_to}", width), "warn"),))
    if case.link_to:
        yield from _wrapped(f"same matter as {clean_line(case.link_to, 60)}?", width, "warn")


def _clocks(case: CaseView, width: int, zone: tzinfo, now: datetime) -> Iterator[Line]:
    yield heading("clocks", width)
    if not case.clocks:
        yield Line(((" no clock runs here", "quote"),))
    for clock in case.clocks:
        word, left = clock_cell(clock, now)
        kind = clock.kind.replace("_", " ")
        pieces: tuple[Piece, ...] = (
            (" ", ""),
            (f"{word:<4} {left:>6}", word),
            (f" {kind}", ""),
        )
        about = _about(clock, zone, now)
        room = width - sum(len(text) for text, _ in pieces)
        if about and len(about) < room:
            yield Line((*pieces, (f" {about}", "")))
        else:
            yield Line(tuple(_clipped(pieces, width)))
            if about:
                yield from _wrapped(about, width, "", indent=13)
        if width >= WIDE:
            rule = f"{clean_line(clock.text, 120)}, {clean_line(clock.clause, 40)}".strip(", ")
            yield from _wrapped(rule, width, "quote", indent=13)
    yield Line(((" = explains any clock", "quote"),))


def _about(clock: ClockRow, zone: tzinfo, now: datetime) -> str:
    if clock.met_at is not None:
        return f"met {due_text(clock.met_at, now, zone)}"
    if clock.due_at is None:
        return clean_line(clock.reason, 80)
    by = f"by {due_text(clock.due_at, now, zone)}"
    if clock.frozen == "SHUT" and clock.resumes_at is not None:
        return f"{by}, resumes {due_text(clock.resumes_at, now, zone)}"
    return by


def _customer(customer: CustomerRow, width: int, zone: tzinfo, now: datetime) -> Iterator[Line]:
    yield heading("customer", width)
    name = clean_line(customer.name, 80) or "no name given"
    yield Line(((clip(f" {name}", width), "head"),))
    yield from _wrapped(clean_line(customer.email, 254), width, "")
    if customer.phone:
        yield Line(((clip(f" {clean_line(customer.phone, 40)}", width), ""),))
    cases = "1 case" if customer.tickets == 1 else f"{customer.tickets} cases"
    yield Line(((clip(f" since {customer.since.astimezone(zone):%b %Y}, {cases}", width), ""),))
    local = _local_time(customer, zone, now)
    if customer.language or local:
        words = ", ".join(word for word in (clean_line(customer.language, 20), local) if word)
        yield Line(((clip(f" {words}", width), ""),))
    if customer.note:
        yield from _wrapped(clean_line(customer.note, 300), width, "quote")


def _local_time(customer: CustomerRow, zone: tzinfo, now: datetime) -> str:
    """Say what time it is where the customer is, when that is not the desk's time."""
    if not customer.zone:
        return ""
    try:
        there = now.astimezone(ZoneInfo(customer.zone))
    except (ZoneInfoNotFoundError, ValueError, OSError):
        return ""
    if there.utcoffset() == now.astimezone(zone).utcoffset():
        return ""
    place = customer.zone.rpartition("/")[2].replace("_", " ")
    return f"{place}, local {there:%H:%M}"


def _hints(case: CaseView, width: int) -> Iterator[Line]:
    if not case.hints and not case.next:
        return
    yield heading("suggested next", width)
    if case.next:
        yield Line(((clip(f" . {case.next}", width), "head"),))
    for hint in case.hints:
        yield from _wrapped(clean_line(hint, 300), width, "")


def _wrapped(text: str, width: int, role: str, indent: int = 1) -> Iterator[Line]:
    for line in wrap(text, width - indent):
        yield Line(((" " * indent + line, role),))


def _clipped(pieces: tuple[Piece, ...], width: int) -> Iterator[Piece]:
    for text, role in pieces:
        if width > 0:
            yield clip(text, width), role
            width -= len(text)
