"""Reply templates: the strict `{{name}}` substitution, and where the blanks are that are still to be filled."""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from agentconsole.domain.text import clean_line

VALUE_LIMIT = 200
"""Characters of one value that reach the text; a longer name or number is no name or number."""

_BLANK = re.compile(r"\{\{([a-z][a-z0-9_]{0,39})\}\}")


@dataclass(frozen=True, slots=True)
class Placeholder:
    """Name a blank and where it stands: `line` and `column` count characters from 0, `length` includes the braces."""

    name: str
    line: int
    column: int
    length: int


@dataclass(frozen=True, slots=True)
class Rendered:
    """Carry a filled template, and the blanks left open in it, in reading order."""

    text: str
    open: tuple[Placeholder, ...]


@dataclass(frozen=True, slots=True)
class Template:
    """Hold a reply template: the agent types `;abbr`; an empty `brand` serves all brands."""

    abbr: str
    title: str
    text: str
    brand: str = ""
    language: str = "en"


def render(text: str, values: Mapping[str, str]) -> Rendered:
    """Fill the blanks of `text` from `values` in one pass; a blank without a value stays as it is and is reported.

    A value is cleaned to one line and never looked at again: a customer whose name is `{{agent_name}}` keeps it, and
    it is not reported as a blank.
    """
    pieces: list[str] = []
    blanks: list[Placeholder] = []
    line = column = end = 0

    def put(piece: str) -> None:
        nonlocal line, column
        pieces.append(piece)
        newlines = piece.count("\n")
        line += newlines
        column = len(piece) - piece.rfind("\n") - 1 if newlines else column + len(piece)

    for found in _BLANK.finditer(text):
        put(text[end : found.start()])
        value = clean_line(values.get(found[1], ""), VALUE_LIMIT)
        if not value:
            blanks.append(Placeholder(found[1], line, column, len(found[0])))
        put(value or found[0])
        end = found.end()
    put(text[end:])
    return Rendered("".join(pieces), tuple(blanks))


def placeholders(text: str) -> tuple[Placeholder, ...]:
    """Return the blanks of a text in reading order."""
    return tuple(_blanks_of_lines(text))


def _blanks_of_lines(text: str) -> Iterator[Placeholder]:
    for line, content in enumerate(text.split("\n")):
        for found in _BLANK.finditer(content):
            yield Placeholder(found[1], line, found.start(), len(found[0]))
