"""An output stage that fails, as it would on a Textual whose private parts have changed."""

from collections.abc import Iterable

from rich.color import ColorSystem
from textual.geometry import Offset

from agentconsole.tui.output import Piece, Stage


class Breaking(Stage):
    """Paint so many times, then fail."""

    def __init__(self, colours: ColorSystem | None, sound: int = 0) -> None:
        super().__init__(colours)
        self._sound = sound

    def paint(self, pieces: Iterable[Piece], cursor: Offset | None = None) -> str:
        """Fail, unless it is one of the sound paints."""
        if self._sound == 0:
            raise AttributeError("strips")
        self._sound -= 1
        return super().paint(pieces, cursor)
