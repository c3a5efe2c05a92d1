"""Address headers read in linear time and within limits: names, brackets, comments, groups (RFC 5322 section 3.4)."""

import re

from agentconsole.channels.email.charsets import decode_words
from agentconsole.domain.mail import Address
from agentconsole.domain.text import clean, clean_line

RECIPIENTS_LIMIT = 500

_TOKEN = re.compile(r"\"(?:[^\"\\]|\\.)*\"?|<[^<>]*>?|[,;:()]|[^\"<,;:()]+", re.DOTALL)
_USABLE = re.compile(r"[^\s@<>\"(),:;\[\]\\]{1,64}@[^\s@<>\"(),:;\\]{1,253}")
_NAME_LIMIT = 120


def read_addresses(value: str, limit: int = RECIPIENTS_LIMIT) -> tuple[Address, ...]:
    """Read an address header; at most `limit` addresses, cleaned. An address that cannot be used leaves its name.

    Encoded words are decoded last, so that a comma or a bracket inside one separates nothing.
    """
    found: list[Address] = []
    words: list[str] = []
    comment: list[str] = []
    angle = ""
    depth = 0
    for piece in _TOKEN.findall(value):
        if piece == "(":
            depth += 1
        elif piece == ")":
            depth = max(0, depth - 1)
        elif depth:
            comment.append(piece)
        elif piece in (",", ";"):
            _take(found, words, angle, comment)
            words, comment, angle = [], [], ""
        elif piece == ":" and not angle:
            words = []
        elif piece[0] == "<":
            angle = angle or piece
        else:
            words.append(piece)
        if len(found) >= limit:
            return tuple(found)
    _take(found, words, angle, comment)
    return tuple(found)


def _take(found: list[Address], words: list[str], angle: str, comment: list[str]) -> None:
    phrase = "".join(words).strip()
    if angle:
        email, name = angle.strip("<> \t"), phrase
    elif "@" in phrase and '"' not in phrase:
        email, name = phrase, "".join(comment)
    else:
        email, name = "", phrase
    address = Address(_name(name), _email(email))
    if address.name or address.email:
        found.append(address)


def _email(text: str) -> str:
    """Give an address that can be written to as it stands; empty for anything else."""
    bare = text.rpartition(":")[2].strip()
    return bare if _USABLE.fullmatch(bare) and clean(bare) == bare else ""


def _name(text: str) -> str:
    bare = text.strip()
    if len(bare) > 1 and bare[0] == '"' and bare[-1] == '"':
        bare = re.sub(r"\\(.)", r"\1", bare[1:-1])
    return clean_line(decode_words(bare), _NAME_LIMIT)
