"""The guided tour of the demo: what to try next, and how to know that it was tried."""

import tomllib
from dataclasses import dataclass

from agentconsole.config.paths_data import data_dir


@dataclass(frozen=True, slots=True)
class TourStep:
    """Ask for one thing: `lines` explain it, `brief` is for one line; any of `done` ends it.

    `done` are words of the console: `action:ID`, `mode:NAME`, `command:NAME`.
    """

    lines: tuple[str, ...]
    brief: str
    done: tuple[str, ...]


def load_tour() -> tuple[TourStep, ...]:
    """Read the steps of `data/demo/tour.toml`, in their order."""
    table = tomllib.loads((data_dir() / "demo" / "tour.toml").read_text(encoding="utf-8"))
    return tuple(TourStep(tuple(row["lines"]), row["brief"], tuple(row["done"])) for row in table["steps"])
