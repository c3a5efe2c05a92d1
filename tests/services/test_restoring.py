"""A desk that comes back from an old backup: spent codes stay spent, and no mail leaves twice (PROMISES 6, 16)."""

from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest

from agentconsole.security.recovery import recovery_digest
from agentconsole.services import signin
from agentconsole.services.restoring import Settled, settle_restored
from agentconsole.services.signin import Failed, SignedInSession
from agentconsole.storage.backup import examine, take_snapshot
from agentconsole.storage.tables.outbox import Outbox
from agentconsole.storage.tables.recovery_code import RecoveryCode
from agentconsole.wire import commands
from tests.desk_bench import Bench, code, open_bench


@pytest.fixture
def bench(tmp_path: Path) -> Iterator[Bench]:
    """Open a desk on a Monday morning."""
    with open_bench(tmp_path) as opened:
        yield opened


def _settled(bench: Bench) -> Settled:
    copy = bench.desk.paths.home.parent / "copy.sqlite3"
    take_snapshot(bench.desk.paths.database, copy)
    manifest = examine(copy, bench.desk.context.audit_key)
    return bench.desk.writer.run(bench.actor("ana"), lambda tx: settle_restored(tx, manifest), behind=True)


def _sign_in(bench: Bench, typed: str, *, recovery: bool = False) -> SignedInSession | object:
    return bench.write(
        lambda tx: signin.complete(tx, bench.desk.context, "ana", password_right=True, code=typed, recovery=recovery)
    )


def test_a2_a_code_that_was_spent_after_the_backup_does_not_work_again(bench: Bench) -> None:
    """The backup knows nothing of the sign-in with this code; the restore burns every step up to now."""
    spent = code(bench.clock.now())

    _settled(bench)
    again = _sign_in(bench, spent)
    bench.clock.move(timedelta(seconds=30))
    fresh = _sign_in(bench, code(bench.clock.now()))

    assert isinstance(again, Failed)
    assert isinstance(fresh, SignedInSession)


@pytest.mark.parametrize("back", [30, 60, 600, 3570])
def test_a2_nor_does_it_when_the_clock_is_set_back_after_the_restore(bench: Bench, back: int) -> None:
    spent = code(bench.clock.now() - timedelta(seconds=back))

    _settled(bench)
    bench.clock.move(-timedelta(seconds=back))
    outcome = bench.desk.writer.run(
        bench.actor("ana"),
        lambda tx: signin.complete(tx, bench.desk.context, "ana", password_right=True, code=spent, recovery=False),
        behind=True,
    )

    assert isinstance(outcome, Failed)


def test_recovery_codes_are_spent_for_nobody_knows_which_were(bench: Bench) -> None:
    digest = recovery_digest("AAAA-BBBB-CCCC-DDDD", bench.desk.context.recovery_pepper)
    user = bench.actor("ana").user_id or 0
    bench.write(lambda tx: tx.session.add(RecoveryCode(digest=digest, user_id=user)))

    settled = _settled(bench)

    assert settled.recovery_codes == 1
    assert isinstance(_sign_in(bench, "AAAA-BBBB-CCCC-DDDD", recovery=True), Failed)


def test_mail_that_waited_in_the_backup_is_never_sent_by_itself(bench: Bench) -> None:
    number = bench.ticket()
    bench.do("ana", commands.Reply(number, 99, "Dear Rosa"))

    settled = _settled(bench)
    bench.move(hours=2)

    assert settled.mails == 1
    assert bench.deliver() == []
    mail = bench.read(lambda session: session.get_one(Outbox, 1))
    assert (mail.state, mail.trouble.startswith("the desk was restored from a backup")) == ("unknown", True)


def test_the_restore_is_a_fact_of_the_log_and_ends_sessions(bench: Bench) -> None:
    bench.clock.move(timedelta(seconds=30))
    session = _sign_in(bench, code(bench.clock.now()))
    assert isinstance(session, SignedInSession)
    before = bench.scalar("SELECT max(seq) FROM event")

    _settled(bench)

    (event,) = bench.events("desk.restored")
    assert f'"events":{before}' in event.body
    assert bench.scalar("SELECT count(*) FROM session WHERE ended_at IS NULL") == 0
