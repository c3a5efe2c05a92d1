"""The output stage: composes what reaches the terminal from cells, and sends only those that changed."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from functools import lru_cache

from rich.cells import split_graphemes
from rich.color import ColorSystem
from rich.segment import Segment
from rich.style import Style
from textual import _compositor
from textual.geometry import Offset

from agentconsole.tui.guard import inert, inert_cell
from agentconsole.tui.widths import MOST_CELLS, letters, most_cells

Piece = tuple[int, int, Iterable[Segment]]
"""A row, a column, and what is to stand from there on."""

SHORT_GAP = 4
"""So many unchanged cells are cheaper to send again than a cursor move over them."""


_OFF = {"1": "22", "2": "22", "3": "23", "4": "24", "7": "27"}
"""The code that ends each attribute; bold and dim have one together."""


@dataclass(frozen=True, slots=True)
class Ink:
    """A style as the terminal keeps it: SGR codes of the attributes, of the colour and of the ground."""

    attributes: tuple[str, ...] = ()
    colour: str = "39"
    ground: str = "49"

    def codes(self) -> str:
        """Return the codes that set this from nothing."""
        colours = [code for code, plain in ((self.colour, "39"), (self.ground, "49")) if code != plain]
        return ";".join(("0", *self.attributes, *colours))

    def after(self, before: Ink | None) -> str:
        """Return the shortest sequence that turns `before` into this."""
        if before == self:
            return ""
        whole = self.codes()
        if whole == "0":
            return "\x1b[m"
        if before is None:
            return f"\x1b[{whole}m"
        gone = {_OFF[code] for code in before.attributes if code not in self.attributes}
        added = [code for code in self.attributes if code not in before.attributes or _OFF[code] in gone]
        colours = [now for now, was in ((self.colour, before.colour), (self.ground, before.ground)) if now != was]
        fewest = min(";".join((*sorted(gone), *added, *colours)), whole, key=len)
        return f"\x1b[{fewest}m"


PLAIN = Ink()


@lru_cache(maxsize=1024)
def ink_of(style: Style, colours: ColorSystem | None) -> Ink:
    """Return a style's ink at a depth of colours; None sends no colour at all."""
    bits = (("1", style.bold), ("2", style.dim), ("3", style.italic), ("4", style.underline), ("7", style.reverse))
    attributes = tuple(code for code, wanted in bits if wanted)
    if colours is None:
        return Ink(attributes)
    colour = ground = None
    if style.color is not None:
        colour = ";".join(style.color.downgrade(colours).get_ansi_codes(foreground=True))
    if style.bgcolor is not None:
        ground = ";".join(style.bgcolor.downgrade(colours).get_ansi_codes(foreground=False))
    return Ink(attributes, colour or "39", ground or "49")


@lru_cache(maxsize=1024)
def _blank(ink: Ink) -> Ink:
    """Return the ink that makes a space look the same with the fewest codes."""
    if "7" in ink.attributes or "4" in ink.attributes:
        return ink
    return Ink((), "39", ink.ground)


Cell = tuple[str, Ink]


def _needs_no_codes(ink: Ink, cell: Cell) -> bool:
    """Tell whether a cell can be written in an ink as it is; a space does not show its colour."""
    return cell[1] == ink or (cell[0] == " " and cell[1] == _blank(ink))


def _erases_as(ink: Ink, blank: Ink) -> bool:
    """Tell whether erasing in an ink leaves this blank: only the ground counts, unless the two are exchanged."""
    return ink.ground == blank.ground and "7" not in ink.attributes


class Stage:
    """Keep what the terminal shows, cell by cell, and write what has to change.

    `gate` is what every text passes; a test turns it off to see that it is this gate that holds. `keeps_ground` says
    that the terminal gives an erased cell the ground colour in use.
    """

    def __init__(
        self, colours: ColorSystem | None, gate: Callable[[str], str] = inert, *, keeps_ground: bool = True
    ) -> None:
        self.colours = colours
        self._gate = gate
        self._keeps_ground = keeps_ground
        self._rows: list[list[Cell | None]] = []
        self._size = (0, 0)
        self._ink: Ink | None = None
        self._at: tuple[int, int] | None = None
        self._shown: bool | None = None

    def forget(self, width: int, height: int) -> None:
        """Take for granted nothing of what the terminal shows; the next paint sends all of its cells."""
        self._size = (width, height)
        self._rows = [[None] * width for _ in range(height)]
        self._ink = self._at = self._shown = None

    @property
    def size(self) -> tuple[int, int]:
        """Return width and height in cells."""
        return self._size

    def paint(self, pieces: Iterable[Piece], cursor: Offset | None = None) -> str:
        """Return what to write so that the terminal shows these pieces and its cursor stands where it should."""
        written: list[str] = []
        wide, high = self._size
        for y, x, segments in pieces:
            if 0 <= y < high and 0 <= x < wide:
                self._write_piece(written, y, x, self._cells(segments, wide - x))
        if cursor is not None and cursor.x < wide and cursor.y < high:
            self._move(written, cursor.x, cursor.y)
        if (cursor is not None) != self._shown and (written or cursor is not None):
            self._shown = cursor is not None
            written.append("\x1b[?25h" if self._shown else "\x1b[?25l")
        return "".join(written)

    def _cells(self, segments: Iterable[Segment], room: int) -> list[Cell]:
        cells: list[Cell] = []
        for text, style, control in segments:
            if control:
                continue
            ink = PLAIN if style is None else ink_of(style, self.colours)
            text = self._gate(text)
            if text.isascii() and text.isprintable():
                blank = _blank(ink)
                cells.extend((letter, blank if letter == " " else ink) for letter in text)
            else:
                cells.extend(_wide_cells(text, ink))
            if len(cells) >= room:
                break
        if len(cells) > room:
            del cells[room:]
        # Half of a wide letter at the right edge would make the terminal move it to the next line.
        if cells and cells[-1][0] and not cells[-1][0].isascii() and split_graphemes(cells[-1][0])[1] > 1:
            cells[-1] = (" ", _blank(cells[-1][1]))
        return cells

    def _write_piece(self, written: list[str], y: int, x: int, cells: list[Cell]) -> None:
        row = self._rows[y]
        cells = [*cells, *_neighbours(row, x, cells)]
        while x > 0 and (cut := row[x]) is not None and not cut[0]:
            # The piece begins within a wide letter: of its beginning a blank is left.
            x -= 1
            cells.insert(0, (" ", _blank(cut[1])))
        column, end = 0, len(cells)
        while column < end:
            if row[x + column] == cells[column]:
                column += 1
                continue
            stop = self._run_end(row, x, cells, column)
            while column > 0 and cells[column][0] == "":
                column -= 1
            self._write_run(written, y, x + column, cells[column:stop])
            row[x + column : x + stop] = cells[column:stop]
            column = stop

    def _run_end(self, row: list[Cell | None], x: int, cells: list[Cell], start: int) -> int:
        """Return where the run of changed cells ends, short gaps of unchanged ones being part of it.

        So are the cells beside a letter that some terminals draw wider, over its neighbours.
        """
        stop = last = start + 1
        reach = start + most_cells(cells[start][0])
        while stop < len(cells) and (stop - last < SHORT_GAP or stop < reach):
            stop += 1
            if row[x + stop - 1] != cells[stop - 1] or stop <= reach:
                last = stop
                reach = max(reach, stop - 1 + most_cells(cells[stop - 1][0]))
            elif not _needs_no_codes(cells[last - 1][1], cells[stop - 1]):
                break
        while last < len(cells) and cells[last][0] == "":
            last += 1
        return last

    def _write_run(self, written: list[str], y: int, x: int, cells: list[Cell]) -> None:
        self._move(written, x, y)
        cells, erased = self._without_tail(self._rows[y][x + len(cells) :], cells)
        plain = True
        for column, (text, ink) in enumerate(cells, x + 1):
            if not text:
                continue
            if self._ink is None or not _needs_no_codes(self._ink, (text, ink)):
                written.append(ink.after(self._ink))
                self._ink = ink
            if text.isascii():
                written.append(text)
            else:
                plain = False
                written.append(_placed(text, column))
        column = x + len(cells)
        if erased is not None:
            if self._ink is None or not _erases_as(self._ink, erased):
                written.append(erased.after(self._ink))
                self._ink = erased
            written.append("\x1b[K")
        # Terminals disagree about the width of some letters, and stay at the last column: then the place is not known.
        self._at = (column, y) if plain and column < self._size[0] else None

    def _without_tail(self, behind: list[Cell | None], cells: list[Cell]) -> tuple[list[Cell], Ink | None]:
        """Split off blanks that reach the right edge, where erasing them costs less than sending them.

        `behind` are the cells from there to the edge: what is the same blank already may be erased with them.
        """
        end = len(cells)
        last = cells[-1]
        if last[0] != " " or any(cell != last for cell in behind):
            return cells, None
        while end > 0 and cells[end - 1] == last:
            end -= 1
        ink = last[1]
        erasable = not ink.attributes and (self._keeps_ground or ink.ground == "49")
        return (cells[:end], ink) if len(cells) - end > SHORT_GAP and erasable else (cells, None)

    def _move(self, written: list[str], x: int, y: int) -> None:
        if self._at == (x, y):
            return
        written.append(_shortest_move(self._at, x, y))
        self._at = (x, y)


def _neighbours(row: list[Cell | None], x: int, cells: list[Cell]) -> Iterator[Cell]:
    """Yield the cells behind a piece that its last letters may be drawn over, as far as they are known.

    What is left of a wide letter whose beginning the piece has replaced is a blank.
    """
    tail = range(max(0, len(cells) - MOST_CELLS), len(cells))
    reach = x + max((at + most_cells(cells[at][0]) for at in tail), default=0)
    is_cut = True
    for at, cell in enumerate(row[x + len(cells) :], x + len(cells)):
        is_cut = is_cut and cell is not None and not cell[0]
        if cell is None or (at >= reach and not is_cut):
            return
        reach = max(reach, at + most_cells(cell[0]))
        yield (" ", _blank(cell[1])) if is_cut else cell


def _placed(letter: str, column: int) -> str:
    """Return what shows a letter in a column counted from 1, and goes on behind its cells, however wide it is drawn."""
    if not most_cells(letter):
        return letter
    cells = split_graphemes(letter)[1]
    # A terminal that draws it narrower would leave what was there before beside it.
    cleared = f"{' ' * cells}\x1b[{column}G" if cells > 1 else ""
    return f"{cleared}{letter}\x1b[{column + cells}G"


def _shortest_move(at: tuple[int, int] | None, x: int, y: int) -> str:
    whole = f"\x1b[{y + 1};{x + 1}H" if x else f"\x1b[{y + 1}H"
    if at is None:
        return whole
    was_x, was_y = at
    ways = [whole]
    if y == was_y:
        ways.append("\r" if x == 0 else f"\x1b[{x + 1}G")
        if x > was_x:
            ways.append(f"\x1b[{x - was_x}C" if x - was_x > 1 else "\x1b[C")
    elif x == 0 and y == was_y + 1:
        ways.append("\r\n")
    return min(ways, key=len)


def _wide_cells(text: str, ink: Ink) -> Iterator[Cell]:
    blank = _blank(ink)
    for letter, width in letters(text):
        if width:
            yield (inert_cell(letter), blank if letter == " " else ink)
            yield from [("", ink)] * (width - 1)
        else:
            yield (letter, ink)


def pieces_of(update: object) -> Iterator[Piece]:
    """Return the pieces of one of Textual's updates; raises TypeError for what is none of the two that are known.

    Both types are private to Textual. They are looked up here, so that a Textual without them does without this stage.
    """
    if isinstance(update, _compositor.LayoutUpdate):
        for y, strips in enumerate(update.strips, update.region.y):
            yield (y, update.region.x, [segment for strip in strips for segment in strip])
        return
    if not isinstance(update, _compositor.ChopsUpdate):
        raise TypeError(f"an update of another kind: {type(update).__name__}")
    for y, left, right in update.spans:
        for end, (x, strip) in zip(update.chop_ends[y], update.chops[y].items(), strict=False):
            if strip is None or x > right or end <= left:
                continue
            yield (y, x, strip if left <= x and end <= right else strip.crop(0, min(end, right) - x))
