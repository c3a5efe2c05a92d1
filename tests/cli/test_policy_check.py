"""`agentconsole policy check` and `policy regimes`: what is printed, for people and programs, and how they end."""

import json
from pathlib import Path

import pytest

from agentconsole.cli.main import build_parser
from agentconsole.cli.policy_check import check_policies
from agentconsole.cli.policy_regime import regimes
from agentconsole.domain.errors import Refused
from agentconsole.domain.policy_check_finding import Finding
from tests.cli.program import Program
from tests.policies.test_check import SOUND

SHORT = SOUND.replace("24 h", "2 h")


@pytest.fixture(autouse=True)
def _without_a_desk(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("AGENTCONSOLE_HOME", str(tmp_path / "home"))


def written(folder: Path, name: str, text: str) -> str:
    """Write a policy's file and return its path."""
    path = folder / name
    path.write_text(text, encoding="utf-8")
    return str(path)


def check(*names: str, as_json: bool = False, alone: bool = False, stale_months: int | None = None) -> int:
    """Check as the command line does."""
    return check_policies(names, as_json=as_json, alone=alone, stale_months=stale_months)


def test_a_file_is_checked_with_its_proposals_and_a_warning_fails_nothing(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    code = check(written(tmp_path, "sound.toml", SOUND))

    out = capsys.readouterr().out
    assert code == 0
    assert out.startswith("blank  sound 1 (line 4)\n    When are you open?")
    assert out.endswith("sound (sound.toml): 0 contradictions, 0 that can never be, 0 warnings, 1 blank.\n")


def test_what_can_never_be_ends_with_1_and_says_where_why_and_what_to_do(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    code = check(written(tmp_path, "short.toml", SHORT))

    out = capsys.readouterr().out
    assert code == 1
    assert out.startswith('never  sound 1 (line 4)\n    "mail within a day": the action auto acknowledge waits 12 h')
    assert "    Do: Let it happen before the standard mail is due" in out
    assert max(map(len, out.splitlines())) <= 80


def test_programs_get_every_finding_with_its_places(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    check(written(tmp_path, "short.toml", SHORT), as_json=True)

    rows = json.loads(capsys.readouterr().out)
    assert [(row["level"], row["check"]) for row in rows] == [("never", "late-action"), ("blank", "blank")]
    assert rows[0]["where"] == [{"pack": "sound", "clause": "1", "line": 4, "quote": "mail within a day"}]
    assert set(rows[0]) == set(Finding.__dataclass_fields__)


def test_without_a_desk_all_that_ship_are_checked(capsys: pytest.CaptureFixture[str]) -> None:
    code = check()

    assert code == 1
    last = " ".join(capsys.readouterr().out.split()[-30:])
    assert "ecolab (as shipped), ecomstore (as shipped), ist-desk (as shipped): 11 contradictions, 1 that can" in last


def test_policies_by_themselves_are_not_compared(capsys: pytest.CaptureFixture[str]) -> None:
    both = check("ecolab", "ist-desk"), check("ecolab", "ist-desk", alone=True)

    assert both == (1, 0)
    assert ": 0 contradictions" in capsys.readouterr().out


def test_how_old_a_policy_may_be_can_be_said(capsys: pytest.CaptureFixture[str]) -> None:
    check("ist-desk", stale_months=60)
    young = capsys.readouterr().out
    check("ist-desk", stale_months=51)

    assert "months ago" not in young
    assert "51 months ago; 51 are allowed" in " ".join(capsys.readouterr().out.split())


def test_two_of_one_policy_are_refused(tmp_path: Path) -> None:
    with pytest.raises(Refused, match=r"^Two of them are the policy sound: check one at a time"):
        check(written(tmp_path, "a.toml", SOUND), written(tmp_path, "b.toml", SHORT))


def test_a_desk_s_policies_are_checked_as_it_answered_them(desk: Program) -> None:
    desk("policy", "answer", "ecomstore", "immediate_seconds", "45 s")
    desk("policy", "answer", "ecomstore", "regime", "uk-fca-disp")

    said = desk("policy", "check")

    text = " ".join(said.out.split())
    assert said.code == 1
    assert text.endswith("ecomstore (version 3): 0 contradictions, 1 that can never be, 7 warnings, 7 blanks.")
    assert "Nobody at this desk is a supervisor, and the breach of chat-first" in text
    assert "Complaints are under FCA complaint handling (DISP 1), and nobody has reviewed its terms" in text


def test_the_regimes_are_listed_with_what_they_were_checked_against(capsys: pytest.CaptureFixture[str]) -> None:
    regimes("", "", as_json=False)

    out = capsys.readouterr().out
    assert [line.split()[0] for line in out.splitlines() if line[0] != " "][:4] == [
        "au-asic-rg271", "in-ecommerce-2020", "uk-fca-disp", "uk-housing-code",
    ]  # fmt: skip
    assert out.count("have it reviewed") == 4


def test_a_regime_is_shown_clause_by_clause_with_its_marks(capsys: pytest.CaptureFixture[str]) -> None:
    regimes("uk-fca-disp", "", as_json=False)

    text = " ".join(capsys.readouterr().out.split())
    assert "DISP 1.6.2R: Within eight weeks of receipt goes the final response" in text
    assert "step respond: within 8 weeks from the receipt." in text
    assert "wording ombudsman-right, NOT REVIEWED:" in text
    assert "REVIEW: The rule says prompt and gives no number" in text


def test_a_regime_joins_a_policy_and_the_loser_is_listed(capsys: pytest.CaptureFixture[str]) -> None:
    regimes("in-ecommerce-2020", "ecolab", as_json=True)

    joined = json.loads(capsys.readouterr().out)
    terms = {step["id"]: [(term["source"], term["wins"]) for term in step["terms"]] for step in joined["steps"]}
    assert terms["acknowledge"] == [("in-ecommerce-2020", True), ("ecolab", False)]
    assert joined["reviewed_by"] is None


@pytest.mark.parametrize("months", ["0", "-1", "soon", "10000", "²"])
def test_months_that_are_none_are_a_wrong_line(months: str, capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as ended:
        build_parser().parse_args(["policy", "check", f"--stale-months={months}"])

    assert ended.value.code == 2
    assert "1 to 9999 months" in capsys.readouterr().err
