"""PROMISES 7, B1: a backup that is made under load restores, with all that was acknowledged before it began."""

import asyncio
import json
import shutil
import stat
import threading
from pathlib import Path

import pytest

from agentconsole.config.paths import desk_paths
from agentconsole.wire.client import Client
from agentconsole.wire.commands import ImportMail
from tests.cli.program import Program
from tests.desk_bench import raw_mail

LONGEST_RESTORE = 300.0


class Load:
    """Send mail into a desk as fast as it takes it, from a thread of its own, and count what was acknowledged."""

    def __init__(self, socket: Path) -> None:
        self.acknowledged = 0
        self._socket = socket
        self._ending = threading.Event()
        self._thread = threading.Thread(target=lambda: asyncio.run(self._send()))
        self._thread.start()

    async def _send(self) -> None:
        client = await Client.connect(self._socket)
        while not self._ending.is_set():
            number = self.acknowledged
            raw = raw_mail(f"c{number % 50}@example.org", f"Order {number}", "Where?", message_id=f"<{number}@c.test>")
            await client.ask(ImportMail("x.eml", raw))
            self.acknowledged += 1
        await client.close()

    def end(self) -> None:
        """Stop sending."""
        self._ending.set()
        self._thread.join()


@pytest.mark.timeout(7200)
@pytest.mark.parametrize("drills", [3, pytest.param(100, marks=pytest.mark.long)])
def test_every_backup_under_load_restores_with_all_that_was_acknowledged_before(tmp_path: Path, drills: int) -> None:
    desk = Program(tmp_path / "home")
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

    print(f"{drills} drills, {load.acknowledged} mails, longest restore {max(one[3] for one in found):.1f} s")
    assert [one for one in found if one[1] < one[0] or one[2] or one[3] > LONGEST_RESTORE] == []
    assert load.acknowledged > 3 * drills
