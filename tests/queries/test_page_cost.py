"""What a page of the list costs: no more among very many tickets than among many (PROMISES G12)."""

from functools import partial
from pathlib import Path

import pytest
from sqlmodel import Session

from agentconsole.queries.queue import read_queue
from tests.desk_bench import Bench, open_bench
from tests.queries.many_tickets import fill


def _steps(bench: Bench, view: str) -> int:
    """Return how many twenties of instructions SQLite carries out for a page with its counts."""
    taken = 0

    def twenty() -> int:
        nonlocal taken
        taken += 1
        return 0

    def read(session: Session) -> None:
        link = session.connection().connection.dbapi_connection
        link.set_progress_handler(twenty, 20)  # type: ignore[union-attr]
        read_queue(session, view=view, text="", me=1, login="ana", now=bench.clock.now(), zone=bench.desk.zone)
        link.set_progress_handler(None, 0)  # type: ignore[union-attr]

    bench.read(read)
    return taken


@pytest.mark.parametrize("view", ["mine", "team", "unassigned"])
def test_a_page_of_very_many_costs_no_more_than_one_of_many(tmp_path: Path, view: str) -> None:
    """G12: the badges, too, are read from counters, or from a few rows that an index has side by side."""
    taken = []
    for number, many in enumerate((2_000, 20_000)):
        with open_bench(tmp_path / str(number)) as bench:
            bench.write(partial(fill, count=many))
            taken.append(_steps(bench, view))

    assert taken[1] < 1.5 * taken[0]
