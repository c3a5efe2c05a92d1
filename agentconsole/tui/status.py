"""The status bar and the key hints: the first and the last line of the frame."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from zoneinfo import ZoneInfo

from agentconsole.domain.text import clean_line
from agentconsole.tui.lines import Line, Piece, clip, width_of
from agentconsole.tui.mode import Hint
from agentconsole.wire.frames import SignedIn, Welcome
from agentconsole.wire.rows import Counts

ROOMY = 110


def status_line(
    me: SignedIn, welcome: Welcome, counts: Counts, title: str, now: datetime, zone: ZoneInfo, width: int
) -> Line:
    """Draw who is signed in, where she is or what waits, what is late, and the desk's time."""
    demo = "DEMO " if welcome.demo else ""
    if not me.login:
        left = f" {demo}agentconsole{f' | {title}' if title else ''}"
        right = f"{welcome.desk.line(40)} "
        return Line(_spread(((left, "bar"),), right, width))
    who = f" {demo}{clean_line(me.login, 20).upper()} {me.role}"
    gap = " | " if width >= ROOMY else "|"
    where = title or f"Mine {counts.mine} Team {counts.team}"
    if title and width >= ROOMY:
        where = f"{title} | Mine {counts.mine} Team {counts.team}"
    waits: tuple[Piece, ...] = (
        (f"LATE {counts.late}", "bar_late" if counts.late else "bar"),
        (f" DUE {counts.due}", "bar_due" if counts.due else "bar"),
        # Where a place has a name of its own, what that says (a draft is kept, who is there) needs the room.
        *(((f"{gap}policy {me.to_read}, g y", "bar_due"),) if me.to_read and (not title or width >= ROOMY) else ()),
    )
    fast = f"{welcome.speed:g}x fast" if welcome.speed not in (0.0, 1.0) else ""
    here = now.astimezone(zone)
    clock = f"{here:%a} {here.day} {here:%b  %H:%M} " if width >= ROOMY else f"{here:%H:%M} "
    right = f"{fast} {clock}" if fast else clock
    taken = width_of(who) + 2 * len(gap) + sum(len(text) for text, _ in waits) + len(right) + 1
    return Line(_spread(((f"{who}{gap}{clip(where, max(width - taken, 8))}{gap}", "bar"), *waits), right, width))


def _spread(left: tuple[Piece, ...], right: str, width: int) -> tuple[Piece, ...]:
    used = sum(width_of(text) for text, _ in left)
    if used + width_of(right) > width:
        right = ""
    return (*left, (" " * max(0, width - used - width_of(right)) + right, "bar"))


def hints_line(hints: Sequence[Hint], width: int, *, helps: bool) -> Line:
    """Draw the hints that fit, most useful first; one that does not fit is left out whole, "? help" never is."""
    gap = "   " if width >= ROOMY else "  "
    last: tuple[Piece, ...] = (("?", "key"), (" help", "column")) if helps else ()
    room = width - 1 - sum(len(text) for text, _ in last)
    pieces: list[Piece] = [(" ", "")]
    for hint in hints:
        long = width_of(hint.key) + 1 + width_of(hint.label) + len(gap)
        if long > room:
            continue
        room -= long
        pieces.extend(((hint.key, "key"), (f" {hint.label}{gap}", "column")))
    return Line((*pieces, *last))
