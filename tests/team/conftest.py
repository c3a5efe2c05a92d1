"""The host that tests of this folder install a team's desk on."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.team.host import Host, scratch_host

ANSWERS = """
name = "Acme care"
zone = "Europe/London"

[[brands]]
id = "acme"
name = "Acme Ltd"
pack = "ecomstore"

[blanks.ecomstore]
business_hours = "Mon-Fri 08:30-18:00"

[[users]]
login = "ada"
name = "Ada Min"
role = "admin"

[[users]]
login = "ana"
name = "Ana Example"
unix = "61001"

[[users]]
login = "sam"
name = "Sam Example"
role = "supervisor"
unix = "any"
"""


@pytest.fixture(name="host", scope="module")
def _host() -> Iterator[Host]:
    """Return a host on which three accounts are in the agents' group."""
    with scratch_host() as host:
        host.members |= {"ana", "bo", "cy"}
        yield host


@pytest.fixture(name="answers", scope="module")
def _answers(host: Host) -> Path:
    """Return a file of answers."""
    path = host.root / "answers.toml"
    path.write_text(ANSWERS, encoding="utf-8")
    return path
