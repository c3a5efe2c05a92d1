"""How versions and drafts of policies are named: ecolab is what is in force, ecolab@2 a version, ecolab@draft."""

import re

DRAFT = "draft"
_PACK = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]{0,63}")


def can_be_pack(name: str) -> bool:
    """Tell whether a text can be the id of a pack at all; what cannot is asked of no database."""
    return _PACK.fullmatch(name) is not None


def split_name(name: str) -> tuple[str, str]:
    """Return the pack's id and which of it is meant: a version's number, "draft", or "" for what is in force."""
    pack, _, which = name.partition("@")
    return pack, which
