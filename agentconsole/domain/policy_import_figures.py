"""The figures that a policy document sets targets for: statistics of a month, which are indicators and no clocks."""

import re
from decimal import Decimal

from agentconsole.domain.policy_import_amounts import Amount, Bound, Unit, amounts_in
from agentconsole.domain.policy_import_found import DESK, Found, Keys, Place
from agentconsole.domain.policy_import_outline import Passage

_INDICATORS = re.compile(r"\b(?:indicators?|kpis?|metrics?|measurements?|statistics)\b", re.IGNORECASE)
_MEASURED = re.compile(r"\b(?:average|mean|median|percentile)\b|\(target", re.IGNORECASE)
_METRICS = (
    ("first_call_resolution", "resolved_in_first_contact", r"first[- ](?:call|contact) resolution"),
    ("csat", "share_satisfied", r"satisf\w+|csat"),
    ("first_response", "mean", r"(?:first |initial )?(?:response|reply) time"),
    ("resolution", "mean", r"resolution time|time to (?:resolve|resolution)"),
)
_SHARES = frozenset({"csat", "first_call_resolution"})
_PERCENT = re.compile(r"(100|[0-9]{1,2}(?:\.[0-9]{1,2})?) ?(?:%|per ?cent)")
_WORDS = {"h": "hours", "min": "minutes", "s": "seconds"}


def is_measured(passage: Passage, sentence: str) -> bool:
    """Say whether a sentence speaks of a statistic rather than of what each customer is promised."""
    return _MEASURED.search(sentence) is not None or any(_INDICATORS.search(heading) for heading in passage.headings)


def read_figure(passage: Passage, line: int, sentence: str, found: Found) -> None:
    """Add the indicator of a sentence that names a statistic and a target for it."""
    place = Place(passage.id, line, sentence)
    metric = next((one for one in _METRICS if re.search(one[2], sentence, re.IGNORECASE)), None)
    if metric is None or not is_measured(passage, sentence) or found.is_full("kpis", place):
        return
    name, variant, _ = metric
    value = _share(sentence) if name in _SHARES else _time(sentence)
    if value:
        keys: Keys = {"metric": name, "variant": variant, **value, "period": "month", "calendar": DESK}
        found.add("kpis", (name,), keys, place)


def _share(sentence: str) -> Keys:
    percent = _PERCENT.search(sentence)
    if percent is None:
        return {}
    number = Decimal(percent.group(1))
    return {"comparator": "at_least", "value": int(number) if number == int(number) else number, "unit": "percent"}


def _time(sentence: str) -> Keys:
    times: list[Amount] = [one for one in amounts_in(sentence) if one.unit is Unit.TIME and not one.gap]
    if not times:
        return {}
    number, unit = times[0].duration.split(" ")
    comparator = "under" if times[0].bound is Bound.UNDER else "at_most"
    return {"comparator": comparator, "value": int(number), "unit": _WORDS[unit]}
