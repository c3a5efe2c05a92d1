"""The promises of a policy document: which clock an amount of time belongs to, and on which tickets."""

import re

from agentconsole.domain.policy_import_amounts import Amount, Bound, Unit, amounts_in
from agentconsole.domain.policy_import_figures import is_measured
from agentconsole.domain.policy_import_found import Found, Keys, Place, Toml
from agentconsole.domain.policy_import_instead import add_step, read_instead
from agentconsole.domain.policy_import_outline import Passage
from agentconsole.domain.policy_import_promise import REPLIES, Promise
from agentconsole.domain.policy_import_targets import target_of
from agentconsole.domain.policy_import_words import priorities_in, slug
from agentconsole.domain.terms import Channel, ClockKind

_SHARE = re.compile(r"\b([0-9]{1,3}(?:\.[0-9])?) ?(?:%|per ?cent) of\b", re.IGNORECASE)
_FIRST = re.compile(r"\b(?:first|initial)\b", re.IGNORECASE)
_QUEUE = re.compile(r"\b([A-Za-z]{4,20}) (?:inquir|enquir)(?:y|ies)\b", re.IGNORECASE)
_NO_QUEUE = frozenset(
    {"general", "customer", "customers", "your", "other", "further", "email", "phone", "telephone", "with", "from"}
    | {"these", "such", "online", "written", "handling", "making", "public", "urgent", "routine"}
)
_LONGEST_RING = 600
_LIMITS = (Bound.WITHIN, Bound.UNDER)
_SUBJECTS = {
    "callback": ClockKind.CALLBACK,
    "resolve": ClockKind.RESOLUTION,
    "full": ClockKind.RESOLUTION,
    "update": ClockKind.UPDATE,
    "holding": ClockKind.UPDATE,
    "handoff": ClockKind.ACCEPT_HANDOFF,
    "ack": ClockKind.FIRST_RESPONSE,
}
_STEPS = {"ack": "acknowledge", "holding": "hold", "full": "respond", "answer": "respond"}


def read_promises(passage: Passage, line: int, sentence: str, found: Found) -> None:
    """Add the standards, and the steps with a term, that a sentence of the document promises."""
    amounts = amounts_in(sentence)
    place = Place(passage.id, line, sentence)
    if is_measured(passage, sentence):
        if any(amount.bound in _LIMITS for amount in amounts) and not found.is_from("kpis", place):
            found.leave(place, "a statistic, and no promise to each customer")
        return
    numbers = any(amount.bound in _LIMITS and amount.unit is not Unit.VAGUE for amount in amounts)
    for position, amount in enumerate(amounts):
        begin = amounts[position - 1].end if position else 0
        end = amounts[position + 1].start if position + 1 < len(amounts) else len(sentence)
        ahead, after = sentence[: amount.start], sentence[amount.end : end]
        promise = Promise(passage, place, amount, sentence[begin : amount.start], ahead, after)
        if amount.unit is not Unit.VAGUE or not numbers:
            _read(promise, found)


def _read(promise: Promise, found: Found) -> None:
    kind = promise.kind()
    if promise.is_condition:
        read_instead(promise, found)
    elif not promise.is_due(kind):
        if promise.amount.unit not in (Unit.VAGUE, Unit.IMMEDIATE) and promise.amount.bound is not Bound.EVERY:
            found.leave(promise.place, "an amount of time, and no promise that a clock could keep")
    elif promise.is_complaint and kind in _STEPS:
        add_step(promise, _STEPS[kind], found)
    else:
        _standards(promise, kind, found)


def _standards(promise: Promise, kind: str, found: Found) -> None:
    channels = promise.channels()
    clocks = _clocks(promise, kind, channels)
    if ClockKind.GREET in clocks and not channels:
        channels = (Channel.WALKIN,)
    for clock in clocks:
        if found.is_full("standards", promise.place):
            return
        keys: Keys = {
            "clock": clock.value,
            "text": promise.place.text,
            "target": dict(target_of(found, promise.amount, channels, promise.place)),
        }
        if promise.amount.bound is Bound.UNDER:
            keys["comparator"] = "under"
        applies = _applies(promise, channels)
        if applies:
            keys["applies"] = applies
        base = (*(channel.value for channel in channels), slug(clock))
        found.add("standards", base, keys, promise.place, _remark(promise, kind))
    if not clocks:
        found.leave(promise.place, "a greeting that is no clock on this channel")


def _clocks(promise: Promise, kind: str, channels: tuple[Channel, ...]) -> tuple[ClockKind, ...]:
    """Return the clocks of a promise; an answer is owed to the first message and to every further one."""
    if promise.amount.unit is Unit.NEXT_PERIOD:
        return (ClockKind.CALLBACK,)
    if kind == "greet" or (kind == "wait" and set(channels) & {Channel.WALKIN, Channel.MEETING}):
        return (ClockKind.GREET,) if not channels or channels[0] in (Channel.WALKIN, Channel.MEETING) else ()
    spoken = _spoken(promise.amount, kind, channels)
    if spoken is not None:
        return (spoken,)
    first_only = bool(promise.passage.cells) or any(
        _FIRST.search(text) for text in (promise.since, promise.after[:24], *promise.passage.headings[-1:])
    )
    return (ClockKind.FIRST_RESPONSE,) if first_only else (ClockKind.FIRST_RESPONSE, ClockKind.NEXT_RESPONSE)


def _spoken(amount: Amount, kind: str, channels: tuple[Channel, ...]) -> ClockKind | None:
    """Return the clock that a word alone, or a voice on the line, decides; None for an answer in writing."""
    if channels == (Channel.VOICEMAIL,) and kind in REPLIES:
        return ClockKind.RETURN_CALL
    if kind in _SUBJECTS:
        return _SUBJECTS[kind]
    if channels != (Channel.PHONE,):
        return None
    if kind == "return":
        return ClockKind.CALLBACK
    return ClockKind.RING if _is_ring(amount) else None


def _is_ring(amount: Amount) -> bool:
    short = amount.unit is Unit.TIME and amount.count <= _LONGEST_RING
    return short or amount.unit in (Unit.RINGS, Unit.IMMEDIATE, Unit.VAGUE)


def _applies(promise: Promise, channels: tuple[Channel, ...]) -> Keys:
    applies: dict[str, list[Toml]] = {
        "channels": [channel.value for channel in channels],
        "queues": _queues(promise),
        "priorities": [priority.value for priority in priorities_in(promise.since) or priorities_in(promise.ahead)],
        "stages": ["complaint"] if promise.is_complaint else [],
    }
    kept: Keys = {key: values for key, values in applies.items() if values}
    if promise.amount.unit is Unit.NEXT_PERIOD:
        return {**kept, "out_of_hours": True}
    return kept if promise.out_of_hours is None else {**kept, "out_of_hours": promise.out_of_hours}


def _queues(promise: Promise) -> list[Toml]:
    innermost = promise.passage.headings[-1] if promise.passage.headings else ""
    named = _QUEUE.search(innermost)
    return [] if named is None or named.group(1).lower() in _NO_QUEUE else [named.group(1).lower()]


def _remark(promise: Promise, kind: str) -> str:
    share = _SHARE.search(promise.ahead)
    if share is not None:
        return f"the document asks this of {share.group(1)} % only; a clock binds every ticket"
    if promise.out_of_hours is not None:
        return "in hours or out of them by the calendar of this draft, whatever hours the sentence names"
    if _queues(promise):
        return "binds a queue of that name only, which the desk needs"
    if kind == "ack":
        return "outside the complaint procedure the first answer of a person acknowledges"
    return "the answer in full is kept by resolving" if kind == "full" else ""
