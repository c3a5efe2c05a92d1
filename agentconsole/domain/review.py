"""The checks a reply goes through before it is sent: they advise, or they stop it."""

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum

from agentconsole.domain.templates import placeholders
from agentconsole.domain.text import clean_line

_CASE = re.compile(r"(?i)\b(?:case|ticket)(?: (?:no\.?|number))? ?#? ?(\d{1,12})(?:-\d)?\b|#(\d{1,12})(?:-\d)?\b")
_GREETING = re.compile(r"(?i)\s*(?:dear|hello|hi|good (?:morning|afternoon|evening)|hey)\s+([^,!.\n:]{1,80})[,!.:]?")
_AMOUNT = re.compile(
    r"(?i)(?:(?P<sign>[$€£₹]|\b(?:usd|eur|gbp|inr|rs\.?))\s?(?P<after>\d[\d,]{0,14}(?:\.\d{1,2})?))"
    r"|(?:(?P<before>\b\d[\d,]{0,14}(?:\.\d{1,2})?)\s?(?P<word>[€£₹]|usd\b|eur\b|gbp\b|inr\b|dollars?\b|euros?\b|rupees?\b))"
)
_CARD = re.compile(r"(?<![\d+])[2-6](?:[ -]?\d){12,18}(?!\d)")
_ATTACHED = re.compile(r"(?i)\b(?:attach(?:ed|ing|ment|ments)|enclosed|enclosing|enclosure)\b")
_COMPLAINTS = (
    re.compile(r"(?i)\bcomplain(?:t|ts|ing|ed)?\b"),
    re.compile(r"(?i)\b(?:unacceptable|disgraceful|ombudsman|lawyer|solicitor|legal action|(?:third|fourth) time)\b"),
)
"""Words of a complaint, the plainest first."""

_LOOSE_BRACES = re.compile(r"\{\{|\}\}")
SIGNATURE_LINES = 8
"""Lines at the end of a reply in which the agent's own name is looked for."""


class Level(StrEnum):
    """Say how much a check weighs; the values are how the review shows them, but for `BLOCK`."""

    OK = "ok"
    NOTE = "note"
    WARN = "warn"
    BLOCK = "block"


@dataclass(frozen=True, slots=True)
class Check:
    """Report one finding: `field` is what was looked at, `key` what cures it or "", `clause` where it is from."""

    level: Level
    field: str
    sentence: str
    key: str = ""
    clause: str = ""


@dataclass(frozen=True, slots=True)
class SendFacts:
    """Gather what the checks hold a reply against; amounts are in the brand's own currency."""

    customer_name: str
    case_number: str
    agent_name: str
    last_message: str = ""
    limit: Decimal | None = Decimal(100)
    limit_clause: str = ""
    attachments: int = 0
    complaint_known: bool = False
    writing_too: tuple[str, ...] = ()
    new_messages: int = 0


def review(text: str, facts: SendFacts) -> tuple[Check, ...]:
    """Look at a reply before it goes, and return what was found, in the order it is read; `BLOCK` stops the sending.

    Quoted lines (`>`) are the customer's words: only the search for card numbers reads them.
    """
    own = "\n".join(line for line in text.split("\n") if not line.lstrip().startswith(">"))
    found = [check for look in _LOOKS for check in look(own, text, facts)]
    return (*found, Check(Level.NOTE, "words", _colleagues(facts) + _words(len(own.split()))))


def blocked(checks: tuple[Check, ...]) -> Check | None:
    """Return the first check that stops the sending."""
    return next((check for check in checks if check.level is Level.BLOCK), None)


def suggestions(message: str, limit: Decimal | None = Decimal(100)) -> tuple[str, ...]:
    """Return what a customer's message suggests to do beside answering: a complaint (001-077), money over the limit."""
    found = []
    complaint = next(filter(None, (words.search(message) for words in _COMPLAINTS)), None)
    if complaint is not None:
        found.append(f'The customer wrote "{complaint[0].lower()}": a complaint? x hands it over.')
    over = _first_over(message, limit)
    if over:
        found.append(f"{over} is over {limit:,}: a refund needs approval. x asks for it.")
    return tuple(found)


def _first_over(text: str, limit: Decimal | None) -> str:
    """Return the first sum that is strictly over the limit (001-113), or "".

    A sum in another currency is held against the same figure.
    """
    if limit is None:
        return ""
    for found in _AMOUNT.finditer(text):
        if Decimal((found["after"] or found["before"]).replace(",", "")) > limit:
            return found[0].strip()
    return ""


def _empty(own: str, text: str, facts: SendFacts) -> Iterator[Check]:
    if not own.strip():
        yield Check(Level.BLOCK, "text", "There is nothing to send yet.", "Enter")


def _blanks(own: str, text: str, facts: SendFacts) -> Iterator[Check]:
    names = [blank.name for blank in placeholders(own)]
    if names:
        many = "1 placeholder" if len(names) == 1 else f"{len(names)} placeholders"
        yield Check(Level.BLOCK, "placeholder", f"{many} left: {', '.join(names[:3])}. Tab jumps to it.", "Enter")
    elif _LOOSE_BRACES.search(own):
        yield Check(Level.WARN, "placeholder", "There are {{ or }} in the text: is that meant?", "Enter")
    elif own.strip():
        yield Check(Level.OK, "placeholder", "no placeholders left")


def _card_numbers(own: str, text: str, facts: SendFacts) -> Iterator[Check]:
    for found in _CARD.finditer(text):
        digits = re.sub(r"\D", "", found[0])
        if _luhn(digits):
            sentence = f"The text holds a card number (ends {digits[-4:]}): it must not be mailed. Take it out."
            yield Check(Level.BLOCK, "card", sentence, "Enter")
            return


def _name_and_number(own: str, text: str, facts: SendFacts) -> Iterator[Check]:
    greeted = _GREETING.match(own)
    known = _name_words(facts.customer_name)
    other_name = greeted is not None and bool(known) and not known & _name_words(greeted[1])
    others = _other_numbers(own, facts.case_number)
    if other_name and greeted is not None:
        sentence = f"You greet {clean_line(greeted[1], 30)}; the customer is {clean_line(facts.customer_name, 30)}."
        yield Check(Level.WARN, "name", sentence, "Enter")
    if others:
        sentence = f"You name case {others[0]}; this is case {facts.case_number}."
        yield Check(Level.WARN, "number", sentence, "Enter")
    if greeted is not None and known and not other_name and not others:
        yield Check(Level.OK, "name", "name and number match the case")


def _money(own: str, text: str, facts: SendFacts) -> Iterator[Check]:
    over = _first_over(own, facts.limit)
    if over:
        sentence = f"You name {over}: over {facts.limit:,} it needs approval (x escalates)."
        yield Check(Level.WARN, "money", sentence, "x", facts.limit_clause)


def _signature(own: str, text: str, facts: SendFacts) -> Iterator[Check]:
    end = set().union(*(_name_words(line) for line in own.rstrip().split("\n")[-SIGNATURE_LINES:]))
    name = _name_words(facts.agent_name)
    if own.strip() and name and not name & end:
        first = clean_line(facts.agent_name, 30)
        yield Check(Level.WARN, "signature", f"Your name ({first}) is not at the end.", "Enter", "001-037")


def _attachment(own: str, text: str, facts: SendFacts) -> Iterator[Check]:
    found = _ATTACHED.search(own)
    if found is not None and not facts.attachments:
        sentence = f'You write "{found[0].lower()}", and nothing is attached.'
        yield Check(Level.WARN, "attachment", sentence, "Enter")


def _complaint(own: str, text: str, facts: SendFacts) -> Iterator[Check]:
    found = next(filter(None, (words.search(facts.last_message) for words in _COMPLAINTS)), None)
    if found is not None and not facts.complaint_known:
        sentence = f'The customer wrote "{found[0].lower()}": is this a complaint? x hands it over.'
        yield Check(Level.WARN, "complaint", sentence, "x", "001-077")


_LOOKS: tuple[Callable[[str, str, SendFacts], Iterator[Check]], ...] = (
    _empty,
    _blanks,
    _card_numbers,
    _name_and_number,
    _money,
    _signature,
    _attachment,
    _complaint,
)


def _colleagues(facts: SendFacts) -> str:
    parts = []
    if facts.new_messages:
        parts.append("A new message came. " if facts.new_messages == 1 else f"{facts.new_messages} new messages came. ")
    if facts.writing_too:
        parts.append(f"{', '.join(facts.writing_too[:3])} writes too. ")
    return "".join(parts) or "Nothing changed since you opened this. "


def _words(count: int) -> str:
    return "1 word." if count == 1 else f"{count} words."


def _name_words(name: str) -> set[str]:
    return {word for word in re.findall(r"\w+", name.casefold()) if word not in ("mr", "mrs", "ms", "dr")}


def _other_numbers(own: str, number: str) -> list[str]:
    bare = number.partition("-")[0]
    named = (found[1] or found[2] for found in _CASE.finditer(own))
    return [other for other in named if other.lstrip("0") != bare.lstrip("0")]


def _luhn(digits: str) -> bool:
    """Say whether the check digit of a card number (ISO/IEC 7812-1) holds."""
    doubled = (int(digit) * (1 + place % 2) for place, digit in enumerate(reversed(digits)))
    return sum(value - 9 if value > 9 else value for value in doubled) % 10 == 0
