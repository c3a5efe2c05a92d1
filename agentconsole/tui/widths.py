"""How many cells a letter may take: terminals agree about most letters, and about some they do not."""

from __future__ import annotations

import re
from collections.abc import Iterator

from rich.cells import split_graphemes

from agentconsole.tui.guard import MARKS_A_CELL

MOST_CELLS = 2 * (MARKS_A_CELL + 1)
"""No letter takes more, anywhere."""

_AGREED = re.compile(
    "[\u00a0-\u02ff\u0370-\u0482\u048a-\u052f\u1e00-\u1eff\u2010-\u2027\u20a0-\u20bf"
    "\u2400-\u2421\u2500-\u259f\u3001-\u3029\u3041-\u3096\u309b-\u30ff\u3400-\u4dbf\u4e00-\u9fff"
    "\uac00-\ud7a3\uff01-\uff60\ufffd]"
)
"""Letters of one code point that every terminal with UTF-8 gives the same cells."""

_HALF_FLAG = re.compile("[\U0001f1e6-\U0001f1ff]")


def most_cells(letter: str) -> int:
    """Return how many cells some terminal may give a letter, 0 where all of them agree.

    An emoji of several code points is two cells here and as many as its parts together in an older terminal.
    """
    return 0 if letter.isascii() or _AGREED.fullmatch(letter) else 2 * len(letter)


def letters(text: str) -> Iterator[tuple[str, int]]:
    """Yield what takes a place of its own, with its cells; the two halves of a flag are one letter."""
    half = ""
    for start, end, width in split_graphemes(text)[0]:
        letter = text[start:end]
        if half:
            whole, half = half, ""
            if _HALF_FLAG.fullmatch(letter):
                yield whole + letter, 2
                continue
            yield whole, 1
        if _HALF_FLAG.fullmatch(letter):
            half = letter
        else:
            yield letter, width
    if half:
        yield half, 1
