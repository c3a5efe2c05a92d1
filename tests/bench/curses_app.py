"""A yardstick of the console: the same queue in curses, which too writes only what changed."""

import curses
import sys
import time

from tests.bench.bare_app import READY, ROWS, TICKING

TOP, PANE = 3, 5
STATE, HERE = 1, 2


def main(screen: "curses.window", *, ticking: bool) -> None:
    """Draw rows and a pane about one of them, move by j and k, count the first rows down each second; q ends."""
    curses.use_default_colors()
    curses.init_pair(STATE, 75, 233)
    curses.init_pair(HERE, 253, 236)
    height, width = screen.getmaxyx()
    shown = min(ROWS, height - TOP - PANE)
    here, left, beat = 0, 590, time.monotonic()
    screen.timeout(50)
    while True:
        for number in range(shown):
            clock = left if ticking and number < TICKING else 590
            _row(screen, TOP + number, width - 1, f"{clock // 60}:{clock % 60:02}", number, is_here=number == here)
        _pane(screen, height - PANE, width - 1, here)
        screen.move(TOP + here, 0)
        screen.refresh()
        key = screen.getch()
        if key == ord("q"):
            return
        here = max(0, min(shown - 1, here + {ord("j"): 1, ord("k"): -1}.get(key, 0)))
        if ticking and time.monotonic() - beat >= 1:
            beat += 1
            left -= 1


def _row(screen: "curses.window", y: int, width: int, left: str, number: int, *, is_here: bool) -> None:
    style = curses.color_pair(HERE) | curses.A_BOLD if is_here else curses.A_NORMAL
    text = f"{'>' if is_here else ' '} DUE  {left:>6} reply   EM {1000 + number}    Customer {number:<4} {READY}"
    screen.addnstr(y, 0, text.ljust(width), width, style)
    screen.chgat(y, 2, 3, curses.color_pair(STATE))


def _pane(screen: "curses.window", y: int, width: int, here: int) -> None:
    lines = (
        "-" * width,
        f" {1000 + here} email, Customer {here}",
        " Why here: this can still be kept.",
        "",
        " q quits",
    )
    for number, line in enumerate(lines):
        screen.addnstr(y + number, 0, line.ljust(width), width)


if __name__ == "__main__":
    curses.wrapper(lambda screen: main(screen, ticking=sys.argv[1] == "ticking"))
