"""Mail on its way out: an answer counts when it has left, and its case comes back when it has not (PROMISES 6)."""

from datetime import timedelta

import pytest
from sqlmodel import Session, select

from agentconsole.channels.email.smtp import Refusal, Unknown
from agentconsole.domain.errors import Refused
from agentconsole.domain.terms import Status
from agentconsole.services import outbox_leaving
from agentconsole.services.tickets import find_ticket, set_status
from agentconsole.storage.tables.outbox import Outbox
from agentconsole.storage.transaction import Tx
from agentconsole.wire import commands as wire
from tests.desk_bench import MONDAY, Bench

NOW = 10_000
NO_SUCH_USER = Refusal(True, "there is no such user")
LATER = Refusal(False, "try again later")
LOST = Unknown("the connection was lost")


def _mail(bench: Bench) -> Outbox:
    def newest(session: Session) -> Outbox:
        return session.exec(select(Outbox).order_by("id")).all()[-1]

    return bench.read(newest)


def _report(message_id: str, action: str = "failed", status: str = "5.1.1") -> bytes:
    return (
        "From: MAILER-DAEMON@mx.example.org\r\nTo: care@desk.test\r\nSubject: Undelivered Mail\r\n"
        "Message-ID: <bounce.1@mx.example.org>\r\nReturn-Path: <>\r\nAuto-Submitted: auto-replied\r\n"
        'Content-Type: multipart/report; report-type=delivery-status; boundary="b"\r\n\r\n'
        "--b\r\nContent-Type: text/plain\r\n\r\nIt could not be delivered.\r\n"
        "--b\r\nContent-Type: message/delivery-status\r\n\r\nReporting-MTA: dns; mx.example.org\r\n\r\n"
        f"Final-Recipient: rfc822; rosa@example.org\r\nAction: {action}\r\nStatus: {status}\r\n\r\n"
        f"--b\r\nContent-Type: message/rfc822\r\n\r\nMessage-ID: {message_id}\r\nSubject: x\r\n\r\nx\r\n--b--\r\n"
    ).encode()


@pytest.mark.parametrize(("then", "status"), [("open", "open"), ("resolve", "resolved"), ("wait", "waiting")])
def test_a_reply_counts_and_moves_its_case_on_only_when_it_has_left(bench: Bench, then: str, status: str) -> None:
    bench.ticket()
    bench.do("ana", wire.Reply(1, NOW, "Dear Rosa", then=then))

    held = (bench.row(1).status, bench.row(1).next_verb, bench.clocks(1)["email-first"].met_at)
    (mail,) = bench.deliver()

    assert held == ("new", "sending", None)
    assert mail.text == "Dear Rosa"
    assert bench.row(1).status == status
    assert bench.clocks(1)["email-first"].met_at == bench.clock.now()
    assert _mail(bench).state == "sent"


def test_a_case_that_will_be_resolved_leaves_the_list_while_its_mail_is_held(bench: Bench) -> None:
    bench.ticket()

    bench.do("ana", wire.Reply(1, NOW, "Dear Rosa", then="resolve"))

    assert bench.page("ana").rows == ()
    assert bench.page("ana").counts.team == 0


def test_nothing_leaves_before_the_hold_is_over(bench: Bench) -> None:
    bench.ticket()
    done = bench.do("ana", wire.Reply(1, NOW, "Dear Rosa"))

    assert done.held_until == bench.clock.now() + timedelta(seconds=10)
    for seconds, leaves in ((9, 0), (1, 1)):
        bench.clock.move(timedelta(seconds=seconds))
        assert len(bench.write(lambda tx: outbox_leaving.collect(tx, bench.desk.context, "me"))) == leaves


def test_a_mail_is_addressed_and_threaded_as_the_customer_s_program_expects(bench: Bench) -> None:
    bench.mail("Rosa Prado <rosa@example.org>", "Re: AW: Order", "Where?", message_id="<first@example.org>")
    bench.do("ana", wire.Reply(1, NOW, "Which one?"))

    (mail,) = bench.deliver()

    assert (mail.subject, mail.in_reply_to, mail.references) == (
        "Re: Order [#1-3]",
        "<first@example.org>",
        ("<first@example.org>",),
    )
    assert mail.to[0].email == "rosa@example.org"
    assert mail.reply_to is not None
    assert mail.reply_to.email.startswith("ecolab+")
    assert not mail.automatic


def test_every_attempt_of_a_mail_carries_the_same_message_id(bench: Bench) -> None:
    bench.ticket()
    bench.do("ana", wire.Reply(1, NOW, "Dear Rosa"))

    first = bench.deliver(LATER)
    bench.clock.move(timedelta(minutes=1))
    second = bench.deliver()

    assert [mail.message_id for mail in first] == [mail.message_id for mail in second]


@pytest.mark.parametrize("then", ["open", "resolve", "wait"])
@pytest.mark.parametrize(("outcome", "state"), [(NO_SUCH_USER, "failed"), (LOST, "unknown")], ids=["failed", "unknown"])
def test_a_mail_that_did_not_leave_brings_its_case_back(
    bench: Bench, then: str, outcome: Refusal | Unknown, state: str
) -> None:
    bench.ticket()
    bench.do("ana", wire.Reply(1, NOW, "Dear Rosa", then=then))

    bench.deliver(outcome)

    assert (_mail(bench).state, bench.row(1).status) == (state, "new")
    assert bench.page("ana").total == 1
    assert bench.clocks(1)["email-first"].is_running
    assert bench.committed[-1].news[0].startswith("Case 1-3: ")
    entry = bench.case("ana", 1).contacts[-1]
    assert (entry.delivery, entry.delivery_note.line()) == (state, outcome.sentence)


def test_what_was_being_sent_when_the_server_died_is_unknown_and_never_sent_again_by_itself(bench: Bench) -> None:
    bench.ticket()
    bench.do("ana", wire.Reply(1, NOW, "Dear Rosa", then="resolve"))
    bench.clock.move(timedelta(seconds=11))
    bench.write(lambda tx: outbox_leaving.collect(tx, bench.desk.context, "the server that died"))

    bench.write(lambda tx: outbox_leaving.abandon(tx))

    assert (_mail(bench).state, bench.row(1).status, bench.page("ana").total) == ("unknown", "new", 1)
    bench.clock.move(timedelta(days=2))
    assert bench.deliver() == []


def test_a_lease_that_ran_out_leaves_unknown_behind(bench: Bench) -> None:
    bench.ticket()
    bench.do("ana", wire.Reply(1, NOW, "Dear Rosa"))
    bench.clock.move(timedelta(seconds=11))
    bench.write(lambda tx: outbox_leaving.collect(tx, bench.desk.context, "a server that hangs"))

    for seconds, due in ((119, ()), (2, ("ecolab",))):
        bench.clock.move(timedelta(seconds=seconds))
        assert bench.read(lambda session: outbox_leaving.brands_with_work(session, bench.clock.now())) == due
    bench.write(lambda tx: outbox_leaving.collect(tx, bench.desk.context, "me"))

    assert _mail(bench).state == "unknown"


@pytest.mark.parametrize(
    ("decision", "leaves", "state"), [("send", 1, "sent"), ("sent", 0, "sent")], ids=["send again", "it did leave"]
)
def test_a_person_decides_about_an_unknown_mail(bench: Bench, decision: str, leaves: int, state: str) -> None:
    bench.ticket()
    contact = bench.do("ana", wire.Reply(1, NOW, "Dear Rosa", then="resolve")).contact
    bench.deliver(LOST)
    assert contact is not None

    bench.do("ana", wire.Redeliver(contact, decision))

    assert len(bench.deliver()) == leaves
    assert (_mail(bench).state, bench.row(1).status) == (state, "resolved")
    with pytest.raises(Refused, match="nothing to decide"):
        bench.do("ana", wire.Redeliver(contact, decision))


def test_a_decision_that_is_none_is_refused(bench: Bench) -> None:
    bench.ticket()
    contact = bench.do("ana", wire.Reply(1, NOW, "Dear Rosa")).contact
    bench.deliver(LOST)
    assert contact is not None

    with pytest.raises(Refused, match='not "burn"'):
        bench.do("ana", wire.Redeliver(contact, "burn"))


@pytest.mark.parametrize("then", ["open", "resolve", "wait"])
def test_a_bounce_is_filed_on_its_case_withdraws_the_answer_and_is_no_customer_s_reply(bench: Bench, then: str) -> None:
    bench.ticket()
    due = bench.clocks(1)["email-first"].due_at
    bench.do("ana", wire.Reply(1, NOW, "Dear Rosa", then=then))
    (mail,) = bench.deliver()

    filed = bench.raw_mail(_report(mail.message_id))

    assert (filed.outcome, filed.ticket) == ("bounce", 1)
    assert bench.row(1).status == "open"
    clock = bench.clocks(1)["email-first"]
    assert (clock.is_running, clock.due_at) == (True, due)
    assert "email-next" not in bench.clocks(1)
    entries = bench.case("ana", 1).contacts
    assert [(entry.author, entry.kind) for entry in entries][-1] == ("bounce", "bounce")
    assert [entry.delivery for entry in entries if entry.author == "agent"] == ["failed"]


def test_a_delay_that_a_mail_server_reports_takes_no_answer_back(bench: Bench) -> None:
    bench.ticket()
    bench.do("ana", wire.Reply(1, NOW, "Dear Rosa", then="resolve"))
    (mail,) = bench.deliver()

    bench.raw_mail(_report(mail.message_id, "delayed", "4.4.1"))

    assert (_mail(bench).state, bench.row(1).status) == ("sent", "resolved")
    assert bench.clocks(1)["email-first"].met_at is not None


def test_a_bounce_of_a_mail_that_never_counted_withdraws_no_other_answer(bench: Bench) -> None:
    bench.ticket()
    bench.do("ana", wire.Reply(1, NOW, "First"))
    bench.deliver()
    met = bench.clocks(1)["email-first"].met_at
    bench.do("ana", wire.Reply(1, NOW, "Second"))
    (second,) = bench.deliver(LOST)

    bench.raw_mail(_report(second.message_id))

    assert met is not None
    assert bench.clocks(1)["email-first"].met_at == met


def test_an_answer_answers_only_what_was_there_when_it_was_written(bench: Bench) -> None:
    """A second message that comes while the mail is held is unanswered when it has left (issue 2, clocks)."""
    bench.ticket()
    bench.do("ana", wire.Reply(1, NOW, "Which order?", then="resolve"))
    bench.clock.move(timedelta(seconds=4))
    arrived = bench.clock.now()
    bench.mail("rosa@example.org", "Re: order", "And another thing", in_reply_to=_first_id(bench), message_id="<b@x>")

    bench.deliver()

    clocks = bench.clocks(1)
    assert clocks["email-first"].met_at == bench.clock.now()
    assert (clocks["email-next"].started_at, clocks["email-next"].is_running) == (arrived, True)
    assert bench.row(1).status is Status.OPEN
    assert bench.page("ana").total == 1


def _first_id(bench: Bench) -> str:
    return str(bench.scalar("SELECT message_id FROM contact WHERE id = 1"))


def test_a_case_resolved_by_somebody_else_meanwhile_stays_resolved_when_the_mail_leaves(bench: Bench) -> None:
    bench.ticket()
    bench.do("ana", wire.Reply(1, NOW, "Dear Rosa"))
    bench.do("sam", wire.Resolve(1, NOW))

    bench.deliver()

    assert (_mail(bench).state, bench.row(1).status) == ("sent", "resolved")


def test_a_mail_of_a_closed_case_is_noted_as_sent_all_the_same(bench: Bench) -> None:
    bench.ticket()
    contact = bench.do("ana", wire.Reply(1, NOW, "Dear Rosa", then="resolve")).contact
    bench.deliver(LOST)
    bench.do("ana", wire.Resolve(1, NOW))
    assert contact is not None
    bench.write(lambda tx: _close(tx, 1))

    bench.do("ana", wire.Redeliver(contact, "sent"))

    assert (_mail(bench).state, bench.row(1).status) == ("sent", "closed")


def _close(tx: Tx, number: int) -> None:
    set_status(tx, find_ticket(tx, number), Status.CLOSED, "test")


def test_an_answer_that_leaves_keeps_the_promise_of_one(bench: Bench) -> None:
    bench.ticket()
    bench.do("ana", wire.Wait(1, NOW, MONDAY + timedelta(hours=3), "the price"))
    bench.do("ana", wire.Reply(1, NOW, "Dear Rosa, it costs 12", then="wait"))
    bench.deliver()

    bench.move(hours=4)

    assert bench.clocks(1)["promise"].met_at == MONDAY + timedelta(seconds=bench.desk.context.hold_seconds + 1)
    assert bench.events("clock.breached", 1) == []


def test_a_promise_made_while_the_answer_was_held_is_not_kept_by_it(bench: Bench) -> None:
    bench.ticket()
    bench.do("ana", wire.Reply(1, NOW, "Dear Rosa, we will tell you at one"))
    bench.do("ana", wire.Wait(1, NOW, MONDAY + timedelta(hours=3), "the price"))
    bench.deliver()

    bench.move(hours=4)

    assert bench.clocks(1)["promise"].met_at is None
    assert [event.kind for event in bench.events("clock.breached", 1)] == ["clock.breached"]


def test_an_answer_that_comes_back_keeps_no_promise(bench: Bench) -> None:
    bench.ticket()
    bench.do("ana", wire.Wait(1, NOW, MONDAY + timedelta(hours=3), "the price"))
    bench.do("ana", wire.Reply(1, NOW, "Dear Rosa, it costs 12"))
    (mail,) = bench.deliver()

    bench.raw_mail(_report(mail.message_id))

    assert bench.clocks(1)["promise"].is_running


@pytest.mark.parametrize("then", ["open", "resolve"])
def test_who_waits_after_writing_waits_also_when_the_mail_has_left(bench: Bench, then: str) -> None:
    bench.ticket()
    bench.do("ana", wire.Reply(1, NOW, "Dear Rosa, on Friday you will know", then=then))
    bench.do("ana", wire.Wait(1, NOW, MONDAY + timedelta(days=4), "the price"))

    bench.deliver()

    assert bench.row(1).status == "waiting"


@pytest.mark.parametrize("how", ["refused", "bounced"])
def test_the_log_keeps_no_address_of_a_mail_that_did_not_arrive(bench: Bench, how: str) -> None:
    """PROMISES section 6.8: personal text is in the log by reference only."""
    bench.ticket()
    bench.do("ana", wire.Wait(1, NOW))
    bench.do("ana", wire.Reply(1, NOW, "Dear Rosa", then="resolve"))
    if how == "refused":
        bench.deliver(Refusal(True, "550 <rosa@example.org>: no such user"))
    else:
        bench.raw_mail(_report(bench.deliver()[0].message_id))

    assert bench.row(1).status == "open"
    assert not [event.body for event in bench.events() if "rosa" in event.body]
    assert any("rosa@example.org" in news for committed in bench.committed for news in committed.news)
