"""What `policy check` finds in the shipped packs: every row of the table of contradictions, and the exact list."""

import re
import time
from collections import Counter
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import pytest

from agentconsole.config.packs import load_pack, shipped_packs
from agentconsole.config.regimes import load_regime, shipped_regimes
from agentconsole.config.templates import PLACEHOLDERS
from agentconsole.domain.policy_check import Checked, Known, check
from agentconsole.domain.policy_check_finding import Finding, Level

NOW = datetime(2026, 11, 22, 12, tzinfo=UTC)
MOST_TRIED = 20_000


@pytest.fixture(name="checked", scope="module")
def _checked() -> Checked:
    known = Known(PLACEHOLDERS, {name: load_regime(name) for name in shipped_regimes()})
    return check([load_pack(name) for name in shipped_packs()], NOW, known)


def one(checked: Checked, name: str) -> Finding:
    """Return the only finding of that kind."""
    (finding,) = [each for each in checked.findings if each.check == name]
    return finding


TABLE = [
    ("Phone", "time-phone", "ecolab (within 6 rings), ecomstore (within 3 rings, in hours), ist-desk (as",
     "ecomstore 3.resp.3 for"),
    ("E-mail", "time-email", "ecolab (within 24 h)", "ecolab 2.5 for"),
    ("Chat", "time-chat", "", "ecomstore 3.resp.1"),
    ("Social", "silent-social", "only ecomstore", "ecomstore, wherever it binds"),
    ("Walk-in", "silent-walkin", "only ecolab", "ecolab, wherever it binds"),
    ("Resolution", "indicator-resolution", "ecolab 3.4 within 48 h", "Both stay"),
    ("First response KPI", "indicator-first_response", "counted in the calendar business", "Both stay"),
    ("Complaint", "complaint-steps", "may be settled at once", "still logged, passed on and acknowledged"),
    ("48 h vs 5 working days", "complaint-terms", "within 5 working days (4.3a)", "procedure's terms for complaints"),
    ("Escalation trigger", "trigger", "amount over limit", "All of them together"),
    ("Escalate to", "escalate-to", "management (the manager)", "own policy"),
    ("Complaint owner", "complaint-owner", "ecolab the manager", "the manager"),
    ("Availability", "hours", "chat (", "own hours"),
    ("Currency/locale", "currency", "INR", "its own currency"),
]  # fmt: skip


TRIGGERS = (
    "ecolab:3.1 ecolab:3.2 ecomstore:10.when.1 ecomstore:10.when.2 ecomstore:10.when.3 ecomstore:10.when.4 "
    "ecomstore:10.when.5 ist-desk:Policy.6 ist-desk:Summary.4"
)


@pytest.mark.parametrize(("row", "name", "said", "wins"), TABLE)
def test_every_row_of_the_table_of_contradictions_is_found_with_what_wins(
    checked: Checked, row: str, name: str, said: str, wins: str
) -> None:
    finding = one(checked, name)

    assert said in finding.why, row
    assert wins in finding.wins, row
    assert finding.do
    assert finding.where


def test_the_table_of_contradictions_has_no_other_row() -> None:
    requirements = Path(__file__).parents[2].parent / "shared" / "REQUIREMENTS.md"
    rows = [row for row, *_ in TABLE]
    if requirements.is_file():
        text = requirements.read_text(encoding="utf-8").partition("### Contradictions")[2].partition("Precedence")[0]
        rows = re.findall(r"^\| ([^|-][^|]*?) \|", text, re.MULTILINE)[1:]

    assert rows == [row for row, *_ in TABLE]


def test_the_three_packs_have_exactly_these_findings(checked: Checked) -> None:
    listed = [
        (finding.level.value, finding.check, " ".join(f"{place.pack}:{place.clause}" for place in finding.where))
        for finding in checked.findings
        if finding.level is not Level.BLANK
    ]

    assert listed == [
        ("contradiction", "time-email", "ecolab:2.5 ecomstore:3.resp.2 ist-desk:Policy.2a"),
        ("contradiction", "time-phone", "ecolab:2.1 ecomstore:3.resp.3 ist-desk:Policy.1"),
        ("contradiction", "time-chat", "ecolab:2.7 ecomstore:3.resp.1 ist-desk:Policy.3"),
        ("contradiction", "indicator-first_response", "ecomstore:16.kpi.2 ecolab:2.5 ecolab:9.1 ecomstore:3.resp.4"),
        ("contradiction", "indicator-resolution", "ecomstore:16.kpi.3 ecolab:3.4"),
        ("contradiction", "complaint-steps", "ecolab:4 ecomstore:6.complaint.1 ist-desk:Standards.6"),
        ("contradiction", "complaint-owner", "ecolab:4 ecomstore:6.complaint.1 ist-desk:Standards.6"),
        ("contradiction", "trigger", TRIGGERS),
        ("contradiction", "escalate-to", TRIGGERS),
        ("contradiction", "hours", "ecolab: ecomstore: ist-desk:"),
        ("contradiction", "currency", "ecolab: ecomstore: ist-desk:"),
        ("never", "number", "ecomstore:17.emergency.1"),
        ("warning", "foreign-name",
         "ecolab:6.1 ecolab:6.2 ecolab:7.1b ecolab:7.2a ecolab:7.4a ecolab:7.5 ecolab:8.2 ecolab:8.5"),
        ("warning", "no-date", "ecolab:"),
        ("warning", "number", "ecomstore:17.emergency.2"),
        ("warning", "stale-date", "ecomstore:0.1"),
        ("warning", "no-standard", "ist-desk:"),
        ("warning", "stale-date", "ist-desk:Summary.6"),
        ("warning", "silent-voicemail", "ecolab:2.3b ist-desk:Policy.3c"),
        ("warning", "silent-social", "ecomstore:3.resp.4"),
        ("warning", "silent-walkin", "ecolab:2.9"),
        ("warning", "complaint-terms", "ecolab:3.4 ecolab:4.3a ecolab:4.4a"),
    ]  # fmt: skip
    assert Counter(finding.where[0].pack for finding in checked.findings if finding.level is Level.BLANK) == {
        "ecolab": 17, "ecomstore": 8, "ist-desk": 5,
    }  # fmt: skip
    assert checked.fails


def test_the_name_of_another_product_is_found_wherever_the_document_has_it(checked: Checked) -> None:
    finding = one(checked, "foreign-name")

    assert 'names "LiveAgent", and the organisation is Eco Lab Supply' in finding.why
    assert {94, 97, 116} <= {place.line for place in finding.where}


def test_the_revision_dates_are_shown_as_they_are_written(checked: Checked) -> None:
    stale = [finding.why for finding in checked.findings if finding.check == "stale-date"]

    assert [why.partition(",")[0] if "27/07" in why else why for why in stale] == [
        'It was last revised "January 15, 2024", 34 months ago; 24 are allowed.',
        'It was last revised "27/07/2022" (27 July 2022)',
    ]


def test_the_strictest_instant_is_found_hour_by_hour(checked: Checked) -> None:
    shares = re.findall(r"(\S+) \S+ for (\d+)", one(checked, "time-email").wins)

    assert [name for name, _ in shares] == ["ecomstore", "ecolab"]
    assert sum(int(count) for _, count in shares) >= 168


def test_checking_all_packs_is_little_work(checked: Checked, capsys: pytest.CaptureFixture[str]) -> None:
    packs = [load_pack(name) for name in shipped_packs()]
    began = time.process_time()

    again = check(packs, NOW, Known(PLACEHOLDERS, {}))

    with capsys.disabled():
        print(
            f" all packs: {again.tried} promises tried, {time.process_time() - began:.3f} s of processor time ", end=""
        )
    assert again.tried == checked.tried
    assert again.tried <= MOST_TRIED


def test_a_pack_by_itself_contradicts_nobody() -> None:
    for name in shipped_packs():
        found = check([load_pack(name)], NOW, Known(PLACEHOLDERS, {})).findings
        assert [finding.check for finding in found if finding.level is Level.CONTRADICTION] == []


def test_two_packs_that_promise_the_same_do_not_contradict_each_other() -> None:
    pack = load_pack("ecomstore")
    found = check([pack, replace(pack, id="twin")], NOW, Known(PLACEHOLDERS, {})).findings

    # An indicator is held against the promises of all packs, whoever else makes them too.
    between = {finding.check for finding in found if len({place.pack for place in finding.where}) > 1}
    assert between - {"indicator-first_response"} == set()
