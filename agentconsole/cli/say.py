"""The command line's way to the terminal: what is printed was cleaned."""

import re
import sys
import textwrap

from agentconsole.domain.text import clean, clean_line

_COLUMNS = 80
_LONGEST_COMPLAINT = 900
_LONG_WORD = re.compile(r"\S{260,}")
_SHOWN_OF_IT = 60
_USUAL = "\x1b[?2004l\x1b[?7h\x1b[?2048l\x1b[<u\x1b[?1049l\x1b[?25h\x1b[?1004l"
"""Paste, wrap, size, keys, the first screen, cursor and focus as they were before a console."""


def tell(text: str, *, error: bool = False) -> None:
    """Print some lines, on stderr as an `error`; what a terminal would obey is printed as its picture."""
    print(clean(text), file=sys.stderr if error else sys.stdout, flush=True)


def tell_wrapped(text: str) -> None:
    """Print sentences, none wider than 80 columns; what goes on is indented below its line, and no word is broken."""
    wrap = textwrap.TextWrapper(_COLUMNS, break_long_words=False, break_on_hyphens=False)
    for line in clean(text).split("\n"):
        wrap.subsequent_indent = " " * (len(line) - len(line.lstrip()) + 4)
        print("\n".join(wrap.wrap(line)), flush=True)


def complain(text: str) -> None:
    """Print one sentence on stderr, on one line; what was given and is long is cut, so that the rest can be read."""
    shown = _LONG_WORD.sub(lambda word: f"{word.group()[:_SHOWN_OF_IT]}…", text)
    print(clean_line(shown, _LONGEST_COMPLAINT), file=sys.stderr, flush=True)


def give_screen_back() -> None:
    """Undo on stderr what a console that was killed has done to the terminal; harmless where it had done nothing."""
    print(_USUAL, end="", file=sys.stderr, flush=True)
