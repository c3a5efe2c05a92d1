"""Asking for a passphrase: on the terminal, twice where it is a new one, or from a file."""

import getpass
import sys
from pathlib import Path

from agentconsole.domain.errors import Refused
from agentconsole.security.escrow import check_passphrase

_LONGEST = 1000


def new_passphrase(file: str | None) -> str:
    """Return a passphrase that is to seal something; refuses a short one."""
    if file:
        return check_passphrase(_in_file(file))
    words = check_passphrase(_asked("Passphrase (12 characters or more): "))
    if _asked("The same again: ") != words:
        raise Refused("The two differ: nothing was done.")
    return words


def known_passphrase(file: str | None) -> str:
    """Return the passphrase that something was sealed by."""
    return _in_file(file) if file else _asked("Passphrase: ")


def _asked(question: str) -> str:
    if not sys.stdin.isatty():
        raise Refused("A passphrase is asked on a terminal: run this on one, or name a --passphrase-file.")
    return getpass.getpass(question)


def _in_file(file: str) -> str:
    with Path(file).open(encoding="utf-8") as opened:
        words = opened.readline(_LONGEST).rstrip("\n")
    if not words:
        raise Refused(f"There is no passphrase in the first line of {file}.")
    return words
