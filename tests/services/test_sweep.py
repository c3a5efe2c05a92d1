"""What happens by itself: notices, breaches and the order of the list, each by the sweep alone and once."""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from agentconsole.services import sweep
from agentconsole.services.projection import clocks_of, place
from agentconsole.wire import commands as wire
from tests.desk_bench import SHOP, Bench, open_bench

NOW = 10_000


def _notices(bench: Bench) -> list[str]:
    return [mail.to[0].email for mail in bench.deliver() if mail.automatic]


def test_a_notice_goes_out_after_twelve_hours_without_an_answer_and_never_twice(bench: Bench) -> None:
    """Ecolab 2.6 (000-25)."""
    bench.ticket()
    bench.move(hours=11, minutes=59, seconds=59)
    early = _notices(bench)

    bench.move(seconds=1)
    at_twelve = _notices(bench)
    for _ in range(30):
        bench.move(hours=1)
    later = _notices(bench)

    assert (early, at_twelve, later) == ([], ["rosa@example.org"], [])
    assert len(bench.events("clock.acted")) == 1


def test_a_notice_is_no_answer(bench: Bench) -> None:
    bench.ticket()
    bench.move(hours=12)
    _notices(bench)

    clock = bench.clocks(1)["email-first"]

    assert (clock.is_running, clock.met_at) == (True, None)
    assert bench.row(1).status == "new"


@pytest.mark.parametrize(
    "before",
    [
        pytest.param((wire.Reply(1, NOW, "Dear Rosa"),), id="answered"),
        pytest.param((wire.Resolve(1, NOW),), id="resolved"),
    ],
)
def test_no_notice_goes_out_where_somebody_acted_before(bench: Bench, before: tuple[wire.AnyCommand, ...]) -> None:
    bench.ticket()
    for command in before:
        bench.do("ana", command)
    bench.deliver()

    bench.move(hours=13)

    assert _notices(bench) == []


@pytest.mark.parametrize(
    ("from_", "headers", "reason"),
    [
        ("Rosa <rosa@example.org>", {"auto_submitted": "auto-replied"}, "A machine wrote this mail."),
        ("Rosa <rosa@example.org>", {"precedence": "bulk"}, "A machine wrote this mail."),
        ("noreply@example.org", {}, "Nobody reads the sender's address."),
        ("nobody", {}, "The mail has no sender to answer."),
    ],
    ids=["auto reply", "bulk", "noreply", "no sender"],
)
def test_no_notice_goes_to_a_machine(bench: Bench, from_: str, headers: dict[str, str], reason: str) -> None:
    """PROMISES 15."""
    bench.mail(from_, "Hello", "text", **headers)

    bench.move(hours=13)

    assert _notices(bench) == []
    assert [event for event in bench.events("mail.withheld") if reason not in event.body] == []


def test_one_address_has_one_notice_an_hour_however_many_cases_it_opens(bench: Bench) -> None:
    for number in range(5):
        bench.mail("rosa@example.org", f"case {number}", "text", message_id=f"<{number}@x>")

    bench.move(hours=12)

    assert _notices(bench) == ["rosa@example.org"]
    assert len(bench.events("mail.withheld")) == 4


def test_two_desks_that_answer_each_other_stop_after_one_round(tmp_path: Path) -> None:
    (tmp_path / "a").mkdir()
    (tmp_path / "b").mkdir()
    with open_bench(tmp_path / "a") as one, open_bench(tmp_path / "b") as other:
        one.mail("care@other.test", "Hello", "from one desk to another")
        rounds = 0
        for _ in range(10):
            one.move(hours=13)
            other.clock.at = one.clock.at
            other.sweep()
            sent = [raw.replace(b"ecolab@desk.invalid", b"desk@one.test") for raw in _raw(one)]
            back = [raw.replace(b"ecolab@desk.invalid", b"care@other.test") for raw in _raw(other)]
            rounds += len(sent) + len(back)
            for raw in sent:
                other.raw_mail(raw)
            for raw in back:
                one.raw_mail(raw)

    assert rounds == 1


def _raw(bench: Bench) -> list[bytes]:
    before = len(bench.post.raw)
    bench.deliver()
    return bench.post.raw[before:]


def test_a_breach_is_recorded_once_and_stays_when_the_answer_comes(bench: Bench) -> None:
    bench.ticket()
    bench.move(hours=24)
    at_the_minute = len(bench.events("clock.breached"))

    bench.move(seconds=1)
    for _ in range(10):
        bench.move(minutes=30)
    bench.do("ana", wire.Reply(1, NOW, "Sorry", then="resolve"))
    bench.deliver()

    (breach,) = bench.events("clock.breached")
    assert (at_the_minute, breach.actor) == (0, "desk")
    assert bench.clocks(1)["email-first"].breached_at is not None
    assert ("Case 1-3 is LATE: first response",) in [changed.news for changed in bench.committed]


def test_a_desk_that_slept_over_a_deadline_records_the_breach_when_it_wakes(bench: Bench) -> None:
    bench.ticket()

    bench.move(days=3)

    assert len(bench.events("clock.breached")) == 1
    assert bench.events("clock.breached")[0].at == bench.clock.now()


@pytest.fixture
def shop(tmp_path: Path) -> Iterator[Bench]:
    """Open a desk that answers mail within two business hours; it is early on a Monday."""
    with open_bench(tmp_path, brands=(SHOP,), at=datetime(2026, 11, 23, 1, 30, tzinfo=UTC)) as opened:
        yield opened


def test_the_list_follows_the_time_by_the_sweep_alone(shop: Bench) -> None:
    """SHUT until the desk opens, then ok, SOON, DUE, LATE; the row moves without anybody touching the case."""
    shop.ticket()
    clock = shop.clocks(1)["email-first"]
    assert clock.due_at is not None
    assert clock.resumes_at is not None
    seen = []

    for _ in range(80):
        seen.append(shop.page("ana").rows[0].tier)
        shop.move(minutes=15)
        stored, page = shop.row(1), shop.page("ana").rows[0]
        assert stored.until is None or stored.until > shop.clock.now()
        assert page.clock is not None

    assert list(dict.fromkeys(seen)) == ["SHUT", "ok", "SOON", "DUE", "LATE"]
    assert len(shop.events("clock.breached")) == 1


def test_each_row_is_where_a_fresh_look_would_put_it(shop: Bench) -> None:
    numbers = [shop.ticket(f"c{n}@example.org", f"case {n}") for n in range(3)]
    shop.do("ana", wire.Wait(numbers[1], NOW))

    for _ in range(20):
        shop.move(minutes=17)
        for number in numbers:
            row = shop.row(number)
            fresh = place(
                shop.desk.context,
                row,
                shop.read(lambda s, r=row: clocks_of(s, shop.desk.context, r, shop.clock.now())),  # type: ignore[misc]
                shop.clock.now(),
            )
            assert row.tier == fresh.tier.rank


def test_a_sweep_looks_after_more_than_one_batch(bench: Bench) -> None:
    for number in range(sweep.AT_ONCE // 40):
        bench.ticket(f"c{number}@example.org", f"case {number}")
    bench.clock.move(timedelta(hours=25))

    looked_at = bench.write(lambda tx: sweep.sweep(tx, bench.desk.context))

    assert looked_at == sweep.AT_ONCE // 40
    assert bench.write(lambda tx: sweep.sweep(tx, bench.desk.context)) == 0


def test_a_case_is_closed_when_it_has_been_resolved_for_two_weeks(bench: Bench) -> None:
    bench.ticket()
    bench.do("ana", wire.Resolve(1, NOW))

    bench.clock.move(timedelta(days=14))
    early = bench.write(lambda tx: sweep.close_old(tx, timedelta(days=14)))
    bench.clock.move(timedelta(seconds=1))
    late = bench.write(lambda tx: sweep.close_old(tx, timedelta(days=14)))

    assert (early, late, bench.row(1).status) == (0, 1, "closed")


def test_answers_to_requests_are_forgotten_after_a_day(bench: Bench) -> None:
    bench.ticket()
    bench.do("ana", wire.AddNote(1, "Once."), request="r1")
    bench.clock.move(timedelta(days=1, seconds=1))

    bench.write(sweep.forget_requests)

    assert bench.scalar("SELECT count(*) FROM request") == 0


def test_what_fell_due_a_moment_before_somebody_touched_the_case_is_recorded_all_the_same(bench: Bench) -> None:
    number = bench.ticket()
    bench.clock.move(timedelta(days=20))
    bench.do("ana", wire.AddNote(number, "Looking into it."))

    bench.sweep()

    assert bench.events("clock.breached", number) != []
