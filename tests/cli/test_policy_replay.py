"""A replay over a running desk: what the sweep recorded comes out again, and a stricter policy breaks more."""

from datetime import timedelta
from pathlib import Path

from agentconsole.cli.policy_preview import previewed
from agentconsole.cli.policy_replay import replayed
from agentconsole.cli.policy_source import Named
from agentconsole.config.packs import holiday_sets, load_pack, pack_text
from agentconsole.domain.policy_parse import parse_pack
from agentconsole.storage.reading import read_rows
from tests.server_bench import on_a_loop, scalar, serve, until

LOOSE = Named(load_pack("ecolab"), "as shipped")
STRICT = Named(
    parse_pack(
        pack_text("ecolab").replace('elapsed = "24 h"', 'elapsed = "1 h"'),
        file="strict.toml",
        holiday_sets=holiday_sets(),
        answers={},
    ),
    "stricter",
)
BREACHES = "SELECT count(*) FROM event WHERE kind = 'clock.breached'"


@on_a_loop
async def test_the_breaches_on_record_come_out_and_a_stricter_policy_has_more(tmp_path: Path) -> None:
    async with serve(tmp_path) as served:
        host = await served.caller()
        await served.ticket()
        served.clock.move(timedelta(hours=25))
        await until(lambda: bool(served.desk.reader.run(lambda session: read_rows(session, BREACHES, {})[0][0])))
        await served.ticket("Bo <bo@example.org>", "Another order")
        served.clock.move(timedelta(hours=2))

        same, _ = await replayed(host.client, LOOSE, 30)
        own, _ = await replayed(host.client, LOOSE, 30, own=True)
        strict, _ = await replayed(host.client, STRICT, 30)
        recorded = await scalar(served, BREACHES)

    assert same.total == own.total
    assert (same.total.broken, same.total.replay_broken) == (recorded, recorded)
    assert strict.total.replay_broken > recorded
    assert (strict.tickets, strict.total.broken) == (2, recorded)


@on_a_loop
async def test_a_preview_names_the_open_cases_that_would_change(tmp_path: Path) -> None:
    async with serve(tmp_path) as served:
        host = await served.caller()
        number = await served.ticket()

        (strict,), _ = await previewed(host.client, STRICT)
        (same,), _ = await previewed(host.client, LOOSE)

    assert (strict.ticket, strict.moves[0]) == (number, "target")
    assert same.moves == ()
