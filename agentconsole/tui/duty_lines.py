"""How a duty is drawn: as a line above a list, and as a line of the list of all duties."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, tzinfo

from agentconsole.tui.format import clock_cell, due_text, used_bar
from agentconsole.tui.lines import Line, clip, fit, width_of
from agentconsole.tui.theme import ON_CURSOR
from agentconsole.wire.duties import DutyRow

MOST_ABOVE = 2
"""So many duties stand above a list, the first by their due instants; the last line says how many more there are."""

USED_FROM = 86
USED = 11
NONE = "--"


def above_list(rows: Sequence[DutyRow], width: int, now: datetime, zone: tzinfo) -> list[Line]:
    """Draw the duties that are asked for now, above a list of tickets and in its columns; none draw nothing."""
    lines = []
    for at, row in enumerate(rows[:MOST_ABOVE]):
        more = len(rows) - MOST_ABOVE if at == MOST_ABOVE - 1 else 0
        hint = f", +{more} more: g d" if more > 0 else ", g d"
        texts = [f"{said}{hint}" for said in _said(row, now, zone)]
        lines.append(_line(row, width, now, texts, mark=" "))
    return lines


def duty_line(row: DutyRow, width: int, now: datetime, zone: tzinfo, *, here: bool) -> Line:
    """Draw one duty of the list of all; `>` is the cursor. What is not asked for yet has no word and no countdown."""
    whose = "yours" if row.mine else f"the {row.owner}s'"
    texts = [f"{fit(whose, 16)} {said}" for said in _said(row, now, zone)]
    return _line(row, width, now, texts, mark=">" if here else " ")


def columns_of_duties(width: int) -> Line:
    """Draw the headings of the list of duties."""
    used = f"{'USED':<{USED}}" if width >= USED_FROM else ""
    return Line(((clip(f"  STATE  LEFT {used}WHOSE            DUTY", width), "column"),))


def _line(row: DutyRow, width: int, now: datetime, texts: Sequence[str], *, mark: str) -> Line:
    """Draw a duty with the longest of the texts that fits, or with what fits of the shortest."""
    begun = row.begins is not None and row.begins <= now
    word, left = clock_cell(row.clock, now) if begun else (NONE, "")
    used = fit(used_bar(row.clock, now) if begun else "", USED) if width >= USED_FROM else ""
    look = "cursor" if mark == ">" else ""
    room = max(width - 14 - len(used), 1)
    said = next((text for text in texts if width_of(text) <= room), clip(texts[-1], room))
    return Line(
        (
            (f"{mark} ", look),
            (f"{word:<4}", word + ON_CURSOR if look else word),
            (f" {left:>6} {used}{said}", look),
        )
    )


def _said(row: DutyRow, now: datetime, zone: tzinfo) -> tuple[str, str, str]:
    """Return what is said of a duty, the longest text in front; when it is due is in each."""
    when, last = _when(row, now, zone), _last(row, now, zone)
    return f"{row.task} ({row.clause}), {when}{last}", f"{row.task} ({row.clause}), {when}", f"{row.task}, {when}"


def _when(row: DutyRow, now: datetime, zone: tzinfo) -> str:
    if row.begins is None or row.clock is None or row.clock.due_at is None:
        return "asked for no more"
    if row.begins > now:
        return f"next from {due_text(row.begins, now, zone)}"
    return f"due {due_text(row.clock.due_at, now, zone)}"


def _last(row: DutyRow, now: datetime, zone: tzinfo) -> str:
    return f", last {due_text(row.done_at, now, zone)} by {row.done_by}" if row.done_at is not None else ""
