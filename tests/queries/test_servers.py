"""What `status`, `doctor` and the figures say of a desk's servers: who lives, who does what, and who is behind."""

from datetime import timedelta

import pytest

from agentconsole.queries.servers import FAR_BEHIND, examine_servers, read_servers, taken_by_others
from agentconsole.services import leases
from agentconsole.services.leases import Joining
from agentconsole.storage.transaction import Tx
from tests.desk_bench import Bench

ME, OTHER = Joining("me-1", "me", "alpha:/srv/desk"), Joining("other-1", "other", "beta:/srv/desk")


def _join(bench: Bench) -> None:
    for server, name in ((ME, leases.SWEEP), (OTHER, leases.mail_in("ecolab"))):
        bench.write(lambda tx, me=server: leases.join(tx, me, alone=False))  # type: ignore[misc]
        bench.write(lambda tx, me=server, job=name: leases.hold(tx, job, me.id))  # type: ignore[misc]


def _found(bench: Bench, *, hears: bool = True) -> list[tuple[str, str]]:
    findings = bench.read(lambda session: examine_servers(session, ME.id, bench.clock.now(), hears=hears))
    return [(found.level, found.sentence.line(400)) for found in findings]


def test_each_server_is_named_with_what_it_does(bench: Bench) -> None:
    _join(bench)

    assert _found(bench) == [
        ("ok", "alpha:/srv/desk (this one): 0 signed in, does sweep."),
        ("ok", "beta:/srv/desk: 0 signed in, does mail in ecolab."),
    ]
    assert bench.read(lambda session: taken_by_others(session, ME.id)) == {leases.mail_in("ecolab")}


def _silence(bench: Bench) -> None:
    bench.clock.move(timedelta(seconds=25))


def _leave_behind(bench: Bench) -> None:
    row = f"INSERT INTO feed (number, server, at, body) VALUES ({FAR_BEHIND + 1}, 'x', 0, '{{}}')"
    bench.write(lambda tx: tx.rows(row))
    bench.write(lambda tx: leases.beat(tx, OTHER, FAR_BEHIND + 1, {}))


def _free(bench: Bench) -> None:
    def leave(tx: Tx) -> None:
        tx.rows("UPDATE lease SET holder = '' WHERE name = 'sweep'")

    bench.write(leave)


@pytest.mark.parametrize(
    ("trouble", "hears", "level", "said"),
    [
        (_silence, True, "bad", "beta:/srv/desk: 0 signed in, does mail in ecolab. It has said nothing for 25 s"),
        (_leave_behind, True, "warn", f"It has not read {FAR_BEHIND + 1} changes of the others yet"),
        (_free, True, "warn", "No server does sweep"),
        (lambda _: None, False, "warn", "does not hear the others at once"),
    ],
    ids=["silent", "behind", "nobody's job", "deaf"],
)
def test_what_is_wrong_with_a_server_is_found(
    bench: Bench, trouble: object, hears: bool, level: str, said: str
) -> None:
    _join(bench)
    assert callable(trouble)

    trouble(bench)

    assert [(found, said in sentence) for found, sentence in _found(bench, hears=hears) if found != "ok"] == [
        (level, True)
    ]


def test_one_s_own_server_is_never_silent(bench: Bench) -> None:
    _join(bench)
    bench.clock.move(timedelta(days=1))

    rows = bench.read(lambda session: read_servers(session, ME.id, bench.clock.now()))

    assert [(row.me, row.silent) for row in rows] == [(True, 0.0), (False, 86_400.0)]
