"""`agentconsole brand` and `desk`: what init left out is brought in later, on the desk as it stands."""

import json
import sys
from pathlib import Path

from agentconsole.wire.brands import NO_BRAND
from tests.cli.program import Program
from tests.pty import Terminal


def test_a_desk_that_was_made_of_nothing_gets_all_it_needs_by_the_lines_that_init_printed(tmp_path: Path) -> None:
    program, answers = Program(tmp_path / "home"), tmp_path / "answers.toml"
    answers.write_text("", encoding="utf-8")
    made = program("init", "--answers", str(answers))
    try:
        before = [program(verb) for verb in ("doctor", "status")]
        none = program("brand", "list")
        added = program("brand", "add", "acme", "Acme Ltd", "ecomstore")
        named = [program("desk", "name", "Acme care"), program("desk", "zone", "Asia/Kolkata")]
        listed, as_json = program("brand", "list"), json.loads(program("brand", "list", "--json").out)
        after = program("status")
    finally:
        program.stop()

    eye = made.out.partition("Needs your eye")[2]
    for line in (
        "the desk's name: agentconsole desk name NAME",
        "the time zone of its people: agentconsole desk zone ZONE",
        "a brand: agentconsole brand add BRAND NAME ecolab|ecomstore|ist-desk",
    ):
        assert line in " ".join(eye.split())
    assert [NO_BRAND in said.out for said in before] == [True, True]
    assert (none.out, none.code) == (f"{NO_BRAND}\n", 0)
    assert added.out == (
        "The desk answers for acme now, under the policy ecomstore.\n"
        "Next: agentconsole mail connect --brand acme --help, and agentconsole policy blanks.\n"
    )
    assert [said.code for said in named] == [0, 0]
    assert listed.out.split() == ["acme", "ecomstore", "no", "mailbox", "Acme", "Ltd"]
    assert as_json == [{"brand": "acme", "name": "Acme Ltd", "pack": "ecomstore", "address": ""}]
    assert after.out.startswith("Acme care: running since")
    assert NO_BRAND not in after.out


def test_name_zone_and_brand_are_steps_like_any_other_that_later_skips(tmp_path: Path) -> None:
    program = Program(tmp_path / "home")

    with Terminal([sys.executable, "-m", "agentconsole", "init"], size=(120, 60), environ=program.places) as terminal:
        for question in range(1, 6):
            terminal.wait_for(lambda asked=question: terminal.text.count("]:") >= asked)
            terminal.feed(b"later\r")
        code = terminal.wait_for_end(60)
        said = terminal.text

    eye = said.partition("Needs your eye")[2]
    assert code == 0, said
    assert "Policy of another brand" not in said
    assert [part in eye for part in ("desk name NAME", "desk zone ZONE", "brand add BRAND")] == [True, True, True]


def test_nothing_is_no_name(tmp_path: Path) -> None:
    program = Program(tmp_path / "home")

    said = program("desk", "name", "")

    assert (said.code, said.err) == (1, "agentconsole: Give the name that the desk is to have.\n")
