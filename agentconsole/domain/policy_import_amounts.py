"""The amounts of time that a sentence of a policy names: numbers in digits and words, rings, days, "same day", gaps."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from enum import StrEnum
from itertools import islice

_ONES = ("one", "two", "three", "four", "five", "six", "seven", "eight", "nine")
_TEENS = (
    "ten", "eleven", "twelve", "thirteen", "fourteen", "fifteen", "sixteen", "seventeen", "eighteen", "nineteen",
)  # fmt: skip
_TENS = ("twenty", "thirty", "forty", "fifty", "sixty", "seventy", "eighty", "ninety")
_NUMBERS = {
    **{word: float(value) for value, word in enumerate((*_ONES, *_TEENS), start=1)},
    **{word: float(value) for value, word in zip(range(20, 100, 10), _TENS, strict=True)},
    **{f"{ten}{mark}{one}": 10.0 * tens + ones for tens, ten in enumerate(_TENS, 2) for ones, one in enumerate(_ONES, 1)
       for mark in "- "},
    "a": 1.0, "an": 1.0, "half an": 0.5, "half a": 0.5, "a couple of": 2.0, "one and a half": 1.5, "a hundred": 100.0,
}  # fmt: skip
_WORD = "|".join(sorted((re.escape(word) for word in _NUMBERS), key=len, reverse=True))
_GAP = r"\[[^\]\[]{0,60}\]|(?<!_)_{2,60}|<[a-z][^<>]{0,60}>"
_NUMBER = rf"(?:(?<![\w.,/$£€₹:])[0-9]{{1,4}}(?:[.,][0-9]{{1,2}}|½)?|\b(?:{_WORD})\b|{_GAP})"
_AMOUNT = re.compile(
    rf"(?P<low>{_NUMBER}|(?<=every )|(?<=each )|(?<=within the ))"
    rf"(?: ?\( ?[0-9]{{1,4}} ?\))?(?: ?(?:-|–|—|to|or) ?(?P<high>{_NUMBER}))?"
    r"(?: full| whole| consecutive| clear)?"
    r"[ -]?(?P<kind>working|business|office|official|opening|operating|week|calendar|clock)?[ -]?"
    r"(?:(?P<unit>seconds?|secs?|minutes?|mins?|hours?|hrs?|days?|weeks?|fortnights?|months?|rings?|weekdays?)\b"
    r"|(?<=[0-9])(?P<letter>[smhd])\b|(?<=[0-9] )(?P<letter2>[smhd])\b)(?P<half> and a half)?",
    re.IGNORECASE,
)
_NOT_AMOUNT = re.compile(
    r"24 ?[/x×] ?7(?: ?[/x×] ?365)?|24[- ]hours?(?: (?:a|per|every|each) day)?,? ?(?:7|seven) days (?:a|per|each) week"
    r"|(?:24|twenty[- ]four) hours (?:a|per|every|each) day|(?:7|seven) days (?:a|per|each) week",
    re.IGNORECASE,
)
_SPECIAL = re.compile(
    r"(?P<immediate>\bimmediate(?:ly)?\b|\bat once\b|\bstraight ?away\b|\bright away\b|\binstant(?:ly)?\b)"
    r"|(?P<next_period>\bnext (?:available )?(?:official|business|working|office|opening|operating|service)[ -]"
    r"(?:hours?(?: cycle)?|period|shift)\b|\b(?:when|once|after) we (?:re-?)?open\b)"
    r"|(?P<next_day>\bnext (?:working|business|week) ?day\b)"
    r"|(?P<same_day>\b(?:the )?same (?:working |business )?day\b"
    r"|\b(?:end|close) of (?:the |that )?(?:same )?(?:business|working day|business day|day)\b)"
    r"|(?P<vague>\b(?:reasonable (?:amount of )?time(?:frame)?|(?:least|shortest) possible time(?:frame)?"
    r"|as (?:soon|quickly|promptly|fast) as (?:is )?(?:reasonably )?(?:possible|practicable|we can)|promptly"
    r"|without (?:undue |unreasonable )?delay|timely)\b)",
    re.IGNORECASE,
)
_IN_HOURS = re.compile(
    r" ?\(?(?:during |in |within |of )?(?:(?:our|the|normal|standard|regular|usual) )*"
    r"(?:business|working|office|opening|official|operating|service) hours",
    re.IGNORECASE,
)
_WITHIN = re.compile(
    r"(?:\bwithin|\bin|\binside|\bno (?:\w+ )?(?:later|longer|more) than|\bnot (?:later|more|longer) than|\bat most"
    r"|\bup to|\b(?:won[’']t|not|never|nobody|no one) (?:\w+ )?waits? (?:for )?(?:more|longer) than"
    r"|\bmax(?:imum)?(?: of)?|\bby|≤|<=|\bnot exceed(?:ing)?|\btarget(?: of)?)"
    r"(?: (?:the|a|an|approximately|about|around|roughly|maximum of|maximum|next|first))*[ ~:]*$",
    re.IGNORECASE,
)
_UNDER = re.compile(
    r"(?:\b(?:in |within )?(?:less|fewer|sooner) than|\b(?:in )?under|\bbelow|(?<!≤)<)(?: (?:a|an|the))*[ ~:]*$",
    re.IGNORECASE,
)
_EVERY = re.compile(r"\b(?:every|each|at intervals of)(?: other)?(?: next)? *$", re.IGNORECASE)
_LOOKED_BACK = 48
_SECONDS = {"s": 1, "m": 60, "h": 3600}
_GUESSES = {"s": 30.0, "m": 15.0, "h": 24.0, "w": 2.0, "f": 1.0, "r": 4.0}
_MOST_DAYS = 1000
_MOST_IN_SENTENCE = 12


class Unit(StrEnum):
    """Say in what an amount is counted; `TIME` is in seconds."""

    TIME = "time"
    RINGS = "rings"
    WORKING_DAYS = "working_days"
    DAYS = "calendar_days"
    WEEKS = "weeks"
    MONTHS = "months"
    IMMEDIATE = "immediate"
    VAGUE = "vague"
    NEXT_PERIOD = "next_period_end"


class Bound(StrEnum):
    """Say how the sentence brings an amount: as a limit, as an interval, or in passing."""

    WITHIN = "within"
    UNDER = "under"
    EVERY = "every"
    NONE = "none"


_LARGEST = {Unit.TIME: 86_400 * 30, Unit.RINGS: 100}


@dataclass(frozen=True, slots=True)
class Amount:
    """Hold one amount and where it stands in its sentence; `gap` is the blank that stands for its number."""

    start: int
    end: int
    unit: Unit
    count: int
    bound: Bound
    in_hours: bool = False
    gap: str = ""

    @property
    def duration(self) -> str:
        """Return a time as a pack writes it, in the largest unit that leaves no rest."""
        for unit, size in (("h", 3600), ("min", 60)):
            if self.count % size == 0:
                return f"{self.count // size} {unit}"
        return f"{self.count} s"


def amounts_in(sentence: str) -> tuple[Amount, ...]:
    """Return the amounts of a sentence in its order, a dozen at most; of a range the upper end counts."""
    plain = _NOT_AMOUNT.sub(lambda found: "~" * len(found.group()), sentence)
    numbered = [
        amount
        for found in islice(_AMOUNT.finditer(plain), _MOST_IN_SENTENCE)
        if (amount := _numbered(plain, found)) is not None
    ]
    taken = [(amount.start, amount.end) for amount in numbered]
    special = [one for one in _specials(plain) if not any(start < one.end and one.start < end for start, end in taken)]
    return tuple(sorted((*numbered, *special), key=lambda amount: amount.start))


def is_always(sentence: str) -> bool:
    """Say whether a sentence speaks of every hour of the day."""
    return re.search(r"24 ?[/x×] ?7|24 hours (?:a|per) day|around the clock|at any hour", sentence) is not None


def _numbered(sentence: str, found: re.Match[str]) -> Amount | None:
    word = (found["unit"] or found["letter"] or found["letter2"]).lower()
    kind = (found["kind"] or "").lower()
    unit, size = _unit(word, kind)
    number, gap = _value(found["high"] or found["low"], _GUESSES.get(word[0], 5.0))
    count = round((number + (0.5 if found["half"] else 0)) * size)
    if not 0 < count <= _LARGEST.get(unit, _MOST_DAYS):
        return None
    hours = bool(kind and kind not in {"calendar", "clock"}) or _IN_HOURS.match(sentence, found.end()) is not None
    return Amount(found.start(), found.end(), unit, count, _bound(sentence, found.start()), hours, gap)


def _unit(word: str, kind: str) -> tuple[Unit, int]:
    """Return what is counted, and how many of it (seconds, days, ...) one of the word is."""
    if word.startswith("fortnight"):
        return (Unit.WEEKS, 2)
    if word.startswith("week") and not word.startswith("weekday"):
        return (Unit.WEEKS, 1)
    if word.startswith("mo"):
        return (Unit.MONTHS, 1)
    if word.startswith("ring"):
        return (Unit.RINGS, 1)
    if word[0] in _SECONDS:
        return (Unit.TIME, _SECONDS[word[0]])
    is_working = word.startswith("weekday") or kind in {"working", "business", "office", "official", "week"}
    return (Unit.WORKING_DAYS if is_working else Unit.DAYS, 1)


def _value(text: str, guess: float) -> tuple[float, str]:
    """Return a number and, where a blank stands for it, that blank; one without a number gets a guess."""
    if not text:
        return (1.0, "")
    if text[0] in "[_<":
        digits = re.search(r"[0-9]{1,3}", text)
        return (float(digits.group()) if digits else guess, text)
    word = text.lower()
    if word in _NUMBERS:
        return (_NUMBERS[word], "")
    whole = word.removesuffix("½").replace(",", ".")
    return (float(whole) + (0.5 if word.endswith("½") else 0.0), "")


def _bound(sentence: str, start: int) -> Bound:
    """Read the words right before an amount."""
    before = sentence[max(0, start - _LOOKED_BACK) : start]
    for bound, form in ((Bound.EVERY, _EVERY), (Bound.UNDER, _UNDER), (Bound.WITHIN, _WITHIN)):
        if form.search(before):
            return bound
    return Bound.NONE


def _specials(sentence: str) -> Iterator[Amount]:
    for found in islice(_SPECIAL.finditer(sentence), _MOST_IN_SENTENCE):
        start, end = found.span()
        match found.lastgroup:
            case "immediate":
                yield Amount(start, end, Unit.IMMEDIATE, 0, Bound.WITHIN)
            case "next_period":
                yield Amount(start, end, Unit.NEXT_PERIOD, 0, Bound.WITHIN, in_hours=True)
            case "next_day":
                yield Amount(start, end, Unit.WORKING_DAYS, 1, Bound.WITHIN, in_hours=True)
            case "same_day":
                yield Amount(start, end, Unit.WORKING_DAYS, 0, Bound.WITHIN, in_hours=True)
            case _:
                yield Amount(start, end, Unit.VAGUE, 0, Bound.WITHIN)
