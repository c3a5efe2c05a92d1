"""What Textual itself would send, behind the same gate: the way out when the output stage fails."""

from __future__ import annotations

import re
from collections.abc import Callable

from rich.cells import split_graphemes
from rich.color import ColorSystem
from rich.console import Console, RenderableType
from textual.geometry import Offset

from agentconsole.tui.guard import inert_cell
from agentconsole.tui.output import PLAIN, ink_of

_MOVE = re.compile(r"\x1b\[\d{1,5};\d{1,5}H", re.ASCII)


def stock_output(
    console: Console,
    renderable: RenderableType,
    colours: ColorSystem | None,
    gate: Callable[[str], str],
    cursor: Offset | None,
) -> str:
    """Return what shows an update of Textual's, by Rich's public protocol alone.

    Texts pass the gate, colours are no more than `colours`, and of orders none passes but moves of the cursor.
    """
    sent: list[str] = []
    for text, style, control in console.render(renderable):
        if control:
            sent.append(text if _MOVE.fullmatch(text) else "")
        elif text != "\n":  # each row begins with a move
            ink = PLAIN if style is None else ink_of(style, colours)
            sent.append(f"\x1b[{ink.codes()}m{_capped(gate(text))}")
    placed = "\x1b[?25l" if cursor is None else f"\x1b[{cursor.y + 1};{cursor.x + 1}H\x1b[?25h"
    return "".join((*sent, "\x1b[m", placed))


def _capped(text: str) -> str:
    if text.isascii():
        return text
    return "".join(inert_cell(text[start:end]) for start, end, _ in split_graphemes(text)[0])
