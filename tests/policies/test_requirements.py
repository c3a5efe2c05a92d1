"""The rows of the requirements that are response standards, one by one: what in a pack makes each of them true."""

from collections.abc import Callable
from datetime import date, timedelta

import pytest

from agentconsole.config.packs import load_pack
from agentconsole.domain.policy import (
    ActionKind,
    BestEffort,
    Business,
    Comparator,
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
from agentconsole.domain.terms import Channel, ClockKind, Stage

SECOND, MINUTE, HOUR = timedelta(seconds=1), timedelta(minutes=1), timedelta(hours=1)
FIRST, NEXT = ClockKind.FIRST_RESPONSE, ClockKind.NEXT_RESPONSE
ACKNOWLEDGE = StageAction(ActionKind.AUTO_ACKNOWLEDGE, 12 * HOUR, "auto-acknowledgement")
OFFER = StageAction(ActionKind.OFFER_MESSAGE_OR_CALLBACK, None, "chat-offer")
VOICEMAIL = StageAction(ActionKind.FORWARD_TO_VOICEMAIL, None, "voicemail-greeting")

Row = Callable[[Pack], bool]


def named(pack: Pack, clock: ClockKind, channel: Channel | None, queue: str = "") -> list[Standard]:
    """Return the standards that promise this on a channel (and queue)."""
    return [
        one
        for one in pack.standards
        if one.clock is clock
        and (channel is None or channel in one.applies.channels)
        and one.applies.queues == ((queue,) if queue else ())
    ]


def promised(clock: ClockKind, channel: Channel | None, target: Target, *, queue: str = "") -> Row:
    """Say that exactly one standard promises this target, kept also when it is met to the second."""

    def holds(pack: Pack) -> bool:
        return [(one.target, one.comparator) for one in named(pack, clock, channel, queue)] == [
            (target, Comparator.WITHIN)
        ]

    return holds


def answered(channel: Channel, target: Target, *, queue: str = "") -> Row:
    """Say that the first and every further message on a channel is promised the same."""
    rows = [promised(kind, channel, target, queue=queue) for kind in (FIRST, NEXT)]
    return lambda pack: all(row(pack) for row in rows)


def done(clock: ClockKind, channel: Channel, action: StageAction) -> Row:
    """Say that an action stands on each clock of that kind, and that its message is there."""

    def holds(pack: Pack) -> bool:
        standards = named(pack, clock, channel)
        said = pack.message(action.message)
        return bool(standards) and all(action in one.actions for one in standards) and said is not None

    return holds


def recurring(duty_id: str, every: timedelta) -> Row:
    return lambda pack: [duty.every for duty in pack.duties if duty.id == duty_id] == [every]


def said(message_id: str, channel: Channel, *, words: str) -> Row:
    def holds(pack: Pack) -> bool:
        message = pack.message(message_id)
        return message is not None and message.channel is channel and words in message.text

    return holds


def hours(channel: Channel, *, always: bool) -> Row:
    return lambda pack: pack.calendars[pack.channel_calendars[channel]].always_open is always


def measured(metric: str, comparator: str, value: int, unit: str) -> Row:
    return lambda pack: (
        [(one.comparator, int(one.value), one.unit) for one in pack.kpis if one.metric == metric and one.decides]
        == [(comparator, value, unit)]
    )


def escalated_within(amount: timedelta) -> Row:
    def holds(pack: Pack) -> bool:
        found = [one for one in named(pack, ClockKind.RESOLUTION, None) if one.applies.stages == (Stage.ESCALATED,)]
        return [one.target for one in found] == [Elapsed(amount)]

    return holds


def verbatim(*channels: Channel) -> Row:
    """Say that the prompt of the document stands in the pack word for word, for each of the channels."""

    def holds(pack: Pack) -> bool:
        prompts = {message.channel: message for message in pack.messages if message.verbatim}
        return set(prompts) == set(channels) and all(
            message.text.startswith("Please leave message and your contact number, we will contact you in next")
            and message.text.endswith("please leave your preferable time to chat and Time Zone")
            for message in prompts.values()
        )

    return holds


def called_back(*channels: Channel) -> Row:
    """Say that whoever writes outside the hours on one of the channels is called back by the end of the next."""

    def holds(pack: Pack) -> bool:
        (one,) = (standard for standard in pack.standards if standard.clock is ClockKind.CALLBACK)
        applies = one.applies
        return (set(applies.channels), applies.out_of_hours, one.target) == (
            set(channels),
            True,
            NextPeriodEnd("official"),
        )

    return holds


def clause_only(pack: Pack) -> bool:
    """A row that promises no instant: its words are in the pack, where a clause can be cited."""
    return True


PHONE, EMAIL, CHAT = Channel.PHONE, Channel.EMAIL, Channel.CHAT
THREE = (Channel.PHONE, Channel.VOICEMAIL, Channel.CHAT)
ROWS: list[tuple[str, str, int, Row]] = [
    # (row, pack, line of the document, what holds)
    ("000-19", "ecolab", 33, promised(ClockKind.RING, PHONE, Rings(6, 6 * SECOND))),
    ("000-20", "ecolab", 34, done(ClockKind.RING, PHONE, VOICEMAIL)),
    ("000-21", "ecolab", 35, recurring("voicemail-check", 2 * HOUR)),
    ("000-22", "ecolab", 35, promised(ClockKind.RETURN_CALL, Channel.VOICEMAIL, Elapsed(10 * MINUTE))),
    ("000-23", "ecolab", 36, said("high-volume-offer", PHONE, words="leave a voicemail")),
    ("000-24", "ecolab", 39, answered(EMAIL, Elapsed(24 * HOUR))),
    ("000-25", "ecolab", 40, done(FIRST, EMAIL, ACKNOWLEDGE)),
    ("000-25", "ecolab", 40, done(NEXT, EMAIL, ACKNOWLEDGE)),
    ("000-26", "ecolab", 44, answered(CHAT, Elapsed(5 * MINUTE))),
    ("000-27", "ecolab", 45, done(FIRST, CHAT, OFFER)),
    ("000-27", "ecolab", 45, done(NEXT, CHAT, OFFER)),
    ("000-28", "ecolab", 48, promised(ClockKind.GREET, Channel.WALKIN, Elapsed(10 * SECOND))),
    ("000-35", "ecolab", 58, escalated_within(48 * HOUR)),
    ("000-76", "ecolab", 157, answered(EMAIL, Elapsed(24 * HOUR), queue="wholesale")),
    ("001-027", "ecomstore", 43, answered(CHAT, Immediate(30, "always"))),
    ("001-028", "ecomstore", 44, answered(EMAIL, Business(2 * HOUR, "business"))),
    ("001-029", "ecomstore", 45, promised(ClockKind.RING, PHONE, Rings(3, 6 * SECOND))),
    ("001-030", "ecomstore", 46, answered(Channel.SOCIAL, Elapsed(4 * HOUR))),
    ("001-031", "ecomstore", 49, hours(CHAT, always=True)),
    ("001-032", "ecomstore", 50, hours(EMAIL, always=False)),
    ("001-033", "ecomstore", 51, hours(PHONE, always=False)),
    ("001-033", "ecomstore", 51, said("out-of-hours-phone", PHONE, words="outside our business hours")),
    ("001-034", "ecomstore", 52, recurring("social-monitoring", 2 * HOUR)),
    ("001-163", "ecomstore", 269, measured("csat", "at_least", 90, "percent")),
    ("001-164", "ecomstore", 270, measured("first_response", "under", 2, "hours")),
    ("001-165", "ecomstore", 271, measured("resolution", "under", 24, "hours")),
    ("001-166", "ecomstore", 272, measured("first_call_resolution", "at_least", 85, "percent")),
    ("002-19", "ist-desk", 49, promised(ClockKind.RING, PHONE, BestEffort("erlang"))),
    ("002-20", "ist-desk", 51, answered(EMAIL, Unspecified(None, "official"))),
    ("002-21", "ist-desk", 51, clause_only),
    ("002-22", "ist-desk", 53, answered(CHAT, Business(30 * MINUTE, "official"))),
    ("002-23", "ist-desk", 55, hours(PHONE, always=False)),
    ("002-24", "ist-desk", 55, verbatim(PHONE, CHAT)),
    ("002-25", "ist-desk", 55, verbatim(PHONE, CHAT)),
    ("002-26", "ist-desk", 55, called_back(*THREE)),
    ("002-27", "ist-desk", 55, verbatim(PHONE, CHAT)),
    ("002-28", "ist-desk", 55, called_back(*THREE)),
]


def numbered(document: str, width: int, *spans: tuple[int, int]) -> set[str]:
    return {f"{document}-{number:0{width}}" for first, last in spans for number in range(first, last + 1)}


@pytest.mark.parametrize(
    ("row", "pack_id", "line", "holds"), ROWS, ids=[f"{row[0]} {at}" for at, row in enumerate(ROWS)]
)
def test_a_row_of_the_requirements_holds_in_its_pack_and_its_line_can_be_cited(
    row: str, pack_id: str, line: int, holds: Row
) -> None:
    pack = load_pack(pack_id)

    assert holds(pack), row
    assert line in {clause.line for clause in pack.clauses}


def test_every_row_about_response_standards_is_in_the_table() -> None:
    asked = (
        numbered("000", 2, (19, 28), (35, 35), (76, 76))
        | numbered("001", 3, (27, 34), (163, 166))
        | numbered("002", 2, (19, 28))
    )

    assert {row for row, *_ in ROWS} == asked


@pytest.mark.parametrize(
    ("pack_id", "title", "organisation", "written", "revised"),
    [
        ("ecolab", "Customer Care", "Eco Lab Supply", "", None),
        ("ecomstore", "Customer Service Guidelines", "ecomstore", "January 15, 2024", date(2024, 1, 15)),
        ("ist-desk", "Customer Service Policy", "IST service desk", "27/07/2022", date(2022, 7, 27)),
    ],
)
def test_a_pack_says_whose_document_it_is_and_when_it_was_revised(
    pack_id: str, title: str, organisation: str, written: str, revised: date | None
) -> None:
    pack = load_pack(pack_id)

    assert (pack.title, pack.organisation) == (title, organisation)
    assert (pack.revision_text, pack.revision_date) == (written, revised)
