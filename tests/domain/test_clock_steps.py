"""The answer to "why?": the arithmetic of a clock in lines that fit the screen."""

from dataclasses import replace
from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from agentconsole.domain.calendar import Calendar, DayEnd, Receipt
from agentconsole.domain.cells import width, wrap
from agentconsole.domain.clocks import steps
from agentconsole.domain.events import FactKind
from agentconsole.domain.policy import ActionKind, BestEffort, Business, Elapsed, Pack, StageAction, WorkingDays
from agentconsole.domain.terms import ClockKind, Priority, Status
from tests.domain.desk import CALENDARS, INDIA, WORKING, Ticket, applied, at, pack, standard

HOUR = timedelta(hours=1)
ECOM = pack(
    standard(Business(2 * HOUR, "hours"), text="email within 2 hours during business hours", pauses=(Status.WAITING,))
)
NOTICE = StageAction(ActionKind.AUTO_ACKNOWLEDGE, 12 * HOUR, "received")
PLAYBOOK = pack(standard(Elapsed(24 * HOUR), text="email within 24h", actions=(NOTICE,)), id="playbook")
NOW = at("Mon 10:41:48")


def lookup(pack_id: str, version: int) -> Pack | None:
    return {("ecom", 3): ECOM, ("playbook", 3): PLAYBOOK}.get((pack_id, version))


def why(story: Ticket, now: object = NOW) -> tuple[str, ...]:
    return steps(story.clock(now), lookup, now)  # type: ignore[arg-type]


def test_a_clock_explains_itself_as_ux_9_shows() -> None:
    story = Ticket(applied(ECOM, PLAYBOOK)).asked(at("Mon 08:46"))

    assert why(story) == (
        "why      DUE 4:12 (first reply)",
        "rule     email within 2 hours during business hours   Ecom 3, pack v3",
        "started  Mon 23 Nov 08:46 customer message",
        "         desk open 08:30-18:00 IST, holidays: none",
        "paused   never   used 1h56 of 2h00   due Mon 23 Nov 10:46 IST",
        "also     Playbook 3: email within 24h, due Tue 24 Nov 08:46 -> not stricter",
        "         12h auto notice: not needed, reply due first",
    )


def test_a_notice_that_another_clause_promises_before_the_reply_is_due_says_when_it_goes_out() -> None:
    slow = pack(standard(Elapsed(20 * HOUR), text="email within 20h"))
    story = Ticket(applied(slow, PLAYBOOK)).asked(at("Mon 08:46"))

    early, late = "\n".join(why(story)), "\n".join(why(story, at("Mon 21:00")))

    assert "12h auto notice: Mon 23 Nov 20:46, if still unanswered" in early
    assert "auto notice" not in late


def test_a_clock_that_began_out_of_hours_says_from_when_it_counts() -> None:
    story = Ticket(applied(ECOM)).asked(at("Mon 03:10"))

    lines = why(story, at("Mon 04:00"))

    assert "started  Mon 23 Nov 03:10 customer message" in lines[2]
    assert "desk shut, counts from Mon 23 Nov 08:30 IST" in " ".join(line.strip() for line in lines[2:4])
    assert "resumes Mon 23 Nov 08:30 IST" in " ".join(lines)


def test_pauses_name_their_reason_and_who_and_what_is_left() -> None:
    story = Ticket(applied(ECOM)).asked(at("Mon 08:46")).turned(at("Mon 09:46"), Status.WAITING, "photos", "bo")

    text = "\n".join(why(story))

    assert "why      WAIT 1h00 (first reply)" in text
    assert "paused   Mon 23 Nov 09:46 to now (waiting, photos, by bo)" in text
    assert "due when 1h00 more has been counted after the pause" in text


def test_a_move_says_from_when_to_when_and_because_of_what() -> None:
    low = standard(Elapsed(24 * HOUR), id="low")
    rules = pack(
        low, replace(standard(Elapsed(HOUR), id="high"), applies=replace(low.applies, priorities=(Priority.HIGH,)))
    )
    story = Ticket(applied(rules)).asked(at("Mon 08:46")).prioritised(at("Mon 09:00"), Priority.HIGH)

    text = " ".join(line.strip() for line in why(story))

    assert "moved" in text
    assert "Mon 23 Nov 09:00 from Tue 24 Nov 08:46 to Mon 23 Nov 09:46, because priority normal -> high" in " ".join(
        text.split()
    )


def test_a_breach_and_an_answer_are_told() -> None:
    story = Ticket(applied(ECOM)).asked(at("Mon 08:46")).replied(at("Mon 11:00"))

    text = "\n".join(why(story, at("Mon 12:00")))

    assert "why      MISS +14m (first reply)" in text
    assert "met Mon 23 Nov 11:00" in text
    assert "broken since Mon 23 Nov 10:46" in text


def test_a_clock_without_a_number_says_why() -> None:
    story = Ticket(applied(pack(standard(BestEffort("erlang"))))).asked(at("Mon 08:46"))

    assert " ".join(line.strip() for line in why(story)).startswith(
        "why      -- (first reply): best effort: measured against a model of the traffic"
    )


def test_a_clock_that_counts_wall_time_says_so_and_one_without_a_number_does_not() -> None:
    wall, unnumbered = (Ticket(applied(pack(standard(one)))).asked() for one in (Elapsed(HOUR), BestEffort("erlang")))

    assert "wall clock, nights and holidays count" in " ".join(why(wall))
    assert "wall clock" not in " ".join(why(unnumbered))


def test_a_clock_that_is_no_longer_owed_says_when_it_ended() -> None:
    story = Ticket(applied(ECOM)).asked(at("Mon 08:46")).turned(at("Mon 09:00"), Status.RESOLVED)

    assert "ended Mon 23 Nov 09:00, case resolved: no longer owed" in " ".join(why(story))


def test_a_promise_is_told_in_its_own_words() -> None:
    story = (
        Ticket(applied(ECOM)).opened().add(at("Mon 09:00"), FactKind.PROMISED, due=at("Tue 12:00"), value="call back")
    )

    lines = steps(story.clock(NOW, ClockKind.PROMISE), lookup, NOW)

    assert lines[:2] == ("why      ok 1d01 (promised date)", "rule     call back")


@pytest.mark.parametrize(
    ("zone", "due"), [("Europe/Lisbon", "due Tue 24 Nov 06:30 WET"), ("", "due Tue 24 Nov 12:00 IST")]
)
def test_a_promise_is_told_in_the_zone_it_was_made_in_and_an_older_one_in_the_pack_s(zone: str, due: str) -> None:
    story = Ticket(applied(ECOM)).opened().add(at("Mon 09:00"), FactKind.PROMISED, due=at("Tue 12:00"), zone=zone)

    lines = steps(story.clock(NOW, ClockKind.PROMISE), lookup, NOW)

    assert due in " ".join(lines)


def test_holidays_on_the_way_are_named_and_many_are_counted() -> None:
    days = {at(f"{day} 12:00").date(): () for day in ("Tue", "Wed", "Thu", "Fri")}
    named = Calendar("hours", INDIA, WORKING, days, {at("Tue 12:00").date(): "Founders' Day"})
    rules = pack(standard(Business(12 * HOUR, "hours")), calendars={**CALENDARS, "hours": named})

    text = " ".join(" ".join(why(Ticket(applied(rules)).asked(at("Mon 08:46")))).split())

    assert "holidays: Tue 24 Nov (Founders' Day), Wed 25 Nov, Thu 26 Nov and 1 more" in text


def test_holidays_before_the_start_and_after_the_due_date_are_not_named() -> None:
    days = {at(f"{day} 12:00").date(): () for day in ("Mon", "Thu")}
    named = Calendar("hours", INDIA, WORKING, days, {})
    rules = pack(standard(Business(2 * HOUR, "hours")), calendars={**CALENDARS, "hours": named})

    assert "holidays: none" in " ".join(why(Ticket(applied(rules)).asked(at("Tue 09:00")), at("Tue 10:00")))


def test_nothing_is_said_about_pauses_where_no_number_runs() -> None:
    assert "paused" not in " ".join(why(Ticket(applied(pack(standard(BestEffort("erlang"))))).asked()))


def test_a_letter_counts_working_days() -> None:
    five = WorkingDays(5, "hours", Receipt.SAME_DAY, DayEnd.CLOSE_OF_BUSINESS)

    lines = why(Ticket(applied(pack(standard(five)))).asked(at("Mon 08:46")))

    assert lines[0] == "why      ok 5wd (first reply)"
    assert lines[3] == "         counts working days, holidays: none"


@pytest.mark.parametrize("words", ["a " * 400, "x" * 500, "配送が届きません" * 40, "mixed 配送 " * 60, ""])
def test_no_line_is_wider_than_78_cells(words: str) -> None:
    rules = pack(standard(Business(2 * HOUR, "hours"), text=words, pauses=(Status.WAITING,)))
    story = Ticket(applied(rules)).asked(at("Mon 08:46")).turned(at("Mon 09:00"), Status.WAITING, words, words[:40])

    assert max(width(line) for line in why(story)) <= 78


@given(st.text(alphabet=st.sampled_from("ab 配\u0301"), max_size=200), st.integers(min_value=2, max_value=30))
def test_wrapping_keeps_every_letter_and_the_room(text: str, room: int) -> None:
    lines = wrap(text, room)

    assert "".join("".join(lines).split()) == "".join(text.split())
    assert all(width(line) <= room for line in lines)
