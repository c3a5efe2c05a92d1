"""The first sign-in: a square to scan, the same key as text, and one code to prove that it works."""

from __future__ import annotations

from collections.abc import Callable

from rich.style import Style
from textual.geometry import Offset

from agentconsole.domain.errors import Refused
from agentconsole.domain.text import clean_line
from agentconsole.tui.form import Field, Form
from agentconsole.tui.lines import Line, Piece, padded, width_of, wrap
from agentconsole.tui.mode import Console, Hint, Key
from agentconsole.tui.screens.gate import GateMode
from agentconsole.tui.screens.signin import Doorkeeper
from agentconsole.wire.commands import ConfirmEnrolment
from agentconsole.wire.frames import Enrolling

PICTURES = ("blocks", "marks", "none")
TEXT_CELLS = 34
GAP = 3


class EnrolmentMode(GateMode):
    """Show the key of the second factor once, and ask for one code of it."""

    name = "enrolment"

    def __init__(self, console: Console, paint: Callable[[str], Style], door: Doorkeeper) -> None:
        super().__init__(console, paint, Form(Field("code", "Code", cells=8)))
        self._door = door
        self._key: Enrolling | None = None
        self._picture = "blocks"
        self._caret = Offset(0, 0)

    def enter(self, argument: object) -> None:
        """Show the key that the desk made."""
        if isinstance(argument, Enrolling):
            self._key = argument
            self._picture = "blocks"
            self.form.clear()
        self.redraw()

    def leave(self) -> None:
        """Forget the key."""
        self._key = None

    def title(self) -> str:
        """Say whose first sign-in it is."""
        return f"first sign-in of {self._key.login.upper()}: two-factor" if self._key is not None else ""

    def submit(self) -> None:
        """Send the code."""
        if self.form["code"]:
            self.send("Checking the code", ConfirmEnrolment(self.form["code"].strip()), self._door.admitted)

    def refused(self, refusal: Refused) -> None:
        """Say why not, and make room for the next code."""
        super().refused(refusal)
        self.form.clear()
        self.redraw()

    def special(self, key: Key) -> bool:
        """Draw the square otherwise, or leave."""
        if key.name == "ctrl+c":
            self._door.leave()
        elif key.name in ("f6", "f7"):
            wanted = "marks" if key.name == "f6" else "none"
            self._picture = "blocks" if self._picture == wanted else wanted
        else:
            return False
        return True

    def hints(self) -> tuple[Hint, ...]:
        """Name the keys of this screen."""
        return (Hint("Enter", "confirm code"), Hint("F6", "# marks"), Hint("F7", "key only"), Hint("ctrl+c", "leave"))

    def cursor(self) -> Offset | None:
        """Return where the code is typed."""
        return self._caret

    def draw(self, width: int, height: int) -> list[Line]:
        """Lay out the square at the left and the steps at its right, or the steps alone where it does not fit."""
        key = self._key
        if key is None:
            return []
        rows = {"blocks": key.qr, "marks": key.qr_marks}.get(self._picture, ())
        square = max((width_of(row) for row in rows), default=0)
        left = 1 if width < 100 else 4
        fits = bool(rows) and len(rows) <= height and left + square + GAP + TEXT_CELLS <= width
        start = left + square + GAP if fits else left + 2
        text, code_at = self._steps(key, min(width - start, 64), fits=fits)
        self._caret = Offset(start + self.form.caret(4)[0], 1 + code_at)
        if not fits:
            return [Line(((" " * start, ""), *line.pieces)) for line in text]
        lines: list[Line] = []
        for y in range(max(len(rows), len(text))):
            picture: Piece = (rows[y], "qr") if y < len(rows) else (" " * square, "")
            beside = text[y].pieces if y < len(text) else ()
            lines.append(Line(((" " * left, ""), *padded(Line((picture,)), square), (" " * GAP, ""), *beside)))
        return lines

    def _steps(self, key: Enrolling, cells: int, *, fits: bool) -> tuple[list[Line], int]:
        """Return the steps, and which of the lines is the one with the code."""
        scan = "Scan the square with an authenticator app, or type this key into it:"
        typed = "Type this key into an authenticator app:"
        groups = clean_line(key.seed_text)
        lines = [Line((("Set up two-factor sign-in", "head"),)), Line()]
        lines += _numbered(1, scan if fits else typed, cells)
        lines += [Line(), *(Line(((f"    {part}", "head"),)) for part in wrap(groups, min(cells - 4, 22)))]
        lines += [Line((("    time-based, 6 digits, 30 s", "column"),)), Line()]
        lines += [*_numbered(2, "Type the code it shows:", cells), Line()]
        code_at = len(lines)
        lines += [*self.form.lines(4), Line((("    " + self.code_note()[10:], "column"),)), Line()]
        lines += _numbered(3, "Keep the recovery codes shown next. Each works once.", cells)
        if not fits and self._picture != "none":
            lines += [Line(), *_wrapped("The square needs more room: make the window larger, or use the key.", cells)]
        return lines, code_at


def _wrapped(text: str, cells: int) -> list[Line]:
    return [Line(((part, "column"),)) for part in wrap(text, cells)]


def _numbered(number: int, text: str, cells: int) -> list[Line]:
    first, *rest = wrap(text, cells - 2)
    return [Line(((f"{number} {first}", ""),)), *(Line(((f"  {part}", ""),)) for part in rest)]
