"""From when the return of a voicemail is counted: its being heard or left, or the next check (000-21, 000-22)."""

from dataclasses import replace
from datetime import datetime, timedelta

import pytest

from agentconsole.config.packs import load_pack
from agentconsole.domain.clocks import Clock
from agentconsole.domain.events import FactKind
from agentconsole.domain.policy import Duty, Elapsed
from agentconsole.domain.queue import NextVerb, placing
from agentconsole.domain.terms import Author, Channel, ClockKind, ClockState, ContactKind, Role, Start
from tests.domain.desk import Ticket, applied, at, pack, standard

TEN = timedelta(minutes=10)
CHECK = Duty("check", "2", "check the voicemails", Role.AGENT, timedelta(hours=2), "", "hours")
UNHEARD = "begins when the voicemail has been heard"


def voicemail(start: Start) -> Ticket:
    """Return a voicemail ticket of a desk that is open 08:30 to 18:00 and checks every two hours."""
    rule = standard(Elapsed(TEN), ClockKind.RETURN_CALL, start=start, duty="check", id="return")
    return Ticket(applied(replace(pack(rule), duties=(CHECK,))), channel=Channel.VOICEMAIL)


def the_return(story: Ticket, now: datetime) -> list[Clock]:
    return [clock for clock in story.clocks(now) if clock.kind is ClockKind.RETURN_CALL]


@pytest.mark.parametrize(
    ("start", "left", "heard", "due"),
    [
        (Start.HEARD, "Mon 09:00", "Mon 09:40", "Mon 09:50"),
        (Start.LEFT, "Mon 09:00", "Mon 09:40", "Mon 09:10"),
        (Start.DUTY, "Mon 09:00", "Mon 09:40", "Mon 10:40"),
        (Start.LEFT, "Mon 20:00", "Tue 08:45", "Mon 20:10"),
        (Start.DUTY, "Mon 20:00", "Tue 08:45", "Tue 08:40"),
    ],
)
def test_a_voicemail_is_to_be_returned_ten_minutes_after_what_the_desk_has_chosen(
    start: Start, left: str, heard: str, due: str
) -> None:
    story = voicemail(start).asked(at(left)).add(at(heard), FactKind.HEARD)

    (clock,) = the_return(story, at("Wed 12:00"))

    assert clock.due_at == at(due)


@pytest.mark.parametrize(
    ("start", "reason", "due"),
    [(Start.HEARD, UNHEARD, None), (Start.LEFT, "", "Mon 09:10"), (Start.DUTY, "", "Mon 10:40")],
)
def test_only_a_return_counted_from_hearing_waits_for_somebody_to_listen(
    start: Start, reason: str, due: str | None
) -> None:
    (clock,) = the_return(voicemail(start).asked(at("Mon 09:00")), at("Mon 09:05"))

    assert (clock.no_clock_reason, clock.due_at) == (reason, at(due) if due else None)


def test_until_the_check_nothing_of_the_ten_minutes_is_used() -> None:
    story = voicemail(Start.DUTY).asked(at("Mon 09:00"))

    (clock,) = the_return(story, at("Mon 09:30"))

    assert (clock.started_at, clock.because) == (at("Mon 10:30"), "duty to check the voicemails")
    assert (clock.left(at("Mon 09:30")), clock.left(at("Mon 10:34"))) == (TEN, timedelta(minutes=6))
    assert clock.state(at("Mon 10:41")) is ClockState.LATE


def test_a_return_that_is_counted_from_a_later_check_stands_still_and_says_from_when() -> None:
    story = voicemail(Start.DUTY).asked(at("Mon 20:00"))

    (clock,) = the_return(story, at("Mon 21:00"))

    assert (clock.state(at("Mon 21:00")), clock.resumes_at) == (ClockState.SHUT, at("Tue 08:30"))
    assert clock.next_change(at("Mon 21:00")) == at("Tue 08:30")
    assert clock.state(at("Tue 08:31")) is ClockState.OK


@pytest.mark.parametrize("start", list(Start))
def test_a_call_back_ends_it_also_before_anybody_has_listened(start: Start) -> None:
    story = voicemail(start).asked(at("Mon 09:00")).contact(at("Mon 09:08"), Author.AGENT, ContactKind.CALL)

    found = the_return(story, at("Mon 12:00"))

    assert [clock.state(at("Mon 12:00")) for clock in found] == ([] if start is Start.HEARD else [ClockState.MET])


def test_the_oldest_voicemail_counts_and_the_first_time_one_is_heard() -> None:
    left, heard = voicemail(Start.LEFT), voicemail(Start.HEARD)
    for story in (left, heard):
        story.asked(at("Mon 09:00")).wrote(at("Mon 09:30"))
        story.add(at("Mon 10:00"), FactKind.HEARD).add(at("Mon 10:05"), FactKind.HEARD)

    assert [clock.due_at for clock in the_return(left, at("Mon 12:00"))] == [at("Mon 09:10")]
    assert [clock.due_at for clock in the_return(heard, at("Mon 12:00"))] == [at("Mon 10:10")]


def test_a_second_voicemail_after_the_return_of_the_first_must_be_heard_again() -> None:
    story = voicemail(Start.HEARD).asked(at("Mon 09:00")).add(at("Mon 09:10"), FactKind.HEARD)
    story.contact(at("Mon 09:15"), Author.AGENT, ContactKind.CALL).wrote(at("Mon 11:00"))
    now = at("Mon 11:05")

    first, second = the_return(story, now)

    assert (first.met_at, second.started_at, second.no_clock_reason) == (at("Mon 09:15"), None, UNHEARD)
    placed = placing(story.every_clock(now), story.situation, now, complaint=False, vip=False, opened_at=now)
    assert placed.next_verb is NextVerb.CHECK


@pytest.mark.parametrize("start", [Start.LEFT, Start.DUTY])
def test_a_voicemail_of_which_only_the_hearing_is_known_counts_from_there(start: Start) -> None:
    story = voicemail(start).opened().add(at("Mon 10:30"), FactKind.HEARD)

    assert [clock.due_at for clock in the_return(story, at("Mon 12:00"))] == [at("Mon 10:40")]


@pytest.mark.parametrize(
    ("choice", "due"),
    [
        ("being_checked", None),
        ("being_left", "2026-11-23T10:10-05:00"),
        ("two_hour_tick", "2026-11-23T11:10-05:00"),
    ],
)
def test_the_setting_of_the_store_policy_decides_from_when_it_counts(choice: str, due: str | None) -> None:
    shipped = load_pack("ecolab", answers={"voicemail_return_from": choice})
    left = datetime.fromisoformat("2026-11-23T10:00-05:00")

    (clock,) = the_return(Ticket(applied(shipped), channel=Channel.VOICEMAIL).asked(left), left)

    assert clock.due_at == (datetime.fromisoformat(due) if due else None)
