"""A day's work in one go, as somebody types who does not wait for the screen; and what of it the desk must have got."""

import re

from tests.tui.fake_desk import CODE, PASSWORD

WORK = {
    "sign in": f"ana\t{PASSWORD}\t{CODE}\r",
    "take the next": "n",
    "reply by a template, send and resolve": "r;ref\thello\x04e",
    "note": ":4471\riA note\x04",
    "hand over": ":4433\rxPlease look\x04",
    "filter, resolve, end the filter": "gq/late\re/\x15\r",
    "find by the palette, take": "\x104451\rt",
    "lock and unlock": f"L{PASSWORD}\r",
    "take another's": "gojt",
    "take that back": "u",
    "assign": ":4460\rach\r",
    "leave": ":quit\r",
}
DONE = [
    ("SignIn", f"ana {PASSWORD} {CODE}"),
    ("TakeNext", ""),
    ("Reply", "4490 resolve"),
    ("AddNote", "4471 A note"),
    ("Escalate", "4433 Please look"),
    ("Resolve", "4402"),
    ("Take", "4451"),
    ("Lock", ""),
    ("Unlock", PASSWORD),
    ("Take", "4501"),
    ("Undo", ""),
    ("Assign", "4460 chen"),
    ("SignOut", ""),
]
_WORDS = {
    "SignIn": ("user", "password", "code"),
    "Reply": ("ticket", "then"),
    "AddNote": ("ticket", "text"),
    "Escalate": ("ticket", "note"),
    "Assign": ("ticket", "to"),
    "Unlock": ("password",),
}
_COMMANDS = {name for name, _ in DONE} | {"GiveBack", "Wait", "Reopen", "Tag", "SetPriority"}


def keys() -> list[bytes]:
    """Return the key presses of the whole day."""
    return [letter.encode() for part in WORK.values() for letter in part]


def done(log: str) -> list[tuple[str, str]]:
    """Return the commands of a log, each with what it was about."""
    found = []
    for line in log.splitlines():
        name, _, rest = line.partition("(")
        if name in _COMMANDS:
            words = _WORDS.get(name, ("ticket",))
            said = (re.search(rf"\b{word}=(?:'([^']*)'|(\w+))", rest) for word in words)
            found.append((name, " ".join(one[1] or one[2] or "" for one in said if one)))
    return found


def told_the_password(log: str) -> set[str]:
    """Return the kinds of what was asked with the password in it."""
    return {line.partition("(")[0] for line in log.splitlines() if PASSWORD in line}
