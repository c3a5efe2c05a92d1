"""Duties: a round is signed off once, one that nobody signs off is missed once, and absence makes no flood."""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from agentconsole.domain.errors import Denied, Refused
from agentconsole.domain.terms import Role
from agentconsole.queries.duties import read_duties
from agentconsole.services.duties import in_force, look_after_duties
from agentconsole.services.shelf import answer_blanks
from agentconsole.services.timekeeping import accept_clock
from agentconsole.wire.duties import DUTIES, DutyRow, SignOffDuty
from tests.desk_bench import Bench, open_bench

OPENING = datetime(2026, 11, 23, 14, 0, tzinfo=UTC)
CHECK = "ecolab/voicemail-check"
"""Two hours of open time, from the opening at 09:00 in New York, which is 14:00 UTC."""


@pytest.fixture
def bench(tmp_path: Path, database: str) -> Iterator[Bench]:
    """Open a desk at the opening of its Monday, with its duties asked for since an hour before."""
    with open_bench(tmp_path, at=OPENING - timedelta(hours=1), database=database) as opened:
        look(opened)
        opened.clock.move(timedelta(hours=1))
        yield opened


def look(bench: Bench) -> None:
    """Look after the duties, as the server does once a minute."""
    bench.write(lambda tx: look_after_duties(tx, bench.desk.context))


def pass_time(bench: Bench, **span: float) -> None:
    """Let time pass, and look after the duties."""
    bench.clock.move(timedelta(**span))
    look(bench)


def rows(bench: Bench, role: Role = Role.AGENT) -> dict[str, DutyRow]:
    """Read the duties as somebody of a role sees them, by name."""
    now = bench.clock.now()
    found = bench.read(lambda session: read_duties(session, in_force(bench.desk.context, now), role, now))
    return {row.duty: row for row in found}


def missed(bench: Bench) -> list[str]:
    """Return what the log says was missed."""
    return [event.subject for event in bench.events("duty.missed")]


def test_a_round_that_is_asked_for_has_a_clock_until_the_next(bench: Bench) -> None:
    check = rows(bench)[CHECK]

    assert (check.begins, check.mine, check.clause) == (OPENING, True, "ecolab 2.3a")
    assert check.clock is not None
    assert (check.clock.left, check.clock.due_at) == (7200.0, OPENING + timedelta(hours=2))


def test_what_is_due_first_stands_in_front_and_each_role_knows_its_own(bench: Bench) -> None:
    assert list(rows(bench)) == [CHECK, "ecolab/complaint-review", "ecolab/playbook-reread"]
    assert [row.duty for row in rows(bench, Role.MANAGER).values() if row.mine] == ["ecolab/complaint-review"]


def test_a_sign_off_is_an_event_and_asks_again_with_the_next_round(bench: Bench) -> None:
    bench.clock.move(timedelta(minutes=2))

    done = bench.do("ana", SignOffDuty(CHECK, "two calls to return"))

    assert done.said.line() == "Signed off: check the voicemails; it is asked for again from 16:00."
    (event,) = bench.events("duty.done")
    assert (event.actor, event.subject) == ("ana", CHECK)
    assert "two calls" not in event.body
    check = rows(bench)[CHECK]
    assert (check.begins, check.done_by, check.note.line()) == (
        OPENING + timedelta(hours=2),
        "ana",
        "two calls to return",
    )
    assert DUTIES in bench.committed[-1].tickets


def test_the_second_to_sign_off_hears_who_was_first(bench: Bench) -> None:
    bench.do("ana", SignOffDuty("voicemail-check"))

    with pytest.raises(Refused, match="is not asked for now: ana signed it off already; the next is from 16:00"):
        bench.do("sam", SignOffDuty("voicemail-check"))

    assert len(bench.events("duty.done")) == 1


def test_the_same_request_signs_off_once(bench: Bench) -> None:
    first = bench.do("ana", SignOffDuty(CHECK), request="1")

    assert bench.do("ana", SignOffDuty(CHECK), request="1") == first
    assert len(bench.events("duty.done")) == 1


def test_before_the_opening_nothing_is_asked_for(tmp_path: Path, database: str) -> None:
    with open_bench(tmp_path, at=OPENING - timedelta(hours=1), database=database) as early:
        with pytest.raises(Refused, match="is not asked for now: its round has not begun; the next is from 14:00"):
            early.do("ana", SignOffDuty(CHECK))

        assert early.events("duty.done") == []


def test_a_round_that_nobody_signs_off_is_missed_once(bench: Bench) -> None:
    pass_time(bench, hours=2)
    assert missed(bench) == []

    pass_time(bench, seconds=1)
    pass_time(bench, seconds=60)

    assert missed(bench) == [CHECK]
    check = rows(bench)[CHECK]
    assert (check.begins, check.missed) == (OPENING + timedelta(hours=2), 1)
    assert any("Missed: check the voicemails, due 16:00." in made.news for made in bench.committed)


def test_who_comes_after_the_end_does_the_next_round_and_the_missed_one_stays_missed(bench: Bench) -> None:
    bench.clock.move(timedelta(hours=2, minutes=5))

    done = bench.do("ana", SignOffDuty(CHECK))

    assert done.said.line().endswith("again from 18:00. Missed: check the voicemails, due 16:00.")
    assert (missed(bench), len(bench.events("duty.done"))) == ([CHECK], 1)
    pass_time(bench, minutes=1)
    assert missed(bench) == [CHECK]


def test_a_desk_that_was_shut_for_three_days_missed_the_rounds_of_its_open_hours(bench: Bench) -> None:
    pass_time(bench, days=3)

    assert missed(bench).count(CHECK) == 12
    said = [news for made in bench.committed for news in made.news]
    assert said == ["Missed: 12 rounds of check the voicemails, due Mon 23 Nov 16:00 to Wed 25 Nov 22:00."]


def test_a_long_absence_keeps_the_newest_rounds_apart_and_the_rest_as_one(bench: Bench) -> None:
    pass_time(bench, days=60)

    checks = [event for event in bench.events("duty.missed") if event.subject == CHECK]
    rounds = bench.scalar("SELECT sum(rounds) FROM duty_round WHERE duty_id = 'voicemail-check' AND login = ''")
    assert len(checks) == 41
    assert rounds == 4 * len(_working_days(OPENING, 60))


def _working_days(start: datetime, days: int) -> list[datetime]:
    there = [start + timedelta(days=day) for day in range(days)]
    return [day for day in there if day.weekday() < 5]


@pytest.mark.parametrize(
    ("login", "role", "duty", "may"),
    [
        ("ana", "agent", "voicemail-check", True),
        ("sam", "supervisor", "voicemail-check", True),
        ("mara", "manager", "complaint-review", True),
        ("ada", "admin", "voicemail-check", True),
        ("ana", "agent", "complaint-review", False),
        ("sam", "supervisor", "complaint-review", False),
    ],
)
def test_a_duty_is_signed_off_by_its_role_and_those_above(
    bench: Bench, login: str, role: str, duty: str, may: bool
) -> None:
    if login in ("mara", "ada"):
        bench.user(login, role)

    if may:
        assert "Signed off" in bench.do(login, SignOffDuty(duty)).said.line()
    else:
        with pytest.raises(Denied, match='Only the managers sign off "review all complaints"'):
            bench.do(login, SignOffDuty(duty))


def test_the_first_round_of_a_desk_is_the_first_whole_one(tmp_path: Path, database: str) -> None:
    with open_bench(tmp_path, at=OPENING + timedelta(minutes=30), database=database) as fresh:
        look(fresh)

        assert rows(fresh)[CHECK].begins == OPENING + timedelta(hours=2)
        assert fresh.events("duty.missed") == []


def test_other_hours_begin_the_rounds_anew_and_miss_none_of_before(bench: Bench) -> None:
    bench.clock.move(timedelta(hours=1))
    shelf = bench.desk.context.shelf
    bench.write(lambda tx: answer_blanks(tx, shelf, "ecolab", {"business_hours": "Mon-Fri 08:00-20:00"}))
    bench.desk.reread_packs()

    pass_time(bench, hours=2)

    assert missed(bench) == []
    assert rows(bench)[CHECK].begins == OPENING + timedelta(hours=1)


def test_a_note_is_one_clean_line(bench: Bench) -> None:
    bench.do("ana", SignOffDuty(CHECK, "\x1b]0;x\x07 " + "all quiet " * 100))

    note = bench.scalar("SELECT note FROM duty_round WHERE login = 'ana'")
    assert isinstance(note, str)
    assert note.isprintable()
    assert len(note) <= 300


def test_what_only_a_wrong_clock_saw_is_asked_for_when_its_time_comes(bench: Bench) -> None:
    bench.do("ana", SignOffDuty(CHECK))
    pass_time(bench, days=300)
    bench.clock.move(-timedelta(days=300) + timedelta(hours=3))

    bench.desk.writer.run(
        bench.actor("sam"), lambda tx: accept_clock(tx, "the battery was empty", live=()), behind=True
    )
    look(bench)

    check = rows(bench)[CHECK]
    assert (check.begins, check.done_by, check.missed) == (OPENING + timedelta(hours=2), "ana", 0)


def test_a_second_server_records_nothing_that_the_first_has(bench: Bench) -> None:
    bench.clock.move(timedelta(days=3))

    for _ in range(3):
        look(bench)

    assert missed(bench).count(CHECK) == 12
