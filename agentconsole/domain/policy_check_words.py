"""Checking the words of a pack: names of others, numbers that cannot be dialled, placeholders that nothing fills."""

import re
from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass

from agentconsole.domain.policy import Pack
from agentconsole.domain.policy_check_finding import Finding, Level, Place, place

FILLED_BY_DESK = ("customer_name", "case_number", "brand_name")
"""What the desk knows when it sends a message by itself: no agent and no date."""

SERVICES = frozenset({"PayPal", "WhatsApp", "LinkedIn", "YouTube", "TikTok", "MasterCard", "JavaScript", "WordPress"})
"""Names of this form that a policy may well name without being another desk's."""

_COMPOUND = re.compile(r"\b(?!Mc[A-Z])[A-Z][a-z]+(?:[A-Z][a-z]+)+\b")
_PLACEHOLDER = re.compile(r"\{\{([^{}]{0,80})\}\}")
_NUMBER = re.compile(r"\+?[0-9(][0-9A-Z ()./-]*", re.ASCII)
_SHORTEST_NAME = 4
_SUBSCRIBER = 7
_AREA = 3
_LONGEST_NUMBER = 15
_SHORTEST_ABROAD = 7


def check_words(pack: Pack, others: Collection[Pack], filled: Collection[str]) -> Iterator[Finding]:
    """Yield what is odd in the words of a pack; `filled` are the placeholders that the composer can fill."""
    yield from _foreign_names(pack, others)
    yield from _numbers(pack)
    yield from _placeholders(pack, filled)


def _foreign_names(pack: Pack, others: Collection[Pack]) -> Iterator[Finding]:
    """Find names of other organisations, as of a product that the text was written for (000-75)."""
    own = pack.organisation.casefold()
    known = {other.organisation for other in others if other.id != pack.id}
    names = [name for name in sorted(known) if len(name) >= _SHORTEST_NAME and name.casefold() not in own]
    found: dict[str, list[Place]] = {}
    for where, text in _texts(pack):
        held = {name for name in names if re.search(rf"\b{re.escape(name)}\b", text, re.IGNORECASE)}
        held |= {name for name in _COMPOUND.findall(text) if name.casefold() not in own and name not in SERVICES}
        for name in sorted(held):
            found.setdefault(name, []).append(where)
    for name, places in found.items():
        why = f'The text names "{name}", and the organisation is {pack.organisation}.'
        do = f"Write {pack.organisation} there, or say in the document who {name} is."
        yield Finding(Level.WARNING, "foreign-name", tuple(dict.fromkeys(places)), why, do)


def _texts(pack: Pack) -> Iterator[tuple[Place, str]]:
    for clause in pack.clauses:
        yield place(pack, clause.id), f"{clause.quote}\n{clause.note}"
    for message in pack.messages:
        yield place(pack, message.clause), message.text
    for standard in pack.standards:
        yield place(pack, standard.clause), standard.text
    yield place(pack), f"{pack.title}\n{pack.intent}"


def _numbers(pack: Pack) -> Iterator[Finding]:
    for contact in pack.contacts:
        trouble = trouble_with(contact.address)
        if trouble is not None:
            level = Level.WARNING if trouble.dialled else Level.NEVER
            why = f"{contact.label}, {contact.address}: {trouble.why}"
            hint = " before somebody needs it" if contact.emergency else ""
            do = f"Ask for the right number{hint}, and write it into the contact {contact.id}."
            yield Finding(level, "number", (place(pack, contact.clause),), why, do)


@dataclass(frozen=True, slots=True)
class Trouble:
    """Say what is wrong with a telephone number, and whether it is `dialled` all the same."""

    why: str
    dialled: bool


def trouble_with(address: str) -> Trouble | None:
    """Return what is wrong with a number; None where it can be dialled, and for what is no number.

    Letters count as the digits on whose keys they stand. After 1 come three digits of an area and seven more (North
    America); anywhere a number has at most 15 digits (ITU-T E.164).
    """
    if not _NUMBER.fullmatch(address.strip()):
        return None
    keys = "".join(character for character in address if character.isalnum())
    area, tail = keys[1 : 1 + _AREA], keys[1 + _AREA :]
    if keys.startswith("1") and tail and area.isdigit():
        return _trouble_in_america(tail)
    if not keys.isdigit():
        return None
    if len(keys) > _LONGEST_NUMBER:
        return Trouble(f"{len(keys)} digits are more than any number has ({_LONGEST_NUMBER}).", dialled=False)
    if address.strip().startswith("+") and len(keys) < _SHORTEST_ABROAD:
        return Trouble(f"{len(keys)} digits are too few for a number with its country code.", dialled=False)
    return None


def _trouble_in_america(tail: str) -> Trouble | None:
    what = "letters" if tail.isalpha() else "digits" if tail.isdigit() else "letters and digits"
    counted = f"{len(tail)} {what} follow the area code where it takes {_SUBSCRIBER}"
    if len(tail) < _SUBSCRIBER:
        return Trouble(f"{counted}, so it cannot be dialled.", dialled=False)
    if len(tail) > _SUBSCRIBER:
        return Trouble(f"{counted}; telephones ignore the rest.", dialled=True)
    return None


def _placeholders(pack: Pack, filled: Collection[str]) -> Iterator[Finding]:
    """Find what stays in braces when a message leaves: a name nobody fills, or one that needs an agent."""
    sent = {action.message for standard in pack.standards for action in standard.actions}
    for message in pack.messages:
        required = {field for letter in pack.letters if letter.message == message.id for field in letter.required}
        known: Sequence[str] = FILLED_BY_DESK if message.id in sent else (*filled, *sorted(required))
        for name in dict.fromkeys(_PLACEHOLDER.findall(message.text)):
            if name in known:
                continue
            by = "the desk sends it by itself" if message.id in sent else "whoever writes"
            why = (
                f"The message {message.id} holds {{{{{name}}}}}, which nothing fills ({by}): the customer reads it so."
            )
            do = f"Use one of {', '.join(known)}."
            yield Finding(Level.NEVER, "placeholder", (place(pack, message.clause),), why, do)
