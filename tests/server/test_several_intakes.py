"""What one server kept and did not file: another files it, and not while the first may be at it."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from agentconsole.server.desk import OpenDesk
from agentconsole.server.intake import CUSTOMER, Intake
from agentconsole.services import intake, leases
from agentconsole.storage.transaction import DESK
from tests.desk_bench import parser, raw_mail
from tests.server.several import join, two_desks

RAW = raw_mail("rosa@example.org", "Where is it?", "It has not come.")


@pytest.fixture(name="pair")
def _pair(tmp_path: Path) -> Iterator[tuple[OpenDesk, OpenDesk]]:
    with two_desks(tmp_path) as both:
        for desk in both:
            join(desk)
        yield both


def _keep(desk: OpenDesk) -> None:
    """Keep a message and come no further."""
    sha256 = desk.context.store.put(RAW)
    desk.writer.run(CUSTOMER, lambda tx: intake.keep(tx, source="x", sha256=sha256, brand="ecolab", received_at=tx.now))


def test_what_another_server_kept_is_filed_when_it_still_waits_at_the_next_look(
    pair: tuple[OpenDesk, OpenDesk],
) -> None:
    one, two = pair
    _keep(one)
    other = Intake(two, parser())

    first, second, third = other.finish_waiting(), other.finish_waiting(), other.finish_waiting()

    assert (first, second, third) == (0, 1, 0)
    assert two.reader.run(lambda session: session.connection().exec_driver_sql("SELECT subject FROM ticket").all()) == [
        ("Where is it?",)
    ]


def test_only_the_server_that_sweeps_looks_for_what_waits(pair: tuple[OpenDesk, OpenDesk]) -> None:
    one, two = pair
    one.writer.run(DESK, lambda tx: leases.hold(tx, leases.SWEEP, one.holder))
    _keep(one)
    other = Intake(two, parser())

    assert [other.finish_waiting() for _ in range(3)] == [0, 0, 0]
