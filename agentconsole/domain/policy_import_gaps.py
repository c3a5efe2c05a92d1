"""What a policy document leaves open and whom it names: bracketed blanks, addresses that are missing, contacts."""

import re

from agentconsole.domain.policy_import_found import Found, Keys, Place
from agentconsole.domain.policy_import_outline import Passage
from agentconsole.domain.policy_import_words import named

_GAP = re.compile(
    r"\[(?P<words>[^\]\[]{1,80})\]|(?P<line>_{3,80})|<(?P<angle>(?:insert|enter|your|name|company)[^<>]{0,60})>|\bTB[AC]\b"
)
_NO_GAP = re.compile(r"[ xX0-9^]*|sic|\.\.\.|…|[0-9]+[a-z]?")
_MAIL = re.compile(r"(?<![\w.+-])[\w.+-]{1,64}@[\w-]{1,63}(?:\.[\w-]{1,63}){1,4}")
_NUMBER = re.compile(
    r"(?<![\w.@/])(?:\+ ?|\()?[0-9][0-9() .-]{5,20}[0-9](?![\w/])|\b1-[0-9]{3}-[A-Z0-9]{2,10}(?:-[A-Z0-9]{2,8})?\b"
)
_DIAL = re.compile(
    r"\b(?:call|phone|tele?phone|tel|dial|ring|hotline|helpline|fax|mobile|contacts?|emergenc\w+|on-call|free ?phone"
    r"|switchboard)\b",
    re.IGNORECASE,
)
_DATE = re.compile(r"[0-9]{1,4}[-./][0-9]{1,2}[-./][0-9]{1,4}")
_LETTERS = re.compile(r"1-[0-9]{3}-([A-Z0-9-]+)")
_URGENT = re.compile(r"\b(?:emergenc\w+|incident|on-call|out of hours|urgent)\b", re.IGNORECASE)
_UNFINISHED = re.compile(
    r"\b(?:e-?mail|write to|contact|call|telephone|phone) us (?:at|on|to|under|via)(?= ?[,.!;]|$)", re.IGNORECASE
)
_ADDRESSED = re.compile(r"\b(?:us|me|on|at|or|call)\b", re.IGNORECASE)
_FEWEST_DIGITS = 7
_VANITY = 7
_LONGEST_LABEL = 60
_MOST_GAPS = 100
_NEAR = 8


def read_gaps(passage: Passage, line: int, sentence: str, found: Found) -> None:
    """Add the blanks that the author left in a sentence, each kept as a setting, and the contacts that it names."""
    place = Place(passage.id, line, sentence)
    for gap in _GAP.finditer(sentence):
        _gap(place, gap, found)
    addresses = [*_MAIL.findall(sentence), *_numbers(passage, sentence)]
    for address in addresses:
        _contact(passage, place, address, found)
    if not addresses and _UNFINISHED.search(sentence):
        _unfinished(passage, place, found)


def _gap(place: Place, gap: re.Match[str], found: Found) -> None:
    words = (gap["words"] or gap["angle"] or "").strip()
    cadence = f"cadence-line-{place.line}" if "ly" in words else ""
    is_claimed = any(
        blank.place.line == place.line and (gap.group() in str(blank.keys["reason"]) or blank.keys["id"] == cadence)
        for blank in found.of("blanks")[-_NEAR:]
    )
    if is_claimed or (words and _NO_GAP.fullmatch(words)) or len(found.of("settings")) >= _MOST_GAPS:
        return
    offered = [part.strip() for part in words.split("/")]
    proposal = (offered[0] if len(offered) > 1 else "") or "to be decided"
    name = named((words or "gap", f"line-{place.line}"), found.taken.setdefault("blanks", set()))
    found.taken["blanks"].discard(name)
    reason = f"The document leaves {gap.group()} open; until you say it stands as it is."
    value = found.blank(name, place, f"What stands for {gap.group()[:80]} in this sentence?", proposal, reason)
    question = f"What stands for {gap.group()[:80]}?"
    found.add("settings", (name,), {"question": question, "value": value}, place)


def _numbers(passage: Passage, sentence: str) -> list[str]:
    """Return the numbers to dial in a sentence: written with letters, or in a sentence that speaks of dialling."""
    speaks = any(_DIAL.search(text) for text in (sentence, *passage.headings[-1:]))
    return [
        number
        for number in (_bare(match.group()) for match in _NUMBER.finditer(sentence))
        if _LETTERS.fullmatch(number)
        or (
            sum(map(str.isdecimal, number)) >= _FEWEST_DIGITS
            and (speaks or number[0] in "+(")
            and not _DATE.fullmatch(number)
        )
    ]


def _bare(number: str) -> str:
    """Take off what stands around a number, also a bracket that does not close in it."""
    return number.strip(" .-" if ")" in number else " .-(")


def _contact(passage: Passage, place: Place, address: str, found: Found) -> None:
    if any(entry.keys["address"] == address for entry in found.of("contacts")) or found.is_full("contacts", place):
        return
    label = place.sentence.split(address)[0].partition(":")[0].strip(" -–—•|,.(")
    if not label or len(label) > _LONGEST_LABEL or _ADDRESSED.search(label):
        label = passage.headings[-1] if passage.headings else "Contact"
    keys: Keys = {"label": label[:_LONGEST_LABEL], "address": address}
    if any(_URGENT.search(text) for text in (label, *passage.headings[-1:])):
        keys["emergency"] = True
    letters = _LETTERS.fullmatch(address)
    count = len(letters.group(1).replace("-", "")) if letters else _VANITY
    if count != _VANITY:
        keys["note"] = f"After 1 and the area code come {count} letters or digits where a number has {_VANITY}."
    found.add("contacts", (label,), keys, place)


def _unfinished(passage: Passage, place: Place, found: Found) -> None:
    if found.is_full("contacts", place):
        return
    label = passage.headings[-1][:_LONGEST_LABEL] if passage.headings else "Contact"
    address = found.blank(
        f"address-line-{place.line}",
        place,
        "Which address or number belongs here?",
        "desk@desk.example",
        "The sentence stops before the address; the proposal cannot be delivered and so shows that it is still open.",
    )
    found.add("contacts", (label,), {"label": label, "address": address}, place)
