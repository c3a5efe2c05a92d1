"""PROMISES 7, B1: a backup that is made under load restores, with all that was acknowledged before it began."""

import asyncio
import json
import shutil
import stat
import subprocess
import threading
from contextlib import suppress
from pathlib import Path

import pytest

from agentconsole.config.paths import desk_paths
from agentconsole.wire.client import Client, LinkLost
from agentconsole.wire.commands import ImportMail
from tests import needs
from tests.cli.program import Program
from tests.desk_bench import POSTGRES, SQLITE, name_database, place_of, raw_mail
from tests.postgres import cluster

LONGEST_RESTORE = 300.0


class Load:
    """Send mail into a desk as fast as it takes it, from a thread of its own, and count what was acknowledged.

    A server that leaves is waited for. What was asked of it and not answered is asked again.
    """

    def __init__(self, socket: Path, since: int = 0) -> None:
        self.since = self.acknowledged = since
        self._socket = socket
        self._ending = threading.Event()
        self._thread = threading.Thread(target=lambda: asyncio.run(self._send()))
        self._thread.start()

    async def _send(self) -> None:
        while not self._ending.is_set():
            try:
                client = await Client.connect(self._socket)
            except (OSError, LinkLost):
                await asyncio.sleep(0.02)
                continue
            with suppress(LinkLost):
                await self._send_to(client)
            await client.close()

    async def _send_to(self, client: Client) -> None:
        while not self._ending.is_set():
            number = self.acknowledged
            raw = raw_mail(f"c{number % 50}@example.org", f"Order {number}", "Where?", message_id=f"<{number}@c.test>")
            await client.ask(ImportMail("x.eml", raw))
            self.acknowledged += 1

    def end(self) -> None:
        """Stop sending."""
        self._ending.set()
        self._thread.join()


@pytest.mark.timeout(7200)
@pytest.mark.parametrize("drills", [1, pytest.param(100, marks=pytest.mark.long)])
@pytest.mark.parametrize("kept", [SQLITE, POSTGRES])
def test_b1_every_backup_under_load_restores_with_all_that_was_acknowledged_before(
    tmp_path: Path, kept: str, drills: int
) -> None:
    desk = Program(tmp_path / "home")
    if kept == POSTGRES:
        desk_paths(desk.environ).make()
        name_database(desk_paths(desk.environ), cluster().database())
    desk.found()
    desk("doctor")
    load = Load(desk_paths(desk.environ).socket)
    found: list[tuple[int, int, int, float]] = []
    try:
        for drill in range(drills):
            file, home = tmp_path / f"{drill}.tar.gz", tmp_path / f"home{drill}"
            before = load.acknowledged
            made = desk("backup", str(file), "--json")
            assert (made.code, stat.S_IMODE(file.stat().st_mode)) == (0, 0o600), made.err
            home.mkdir(mode=0o700)
            shutil.copy(desk.home / "master.key", home / "master.key")
            restored = Program(home)("restore", str(file), "--json")
            assert restored.code == 0, restored.err
            report = json.loads(restored.out)
            found.append((before, report["manifest"]["counts"]["messages"], report["missing"], report["seconds"]))
            shutil.rmtree(home)
            file.unlink()
    finally:
        load.end()
        desk.stop()

    print(f"{kept}: {drills} drills, {load.acknowledged} mails, longest restore {max(one[3] for one in found):.1f} s")
    assert [one for one in found if one[1] < one[0] or one[2] or one[3] > LONGEST_RESTORE] == []
    assert load.acknowledged > 3 * drills
    if (place := place_of(desk_paths(desk.environ))) is not None:
        cluster().drop(place)


def test_b1_a_restore_without_room_keeps_nothing_half_and_says_so(tmp_path: Path) -> None:
    needs.root("a small disk has to be mounted")
    desk, disk = Program(tmp_path / "home"), tmp_path / "disk"
    desk.found()
    desk("backup", str(tmp_path / "desk.tar.gz"))
    desk.stop()
    disk.mkdir()
    subprocess.run(["mount", "-t", "tmpfs", "-o", "size=64k,mode=700", "tmpfs", str(disk)], check=True)
    try:
        home = disk / "home"
        home.mkdir(mode=0o700)
        shutil.copy(desk.home / "master.key", home / "master.key")
        said = Program(home)("restore", str(tmp_path / "desk.tar.gz"))
        left = sorted(path.name for path in home.rglob("*") if path.is_file())
        subprocess.run(["mount", "-o", "remount,size=64m", str(disk)], check=True)
        again = Program(home)("restore", str(tmp_path / "desk.tar.gz"))
    finally:
        subprocess.run(["umount", str(disk)], check=True)

    assert (said.code, said.err.count("\n"), "Make room and restore again" in said.err) == (1, 1, True), said.err
    assert set(left) <= {"master.key", "server.lock"}
    assert again.code == 0, again.err
