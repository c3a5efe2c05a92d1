"""The line that names the newest event outside of the desk, so that nobody can cut the log off behind it unseen."""

import re
from collections.abc import Iterable
from dataclasses import dataclass

MOST = 200_000
_LINE = re.compile(r"anchor desk=([0-9a-f]{32}) seq=([1-9][0-9]{0,17}) hash=([0-9a-f]{64})(?![0-9a-f])")
_PIECE = re.compile(r"[>\s]*(desk: [0-9a-f]{32}|event: [1-9][0-9]{0,17}|hash: [0-9a-f]{64})\s*")
_LONGEST_LINE = 1000


@dataclass(frozen=True, slots=True)
class Anchor:
    """Name an event of a desk by its number and its hash."""

    desk: str
    seq: int
    hash: str

    def line(self) -> str:
        """Write the line."""
        return f"anchor desk={self.desk} seq={self.seq} hash={self.hash}"

    def letter(self) -> str:
        """Write it in three lines that no mail program breaks or encodes."""
        return f"desk: {self.desk}\nevent: {self.seq}\nhash: {self.hash}"


def read_anchors(lines: Iterable[str]) -> tuple[Anchor, ...]:
    """Find the anchors in a journal or in mails, each once, whatever stands around them; at most MOST."""
    found: dict[Anchor, None] = {}
    pieces: dict[str, str] = {}
    for line in lines:
        match, piece = _LINE.search(line[:_LONGEST_LINE]), _PIECE.fullmatch(line[:_LONGEST_LINE])
        if piece is not None:
            name, _, value = piece[1].partition(": ")
            pieces[name] = value
        if len(found) >= MOST:
            break
        if match is not None:
            found[Anchor(match[1], int(match[2]), match[3])] = None
        elif len(pieces) == 3:
            found[Anchor(pieces["desk"], int(pieces["event"]), pieces["hash"])] = None
            pieces = {}
    return tuple(found)
