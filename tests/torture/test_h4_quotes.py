"""PROMISES 12, H4: splitting a quotation off takes time in proportion to the mail, whatever the mail is made of."""

import gc
import time
from collections.abc import Callable
from itertools import pairwise

import pytest

from agentconsole.domain.replies import split_quoted

GENERATORS = [
    *("On ", "On a ", "On Mon, Bob\n", "\n", "> ", ">\n", ">" * 40 + "\n", "a wrote:\n", "a 2026 wrote:\n", "-", "- "),
    *("-----\n", "From: x\n", "From: x\nTo: y\n", "x\n> y\n", "> x\ny 2026 wrote:\n", ":", "x:\n", "<", "schrieb am "),
    *("a\n", "To: x\nFrom: y\n", "\t\n", " \n", "On 1 May 2026 a <a@b> wrote:\n\n", "@", "@:\n", "<a@b>:\n", "_____\n"),
    *(
        "写道：\n",
        "Von: x\nAn: y\n",
        "-----Original \n",
        "----- \n",
        "=*=*=*\n",
        "1",
        "2026\n",
        "wrote: wrote: ",
        "* \n",
    ),
    *("On\n", "Am 1.1.2026 schrieb\n", "é\n", "\u3000\n", "> > > \n", "\u2028", "-- \n", "a b c d e f g h i j k l m\n"),
    *("From:\n\n", "From: a\nx\n", "x" * 399 + "\n", "x" * 401 + ":\n", "wrote:" * 60 + "\n", "(" * 50 + "\n", "|\n"),
]
SLACK = 1.2
"""Linear and a fifth."""
SHORTEST = 0.0005
"""Seconds below which a figure says more about the clock than about the text."""
TRIES = 12
SHORT = (25_000, 100_000)
LONG = (1_000, 10_000, 100_000, 1_000_000)


def _split_lines(text: str) -> None:
    """Look at each line once: what any reader of a text has to do, and as dear as this machine makes it."""
    for line in text.split("\n"):
        line.strip()


def _seconds(work: Callable[[str], object], unit: str, size: int) -> float:
    """Return the processor time that a text of so many bytes takes."""
    text = unit * (size // len(unit.encode()))
    began = time.process_time()
    work(text)
    return time.process_time() - began


def _grows_faster(
    work: Callable[[str], object], unit: str, sizes: tuple[int, ...]
) -> tuple[list[tuple[int, int]], float]:
    """Return where the time grows faster than the text does, and the time of 100 KB.

    A text that no longer fits the cache costs more a line: what looking at each once costs more is allowed. A busy
    machine gets some tries more.
    """
    best = dict.fromkeys(sizes, float("inf"))
    least = dict.fromkeys(sizes, float("inf"))
    for _ in range(TRIES):
        best = {size: min(known, _seconds(work, unit, size)) for size, known in best.items()}
        least = {size: min(known, _seconds(_split_lines, unit, size)) for size, known in least.items()}
        growth = {(a, b): max(b / a, least[b] / max(least[a], SHORTEST / 10)) for a, b in pairwise(sizes)}
        steps = [(a, b) for (a, b), times in growth.items() if best[b] > max(best[a], SHORTEST) * times * SLACK]
        if not steps:
            break
    return steps, best[100_000]


@pytest.mark.parametrize("sizes", [SHORT, pytest.param(LONG, marks=pytest.mark.long)], ids=["to 100 KB", "to 1 MB"])
@pytest.mark.parametrize("unit", GENERATORS, ids=ascii)
def test_h4_time_is_linear_for(unit: str, sizes: tuple[int, ...]) -> None:
    gc.collect()

    steps, of_100_kb = _grows_faster(split_quoted, unit, sizes)

    assert steps == []
    assert of_100_kb <= 0.1


def test_h4_fifty_generators_are_tried() -> None:
    assert len(set(GENERATORS)) >= 50


def test_h4_the_measure_sees_a_splitter_that_looks_at_the_whole_text_for_each_line() -> None:
    """The negative control."""

    def quadratic(text: str) -> None:
        for line in text.split("\n"):
            text.find(f"On {line} wrote:")

    steps, _ = _grows_faster(quadratic, "x" * 40 + "\n", SHORT)

    assert steps == [SHORT]
