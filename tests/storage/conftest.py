"""The desk that tests of this folder are told with."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.desk_bench import Bench, open_bench


@pytest.fixture
def bench(tmp_path: Path, database: str) -> Iterator[Bench]:
    """Open a desk on a Monday morning, in each of the databases that this run is for."""
    with open_bench(tmp_path, database=database) as opened:
        yield opened
