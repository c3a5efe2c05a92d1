"""A widget that draws lines of its mode and repaints only the rows that changed."""

from collections.abc import Callable, Sequence

from rich.segment import Segment
from rich.style import Style
from textual.geometry import Region
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

    def redraw(self) -> None:
        """Ask for the lines again and repaint the rows that differ."""
        width, height = self.size
        if not width or not height:
            return
        drawn = self._draw(width, height)
        rows = [padded(line, width) for line in drawn[:height]]
        rows.extend([padded(Line(), width)] * (height - len(rows)))
        before, self._rows = self._rows, rows
        if len(before) != len(rows):
            self.refresh()
            return
        changed = [Region(0, y, width, 1) for y, row in enumerate(rows) if row != before[y]]
        if changed:
            self.refresh(*changed)

    def on_resize(self) -> None:
        """Draw anew for another size."""
        self.redraw()

    def on_show(self) -> None:
        """Draw what changed while out of view."""
        self.redraw()

    def render_line(self, y: int) -> Strip:
        """Return one row as styled segments."""
        ground = self.visual_style.rich_style
        if y >= len(self._rows):
            return Strip.blank(self.size.width, ground)
        return Strip([Segment(text, ground + self._paint(role) if role else ground) for text, role in self._rows[y]])
