"""Lines made of pieces, each with the look that the theme gives it; wrapping is by cells, not by characters."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from rich.cells import cell_len, set_cell_size

Piece = tuple[str, str]
"""A text and its look: "" plain, or one of `theme.ROLES`."""


@dataclass(frozen=True, slots=True)
class Line:
    """Hold one line of a pane; `part` says which entry of the history it belongs to (None: to none)."""

    pieces: tuple[Piece, ...] = ()
    part: int | None = None

    @property
    def text(self) -> str:
        """Return the line without its looks."""
        return "".join(text for text, _ in self.pieces)


def width_of(text: str) -> int:
    """Count the cells that a text takes on the screen."""
    return len(text) if text.isascii() else cell_len(text)


def fit(text: str, width: int) -> str:
    """Cut or pad a text to exactly `width` cells; a cut shows as `..`."""
    if width <= 0:
        return ""
    if width_of(text) <= width:
        return text + " " * (width - width_of(text))
    return set_cell_size(text, width - 2) + ".." if width > 2 else set_cell_size(text, width)


def clip(text: str, width: int) -> str:
    """Cut a text to at most `width` cells; a cut shows as `..`."""
    return text if width_of(text) <= width else fit(text, width)


def wrap(text: str, width: int) -> Iterator[str]:
    """Break a text into lines of at most `width` cells, at spaces where there are any; every newline starts a line.

    Leading spaces of a line are kept, as they may be meant; time is linear in the length of the text.
    """
    for paragraph in text.split("\n"):
        if width_of(paragraph) <= width:
            yield paragraph
        else:
            yield from _broken(paragraph, max(width, 2))


def _broken(paragraph: str, width: int) -> Iterator[str]:
    indent = paragraph[: len(paragraph) - len(paragraph.lstrip(" "))][: width // 2]
    line, used = indent, len(indent)
    started = False
    for word in paragraph.split():
        cells = width_of(word)
        if started and used + 1 + cells <= width:
            line, used = f"{line} {word}", used + 1 + cells
            continue
        if started:
            yield line
            line, used = "", 0
        if used + cells > width:
            *whole, word = _chopped(word, width, width - used)
            for piece in whole:
                yield line + piece
                line, used = "", 0
            cells = width_of(word)
        line, used, started = line + word, used + cells, True
    yield line


def _chopped(word: str, width: int, first: int) -> list[str]:
    """Chop a word that is longer than a line; the first piece has only `first` cells of room."""
    pieces: list[str] = []
    piece: list[str] = []
    room = first
    for letter in word:
        cells = width_of(letter)
        if cells > room and (piece or room < width):
            pieces.append("".join(piece))
            piece, room = [], width
        piece.append(letter)
        room -= cells
    return [*pieces, "".join(piece)]


def heading(title: str, width: int) -> Line:
    """Draw the heading of a section: `-- title -----`."""
    words = clip(f"-- {title} ", width)
    return Line(((words + "-" * (width - width_of(words)), "rule"),))


def spread(left: tuple[Piece, ...], right: Piece, width: int) -> tuple[Piece, ...]:
    """Put one piece at the right edge; the left pieces give way."""
    room = width - width_of(right[0]) - (1 if right[0] else 0)
    shown: list[Piece] = []
    for text, role in left:
        if room <= 0:
            break
        cut = clip(text, room)
        shown.append((cut, role))
        room -= width_of(cut)
    return (*shown, (" " * (room + (1 if right[0] else 0)), ""), right) if right[0] else tuple(shown)


def padded(line: Line, width: int) -> tuple[Piece, ...]:
    """Return the pieces of a line cut and filled to exactly `width` cells."""
    shown: list[Piece] = []
    room = width
    for text, role in line.pieces:
        if room <= 0:
            break
        cut = text if width_of(text) <= room else set_cell_size(text, room)
        shown.append((cut, role))
        room -= width_of(cut)
    return (*shown, (" " * room, "")) if room > 0 else tuple(shown)


def beside(left: Sequence[Line], right: Sequence[Line], left_width: int, height: int) -> list[Line]:
    """Put two panes side by side, with one vertical rule between them, `height` rows high."""
    blank = Line()
    return [
        Line(
            (
                *padded(left[row] if row < len(left) else blank, left_width),
                ("|", "rule"),
                *(right[row] if row < len(right) else blank).pieces,
            )
        )
        for row in range(height)
    ]
