"""The password that somebody else gave: typed once, and replaced by one's own at the first sign-in."""

from datetime import timedelta
from pathlib import Path

from agentconsole.wire import commands
from tests.desk_bench import PASSWORD
from tests.server.test_signing import _enrol, _refused
from tests.server_bench import on_a_loop, serve


@on_a_loop
async def test_the_one_time_password_is_asked_once(tmp_path: Path) -> None:
    async with serve(tmp_path) as served:
        caller = await served.caller()
        secret, _ = await _enrol(served, caller)
        same = await _refused(caller, commands.ChangePassword("", secret))
        short = await _refused(caller, commands.ChangePassword("", "short"))
        await caller.ask(commands.ChangePassword("", PASSWORD))
        again = await _refused(caller, commands.ChangePassword("", "another quiet horse"))
        await caller.ask(commands.SignOut())
        served.clock.move(timedelta(minutes=5))
        old = await _refused(caller, commands.SignIn("new", secret, "000000"))

    assert same.sentence == "Not changed: the new password is the old one."
    assert "at least 8" in short.sentence
    assert again.sentence == "Not changed: the old password is wrong."
    assert old.code == "sign-in"


@on_a_loop
async def test_a_session_that_owes_no_password_cannot_change_it_without_the_old_one(tmp_path: Path) -> None:
    async with serve(tmp_path) as served:
        refused = await _refused(await served.sign_in("ana"), commands.ChangePassword("", "another quiet horse"))

    assert refused.sentence == "Not changed: the old password is wrong."
