"""Mail in: never lost, never filed twice, and joined to a case only by proof and a matching sender (PROMISES 5, H8)."""

import hashlib
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest
from sqlmodel import Session, delete, select

from agentconsole.channels.email.sandbox import ParserChild
from agentconsole.channels.email.site import Site
from agentconsole.domain.policy import Pack, Reopen
from agentconsole.server.intake import CUSTOMER, LARGEST_MAIL
from agentconsole.services import intake, leases, sweep
from agentconsole.storage.tables.content import Content
from agentconsole.storage.tables.raw_mail import RawMail
from agentconsole.wire import commands as wire
from tests.desk_bench import ECOLAB, MONDAY, ROSA, SHOP, Bench, open_bench, raw_mail

NOW = 10_000
EVE = "Eve <eve@example.net>"


def _kept(bench: Bench) -> dict[str, str]:
    def read(session: Session) -> dict[str, str]:
        return {row.source: row.state for row in session.exec(select(RawMail)).all()}

    return bench.read(read)


def _keep(bench: Bench, raw: bytes, source: str = "imap:1") -> None:
    """Do what the intake does up to the moment at which it is killed: the mail is kept and not filed."""
    name = bench.desk.context.store.put(raw)
    bench.desk.writer.run(
        CUSTOMER, lambda tx: intake.keep(tx, source=source, sha256=name, brand="ecolab", received_at=MONDAY)
    )


def _finished(bench: Bench) -> int:
    """File what waits, as a server that has joined: of a shared database it files only what it sees waiting twice."""
    me = leases.Joining(bench.desk.holder, bench.desk.place, bench.desk.server_name)
    bench.write(lambda tx: leases.join(tx, me, alone=False))
    return bench.intake.finish_waiting() or bench.intake.finish_waiting()


def _answered(bench: Bench) -> tuple[str, str]:
    """Answer case 1 and return the address that its customer answers to and the mail's Message-ID."""
    bench.do("ana", wire.Reply(1, NOW, "Which order?"))
    (mail,) = bench.deliver()
    assert mail.reply_to is not None
    return mail.reply_to.email, mail.message_id


# Never twice


def test_the_same_arrival_is_filed_once(bench: Bench) -> None:
    raw = raw_mail(ROSA, "Order", "Where?", message_id="<a@x>")

    outcomes = [bench.raw_mail(raw, source="imap:box:1:7").outcome for _ in range(3)]

    assert outcomes == ["new", "again", "again"]
    assert bench.scalar("SELECT count(*) FROM contact") == 1


def test_the_same_bytes_from_elsewhere_are_filed_once(bench: Bench) -> None:
    """A mailbox that was numbered anew (UIDVALIDITY) brings everything once more."""
    raw = raw_mail(ROSA, "Order", "Where?", message_id="<a@x>")

    outcomes = [bench.raw_mail(raw, source=f"imap:box:{validity}:7").outcome for validity in (1, 2, 3)]

    assert outcomes == ["new", "again", "again"]
    assert sorted(_kept(bench).values()) == ["again", "again", "filed"]


def test_two_mails_with_one_message_id_are_two_mails(bench: Bench) -> None:
    outcomes = [bench.mail(from_, "Order", "Where?", message_id="<a@x>").outcome for from_ in (ROSA, EVE)]

    assert outcomes == ["new", "new"]


def test_the_same_bytes_for_two_brands_are_a_case_of_each(tmp_path: Path) -> None:
    with open_bench(tmp_path, brands=(ECOLAB, SHOP)) as bench:
        raw = raw_mail(ROSA, "Order", "Where?")

        outcomes = [bench.raw_mail(raw, brand=brand).outcome for brand in ("ecolab", "shop")]

    assert outcomes == ["new", "new"]


def test_a_mail_that_cannot_be_read_is_not_filed_twice_either(bench: Bench) -> None:
    raw = b"x" * (LARGEST_MAIL + 1)

    outcomes = [bench.raw_mail(raw, source=f"imap:box:{validity}:7").outcome for validity in (1, 2)]

    assert outcomes == ["unparsable", "again"]


def test_what_was_kept_and_not_filed_when_the_server_died_is_filed_at_the_next_start(bench: Bench) -> None:
    for number in range(3):
        _keep(bench, raw_mail(ROSA, f"Order {number}", "Where?"), f"imap:{number}")

    done, again = _finished(bench), bench.intake.finish_waiting()

    assert (done, again) == (3, 0)
    assert set(_kept(bench).values()) == {"filed"}
    assert bench.scalar("SELECT count(*) FROM ticket") == 3


def test_a_kept_mail_whose_file_is_gone_keeps_no_other_waiting(bench: Bench) -> None:
    _keep(bench, raw_mail(ROSA, "Gone", "Where?"), "imap:1")
    name = hashlib.sha256(raw_mail(ROSA, "Gone", "Where?")).hexdigest()
    (bench.desk.paths.raw / name[:2] / name).unlink()
    bench.write(lambda tx: tx.session.exec(delete(Content)))
    _keep(bench, raw_mail(ROSA, "Here", "Where?"), "imap:2")

    _finished(bench)

    assert _kept(bench) == {"imap:1": "unparsable", "imap:2": "filed"}
    assert [event.subject for event in bench.events("mail.lost")] == ["imap:1"]


def test_a_kept_mail_that_comes_again_is_filed_and_not_called_filed_before(bench: Bench) -> None:
    raw = raw_mail(ROSA, "Order", "Where?")
    _keep(bench, raw, "imap:1")

    filed = bench.raw_mail(raw, source="imap:1")

    assert (filed.outcome, _kept(bench)) == ("new", {"imap:1": "filed"})


def test_a_mail_is_on_the_disk_before_anything_else_happens_to_it(bench: Bench) -> None:
    raw = raw_mail(ROSA, "Order", "Where?")
    seen: list[bytes] = []

    bench.intake.take_in(
        source="imap:1",
        brand="ecolab",
        raw=raw,
        received_at=MONDAY,
        noted=lambda _tx: seen.append(bench.desk.context.store.get(hashlib.sha256(raw).hexdigest())),
    )

    assert seen == [raw]


# Which case


def test_an_answer_to_the_address_with_the_token_joins_its_case(bench: Bench) -> None:
    bench.ticket()
    address, _ = _answered(bench)

    filed = bench.mail(ROSA, "Something else altogether", "4471", to=address)

    assert (filed.outcome, filed.ticket) == ("joined", 1)


@pytest.mark.parametrize("header", ["in_reply_to", "references"])
def test_an_answer_that_refers_to_our_mail_joins_its_case(bench: Bench, header: str) -> None:
    bench.ticket()
    _, message_id = _answered(bench)

    filed = bench.mail(ROSA, "Re: order", "4471", **{header: message_id})

    assert (filed.outcome, filed.ticket) == ("joined", 1)


@pytest.mark.parametrize("way", ["token", "reference", "number"])
def test_a_stranger_never_joins_a_case_but_only_proposes_the_link(bench: Bench, way: str) -> None:
    bench.ticket()
    address, message_id = _answered(bench)
    headers = {"token": {"to": address}, "reference": {"in_reply_to": message_id}, "number": {}}[way]
    subject = "Re: order [#1-3]" if way == "number" else "Re: order"
    before = bench.row(1).version

    filed = bench.mail(EVE, subject, "Send it to my address", **headers)

    assert (filed.outcome, filed.ticket) == ("new", 2)
    assert bench.case("ana", 2).link_to == "1-3"
    assert bench.row(1).version == before


@pytest.mark.parametrize("subject", ["Re: order [#1]", "Re: order [#1-3]"])
def test_a_number_in_the_subject_only_proposes_even_for_the_right_sender(bench: Bench, subject: str) -> None:
    bench.ticket()

    filed = bench.mail(ROSA, subject, "4471")

    assert (filed.outcome, filed.ticket) == ("new", 2)
    assert bench.case("ana", 2).link_to == "1-3"


def test_a_token_that_somebody_made_up_proves_nothing(bench: Bench) -> None:
    bench.ticket()
    address, _ = _answered(bench)
    local, _, domain = address.partition("@")
    forged = f"{local[:-1]}{'a' if local[-1] != 'a' else 'b'}@{domain}"

    filed = bench.mail(ROSA, "Re: order", "4471", to=forged)

    assert (filed.outcome, bench.case("ana", 2).link_to) == ("new", "")


@pytest.mark.parametrize(("then", "status"), [("resolve", "resolved"), ("wait", "waiting")])
def test_a_customer_who_writes_again_opens_the_case_again(bench: Bench, then: str, status: str) -> None:
    bench.ticket()
    bench.do("ana", wire.Reply(1, NOW, "Dear Rosa", then=then))
    (mail,) = bench.deliver()
    was = bench.row(1).status

    bench.mail(ROSA, "Re: order", "Still nothing", in_reply_to=mail.message_id)

    assert (was, bench.row(1).status, bench.row(1).fresh) == (status, "open", True)
    assert bench.clocks(1)["email-next"].is_running


def test_a_word_on_a_case_that_ended_long_ago_opens_a_new_one_where_the_pack_says_so(tmp_path: Path) -> None:
    with open_bench(tmp_path) as bench:
        pack = bench.desk.context.shelf.packs[0]
        rules = tuple(
            replace(standard, on_reopen=Reopen.NEW_TICKET, reopen_days=20) if standard.id == "email-first" else standard
            for standard in pack.standards
        )
        _replace_pack(bench, replace(pack, standards=rules))
        bench.ticket()
        bench.do("ana", wire.Reply(1, NOW, "Dear Rosa", then="resolve"))
        (mail,) = bench.deliver()
        bench.clock.move(timedelta(days=15))
        bench.write(lambda tx: sweep.close_old(tx, timedelta(days=14)))
        bench.do("ana", wire.AddNote(1, "She called, all is well."))

        bench.clock.move(timedelta(days=4))
        within = bench.mail(ROSA, "Re: order", "One more thing", in_reply_to=mail.message_id)
        bench.do("ana", wire.Resolve(1, NOW))
        bench.clock.move(timedelta(days=21))
        beyond = bench.mail(ROSA, "Re: order", "It is me again", in_reply_to=mail.message_id)

    assert (within.outcome, within.ticket) == ("joined", 1)
    assert (beyond.outcome, beyond.ticket) == ("new", 2)


def test_it_counts_from_the_resolving_and_not_from_the_closing_how_long_a_case_is_over(tmp_path: Path) -> None:
    with open_bench(tmp_path) as bench:
        pack = bench.desk.context.shelf.packs[0]
        rules = tuple(
            replace(standard, on_reopen=Reopen.NEW_TICKET, reopen_days=15) if standard.id == "email-first" else standard
            for standard in pack.standards
        )
        _replace_pack(bench, replace(pack, standards=rules))
        bench.ticket()
        bench.do("ana", wire.Reply(1, NOW, "Dear Rosa", then="resolve"))
        (mail,) = bench.deliver()
        bench.clock.move(timedelta(days=14, minutes=1))
        bench.write(lambda tx: sweep.close_old(tx, timedelta(days=14)))
        bench.clock.move(timedelta(days=2))

        filed = bench.mail(ROSA, "Re: order", "One more thing", in_reply_to=mail.message_id)

        assert (filed.outcome, bench.case("ana", 2).link_to) == ("new", "1-3")


def _replace_pack(bench: Bench, pack: Pack) -> None:
    """Put another reading of the pack in force, for as long as the desk is open."""
    shelf = bench.desk.context.shelf
    shelf._versions[pack.id] = [replace(applied, pack=pack) for applied in shelf._versions[pack.id]]


def test_an_automatic_answer_opens_nothing_and_satisfies_nothing(bench: Bench) -> None:
    bench.ticket()
    bench.do("ana", wire.Reply(1, NOW, "Dear Rosa", then="resolve"))
    (mail,) = bench.deliver()

    filed = bench.mail(
        ROSA, "Out of office", "Back on Monday", in_reply_to=mail.message_id, auto_submitted="auto-replied"
    )

    assert (filed.outcome, filed.ticket) == ("joined", 1)
    assert (bench.row(1).status, bench.page("ana").rows) == ("resolved", ())
    assert bench.case("ana", 1).contacts[-1].kind == "automatic"
    assert bench.row(1).waited_text == "It has not come."


def test_a_bounce_that_names_no_mail_of_ours_is_a_case_of_its_own(bench: Bench) -> None:
    filed = bench.mail("MAILER-DAEMON@mx.example.org", "Undelivered", "<x@y>: no", auto_submitted="auto-replied")

    assert filed.outcome == "new"
    assert bench.case("ana", 1).contacts[0].kind == "automatic"


# What is kept


def test_quoted_text_is_folded_and_never_lost(bench: Bench) -> None:
    bench.mail(
        ROSA, "Re: order", "It is 4471.\n\nOn Mon, 23 Nov 2026 Ana <ana@desk.test> wrote:\n> Which order?\n> Ana\n"
    )

    entry = bench.case("ana", 1).contacts[0]

    assert "4471" in entry.text.lines()
    assert "Which order?" not in entry.text.lines()
    assert "Which order?" in entry.quoted.lines()


def test_a_message_counts_from_when_the_mail_server_had_it(bench: Bench) -> None:
    """000-24: 24 hours are counted from receipt, also when the desk was shut and fetched the mail in the morning."""
    received = bench.clock.now() - timedelta(hours=9)

    filed = bench.intake.take_in(
        source="imap:ecolab:1:1",
        brand="ecolab",
        raw=raw_mail("rosa@example.org", "Overnight", "Where is it?"),
        received_at=received,
    )

    case = bench.case("ana", filed.ticket or 0)
    first = next(clock for clock in case.clocks if clock.kind == "first_response")
    assert (case.opened_at, case.contacts[0].at, first.started_at) == (received, received, received)
    assert first.due_at == received + timedelta(hours=24)


# Nobody reads mail


def test_what_nobody_can_read_now_is_kept_with_the_reason_and_filed_once_somebody_can(
    bench: Bench, tmp_path: Path
) -> None:
    working = bench.intake._child
    with ParserChild(Site("bench"), str(tmp_path / "nobody")) as away:
        bench.intake._child = away
        outcomes = [bench.mail(ROSA, f"Order {number}", "Where?", source=f"imap:{number}") for number in range(3)]
        still = _finished(bench)
    kept, cases = _kept(bench), bench.scalar("SELECT count(*) FROM ticket")
    reason = bench.scalar("SELECT note FROM raw_mail WHERE source = 'imap:0'")

    bench.intake._child = working
    _finished(bench)

    assert [(filed.outcome, filed.ticket) for filed in outcomes] == [("waiting", None)] * 3
    assert outcomes[0].sentence.startswith("is kept, and is read when that is possible again: the process that reads")
    assert (set(kept.values()), cases, still) == ({"kept"}, 0, 3)
    assert reason == "the process that reads mail cannot be had (No such file or directory)"
    assert set(_kept(bench).values()) == {"filed"}
    assert bench.scalar("SELECT count(*) FROM ticket") == 3
