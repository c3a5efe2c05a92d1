"""A console whose desk has nothing but hostile mail: `python -m tests.torture.hostile_console FILE [raw]`.

FILE holds the texts as JSON; each is the customer, the subject and the words of one case. With `raw` neither the type
of the text nor the guard cleans anything: the negative control.
"""

import json
import os
import sys
from pathlib import Path

from agentconsole.tui.entry import QUIET

os.environ.update(QUIET)


def main(file: str, *options: str) -> int:
    """Run it until somebody leaves."""
    from agentconsole.domain import untrusted
    from agentconsole.tui.app import ConsoleApp
    from agentconsole.tui.demo_hooks import DemoHooks
    from agentconsole.tui.terminal import Terminal
    from tests.tui.fake_desk import CODE, PASSWORD, FakeDesk, row

    gate = {}
    if "raw" in options:
        untrusted.clean = lambda text: text
        untrusted.clean_line = lambda text, limit=500: text.replace("\n", " ")[:limit]
        gate = {"gate": lambda text: text}
    desk = FakeDesk()
    texts = json.loads(Path(file).read_text("ascii"))
    desk.rows = [row(number, text, text, None, waiting_text=text) for number, text in enumerate(texts, 1)]
    demo = DemoHooks(lambda: CODE, "ana", PASSWORD)
    app = ConsoleApp(desk.connect, Terminal(dict(os.environ)), demo, **gate)
    app.run(mouse=False)
    return app.return_code or 0


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]))
