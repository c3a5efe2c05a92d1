"""Rows whose every text is hostile are drawn clean by each part of the console, before the guard sees them."""

import re
from collections.abc import Iterator
from datetime import UTC, datetime
from zoneinfo import ZoneInfo

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from agentconsole.domain.untrusted import Untrusted
from agentconsole.tui.buffer import Buffer
from agentconsole.tui.case_side import side, side_of_text
from agentconsole.tui.conversation import Layout, history
from agentconsole.tui.lines import Line
from agentconsole.tui.messages import Messages
from agentconsole.tui.queue_rows import Columns, about, row_line
from agentconsole.tui.sheet import Sheet, lay_out
from agentconsole.tui.status import status_line
from agentconsole.wire.frames import SignedIn, Welcome
from agentconsole.wire.rows import Counts
from tests.rows import Row, built, changed
from tests.tui import rosa
from tests.tui.rosa import NOW

ZONE = ZoneInfo("Asia/Kolkata")
OBEYED = re.compile("[\x00-\x1f\x7f-\x9f\u061c\u200e\u200f\u2028-\u202e\u2066-\u2069\ud800-\udfff]")
HOSTILE = st.text(
    st.one_of(st.characters(), st.sampled_from("\x00\x07\x08\x1b\x7f\x9b\x9d\r\n\t\u202e\u2066\ud800\u0301ab ;[]")),
    min_size=1,
)
PIECES = ("queue", "preview", "case", "text", "history", "composer", "picker", "status", "news")


def poisoned(row: Row, text: Untrusted) -> Row:
    """Return a row with this text wherever somebody could have written one."""
    return changed(
        row, **{field.name: _poison(getattr(row, field.name), text) for field in msgspec.structs.fields(row)}
    )


def _poison(value: object, text: Untrusted) -> object:
    if isinstance(value, Untrusted):
        return text
    if isinstance(value, tuple):
        return tuple(_poison(part, text) for part in value)
    return poisoned(value, text) if isinstance(value, msgspec.Struct) else value


def drawn(piece: str, text: Untrusted) -> Iterator[Line]:
    """Yield the lines of one part of the console, drawn from rows that hold nothing but this text."""
    case = poisoned(rosa.rosa(drafts=(rosa.draft("x"),)), text)
    row = poisoned(rosa.ROW, text)
    templates = tuple(poisoned(one, text) for one in rosa.TEMPLATES)
    if piece == "queue":
        yield row_line(row, Columns.of(100, 6, owners=True), NOW, here=True, chosen=False, arrived=False)
    elif piece == "preview":
        yield from about(row, 60, NOW, ZONE)
    elif piece == "case":
        yield from side(case, 40, ZONE, NOW)
    elif piece == "text":
        yield from side_of_text(case, 40, ZONE, NOW)
    elif piece == "history":
        yield from history(case, Layout(70, ZONE, unfolded=True, airy=True), NOW)
    elif piece in ("composer", "picker"):
        state = "picker" if piece == "picker" else "text"
        sheet = Sheet("reply", state, Buffer(), case, row, ZONE, NOW, templates=templates, values={}, unread=True)
        for width in (80, 160):
            yield from lay_out(sheet, width, 40, 0).rows
    elif piece == "status":
        me, welcome = built(SignedIn, "", "x", "agent", (), (), 900), built(Welcome, "x", "1", 1, NOW, 1.0, "UTC", "")
        yield status_line(poisoned(me, text), poisoned(welcome, text), Counts(), "", datetime.now(UTC), ZONE, 120)
    elif piece == "news":
        messages = Messages(lambda: NOW)
        messages.hear((text,))
        yield Line(tuple((news, "") for news in messages.news))


@pytest.mark.parametrize("piece", PIECES)
@given(text=HOSTILE)
def test_what_somebody_wrote_is_drawn_clean(piece: str, text: str) -> None:
    for line in drawn(piece, Untrusted(text)):
        for shown, _ in line.pieces:
            assert OBEYED.search(shown) is None


@pytest.mark.parametrize("piece", PIECES)
def test_each_part_of_the_console_draws_what_somebody_wrote(piece: str) -> None:
    shown = " ".join(text for line in drawn(piece, Untrusted("kumquat")) for text, _ in line.pieces)

    assert "kumquat" in shown
