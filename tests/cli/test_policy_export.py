"""`agentconsole policy export`: the text that was kept, or the policy as it is in force, ready to be changed."""

from dataclasses import replace
from pathlib import Path

import pytest

from agentconsole.cli.main import build_parser
from agentconsole.config.packs import holiday_sets, load_pack, pack_text, shipped_packs
from agentconsole.domain.errors import Refused
from agentconsole.domain.policy import Pack
from agentconsole.domain.policy_parse import parse_pack
from tests.cli.program import Program


def exported(capsys: pytest.CaptureFixture[str], *words: str) -> str:
    """Run the verb in this process, as the command line would, and return what it printed."""
    line = build_parser().parse_args(["policy", "export", *words])
    assert line.run(line) == 0
    return capsys.readouterr().out


def parsed(text: str) -> Pack:
    return parse_pack(text, file="exported.toml", holiday_sets=holiday_sets(), answers={})


@pytest.mark.parametrize("pack_id", shipped_packs())
def test_a_shipped_policy_is_printed_as_it_was_written_with_its_blanks(
    pack_id: str, capsys: pytest.CaptureFixture[str]
) -> None:
    assert exported(capsys, f"{pack_id}@shipped") == pack_text(pack_id)


@pytest.mark.parametrize("pack_id", shipped_packs())
def test_a_filled_policy_promises_the_same_and_leaves_nothing_open(
    pack_id: str, capsys: pytest.CaptureFixture[str]
) -> None:
    text = exported(capsys, f"{pack_id}@shipped", "--filled")

    assert parsed(text) == replace(load_pack(pack_id), blanks=())


def test_a_file_is_printed_and_filled_in(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    file = tmp_path / "mine.toml"
    file.write_text(pack_text("ist-desk"), "utf-8")

    as_written, filled = exported(capsys, str(file)), exported(capsys, str(file), "--filled")

    assert as_written == pack_text("ist-desk")
    assert parsed(filled).open_blanks == ()


def test_a_policy_that_does_not_ship_is_refused() -> None:
    line = build_parser().parse_args(["policy", "export", "nothing@shipped"])

    with pytest.raises(Refused, match="Allowed: ecolab, ecomstore, ist-desk"):
        line.run(line)


def test_the_desks_own_text_and_its_answers_are_printed(desk: Program) -> None:
    desk("policy", "answer", "ecomstore", "immediate_seconds", "20 s")

    kept, filled = desk("policy", "export", "ecomstore"), desk("policy", "export", "ecomstore", "--filled")

    assert kept.out == pack_text("ecomstore")
    assert 'target = { immediate = "20 s", calendar = "always" }' in filled.out
    assert parsed(filled.out).open_blanks == ()
