"""Mail with several servers: one sends and one reads, another when that one dies, and none is lost or doubled."""

import os
import random
import signal
import time
from collections import Counter
from collections.abc import Iterator
from contextlib import closing, contextmanager
from email import message_from_bytes, policy
from pathlib import Path

import pytest

from agentconsole.services import leases
from tests.desk_bench import raw_mail
from tests.server.deadly_relay import Moment, Relay
from tests.server.mail_desk import SENT_FOLDER, answer, connect, mailbox_of, wait_until, wait_until_none_is
from tests.server.twins import SURE, Twins, bench_of, pause, twins
from tests.servers import MailServer, SendServer, dovecot, postfix

BATCH = 5
ANA, CARE = "ana@customers.test", "care@desk.test"
OUT, IN = leases.mail_out("ecolab"), leases.mail_in("ecolab")


@pytest.fixture(scope="module", name="servers")
def _servers() -> Iterator[tuple[MailServer, SendServer]]:
    with dovecot(SENT_FOLDER) as mail, postfix(mail) as post:
        yield mail, post


@contextmanager
def _desk(folder: Path, mail: MailServer, port: int, mails: int) -> Iterator[Twins]:
    """Write so many answers on a desk that two servers will share."""
    with twins(folder) as both:
        with bench_of(both.both[0].home) as bench:
            connect(bench, mailbox_of(mail, port, CARE, "ecolab", sent="file", user=CARE))
            for number in range(mails):
                answer(bench, ANA, f"Answer {number}")
        yield both


def _stop(desk: Twins) -> None:
    for twin in desk.both:
        os.kill(twin.pid, signal.SIGTERM)
    assert [twin.ended() for twin in desk.both] == [0, 0]


def _new_ids(mail: MailServer, before: int, count: int) -> Counter[str]:
    found = mail.wait_received(ANA, before + count)[before:]
    return Counter(str(message_from_bytes(raw, policy=policy.default)["Message-ID"]) for raw in found)


@pytest.mark.parametrize(
    ("kills", "mails"),
    [
        pytest.param(4, 40, marks=pytest.mark.timeout(300)),
        pytest.param(100, 2_000, marks=[pytest.mark.long, pytest.mark.timeout(7200)]),
    ],
)
def test_a_server_killed_while_a_mail_leaves_has_its_twin_go_on_and_none_is_lost_or_doubled_by_itself(
    tmp_path: Path, servers: tuple[MailServer, SendServer], kills: int, mails: int
) -> None:
    mail, post = servers
    before, chance = len(mail.received(ANA)), random.Random(kills)
    with closing(Relay(post.smtp_port)) as relay, _desk(tmp_path, mail, relay.port, mails) as desk:
        for twin in desk.both:
            twin.start()
        successions = []
        for _ in range(kills):
            wait_until(lambda: desk.holder(OUT) is not None)
            victim = desk.holder(OUT)
            assert victim is not None
            (moment,) = chance.choices(list(Moment), (1, 2, 4))
            relay.aim(victim.pid, moment, chance.randrange(3), chance.uniform(0, 0.25))
            assert os.waitstatus_to_exitcode(victim.ended()) == -signal.SIGKILL
            died = time.monotonic()
            wait_until(lambda: desk.holder(OUT) is not None, seconds=30)
            successions.append(time.monotonic() - died)
            victim.start()
        wait_until_none_is(desk.left)
        _stop(desk)
        states = dict(desk.rows("SELECT message_id, state FROM outbox"))
        gaps = desk.rows("SELECT count(*) - max(seq) FROM event")
    arrived = _new_ids(mail, before, relay.accepted)

    asked = [known for known, state in states.items() if state == "unknown"]
    print(f"{kills} kills, {len(asked)} of {mails} asked about, another went on after {max(successions):.1f} s at most")
    assert set(states.values()) <= {"sent", "unknown"}
    assert [known for known, state in states.items() if state == "sent" and arrived[known] != 1] == []
    assert [known for known, number in arrived.items() if number != 1] == []
    assert len(states) == mails
    assert gaps == [(0,)]


def test_a_server_that_was_frozen_with_a_mail_in_hand_does_not_send_what_its_twin_decided_about(
    tmp_path: Path, servers: tuple[MailServer, SendServer]
) -> None:
    """Frozen before the text has left, taken for dead, and woken: the mail server waits, and it still does not send."""
    mail, post = servers
    before = len(mail.received(ANA))
    with closing(FreezingRelay(post.smtp_port)) as relay, _desk(tmp_path, mail, relay.port, 1) as desk:
        first = desk.both[0]
        relay.victim = first.start()
        wait_until(lambda: relay.froze)
        desk.both[1].start()
        wait_until(lambda: desk.holder(OUT) in (None, desk.both[1]) and _state(desk) != "sending", seconds=30)
        while_frozen = (_state(desk), len(mail.received(ANA)) - before)
        os.kill(first.pid, signal.SIGCONT)
        wait_until(lambda: _state(desk) == "sent", seconds=30)
        pause(SURE)
        _stop(desk)
        leased = desk.rows("SELECT lease_number FROM outbox")

    assert while_frozen == ("unknown", 0)
    assert len(mail.received(ANA)) - before == 1
    assert leased > [(1,)], "it left under a lease that was taken after the one it was frozen with"


def _state(desk: Twins) -> str:
    return str(desk.rows("SELECT state FROM outbox")[0][0])


class FreezingRelay(Relay):
    """Freeze the desk when it has asked to send the text of a mail, before it hears that it may."""

    froze = False

    def _is_now(self, moment: Moment) -> bool:
        if moment is Moment.BEFORE_THE_DATA and not self.froze:
            os.kill(self.victim, signal.SIGSTOP)
            self.froze = True
        return False


@pytest.mark.timeout(300)
def test_a_server_that_was_frozen_in_the_middle_of_writing_does_not_keep_its_twin_from_it(
    tmp_path: Path, servers: tuple[MailServer, SendServer]
) -> None:
    """It holds the desk's lock until the database gives it up for it."""
    mail, post = servers
    waiting = "SELECT pid FROM pg_locks WHERE locktype = 'relation' AND NOT granted"
    holding = "SELECT pid FROM pg_locks WHERE locktype = 'advisory' AND granted"
    with _desk(tmp_path, mail, post.smtp_port, 1) as desk:
        first, second = desk.both
        with desk.link.transaction():
            desk.link.execute("LOCK TABLE event IN EXCLUSIVE MODE")
            frozen = first.start()
            wait_until(lambda: desk.rows(waiting) != [], seconds=30)
            os.kill(frozen, signal.SIGSTOP)
            writer = desk.rows(waiting)
        assert desk.rows(holding) == writer, "it holds the lock, and all that it waited for has come"
        other = second.start()
        beats = f"SELECT beats FROM server WHERE id LIKE '%-{other}-%'"
        wait_until(lambda: desk.rows(beats) != [], seconds=40)
        was = desk.rows(beats)
        wait_until(lambda: desk.rows(beats) != was, seconds=20)
        os.kill(frozen, signal.SIGCONT)
        wait_until(lambda: desk.rows(f"SELECT 1 FROM server WHERE id LIKE '%-{frozen}-%'") == [(1,)])
        _stop(desk)


def test_mail_is_read_by_one_server_and_by_its_twin_when_that_is_killed(
    tmp_path: Path, servers: tuple[MailServer, SendServer]
) -> None:
    mail, post = servers
    with _desk(tmp_path, mail, post.smtp_port, 0) as desk:
        for twin in desk.both:
            twin.start()
        wait_until(lambda: desk.holder(IN) is not None, seconds=30)
        first = desk.holder(IN)
        assert first is not None
        _drop(mail, "before")
        wait_until(lambda: desk.rows("SELECT count(*) FROM ticket") == [(BATCH,)], seconds=40)
        os.kill(first.pid, signal.SIGKILL)
        first.ended()
        _drop(mail, "after")
        wait_until(lambda: desk.rows("SELECT count(*) FROM ticket") == [(2 * BATCH,)], seconds=40)
        second = desk.holder(IN)
        subjects = Counter(subject for (subject,) in desk.rows("SELECT subject FROM ticket"))

    assert second not in (None, first)
    assert subjects == Counter(f"{when} {number}" for when in ("before", "after") for number in range(BATCH))


def _drop(mail: MailServer, when: str) -> None:
    for number in range(BATCH):
        raw = raw_mail("rosa@example.org", f"{when} {number}", "Where is it?", message_id=f"<{when}.{number}@x.org>")
        mail.drop(CARE, raw, f"{when}-{number}")
