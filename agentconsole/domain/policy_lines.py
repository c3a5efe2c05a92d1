"""Where a pack's keys stand: a light scan of TOML text that finds the line of every key for refusals to name."""

import re

Path = tuple[str | int, ...]

_HEADER = re.compile(r"^\s*(\[\[?)\s*(.*?)\s*\]\]?\s*(?:#.*)?$")
_KEY = re.compile(
    r"""^\s*((?:[A-Za-z0-9_-]+|"[^"\\]*"|'[^']*')(?:\s*\.\s*(?:[A-Za-z0-9_-]+|"[^"\\]*"|'[^']*'))*)\s*="""
)
_PART = re.compile(r"""[A-Za-z0-9_-]+|"[^"\\]*"|'[^']*'""")
_LONGEST_KEY = 300
_QUOTES = ('"""', "'''")


class KeyLines:
    """Answer in which line (1-based) a key path of one TOML text stands; paths count list items from 0."""

    def __init__(self, text: str) -> None:
        self._lines: dict[Path, int] = {}
        self._table: Path = ()
        self._counts: dict[Path, int] = {}
        self._open_quote = ""
        for number, line in enumerate(text.split("\n"), start=1):
            self._scan(line, number)

    def line(self, path: Path) -> int:
        """Return the line of the path, or of its nearest parent that has one; 1 when none has."""
        for length in range(len(path), 0, -1):
            found = self._lines.get(path[:length])
            if found is not None:
                return found
        return 1

    def _scan(self, line: str, number: int) -> None:
        if self._open_quote:
            if self._open_quote in line:
                self._open_quote = ""
            return
        header = _HEADER.match(line[:_LONGEST_KEY])
        key = _KEY.match(line[:_LONGEST_KEY])
        if header is not None and key is None:
            self._enter(header.group(2), number, listed=header.group(1) == "[[")
        elif key is not None:
            self._lines.setdefault(self._table + _parts(key.group(1)), number)
        for quote in _QUOTES:
            if line.count(quote) % 2:
                self._open_quote = quote

    def _enter(self, dotted: str, number: int, *, listed: bool) -> None:
        path: Path = ()
        parts = _parts(dotted)
        for position, part in enumerate(parts):
            path = (*path, part)
            last = position == len(parts) - 1
            if last and listed:
                self._counts[path] = self._counts.get(path, -1) + 1
            if path in self._counts:
                path = (*path, self._counts[path])
        self._table = path
        self._lines.setdefault(path, number)


def _parts(dotted: str) -> Path:
    return tuple(part.strip("\"'") if part[:1] in "\"'" else part for part in _PART.findall(dotted))
