"""A case that cannot be looked after: it holds up no other, is logged once, and is tried again later."""

from datetime import timedelta

import pytest

from agentconsole.services.sweep import TRIED_AGAIN_AFTER
from agentconsole.storage.events import verify
from agentconsole.storage.tables.brand import Brand
from agentconsole.storage.transaction import Tx
from tests.desk_bench import Bench

LOGGED = "could not be looked after"


def _trouble(bench: Bench, number: int) -> None:
    """Put a case under a brand that the desk has not read yet, so that no pack is found for it."""

    def work(tx: Tx) -> None:
        tx.session.add(Brand(id="late", name="Late", pack_id="ecolab"))
        tx.rows("UPDATE ticket SET brand_id = 'late' WHERE id = :number", number=number)

    bench.write(work)


@pytest.fixture
def troubled(bench: Bench) -> Bench:
    """Have three cases, whose notices are due after twelve hours, and the one in the middle cannot be looked after."""
    for name in ("rosa", "ana", "lea"):
        bench.ticket(f"{name}@example.org")
    _trouble(bench, 2)
    return bench


def _noticed(bench: Bench) -> list[int | None]:
    return [event.ticket for event in bench.events("clock.acted")]


def test_a_case_that_cannot_be_looked_after_holds_up_no_other(troubled: Bench) -> None:
    before = troubled.row(2)

    troubled.move(hours=12)

    assert _noticed(troubled) == [1, 3]
    assert troubled.row(2).version == before.version
    assert troubled.row(1).until != troubled.row(2).until == troubled.clock.now() + TRIED_AGAIN_AFTER
    assert troubled.committed[-1].tickets == {1, 3}
    assert troubled.read(lambda session: verify(session, troubled.desk.context.audit_key)).fault == ""


def test_it_is_logged_once_while_it_lasts(troubled: Bench, caplog: pytest.LogCaptureFixture) -> None:
    troubled.move(hours=12)
    for _ in range(3):
        troubled.move(seconds=TRIED_AGAIN_AFTER.total_seconds())

    assert [LOGGED in record.getMessage() for record in caplog.records].count(True) == 1


def test_it_is_tried_again_later_and_then_logged_anew(troubled: Bench, caplog: pytest.LogCaptureFixture) -> None:
    troubled.move(hours=12)
    troubled.desk.reread_packs()
    troubled.clock.move(TRIED_AGAIN_AFTER - timedelta(seconds=1))
    troubled.sweep()
    too_early = _noticed(troubled)

    troubled.move(seconds=1)
    troubled.write(lambda tx: tx.rows("UPDATE ticket SET until = 0 WHERE id = 2"))
    troubled.desk.context.shelf._brands.pop("late")
    troubled.sweep()

    assert (too_early, _noticed(troubled)) == ([1, 3], [1, 3, 2])
    assert [LOGGED in record.getMessage() for record in caplog.records].count(True) == 2
