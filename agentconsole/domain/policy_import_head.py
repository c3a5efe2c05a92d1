"""What a draft says of the desk itself: name, revision, zone, hours and holidays, from the document or as blanks."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from agentconsole.domain.policy_import_escalation import currency_in
from agentconsole.domain.policy_import_found import Found, Place, Toml
from agentconsole.domain.policy_import_outline import Passage

_MONTHS = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")
_MONTH = rf"(?:{'|'.join(_MONTHS)})[a-z]{{0,6}}\.?"
_REVISED = re.compile(
    r"\b(?:last )?(?:updated?|revis\w+|effective|reviewed|amended|issued|approved|adopted|version|valid from|date)\b",
    re.IGNORECASE,
)
_WRITTEN = re.compile(
    rf"(?P<iso>\b[12][0-9]{{3}}-[0-9]{{2}}-[0-9]{{2}}\b)"
    rf"|(?P<digits>\b[0-9]{{1,2}}[./-][0-9]{{1,2}}[./-][12][0-9]{{3}}\b)"
    rf"|(?P<month>\b{_MONTH} [0-9]{{1,2}}(?:st|nd|rd|th)?,? [12][0-9]{{3}}\b)"
    rf"|(?P<day>\b[0-9]{{1,2}}(?:st|nd|rd|th)?(?: of)? {_MONTH},? [12][0-9]{{3}}\b)"
    rf"|(?P<part>\b{_MONTH} [12][0-9]{{3}}\b)",
    re.IGNORECASE,
)
_HOLIDAYS = re.compile(r"\b(?:bank|public|federal|national|statutory) holidays?\b|\bholidays\b", re.IGNORECASE)
_PURPOSE = re.compile(r"\b(?:purpose|intent|mission|designed to|sets? out|committed to)\b.{12}", re.IGNORECASE)
_DAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
_DAY = r"(?:mon|tues?|wed(?:nes)?|thu(?:rs)?|fri|sat(?:ur)?|sun)(?:day)?s?"
_TIME = r"(?:[0-9]{1,2}(?:[:.][0-9]{2})? ?(?:[ap]\.?m\.?)?|noon|midnight)"
_SPAN = rf"(?P<open>{_TIME}) ?(?:-|–|—|to|until|till|and) ?(?P<shut>{_TIME})"
_WEEK = rf"(?P<first>{_DAY}) ?(?:-|–|—|to|through|until) ?(?P<last>{_DAY})"
_HOURS = re.compile(rf"\b{_WEEK}[\s,:(]*(?:from |between |, )?{_SPAN}".replace("\\s", " "), re.IGNORECASE)
_HOURS_FIRST = re.compile(rf"\b{_SPAN}(?: ?[A-Z]{{2,4}})?[ ,(]*(?:from |on )?{_WEEK}", re.IGNORECASE)
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
_MINUTES_A_DAY = 1440
_NOON = 12
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
    revision, revised, remarks["revision"] = _revision(sentences)
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
    for place in sentences:
        for form in (_HOURS, _HOURS_FIRST):
            said = form.search(place.sentence)
            hours = _week(said) if said is not None else ""
            if hours:
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


def _week(said: re.Match[str]) -> str:
    """Write hours as a pack does; empty when the times make no day."""
    opens, shuts = _minute(said["open"]), _minute(said["shut"])
    if shuts is not None and opens is not None and shuts <= opens and "m" not in said["shut"].lower():
        shuts += _NOON * 60
    if opens is None or shuts is None or not opens < shuts <= _MINUTES_A_DAY:
        return ""
    days = f"{said['first'][:3].title()}-{said['last'][:3].title()}"
    return f"{days} {opens // 60:02}:{opens % 60:02}-{shuts // 60:02}:{shuts % 60:02}"


def _minute(text: str) -> int | None:
    words = text.lower().replace(".", ":").replace(" ", "")
    if words in ("noon", "midnight"):
        return _NOON * 60 if words == "noon" else _MINUTES_A_DAY
    digits = re.match(r"([0-9]{1,2})(?::([0-9]{2}))?", words)
    if digits is None:
        return None
    hour, minute = int(digits[1]), int(digits[2] or 0)
    if "p" in words and hour < _NOON:
        hour += _NOON
    if "a" in words and hour == _NOON:
        hour = 0
    return hour * 60 + minute if hour * 60 + minute <= _MINUTES_A_DAY and minute < 60 else None


def _revision(sentences: Sequence[Place]) -> tuple[str, date | None, str]:
    """Return the revision date as written, the date where its order is certain, and a remark."""
    dates = [
        (place, said)
        for place in sentences
        if _REVISED.search(place.sentence) and (said := _WRITTEN.search(place.sentence))
    ]
    if not dates:
        return ("", None, "the document carries no date of revision")
    place, said = dates[0]
    read = _read_date(said)
    remark = place.shown if read else f"{place.shown} - day or month first? Write revision_date = 2022-07-27 below"
    return (said.group(), read, remark)


def _read_date(said: re.Match[str]) -> date | None:
    numbers = [int(number) for number in re.findall(r"[0-9]+", said.group())]
    kind = said.lastgroup
    if kind == "part":
        return None
    if kind == "iso":
        year, month, day = numbers
    elif kind == "digits":
        left, right, year = numbers
        if left <= _NOON and right <= _NOON and left != right:
            return None
        day, month = (left, right) if right <= _NOON else (right, left)
    else:
        day, year = numbers
        month = next((place for place, name in enumerate(_MONTHS, 1) if name in said.group().lower()), 0)
    try:
        return date(year, month, day)
    except ValueError:
        return None
