"""PROMISES 15, H8: whoever a mail says it is from, and whatever it names, another customer's case stays shut to it."""

import random
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import msgspec
import pytest

from agentconsole.services.mailboxes import set_mailbox
from agentconsole.wire import commands as wire
from tests.desk_bench import Bench, mailbox_nowhere, open_bench

ROSA, EVE = "rosa@example.org", "eve@example.net"
OURS = "mx.desk.test"
SECRET = "canary-4471"
FAILED = f"Authentication-Results: {OURS}; dmarc=fail header.from=example.org\r\n"
PASSED = f"Authentication-Results: {OURS}; dmarc=pass header.from=example.org\r\n"
OF_ANOTHER = "Authentication-Results: mx.eve.test; dmarc=pass header.from=example.org\r\n"

# What stands in the headers, and whether a mail with it may join Rosa's case.
NOT_ROSA = (
    f"From: Eve <{EVE}>\r\n",
    f"From: {ROSA} <{EVE}>\r\n",
    f'From: "Rosa Prado <{ROSA}>" <{EVE}>\r\n',
    f"From: Eve <{EVE}> ({ROSA})\r\n",
    f"From: Eve <{EVE}>\r\nSender: {ROSA}\r\n",
    f"From: Eve <{EVE}>\r\nReply-To: {ROSA}\r\n",
    f"From: Eve <{EVE}>\r\nResent-From: {ROSA}\r\n",
    f"From: Eve <{EVE}>\r\nReturn-Path: <{ROSA}>\r\n",
    f"From: Eve <{EVE}>\r\nFrom: Rosa <{ROSA}>\r\n",
    f"From: =?utf-8?q?Rosa_=3C{ROSA}=3E?= <{EVE}>\r\n",
    "From: Rosa <rosa@example.org.eve.test>\r\n",
    "From: Rosa <rosa+eve@example.org>\r\n",
    "From: Rosa <r\u043esa@example.org>\r\n",
    "From: Rosa <rosa@example.org\x00@eve.test>\r\n",
    f"From: friends: Eve <{EVE}>;\r\n",
    "From: \r\n",
    "",
)
DISPROVED = (
    f"{FAILED}From: Rosa <{ROSA}>\r\n",
    f"{FAILED}{PASSED}From: Rosa <{ROSA}>\r\n",
    f"{FAILED}{OF_ANOTHER}From: Rosa <{ROSA}>\r\n",
    f"{FAILED}Received: by mx.eve.test\r\n{PASSED}From: Rosa <{ROSA}>\r\n",
    f"{PASSED}Sender: {ROSA}\r\n",
    f"{PASSED}From: \r\nSender: {ROSA}\r\n",
    f"{PASSED}From: Rosa <{ROSA}>, Eve <{EVE}>\r\n",
    f"{PASSED}From: Rosa <{ROSA}>\r\nFrom: Eve <{EVE}>\r\n",
)


@dataclass
class Case:
    """Hold Rosa's case, and what of it is in the mails she has had."""

    bench: Bench
    address: str
    message_id: str

    def proofs(self) -> tuple[str, ...]:
        """Return the headers by which an answer of hers would join."""
        return (
            f"To: {self.address}\r\n",
            f"To: care@desk.test\r\nCc: {ROSA}, {self.address}\r\n",
            f"In-Reply-To: {self.message_id}\r\n",
            f"References: <x@y> {self.message_id}\r\n",
            f"To: {self.address}\r\nIn-Reply-To: {self.message_id}\r\nSubject: Re: order [#1-3]\r\n",
            "Subject: Re: Where is my order? [#1-3]\r\n",
        )

    def entries(self) -> list[str]:
        """Return the addresses that the case's entries are from."""
        return [entry.email.verbatim() for entry in self.bench.case("ana", 1).contacts if entry.author == "customer"]


@contextmanager
def _case(folder: Path) -> Iterator[Case]:
    """Open a case of Rosa's that was answered, and in which she has copied Eve."""
    box = msgspec.structs.replace(mailbox_nowhere("care@desk.test"), authserv_ids=(OURS,))
    with open_bench(folder) as bench:
        bench.write(lambda tx: set_mailbox(tx, bench.desk.context, box))
        bench.mail(f"Rosa Prado <{ROSA}>", f"Where is {SECRET}?", f"My order {SECRET} has not come.")
        bench.do("ana", wire.Reply(1, 10_000, f"It is {SECRET}."))
        (mail,) = bench.deliver()
        assert mail.reply_to is not None
        case = Case(bench, mail.reply_to.email, mail.message_id)
        bench.raw_mail(_mail(f"From: Rosa <{ROSA}>\r\nCc: Eve <{EVE}>\r\n", case.proofs()[2], "I have copied Eve."))
        yield case


def _mail(head: str, proof: str, text: str = "Send it to me instead.") -> bytes:
    return f"{head}{proof}Message-ID: <{abs(hash((head, proof, text)))}@m>\r\n\r\n{text}\r\n".encode()


@pytest.mark.parametrize("heads", [NOT_ROSA, DISPROVED], ids=["not Rosa", "disproved"])
def test_h8_no_forged_mail_joins_another_customer_s_case(tmp_path: Path, heads: tuple[str, ...]) -> None:
    with _case(tmp_path) as case:
        before = case.entries()
        joined = []
        for head in heads:
            for proof in case.proofs():
                filed = case.bench.raw_mail(_mail(head, proof))
                if filed.outcome != "new" or filed.ticket == 1:
                    joined.append((head, proof, filed))
        after = case.entries()

    assert joined == []
    assert before == after == [ROSA, ROSA]


def test_h8_the_same_ways_are_open_to_the_customer_herself(tmp_path: Path) -> None:
    """The negative control: what keeps Eve out is who she is. A number in a subject opens to nobody."""
    with _case(tmp_path) as case:
        heads = (f"From: Rosa <{ROSA}>\r\n", f"{PASSED}From: Rosa <{ROSA}>\r\n")
        filed = [case.bench.raw_mail(_mail(head, proof)).outcome for head in heads for proof in case.proofs()]

    assert filed == [*["joined"] * 5, "new"] * 2


@pytest.mark.timeout(3600)
@pytest.mark.parametrize("count", [60, pytest.param(5_000, marks=pytest.mark.long)])
def test_h8_no_made_up_mix_of_headers_joins(tmp_path: Path, count: int) -> None:
    chance = random.Random(count)
    with _case(tmp_path) as case:
        proofs = case.proofs()
        for number in range(count):
            parts = [chance.choice((*NOT_ROSA, *DISPROVED)), *chance.sample(proofs, 3), f"X-N: {number}\r\n"]
            if FAILED not in parts[0]:
                parts += chance.sample((PASSED, OF_ANOTHER, f"Sender: {ROSA}\r\n", f"Cc: {ROSA}\r\n"), 2)
            head, rest = parts[0], parts[1:]
            chance.shuffle(rest)
            filed = case.bench.raw_mail(_mail(head, "".join(rest)))
            assert (filed.outcome, filed.ticket == 1) == ("new", False), (head, rest)

        assert case.entries() == [ROSA, ROSA]


def test_h8_no_automatic_mail_tells_what_is_in_another_case_or_what_a_stranger_wrote(tmp_path: Path) -> None:
    with _case(tmp_path) as case:
        for proof in case.proofs():
            case.bench.raw_mail(_mail(f"From: Eve <{EVE}>\r\n", proof, f"Tell me, or {SECRET}"))
            case.bench.move(hours=13)
        sent = [mail for mail in case.bench.deliver() if mail.to[0].email == EVE]

    assert sent
    assert all(mail.automatic for mail in sent)
    assert [mail for mail in sent if SECRET in f"{mail.subject}{mail.text}" or ROSA in str(mail)] == []


@pytest.mark.parametrize(("results", "known"), [(PASSED, "pass"), (FAILED, "fail"), (OF_ANOTHER, "none"), ("", "none")])
def test_h8_a_case_says_what_our_own_server_found_out_about_its_sender(
    tmp_path: Path, results: str, known: str
) -> None:
    with _case(tmp_path) as case:
        filed = case.bench.raw_mail(_mail(f"{results}From: Rosa <{ROSA}>\r\n", ""))
        (entry,) = case.bench.case("ana", filed.ticket or 0).contacts

    assert entry.auth == known
