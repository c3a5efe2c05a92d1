"""Which lines of a policy document are headings: Markdown, numbers, capitals, a colon at the end, short titles."""

import re
from collections.abc import Sequence

from agentconsole.domain.policy_import_text import Line

Heading = tuple[str, str]

_MARKDOWN = re.compile(r" {0,3}(#{1,6}) +(.*?)[ #]*")
_UNDERLINE = re.compile(r" {0,3}(?:={3,}|-{3,}) *")
_BOLD = re.compile(r"(?:\*\*|__)([^*_]+?)(?:\*\*|__):?")
_NUMBERED = re.compile(
    r"(?:section |part |chapter |article )?([0-9]{1,3}(?:\.[0-9]{1,3}){0,4})[.):]? +(\S.*)", re.IGNORECASE
)
_BULLET = re.compile(r" *(?:[•·▪◦‣●○■□–—*+-] |[•▪●]|\(?[a-z][.)] |\(?[ivx]{1,4}[.)] )")
_SAYS = re.compile(
    r"\b(?:will|must|shall|should|can|cannot|may|is|are|was|has|have|we|you|please|within|every)\b"
    r"|@|[0-9]{3}|[0-9] ?(?:h|min|s)\b|%"
    r"|[0-9] (?:rings?|secs?|seconds?|min(?:ute)?s?|hours?|days?|weeks?|months?|working|business)\b|\[|__|[a-z]: ",
    re.IGNORECASE,
)
_QUESTION = re.compile(r"(?:How|What|When|Who|Where|Why|If) [^0-9@:,\[]+")
_LONGEST = 80
_MOST_WORDS = 9


def heading_of(lines: Sequence[Line], place: int, text: str, *, joins: bool) -> Heading | None:
    """Return the style and the words of a heading, or None; `joins` says that the line may go on with the one above.

    A style is what the headings of one rank have in common, such as "#2" or "capitals".
    """
    raw = lines[place].text
    if len(raw) > _LONGEST * 2:
        return None
    markdown = _MARKDOWN.fullmatch(raw)
    if markdown is not None:
        words = text.lstrip("# ").rstrip(" #")
        numbered = _NUMBERED.fullmatch(words)
        return (f"#{len(markdown.group(1))}", (numbered.group(2) if numbered else words) or "heading")
    below = lines[place + 1].text if place + 1 < len(lines) else ""
    if _UNDERLINE.fullmatch(below) and not _BULLET.match(raw) and len(text) <= _LONGEST:
        return ("#1" if "=" in below else "#2", text)
    if _BOLD.fullmatch(raw.strip()) and not _SAYS.search(text):
        return ("bold", text.rstrip(":"))
    numbered = _NUMBERED.fullmatch(text)
    if numbered is not None:
        return _numbered(lines, place, numbered.group(1), numbered.group(2))
    return None if _BULLET.match(raw) else _plain(text, joins=joins)


def _numbered(lines: Sequence[Line], place: int, number: str, words: str) -> Heading | None:
    """Tell a numbered heading from an item of a numbered list: after a heading comes what it stands over."""
    style = f"number {number.count('.') + 1}"
    if _is_capitals(words):
        return (style, words)
    below = next((line.text.strip() for line in lines[place + 1 : place + 4] if line.text.strip()), "")
    other = _NUMBERED.fullmatch(below[: _LONGEST * 2])
    if other is not None and other.group(1).count(".") == number.count("."):
        return None
    return (style, words.rstrip(":")) if below and _is_title(f"{number} {words}") and words[-1] not in ".;" else None


def _plain(text: str, *, joins: bool) -> Heading | None:
    if _is_capitals(text):
        return ("capitals", text.rstrip(":"))
    if text.endswith(":") and len(text.split()) <= _MOST_WORDS and text[0].isupper():
        return ("colon", text.rstrip(": "))
    is_title = not joins and (text[0].isupper() or text[0].isdecimal()) and text[-1] not in ".;,!?:" and _is_title(text)
    return ("title", text) if is_title else None


def _is_capitals(text: str) -> bool:
    return text.isupper() and len(text) <= _LONGEST and sum(letter.isalpha() for letter in text) > 2 and "@" not in text


def _is_title(text: str) -> bool:
    says = _SAYS.search(text) is not None and _QUESTION.fullmatch(text) is None
    return len(text) <= _LONGEST and len(text.split()) <= _MOST_WORDS and not says
