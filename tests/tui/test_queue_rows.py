"""What the queue says about the ticket under its cursor."""

from zoneinfo import ZoneInfo

import msgspec
import pytest
from rich.color import ColorSystem

from agentconsole.tui.queue_rows import Columns, about, row_line
from agentconsole.tui.theme import themes
from tests.tui.fake_rows import NOW, clock, row

KOLKATA = ZoneInfo("Asia/Kolkata")


@pytest.mark.parametrize(
    ("clause", "rule"),
    [
        pytest.param("Ecom 3", "Rule: an answer (Ecom 3), due", id="a standard has its clause"),
        pytest.param(" ", "Rule: an answer, due", id="a date that was promised has none"),
    ],
)
def test_a_rule_is_named_with_its_clause_where_it_has_one(clause: str, rule: str) -> None:
    runs = msgspec.structs.replace(clock(15), text="an answer", clause=clause)

    lines = about(row(4471, "Rosa Prado", "Refund", runs), 80, NOW, KOLKATA)

    assert any(rule in line.text for line in lines)


@pytest.mark.parametrize(
    ("text", "last"),
    [
        pytest.param("an answer", " Rule: an answer (Ecom 3), due 10:42 today", id="whole"),
        pytest.param("an answer " * 12, " Rule: " + "an answer " * 5 + "an .., due 10:42 today", id="cut"),
    ],
)
def test_a_rule_that_is_cut_says_so_and_when_it_is_due(text: str, last: str) -> None:
    runs = msgspec.structs.replace(clock(15), text=text.strip())

    lines = about(row(4471, "Rosa Prado", "Refund", runs, waiting_text="Where is it?"), 80, NOW, KOLKATA, most=3)

    assert [line.text for line in lines][2] == last
    assert len(lines) == 3


@pytest.mark.parametrize("theme", ["dark", "light", "16", "mono"])
@pytest.mark.parametrize(
    ("left", "frozen"), [(6000, ""), (2300, ""), (252, ""), (4500, "SHUT")], ids=["ok", "SOON", "DUE", "SHUT"]
)
def test_the_row_under_the_cursor_has_one_ground(theme: str, left: float, frozen: str) -> None:
    looks = themes(ColorSystem.TRUECOLOR)[theme].looks
    held = row(4471, "Rosa Prado", "Refund", clock(left, frozen=frozen, target=14400 if left == 2300 else 7200))

    line = row_line(held, Columns.of(80, 4, owners=False), NOW, here=True, chosen=False, arrived=False)

    grounds = {looks[role].bgcolor for _, role in line.pieces}
    own = {looks["DUE"].bgcolor} if theme == "16" and left == 252 else set()
    assert grounds - own == {looks["cursor"].bgcolor}
