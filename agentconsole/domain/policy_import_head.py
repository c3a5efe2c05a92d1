"""What a draft says of the desk itself: name, revision, zone, hours and holidays, from the document or as blanks."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from agentconsole.domain.policy_import_dates import revision_of, weekly_hours
from agentconsole.domain.policy_import_escalation import currency_in
from agentconsole.domain.policy_import_found import Found, Place, Toml
from agentconsole.domain.policy_import_outline import Passage

_HOLIDAYS = re.compile(r"\b(?:bank|public|federal|national|statutory) holidays?\b|\bholidays\b", re.IGNORECASE)
_PURPOSE = re.compile(r"\b(?:purpose|intent|mission|designed to|sets? out|committed to)\b.{12}", re.IGNORECASE)
_ZONES = (
    (re.compile(r"\bIST\b|\bIndia\b"), "Asia/Kolkata"),
    (re.compile(r"\b(?:GMT|BST)\b|\bUnited Kingdom\b|\bUK\b|\bEngland\b"), "Europe/London"),
    (re.compile(r"\b(?:EST|EDT|ET|Eastern [Tt]ime)\b"), "America/New_York"),
    (re.compile(r"\b(?:CST|CDT|Central [Tt]ime)\b"), "America/Chicago"),
    (re.compile(r"\b(?:PST|PDT|PT|Pacific [Tt]ime)\b"), "America/Los_Angeles"),
    (re.compile(r"\b(?:CET|CEST)\b"), "Europe/Berlin"),
    (re.compile(r"\b(?:AEST|AEDT)\b|\bAustralia\b"), "Australia/Sydney"),
)
_BY_CURRENCY = {
    "GBP": "Europe/London",
    "EUR": "Europe/Berlin",
    "INR": "Asia/Kolkata",
    "AUD": "Australia/Sydney",
    "USD": "America/New_York",
}
_NAME = r"[A-Z][\w&’'-]{0,30}(?: (?:&|and|of)? ?[A-Z][\w&’'-]{0,30}){0,4}"
_ORGANISATION = (
    re.compile(rf"\b(?:policy of|behalf of|Welcome to|guidelines of|customers of) (?:the )?({_NAME})"),
    re.compile(rf"\b({_NAME}) (?:\(“?\"?we|is committed to|aims to|operates|values)\b"),
    re.compile(rf"\b({_NAME}),? (?:Ltd|Limited|Inc|LLC|plc|PLC|GmbH|Council|Bank)\b"),
)
_WHOSE = "Under which name does the organisation write to its customers?"
_SHORTEST_NAME = 3


@dataclass(frozen=True, slots=True)
class Head:
    """Hold what the draft says under [policy] and of its calendar; `revised` is the date where its order is certain."""

    title: str
    organisation: Toml
    intent: str
    revision: str
    revised: date | None
    currency: str
    zone: Toml
    hours: Toml
    holidays: Toml
    remarks: dict[str, str]


def read_head(passages: Sequence[Passage], sentences: Sequence[Place], found: Found, stem: str) -> Head:
    """Return what the document says of the desk; what it leaves open is a blank, with a proposal and its reason."""
    first = sentences[0]
    remarks: dict[str, str] = {}
    currency = next((named for place in sentences if (named := currency_in(place.sentence))), "")
    remarks["currency"] = "the first that the document names" if currency else "the document names no money"
    title = next((passage.text for passage in passages if passage.is_heading), passages[0].text)
    silent = Place(first.clause, first.line, "The document does not say.")
    revision, revised, remarks["revision"] = revision_of(sentences)
    return Head(
        title=" ".join((title.title() if title.isupper() else title)[:400].split())[:100],
        organisation=_organisation(sentences, silent, found, stem),
        revision=revision,
        revised=revised,
        currency=currency or "USD",
        zone=_zone(sentences, silent, found, currency),
        hours=_hours(sentences, silent, found, remarks),
        holidays=_holidays(sentences, silent, found),
        intent=next((place.text for place in sentences if _PURPOSE.search(place.sentence)), title[:100]),
        remarks=remarks,
    )


def _organisation(sentences: Sequence[Place], silent: Place, found: Found, stem: str) -> Toml:
    for form in _ORGANISATION:
        for place in sentences:
            said = form.search(place.sentence)
            if said is not None:
                return found.blank("organisation_name", place, _WHOSE, said.group(1), f"Line {place.line} says so.")
    mail = next((entry for entry in found.of("contacts") if "@" in str(entry.keys["address"])), None)
    if mail is not None:
        name = str(mail.keys["address"]).partition("@")[2].partition(".")[0]
        reason = f"The document gives no name; line {mail.place.line} has an address of it."
        return found.blank("organisation_name", mail.place, _WHOSE, name, reason)
    words = " ".join(word for word in re.findall(r"[A-Za-z]+", stem) if len(word) >= _SHORTEST_NAME).title()
    return found.blank("organisation_name", silent, _WHOSE, words or "Our desk", "This is only the name of the file.")


def _zone(sentences: Sequence[Place], silent: Place, found: Found, currency: str) -> Toml:
    question = "In which time zone are the hours meant? Write it as Europe/London."
    for place in sentences:
        for words, zone in _ZONES:
            if words.search(place.sentence):
                return found.blank(
                    "time_zone", place, question, zone, f"Line {place.line} speaks of that place or time."
                )
    zone = _BY_CURRENCY.get(currency, "Europe/London")
    reason = f"The document gives no place; it counts in {currency}." if currency else "The document gives no place."
    return found.blank("time_zone", silent, question, zone, reason)


def _hours(sentences: Sequence[Place], silent: Place, found: Found, remarks: dict[str, str]) -> Toml:
    hours, place = weekly_hours(sentences)
    if place is not None:
        remarks["hours"] = place.shown
        return hours
    return found.blank(
        "business_hours",
        silent,
        "On which days and at which times is the desk open?",
        "Mon-Fri 09:00-17:00",
        "The import found no hours in the document; these are usual office hours.",
    )


def _holidays(sentences: Sequence[Place], silent: Place, found: Found) -> Toml:
    place = next((place for place in sentences if _HOLIDAYS.search(place.sentence)), silent)
    return found.blank(
        "holidays",
        place,
        "Which holidays close the desk? Write names of holiday sets with commas between them, or none.",
        "none",
        "The import knows no holidays by date; until you say, no day is left out and no answer comes late by it.",
    )
