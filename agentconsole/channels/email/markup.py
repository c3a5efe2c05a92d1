"""HTML as text: hidden parts left out, tables kept in columns, and every link's real target shown beside its words."""

import html
import re
from collections.abc import MutableMapping

from inscriptis import get_text
from inscriptis.css_profiles import CSS_PROFILES
from inscriptis.model.config import ParserConfig
from inscriptis.model.html_document_state import HtmlDocumentState
from inscriptis.model.tag import CustomHtmlTagHandlerMapping

HTML_LIMIT = 1_000_000
_TARGET_LIMIT = 500
_TAG = re.compile(r"<[^<>]*>")
_UNSEEN = re.compile(r"(</?(?:style|script)\b[^<>]*>)", re.IGNORECASE)
_WIDE = re.compile(r"(?<! ) {120,}")
_BLANK_LINES = re.compile(r"\n{4,}")


def text_of_html(source: str) -> tuple[str, bool]:
    """Turn HTML into text and say whether that was possible; else the text is what is left between the tags."""
    targets: list[str] = []

    def remember_target(_: HtmlDocumentState, attributes: MutableMapping[str, str]) -> None:
        targets.append(" ".join(attributes.get("href", "").split())[:_TARGET_LIMIT])

    def write_target(state: HtmlDocumentState) -> None:
        target = targets.pop() if targets else ""
        if target and not target.startswith("#"):
            state.tags[-1].write(f" <{target.removeprefix('mailto:')}>")

    handlers = CustomHtmlTagHandlerMapping({"a": remember_target}, {"a": write_target})
    config = ParserConfig(css=CSS_PROFILES["strict"], display_images=True, custom_html_tag_handler_mapping=handlers)
    try:
        text = get_text(source, config)
    except (ValueError, TypeError, RecursionError, KeyError, IndexError, AttributeError):
        return _bare_text(source), False
    if not text.strip():
        # The parser below gives up silently where tags are nested by the thousand.
        return _bare_text(source), not _bare_text(source)
    lines = "\n".join(line.rstrip() for line in _WIDE.sub(" " * 120, _without_twins(text)).split("\n"))
    return _BLANK_LINES.sub("\n\n\n", lines).strip("\n"), True


def _without_twins(text: str) -> str:
    """Leave out a target that says no more than the words before it, as in `https://a.example <https://a.example>`."""
    first, *rest = text.split(" <")
    kept = [first]
    before = first
    for piece in rest:
        target, closed, after = piece.partition(">")
        bare = target.removeprefix("https://").rstrip("/")
        twin = bool(closed and bare) and before.rstrip("/").endswith((target.rstrip("/"), bare))
        kept.append(after if twin else f" <{piece}")
        before = after
    return "".join(kept)


def _bare_text(source: str) -> str:
    """Take what is left between the tags, in one pass."""
    seen: list[str] = []
    hidden = False
    for number, piece in enumerate(_UNSEEN.split(source)):
        if number % 2:
            hidden = piece[1] != "/"
        elif not hidden:
            seen.append(piece)
    return html.unescape(_TAG.sub(" ", "".join(seen))).strip()
