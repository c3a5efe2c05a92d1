"""`agentconsole policy coverage`: every clause once, totals that add up, without a desk, in 80 columns or as JSON."""

import json
from pathlib import Path

import pytest

from agentconsole.cli.main import build_parser
from agentconsole.config.packs import load_pack, pack_text
from agentconsole.domain.errors import Refused
from agentconsole.domain.policy_coverage import Standing
from tests.cli.program import Program


def said_by(*words: str) -> int:
    """Run the verb in this process, as the command line would."""
    line = build_parser().parse_args(["policy", "coverage", *words])
    code: int = line.run(line)
    return code


def test_each_clause_is_listed_with_what_carries_it_and_a_total_ends_the_pack(
    capsys: pytest.CaptureFixture[str],
) -> None:
    code = said_by("ecolab")

    lines = capsys.readouterr().out.split("\n")

    assert code == 0
    assert lines[0] == "ecolab: Customer Care"
    assert '  2.5      at work     "All emails will be answered within 24 hours"' in lines
    assert '  1.6      in the pack "courteous"' in lines
    assert "           not yet: QA criterion courteous" in lines
    assert '  5.2      nothing yet "We conduct customer surveys"' in lines
    assert any(line.startswith("ecolab: of 80 clauses") for line in lines)
    assert max(map(len, lines)) <= 80
    assert sum(line.startswith("  ") and line[2] != " " for line in lines) == len(load_pack("ecolab").clauses)


def test_all_shipped_packs_are_listed_when_none_is_named(capsys: pytest.CaptureFixture[str]) -> None:
    said_by()

    text = capsys.readouterr().out

    assert [text.count(f"{pack}: ") for pack in ("ecolab", "ecomstore", "ist-desk")] == [2, 2, 2]
    assert "ecolab: of 80 clauses" in text


def test_with_rows_the_requirements_are_named_and_counted(capsys: pytest.CaptureFixture[str]) -> None:
    said_by("ist-desk", "--rows")

    text = " ".join(capsys.readouterr().out.split())

    assert 'Policy.3b in the pack "Please leave message and your contact number" [002-24, 002-25]' in text
    assert "ist-desk: of 37 requirements" in text


def test_json_says_the_same_with_ids_lines_and_notes(capsys: pytest.CaptureFixture[str]) -> None:
    said_by("ecolab", "--json", "--rows")

    (pack,) = json.loads(capsys.readouterr().out)
    clauses = {clause["clause"]: clause for clause in pack["clauses"]}

    assert pack["pack"] == "ecolab"
    assert sum(pack["totals"].values()) == len(clauses) == len(load_pack("ecolab").clauses)
    assert len(pack["rows"]) == sum(pack["row_totals"].values()) == 77
    assert clauses["2.6"]["carriers"][0] == {
        "means": "message",
        "name": "auto-acknowledgement",
        "at_work": True,
        "row": "",
    }
    assert (clauses["2.6"]["line"], clauses["2.6"]["rows"], clauses["2.6"]["standing"]) == (40, ["000-25"], "at work")
    assert clauses["6.1"]["note"].startswith("The document names LiveAgent")
    assert set(pack["totals"]) == {standing.value for standing in Standing}


def test_json_without_rows_names_no_requirement(capsys: pytest.CaptureFixture[str]) -> None:
    said_by("ecolab", "--json")

    (pack,) = json.loads(capsys.readouterr().out)

    assert "rows" not in pack
    assert all("rows" not in clause for clause in pack["clauses"])


def test_a_file_is_covered_without_a_desk(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    file = tmp_path / "mine.toml"
    file.write_text(pack_text("ist-desk").replace('id = "ist-desk"', 'id = "mine"'), "utf-8")

    code = said_by(str(file))

    assert code == 0
    assert capsys.readouterr().out.startswith("mine: Customer Service Policy\n")


def test_a_file_that_cannot_be_read_is_refused_with_what_to_give(tmp_path: Path) -> None:
    with pytest.raises(Refused, match=r"gone\.toml cannot be read .*give the path of a policy's TOML file"):
        said_by(str(tmp_path / "gone.toml"))


def test_a_policy_that_does_not_ship_is_refused_with_those_that_do(program: Program) -> None:
    said = program("policy", "coverage", "ecolap")

    assert said.code == 1
    assert "Shipped are ecolab, ecomstore, ist-desk" in said.err


def test_a_file_that_is_no_pack_is_refused_in_one_sentence(tmp_path: Path) -> None:
    file = tmp_path / "mine.toml"
    file.write_text("nonsense", "utf-8")

    with pytest.raises(Refused, match=r"mine\.toml is no TOML"):
        said_by(str(file))
