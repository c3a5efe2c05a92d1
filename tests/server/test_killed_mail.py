"""PROMISES 6, M2: the desk is killed between a mail server's yes and its own commit; no mail is lost or doubled."""

import os
import random
import signal
import sqlite3
import subprocess
import sys
from collections import Counter
from collections.abc import Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass
from datetime import datetime, timedelta
from email import message_from_bytes, policy
from pathlib import Path

import pytest

from tests.desk_bench import master, open_bench
from tests.server.deadly_relay import Moment, Relay
from tests.server.mail_desk import SENT_FOLDER, answer, connect, mailbox_of, wait_until, wait_until_none_is
from tests.servers import MailServer, dovecot, postfix

ANA, CARE = "ana@customers.test", "care@desk.test"
CYCLE = timedelta(minutes=10)
LONGEST_DELAY = 0.25


@dataclass
class Desk:
    """Start servers on a desk through the nursery, one after another, each some minutes later."""

    nursery: "subprocess.Popen[str]"
    home: Path
    at: datetime

    def start(self) -> int:
        """Start a server and return its process id."""
        assert self.nursery.stdin is not None
        self.at += CYCLE
        self.nursery.stdin.write(f"{self.at.isoformat()}\n")
        self.nursery.stdin.flush()
        return self._number()

    def ended(self) -> int:
        """Wait until the server is gone and return the signal that ended it."""
        return os.waitstatus_to_exitcode(self._number())

    def _number(self) -> int:
        assert self.nursery.stdout is not None
        return int(self.nursery.stdout.readline())

    def rows(self, sql: str) -> list[tuple[object, ...]]:
        """Read the database as it lies there."""
        with closing(sqlite3.connect(self.home / "desk.sqlite3")) as link:
            return link.execute(sql).fetchall()

    def left(self) -> int:
        """Count the mails that have still to leave, or to be looked for."""
        waiting = "state IN ('held', 'queued', 'sending') OR look_at IS NOT NULL"
        return len(self.rows(f"SELECT id FROM outbox WHERE {waiting}"))


@contextmanager
def _desk(folder: Path, mail: MailServer, relay: Relay, sent: str, mails: int) -> Iterator[Desk]:
    """Write so many answers, then hand their desk to a nursery."""
    with open_bench(folder) as bench:
        connect(bench, mailbox_of(mail, relay.port, CARE, "ecolab", sent=sent, user=CARE))
        for number in range(mails):
            answer(bench, ANA, f"Answer {number}")
        home, at = bench.desk.paths.home, bench.clock.now()
    with nursery(home, at) as desk:
        yield desk


@contextmanager
def nursery(home: Path, at: datetime) -> Iterator[Desk]:
    """Hand a desk to a nursery; its first server begins some minutes after `at`."""
    command = [sys.executable, "-m", "tests.server.nursery", str(home), master().text()]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as process:
        try:
            yield Desk(process, home, at)
        finally:
            process.kill()


def _kill_again_and_again(desk: Desk, mail: MailServer, relay: Relay, sent: str, kills: int) -> Counter[Moment]:
    """Kill so many servers in the middle of a mail, then let one finish what is left."""
    chance = random.Random(kills)
    moments: Counter[Moment] = Counter()
    for _ in range(kills):
        victim = desk.start()
        (moment,) = chance.choices(list(Moment), (1, 2, 4))
        moments[moment] += 1
        relay.aim(victim, moment, chance.randrange(3), chance.uniform(0, LONGEST_DELAY))
        assert desk.ended() == -signal.SIGKILL
        if sent == "server":
            wait_until(lambda: len(mail.received(CARE, "Sent")) == relay.accepted)
    last = desk.start()
    wait_until_none_is(desk.left)
    os.kill(last, signal.SIGTERM)
    assert desk.ended() == 0
    return moments


def _ids(mails: list[bytes]) -> Counter[str]:
    return Counter(str(message_from_bytes(raw, policy=policy.default)["Message-ID"]) for raw in mails)


@pytest.mark.parametrize("sent", ["file", "server"])
@pytest.mark.parametrize(
    ("kills", "mails"),
    [
        # So many that some are left for the last kill, however quickly they leave.
        pytest.param(10, 150, marks=pytest.mark.timeout(300)),
        pytest.param(250, 5_000, marks=[pytest.mark.long, pytest.mark.timeout(7200)]),
    ],
)
def test_m2_a_desk_killed_while_a_mail_leaves_loses_none_and_doubles_none_by_itself(
    tmp_path: Path, sent: str, kills: int, mails: int
) -> None:
    with (
        dovecot(SENT_FOLDER) as mail,
        postfix(mail, files_sent_mail=sent == "server") as post,
        closing(Relay(post.smtp_port)) as relay,
    ):
        with _desk(tmp_path, mail, relay, sent, mails) as desk:
            moments = _kill_again_and_again(desk, mail, relay, sent, kills)
        arrived = _ids(mail.wait_received(ANA, relay.accepted))
        copies = _ids(mail.received(CARE, "Sent"))

    states = dict(desk.rows("SELECT message_id, state FROM outbox"))
    in_doubt = desk.rows("SELECT DISTINCT json_extract(body, '$.outbox') FROM event WHERE kind = 'mail.trouble'")
    found = desk.rows("SELECT seq FROM event WHERE kind = 'mail.found'")
    asked = [known for known, state in states.items() if state == "unknown"]
    print(f"{sent}: {kills} kills ({dict(moments)}), {len(in_doubt)} in doubt, {len(found)} found, {len(asked)} asked")
    assert [known for known, state in states.items() if state == "sent" and arrived[str(known)] != 1] == []
    assert [known for known, number in arrived.items() if number != 1] == []
    assert set(states.values()) <= {"sent", "unknown"}
    assert len(in_doubt) == len(found) + len(asked) > kills / 4, "else the kills do not fall where they should"
    assert [known for known, number in copies.items() if number != 1] == []
    if sent == "server":
        # Whatever the server has taken it has filed, and so a person is asked only about what never got there.
        assert found
        assert [known for known in asked if arrived[str(known)]] == []
