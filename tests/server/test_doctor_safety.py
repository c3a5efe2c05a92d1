"""What doctor says of a desk's safety: each finding provoked."""

from datetime import timedelta
from pathlib import Path

import pytest

from agentconsole.storage.row_checks import check_contacts
from agentconsole.wire import commands, queries
from agentconsole.wire.rows import DeskStatus
from tests.desk_bench import Bench, code, open_bench
from tests.server_bench import Served, execute, on_a_loop, serve


async def _finding(served: Served, subject: str) -> tuple[str, str]:
    host = await served.caller()
    status: DeskStatus = (await host.ask(queries.ReadStatus(doctor=True))).status
    (found,) = [finding for finding in status.findings if finding.subject == subject]
    return found.level, found.sentence.line()


async def _backed_up(served: Served) -> None:
    host = await served.caller()
    await host.ask(commands.BeginBackup())
    await host.ask(commands.EndBackup(2_000_000, True))


@on_a_loop
async def test_a_desk_without_a_backup_is_warned_with_how_to_make_one(tmp_path: Path) -> None:
    async with serve(tmp_path) as served:
        level, sentence = await _finding(served, "backup")

    assert (level, "`agentconsole backup FILE` makes one" in sentence) == ("warn", True)


@pytest.mark.parametrize(
    ("passed", "level", "says"),
    [
        (timedelta(minutes=5), "ok", "made 5 min ago (2.0 MB, sealed); 1 entries of the event log are not in it."),
        (timedelta(hours=26), "ok", "made 26 h ago"),
        (timedelta(hours=26, seconds=1), "warn", "are not in it: `agentconsole backup FILE` makes one."),
        (timedelta(days=9), "warn", "made 9 days ago"),
    ],
)
@on_a_loop
async def test_a_backup_is_said_with_its_age_and_what_is_not_in_it(
    tmp_path: Path, passed: timedelta, level: str, says: str
) -> None:
    async with serve(tmp_path) as served:
        await _backed_up(served)
        served.clock.move(passed)
        await served.ticket()
        found, sentence = await _finding(served, "backup")

    assert found == level
    assert says.replace("1 entries", "2 entries") in sentence


@on_a_loop
async def test_a_backup_after_which_nothing_happened_stays_good(tmp_path: Path) -> None:
    async with serve(tmp_path) as served:
        await _backed_up(served)
        served.clock.move(timedelta(days=9))
        level, sentence = await _finding(served, "backup")

    assert (level, sentence.endswith("nothing has happened since.")) == ("ok", True)


@on_a_loop
async def test_a_backup_is_begun_and_ended_by_the_host_s_account_only(tmp_path: Path) -> None:
    async with serve(tmp_path) as served:
        ada = await served.sign_in("ada")
        served.clock.move(timedelta(seconds=30))
        await ada.ask(commands.ProveAgain(code(served.clock.now())))
        host = await served.caller()
        refusals = []
        for caller, ask in (
            (ada, commands.BeginBackup()),
            (ada, commands.ExportKey("five random words are fine")),
            (host, commands.EndBackup(1)),
        ):
            with pytest.raises(Exception, match=r"desk's host|begin a backup first") as refused:
                await caller.ask(ask)
            refusals.append(str(refused.value))

    assert len(refusals) == 3


@on_a_loop
async def test_a_text_that_was_changed_behind_the_desk_s_back_is_reported(tmp_path: Path) -> None:
    async with serve(tmp_path) as served:
        await served.ticket()
        sound = await _finding(served, "texts")
        await execute(served, "UPDATE contact SET text = 'something else'")
        changed = await _finding(served, "texts")

    assert sound[0] == "ok"
    assert changed == ("bad", "Texts are not what the event log says (entry 1 was changed): restore a backup.")


@on_a_loop
async def test_stored_mail_that_is_gone_is_reported(tmp_path: Path) -> None:
    async with serve(tmp_path) as served:
        await served.ticket()
        sound = await _finding(served, "stored mail")
        for path in served.paths.raw.glob("*/*"):
            path.unlink()
        gone = await _finding(served, "stored mail")

    assert sound[0] == "ok"
    assert (gone[0], gone[1].startswith("1 stored messages or attachments are gone")) == ("bad", True)


@on_a_loop
async def test_copies_from_before_an_upgrade_and_the_versions_are_named(tmp_path: Path) -> None:
    async with serve(tmp_path) as served:
        none = await _finding(served, "old copies")
        (served.paths.home / "desk-before-0001.sqlite3").write_bytes(b"")
        one = await _finding(served, "old copies")
        versions = await _finding(served, "versions")

    assert (none[0], one[0], "desk-before-0001.sqlite3" in one[1]) == ("ok", "note", True)
    assert "Python 3." in versions[1]


def test_texts_are_checked_over_more_than_one_page_and_faults_are_counted_up_to_a_limit(tmp_path: Path) -> None:
    with open_bench(tmp_path) as bench:
        number = bench.ticket()
        for note in range(600):
            bench.do("ana", commands.AddNote(number, f"note {note}"))
        sound = bench.read(check_contacts)
        bench.write(lambda tx: tx.rows("UPDATE contact SET text = 'x' WHERE id > 1"))
        faults = _faults(bench)

    assert sound == []
    assert (len(faults), faults[0], faults[-1]) == (100, "entry 2 was changed", "entry 101 was changed")


def _faults(bench: Bench) -> list[str]:
    return bench.read(check_contacts)


@on_a_loop
async def test_a_policy_that_was_changed_behind_the_desk_s_back_is_reported(tmp_path: Path) -> None:
    async with serve(tmp_path) as served:
        await execute(served, "UPDATE pack_version SET text = replace(text, '48', '96')")
        level, sentence = await _finding(served, "texts")

    assert (level, "version 1 of the policy ecolab was changed" in sentence) == ("bad", True)


@on_a_loop
async def test_a_guard_that_was_taken_away_is_reported(tmp_path: Path) -> None:
    async with serve(tmp_path) as served:
        sound = await _finding(served, "schema")
        await execute(served, "DROP TRIGGER event_no_update")
        level, sentence = await _finding(served, "schema")

    assert sound[0] == "ok"
    assert (level, "CREATE TRIGGER event_no_update" in sentence) == ("bad", True)


@on_a_loop
async def test_a_value_that_no_desk_has_written_is_a_finding_and_no_crash(tmp_path: Path) -> None:
    async with serve(tmp_path) as served:
        await served.ticket()
        await execute(served, "DROP TRIGGER event_no_update")
        await execute(served, "UPDATE event SET body = '{\"contact\":' WHERE body LIKE '%\"contact\":%'")
        level, sentence = await _finding(served, "texts")

    assert (level, sentence.startswith("There is a value in the database that no desk has written")) == ("bad", True)
