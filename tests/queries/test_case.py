"""A ticket as its reader gets it: what the desk knows reaches the line that says it."""

import pytest

from agentconsole.tui.conversation import FORGED, Layout, history
from tests.desk_bench import Bench


@pytest.mark.parametrize(("found", "warns"), [("fail", True), ("pass", False), ("none", False), ("", False)])
def test_a_sender_whom_our_own_server_disproved_is_warned_of(bench: Bench, found: str, warns: bool) -> None:
    number = bench.ticket()
    bench.write(lambda tx: tx.rows("UPDATE contact SET auth = :found WHERE kind = 'message'", found=found))

    case = bench.case("ana", number)
    shown = history(case, Layout(200, bench.desk.zone), bench.clock.now())

    assert any(FORGED in line.text for line in shown) is warns
