"""PROMISES 17, A3: of however many guesses at a code at most 50 are looked at; a recovery code is good once."""

import sqlite3
from collections import Counter
from datetime import timedelta
from functools import partial
from pathlib import Path

import pytest
import sqlalchemy as sa

from agentconsole.config.clock import SetClock
from agentconsole.domain.lockout import OFF_AT
from agentconsole.security.recovery import new_recovery_codes, recovery_digest
from agentconsole.server.desk import OpenDesk
from agentconsole.services import signin
from agentconsole.services.signin import Failed
from agentconsole.services.users import find_user
from agentconsole.storage.tables.recovery_code import RecoveryCode
from agentconsole.storage.transaction import Actor, Tx
from tests.desk_bench import MONDAY, master, open_bench
from tests.torture.rivals import compete


def _complete(desk: OpenDesk, code: str, *, recovery: bool) -> str:
    """Give the right password and a code; returns "in" or what the refusal is about."""

    def work(tx: Tx) -> str:
        done = signin.complete(tx, desk.context, "ana", password_right=True, code=code, recovery=recovery)
        return done.refusal.code if isinstance(done, Failed) else "in"

    while True:
        try:
            return desk.writer.run(Actor(login="ana"), work)
        except sa.exc.OperationalError as error:
            # Of 32 who write one file, which a desk's one server never is, some wait longer than SQLite lets them.
            if getattr(error.orig, "sqlite_errorcode", None) != sqlite3.SQLITE_BUSY:
                raise


def _guess(times: int, desk: OpenDesk, clock: SetClock, number: int) -> Counter[str]:
    """Guess so often after the longest wait there is: more is let through in no other way."""
    clock.move(timedelta(hours=1, seconds=1))
    return Counter(_complete(desk, f"{number * times + turn:06}", recovery=False) for turn in range(times))


@pytest.mark.timeout(14_400)
@pytest.mark.parametrize(
    ("rivals", "rounds", "times"),
    [(4, 60, 5), pytest.param(32, 125, 250, marks=pytest.mark.long)],
    ids=["1,200", "1,000,000"],
)
def test_a3_of_all_guesses_of_who_has_the_password_fifty_are_looked_at(
    tmp_path: Path, rivals: int, rounds: int, times: int
) -> None:
    with open_bench(tmp_path) as bench:
        turn = partial(_guess, times)
        each = compete(bench.desk.paths.home, master(), MONDAY, turn, rivals=rivals, rounds=rounds)
        switched_off = bench.scalar("SELECT count(*) FROM event WHERE kind = 'user.factor_off'")

    answers = sum((one for turns in each for one in turns), Counter[str]())
    print(dict(answers))
    assert answers.total() == rivals * rounds * times
    assert set(answers) == {"sign-in", "wait", "disabled"}
    assert answers["sign-in"] == OFF_AT
    assert switched_off == 1


def _recover(codes: tuple[str, ...], desk: OpenDesk, _clock: SetClock, number: int) -> str:
    return _complete(desk, codes[number], recovery=True)


def _give(tx: Tx, desk: OpenDesk, codes: tuple[str, ...]) -> None:
    ana = find_user(tx, "ana")
    for code in codes:
        tx.session.add(RecoveryCode(digest=recovery_digest(code, desk.context.recovery_pepper), user_id=ana.id or 0))


@pytest.mark.timeout(3600)
@pytest.mark.parametrize("races", [20, pytest.param(1_000, marks=pytest.mark.long)])
def test_a3_a_recovery_code_lets_in_one_of_eight_who_type_it_at_once(tmp_path: Path, database: str, races: int) -> None:
    codes = new_recovery_codes(races)
    with open_bench(tmp_path, database=database) as bench:
        bench.write(lambda tx: _give(tx, bench.desk, codes))
        turn = partial(_recover, codes)
        answers = compete(bench.desk.paths.home, master(), MONDAY, turn, rivals=8, rounds=races)

    assert [each.count("in") for each in answers] == [1] * races
    assert {answer for each in answers for answer in each} == {"in", "sign-in"}
