"""One promise of a policy document: an amount of time in its sentence, and what the words around it make of it."""

import re
from dataclasses import dataclass

from agentconsole.domain.policy_import_amounts import Amount, Bound, Unit
from agentconsole.domain.policy_import_found import Place
from agentconsole.domain.policy_import_outline import Passage
from agentconsole.domain.policy_import_words import channels_in, is_channel_label, promise_words
from agentconsole.domain.terms import Channel

REPLIES = frozenset({"answer", "return", "callback", "ack"})

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
_CONDITION = re.compile(r"\b(?:if|where|when|should (?:we|you|a|an|the)|unless|in case|in the event)\b", re.IGNORECASE)
_NEGATIVE = re.compile(r"\b(?:cannot|can ?not|can[’']t|unable|not|fails?|isn[’']t|haven[’']t)\b", re.IGNORECASE)
_AIM = re.compile(r"\b(?:aims?|tr(?:y|ies)|strives?|goal|endeavour|hope|possible time to)\b", re.IGNORECASE)
_RETURNABLE = re.compile(r"\b(?:messages?|enquir\w+|inquir\w+|e-?mails?|calls?|voice ?mails?)\b", re.IGNORECASE)


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
        over = next((words[-1] for text in above if (words := self._words(text))), "")
        return over or ("answer" if is_channel_label(self.since) else "")

    def is_due(self, kind: str) -> bool:
        """Say whether the desk promises the amount to everybody, rather than asks, measures, hopes or mentions it."""
        amount = self.amount
        if kind in {"", "none"} or _THEIRS.search(self.since.rpartition(",")[2]):
            return False
        if amount.unit is Unit.VAGUE:
            names_channel = bool(channels_in(self.ahead)) and not self.is_complaint
            return kind in REPLIES and names_channel and not _AIM.search(self.ahead)
        if amount.unit is Unit.IMMEDIATE:
            return kind in {"answer", "greet"} and bool(self.channels()) and not self.is_complaint
        if amount.bound is Bound.EVERY:
            return kind == "update"
        if amount.bound is not Bound.NONE:
            return True
        return _LABEL.search(self.since) is not None or _NOUN.match(self.after) is not None

    def _words(self, text: str) -> tuple[str, ...]:
        """Return the kinds in a text; goods are returned, too, so a return must be one of messages or calls."""
        may_return = _RETURNABLE.search(self.place.sentence) is not None
        return tuple(word for word in promise_words(text) if word != "return" or may_return)
