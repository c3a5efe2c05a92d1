"""What a policy document says must be handed up: amounts of money over a limit, threats, what needs approval."""

import re
from decimal import Decimal

from agentconsole.domain.policy_import_found import Found, Keys, Place
from agentconsole.domain.policy_import_outline import Passage
from agentconsole.domain.policy_import_words import role_in
from agentconsole.domain.terms import Role

_ESCALATION = re.compile(
    r"\b(?:escalat\w+|refer(?:red)? (?:it |them )?to|notif(?:y|ied)|hand(?:ed)? (?:over|up)"
    r"|go(?:es)? (?:straight |directly )to)\b",
    re.IGNORECASE,
)
_WHEN = re.compile(r"\bwhen\b.{0,40}\bescalat|\bescalat\w+ (?:triggers|reasons|criteria)", re.IGNORECASE)
_TRIGGERS = {
    "asked_by_customer": r"\b(?:ask|request|demand|insist|wish)\w* (?:to speak|to talk|for|on)\b.{0,30}"
    r"\b(?:manager|supervisor|senior)",
    "legal_or_compliance": r"\b(?:legal|compliance|regulat\w+|litigation|solicitors?|lawyers?)\b",
    "threat_or_abuse": r"\b(?:threat\w*|abus\w+|violen\w+|harass\w+)\b",
    "needs_approval": r"\b(?:approval|authoris\w+|authoriz\w+|sign-?off)\b",
    "complex_technical": r"\btechnical\b",
    "agent_cannot_resolve": r"\b(?:cannot|can ?not|can[’']t|unable to|not able to|fails? to)\b.{0,60}"
    r"\b(?:resolv|solv|help|settl|answer)|\b(?:un|not )resolved",
}
_REASONS = {predicate: re.compile(words, re.IGNORECASE) for predicate, words in _TRIGGERS.items()}
_DIGITS = r"[0-9]{1,3}(?:,[0-9]{2,3}){1,3}|[0-9]{1,7}"
_MONEY = re.compile(
    r"(?P<sign>US\$|A\$|C\$|[$£€₹¥]|Rs\.? ?|\b(?:USD|GBP|EUR|INR|AUD|CAD|CHF|NZD|ZAR|SGD) ?)"
    rf"(?P<digits>{_DIGITS})(?P<rest>\.[0-9]{{1,2}})?"
    rf"|\b(?P<digits2>{_DIGITS})(?P<rest2>\.[0-9]{{1,2}})? ?"
    r"(?P<word>dollars|pounds|euros?|rupees|USD|GBP|EUR|INR|CHF)\b",
    re.IGNORECASE,
)
_CURRENCIES = {
    "$": "USD", "us$": "USD", "a$": "AUD", "c$": "CAD", "£": "GBP", "€": "EUR", "₹": "INR", "¥": "JPY", "rs": "INR",
    "dollars": "USD", "pounds": "GBP", "euro": "EUR", "euros": "EUR", "rupees": "INR",
}  # fmt: skip
_NAMED = (("GBP", "pounds"), ("EUR", "euros"), ("INR", "rupees"), ("USD", "dollars"))
_OVER = re.compile(
    r"(?:\b(?:over|above|exceed\w*|more than|greater than|in excess of|worth|of|from|at least)|>) ?$", re.IGNORECASE
)
_OR_MORE = re.compile(r" ?(?:or more|and (?:over|above|more)|\+)", re.IGNORECASE)
_FROM = re.compile(r"\b(?:at least|from) ?$", re.IGNORECASE)
_LARGEST_LIMIT = 1_000_000


def read_triggers(passage: Passage, line: int, sentence: str, found: Found) -> None:
    """Add the trigger of a sentence that tells to escalate, or that stands under a heading that asks when to."""
    place = Place(passage.id, line, sentence)
    above = passage.headings[-1] if passage.headings and not passage.is_heading else ""
    asked = _REASONS["asked_by_customer"].search(sentence)
    if not (asked or _ESCALATION.search(sentence) or _WHEN.search(above)) or found.is_full("triggers", place):
        return
    to = role_in(sentence, Role.SUPERVISOR).value
    limit = _limit(sentence)
    if limit:
        found.add(
            "triggers", ("amount",), {"text": place.text, "predicate": "amount_over_limit", "to": to, **limit}, place
        )
        return
    predicate = next((name for name, words in _REASONS.items() if words.search(sentence)), None)
    if predicate is not None:
        keys: Keys = {"text": place.text, "predicate": predicate, "to": to}
        found.add("triggers", (predicate.replace("_", "-"),), keys, place)


def money_in(sentence: str) -> tuple[tuple[Decimal, str, int, int], ...]:
    """Return the amounts of money of a sentence, each with its currency (ISO 4217) and its place from and to."""
    amounts = []
    for found in _MONEY.finditer(sentence):
        sign = (found["sign"] or found["word"]).strip(" .").lower()
        digits = f"{found['digits'] or found['digits2']}{found['rest'] or found['rest2'] or ''}"
        amounts.append((Decimal(digits.replace(",", "")), _CURRENCIES.get(sign, sign.upper()), *found.span()))
    return tuple(amounts)


def currency_in(sentence: str) -> str:
    """Return the currency that a sentence names, with an amount or alone ("in pounds"); empty when it names none."""
    money = money_in(sentence)
    words = sentence.lower()
    return money[0][1] if money else next((code for code, word in _NAMED if f"in {word}" in words), "")


def _limit(sentence: str) -> Keys:
    """Return the limit of a sentence: exceeded strictly over it ("over $100"), or reached by it ("$100 or more")."""
    for amount, currency, start, end in money_in(sentence):
        reached = _OR_MORE.match(sentence, end) or _FROM.search(sentence[:start])
        if amount <= _LARGEST_LIMIT and (reached or _OVER.search(sentence[:start])):
            keys: Keys = {"limit": int(amount) if amount == int(amount) else amount, "currency": currency}
            return {**keys, "inclusive": True} if reached else keys
    return {}
