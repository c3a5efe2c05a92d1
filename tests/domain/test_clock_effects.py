"""What falls due by itself on a clock: breaches, warnings, the chain and timed actions, each exactly once."""

from dataclasses import replace
from datetime import timedelta

import pytest

from agentconsole.domain.clocks import Effect, EffectKind
from agentconsole.domain.events import FactKind
from agentconsole.domain.policy import ActionKind, Business, ChainLink, Elapsed, Rings, StageAction, Target, Warning
from agentconsole.domain.terms import Author, Channel, ClockKind, ClockState, ContactKind, Priority, Role, Status
from tests.domain.desk import Ticket, applied, at, pack, standard

HOUR, MINUTE = timedelta(hours=1), timedelta(minutes=1)
START = at("Mon 09:00")
ACKNOWLEDGE = StageAction(ActionKind.AUTO_ACKNOWLEDGE, 12 * HOUR, "received")
OFFER = StageAction(ActionKind.OFFER_MESSAGE_OR_CALLBACK, None, "offer")
LATER = at("Thu 12:00")


def asked(target: Target, **more: object) -> Ticket:
    return Ticket(applied(pack(standard(target, **more)))).asked(START)


def told(effects: tuple[Effect, ...]) -> list[tuple[EffectKind, object, Role | None]]:
    return [(effect.kind, effect.at, effect.whom) for effect in effects]


@pytest.mark.parametrize(
    ("situation", "target", "warning", "falls_due"),
    [
        ("75 % of 24 h", Elapsed(24 * HOUR), Warning(75, None, Role.AGENT), "Tue 03:00"),
        ("at once", Elapsed(24 * HOUR), Warning(0, None, Role.AGENT), "Mon 09:00"),
        ("30 min before 24 h", Elapsed(24 * HOUR), Warning(None, 30 * MINUTE, Role.AGENT), "Tue 08:30"),
        ("50 % of 2 business hours", Business(2 * HOUR, "hours"), Warning(50, None, Role.AGENT), "Mon 10:00"),
        ("90 % over the night", Business(10 * HOUR, "hours"), Warning(90, None, Role.AGENT), "Mon 18:00"),
        ("before, in open time", Business(10 * HOUR, "hours"), Warning(None, 30 * MINUTE, Role.AGENT), "Tue 09:00"),
        ("before longer than the target", Elapsed(HOUR), Warning(None, 2 * HOUR, Role.AGENT), "Mon 09:00"),
    ],
)
def test_a_warning_falls_due_at_its_share_or_time_before(
    situation: str, target: Target, warning: Warning, falls_due: str
) -> None:
    story = asked(target, warnings=(warning,))
    due = at(falls_due)

    early, there = story.effects(due - timedelta(microseconds=1)), story.effects(due)

    assert told(early) == [], situation
    assert told(there) == [(EffectKind.WARN, due, Role.AGENT)], situation


def test_a_warning_is_given_once() -> None:
    story = asked(Elapsed(24 * HOUR), warnings=(Warning(50, None, Role.AGENT), Warning(75, None, Role.SUPERVISOR)))
    first = story.effects(at("Mon 22:00"))

    story.record(at("Mon 22:00"), *first)

    assert told(first) == [(EffectKind.WARN, at("Mon 21:00"), Role.AGENT)]
    assert story.effects(at("Mon 22:00")) == ()
    assert told(story.effects(at("Tue 04:00"))) == [(EffectKind.WARN, at("Tue 03:00"), Role.SUPERVISOR)]
    assert story.clock(at("Tue 04:00")).warned == (at("Mon 22:00"),)


def test_a_warning_that_the_breach_has_overtaken_is_dropped() -> None:
    story = asked(Elapsed(HOUR), warnings=(Warning(50, None, Role.AGENT),))

    assert told(story.effects(LATER)) == [(EffectKind.BREACH, at("Mon 10:00"), None)]


def test_each_next_response_warns_and_breaches_for_itself() -> None:
    rules = pack(standard(Elapsed(HOUR), ClockKind.NEXT_RESPONSE, warnings=(Warning(50, None, Role.AGENT),)))
    story = Ticket(applied(rules)).asked(START).replied(at("Mon 09:01"))

    for hour in (10, 12):
        story.wrote(at(f"Mon {hour}:00"))
        found = story.effects(at(f"Mon {hour}:45"))
        assert told(found) == [(EffectKind.WARN, at(f"Mon {hour}:30"), Role.AGENT)]
        story.record(at(f"Mon {hour}:45"), *found).replied(at(f"Mon {hour}:50"))


def test_a_breach_is_recorded_once_with_the_instant_that_passed() -> None:
    story = asked(Elapsed(HOUR))

    found = story.effects(LATER)
    story.record(LATER, *found)

    assert told(found) == [(EffectKind.BREACH, at("Mon 10:00"), None)]
    assert (story.facts[-1].kind, story.facts[-1].due) == (FactKind.BREACHED, at("Mon 10:00"))
    assert story.effects(LATER) == ()


def test_a_late_answer_that_nobody_saw_in_time_is_still_recorded_as_a_breach() -> None:
    story = asked(Elapsed(HOUR)).replied(at("Mon 10:30"))

    assert told(story.effects(LATER)) == [(EffectKind.BREACH, at("Mon 10:00"), None)]


def test_a_breach_is_not_recorded_again_under_another_standard() -> None:
    story = asked(Elapsed(2 * HOUR))
    story.record(LATER, *story.effects(LATER))

    story.packs = applied(pack(standard(Elapsed(HOUR), id="other")))

    assert story.clock(LATER).standard == "other"
    assert story.effects(LATER) == ()


def test_an_answer_in_time_or_a_pause_before_it_is_due_breaks_nothing() -> None:
    answered = asked(Elapsed(HOUR)).replied(at("Mon 09:30"))
    paused = asked(Elapsed(HOUR), pauses=(Status.WAITING,)).turned(at("Mon 09:30"), Status.WAITING, "photos")

    assert (answered.effects(LATER), paused.effects(LATER)) == ((), ())


def test_a_promise_kept_at_its_very_instant_is_kept() -> None:
    story = Ticket(applied(pack())).opened().add(START, FactKind.PROMISED, due=at("Mon 12:00"), value="call back")

    story.add(at("Mon 12:00"), FactKind.PROMISE_KEPT)

    assert (story.clock(LATER).breached_at, story.clock(LATER).state(LATER)) == (None, ClockState.MET)
    assert story.effects(LATER) == ()


def test_a_broken_promise_is_a_breach() -> None:
    story = Ticket(applied(pack())).opened().add(START, FactKind.PROMISED, due=at("Mon 12:00"), value="call back")

    found = story.effects(LATER)

    assert told(found) == [(EffectKind.BREACH, at("Mon 12:00"), None)]
    assert story.record(LATER, *found).effects(LATER) == ()


@pytest.mark.parametrize(
    ("respects_hours", "told_at"),
    [(True, "Tue 08:30"), (False, "Mon 21:00")],
)
def test_a_link_of_the_chain_that_respects_hours_waits_for_the_desk_to_open(respects_hours: bool, told_at: str) -> None:
    story = asked(Elapsed(6 * HOUR), chain=(ChainLink(200, Role.MANAGER, respects_hours),))
    story.record(at("Mon 15:01"), *story.effects(at("Mon 15:01")))
    due = at(told_at)

    early, there = story.effects(due - timedelta(microseconds=1)), story.effects(due)

    assert told(early) == []
    assert told(there) == [(EffectKind.CHAIN, due, Role.MANAGER)]
    assert story.record(due, *there).effects(LATER) == ()


def test_a_link_of_the_chain_may_come_so_long_after_the_due_instant_and_each_is_told_once() -> None:
    chain = tuple(ChainLink(100, Role.SUPERVISOR, False, hours * HOUR) for hours in (0, 3))
    story = asked(Elapsed(6 * HOUR), chain=chain)

    due, later = story.effects(at("Mon 15:00")), story.effects(at("Mon 18:00"))

    assert [(effect.at, effect.whom) for effect in due if effect.kind is EffectKind.CHAIN] == [
        (at("Mon 15:00"), Role.SUPERVISOR)
    ]
    assert [effect.at for effect in later if effect.kind is EffectKind.CHAIN] == [at("Mon 15:00"), at("Mon 18:00")]
    assert story.record(at("Mon 18:00"), *later).effects(LATER) == ()


def test_the_automatic_acknowledgement_goes_out_at_twelve_hours_if_still_unanswered() -> None:
    story = asked(Elapsed(24 * HOUR), actions=(ACKNOWLEDGE,))

    early, there = story.effects(at("Mon 20:59:59")), story.effects(at("Mon 21:00"))

    assert early == ()
    assert [(effect.kind, effect.at, effect.action, effect.pack) for effect in there] == [
        (EffectKind.ACTION, at("Mon 21:00"), ACKNOWLEDGE, "ecom")
    ]


def test_a_reply_cancels_the_automatic_acknowledgement_and_a_note_does_not() -> None:
    replied = asked(Elapsed(24 * HOUR), actions=(ACKNOWLEDGE,)).replied(at("Mon 20:00"))
    noted = asked(Elapsed(24 * HOUR), actions=(ACKNOWLEDGE,)).contact(at("Mon 20:00"), Author.AGENT, ContactKind.NOTE)

    assert replied.effects(at("Mon 22:00")) == ()
    assert len(noted.effects(at("Mon 22:00"))) == 1


def test_the_automatic_acknowledgement_is_sent_once_and_does_not_stop_the_clock() -> None:
    story = asked(Elapsed(24 * HOUR), actions=(ACKNOWLEDGE,))

    story.record(at("Mon 21:00"), *story.effects(at("Mon 21:00")))
    story.contact(at("Mon 21:00"), Author.DESK, ContactKind.AUTOMATIC)

    assert story.effects(at("Tue 08:59")) == ()
    assert story.clock(at("Tue 08:59")).due_at == at("Tue 09:00")
    assert told(story.effects(at("Tue 09:01"))) == [(EffectKind.BREACH, at("Tue 09:00"), None)]


def test_nothing_is_sent_by_itself_while_the_clock_is_paused() -> None:
    story = asked(Elapsed(24 * HOUR), actions=(ACKNOWLEDGE,), pauses=(Status.WAITING,))

    story.turned(at("Mon 10:00"), Status.WAITING, "photos")

    assert story.effects(LATER) == ()


def test_a_chat_is_offered_a_message_or_a_callback_when_it_is_due() -> None:
    rules = applied(pack(standard(Elapsed(5 * MINUTE), actions=(OFFER,))))
    story = Ticket(rules, channel=Channel.CHAT).asked(START)

    there = story.effects(at("Mon 09:05"))

    assert [(effect.kind, effect.at, effect.action) for effect in there] == [
        (EffectKind.ACTION, at("Mon 09:05"), OFFER)
    ]
    assert story.effects(at("Mon 09:04:59")) == ()


def test_effects_come_in_the_order_in_which_they_fell_due() -> None:
    chain = (ChainLink(300, Role.MANAGER, False), ChainLink(150, Role.SUPERVISOR, False))

    story = asked(Elapsed(HOUR), chain=chain, actions=(OFFER,))

    fell_due = [effect.at for effect in story.effects(LATER)]
    assert fell_due == sorted(fell_due)
    assert len(fell_due) == 4


def test_time_that_jumps_back_and_forth_fires_nothing_twice() -> None:
    story = asked(Elapsed(HOUR), chain=(ChainLink(150, Role.SUPERVISOR, False),), actions=(OFFER,))
    fired = []

    for now in ("Mon 10:30", "Mon 09:10", "Mon 10:31", "Wed 10:00", "Mon 10:30", "Wed 10:01"):
        found = story.effects(at(now))
        fired.extend(effect.key for effect in found)
        story.record(at(now), *found)

    assert sorted(fired) == sorted(set(fired))
    assert len(fired) == 3


def test_a_change_of_priority_does_not_repeat_what_was_done() -> None:
    story = asked(Elapsed(24 * HOUR), actions=(ACKNOWLEDGE,), warnings=(Warning(50, None, Role.AGENT),))
    story.record(at("Mon 22:00"), *story.effects(at("Mon 22:00")))

    story.prioritised(at("Mon 22:30"), Priority.HIGH)

    assert story.effects(at("Mon 23:00")) == ()


def test_an_offer_to_a_caller_does_not_end_the_ringing() -> None:
    rules = applied(pack(standard(Rings(6, timedelta(seconds=6)), ClockKind.RING, actions=(OFFER,))))
    story = Ticket(rules, channel=Channel.PHONE).opened(START).contact(START, Author.CUSTOMER, ContactKind.CALL)

    story.record(at("Mon 09:00:36"), *story.effects(at("Mon 09:00:36")))

    assert story.facts[-1].kind is FactKind.ACTED
    assert story.clock(LATER).state(at("Mon 09:00:40")) is ClockState.LIVE


def two_packs(faster: timedelta, **more: object) -> Ticket:
    """Return a ticket under a pack with an automatic acknowledgement and another, `faster` one."""
    slow, fast = (pack(standard(Elapsed(24 * HOUR), actions=(ACKNOWLEDGE,)), id="slow"), standard(Elapsed(faster)))
    return Ticket(applied(slow, pack(replace(fast, **more), id="fast"))).asked(START)  # type: ignore[arg-type]


def test_a_notice_of_the_clause_that_does_not_decide_goes_out_if_the_reply_is_due_later() -> None:
    story = two_packs(20 * HOUR)

    found = story.effects(at("Mon 21:00"))

    assert [(effect.at, effect.action, effect.pack) for effect in found] == [(at("Mon 21:00"), ACKNOWLEDGE, "slow")]
    assert story.record(at("Mon 21:00"), *found).effects(at("Mon 22:00")) == ()


def test_a_notice_is_not_needed_where_the_reply_is_due_first() -> None:
    effects = two_packs(2 * HOUR).effects(at("Tue 12:00"))

    assert [effect.kind for effect in effects] == [EffectKind.BREACH]


def test_a_customer_gets_one_notice_where_both_clauses_promise_one() -> None:
    same, sooner = ACKNOWLEDGE, replace(ACKNOWLEDGE, after=6 * HOUR)

    assert len(two_packs(20 * HOUR, actions=(same,)).effects(at("Tue 04:59"))) == 1
    assert len(two_packs(20 * HOUR, actions=(sooner,)).effects(at("Tue 04:59"))) == 1


def test_another_standard_warns_anew_and_the_customer_is_not_written_to_twice() -> None:
    stages = {"warnings": (Warning(50, None, Role.AGENT),), "actions": (ACKNOWLEDGE,)}
    story = asked(Elapsed(48 * HOUR), **stages)
    story.record(at("Tue 09:00"), *story.effects(at("Tue 09:00")))

    story.packs = applied(pack(standard(Elapsed(30 * HOUR), id="faster", **stages)))

    assert told(story.effects(at("Tue 10:00"))) == [(EffectKind.WARN, at("Tue 00:00"), Role.AGENT)]


def test_a_call_forwarded_to_voicemail_rings_no_more_and_was_missed() -> None:
    forward = StageAction(ActionKind.FORWARD_TO_VOICEMAIL, None, "leave a message")
    rules = applied(pack(standard(Rings(6, timedelta(seconds=6)), ClockKind.RING, actions=(forward,))))
    story = Ticket(rules, channel=Channel.PHONE).opened(START).contact(START, Author.CUSTOMER, ContactKind.CALL)
    due = at("Mon 09:00:36")

    story.record(due, *story.effects(due))

    clock = story.clock(LATER)
    assert (clock.ended_at, clock.state(LATER), clock.no_clock_reason) == (due, ClockState.MISSED, "went to voicemail")
    assert told(story.effects(LATER)) == [(EffectKind.BREACH, due, None)]
