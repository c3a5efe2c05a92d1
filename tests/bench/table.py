"""Find the benches, run them, and set their figures as one table."""

import importlib
import pkgutil
from collections.abc import Callable, Iterator, Sequence
from dataclasses import asdict, dataclass
from typing import cast

import tests.bench

PREFIX = "bench_"
HEADINGS = ("figure", "what", "ours", "yardstick", "ratio", "budget", "met")


@dataclass(frozen=True, slots=True)
class Figure:
    """Hold one figure: `ratio` is ours over the yardstick of the same run, and the budget is its most.

    Without a yardstick the budget is the most of `ours`; without a budget nothing is promised.
    """

    figure: str
    what: str
    ours: float
    yardstick: float | None
    ratio: float | None
    budget: float | None

    @property
    def met(self) -> bool | None:
        """Tell whether the figure is within its budget, None where none is promised."""
        if self.budget is None:
            return None
        return (self.ours if self.ratio is None else self.ratio) <= self.budget


def benches() -> dict[str, Callable[..., list[dict[str, object]]]]:
    """Return the `measure(runs)` of every bench by the name of its file."""
    found = sorted(module.name for module in pkgutil.iter_modules(tests.bench.__path__))
    names = [name for name in found if name.startswith(PREFIX)]
    return {name: importlib.import_module(f"tests.bench.{name}").measure for name in names}


def measured(only: Sequence[str] = (), runs: int | None = None) -> Iterator[Figure]:
    """Run the benches whose name contains one of `only` (all, where it is empty) and yield their figures."""
    for name, measure in benches().items():
        if only and not any(part in name for part in only):
            continue
        rows = measure() if runs is None else measure(runs)
        yield from (figure_of(row) for row in rows)


def figure_of(row: dict[str, object]) -> Figure:
    """Read a bench's row; a missing or strange column is a mistake of the bench."""
    if row.keys() - set(HEADINGS) - {"met"}:
        raise ValueError(f"a bench has columns that are not in the table: {sorted(row.keys() - set(HEADINGS))}")
    numbers = {key: row.get(key) for key in ("ours", "yardstick", "ratio", "budget")}
    if not isinstance(numbers["ours"], int | float):
        raise ValueError(f"a bench measured nothing: {row}")
    return Figure(str(row["figure"]), str(row["what"]), **cast("dict[str, float]", numbers))


def as_rows(figures: Sequence[Figure]) -> list[dict[str, object]]:
    """Return the figures as plain rows, with whether each is met."""
    return [{**asdict(figure), "met": figure.met} for figure in figures]


def as_table(figures: Sequence[Figure]) -> str:
    """Return the figures as an aligned table."""
    cells = [HEADINGS, *(_cells(figure) for figure in figures)]
    widths = [max(len(row[column]) for row in cells) for column in range(len(HEADINGS))]
    return "\n".join(
        "  ".join(
            text.ljust(width) if column < 2 else text.rjust(width)
            for column, (text, width) in enumerate(zip(row, widths, strict=True))
        ).rstrip()
        for row in cells
    )


def _cells(figure: Figure) -> tuple[str, ...]:
    met = {True: "yes", False: "NO", None: "-"}[figure.met]
    numbers = (figure.ours, figure.yardstick, figure.ratio, figure.budget)
    return (figure.figure, figure.what, *("-" if number is None else f"{number:.3g}" for number in numbers), met)
