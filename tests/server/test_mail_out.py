"""Mail out through real sockets: a server that is down holds up its own brand's mail and nobody else's."""

import asyncio
import socket
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from pathlib import Path

import pytest

from agentconsole.services.mailboxes import set_mailbox
from agentconsole.storage.transaction import DESK
from agentconsole.wire import commands
from tests.desk_bench import ECOLAB, IST, SHOP, raw_mail
from tests.server.mail_desk import mailbox_of
from tests.server_bench import Served, on_a_loop, scalar, serve, until
from tests.servers import HOST, MailServer, SendServer, dovecot, postfix

NOW = 10_000
ANA, BOB = "ana@customers.test", "bob@customers.test"


@pytest.fixture(scope="module", name="servers")
def _servers() -> Iterator[tuple[MailServer, SendServer]]:
    with dovecot() as mail, postfix(mail) as post:
        yield mail, post


@contextmanager
def silent_server() -> Iterator[tuple[int, list[socket.socket]]]:
    """Listen, accept every connection, and never say a word; yields the port and whom it accepted."""
    listening = socket.create_server((HOST, 0), backlog=50)
    accepted: list[socket.socket] = []

    def accept() -> None:
        while True:
            try:
                accepted.append(listening.accept()[0])
            except OSError:
                return

    listener = threading.Thread(target=accept)
    listener.start()
    try:
        yield listening.getsockname()[1], accepted
    finally:
        listening.shutdown(socket.SHUT_RDWR)
        listening.close()
        listener.join(timeout=5)
        for connection in accepted:
            connection.close()


async def _connected(served: Served, box: commands.SetMailbox) -> None:
    await asyncio.wrap_future(served.desk.writer.submit(DESK, lambda tx: set_mailbox(tx, served.desk.context, box)))


async def _answered(served: Served, brand: str, to: str, subject: str) -> None:
    host, ana = await served.caller(), await served.sign_in("ana")
    opened = await host.ask(commands.ImportMail("x.eml", raw_mail(to, subject, "Where is it?"), brand))
    await ana.ask(commands.Reply(opened.ticket, NOW, "It comes tomorrow.", then="resolve"))


async def _states(served: Served) -> str:
    return str(await scalar(served, "SELECT group_concat(brand_id || ' ' || state, ', ') FROM outbox ORDER BY id"))


async def _becomes(served: Served, states: str) -> None:
    for _ in range(1500):
        if await _states(served) == states:
            return
        await asyncio.sleep(0.01)
    raise AssertionError(f"{await _states(served)}, not {states}")


@on_a_loop
async def test_a_server_that_never_answers_holds_up_its_own_brand_only(
    tmp_path: Path, servers: tuple[MailServer, SendServer]
) -> None:
    """Without lanes the second brand's mail would wait half a minute for each mail of the first."""
    mail, post = servers
    before = len(mail.received(BOB))
    with silent_server() as (port, accepted):
        async with serve(tmp_path, brands=(ECOLAB, SHOP), real_post=True) as served:
            await _connected(served, mailbox_of(mail, port, "care@desk.test", "ecolab", sent="none"))
            await _connected(served, mailbox_of(mail, post, "sales@desk.test", "shop", sent="none"))
            for number in range(3):
                await _answered(served, "ecolab", ANA, f"stuck {number}")
            await until(lambda: bool(accepted))
            began = asyncio.get_running_loop().time()
            await _answered(served, "shop", BOB, "free")
            await _becomes(served, "ecolab sending, ecolab held, ecolab held, shop sent")
            took = asyncio.get_running_loop().time() - began
            while_held = len(accepted)
            for connection in accepted:
                connection.close()
            await _becomes(served, "ecolab queued, ecolab queued, ecolab queued, shop sent")
            notes = await scalar(served, "SELECT count(*) FROM outbox WHERE trouble LIKE 'not delivered yet since %'")

    assert len(mail.received(BOB)) == before + 1
    assert (while_held, notes) == (1, 3)
    assert took < 10, "far less than the 30 s for which one silent server is waited for"


@on_a_loop
async def test_a_server_that_comes_back_gets_what_waited(
    tmp_path: Path, servers: tuple[MailServer, SendServer]
) -> None:
    mail, post = servers
    before = len(mail.received(ANA))
    with socket.create_server((HOST, 0)) as nobody:
        port = nobody.getsockname()[1]
    async with serve(tmp_path, brands=(ECOLAB,), real_post=True) as served:
        await _connected(served, mailbox_of(mail, port, "care@desk.test", "ecolab", sent="none"))
        await _answered(served, "ecolab", ANA, "one")
        await _becomes(served, "ecolab queued")
        await _connected(served, mailbox_of(mail, post, "care@desk.test", "ecolab", sent="none"))
        await _becomes(served, "ecolab sent")

    assert len(mail.received(ANA)) == before + 1


@on_a_loop
async def test_a_brand_whose_mailbox_is_connected_later_sends_what_waited(
    tmp_path: Path, servers: tuple[MailServer, SendServer]
) -> None:
    mail, post = servers
    async with serve(tmp_path, brands=(ECOLAB, IST), real_post=True) as served:
        await _answered(served, "ist", ANA, "later")
        served.clock.move(timedelta(seconds=11))
        await _becomes(served, "ist queued")
        before = len(mail.received(ANA))
        await _connected(served, mailbox_of(mail, post, "care@desk.test", "ist", sent="none"))
        await _becomes(served, "ist sent")

    assert len(mail.received(ANA)) == before + 1


@on_a_loop
async def test_a_mail_that_a_slow_server_is_still_taking_is_not_in_doubt(
    tmp_path: Path, servers: tuple[MailServer, SendServer]
) -> None:
    """The lease of a mail is two minutes, and is renewed for as long as somebody is at it."""
    mail, post = servers
    with silent_server() as (port, accepted):
        async with serve(tmp_path, brands=(ECOLAB, SHOP), real_post=True) as served:
            await _connected(served, mailbox_of(mail, port, "care@desk.test", "ecolab", sent="none"))
            await _connected(served, mailbox_of(mail, post, "sales@desk.test", "shop", sent="none"))
            await _answered(served, "ecolab", ANA, "slow")
            await until(lambda: bool(accepted))
            for _ in range(5):
                lease = await scalar(served, "SELECT lease_until FROM outbox")
                served.clock.move(timedelta(seconds=60))
                await _changes(served, "SELECT lease_until FROM outbox", lease)
            await _answered(served, "shop", BOB, "meanwhile")
            await _becomes(served, "ecolab sending, shop sent")
            accepted[0].close()
            await _becomes(served, "ecolab queued, shop sent")


async def _changes(served: Served, sql: str, before: object) -> None:
    for _ in range(1500):
        if await scalar(served, sql) != before:
            return
        await asyncio.sleep(0.01)
    raise AssertionError(f"{sql} stays {before}")
