"""Status and doctor: every finding provoked, and a sound desk found sound."""

import os
import sqlite3
from datetime import timedelta
from pathlib import Path

import pytest
import sqlalchemy as sa

from agentconsole.channels.email.smtp import Unknown
from agentconsole.server.health import judge_disk
from agentconsole.storage.reading import ReadSession
from agentconsole.storage.upgrade import HEAD
from agentconsole.wire import commands, queries
from agentconsole.wire.rows import DeskStatus
from tests.desk_bench import mailbox_nowhere, make_home
from tests.server_bench import PEOPLE, Served, execute, on_a_loop, serve, until

MB = 1024 * 1024


async def _examined(served: Served) -> DeskStatus:
    host = await served.caller()
    status: DeskStatus = (await host.ask(queries.ReadStatus(doctor=True))).status
    return status


def _level(status: DeskStatus, subject: str) -> tuple[str, str]:
    (found,) = [finding for finding in status.findings if finding.subject == subject]
    return found.level, found.sentence.line()


@on_a_loop
async def test_a_sound_desk_is_found_sound_and_its_draft_policy_is_named(tmp_path: Path) -> None:
    async with serve(tmp_path) as served:
        await served.ticket()
        status = await _examined(served)

    levels = {finding.subject: finding.level for finding in status.findings}
    assert {subject for subject, level in levels.items() if level == "bad"} <= {"disk"}
    assert [levels[name] for name in ("database", "pages", "counters", "event log", "clock")] == ["ok"] * 5
    assert levels["policy ecolab"] == "warn"
    assert "business_hours" in _level(status, "policy ecolab")[1]
    assert levels["mailbox"] == "note"


@on_a_loop
async def test_a_page_that_the_disk_changed_is_said_with_what_to_do(tmp_path: Path) -> None:
    paths = make_home(tmp_path, people=PEOPLE)
    left = paths.database.stat()
    unused = paths.database.read_bytes().rindex(bytes(600))
    with paths.database.open("r+b") as file:
        file.seek(unused + 300)
        file.write(b"?")
    os.utime(paths.database, ns=(left.st_atime_ns, left.st_mtime_ns))

    async with serve(tmp_path, paths=paths) as served:
        found = _level(await _examined(served), "pages")

    page = (unused + 300) // 4096 + 1
    assert found == ("bad", f"The disk changed 1 page of the database (page {page} is the first): restore a backup.")


@on_a_loop
async def test_a_desk_whose_pages_cannot_be_summed_starts_and_says_so(tmp_path: Path) -> None:
    paths = make_home(tmp_path, people=PEOPLE)
    sums = paths.home / "desk.sqlite3-sums"
    sums.unlink()
    sums.mkdir()

    async with serve(tmp_path, paths=paths) as served:
        await served.ticket()
        found = _level(await _examined(served), "pages")

    assert found[0] == "warn"
    assert "start it again" in found[1]


@on_a_loop
async def test_the_status_says_what_runs_and_how_far_it_is_behind(tmp_path: Path) -> None:
    async with serve(tmp_path) as served:
        number = await served.ticket()
        ana = await served.sign_in("ana")
        await ana.ask(commands.Reply(number, 99, "Dear Rosa"))
        host = await served.caller()
        status = (await host.ask(queries.ReadStatus())).status

    assert (status.desk.line(), status.sessions, status.tickets_live, status.outbox_waiting) == ("Test desk", 1, 1, 1)
    assert (status.schema, status.findings, status.jobs_waiting) == (HEAD, (), 0)


@on_a_loop
async def test_counters_that_do_not_agree_are_reported(tmp_path: Path) -> None:
    async with serve(tmp_path) as served:
        await served.ticket()
        await execute(served, "UPDATE counter SET number = number + 1")
        status = await _examined(served)

    assert _level(status, "counters")[0] == "bad"
    assert status.findings[0].level == "bad"


@on_a_loop
async def test_a_log_that_was_tampered_with_is_reported(tmp_path: Path) -> None:
    async with serve(tmp_path) as served:
        await served.ticket()
        with sqlite3.connect(served.paths.database) as link:
            link.execute("DROP TRIGGER event_no_update")
            link.execute("UPDATE event SET actor = 'eve' WHERE seq = 3")
        link.close()
        status = await _examined(served)

    assert _level(status, "event log") == (
        "bad",
        "The event log is broken after 2 events: event 3 was changed after it was written.",
    )


@on_a_loop
async def test_a_damaged_database_is_reported_and_does_not_stop_the_doctor(tmp_path: Path) -> None:
    async with serve(tmp_path) as served:
        await served.ticket()
        with sqlite3.connect(served.paths.database) as link:
            link.execute("PRAGMA writable_schema = ON")
            link.execute("DELETE FROM sqlite_master WHERE name = 'ix_contact_ticket_id'")
            link.execute("PRAGMA schema_version = 1000")
        link.close()
        status = await _examined(served)

    level, sentence = _level(status, "database")
    assert level == "bad"
    assert sentence.endswith("restore a backup.")


def _trouble(session: ReadSession) -> object:
    return session.execute(sa.text("SELECT trouble FROM mailbox")).scalar()


@on_a_loop
async def test_a_mailbox_that_cannot_be_reached_is_reported_with_since_when(tmp_path: Path) -> None:
    async with serve(tmp_path) as served:
        host = await served.caller()
        await host.ask(mailbox_nowhere("care@desk.test", ""))
        await until(lambda: bool(served.desk.reader.run(_trouble)), 30)
        status = await _examined(served)

    assert _level(status, "senders") == (
        "note",
        "Nobody is warned of a forged sender in mail of ecolab: `agentconsole mail connect --authserv-id` names the "
        "server that checks senders.",
    )
    level, sentence = _level(status, "mailbox")
    assert level == "bad"
    assert sentence.startswith("ecolab <care@desk.test> not reachable since 2026-11-23 10:00 UTC: The mailbox on 127.")
    assert "secret" not in sentence


@on_a_loop
async def test_mail_that_failed_and_mail_that_is_not_filed_are_reported(tmp_path: Path) -> None:
    async with serve(tmp_path) as served:
        number = await served.ticket()
        ana = await served.sign_in("ana")
        served.post.outcome = Unknown("lost")
        await ana.ask(commands.Reply(number, 99, "Dear Rosa"))
        served.clock.move(timedelta(seconds=11))
        await until(lambda: len(served.post.mails) == 1)
        await execute(served, "UPDATE raw_mail SET state = 'kept'")
        status = await _examined(served)

    assert _level(status, "outbox") == ("warn", "1 mails failed or may not have left: their cases say so.")
    assert _level(status, "intake") == ("warn", "1 messages are kept and not filed yet.")


@on_a_loop
async def test_a_clock_that_was_set_back_is_reported(tmp_path: Path) -> None:
    async with serve(tmp_path) as served:
        await served.ticket()
        served.clock.move(-timedelta(hours=1))
        status = await _examined(served)

    assert _level(status, "clock") == (
        "bad",
        "The clock went back: it is 2026-11-23 09:00:00 UTC here, the newest entry is from 2026-11-23 10:00:00 UTC. "
        "Nothing is written until it is set right, or accepted with `agentconsole clock accept`.",
    )


@pytest.mark.parametrize(
    ("free", "total", "level"),
    [
        (500 * MB, 1000 * MB, "ok"),
        (500 * MB - 1, 1000 * MB, "bad"),
        (0, 1000 * MB, "bad"),
        (1999 * MB, 100_000 * MB, "bad"),
        (2000 * MB, 100_000 * MB, "ok"),
    ],
)
def test_a_disk_is_nearly_full_below_500_mb_or_two_percent(free: int, total: int, level: str) -> None:
    assert judge_disk(free, total, "/desk").level == level


@on_a_loop
async def test_answering_blanks_makes_a_new_version_and_in_the_end_no_draft(tmp_path: Path) -> None:
    async with serve(tmp_path) as served:
        mara = await served.sign_in("mara")
        blanks = (await mara.ask(queries.ReadBlanks())).rows
        said = ""
        for row in blanks:
            said = (await mara.ask(commands.AnswerBlank(row.pack, row.blank, row.proposal))).said.line()
        status = await _examined(served)
        why = await mara.ask(queries.ReadBlanks())

    assert said.endswith("No blank is left.")
    assert _level(status, "policy ecolab") == ("ok", f"Version {len(blanks) + 1} is complete.")
    assert all(row.answer is not None for row in why.rows)
