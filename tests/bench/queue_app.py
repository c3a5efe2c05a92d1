"""Our console on a desk in memory, set up as the yardstick app is: so many rows, so many of them ticking."""

import os
import sys

from agentconsole.tui.entry import QUIET

os.environ.update(QUIET)


def main(rows: int, ticking: int) -> int:
    """Run the console with its sign-in filled in; the first `ticking` rows count down each second."""
    from agentconsole.tui.app import ConsoleApp
    from agentconsole.tui.demo_hooks import DemoHooks
    from agentconsole.tui.terminal import Terminal
    from tests.tui.fake_desk import CODE, PASSWORD, FakeDesk, clock, row

    desk = FakeDesk(delay=0.0, speed=1.0)
    desk.rows = [
        row(1000 + n, f"Customer {n}", "ready to work", clock(590 if n < ticking else 60_000, target=86_400))
        for n in range(rows)
    ]
    app = ConsoleApp(desk.connect, Terminal(dict(os.environ)), DemoHooks(lambda: CODE, "ana", PASSWORD))
    app.run(mouse=False)
    return app.return_code or 0


if __name__ == "__main__":
    sys.exit(main(int(sys.argv[1]), int(sys.argv[2])))
