"""The order of the queue: tiers, the order within them, the guard against starving, and the verb of the NEXT column."""

from datetime import datetime, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from agentconsole.domain.clock_value import TICK
from agentconsole.domain.events import FactKind
from agentconsole.domain.policy import Business, Elapsed, Rings, Target, Unspecified
from agentconsole.domain.queue import NextVerb, Placing, Tier, hand_out, placing
from agentconsole.domain.terms import Author, Channel, ClockKind, ClockState, ContactKind, Status
from tests.domain.desk import Ticket, applied, at, pack, standard

HOUR, MINUTE = timedelta(hours=1), timedelta(minutes=1)
FIRST = ClockKind.FIRST_RESPONSE
START = at("Mon 09:00")


def place(
    story: Ticket,
    now: datetime,
    *,
    complaint: bool = False,
    vip: bool = False,
    opened_at: datetime = START,
    late_first: bool = False,
) -> Placing:
    return placing(
        story.every_clock(now),
        story.situation,
        now,
        complaint=complaint,
        vip=vip,
        opened_at=opened_at,
        late_first=late_first,
    )


def asked(target: Target, start: datetime = START, *, channel: Channel = Channel.EMAIL, **more: object) -> Ticket:
    return Ticket(applied(pack(standard(target, **more))), channel=channel).asked(start)


def order(*placings: Placing) -> list[int]:
    """Return the indices of the placings in the order of the queue."""
    return sorted(range(len(placings)), key=lambda index: (placings[index].tier.rank, placings[index].sort_key))


@pytest.mark.parametrize(
    ("target", "now", "tier"),
    [
        (Elapsed(24 * HOUR), "Mon 10:00", Tier.OK),
        (Elapsed(24 * HOUR), "Tue 04:00", Tier.SOON),
        (Elapsed(24 * HOUR), "Tue 08:30", Tier.DUE),
        (Elapsed(24 * HOUR), "Tue 09:30", Tier.LATE),
        (Business(20 * HOUR, "hours"), "Mon 20:00", Tier.SHUT),
    ],
)
def test_a_ticket_stands_in_the_tier_of_its_clocks_word(target: Target, now: str, tier: Tier) -> None:
    assert place(asked(target), at(now)).tier is tier


def test_the_tiers_are_ranked_as_ux_10_says() -> None:
    assert [tier.name for tier in sorted(Tier, key=lambda tier: tier.rank)] == [
        "LIVE",
        "DUE",
        "LATE",
        "SOON",
        "OK",
        "SHUT",
        "WAIT",
    ]


def test_the_clock_that_comes_first_decides() -> None:
    rules = pack(standard(Elapsed(48 * HOUR), ClockKind.RESOLUTION, id="resolve"), standard(Elapsed(2 * HOUR)))

    found = place(Ticket(applied(rules)).asked(START), at("Mon 10:55"))

    assert found.deciding is not None
    assert (found.tier, found.deciding.kind, found.next_verb) == (Tier.DUE, FIRST, NextVerb.REPLY)


def waiting_person(kind: ClockKind, channel: Channel, contact: ContactKind, start: datetime) -> Ticket:
    target = Rings(6, timedelta(seconds=6)) if kind is ClockKind.RING else Elapsed(5 * MINUTE)
    story = Ticket(applied(pack(standard(target, kind))), channel=channel).opened(start)
    return story.contact(start, Author.CUSTOMER, contact)


def test_live_is_ring_then_counter_then_chat_then_least_time_left() -> None:
    now = at("Mon 09:00:30")
    chat_new = waiting_person(FIRST, Channel.CHAT, ContactKind.MESSAGE, now)
    chat_old = waiting_person(FIRST, Channel.CHAT, ContactKind.MESSAGE, START)
    counter = waiting_person(ClockKind.GREET, Channel.WALKIN, ContactKind.VISIT, now)
    ring = waiting_person(ClockKind.RING, Channel.PHONE, ContactKind.CALL, now)

    places = [place(story, now) for story in (chat_new, chat_old, counter, ring)]

    assert {found.tier for found in places} == {Tier.LIVE}
    assert order(*places) == [3, 2, 1, 0]
    assert [found.next_verb for found in places] == [NextVerb.ANSWER, NextVerb.ANSWER, NextVerb.GREET, NextVerb.ANSWER]


def test_due_is_ordered_by_least_time_left_and_ties_by_complaint_vip_and_age() -> None:
    now = at("Mon 09:55")
    sooner, story = asked(Elapsed(HOUR), at("Mon 08:58")), asked(Elapsed(HOUR))

    places = [
        place(story, now),
        place(story, now, opened_at=START - HOUR),
        place(story, now, vip=True),
        place(story, now, complaint=True),
        place(sooner, now),
    ]

    assert order(*places) == [4, 3, 2, 1, 0]


def test_late_is_complaints_first_then_the_largest_share_overdue() -> None:
    now = at("Mon 12:00")
    slightly = asked(Elapsed(2 * HOUR), START)
    mostly = asked(Elapsed(2 * HOUR), at("Mon 08:30"))
    complaint = asked(Elapsed(24 * HOUR), START - 24 * HOUR)

    places = [place(slightly, now), place(mostly, now), place(complaint, now, complaint=True)]

    assert {found.tier for found in places} == {Tier.LATE}
    assert order(*places) == [2, 1, 0]


def test_a_late_placing_holds_for_a_minute_at_most_because_its_share_grows() -> None:
    story = asked(Elapsed(2 * HOUR))

    found, nearly_starving = place(story, at("Mon 11:30")), place(story, at("Mon 12:59:30"))

    assert found.until == at("Mon 11:31")
    assert nearly_starving.until == at("Mon 13:00") + TICK


@pytest.mark.parametrize(
    ("now", "tier", "starving"), [("Mon 13:00", Tier.LATE, False), ("Mon 13:00:01", Tier.DUE, True)]
)
def test_what_waited_over_twice_its_target_goes_to_the_top_of_due(now: str, tier: Tier, starving: bool) -> None:
    found = place(asked(Elapsed(2 * HOUR)), at(now))
    due = place(asked(Elapsed(HOUR), at(now) - HOUR), at(now), complaint=True, vip=True)

    assert (found.tier, found.starving) == (tier, starving)
    assert order(due, found)[0] == (1 if starving else 0)
    assert found.deciding is not None
    assert found.deciding.state(at(now)) is ClockState.LATE


def test_a_desk_that_puts_late_first_serves_the_starving_then_the_late_then_the_due() -> None:
    now = at("Mon 13:30")
    due = place(asked(Elapsed(HOUR), at("Mon 12:31")), now, complaint=True, late_first=True)
    late = place(asked(Elapsed(HOUR), at("Mon 12:00")), now, late_first=True)
    starving = place(asked(Elapsed(HOUR), at("Mon 09:00")), now, late_first=True)

    assert order(due, late, starving) == [2, 1, 0]
    assert (late.starving, starving.starving) == (False, True)
    assert late.until == now + MINUTE


def test_a_late_complaint_of_a_late_first_desk_still_stands_behind_the_starving() -> None:
    now = at("Mon 13:30")
    complaint = place(asked(Elapsed(HOUR), at("Mon 12:00")), now, complaint=True, late_first=True)
    late = place(asked(Elapsed(HOUR), at("Mon 11:31")), now, late_first=True)
    starving = place(asked(Elapsed(HOUR), at("Mon 11:00")), now, late_first=True)

    assert order(late, complaint, starving) == [2, 1, 0]


def test_shut_is_ordered_by_when_it_resumes_then_by_when_it_is_due() -> None:
    night = at("Mon 22:00")
    later, sooner = asked(Business(20 * HOUR, "hours")), asked(Business(12 * HOUR, "hours"))
    weekend = asked(Business(3 * HOUR, "hours"), at("Fri 17:00"))

    assert order(place(later, night), place(sooner, night)) == [1, 0]
    assert order(place(weekend, at("Sat 12:00")), place(later, night)) == [1, 0]
    assert place(later, night).until == at("Tue 08:30")


def test_of_two_that_resume_and_are_due_alike_the_complaint_comes_first_then_the_vip() -> None:
    night, story = at("Mon 22:00"), asked(Business(20 * HOUR, "hours"))

    places = [place(story, night), place(story, night, vip=True), place(story, night, complaint=True)]

    assert order(*places) == [2, 1, 0]


def test_waiting_tickets_come_last_and_ask_for_nothing() -> None:
    story = asked(Elapsed(24 * HOUR), pauses=(Status.WAITING,)).turned(at("Mon 10:00"), Status.WAITING, "photos")

    found = place(story, at("Mon 11:00"))

    assert (found.tier, found.next_verb, found.until) == (Tier.WAIT, NextVerb.NONE, None)


def test_a_ticket_without_a_target_is_not_lost_but_comes_after_those_with_one() -> None:
    now = at("Mon 12:00")
    unset = place(asked(Unspecified(None, "hours")), now)
    clocked = place(asked(Elapsed(480 * HOUR)), now)

    assert (unset.tier, unset.deciding, unset.next_verb) == (Tier.OK, None, NextVerb.REPLY)
    assert order(unset, clocked) == [1, 0]


@pytest.mark.parametrize(
    ("status", "tier", "next_verb"),
    [
        (Status.OPEN, Tier.OK, NextVerb.RESOLVE),
        (Status.WAITING, Tier.WAIT, NextVerb.NONE),
        (Status.RESOLVED, Tier.WAIT, NextVerb.NONE),
        (Status.CLOSED, Tier.WAIT, NextVerb.NONE),
    ],
)
def test_an_answered_ticket_without_clocks_is_to_be_resolved_unless_it_waits(
    status: Status, tier: Tier, next_verb: NextVerb
) -> None:
    story = asked(Elapsed(HOUR)).replied(at("Mon 09:10")).turned(at("Mon 09:10"), status)

    found = place(story, at("Mon 10:00"))

    assert (found.tier, found.next_verb) == (tier, next_verb)


def owing(kind: ClockKind, fact: FactKind, channel: Channel = Channel.EMAIL, **more: object) -> Ticket:
    return Ticket(applied(pack(standard(Elapsed(HOUR), kind))), channel=channel).opened(START).add(START, fact, **more)


@pytest.mark.parametrize(
    ("story", "next_verb"),
    [
        (asked(Elapsed(HOUR)), NextVerb.REPLY),
        (asked(Elapsed(HOUR), channel=Channel.SOCIAL), NextVerb.REPLY),
        (asked(Elapsed(HOUR), channel=Channel.VOICEMAIL), NextVerb.CALL),
        (asked(Elapsed(HOUR), clock=ClockKind.CALLBACK), NextVerb.CALL),
        (asked(Elapsed(HOUR), clock=ClockKind.RESOLUTION), NextVerb.RESOLVE),
        (owing(ClockKind.RETURN_CALL, FactKind.HEARD), NextVerb.CALL),
        (owing(ClockKind.ACCEPT_HANDOFF, FactKind.ESCALATED), NextVerb.ACCEPT),
        (owing(FIRST, FactKind.PROMISED, due=at("Mon 10:00"), value="call back"), NextVerb.PROMISE),
        (owing(ClockKind.RETURN_CALL, FactKind.QUEUE, Channel.VOICEMAIL), NextVerb.CHECK),
    ],
)
def test_the_next_column_names_the_verb_that_satisfies_the_deciding_clock(story: Ticket, next_verb: NextVerb) -> None:
    assert place(story, at("Mon 09:55")).next_verb is next_verb


@pytest.mark.parametrize(
    ("taken", "first", "late_waiting", "late_turn"),
    [
        (0, Tier.DUE, True, False),
        (3, Tier.DUE, True, False),
        (4, Tier.DUE, True, True),
        (9, Tier.OK, True, True),
        (4, None, True, True),
        (4, Tier.DUE, False, False),
        (4, Tier.LIVE, True, False),
    ],
)
def test_one_late_case_is_handed_out_after_every_four_others(
    taken: int, first: Tier | None, late_waiting: bool, late_turn: bool
) -> None:
    assert hand_out(taken, first, late_waiting=late_waiting) is late_turn


STORIES = st.builds(
    lambda target, minutes: asked(target, START - timedelta(minutes=minutes)),
    st.sampled_from([Elapsed(HOUR), Elapsed(24 * HOUR), Business(2 * HOUR, "hours"), Business(30 * HOUR, "hours")]),
    st.integers(min_value=0, max_value=6000),
)


@settings(max_examples=150, deadline=None)
@given(STORIES, st.integers(min_value=0, max_value=6000), st.booleans(), st.booleans(), st.booleans())
def test_a_placing_is_the_same_each_time_fits_the_column_and_holds_until_it_says(
    story: Ticket, minute: int, complaint: bool, vip: bool, late_first: bool
) -> None:
    now = START + timedelta(minutes=minute)
    given_ = {"complaint": complaint, "vip": vip, "late_first": late_first}

    found = place(story, now, **given_)

    assert found == place(story, now, **given_)
    assert 0 <= found.sort_key < 1 << 63
    horizon = found.until or now + timedelta(days=30)
    assert horizon > now
    before = place(story, horizon - TICK, **given_)
    assert (before.tier, before.starving, before.next_verb) == (found.tier, found.starving, found.next_verb)
    is_ratio = found.deciding is not None and found.deciding.state(now) is ClockState.LATE and not found.starving
    assert is_ratio or before.sort_key == found.sort_key


@pytest.mark.parametrize("tier", list(Tier))
def test_a_tier_and_its_word_name_each_other(tier: Tier) -> None:
    assert tier.state.value.lower() == tier.name.lower()
    assert Tier.of_state(tier.state) is tier


@pytest.mark.parametrize("state", [ClockState.MET, ClockState.MISSED])
def test_the_word_of_a_finished_clock_has_no_tier(state: ClockState) -> None:
    with pytest.raises(ValueError, match="stands in no tier"):
        Tier.of_state(state)
