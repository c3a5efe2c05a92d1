"""PROMISES 15, H7: two desks on real mail servers acknowledge each other once, and robots, lists and daemons never."""

import asyncio
from collections import Counter
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import timedelta
from email import message_from_bytes
from pathlib import Path

import pytest

from agentconsole.config.clock import SystemClock
from agentconsole.server import mail_in
from tests.desk_bench import raw_mail
from tests.server.mail_desk import mailbox_of
from tests.server_bench import Served, on_a_loop, scalar, serve, until
from tests.servers import ADDRESSES, MailServer, SendServer, dovecot, postfix

ONE, OTHER = "care@desk.test", "sales@desk.test"
PEOPLE = ("ana@customers.test", "bob@customers.test")
MACHINES = {
    "a mailer daemon": ("MAILER-DAEMON@customers.test", {}),
    "out of office": ("eve@customers.test", {"auto_submitted": "auto-replied"}),
    "a list": ("eve@customers.test", {"list_id": "<news.customers.test>", "precedence": "list"}),
    "a robot that names itself": ("noreply@customers.test", {}),
    "a robot of another kind": ("eve@customers.test", {"x_autoreply": "yes"}),
    "a bounce without a report": ("eve@customers.test", {"return_path": "<>"}),
}
NOTICE = timedelta(hours=13)
"""After so long without an answer a customer has been told that somebody will (Ecolab 2.6)."""


@asynccontextmanager
async def _desk(folder: Path, mail: MailServer, post: SendServer, address: str) -> AsyncIterator[Served]:
    folder.mkdir()
    async with serve(folder, real_post=True, at=SystemClock().now()) as served:
        await (await served.caller()).ask(mailbox_of(mail, post, address, ""))
        yield served


async def _filed(served: Served, count: int) -> None:
    for _ in range(3000):
        if await scalar(served, "SELECT count(*) FROM raw_mail WHERE state = 'filed'") >= count:
            return
        await asyncio.sleep(0.02)
    raise AssertionError(f"never {count} mails")


def _automatic(mail: MailServer) -> Counter[str]:
    """Count the automatic mails of a desk that each address has had."""
    had: Counter[str] = Counter()
    for address in ADDRESSES:
        came = [message_from_bytes(raw) for raw in mail.received(address)]
        had[address] = sum("Auto-Submitted" in one and "X-Agentconsole-Loop" in one for one in came)
    return +had


@pytest.mark.parametrize("rounds", [2, pytest.param(12, marks=[pytest.mark.long, pytest.mark.timeout(1800)])])
@on_a_loop
async def test_h7_two_desks_through_real_servers_are_at_rest_after_one_round(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, rounds: int
) -> None:
    """In each round somebody new writes to both desks, whose notice shows that the desks have had time for theirs."""
    monkeypatch.setattr(mail_in, "IDLE_SECONDS", 3.0)
    with dovecot() as mail, postfix(mail) as post:
        async with (
            _desk(tmp_path / "one", mail, post, ONE) as one,
            _desk(tmp_path / "other", mail, post, OTHER) as other,
        ):
            mail.drop(ONE, raw_mail(OTHER, "Hello", "from one desk to another"), "000.a")
            for number, (sender, marks) in enumerate(MACHINES.values()):
                mail.drop(ONE, raw_mail(sender, f"I am {number}", "Your mail has come.", **marks), f"001.{number}")
            await _filed(one, 1 + len(MACHINES))
            for turn in range(1, rounds + 1):
                for desk, box, person in ((one, ONE, PEOPLE[0]), (other, OTHER, PEOPLE[1])):
                    mail.drop(box, raw_mail(person, f"Round {turn}", "Where is it?"), f"1{turn:02}.a")
                    await _filed(desk, turn + (1 + len(MACHINES) if desk is one else turn > 1))
                    desk.clock.move(NOTICE)
                await until(lambda n=turn: [_automatic(mail)[who] for who in PEOPLE] == [n, n], 60)  # type: ignore[misc]
                await asyncio.to_thread(mail.wait_received, OTHER, turn + 1)
                await _filed(other, turn + 1)
            had = _automatic(mail)
            on_threads = await scalar(
                one, "SELECT max(n) FROM (SELECT count(*) n FROM outbox WHERE automatic GROUP BY ticket_id) t"
            )

    assert had == Counter(dict.fromkeys(PEOPLE, rounds)) + Counter({OTHER: 1})
    assert on_threads == 1
