"""What a policy document asks for besides answers: duties, reports, and steps of the complaint procedure."""

import re
from dataclasses import dataclass

from agentconsole.domain.policy_import_amounts import Amount, Bound, Unit, amounts_in
from agentconsole.domain.policy_import_found import DESK, Found, Keys, Place, Toml
from agentconsole.domain.policy_import_outline import Passage
from agentconsole.domain.policy_import_words import channels_in, role_in
from agentconsole.domain.terms import Role

_CADENCES = {
    "hourly": r"hourly",
    "daily": r"daily|(?:every|each) (?:working |business )?day|once a day|(?:each|every) morning",
    "weekly": r"weekly|(?:every|each) week|once a week",
    "monthly": r"monthly|(?:every|each) month|once a month",
    "quarterly": r"quarterly|(?:every|each) quarter|every (?:three|3) months",
    "yearly": r"yearly|annual(?:ly)?|(?:every|each) year|once a year|every (?:twelve|12) months",
    "open": r"regular(?:ly)?|periodic(?:ally)?",
}
_CADENCE = re.compile("|".join(rf"\b(?P<{name}>{words})\b" for name, words in _CADENCES.items()), re.IGNORECASE)
_WORD = r"(?:daily|weekly|monthly|quarterly|yearly|annually)"
_CHOICE = re.compile(rf"\[ *({_WORD}(?: ?[/|,] ?(?:or )?{_WORD})+) *\]", re.IGNORECASE)
_TASK = re.compile(
    r"\b(?:check(?:s|ed|ing)?|review(?:s|ed|ing)?|monitor(?:s|ed|ing)?|audit(?:s|ed|ing)?|inspect(?:s|ed|ions?)?"
    r"|re-?read|train(?:s|ed|ing)?|meet(?:s|ings?)?|tested|cleared|sampled)\b",
    re.IGNORECASE,
)
_REPORT = re.compile(r"\b(?:reports?|summar(?:y|ies)|analys[ie]s|improvement plans?|statistics)\b", re.IGNORECASE)
_SUPERVISED = re.compile(r"\b(?:quality|training|monitoring|audit\w*|coaching)\b", re.IGNORECASE)
_COMPLAINT = re.compile(r"\bcomplain\w*", re.IGNORECASE)
_STEPS = (
    ("log", r"\b(?:logged|recorded|registered|documented?|write down|log)\b", "received_by"),
    ("pass_to", r"\b(?:passed|forwarded|referred|handed|sent) (?:on )?to\b", ""),
    ("investigate", r"\binvestigat\w+", "findings"),
    ("review", r"\b(?:lessons|root causes?|improvements? (?:need|are)|used to identify)\b", "root_cause"),
    ("follow_up", r"\bfollow(?:s|ed)? up\b", "follow_up_on"),
)


@dataclass(frozen=True, slots=True)
class _Recurrence:
    """Hold how a sentence says when a task comes again: an interval, a choice that it leaves open, or a cadence."""

    every: Amount | None
    choice: re.Match[str] | None
    cadence: str

    def keys(self, place: Place, found: Found) -> Keys:
        """Return the key of a duty that says it; none for an interval in days, which no pack can write."""
        if self.every is not None and self.every.unit is Unit.TIME:
            return {"every": self.every.duration}
        if self.cadence == "hourly":
            return {"every": "1 h"}
        if self.choice is not None:
            offered = [word.lower() for word in re.findall(_WORD, self.choice.group(1), re.IGNORECASE)]
            proposal = offered[len(offered) // 2].replace("annually", "yearly")
            reason = f"The document offers {' or '.join(offered)}; the one in the middle is proposed."
            return {"cadence": _cadence_blank(place, found, proposal, reason)}
        if self.cadence == "open":
            reason = "The document says regularly and gives no interval."
            return {"cadence": _cadence_blank(place, found, "monthly", reason)}
        return {"cadence": self.cadence} if self.cadence else {}


def read_tasks(passage: Passage, line: int, sentence: str, found: Found) -> None:
    """Add the report or duty, and the step without a term, that a sentence of the document asks for."""
    place = Place(passage.id, line, sentence)
    _report_or_duty(place, found)
    _step(passage, place, found)


def _report_or_duty(place: Place, found: Found) -> None:
    every = next((amount for amount in amounts_in(place.sentence) if amount.bound is Bound.EVERY), None)
    choice = _CHOICE.search(place.sentence)
    cadence = _CADENCE.search(place.sentence)
    named = (cadence.lastgroup or "") if cadence is not None else ""
    task = _TASK.search(place.sentence)
    if task is not None and (every or choice or named):
        _duty(place, found, task.group(), _Recurrence(every, choice, named))
        return
    if task is not None or named in ("", "open", "hourly") or not _REPORT.search(place.sentence):
        return
    if not found.is_full("reports", place):
        role = role_in(place.sentence, Role.SUPERVISOR)
        keys: Keys = {"cadence": named, "contents": [place.text], "recipients": [role.value]}
        found.add("reports", (named, "report"), keys, place)


def _duty(place: Place, found: Found, task: str, recurrence: _Recurrence) -> None:
    if found.is_full("duties", place):
        return
    recurs = recurrence.keys(place, found)
    if not recurs:
        found.leave(place, "a task at an interval that no calendar of a desk has")
        return
    default = Role.SUPERVISOR if _SUPERVISED.search(place.sentence) else Role.AGENT
    keys: Keys = {"text": place.text, "owner": role_in(place.sentence, default).value, **recurs, "calendar": DESK}
    channels = channels_in(place.sentence)[:1]
    found.add("duties", (*(channel.value for channel in channels), task), keys, place)


def _cadence_blank(place: Place, found: Found, proposal: str, reason: str) -> Toml:
    question = "How often is this done: daily, weekly, monthly, quarterly or yearly?"
    return found.blank(f"cadence-line-{place.line}", place, question, proposal, reason)


def _step(passage: Passage, place: Place, found: Found) -> None:
    """Add a step without a term; only a chapter about complaints has steps."""
    if passage.is_heading or not any(_COMPLAINT.search(heading) for heading in passage.headings):
        return
    for step, words, required in _STEPS:
        if not found.has("steps", step) and re.search(words, place.sentence, re.IGNORECASE):
            keys: Keys = {"text": place.text, "owner": role_in(place.sentence, Role.AGENT).value}
            if required:
                keys["required"] = [required]
            found.add("steps", (step,), keys, place)
            return
