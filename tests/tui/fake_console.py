"""A console on the desk in memory, for a pseudo terminal: `python -m tests.tui.fake_console [OPTION=VALUE …]`."""

import os
import sys
from pathlib import Path

from agentconsole.tui.entry import QUIET

os.environ.update(QUIET)


def main(arguments: list[str]) -> int:
    """Run it; `delay` is the desk's slowness, `log` names a file for what was asked.

    `gate=off` turns the guard off, `sound` is after how many paints the output stage fails.
    """
    from agentconsole.tui.app import ConsoleApp
    from agentconsole.tui.demo_hooks import DemoHooks
    from agentconsole.tui.terminal import Terminal
    from tests.tui.breaking import Breaking
    from tests.tui.fake_desk import CODE, PASSWORD, FakeDesk, row, sample_rows, wild_rows

    options = dict(argument.split("=", 1) for argument in arguments)
    environ = dict(os.environ)
    os.environ.pop("NO_COLOR", None)
    desk = FakeDesk(delay=float(options.get("delay", "0")), speed=float(options.get("speed", "1")))
    desk.first_time = options.get("first", "") == "yes"
    rows = int(options.get("rows", "0"))
    if rows:
        desk.rows = [*sample_rows(), *(row(5000 + n, f"Customer {n}", f"Question {n}", None) for n in range(rows))]
    if options.get("wild") == "yes":
        desk.rows[1:1] = wild_rows()
    if "one" in options:
        desk.rows = desk.rows[:1]
    if "hostile" in options:
        text = options["hostile"].encode("ascii").decode("unicode_escape")
        desk.rows = [row(n, text, text, None, waiting_text=text) for n in range(1, 21)]
    demo = DemoHooks(lambda: CODE, "ana", PASSWORD) if options.get("filled", "yes") == "yes" else None
    gate = {"gate": lambda text: text} if options.get("gate") == "off" else {}
    app = ConsoleApp(desk.connect, Terminal(environ), demo, **gate)
    if "sound" in options:
        app.stage = Breaking(app.stage.colours, int(options["sound"]))
    app.run(mouse=False)
    if "log" in options:
        Path(options["log"]).write_text("".join(f"{body!r}\n" for body in desk.asked))
    return app.return_code or 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
