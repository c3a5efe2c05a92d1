"""The benches in their short form: each still runs and measures what it says; the figures themselves are not judged."""

import json
import subprocess
import sys
from pathlib import Path

import pytest

from tests.bench.table import PREFIX, Figure, as_rows, as_table, benches, figure_of
from tests.house.source import ROOT


@pytest.mark.timeout(300)
@pytest.mark.parametrize("name", benches())
def test_a_bench_measures_with_one_run(name: str) -> None:
    figures = [figure_of(row) for row in benches()[name](1)]

    assert figures
    assert all(figure.ours >= 0 for figure in figures)
    assert all((figure.yardstick is None) == (figure.ratio is None) for figure in figures)
    assert len({(figure.figure, figure.what) for figure in figures}) == len(figures)


def test_every_bench_of_the_folder_is_found() -> None:
    files = {path.stem for path in Path(__file__).parent.glob(f"{PREFIX}*.py")}

    assert set(benches()) == files


@pytest.mark.parametrize(
    ("ours", "ratio", "budget", "met"),
    [
        pytest.param(3.0, 0.5, 0.5, True, id="at the budget"),
        pytest.param(3.0, 0.51, 0.5, False, id="over the budget"),
        pytest.param(3.0, None, 2.0, False, id="without a yardstick ours counts"),
        pytest.param(3.0, 9.0, None, None, id="nothing promised"),
    ],
)
def test_a_figure_is_met_within_its_budget(
    ours: float, ratio: float | None, budget: float | None, met: bool | None
) -> None:
    figure = Figure("G1", "something", ours, ours if ratio else None, ratio, budget)

    assert figure.met is met


def test_a_row_with_a_strange_column_is_refused() -> None:
    with pytest.raises(ValueError, match="seconds"):
        figure_of({"figure": "G1", "what": "something", "ours": 1.0, "seconds": 1.0})


def test_a_row_that_measured_nothing_is_refused() -> None:
    with pytest.raises(ValueError, match="measured nothing"):
        figure_of({"figure": "G1", "what": "something", "ours": None})


def test_the_table_says_loudly_what_is_missed() -> None:
    table = as_table([Figure("G1", "paint", 3.0, 2.0, 1.5, 1.0), Figure("G20", "add", 1.0, None, None, None)])

    assert table.splitlines() == [
        "figure  what   ours  yardstick  ratio  budget  met",
        "G1      paint     3          2    1.5       1   NO",
        "G20     add       1          -      -       -    -",
    ]


def test_rows_say_whether_they_are_met() -> None:
    assert as_rows([Figure("G1", "paint", 3.0, 2.0, 1.5, 1.0)])[0]["met"] is False


@pytest.mark.timeout(300)
def test_the_one_command_prints_rows_for_programs() -> None:
    command = [sys.executable, "-m", "tests.bench", "calendar", "--runs", "1", "--json"]

    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)

    assert {row["figure"] for row in json.loads(done.stdout)} == {"G20"}
