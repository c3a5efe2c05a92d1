"""Policies of the desk: drafts are kept, filled in and put into force, now or later, and cases keep their version."""

from datetime import UTC, datetime, timedelta

import pytest
from sqlmodel import select

from agentconsole.config.packs import pack_text
from agentconsole.domain.errors import Refused
from agentconsole.services.shelf import put_in_force
from agentconsole.services.timekeeping import accept_clock
from agentconsole.storage.row_checks import check_packs
from agentconsole.storage.tables.pack_draft import PackDraft
from agentconsole.storage.tables.pack_version import PackVersion
from agentconsole.wire.brands import AddBrand
from agentconsole.wire.commands import AnswerBlank, AnyCommand
from agentconsole.wire.policies import ActivateDraft, KeepDraft
from tests.desk_bench import MONDAY, Bench

ECOLAB = pack_text("ecolab")
STRICTER = ECOLAB.replace('title = "', 'title = "Stricter ', 1)
OWN = ECOLAB.replace('id = "ecolab"', 'id = "own"', 1)
NOW = ActivateDraft("ecolab", with_proposals=True)


@pytest.fixture(autouse=True)
def _an_administrator(bench: Bench) -> None:
    bench.user("ada", "admin")


def drafts(bench: Bench) -> list[PackDraft]:
    return bench.read(lambda session: list(session.exec(select(PackDraft)).all()))


def versions(bench: Bench) -> list[tuple[int, str]]:
    rows = bench.read(lambda session: session.exec(select(PackVersion).order_by("version")).all())
    return [(row.version, row.author) for row in rows if row.pack_id == "ecolab"]


def title(bench: Bench, number: int) -> str:
    row = bench.row(number)
    return bench.desk.context.shelf.applied(row.brand_id, row.opened_at)[0].pack.title


def test_a_draft_is_kept_beside_what_is_in_force_and_says_what_is_open(bench: Bench) -> None:
    said = bench.do("ada", KeepDraft(STRICTER)).said.line(2000)

    (draft,) = drafts(bench)
    assert (draft.pack_id, draft.text, draft.author) == ("ecolab", STRICTER, "ada")
    assert said.startswith("The draft of ecolab is kept, nothing is in force by that. Still open: ")
    assert versions(bench) == [(1, "desk")]
    assert [event.kind for event in bench.events()][-1] == "pack.drafted"


def test_another_draft_takes_its_place_and_the_answers_it_had(bench: Bench) -> None:
    blank = bench.desk.context.shelf.packs[0].open_blanks[0]
    bench.do("ada", KeepDraft(STRICTER))
    bench.do("ada", AnswerBlank("ecolab@draft", blank.id, blank.proposal))

    said = bench.do("ada", KeepDraft(ECOLAB)).said.line(2000)

    (draft,) = drafts(bench)
    assert "in place of the draft before" in said
    assert (draft.text, draft.answers) == (ECOLAB, {blank.id: blank.proposal})
    assert bench.desk.context.shelf.packs[0].blanks[0].answer is None


def test_what_was_answered_in_force_is_answered_in_the_draft_and_what_fits_no_more_is_not(bench: Bench) -> None:
    first, second = bench.desk.context.shelf.packs[0].open_blanks[:2]
    for blank in (first, second):
        bench.do("ada", AnswerBlank("ecolab", blank.id, blank.proposal))

    bench.do(
        "ada", KeepDraft(ECOLAB.replace(f'"{first.id}"', '"asked_anew"').replace(f":{first.id}}}", ":asked_anew}"))
    )

    assert drafts(bench)[0].answers == {second.id: second.proposal}


def test_an_activated_draft_binds_new_cases_and_older_ones_keep_their_version(bench: Bench) -> None:
    older = bench.ticket()
    bench.move(minutes=5)
    bench.do("ada", KeepDraft(STRICTER))

    said = bench.do("ada", NOW).said.line(2000)
    bench.move(minutes=5)
    newer = bench.ticket()

    assert said == "Version 2 of ecolab is in force. Cases that began before keep the version they began with."
    assert versions(bench) == [(1, "desk"), (2, "ada")]
    assert [title(bench, number).startswith("Stricter") for number in (older, newer)] == [False, True]
    assert drafts(bench) == []
    assert bench.read(check_packs) == []


def test_a_version_that_waits_begins_by_itself(bench: Bench) -> None:
    bench.do("ada", KeepDraft(STRICTER))

    said = bench.do("ada", ActivateDraft("ecolab", MONDAY + timedelta(days=2), with_proposals=True)).said.line(2000)
    before = bench.ticket()
    shelf = bench.desk.context.shelf
    waiting = shelf.packs[0].version
    bench.move(days=3)
    after = bench.ticket()

    assert "Version 2 of ecolab begins 2026-11-25 10:00 UTC." in said
    assert [title(bench, number).startswith("Stricter") for number in (before, after)] == [False, True]
    assert (waiting, shelf.packs[0].version) == (1, 2)


def test_what_is_answered_while_a_version_waits_is_answered_in_that_too(bench: Bench) -> None:
    blank = bench.desk.context.shelf.packs[0].open_blanks[0]
    bench.do("ada", KeepDraft(STRICTER))
    bench.do("ada", ActivateDraft("ecolab", MONDAY + timedelta(days=2), with_proposals=True))

    bench.do("ada", AnswerBlank("ecolab", blank.id, blank.proposal))
    shelf = bench.desk.context.shelf
    now = shelf.packs[0]
    bench.move(days=3)
    then = shelf.packs[0]

    assert [(pack.title[:8], blank.id in {one.id for one in pack.open_blanks}) for pack in (now, then)] == [
        (now.title[:8], False),
        ("Stricter", False),
    ]
    assert bench.read(check_packs) == []


def test_a_policy_of_the_desk_s_own_serves_a_brand(bench: Bench) -> None:
    bench.do("ada", KeepDraft(OWN))
    with pytest.raises(Refused, match="own is a draft only: put it into force first"):
        bench.do("ada", AddBrand("acme", "Acme Ltd", "own"))

    said = bench.do("ada", ActivateDraft("own", with_proposals=True)).said.line(2000)
    bench.do("ada", AddBrand("acme", "Acme Ltd", "own"))

    assert said.endswith("No brand is under it yet: agentconsole brand add BRAND NAME own.")
    assert title(bench, bench.ticket(brand="acme")) == bench.desk.context.shelf.pack_at("own", 1).title


@pytest.mark.parametrize(
    ("command", "says"),
    [
        (KeepDraft("no TOML"), "the draft is no TOML"),
        (KeepDraft(ECOLAB.replace("[policy]", "[policy]\ncolour = 1", 1)), "there is no such key"),
        (NOW, "There is no draft of ecolab here; there is none of any."),
        (ActivateDraft("a\x00b"), "There is no draft of that name here"),
        (ActivateDraft("ecolab", MONDAY - timedelta(days=90)), "A policy cannot begin in the past"),
        (ActivateDraft("ecolab", MONDAY + timedelta(days=400)), "can wait for at most a year"),
        (ActivateDraft("ecolab", (MONDAY + timedelta(days=4)).replace(tzinfo=None)), "needs its zone"),
        (ActivateDraft("ecolab", datetime.max.replace(tzinfo=UTC)), "can wait for at most a year"),
        (AnswerBlank("ecolab@draft", "business_hours", "x"), "There is no draft of ecolab here"),
        (AnswerBlank("ecolab@1", "business_hours", "x"), "a version stays as it is"),
        (AnswerBlank("ecolab", "nonsense", "x"), 'has no blank or setting "nonsense"; it has '),
    ],
)
def test_what_cannot_be_is_refused_and_leaves_no_trace(bench: Bench, command: AnyCommand, says: str) -> None:
    before = bench.tables()

    with pytest.raises(Refused) as refused:
        bench.do("ada", command)

    assert says in refused.value.sentence
    assert bench.tables() == before


def test_a_draft_with_open_blanks_is_not_put_into_force_unless_its_proposals_are_wanted(bench: Bench) -> None:
    bench.do("ada", KeepDraft(STRICTER))
    open_ones = ", ".join(blank.id for blank in bench.desk.context.shelf.packs[0].open_blanks)

    with pytest.raises(Refused) as refused:
        bench.do("ada", ActivateDraft("ecolab"))

    assert refused.value.sentence.startswith(f"The draft of ecolab leaves open {open_ones}. Fill them in")
    assert versions(bench) == [(1, "desk")]


def test_a_draft_that_says_what_is_in_force_makes_no_version(bench: Bench) -> None:
    bench.do("ada", KeepDraft(ECOLAB))

    with pytest.raises(Refused, match="says what version 1 says: nothing was changed"):
        bench.do("ada", NOW)


def test_a_draft_refuses_an_answer_it_cannot_compute_with_and_keeps_the_one_before(bench: Bench) -> None:
    bench.do("ada", KeepDraft(STRICTER))

    with pytest.raises(Refused):
        bench.do("ada", AnswerBlank("ecolab@draft", "business_hours", "whenever"))

    assert drafts(bench)[0].answers == {}


def test_a_version_that_another_server_stored_is_read_with_its_order(bench: Bench) -> None:
    shelf = bench.desk.context.shelf
    bench.write(lambda tx: put_in_force(tx, shelf, "ecolab", STRICTER, {}, tx.now + timedelta(days=1)))
    bench.write(lambda tx: put_in_force(tx, shelf, "ecolab", ECOLAB, {"time_zone": "UTC"}))

    bench.desk.reread_packs()

    assert [applied.pack.version for applied in shelf.versions("ecolab")] == [1, 3, 2]
    assert shelf.packs[0].version == 3


def test_where_the_clock_was_set_back_a_version_that_waits_keeps_its_day_and_one_in_force_stays_so(
    bench: Bench,
) -> None:
    shelf, day = bench.desk.context.shelf, MONDAY + timedelta(days=300)
    bench.clock.move(timedelta(days=90))
    bench.write(lambda tx: put_in_force(tx, shelf, "ecolab", STRICTER, {}))
    bench.write(lambda tx: put_in_force(tx, shelf, "ecolab", ECOLAB, {"time_zone": "UTC"}, day))
    bench.clock.move(-timedelta(days=90))

    bench.desk.writer.run(
        bench.actor("ada"), lambda tx: accept_clock(tx, "the battery was empty", live=()), behind=True
    )
    bench.desk.reread_packs()

    versions = shelf.versions("ecolab")
    assert [applied.pack.version for applied in versions] == [1, 2, 3]
    assert (versions[1].since, versions[2].since) == (MONDAY, day)
