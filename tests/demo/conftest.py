"""The filled demo desk that tests look at; it is filled once a worker, for none of them changes it."""

from collections.abc import Iterator

import pytest

from agentconsole.server.desk import OpenDesk
from tests.demo.scratch import filled_desk


@pytest.fixture(scope="session")
def day(tmp_path_factory: pytest.TempPathFactory) -> Iterator[OpenDesk]:
    """Fill a demo desk; for looking only."""
    with filled_desk(tmp_path_factory.mktemp("day", numbered=True) / "home") as desk:
        yield desk
