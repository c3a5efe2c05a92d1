"""PROMISES 5, M1: the desk is killed while it reads a real mailbox; each mail is a case, and none is one twice."""

import os
import random
import signal
import threading
from collections import Counter
from pathlib import Path

import pytest

from tests.desk_bench import open_bench, raw_mail
from tests.server.mail_desk import connect, mailbox_of, wait_until
from tests.server.test_killed_mail import Desk, nursery
from tests.servers import MailServer, dovecot

CARE = "care@desk.test"
LONGEST_DELAY = 0.4
RENUMBERINGS = 4
SEEN = "SELECT count(*) FROM raw_mail"
FILED = "SELECT count(*) FROM raw_mail WHERE state = 'filed'"


def _mails(count: int) -> list[bytes]:
    """Write so many different mails; each fifth has the Message-ID of the one before it, from another sender."""
    made = []
    for number in range(count):
        known = number - 1 if number % 5 == 4 else number
        sender = f"c{number}@customers.test"
        made.append(raw_mail(sender, f"case {number}", f"Where is {number}?", message_id=f"<{known}@customers.test>"))
    return made


def _drop(mail: MailServer, mails: list[bytes], first: int, chance: random.Random) -> None:
    """Deliver mails, a third of them twice over, as servers do that lost the answer to a delivery."""
    for number, raw in enumerate(mails, start=first):
        mail.drop(CARE, raw, f"{number:06}.a")
        if chance.random() < 1 / 3:
            mail.drop(CARE, raw, f"{number:06}.b")


def _renumber(mail: MailServer) -> None:
    """Have the server forget how it numbered the mailbox (UIDVALIDITY)."""
    for index in (*mail.maildir(CARE).glob("dovecot.*"), mail.maildir(CARE) / "dovecot-uidlist"):
        index.unlink(missing_ok=True)


def _kill_again_and_again(desk: Desk, mail: MailServer, mails: list[bytes], kills: int) -> None:
    """Kill so many servers while they read, each after a few more mails; then let one read all that is left."""
    chance, each = random.Random(kills), -(-len(mails) // kills)
    for number in range(kills):
        if number % -(-kills // RENUMBERINGS) == 1:
            _renumber(mail)
        _drop(mail, mails[number * each : (number + 1) * each], number * each, chance)
        (before,) = desk.rows(SEEN)[0]
        victim = desk.start()
        wait_until(lambda seen=before: desk.rows(SEEN)[0][0] > seen)  # type: ignore[misc]
        threading.Timer(chance.uniform(0, LONGEST_DELAY), os.kill, (victim, signal.SIGKILL)).start()
        assert desk.ended() == -signal.SIGKILL
    last = desk.start()
    wait_until(lambda: desk.rows(FILED)[0][0] == len(mails), seconds=120 + len(mails))
    os.kill(last, signal.SIGTERM)
    assert desk.ended() == 0


@pytest.mark.parametrize(
    ("kills", "count"),
    [
        pytest.param(8, 80, marks=pytest.mark.timeout(300)),
        pytest.param(500, 10_000, marks=[pytest.mark.long, pytest.mark.timeout(14_400)]),
    ],
)
def test_m1_a_desk_killed_while_it_reads_a_mailbox_loses_no_mail_and_files_none_twice(
    tmp_path: Path, kills: int, count: int
) -> None:
    mails = _mails(count)
    with dovecot() as mail:
        with open_bench(tmp_path) as bench:
            connect(bench, mailbox_of(mail, 1, CARE, "ecolab", user=CARE))
            home, at = bench.desk.paths.home, bench.clock.now()
        with nursery(home, at) as desk:
            _kill_again_and_again(desk, mail, mails, kills)

    states = Counter(state for (state,) in desk.rows("SELECT state FROM raw_mail"))
    subjects = Counter(subject for (subject,) in desk.rows("SELECT subject FROM ticket"))
    entries = desk.rows("SELECT count(*) FROM contact WHERE author = 'customer'")
    print(f"{kills} kills, {count} mails: {dict(states)}")
    assert subjects == Counter({f"case {number}": 1 for number in range(count)})
    assert entries == [(count,)]
    assert states["filed"] == count
    assert set(states) == {"filed", "again"}
