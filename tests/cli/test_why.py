"""`agentconsole why CASE`: the arithmetic of a case's clocks in a shell."""

import json

from tests.cli.program import Program
from tests.desk_bench import raw_mail


def test_a_case_is_explained_with_its_place_and_all_its_clocks(desk: Program) -> None:
    letter = desk.home / "rosa.eml"
    letter.write_bytes(raw_mail("rosa@example.org", "Order", "Where is it?"))
    desk("mail", "import", str(letter))

    said, rows = desk("why", "1-3"), json.loads(desk("why", "1", "--json").out)

    assert said.out.startswith("case 1-3\n\nwhy      ")
    assert "\norder    group " in said.out
    assert "\ncolour   " in said.out
    assert said.out.count("\nwhy      ") == len(rows) == 1 + len(rows[0]["others"])
    assert rows[0]["pack"] == "ecomstore"


def test_what_is_no_case_is_told_in_one_sentence(desk: Program) -> None:
    assert desk("why", "4\x1b[2J").err.startswith('agentconsole: "4')
    assert "There is no case 99" in desk("why", "99").err
