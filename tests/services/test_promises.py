"""A date promised to a customer: the zone it was said in goes with it, whatever the pack's zone is."""

import json
from datetime import timedelta

from agentconsole.wire import commands as wire
from tests.desk_bench import MONDAY, Bench


def test_a_promise_is_explained_in_the_zone_of_the_desk_that_made_it(bench: Bench) -> None:
    number = bench.ticket()

    bench.do("ana", wire.Wait(number, 10_000, MONDAY + timedelta(days=1)))

    (promised,) = bench.events("ticket.promised")
    assert json.loads(promised.body)["zone"] == "Europe/London"
    assert bench.clocks(number)["promise"].zone == "Europe/London"
