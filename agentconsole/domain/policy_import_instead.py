"""What a policy document says is done when a promise cannot be kept: a holding letter, a notice, an offer."""

import re

from agentconsole.domain.policy_import_amounts import Unit
from agentconsole.domain.policy_import_found import Found, Keys
from agentconsole.domain.policy_import_promise import Promise
from agentconsole.domain.policy_import_targets import target_of
from agentconsole.domain.policy_import_words import role_in
from agentconsole.domain.terms import Channel, Role

_AUTOMATIC = re.compile(r"\bautomat\w+|\bauto-?(?:reply|response)\b", re.IGNORECASE)
_OFFER = re.compile(r"\b(?:option|offered|choice|invited)\b", re.IGNORECASE)
_RECEIVED = "Thank you for your message. It has been received and is being processed; a person will answer it."
_WAITING = "We are sorry to keep you waiting. You may leave us a message here, or your number and we call you back."


def read_instead(promise: Promise, found: Found) -> None:
    """Add what a sentence says is done when a promise cannot be kept: a holding letter, a notice, an offer."""
    sentence = promise.place.sentence
    channels = promise.channels()
    if promise.is_complaint and promise.amount.unit not in (Unit.VAGUE, Unit.IMMEDIATE):
        add_step(promise, "hold", found)
    elif channels and _AUTOMATIC.search(sentence) and promise.amount.unit is Unit.TIME:
        _action(promise, channels, found, {"kind": "auto_acknowledge", "after": promise.amount.duration})
    elif channels and _OFFER.search(sentence):
        _action(promise, channels, found, {"kind": "offer_message_or_callback"})
    else:
        found.leave(promise.place, "a condition, and no promise")


def _action(promise: Promise, channels: tuple[Channel, ...], found: Found, action: Keys) -> None:
    """Give an action to the standards about answers on these channels that were found before."""
    bound = [
        entry.keys
        for entry in found.of("standards")
        if entry.keys["clock"] in ("first_response", "next_response") and _binds(entry.keys, channels[0])
    ]
    if not bound:
        found.leave(promise.place, "what happens instead of an answer, and no promise of that answer above it")
        return
    texts = {"auto_acknowledge": _RECEIVED, "offer_message_or_callback": _WAITING}
    bare = [keys for keys in bound if "actions" not in keys]
    if not bare or found.is_full("messages", promise.place):
        return
    message: Keys = {"channel": channels[0].value, "text": texts[str(action["kind"])]}
    name = found.add("messages", (channels[0].value, str(action["kind"])), message, promise.place, "the words are ours")
    for keys in bare:
        keys["actions"] = [{**action, "message": name}]


def _binds(keys: Keys, channel: Channel) -> bool:
    applies = keys.get("applies")
    return isinstance(applies, dict) and applies.get("channels") == [channel.value]


def add_step(promise: Promise, step: str, found: Found) -> None:
    """Add a step of the complaint procedure with its term, the first of its kind."""
    if found.has("steps", step):
        found.leave(promise.place, f"the complaint procedure has a step {step} already")
        return
    keys: Keys = {
        "text": promise.place.text,
        "owner": role_in(promise.place.sentence, Role.SUPERVISOR).value,
        "target": dict(target_of(found, promise.amount, (), promise.place)),
    }
    found.add("steps", (step,), keys, promise.place)
