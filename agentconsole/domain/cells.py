"""Text measured and broken by the cells it takes on a terminal: wide letters take two, combining marks none."""

from unicodedata import combining, east_asian_width


def width(text: str) -> int:
    """Return how many cells `text` takes."""
    return sum(_cells(letter) for letter in text)


def wrap(text: str, room: int) -> list[str]:
    """Return `text` in lines of at most `room` cells (two or more), broken at spaces, inside a word only if it must.

    Spaces at a break are dropped; runs of spaces inside a line are kept. An empty text has no lines.
    """
    lines: list[str] = []
    line = ""
    for word in text.split(" "):
        joined = f"{line} {word}" if line else word
        if width(joined) <= room:
            line = joined
            continue
        if line.strip():
            lines.append(line.rstrip())
        *full, line = _chop(word, room)
        lines.extend(full)
    if line.strip():
        lines.append(line.rstrip())
    return lines


def _chop(word: str, room: int) -> list[str]:
    pieces = [""]
    taken = 0
    for letter in word:
        cells = _cells(letter)
        if taken + cells > room:
            pieces.append("")
            taken = 0
        pieces[-1] += letter
        taken += cells
    return pieces


def _cells(letter: str) -> int:
    if combining(letter):
        return 0
    return 2 if east_asian_width(letter) in "WF" else 1
