"""G22: over ssh on a line of 200 ms and 56 kbit/s, when the first screen stands, against neomutt over the same line."""

import os
import shlex
import shutil
import statistics
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from tests.bench.bare_app import READY
from tests.bench.mail_client import neomutt
from tests.bench.serving import row, served_desk
from tests.cli.program import Program
from tests.pty import ROOT, Terminal
from tests.servers import HOST
from tests.slow_line import SlowLine
from tests.sshd import Line, serving, sshd
from tests.team.conftest import ANSWERS
from tests.team.host import scratch_host

MILLISECONDS, BITS = 200, 56_000
MAILS, ROWS = 50, 20
ACCOUNT = "ana"
SIGN_IN = ("Terminal:", 1)
LIST = (READY, ROWS)
NEEDED = {"sshd", "systemd-sysusers", "unshare"}


def measure(runs: int = 5) -> list[dict[str, object]]:
    """Return the row, as medians of runs taken in turn; without root it is without ssh, and then without a budget."""
    system = f"{os.environ.get('PATH', '')}:/usr/sbin:/sbin"
    if os.geteuid() != 0 or any(shutil.which(name, path=system) is None for name in NEEDED):
        with served_desk(lambda _: None) as desk:
            return [_row("without ssh, which needs root and sshd", [_painted_here(desk) for _ in range(runs)], [])]
    ours, theirs = [], []
    with _line() as line:
        other = _mailbox(line.host.root / "home" / ACCOUNT / "mail")
        for _ in range(runs):
            ours.append(_painted(_over(line, "agentconsole"), SIGN_IN))
            if other:
                theirs.append(_painted(_over(line, other), LIST))
    return [_row("over ssh, against neomutt" if theirs else "over ssh (neomutt is not here)", ours, theirs)]


def _row(how: str, ours: list[float], theirs: list[float]) -> dict[str, object]:
    what = f"exec to painted sign-in at {MILLISECONDS} ms and {BITS / 1000:.0f} kbit/s {how}, s"
    if not theirs:
        return row("G22", what, statistics.median(ours), None, None)
    return row("G22", what, statistics.median(ours), statistics.median(theirs), 1.15)


@contextmanager
def _line() -> Iterator[Line]:
    with scratch_host() as host:
        host.members |= {ACCOUNT}
        answers = host.root / "answers.toml"
        answers.write_text(ANSWERS, encoding="utf-8")
        said = host("init", "--team", "--root", str(host.root), "--answers", str(answers))
        assert said.code == 0, said.err
        with sshd(host) as line, serving(line):
            yield line
            line.end_all(ACCOUNT)


def _mailbox(folder: Path) -> str:
    """Make a mailbox for neomutt, and return the command that opens it; "" where it is not installed."""
    folder.mkdir(parents=True)
    begun = neomutt(folder, MAILS)
    if begun is None:
        return ""
    begun.close()
    return f"neomutt -n -F {folder}/rc -R"


def _over(line: Line, command: str) -> Terminal:
    proxy = shlex.join([sys.executable, "-m", "tests.slow_relay", str(line.port), str(MILLISECONDS), str(BITS)])
    words = [*line.ssh(), "-o", f"ProxyCommand={proxy}", "-tt", f"{ACCOUNT}@{HOST}", command]
    return Terminal(words, environ={"LANG": "C.UTF-8", "PYTHONPATH": str(ROOT)})


def _painted_here(desk: Program) -> float:
    terminal = Terminal.python("tests.bench.console_app", environ=desk.places)
    terminal.slow_down(SlowLine(MILLISECONDS / 2_000, BITS / 8))
    return _painted(terminal, SIGN_IN)


def _painted(terminal: Terminal, wanted: tuple[str, int]) -> float:
    text, times = wanted
    began = time.perf_counter()
    with terminal:
        terminal.wait_for(lambda: terminal.text.count(text) >= times)
        return time.perf_counter() - began
