"""A policy document as it comes, the bytes of a text file, as numbered lines without the furniture of its pages."""

import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

from agentconsole.domain.errors import Refused
from agentconsole.domain.text import clean

MOST_BYTES = 2_000_000

_MARKS = (
    (b"\xff\xfe\x00\x00", "utf-32-le"),
    (b"\x00\x00\xfe\xff", "utf-32-be"),
    (b"\xef\xbb\xbf", "utf-8"),
    (b"\xff\xfe", "utf-16-le"),
    (b"\xfe\xff", "utf-16-be"),
)
_FORMATS = (
    (b"%PDF", "a PDF"),
    (b"PK\x03\x04", "a Word file or another archive"),
    (b"\xd0\xcf\x11\xe0", "an old Word file"),
    (b"{\\rtf", "an RTF file"),
    (b"<!doctype html", "a web page"),
    (b"<html", "a web page"),
)
_LOOKED_AT = 4_000
_LONGEST_FURNITURE = 120
_FEWEST_HEADS = 3
_LONGEST_MATTER = 60
_CONTROL = re.compile("[\x00-\x08\x0e-\x1a\x1c-\x1f]")
_DIGITS = re.compile("[0-9]+")
_PAGE = re.compile(
    r"(?:top|bottom|end) of (?:the )?page|back to top|page break"
    r"|(?:.{0,60}[\s|–-])?page [0-9]{1,4}(?: ?(?:of|/) ?[0-9]{1,4})?(?:[\s|–-].{0,60})?"
    r"|[-–— ]*[0-9]{1,4}[-–— ]*|[0-9]{1,4} ?(?:/|of) ?[0-9]{1,4}",
    re.IGNORECASE,
)
_CONTENTS = re.compile(r".{0,100}?(?:\.{4,}|(?: \.){4,}|…{2,}) ?[0-9]{1,4}")
_COMMENT = re.compile(r"<!--.*-->")


@dataclass(frozen=True, slots=True)
class Line:
    """Hold one line of the document: its number (1-based), and its printable text with its indentation."""

    number: int
    text: str


def read_lines(document: bytes, file: str) -> tuple[Line, ...]:
    """Return every line of the document that is no furniture, empty ones too; `file` names it in a refusal.

    Refuses what is no text and more than 2 MB. Time is linear.
    """
    text = _decoded(document, file).replace("\r\n", "\n").replace("\r", "\n").replace("\f", " ")
    lines = [Line(number, _printable(line)) for number, line in enumerate(text.split("\n"), start=1)]
    return tuple(_without_furniture(lines))


def _decoded(document: bytes, file: str) -> str:
    if len(document) > MOST_BYTES:
        raise Refused(
            f"{file} is larger than {MOST_BYTES // 1_000_000} MB; nothing was written. "
            "A policy is a text: save only its words, or import it chapter by chapter."
        )
    kind = next((kind for sign, kind in _FORMATS if _starts(document, sign)), None)
    text = None if kind else _text(document)
    if text is None or len(_CONTROL.findall(text)) * 20 > len(text):
        raise Refused(
            f"{file} is {kind or 'no text'}; nothing was written. Save it as plain text (.txt) or Markdown (.md) first."
        )
    return text


def _starts(document: bytes, sign: bytes) -> bool:
    return document[: len(sign)] == sign or document[:_LOOKED_AT].lstrip()[: len(sign)].lower() == sign


def _text(document: bytes) -> str | None:
    """Decode by the mark at the beginning, as UTF-16 without one, as UTF-8, or as what old Windows programs write."""
    for mark, encoding in _MARKS:
        if document.startswith(mark):
            return document[len(mark) :].decode(encoding, "replace")
    start = document[:_LOOKED_AT]
    if b"\0" in start:
        for encoding, zeros in (("utf-16-le", start[1::2]), ("utf-16-be", start[::2])):
            if zeros.count(0) * 2 > len(zeros):
                return document.decode(encoding, "replace")
        return None
    try:
        return document.decode("utf-8")
    except UnicodeDecodeError:
        return document.decode("cp1252", "replace")


def _printable(line: str) -> str:
    """Make a line one that a pack may hold: no control characters, and nothing that reads as a reference to a blank."""
    text = clean(line.expandtabs(4)).replace("\n", " ").replace("{blank:", "{ blank:").rstrip()
    if text.isprintable():
        return text
    return "".join(letter if letter.isprintable() else " " for letter in text)


def _without_furniture(lines: Sequence[Line]) -> list[Line]:
    """Leave out page numbers, jumps, tables of contents, and the running heads that stand beside page numbers."""
    pages = {place for place, line in enumerate(lines) if _is_page(line.text)} | _front_matter(lines)
    beside: Counter[str] = Counter()
    for place in pages:
        for step in (-1, 1):
            neighbour = _next_text(lines, place, step)
            if neighbour is not None and neighbour not in pages:
                beside[_head(lines[neighbour].text)] += 1
    heads = {head for head, times in beside.items() if times >= _FEWEST_HEADS}
    return [
        Line(line.number, "") if place in pages or (line.text and _head(line.text) in heads) else line
        for place, line in enumerate(lines)
    ]


def _front_matter(lines: Sequence[Line]) -> set[int]:
    """Return the places of the data that some Markdown files begin with, between two lines of three dashes."""
    if not lines or lines[0].text != "---":
        return set()
    end = next((place for place, line in enumerate(lines[1:_LONGEST_MATTER], 1) if line.text == "---"), 0)
    return set(range(end + 1)) if end else set()


def _is_page(text: str) -> bool:
    words = text.strip()
    if not words or len(words) > _LONGEST_FURNITURE:
        return False
    return any(form.fullmatch(words) for form in (_PAGE, _CONTENTS, _COMMENT))


def _next_text(lines: Sequence[Line], place: int, step: int) -> int | None:
    """Return the place of the nearest line with words within three lines, or None."""
    for distance in range(1, 4):
        near = place + step * distance
        if 0 <= near < len(lines) and lines[near].text:
            return near
    return None


def _head(text: str) -> str:
    """Return what is the same on every page of a running head: its words without numbers; long lines are none."""
    words = " ".join(text.split()) if len(text) <= _LONGEST_FURNITURE else ""
    return _DIGITS.sub("#", words.lower())
