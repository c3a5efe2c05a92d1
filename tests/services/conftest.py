"""The desk that tests of this folder are told with."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.desk_bench import Bench, open_bench


@pytest.fixture
def bench(tmp_path: Path) -> Iterator[Bench]:
    """Open a desk on a Monday morning."""
    with open_bench(tmp_path) as opened:
        yield opened
