"""The soft clauses: what a reviewer asks about a conversation, what is claimed about hosting, where data stays."""

import pytest

from agentconsole.config.packs import load_pack, shipped_packs
from agentconsole.domain.errors import Refused
from agentconsole.domain.policy import Pack
from agentconsole.domain.policy_soft import Criterion, Residency
from agentconsole.domain.terms import Role
from tests.policies.requirements import requirements
from tests.policies.small_pack import SMALL, parse

# The rows of the kinds QA and ASR, for machines without the table; test_the_lists_are_those_of_the_table holds them.
REVIEWED = {
    "ecolab": "000-09 000-10 000-11 000-15 000-29 000-52",
    "ecomstore": (
        "001-003 001-006 001-007 001-008 001-009 001-011 001-014 001-015 001-016 001-017 001-018 001-023 001-025 "
        "001-026 001-036 001-039 001-040 001-041 001-072 001-073 001-074 001-143"
    ),
    "ist-desk": "002-03 002-12 002-14 002-29 002-32",
}
ASSURED = {"ecolab": "000-63 000-64 000-65 000-66 000-68 000-71", "ecomstore": "", "ist-desk": ""}


def rows_at(pack: Pack, clauses: set[str]) -> set[str]:
    return {row for clause in pack.clauses if clause.id in clauses for row in clause.rows}


@pytest.mark.parametrize("pack_id", shipped_packs())
def test_every_soft_row_has_a_criterion_and_every_claim_about_hosting_an_entry_of_the_register(pack_id: str) -> None:
    pack = load_pack(pack_id)

    reviewed = rows_at(pack, {one.clause for one in pack.criteria})
    assured = rows_at(pack, {one.clause for one in pack.assurances})

    assert set(REVIEWED[pack_id].split()) <= reviewed
    assert set(ASSURED[pack_id].split()) <= assured


def test_the_lists_are_those_of_the_table() -> None:
    rows = requirements()

    listed = {kind: set(" ".join(held.values()).split()) for kind, held in (("QA", REVIEWED), ("ASR", ASSURED))}

    assert [len(held) for held in listed.values()] == [33, 6]
    assert rows is None or listed == {kind: {row.id for row in rows if kind in row.kinds} for kind in ("QA", "ASR")}


@pytest.mark.parametrize("pack_id", shipped_packs())
def test_a_criterion_is_one_question_and_none_is_asked_twice(pack_id: str) -> None:
    pack = load_pack(pack_id)

    questions = [one.question for one in pack.criteria]

    assert all(question.endswith("?") and question.count("?") == 1 for question in questions)
    assert len(set(questions)) == len(questions)


def test_an_assurance_says_what_is_claimed_what_proves_it_who_looks_and_how_often() -> None:
    register = load_pack("ecolab").assurances

    assert " ".join(one.clause for one in register) == "7.1b 7.1c 7.2a 7.2b 7.3 7.4b 8.1 8.2 8.3 8.4"
    assert {one.owner for one in register} == {Role.ADMIN}
    assert {one.review for one in register} == {"quarterly", "yearly"}
    assert all(one.claim.endswith(".") and len(one.evidence.split()) >= 5 for one in register)


@pytest.mark.parametrize(("answer", "region"), [(None, "US"), ("Europe", "Europe"), ("anywhere", "anywhere")])
def test_data_stays_in_the_region_that_the_desk_chose(answer: str | None, region: str) -> None:
    pack = load_pack("ecolab", answers={"data_residency": answer} if answer else {})

    assert pack.residency == Residency("7.5", region, ("US", "Europe", "anywhere"))


def test_a_region_that_the_document_does_not_offer_is_refused() -> None:
    with pytest.raises(Refused, match=r'the answer for the blank "data_residency".*Allowed: US, Europe, anywhere'):
        load_pack("ecolab", answers={"data_residency": "Mars"})


def test_criteria_assurances_retention_and_residency_are_read() -> None:
    pack = parse()

    assurance, kept = pack.assurances[0], pack.retention[0]

    assert pack.criteria == (Criterion("kind", "1.a", "Was it kind?"),)
    assert (assurance.claim, assurance.evidence) == ("Well guarded.", "A letter of the guard.")
    assert (assurance.owner, assurance.review) == (Role.SUPERVISOR, "yearly")
    assert (kept.data, kept.keep, kept.unit, kept.then) == ("attachments", 18, "months", "erase")
    assert pack.residency == Residency("1", "Austria", ())
    assert (pack.clause("1.a").rows, pack.clause("1.a").note) == (("X-1", "X-2"), "Odd.")
    assert (pack.clause("0").title, pack.clause("1").title) == (True, False)
    assert 'note = "Odd."' in SMALL
