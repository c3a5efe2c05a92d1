"""Mail that cannot leave yet: tried for days, told of after hours, and gone at once when its mailbox is there."""

from datetime import timedelta

import pytest
from sqlmodel import Session, select

from agentconsole.channels.email.smtp import Refusal
from agentconsole.queries.status import examine_rows
from agentconsole.server.mail_out import SmtpPostman, send
from agentconsole.server.sent_mail import SentMail
from agentconsole.services import outbox_leaving
from agentconsole.services.mailboxes import set_mailbox
from agentconsole.storage.tables.outbox import Outbox
from agentconsole.wire import commands as wire
from tests.desk_bench import Bench, mailbox_nowhere

NOW = 10_000
LATER = Refusal(False, "try again later")
DOWN = Refusal(False, "the server does not answer", down=True)
BOX = mailbox_nowhere("care@desk.test")


def _mails(bench: Bench) -> list[Outbox]:
    def read(session: Session) -> list[Outbox]:
        return list(session.exec(select(Outbox).order_by("id")).all())

    return bench.read(read)


def _mail(bench: Bench) -> Outbox:
    return _mails(bench)[-1]


def _connect(bench: Bench) -> None:
    bench.write(lambda tx: set_mailbox(tx, bench.desk.context, BOX))


def _answered(bench: Bench, then: str = "resolve") -> None:
    bench.do("ana", wire.Reply(bench.ticket(), NOW, "Dear Rosa", then=then))


def _through_smtp(bench: Bench) -> None:
    """Let the hold pass and hand over what is due to whatever mailbox there is."""
    bench.clock.move(timedelta(seconds=bench.desk.context.hold_seconds + 1))
    postman = SmtpPostman(bench.desk, SentMail(bench.desk))
    for parcel in bench.write(lambda tx: outbox_leaving.collect(tx, bench.desk.context, bench.desk.holder, 1)):
        send(bench.desk, postman, parcel)


def _refused_for(bench: Bench, span: timedelta) -> list[float]:
    """Refuse the mail at each of its tries until so much time has passed; returns the pauses between them."""
    until = bench.clock.now() + span
    pauses = []
    while bench.clock.now() < until and _mail(bench).state in ("held", "queued"):
        bench.deliver(LATER)
        pauses.append((_mail(bench).not_before - bench.clock.now()).total_seconds())
        bench.clock.at = max(_mail(bench).not_before, bench.clock.at)
    return pauses


def test_a_mail_is_tried_ever_more_seldom_and_at_least_each_half_hour(bench: Bench) -> None:
    """RFC 5321 section 4.5.4.1: often at first, then at least 30 minutes apart."""
    _answered(bench)

    pauses = _refused_for(bench, timedelta(hours=4))

    assert pauses[:7] == [30, 60, 120, 240, 480, 960, 1800]
    assert set(pauses[7:]) == {1800}


@pytest.mark.parametrize(("days", "state"), [(4.9, "queued"), (5.1, "failed")])
def test_a_mail_that_may_be_tried_again_is_given_up_after_five_days(bench: Bench, days: float, state: str) -> None:
    """RFC 5321 section 4.5.4.1: the give-up time is at least four to five days."""
    _answered(bench)

    _refused_for(bench, timedelta(days=days))

    assert _mail(bench).state == state
    assert _mail(bench).attempts > 200


def test_a_mail_that_was_given_up_says_how_long_it_was_tried(bench: Bench) -> None:
    _answered(bench)

    _refused_for(bench, timedelta(days=6))

    assert _mail(bench).trouble == "given up after 5 days: try again later"
    assert bench.committed[-1].news == ("Case 1-3: the mail was not sent (given up after 5 days: try again later)",)


def test_a_mail_that_is_refused_for_good_fails_at_once(bench: Bench) -> None:
    _answered(bench)

    bench.deliver(Refusal(True, "550 no such user"))

    assert (_mail(bench).state, _mail(bench).attempts) == ("failed", 1)


def test_a_case_says_since_when_its_mail_waits_and_when_it_is_tried_next(bench: Bench) -> None:
    """The bench's Monday begins at 10:00 in London."""
    _answered(bench)
    bench.deliver(LATER)
    bench.clock.move(timedelta(minutes=5))

    bench.deliver(LATER)

    entry = bench.case("ana", 1).contacts[-1]
    note = "not delivered yet since 10:00, next try 10:06: try again later"
    assert (entry.delivery, entry.delivery_note.line()) == ("queued", note)


def test_a_wait_over_midnight_is_told_with_its_days(bench: Bench) -> None:
    _answered(bench)
    _refused_for(bench, timedelta(hours=20))

    assert _mail(bench).trouble.startswith("not delivered yet since Mon 10:00, next try 0")


def test_a_case_whose_mail_waits_comes_back_after_four_hours_and_only_once(bench: Bench) -> None:
    _answered(bench)
    _refused_for(bench, timedelta(hours=3, minutes=50))
    early = (bench.page("ana").total, [news for one in bench.committed for news in one.news if "not delivered" in news])

    _refused_for(bench, timedelta(hours=8))

    told = [news for one in bench.committed for news in one.news if "not delivered" in news]
    assert early == (0, [])
    assert (bench.page("ana").total, bench.row(1).next_verb) == (1, "reply")
    assert told == ["Case 1-3: its mail is not delivered yet since 10:00 (try again later)"]


def test_a_mail_that_leaves_late_counts_and_moves_its_case_on(bench: Bench) -> None:
    _answered(bench)
    _refused_for(bench, timedelta(hours=8))

    bench.deliver()

    assert (_mail(bench).state, _mail(bench).trouble, bench.row(1).status) == ("sent", "", "resolved")


def test_the_log_has_the_first_try_and_not_all_of_them(bench: Bench) -> None:
    _answered(bench)

    _refused_for(bench, timedelta(days=2))

    assert len(bench.events("mail.retried")) == 1


def test_a_server_that_is_down_puts_off_all_mail_of_its_brand_at_the_cost_of_one_try(bench: Bench) -> None:
    for _ in range(3):
        _answered(bench)
    bench.clock.move(timedelta(seconds=11))
    (parcel,) = bench.write(lambda tx: outbox_leaving.collect(tx, bench.desk.context, bench.desk.holder, 1))
    bench.post.outcome = DOWN

    send(bench.desk, bench.post, parcel)

    assert [(mail.state, mail.attempts) for mail in _mails(bench)] == [("queued", 1)] * 3
    assert {mail.trouble for mail in _mails(bench)} == {
        "not delivered yet since 10:00, next try 10:00: the server does not answer"
    }
    assert bench.read(lambda session: outbox_leaving.brands_with_work(session, bench.clock.now())) == ()


def test_a_mail_that_is_refused_for_itself_keeps_no_other_waiting(bench: Bench) -> None:
    for _ in range(2):
        _answered(bench)
    bench.clock.move(timedelta(seconds=11))
    (parcel,) = bench.write(lambda tx: outbox_leaving.collect(tx, bench.desk.context, bench.desk.holder, 1))
    bench.post.outcome = LATER

    send(bench.desk, bench.post, parcel)

    assert [mail.state for mail in _mails(bench)] == ["queued", "held"]
    assert bench.read(lambda session: outbox_leaving.brands_with_work(session, bench.clock.now())) == ("ecolab",)


def test_mail_of_a_brand_without_a_mailbox_waits_for_weeks_and_says_why(bench: Bench) -> None:
    for _ in range(2):
        _answered(bench)

    for _ in range(21):
        _through_smtp(bench)
        bench.clock.move(timedelta(days=1))

    why = "no mailbox is connected for ecolab; `agentconsole mail connect` connects one"
    assert [(mail.state, mail.trouble) for mail in _mails(bench)] == [("queued", why)] * 2
    assert bench.page("ana").total == 2


def test_the_doctor_names_a_brand_whose_mail_waits_for_a_mailbox(bench: Bench) -> None:
    _answered(bench)
    _through_smtp(bench)

    findings = bench.read(lambda session: examine_rows(session, bench.clock.now()))

    assert [finding.sentence.line() for finding in findings if finding.subject == "outbox"] == [
        "1 mail of ecolab wait since 2026-11-23 10:00 UTC for a mailbox: "
        "`agentconsole mail connect --brand ecolab` lets them go."
    ]


def test_the_doctor_names_a_brand_whose_mail_server_takes_nothing(bench: Bench) -> None:
    _connect(bench)
    _answered(bench)
    _through_smtp(bench)

    findings = bench.read(lambda session: examine_rows(session, bench.clock.now()))

    (said,) = [finding.sentence.line() for finding in findings if finding.subject == "outbox"]
    assert said.startswith("1 mail of ecolab could not be sent since 2026-11-23 10:00 UTC: not delivered yet since")
    assert "127.0.0.1 cannot be used: " in said


def test_mail_that_waited_for_a_mailbox_goes_at_once_when_there_is_one(bench: Bench) -> None:
    _answered(bench)
    _through_smtp(bench)

    _connect(bench)

    assert bench.read(lambda session: outbox_leaving.brands_with_work(session, bench.clock.now())) == ("ecolab",)
    assert len(bench.deliver()) == 1
    assert (_mail(bench).state, bench.row(1).status) == ("sent", "resolved")


def test_the_days_without_a_mailbox_are_no_days_of_trying(bench: Bench) -> None:
    _answered(bench)
    _through_smtp(bench)
    bench.clock.move(timedelta(days=30))
    _connect(bench)

    bench.deliver(LATER)

    assert _mail(bench).state == "queued"
