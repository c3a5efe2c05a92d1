"""The yardsticks of the console: a bare Textual app, and a stock DataTable that shows the same queue."""

import sys
from collections.abc import Iterator

from textual.app import App, ComposeResult
from textual.widgets import DataTable, Static

READY = "ready to work"
ROWS = 60
TICKING = 22


class BareApp(App[None]):
    """Show one line of text."""

    def compose(self) -> ComposeResult:
        """Return the one widget."""
        yield Static(READY)


class TableApp(App[None]):
    """Show a queue in a DataTable; with `ticking`, the countdowns of the visible rows change each second."""

    def __init__(self, *, ticking: bool = False, rows: int = ROWS) -> None:
        super().__init__()
        self._number = rows
        self._ticking = ticking
        self._left = 590

    def compose(self) -> ComposeResult:
        """Return the table."""
        yield DataTable(cursor_type="row")

    def on_mount(self) -> None:
        """Fill the table and begin to tick."""
        table = self.query_one(DataTable)
        for name in ("STATE", "LEFT", "NEXT", "CH", "CASE", "CUSTOMER", "SUBJECT"):
            table.add_column(name, key=name)
        for row in self._rows():
            table.add_row(*row, key=row[4])
        table.focus()
        if self._ticking:
            self.set_interval(1.0, self._tick)

    def _rows(self) -> Iterator[tuple[str, ...]]:
        for number in range(self._number):
            yield "DUE", "9:50", "reply", "EM", f"{number}-1", f"Customer {number}", READY

    def _tick(self) -> None:
        self._left -= 1
        table = self.query_one(DataTable)
        for number in range(TICKING):
            table.update_cell(f"{number}-1", "LEFT", f"{self._left // 60}:{self._left % 60:02}")


if __name__ == "__main__":
    kind, *number = sys.argv[1:]
    rows = int(number[0]) if number else ROWS
    (BareApp() if kind == "bare" else TableApp(ticking=kind == "ticking", rows=rows)).run(mouse=False)
