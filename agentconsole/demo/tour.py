"""The guided tour of the demo: what to try next, and how to know that it was tried."""

import tomllib
from dataclasses import dataclass

from agentconsole.config.paths_data import data_dir
from agentconsole.domain.terms import Role


@dataclass(frozen=True, slots=True)
class TourStep:
    """Ask for one thing: `lines` explain it, `brief` is for one line; any of `done` ends it.

    `done` are words of the console: `action:ID`, `mode:NAME`, `command:NAME`.
    """

    lines: tuple[str, ...]
    brief: str
    done: tuple[str, ...]


def load_tour(role: str = Role.AGENT, *, speed: float = 10.0, keep: bool = False) -> tuple[TourStep, ...]:
    """Read a role's steps of `data/demo/tour.toml` in their order, in the words for how this demo runs and ends."""
    tables = tomllib.loads((data_dir() / "demo" / "tour.toml").read_text(encoding="utf-8"))
    words = tables["words"]
    said = {
        "clocks": words["clocks"][_pace(speed)],
        "end": words["end"]["kept" if keep else "gone"],
        "customers": words["customers"]["write" if speed > 0 else "rest"],
    }
    return tuple(
        TourStep(tuple(line.format(**said) for line in row["lines"]), row["brief"], tuple(row["done"]))
        for row in tables[role]
    )


def _pace(speed: float) -> str:
    if speed == 0:
        return "still"
    return "even" if speed == 1 else "fast" if speed > 1 else "slow"
