"""The command line's way to the terminal: what is printed was cleaned."""

import re
import sys

from agentconsole.domain.text import clean, clean_line

_LONGEST_COMPLAINT = 900
_LONG_WORD = re.compile(r"\S{260,}")
_SHOWN_OF_IT = 60


def tell(text: str, *, error: bool = False) -> None:
    """Print some lines, on stderr as an `error`; what a terminal would obey is printed as its picture."""
    print(clean(text), file=sys.stderr if error else sys.stdout, flush=True)


def complain(text: str) -> None:
    """Print one sentence on stderr, on one line; what was given and is long is cut, so that the rest can be read."""
    shown = _LONG_WORD.sub(lambda word: f"{word.group()[:_SHOWN_OF_IT]}…", text)
    print(clean_line(shown, _LONGEST_COMPLAINT), file=sys.stderr, flush=True)
