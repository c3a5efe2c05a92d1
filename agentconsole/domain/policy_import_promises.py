"""The promises of a policy document: which clock an amount of time belongs to, and on which tickets."""

import re
from dataclasses import dataclass

from agentconsole.domain.policy_import_amounts import Amount, Bound, Unit, amounts_in
from agentconsole.domain.policy_import_figures import is_measured
from agentconsole.domain.policy_import_found import Found, Keys, Place, Toml
from agentconsole.domain.policy_import_outline import Passage
from agentconsole.domain.policy_import_targets import target_of
from agentconsole.domain.policy_import_words import channels_in, priorities_in, promise_words, role_in, slug
from agentconsole.domain.terms import Channel, ClockKind, Role

_COMPLAINT = re.compile(r"\bcomplain\w*", re.IGNORECASE)
_FINITE = re.compile(
    r"\b(?:are|is|will|shall|must|can|may|should|be|has|have|(?!receiv|rais|report|submit|relat|bas)\w{2,}ed)\b",
    re.IGNORECASE,
)
_OUTSIDE = re.compile(
    r"\b(?:all )?other times|\bout(?:side)?(?: of)? (?:(?:these|those|our|the|normal|standard|usual) )*"
    r"(?:(?:office|business|working|opening|official|support|service) )?hours",
    re.IGNORECASE,
)
_LABEL = re.compile(r"(?:[:–—=|-]|\bis|\bof|\btime|\btarget)[ ~(]*$", re.IGNORECASE)
_NOUN = re.compile(r"[ -](?:\w+ )?(?:response|reply|answer|resolution|turnaround|acknowledg|target)", re.IGNORECASE)
_THEIRS = re.compile(
    r"\b(?:customers?|clients?|buyers?|guests?|members?|complainants?|residents?|you|they) (?:\w+ )?"
    r"(?:may|can|must|need|should|have (?:to|until|[0-9]+))\b"
    r"|\bplease (?:contact|call|notify|allow|write|report|return)\b"
    r"|\b(?:contact us|tell us|notify us|write to us|let us know)\b",
    re.IGNORECASE,
)
_CONDITION = re.compile(r"\b(?:if|where|when|should|unless|in case|in the event)\b", re.IGNORECASE)
_NEGATIVE = re.compile(r"\b(?:cannot|can ?not|can[’']t|unable|not|fails?|isn[’']t|haven[’']t)\b", re.IGNORECASE)
_AIM = re.compile(r"\b(?:aims?|tr(?:y|ies)|strives?|goal|endeavour|hope|possible time to)\b", re.IGNORECASE)
_SHARE = re.compile(r"\b([0-9]{1,3}(?:\.[0-9])?) ?(?:%|per ?cent) of\b", re.IGNORECASE)
_FIRST = re.compile(r"\b(?:first|initial)\b", re.IGNORECASE)
_RETURNABLE = re.compile(r"\b(?:messages?|enquir\w+|inquir\w+|e-?mails?|calls?|voice ?mails?)\b", re.IGNORECASE)
_QUEUE = re.compile(r"\b([A-Za-z]{4,20}) (?:inquir|enquir)(?:y|ies)\b", re.IGNORECASE)
_NO_QUEUE = frozenset(
    {"general", "customer", "customers", "your", "other", "further", "email", "phone", "telephone", "with", "from"}
    | {"these", "such", "online", "written", "handling", "making", "public", "urgent", "routine"}
)
_AUTOMATIC = re.compile(r"\bautomat\w+|\bauto-?(?:reply|response)\b", re.IGNORECASE)
_OFFER = re.compile(r"\b(?:option|offered|choice|invited)\b", re.IGNORECASE)
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
_REPLIES = frozenset({"answer", "return", "callback", "ack"})


@dataclass(frozen=True, slots=True)
class Promise:
    """Hold an amount with the words around it: since the amount before it, from the beginning, and up to the next."""

    passage: Passage
    place: Place
    amount: Amount
    since: str
    ahead: str
    after: str

    @property
    def is_complaint(self) -> bool:
        """Say whether the promise is made about complaints."""
        return any(
            _COMPLAINT.search(text) for text in (self.place.sentence, self.passage.above, *self.passage.headings)
        )

    @property
    def is_condition(self) -> bool:
        """Say whether the amount belongs to a condition: "if we cannot answer within 12 hours, ..."."""
        condition = _CONDITION.search(self.ahead)
        if condition is None:
            return False
        negative = _NEGATIVE.search(self.ahead, condition.end())
        return negative is not None and "," not in self.ahead[negative.end() :]

    @property
    def out_of_hours(self) -> bool | None:
        """Say which of the two times of a sentence such as "4 hours, and 12 hours at all other times" this one is."""
        if _OUTSIDE.search(self.place.sentence) is None:
            return None
        return _OUTSIDE.search(self.since) is not None or _OUTSIDE.search(self.after) is not None

    def channels(self) -> tuple[Channel, ...]:
        """Return the channels that the promise is made on: those named nearest to it, or in the headings above.

        What follows a condition is what is offered instead, which may be another channel.
        """
        after = "" if self.is_condition else self.after
        texts = [self.since, self.ahead, after, self.passage.above, *reversed(self.passage.headings)]
        if self.amount.unit is Unit.NEXT_PERIOD:
            texts.insert(0, self.place.sentence)
        named = next((channels for text in texts if (channels := channels_in(text))), ())
        return named or ((Channel.PHONE,) if self.amount.unit is Unit.RINGS else ())

    def kind(self) -> str:
        """Return what is promised, a word of `promise_words`: the nearest before, else after, else of the headings."""
        said = self._words(self.since)
        if self.amount.unit is Unit.RINGS:
            return "answer"
        if said:
            return "holding" if "holding" in said else said[-1]
        if _FINITE.search(self.since):
            return ""
        said = self._words(self.after) or self._words(self.ahead)[::-1]
        if said:
            return said[0]
        above = (self.passage.above, *reversed(self.passage.headings))
        return next((words[-1] for text in above if (words := self._words(text))), "")

    def _words(self, text: str) -> tuple[str, ...]:
        """Return the kinds in a text; goods are returned, too, so a return must be one of messages or calls."""
        may_return = _RETURNABLE.search(self.place.sentence) is not None
        return tuple(word for word in promise_words(text) if word != "return" or may_return)


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
        _instead(promise, found)
    elif not _is_promise(promise, kind):
        if promise.amount.unit not in (Unit.VAGUE, Unit.IMMEDIATE) and promise.amount.bound is not Bound.EVERY:
            found.leave(promise.place, "an amount of time, and no promise that a clock could keep")
    elif promise.is_complaint and kind in _STEPS:
        _step(promise, _STEPS[kind], found)
    else:
        _standards(promise, kind, found)


def _is_promise(promise: Promise, kind: str) -> bool:
    amount = promise.amount
    if kind in {"", "none"} or _THEIRS.search(promise.since.rpartition(",")[2]):
        return False
    if amount.unit is Unit.VAGUE:
        names_channel = bool(channels_in(promise.ahead)) and not promise.is_complaint
        return kind in _REPLIES and names_channel and not _AIM.search(promise.ahead)
    if amount.unit is Unit.IMMEDIATE:
        return kind in {"answer", "greet"} and bool(promise.channels()) and not promise.is_complaint
    if amount.bound is Bound.EVERY:
        return kind == "update"
    if amount.bound is not Bound.NONE:
        return True
    return _LABEL.search(promise.since) is not None or _NOUN.match(promise.after) is not None


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
        found.leave(promise.place, "a greeting that no visitor, guest or caller waits for")


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
    if channels == (Channel.VOICEMAIL,) and kind in _REPLIES:
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


def _step(promise: Promise, step: str, found: Found) -> None:
    if found.has("steps", step):
        found.leave(promise.place, f"the complaint procedure has a step {step} already")
        return
    keys: Keys = {
        "text": promise.place.text,
        "owner": role_in(promise.place.sentence, Role.SUPERVISOR).value,
        "target": dict(target_of(found, promise.amount, (), promise.place)),
    }
    found.add("steps", (step,), keys, promise.place)


def _instead(promise: Promise, found: Found) -> None:
    """Read what happens when a promise cannot be kept: the holding letter, a notice, an offer."""
    sentence = promise.place.sentence
    channels = promise.channels()
    if promise.is_complaint and promise.amount.unit not in (Unit.VAGUE, Unit.IMMEDIATE):
        _step(promise, "hold", found)
    elif channels and _AUTOMATIC.search(sentence) and promise.amount.unit is Unit.TIME:
        _action(promise, channels, found, {"kind": "auto_acknowledge", "after": promise.amount.duration})
    elif channels and _OFFER.search(sentence):
        _action(promise, channels, found, {"kind": "offer_message_or_callback"})
    else:
        found.leave(promise.place, "a condition, and no promise")


def _action(promise: Promise, channels: tuple[Channel, ...], found: Found, action: Keys) -> None:
    """Give an action to the standards about answers on these channels that were found before."""
    bound = [
        entry.keys
        for entry in found.of("standards")
        if entry.keys["clock"] in ("first_response", "next_response") and _binds(entry.keys, channels[0])
    ]
    if not bound:
        found.leave(promise.place, "what happens instead of an answer, and no promise of that answer above it")
        return
    texts = {"auto_acknowledge": _RECEIVED, "offer_message_or_callback": _WAITING}
    bare = [keys for keys in bound if "actions" not in keys]
    if not bare or found.is_full("messages", promise.place):
        return
    message: Keys = {"channel": channels[0].value, "text": texts[str(action["kind"])]}
    name = found.add("messages", (channels[0].value, str(action["kind"])), message, promise.place, "the words are ours")
    for keys in bare:
        keys["actions"] = [{**action, "message": name}]


def _binds(keys: Keys, channel: Channel) -> bool:
    applies = keys.get("applies")
    return isinstance(applies, dict) and applies.get("channels") == [channel.value]


_RECEIVED = "Thank you for your message. It has been received and is being processed; a person will answer it."
_WAITING = "We are sorry to keep you waiting. You may leave us a message here, or your number and we call you back."
