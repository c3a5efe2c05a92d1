"""Counters and places are only written down: whatever happens, they say what a fresh computation says."""

import random
from datetime import timedelta
from pathlib import Path

import pytest
import sqlalchemy as sa
from sqlmodel import Session, select

from agentconsole.channels.email.smtp import Delivered, Refusal, Unknown
from agentconsole.domain.errors import Refused
from agentconsole.domain.queue import Tier
from agentconsole.queries.status import examine_rows
from agentconsole.services.projection import refresh_ticket
from agentconsole.storage.events import verify
from agentconsole.storage.tables.ticket import Ticket
from agentconsole.storage.transaction import Tx
from agentconsole.wire import commands as wire
from tests.desk_bench import ECOLAB, SHOP, Bench, open_bench

PEOPLE = ("ana", "bo", "sam")
PROJECTED = (
    "live",
    "tier",
    "sort_key",
    "until",
    "starving",
    "next_verb",
    "due_at",
    "waited_text",
    "counted_owner",
    "counted_tier",
)


def _command(chance: random.Random, tickets: int) -> wire.AnyCommand:
    number, seen = chance.randint(1, tickets), chance.choice((1, 5, 10_000, 10_000, 10_000))
    return chance.choice(
        (
            lambda: wire.Take(number, seen),
            lambda: wire.GiveBack(number, seen),
            lambda: wire.TakeNext(),
            lambda: wire.Assign(number, seen, chance.choice(PEOPLE)),
            lambda: wire.Reply(number, seen, "Dear", chance.choice(("open", "resolve", "wait", "escalate"))),
            lambda: wire.AddNote(number, "note"),
            lambda: wire.Wait(number, seen),
            lambda: wire.Resolve(number, seen),
            lambda: wire.Reopen(number, seen),
            lambda: wire.Escalate(number, seen, "help"),
            lambda: wire.SetPriority(number, seen, chance.choice(("low", "normal", "high", "urgent"))),
            lambda: wire.Tag(number, ("refund",), ("vip",)),
            lambda: wire.Undo(),
            lambda: wire.Redeliver(chance.randint(1, 200), chance.choice(("send", "sent"))),
        )
    )()


def _happening(bench: Bench, chance: random.Random, step: int, tickets: int) -> int:
    """Let something else happen: time, mail out, a customer's mail, a new case; returns how many cases there are."""
    what = chance.randrange(4)
    if what == 0:
        bench.move(minutes=chance.choice((1, 20, 300, 900)))
    elif what == 1:
        bench.deliver(chance.choice((Delivered("ok"), Delivered("ok"), Unknown("lost"), Refusal(True, "no"))))
    elif what == 2:
        known = bench.scalar("SELECT message_id FROM contact WHERE ticket_id = :n", n=chance.randint(1, tickets))
        bench.mail("c0@example.org", "Re: x", f"again {step}", brand="ecolab", in_reply_to=str(known))
    elif tickets < 25:
        bench.mail(f"c{step % 3}@example.org", f"case {step}", "text", brand=chance.choice(("ecolab", "shop")))
    return int(str(bench.scalar("SELECT count(*) FROM ticket")))


def _walk(bench: Bench, seed: int, steps: int) -> int:
    chance = random.Random(seed)
    tickets, done = 1, 0
    bench.mail("c0@example.org", "case", "text", brand="ecolab", message_id="<0@x>")
    for step in range(steps):
        if step % 4 == 0:
            tickets = _happening(bench, chance, step, tickets)
        try:
            bench.do(chance.choice(PEOPLE), _command(chance, tickets))
            done += 1
        except Refused:
            pass
    return done


def _projection(bench: Bench) -> list[tuple[object, ...]]:
    def read(session: Session) -> list[tuple[object, ...]]:
        rows = session.exec(select(Ticket).order_by("id")).all()
        return [tuple(getattr(row, name) for name in ("id", *PROJECTED) if _holds(row, name)) for row in rows]

    return bench.read(read)


def _holds(row: Ticket, name: str) -> bool:
    """Tell whether a field holds until something happens: what is late is ranked anew every minute, and a case that
    is in no list has no place."""
    return bool(row.live) and (name not in ("sort_key", "until") or row.tier != Tier.LATE.rank)


def _recompute(tx: Tx, bench: Bench) -> None:
    for ticket in tx.session.exec(select(Ticket)).all():
        refresh_ticket(tx, bench.desk.context, ticket)


@pytest.mark.parametrize(
    ("seed", "steps"),
    [(1, 500), *(pytest.param(seed, 2000, marks=[pytest.mark.long, pytest.mark.timeout(900)]) for seed in range(2, 7))],
)
def test_after_a_random_walk_counters_places_and_log_agree(tmp_path: Path, seed: int, steps: int) -> None:
    with open_bench(tmp_path, brands=(ECOLAB, SHOP)) as bench:
        bench.user("bo")

        done = _walk(bench, seed, steps)
        bench.sweep()

        findings = {
            finding.subject: finding.level for finding in bench.read(lambda s: examine_rows(s, bench.clock.now()))
        }
        assert (findings["counters"], findings["database"]) == ("ok", "ok")
        assert bench.read(lambda s: verify(s, bench.desk.context.audit_key)).fault == ""
        assert _live_counted(bench) == _live_rows(bench)
        # Every place is recomputed from the events alone, and must come out as it was written when it last moved.
        before = _projection(bench)
        bench.write(lambda tx: _recompute(tx, bench))
        assert _projection(bench) == before
        assert done > steps // 4


def _live_counted(bench: Bench) -> object:
    return bench.scalar("SELECT coalesce(sum(number), 0) FROM counter")


def _live_rows(bench: Bench) -> object:
    return bench.scalar("SELECT count(*) FROM ticket WHERE live = 1")


def test_versions_of_a_case_form_one_chain(tmp_path: Path) -> None:
    """PROMISES C2: every change of a case carries the next version, without a gap or a fork."""
    with open_bench(tmp_path, brands=(ECOLAB, SHOP)) as bench:
        bench.user("bo")
        _walk(bench, 11, 150)

        for number in range(1, int(str(bench.scalar("SELECT count(*) FROM ticket"))) + 1):
            versions = bench.read(
                lambda s, n=number: list(  # type: ignore[misc]
                    s.execute(
                        sa.text(
                            "SELECT json_extract(body, '$.version') FROM event WHERE ticket = :n"
                            " AND json_extract(body, '$.version') IS NOT NULL ORDER BY seq"
                        ),
                        {"n": n},
                    ).scalars()
                )
            )
            assert versions == list(range(1, bench.row(number).version + 1))


def test_a_counter_that_is_wrong_is_found(bench: Bench) -> None:
    bench.ticket()
    bench.write(lambda tx: tx.session.execute(sa.text("UPDATE counter SET number = number + 1")))

    findings = bench.read(lambda session: examine_rows(session, bench.clock.now()))

    assert [finding.level for finding in findings if finding.subject == "counters"] == ["bad"]


def test_a_place_holds_until_the_instant_it_names(bench: Bench) -> None:
    bench.ticket()
    until = bench.row(1).until
    assert until is not None
    tier = bench.row(1).tier

    bench.clock.at = until - timedelta(microseconds=1)
    bench.write(lambda tx: _recompute(tx, bench))
    just_before = bench.row(1).tier

    assert (just_before, bench.row(1).until) == (tier, until)
