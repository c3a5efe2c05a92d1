"""A database that is out of reach: every console hears of it, also one that comes meanwhile, and that it is back."""

from pathlib import Path

from agentconsole.wire.frames import Reaching
from tests.server_bench import on_a_loop, serve, until


@on_a_loop
async def test_every_connection_hears_that_the_database_is_out_of_reach_and_back(tmp_path: Path) -> None:
    async with serve(tmp_path) as served:
        ana, host = await served.sign_in("ana"), await served.caller()

        served.server.sessions.reaching(away=True)
        await ana.hears(Reaching)
        late = await served.caller()
        await late.hears(Reaching)
        served.server.sessions.reaching(away=False)
        after = await served.caller()
        everybody = (ana, host, late)
        await until(lambda: all(Reaching(back=True) in caller.told for caller in everybody))

    assert [[one for one in caller.told if isinstance(one, Reaching)] for caller in everybody] == [
        [Reaching(), Reaching(back=True)]
    ] * 3
    assert Reaching() not in after.told
