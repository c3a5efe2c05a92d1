"""The response standards of the three documents: which clock, which target, which line, and what happens by itself."""

from datetime import timedelta

import pytest

from agentconsole.config.packs import load_pack, shipped_packs
from agentconsole.domain.policy import (
    ActionKind,
    Applies,
    BestEffort,
    Business,
    Elapsed,
    Immediate,
    NextPeriodEnd,
    Pack,
    Rings,
    StageAction,
    Standard,
    Target,
    Unspecified,
)
from agentconsole.domain.terms import Channel, ClockKind, Stage, Status

HOUR = timedelta(hours=1)
MINUTE = timedelta(minutes=1)
SIX_SECONDS = timedelta(seconds=6)
FIRST, NEXT = ClockKind.FIRST_RESPONSE, ClockKind.NEXT_RESPONSE

STANDARDS = [
    # (pack, standard, clock, channels, target, line in the document: requirement)
    ("ecolab", "phone-answer", ClockKind.RING, "phone", Rings(6, SIX_SECONDS), 33),  # 000-19
    ("ecolab", "voicemail-return", ClockKind.RETURN_CALL, "voicemail", Elapsed(10 * MINUTE), 35),  # 000-22
    ("ecolab", "email-first", FIRST, "email", Elapsed(24 * HOUR), 39),  # 000-24
    ("ecolab", "email-next", NEXT, "email", Elapsed(24 * HOUR), 39),  # 000-24
    ("ecolab", "chat-first", FIRST, "chat", Elapsed(5 * MINUTE), 44),  # 000-26
    ("ecolab", "chat-next", NEXT, "chat", Elapsed(5 * MINUTE), 44),  # 000-26
    ("ecolab", "walk-in-greet", ClockKind.GREET, "walkin", Elapsed(timedelta(seconds=10)), 48),  # 000-28
    ("ecolab", "resolution", ClockKind.RESOLUTION, "", Elapsed(48 * HOUR), 58),  # 000-35
    ("ecolab", "wholesale-first", FIRST, "email", Elapsed(24 * HOUR), 157),  # 000-76
    ("ecolab", "wholesale-next", NEXT, "email", Elapsed(24 * HOUR), 157),  # 000-76
    ("ecomstore", "chat-first", FIRST, "chat", Immediate(30, "always"), 43),  # 001-027
    ("ecomstore", "chat-next", NEXT, "chat", Immediate(30, "always"), 43),  # 001-027
    ("ecomstore", "email-first", FIRST, "email", Business(2 * HOUR, "business"), 44),  # 001-028
    ("ecomstore", "email-next", NEXT, "email", Business(2 * HOUR, "business"), 44),  # 001-028
    ("ecomstore", "phone-answer", ClockKind.RING, "phone", Rings(3, SIX_SECONDS), 45),  # 001-029
    ("ecomstore", "social-first", FIRST, "social", Elapsed(4 * HOUR), 46),  # 001-030
    ("ecomstore", "social-next", NEXT, "social", Elapsed(4 * HOUR), 46),  # 001-030
    ("ist-desk", "phone-answer", ClockKind.RING, "phone", BestEffort("erlang"), 49),  # 002-19
    ("ist-desk", "email-first", FIRST, "email", Unspecified(None, "official"), 51),  # 002-20
    ("ist-desk", "email-next", NEXT, "email", Unspecified(None, "official"), 51),  # 002-20
    ("ist-desk", "chat-first", FIRST, "chat", Business(30 * MINUTE, "official"), 53),  # 002-22
    ("ist-desk", "chat-next", NEXT, "chat", Business(30 * MINUTE, "official"), 53),  # 002-22
    ("ist-desk", "callback", ClockKind.CALLBACK, "phone voicemail chat", NextPeriodEnd("official"), 55),  # 002-26
]


def standard_of(pack: Pack, standard_id: str) -> Standard:
    """Return the one standard of that id."""
    return next(standard for standard in pack.standards if standard.id == standard_id)


@pytest.mark.parametrize(("pack_id", "standard_id", "clock", "channels", "target", "line"), STANDARDS)
def test_every_response_standard_of_the_documents_is_a_clock(
    pack_id: str, standard_id: str, clock: ClockKind, channels: str, target: Target, line: int
) -> None:
    pack = load_pack(pack_id)

    standard = standard_of(pack, standard_id)

    assert (standard.clock, standard.target) == (clock, target)
    assert standard.applies.channels == tuple(Channel(channel) for channel in channels.split())
    assert pack.clause(standard.clause).line == line


@pytest.mark.parametrize("pack_id", shipped_packs())
def test_no_standard_is_missing_from_the_table(pack_id: str) -> None:
    listed = [row[1] for row in STANDARDS if row[0] == pack_id]

    assert sorted(standard.id for standard in load_pack(pack_id).standards) == sorted(listed)


def test_reasonable_time_has_no_number_until_the_manager_sets_it() -> None:
    answered = load_pack("ist-desk", answers={"reasonable_email_time": "6 h"})

    assert standard_of(load_pack("ist-desk"), "email-first").target == Unspecified(None, "official")
    assert standard_of(answered, "email-first").target == Unspecified(6 * HOUR, "official")


@pytest.mark.parametrize(
    ("pack_id", "standard_id", "action"),
    [
        ("ecolab", "email-first", StageAction(ActionKind.AUTO_ACKNOWLEDGE, 12 * HOUR, "auto-acknowledgement")),
        ("ecolab", "email-next", StageAction(ActionKind.AUTO_ACKNOWLEDGE, 12 * HOUR, "auto-acknowledgement")),
        ("ecolab", "chat-first", StageAction(ActionKind.OFFER_MESSAGE_OR_CALLBACK, None, "chat-offer")),
        ("ecolab", "phone-answer", StageAction(ActionKind.FORWARD_TO_VOICEMAIL, None, "voicemail-greeting")),
        ("ecomstore", "chat-first", StageAction(ActionKind.OFFER_MESSAGE_OR_CALLBACK, None, "chat-offer")),
    ],
)
def test_what_happens_by_itself_stands_on_the_clock(pack_id: str, standard_id: str, action: StageAction) -> None:
    pack = load_pack(pack_id)

    assert standard_of(pack, standard_id).actions == (action,)


@pytest.mark.parametrize(
    ("pack_id", "answers", "standard_id", "target"),
    [
        ("ecolab", {"email_hours": "business"}, "email-first", Business(24 * HOUR, "desk")),
        ("ecolab", {"ring_cycle": "4 s"}, "phone-answer", Rings(6, timedelta(seconds=4))),
        ("ecomstore", {"social_hours": "business"}, "social-first", Business(4 * HOUR, "business")),
        ("ecomstore", {"immediate_seconds": "1 min"}, "chat-first", Immediate(60, "always")),
    ],
)
def test_a_setting_or_an_answer_changes_the_target(
    pack_id: str, answers: dict[str, str], standard_id: str, target: Target
) -> None:
    pack = load_pack(pack_id, answers=answers)

    assert standard_of(pack, standard_id).target == target


@pytest.mark.parametrize("pack_id", shipped_packs())
def test_answering_first_messages_only_drops_the_next_response_of_e_mail(pack_id: str) -> None:
    pack = load_pack(pack_id, answers={"emails_answered": "first_only"})

    ids = [standard.id for standard in pack.standards]

    assert "email-first" in ids
    assert "email-next" not in ids


def test_the_48_hours_bind_escalated_issues_and_stop_only_where_the_desk_says_so() -> None:
    waiting = load_pack("ecolab", answers={"resolution_pause": "waiting_for_customer"})

    assert standard_of(load_pack("ecolab"), "resolution").applies == Applies(stages=(Stage.ESCALATED,))
    assert standard_of(load_pack("ecolab"), "resolution").pauses == ()
    assert standard_of(waiting, "resolution").pauses == (Status.WAITING,)
