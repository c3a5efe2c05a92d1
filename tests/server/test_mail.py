"""Mail through real servers: in by IMAP, out by SMTP, joined, bounced, and never twice."""

import asyncio
import os
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager
from email import message_from_bytes, policy
from email.message import EmailMessage
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa
from msgspec.structs import replace

from agentconsole.config.clock import SystemClock
from agentconsole.config.paths import DeskPaths
from agentconsole.domain.errors import Refused
from agentconsole.server import mail_in
from agentconsole.wire import commands, queries
from agentconsole.wire.rows import CaseView
from tests.desk_bench import mailbox_nowhere, raw_mail
from tests.server.mail_desk import mailbox_of
from tests.server_bench import Caller, Served, on_a_loop, scalar, serve
from tests.servers import BOUNCING_DOMAIN, MailServer, SendServer, dovecot, postfix

CARE, ANA = "care@desk.test", "ana@customers.test"
NOBODY = f"nobody@{BOUNCING_DOMAIN}"


@pytest.fixture(scope="module")
def servers() -> Iterator[tuple[MailServer, SendServer]]:
    """Run a Dovecot and a Postfix that delivers into it."""
    with dovecot() as mail, postfix(mail) as post:
        yield mail, post


@pytest.fixture(autouse=True)
def _quick(monkeypatch: pytest.MonkeyPatch) -> None:
    """Wait less where a person would not mind: the watcher looks whether it shall stop, and comes back, sooner."""
    monkeypatch.setattr(mail_in, "IDLE_SECONDS", 3.0)
    monkeypatch.setattr(mail_in, "FIRST_PAUSE", 0.2)


def _connect(servers: tuple[MailServer, SendServer], address: str, **changed: Any) -> commands.SetMailbox:
    return mailbox_of(*servers, address, "", **changed)


@asynccontextmanager
async def _desk(
    folder: Path, servers: tuple[MailServer, SendServer], address: str, paths: DeskPaths | None = None
) -> AsyncIterator[tuple[Served, Caller]]:
    # The mail server says when it had a mail: a desk that lives in another week would find all of them late.
    async with serve(folder, real_post=True, paths=paths, at=SystemClock().now()) as served:
        if paths is None:
            await (await served.caller()).ask(_connect(servers, address))
        yield served, await served.sign_in("ana")


async def _case(caller: Caller, number: int, entries: int) -> CaseView:
    """Wait until a case has so many entries."""
    for _ in range(1500):
        found = await caller.ask(queries.Search(f"#{number}"))
        if number in {row.ticket for row in found.rows}:
            case: CaseView = (await caller.ask(queries.ReadCase(number))).case
            if len(case.contacts) >= entries and not [
                one for one in case.contacts if one.delivery in ("held", "sending")
            ]:
                return case
        await asyncio.sleep(0.02)
    raise AssertionError(f"case {number} never had {entries} entries")


def _parsed(raw: bytes) -> EmailMessage:
    message = message_from_bytes(raw, policy=policy.default)
    assert isinstance(message, EmailMessage)
    return message


@on_a_loop
async def test_a_mail_becomes_a_case_is_answered_and_its_answer_joins(
    tmp_path: Path, servers: tuple[MailServer, SendServer]
) -> None:
    mail, _ = servers
    async with _desk(tmp_path, servers, CARE) as (_, ana):
        mail.drop(CARE, raw_mail(f"Ana <{ANA}>", "Parcel", "Where is it?", message_id="<p1@customers.test>"), "001.a")
        await _case(ana, 1, 1)
        await ana.ask(commands.Reply(1, 99, "It comes tomorrow.\n.\nFrom us", then="resolve"))
        answer = _parsed((await asyncio.to_thread(mail.wait_received, ANA, 1))[0])
        answered = await _case(ana, 1, 2)
        back = raw_mail(ANA, "Thank you", "It is here.", to=answer["Reply-To"], message_id="<p2@customers.test>")
        mail.drop(CARE, back, "002.a")
        joined = await _case(ana, 1, 3)

    assert answer["From"].addresses[0].addr_spec == CARE
    assert (answer["In-Reply-To"], answer["References"]) == ("<p1@customers.test>", "<p1@customers.test>")
    assert answer["Subject"] == "Re: Parcel [#1-3]"
    assert answer["Auto-Submitted"] is None
    assert answer.get_content().splitlines() == ["It comes tomorrow.", ".", "From us"]
    assert [one.delivery for one in answered.contacts] == ["", "sent"]
    assert answered.status == "resolved"
    assert (joined.status, joined.contacts[-1].text.lines().strip()) == ("open", "It is here.")


@pytest.mark.parametrize(
    ("believed", "shown"), [((), ["", ""]), (("mx.desk.test",), ["fail", "pass"]), (("mx.other.test",), ["", ""])]
)
@on_a_loop
async def test_a_forged_sender_is_marked_where_the_mailbox_s_own_server_is_believed(
    tmp_path: Path, servers: tuple[MailServer, SendServer], believed: tuple[str, ...], shown: list[str]
) -> None:
    """PROMISES H8: the mail server has checked the sender, and says so above what the sender wrote himself."""
    mail, _ = servers
    box = f"checked-{'-'.join(believed) or 'not'}@desk.test"
    own = b"Authentication-Results: mx.desk.test; dmarc=%s header.from=customers.test\r\n"
    said_by_himself = b"Authentication-Results: mx.desk.test; dmarc=pass header.from=customers.test\r\n"
    async with serve(tmp_path, real_post=True, at=SystemClock().now()) as served:
        await (await served.caller()).ask(_connect(servers, box, authserv_ids=believed))
        ana = await served.sign_in("ana")
        forged = raw_mail(f"Ana <{ANA}>", "Refund", "To my new account, please.", message_id="<f1@customers.test>")
        mail.drop(box, own % b"fail" + said_by_himself + forged, "001.a")
        first = await _case(ana, 1, 1)
        honest = raw_mail("bo@customers.test", "Parcel", "Where is it?", message_id="<h1@customers.test>")
        mail.drop(box, own % b"pass" + honest, "002.a")
        second = await _case(ana, 2, 1)

    told = [case.contacts[0].auth.replace("none", "") for case in (first, second)]
    assert told == shown


@on_a_loop
async def test_an_answer_to_nobody_comes_back_and_its_case_with_it(
    tmp_path: Path, servers: tuple[MailServer, SendServer]
) -> None:
    mail, _ = servers
    box = "sales@desk.test"
    async with _desk(tmp_path, servers, box) as (served, ana):
        mail.drop(box, raw_mail(f"Nobody <{NOBODY}>", "Parcel", "Where is it?"), "001.a")
        await _case(ana, 1, 1)
        await ana.ask(commands.Reply(1, 99, "It comes tomorrow.", then="resolve"))
        case = await _case(ana, 1, 3)
        page = (await ana.ask(queries.ReadQueue("team"))).page

    assert case.status == "open"
    assert [(one.author, one.kind, one.delivery) for one in case.contacts] == [
        ("customer", "message", ""),
        ("agent", "message", "failed"),
        ("bounce", "bounce", ""),
    ]
    assert [row.ticket for row in page.rows] == [1]
    assert [clock.met_at for clock in case.clocks if clock.standard == "email-first"] == [None]
    assert served.running.done()


@on_a_loop
async def test_a_mailbox_that_was_numbered_anew_doubles_nothing(
    tmp_path: Path, servers: tuple[MailServer, SendServer]
) -> None:
    mail, _ = servers
    box = "renumbered-desk@desk.test"
    for number in range(5):
        raw = raw_mail(f"c{number}@customers.test", f"case {number}", "Where is it?")
        mail.drop(box, raw, f"00{number}.a")
    async with _desk(tmp_path, servers, box) as (served, ana):
        await _case(ana, 5, 1)
    for index in (*mail.maildir(box).glob("dovecot.*"), mail.maildir(box) / "dovecot-uidlist"):
        index.unlink()

    async with serve(tmp_path, real_post=True, paths=served.paths, at=served.clock.now()) as again:
        mail.drop(box, raw_mail("new@customers.test", "after", "Where is it?"), "009.a")
        sam = await again.sign_in("sam")
        await _case(sam, 6, 1)
        states = await _states(again)

    assert states == {"again": 5, "filed": 6}


async def _states(served: Served) -> dict[str, int]:
    return await asyncio.wrap_future(
        served.desk.reader.submit(
            lambda s: {
                state: number
                for state, number in s.execute(sa.text("SELECT state, count(*) FROM raw_mail GROUP BY state"))
            }
        )
    )


@on_a_loop
async def test_another_mailbox_with_the_same_numbers_is_another_mailbox(
    tmp_path: Path, servers: tuple[MailServer, SendServer]
) -> None:
    """Two servers may both have given UID 1 under one UIDVALIDITY; what is read must not be taken for known."""
    mail, _ = servers
    first, second = "moved-from@desk.test", "moved-to@desk.test"
    mail.drop(first, raw_mail(ANA, "before", "Where is it?"), "001.a")
    mail.drop(second, raw_mail(ANA, "after", "Where is it?"), "001.a")
    async with _desk(tmp_path, servers, first) as (served, ana):
        await _case(ana, 1, 1)
        numbers = [await scalar(served, "SELECT uidvalidity || ':' || uid FROM mailbox")]
        # The second server has numbered as the first did, down to the last digit.
        uidlist = mail.maildir(second) / "dovecot-uidlist"
        uidlist.write_bytes((mail.maildir(first) / "dovecot-uidlist").read_bytes())
        owner = mail.maildir(second).stat()
        os.chown(uidlist, owner.st_uid, owner.st_gid)

        await (await served.caller()).ask(_connect(servers, second))
        case = await _case(ana, 2, 1)
        numbers.append(await scalar(served, "SELECT uidvalidity || ':' || uid FROM mailbox"))

    assert case.subject.line() == "after"
    assert numbers[0] == numbers[1]


@on_a_loop
async def test_mail_that_came_while_the_server_was_away_is_fetched_when_it_is_back(
    tmp_path: Path, servers: tuple[MailServer, SendServer]
) -> None:
    mail, _ = servers
    box = "away@desk.test"
    async with _desk(tmp_path, servers, box) as (served, ana):
        mail.drop(box, raw_mail(ANA, "one", "Where is it?"), "001.a")
        await _case(ana, 1, 1)
    mail.drop(box, raw_mail(ANA, "two", "Where is it?"), "002.a")

    async with serve(tmp_path, real_post=True, paths=served.paths, at=served.clock.now()) as again:
        sam = await again.sign_in("sam")
        case = await _case(sam, 2, 1)
        states = await _states(again)

    assert (case.subject.line(), states) == ("two", {"filed": 2})


@on_a_loop
async def test_a_password_that_is_wrong_is_said_and_one_that_is_right_again_mends_it(
    tmp_path: Path, servers: tuple[MailServer, SendServer]
) -> None:
    mail, _ = servers
    box = "password@desk.test"
    mail.drop(box, raw_mail(ANA, "one", "Where is it?"), "001.a")
    async with serve(tmp_path, real_post=True) as served:
        host = await served.caller()
        await host.ask(_connect(servers, box, password="wrong"))
        for _ in range(1000):
            boxes = (await host.ask(queries.ReadStatus())).status.mailboxes
            if boxes and "refuses the user name or password" in boxes[0].line():
                break
            await asyncio.sleep(0.02)
        await host.ask(_connect(servers, box))
        ana = await served.sign_in("ana")
        case = await _case(ana, 1, 1)
        after = (await host.ask(queries.ReadStatus())).status.mailboxes

    assert "refuses the user name or password" in boxes[0].line()
    assert case.subject.line() == "one"
    assert "not reachable" not in after[0].line()


@pytest.mark.parametrize("servers", [("mx.desk.test; dmarc=pass",), ("",), ("x" * 300,), ("a",) * 9])
@on_a_loop
async def test_what_is_no_server_s_name_is_not_believed(tmp_path: Path, servers: tuple[str, ...]) -> None:
    async with serve(tmp_path) as served:
        with pytest.raises(Refused, match="authserv_ids: at most 8 names of servers"):
            await (await served.caller()).ask(replace(mailbox_nowhere("care@desk.test", ""), authserv_ids=servers))
