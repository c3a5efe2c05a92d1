"""The outline of a policy document: its headings, bullets, table rows and prose, and the clauses they make."""

import re
from bisect import bisect_right
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field

from agentconsole.domain.policy_import_headings import heading_of
from agentconsole.domain.policy_import_text import Line

_BULLET = re.compile(r"( *)(?:[•·▪◦‣●○■□–—*+-]|\(?[0-9]{1,3}[.)]|\(?[a-z][.)]|\(?[ivx]{1,4}[.)])(?: +|(?<=[•▪●]))(.*)")
_NUMBER = re.compile(r"[0-9]{1,3}(?:\.[0-9]{1,3})+[.):]? +(?=\S)")
_TASK_BOX = re.compile(r"\[[ xX]\] ")
_RULE = re.compile(r"[\W_]*")
_MARKUP = re.compile(
    r"\*\*|`|(?<!\w)_{1,2}(?=[^\W_])|(?<=[^\W_])_{1,2}(?!\w)|(?<!\w)\*(?=\w)|(?<=[\w.!?:])\*(?!\w)|^ *>+ ?"
)
_LINK = re.compile(r"\[([^\]\[]{1,200})\]\([^()]{1,500}\)")
_ENDS = (".", "!", "?", ":", ";", "”", '"')
_SENTENCE = re.compile(
    r"(?<![Nn]o)(?<!Rs)(?<!a\.m)(?<!p\.m)(?<!e\.g)(?<!i\.e)(?<!approx)(?<!Mr)(?<!Dr)[.!?;][\"”’)]{0,3}\s+(?=[A-Z0-9\"“(\[])"
)
_LONGEST_SENTENCE = 800
_LONGEST_JOINED = 4_000
_DEEPEST = 4


@dataclass(frozen=True, slots=True)
class Passage:
    """Hold one clause of the document: a heading, a bullet, a table row or a run of prose.

    `starts` are the offsets at which a line of the document begins in `text`, with its number; `cells` is a table row
    as sentences. `headings` are outermost first; `above` is the text that a bullet stands under.
    """

    id: str
    text: str
    headings: tuple[str, ...]
    starts: tuple[tuple[int, int], ...]
    is_heading: bool = False
    cells: tuple[str, ...] = ()
    above: str = ""

    @property
    def line(self) -> int:
        """Return the line in which the clause begins."""
        return self.starts[0][1]

    @property
    def first_line(self) -> str:
        """Return the words of the line in which the clause begins."""
        return self.text[: self.starts[1][0]] if len(self.starts) > 1 else self.text

    def line_at(self, offset: int) -> int:
        """Return the line in which the text stands at an offset."""
        return self.starts[bisect_right(self.starts, offset, key=lambda start: start[0]) - 1][1]

    def sentences(self) -> Iterator[tuple[int, str]]:
        """Yield each sentence with its line; a very long one comes in parts, so that reading it stays linear."""
        if self.cells:
            yield from ((self.line, cell[:_LONGEST_SENTENCE]) for cell in self.cells)
            return
        begin = 0
        for end in (*(found.end() for found in _SENTENCE.finditer(self.text)), len(self.text)):
            for part in range(begin, end, _LONGEST_SENTENCE):
                yield self.line_at(part), self.text[part : min(end, part + _LONGEST_SENTENCE)]
            begin = end


@dataclass(slots=True)
class _Outline:
    """Hold what is open while the document is read: headings with their styles, bullets with their indents, a table."""

    passages: list[Passage] = field(default_factory=list)
    styles: list[str] = field(default_factory=list)
    names: list[str] = field(default_factory=list)
    ids: list[str] = field(default_factory=list)
    bullets: list[tuple[int, str, str]] = field(default_factory=list)
    counts: dict[str, int] = field(default_factory=dict)
    columns: tuple[str, ...] = ()
    title: Passage | None = None
    title_style: str = ""

    @property
    def parent(self) -> str:
        """Return the clause that new ones stand under: the innermost heading, or the title."""
        return self.ids[-1] if self.ids else self.title.id if self.title else ""

    def headings(self, *more: str) -> tuple[str, ...]:
        """Return the headings over a clause; the title is one until another heading has its rank."""
        over = (self.title.text,) if self.title and self.title_style else ()
        return (*over, *self.names, *more)

    def entitle(self, line: Line, style: str, text: str) -> bool:
        """Take the first heading, and one right below it, as the title: clause 0, above all numbers."""
        first = not self.passages
        below = self.title is not None and len(self.passages) == 1 and line.number == self.title.line + 1
        if not first and not below:
            return False
        new = "0" if first else self.number("0")
        self.passages.append(Passage(new, text, (text,), ((0, line.number),), is_heading=True))
        if first:
            self.title, self.title_style = self.passages[0], style
        return True

    def number(self, parent: str) -> str:
        """Return the next id below a clause."""
        self.counts[parent] = self.counts.get(parent, 0) + 1
        return f"{parent}.{self.counts[parent]}" if parent else str(self.counts[parent])

    def head(self, line: Line, style: str, text: str) -> None:
        """Open a heading: a style seen before ends the headings since, a new one goes below them."""
        self.title_style = "" if style == self.title_style else self.title_style
        depth = self.styles.index(style) if style in self.styles else min(len(self.styles), _DEEPEST - 1)
        for opened in (self.styles, self.names, self.ids):
            del opened[depth:]
        new = self.number(self.ids[-1] if self.ids else "")
        self.passages.append(Passage(new, text, self.headings(text), ((0, line.number),), is_heading=True))
        self.styles.append(style)
        self.names.append(text)
        self.ids.append(new)
        self.bullets.clear()

    def item(self, line: Line, indent: int, text: str) -> None:
        """Add a bullet, below the one that it is indented under."""
        while self.bullets and self.bullets[-1][0] >= indent:
            self.bullets.pop()
        below = self.bullets[-1] if self.bullets else (0, self.parent, self._lead())
        new = self.number(below[1])
        self.passages.append(Passage(new, text, self.headings(), ((0, line.number),), above=below[2]))
        if len(self.bullets) < _DEEPEST:
            self.bullets.append((indent, new, text))

    def prose(self, line: Line, text: str) -> None:
        """Add a sentence or a paragraph; the number that the document gives it stays in the document."""
        self.bullets.clear()
        text = _NUMBER.sub("", text, count=1) if _NUMBER.match(text) else text
        new = self.number(self.parent)
        self.passages.append(Passage(new, text, self.headings(), ((0, line.number),)))

    def row(self, line: Line, cells: tuple[str, ...]) -> None:
        """Add a row of a table: each further cell is said of the first, under its column's name."""
        columns = (*self.columns, *("" for _ in cells))
        said = tuple(
            f"{cells[0]}, {column}: {cell}" if column else f"{cells[0]}: {cell}"
            for column, cell in zip(columns[1:], cells[1:], strict=False)
            if cell
        )
        new = self.number(self.parent)
        text = " ".join(cell for cell in cells if cell) or "row"
        self.passages.append(Passage(new, text, self.headings(), ((0, line.number),), cells=said))

    def goes_on(self, line: Line, text: str) -> None:
        """Join a line to the clause before it."""
        last = self.passages[-1]
        starts = (*last.starts, (len(last.text) + 1, line.number))
        self.passages[-1] = Passage(
            last.id, f"{last.text} {text}", last.headings, starts, last.is_heading, (), last.above
        )

    def _lead(self) -> str:
        last = self.passages[-1] if self.passages else None
        return last.text if last is not None and last.text.endswith(":") and not last.is_heading else ""


def outline(lines: Sequence[Line]) -> tuple[Passage, ...]:
    """Return the clauses of the document in order, with ids from their order: 1, 1.1, 1.1.1; its title is 0.

    The only heading of a document is no title: 1.
    """
    made = _outlined(lines, entitled=True)
    if sum(passage.is_heading for passage in made) > 1:
        return made
    return _outlined(lines, entitled=False)


def _outlined(lines: Sequence[Line], *, entitled: bool) -> tuple[Passage, ...]:
    made = _Outline()
    joins = False
    for place, line in enumerate(lines):
        text = _plain(line.text)
        table = _cells(line.text)
        if not text or (_RULE.fullmatch(text) and not table):
            joins = False
            made.columns = made.columns if table is not None else ()
            continue
        joins = _take(made, lines, place, text, table, joins=joins, entitled=entitled)
    return tuple(made.passages)


def _take(
    made: _Outline,
    lines: Sequence[Line],
    place: int,
    text: str,
    table: tuple[str, ...] | None,
    *,
    joins: bool,
    entitled: bool,
) -> bool:
    """Read one line with words; return whether the next may go on with it."""
    line = lines[place]
    if table is not None:
        _table_row(made, lines, place, table)
        return False
    made.columns = ()
    joins = joins and _goes_on(made.passages[-1].text, text)
    heading = heading_of(lines, place, text, joins=joins and not (made.bullets and line.text[0] != " "))
    bullet = _BULLET.fullmatch(line.text)
    if heading is not None:
        if not (entitled and made.entitle(line, *heading)):
            made.head(line, *heading)
        return False
    if bullet is not None and bullet.group(2).strip():
        made.item(line, len(bullet.group(1)), _TASK_BOX.sub("", _plain(bullet.group(2)), count=1) or text)
        return True
    if joins:
        made.goes_on(line, text)
    else:
        made.prose(line, text)
    return True


def _goes_on(above: str, text: str) -> bool:
    return len(above) < _LONGEST_JOINED and (text[0].islower() or not above.endswith(_ENDS))


def _table_row(made: _Outline, lines: Sequence[Line], place: int, cells: tuple[str, ...]) -> None:
    if all(_RULE.fullmatch(cell) for cell in cells):
        return
    below = lines[place + 1].text if place + 1 < len(lines) else ""
    if not made.columns and "-" in below and _RULE.fullmatch(below.strip()):
        made.columns = cells
    made.row(lines[place], cells)


def _cells(text: str) -> tuple[str, ...] | None:
    words = text.strip()
    if not words.startswith("|") or words.count("|") < 2:
        return None
    return tuple(_plain(cell) for cell in words.strip("|").split("|")[:40])


def _plain(text: str) -> str:
    return _LINK.sub(r"\1", _MARKUP.sub("", text)).strip()
