"""Finding and loading the policy packs and holiday sets that ship with the program."""

import tomllib
from collections.abc import Mapping
from datetime import date
from difflib import get_close_matches
from pathlib import Path

from agentconsole.config.paths_data import data_dir
from agentconsole.domain.calendar_read import read_holidays
from agentconsole.domain.errors import Refused
from agentconsole.domain.policy import Pack
from agentconsole.domain.policy_parse import parse_pack


def shipped_packs() -> tuple[str, ...]:
    """Return the ids of the shipped packs in alphabetical order."""
    return tuple(sorted(path.stem for path in (data_dir() / "policies").glob("*.toml")))


def load_pack(id: str, *, answers: Mapping[str, str] | None = None) -> Pack:
    """Load a shipped pack with the desk's answers to its blanks and settings; refuse an id that is not shipped."""
    path = _shipped(id)
    return parse_pack(_read(path), file=path.name, holiday_sets=holiday_sets(), answers=answers or {})


def pack_text(id: str) -> str:
    """Return the TOML text of a shipped pack, for a desk to keep; refuse an id that is not shipped."""
    return _read(_shipped(id))


def holiday_sets() -> dict[str, dict[date, str]]:
    """Return the shipped holiday sets by name, each from date to the name of the day."""
    return read_holidays({path.name: _table(path) for path in sorted((data_dir() / "calendars").glob("*.toml"))})


def _shipped(id: str) -> Path:
    known = shipped_packs()
    if id not in known:
        close = get_close_matches(id[:64], known, n=1)
        hint = f"; did you mean {close[0]}?" if close else "."
        raise Refused(f"There is no policy pack of that name{hint} Allowed: {', '.join(known)}.")
    return data_dir() / "policies" / f"{id}.toml"


def _table(path: Path) -> dict[str, object]:
    try:
        return tomllib.loads(_read(path))
    except ValueError as error:
        raise Refused(f"{path.name} is no TOML: {error}.") from error


def _read(path: Path) -> str:
    try:
        return path.read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError) as error:
        raise Refused(f"{path} cannot be read: {error}.") from error
