"""Passwords that were hashed by weaker parameters are hashed anew when their owner signs in."""

from pathlib import Path

import argon2
import pytest

from agentconsole.domain.errors import Refused
from agentconsole.security.passwords import verify_password
from agentconsole.services import users
from agentconsole.storage.transaction import DESK
from agentconsole.wire.commands import SignIn
from tests.desk_bench import PASSWORD, code
from tests.server_bench import Served, on_a_loop, scalar, serve

HASH = "SELECT password_hash FROM user WHERE login = 'ana'"


def _sign_in(served: Served, proof: str = "") -> SignIn:
    return SignIn("ana", PASSWORD, proof or code(served.clock.now()))


@on_a_loop
async def test_a_right_password_is_hashed_anew_where_its_hash_is_an_old_one(tmp_path: Path) -> None:
    weak = argon2.PasswordHasher(time_cost=1, memory_cost=8 * 1024, parallelism=1).hash(PASSWORD)
    async with serve(tmp_path) as served:
        strong = await scalar(served, HASH)
        served.desk.writer.run(DESK, lambda tx: users.renew_hash(tx, "ana", strong, weak))
        with pytest.raises(Refused):
            await (await served.caller()).ask(_sign_in(served, proof="000000"))
        kept = await scalar(served, HASH)

        await (await served.caller()).ask(_sign_in(served))

        renewed = await scalar(served, HASH)
        assert kept == weak
        assert argon2.extract_parameters(renewed).memory_cost == 19 * 1024
        assert verify_password(PASSWORD, renewed)


@on_a_loop
async def test_a_password_that_was_changed_meanwhile_is_not_put_back(tmp_path: Path) -> None:
    async with serve(tmp_path) as served:
        before = await scalar(served, HASH)

        served.desk.writer.run(DESK, lambda tx: users.renew_hash(tx, "ana", "the hash of before", "stale"))

        assert await scalar(served, HASH) == before
