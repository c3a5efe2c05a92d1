"""The target of a proposed standard: an amount as a pack writes it, with blanks where the document has no number."""

from agentconsole.domain.policy_import_amounts import Amount, Unit
from agentconsole.domain.policy_import_found import Found, Keys, Place, Toml
from agentconsole.domain.terms import Channel

_FORMS = {Unit.TIME: "an amount of time, such as 24 h or 15 min"}


def target_of(found: Found, amount: Amount, channels: tuple[Channel, ...], place: Place) -> Keys:
    """Return the keys of a target; makes the blanks that it needs."""
    calendar = found.calendar(channels)
    match amount.unit:
        case Unit.RINGS:
            keys: Keys = {"rings": _number(found, amount, place), "cycle": _cycle(found, place)}
        case Unit.TIME if amount.in_hours:
            keys = {"business": _number(found, amount, place), "calendar": calendar}
        case Unit.TIME:
            keys = {"elapsed": _number(found, amount, place)}
        case Unit.WORKING_DAYS:
            days = _number(found, amount, place)
            keys = {"working_days": days, "calendar": calendar, "receipt": "same_day", "end": "close_of_business"}
        case Unit.IMMEDIATE:
            keys = {"immediate": _soon(found, place), "calendar": calendar}
        case Unit.VAGUE if channels == (Channel.PHONE,):
            keys = {"best_effort": "erlang"}
        case Unit.VAGUE:
            keys = {"unspecified": _reasonable(found, place), "calendar": calendar}
        case Unit.NEXT_PERIOD:
            keys = {"next_period_end": calendar}
        case _:
            keys = {amount.unit.value: _number(found, amount, place), "calendar": calendar}
    return keys


def _number(found: Found, amount: Amount, place: Place) -> Toml:
    number: Toml = amount.duration if amount.unit is Unit.TIME else amount.count
    if not amount.gap:
        return number
    form = _FORMS.get(amount.unit, "a whole number")
    return found.blank(
        f"amount-line-{place.line}-{amount.start}",
        place,
        f"Which amount stands here? Write {form}.",
        str(number),
        f"The document leaves {amount.gap} open; this is only a guess of the import.",
    )


def _cycle(found: Found, place: Place) -> Toml:
    return found.blank(
        "ring_cycle",
        place,
        "How long does one ring last, with its pause?",
        "6 s",
        "The document counts rings; in North America one takes six seconds, in Britain and India three.",
    )


def _soon(found: Found, place: Place) -> Toml:
    return found.blank(
        "immediate_seconds",
        place,
        "How soon is immediately?",
        "30 s",
        "The document gives no number; half a minute is what a waiting person still takes for at once.",
    )


def _reasonable(found: Found, place: Place) -> Toml:
    return found.blank(
        f"reasonable-line-{place.line}",
        place,
        "Within how much open time is this done? Until you say, it is measured and never green.",
        "8 h",
        "The document gives no number; eight open hours are about one working day.",
    )
