"""A widget that draws lines of its mode and repaints only the rows that changed."""

from collections.abc import Callable, Sequence

from rich.segment import Segment
from rich.style import Style
from textual.geometry import Region, Size
from textual.strip import Strip
from textual.widget import Widget

from agentconsole.tui.lines import Line, Piece, padded

Draw = Callable[[int, int], Sequence[Line]]
"""Return the lines of a body of this width and height in cells; it may be fewer."""


class Canvas(Widget):
    """Draw what `draw` returns, in the styles that `paint` gives to the roles of its pieces."""

    DEFAULT_CSS = "Canvas { width: 1fr; height: 1fr; }"

    def __init__(self, draw: Draw, paint: Callable[[str], Style], *, id: str) -> None:
        super().__init__(id=id)
        self._draw = draw
        self._paint = paint
        self._rows: list[tuple[Piece, ...]] = []
        self._drawn_for: Size | None = None

    def redraw(self) -> None:
        """Ask for the lines again and repaint the rows that differ."""
        if not self.size:
            return
        before, self._rows = self._rows, self._drawn()
        if len(before) != len(self._rows):
            self.refresh()
            return
        width = self.size.width
        changed = [Region(0, y, width, 1) for y, row in enumerate(self._rows) if row != before[y]]
        if changed:
            self.refresh(*changed)

    def on_resize(self) -> None:
        """Draw anew for another size."""
        self.redraw()

    def on_show(self) -> None:
        """Draw what changed while out of view."""
        self.redraw()

    def on_hide(self) -> None:
        """Have the lines asked for again before they are seen again."""
        self._drawn_for = None

    def render_line(self, y: int) -> Strip:
        """Return one row as styled segments; the first of a size, or after a while out of view, asks for the lines.

        Else the layout would be painted empty first, and a second time when `on_show` comes.
        """
        if self._drawn_for != self.size:
            self._rows = self._drawn()
        ground = self.visual_style.rich_style
        return Strip([Segment(text, ground + self._paint(role) if role else ground) for text, role in self._rows[y]])

    def _drawn(self) -> list[tuple[Piece, ...]]:
        width, height = self._drawn_for = self.size
        rows = [padded(line, width) for line in self._draw(width, height)[:height]]
        return [*rows, *[padded(Line(), width)] * (height - len(rows))]
