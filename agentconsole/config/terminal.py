"""Making sure that there is a terminal the console can draw on, before anything of Textual is imported."""

import re
from collections.abc import MutableMapping
from typing import TextIO

from agentconsole.domain.errors import Refused

_TERM = re.compile(r"[A-Za-z0-9+._-]{1,32}")
_SCRUBBED = ("TEXTUAL", "PYTHON", "LD_")


def prepare_terminal(environ: MutableMapping[str, str], stdin: TextIO, stdout: TextIO) -> None:
    """Refuse what the console cannot draw on; remove what would load or write things on somebody else's behalf."""
    if not stdin.isatty() or not stdout.isatty():
        raise Refused("The console needs a terminal: run it in one, or over `ssh -t`.")
    term = environ.get("TERM", "")
    if not _TERM.fullmatch(term) or term == "dumb":
        raise Refused(
            f'This terminal calls itself "{term[:32]}", which cannot be drawn on: set TERM, as xterm-256color.'
        )
    for name in [name for name in environ if name.startswith(_SCRUBBED)]:
        del environ[name]
