"""Widgets that draw a hostile text raw, for our output stage: `-m tests.tui.hostile_app FILE [off] [broken]`."""

import sys
from pathlib import Path

from rich.color import ColorSystem
from rich.segment import Segment
from rich.text import Text
from textual.app import ComposeResult
from textual.content import Content
from textual.events import Key
from textual.strip import Strip
from textual.widget import Widget
from textual.widgets import DataTable, Input, Label, RichLog, Static, TextArea, Tree

from agentconsole.tui.staged import StagedApp
from tests.tui.breaking import Breaking


class Raw(Widget):
    """Draw a text by the Line API, as our own widgets do."""

    DEFAULT_CSS = "Raw { height: 1; }"

    def __init__(self, text: str) -> None:
        super().__init__()
        self.text = text

    def render_line(self, y: int) -> Strip:
        return Strip([Segment(self.text)], self.size.width)


class HostileApp(StagedApp):
    """Show one hostile text in every kind of widget, none of which cleans it."""

    CSS = "Input, TextArea, RichLog, DataTable, Tree { height: 2; border: none; }"

    def __init__(self, text: str, *, guarded: bool) -> None:
        gate = {} if guarded else {"gate": lambda text: text}
        super().__init__(ColorSystem.EIGHT_BIT, **gate)
        self.text = text

    def compose(self) -> ComposeResult:
        line = self.text.replace("\n", " ")
        yield Raw(line)
        yield Static(Content(self.text))
        yield Static(Text(self.text))
        yield Label(line, markup=False)
        yield Input(value=line)
        yield TextArea(line)
        log = RichLog()
        yield log
        table: DataTable[Text] = DataTable()
        table.add_column("column", key="column")
        table.add_row(Text(line))
        yield table
        yield Tree(Text(line))
        yield Static("the end")

    def on_mount(self) -> None:
        self.query_one(RichLog).write(self.text)

    async def on_key(self, event: Key) -> None:
        if event.key == "f":
            hostile = self.text
            raise ValueError(hostile)
        self.exit(0)


if __name__ == "__main__":
    hostile = Path(sys.argv[1]).read_bytes().decode("utf-8", "surrogatepass")
    app = HostileApp(hostile, guarded="off" not in sys.argv)
    if "broken" in sys.argv:
        app.stage = Breaking(ColorSystem.EIGHT_BIT)
    app.run(mouse=False)
