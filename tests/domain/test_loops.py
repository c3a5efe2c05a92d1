"""The desk never answers a machine, and never answers twice (PROMISES 15, H7; RFC 3834)."""

import pytest

from agentconsole.domain.loops import Ledger, Marks, is_machine_address, kind_of, why_not_answer
from agentconsole.domain.mail import AutoKind

NOTHING_SENT = Ledger(to_address_last_hour=0, on_thread=0, acknowledged_last_day=False)
OWN = frozenset({"care@desk.example"})


@pytest.mark.parametrize(
    ("situation", "marks", "sender", "expected"),
    [
        ("a person", Marks(), "ana@example.com", AutoKind.NONE),
        ("a person, said aloud", Marks(auto_submitted="no"), "ana@example.com", AutoKind.NONE),
        ("out of office", Marks(auto_submitted="auto-replied"), "ana@example.com", AutoKind.AUTO_REPLY),
        ("with a comment", Marks(auto_submitted="Auto-Generated; x=y"), "ana@example.com", AutoKind.AUTO_REPLY),
        ("private mark", Marks(answered_by_machine=True), "ana@example.com", AutoKind.AUTO_REPLY),
        ("null path", Marks(null_return_path=True), "ana@example.com", AutoKind.AUTO_REPLY),
        ("bulk", Marks(precedence="Bulk"), "ana@example.com", AutoKind.BULK),
        ("list", Marks(precedence="list"), "ana@example.com", AutoKind.BULK),
        ("junk", Marks(precedence="junk"), "ana@example.com", AutoKind.BULK),
        ("list id", Marks(is_list=True), "ana@example.com", AutoKind.BULK),
        ("urgent is no bulk", Marks(precedence="urgent"), "ana@example.com", AutoKind.NONE),
        ("a report", Marks(report=True, null_return_path=True), "mailer-daemon@x.example", AutoKind.BOUNCE),
        ("a report in prose", Marks(null_return_path=True), "MAILER-DAEMON@x.example", AutoKind.BOUNCE),
        ("a daemon that names a path", Marks(), "mailer-daemon@x.example", AutoKind.AUTO_REPLY),
        ("a postmaster who is a person", Marks(), "postmaster@x.example", AutoKind.NONE),
        ("our own mail", Marks(loop="desk-1"), "ana@example.com", AutoKind.OWN_LOOP),
        (
            "our own mail, answered",
            Marks(loop="desk-1", auto_submitted="auto-replied"),
            "x@y.example",
            AutoKind.OWN_LOOP,
        ),
        ("an agent of another desk", Marks(loop="desk-2"), "x@y.example", AutoKind.NONE),
        (
            "a machine of another desk",
            Marks(loop="desk-2", auto_submitted="auto-replied"),
            "x@y.example",
            AutoKind.AUTO_REPLY,
        ),
        ("no sender at all", Marks(), "", AutoKind.NONE),
    ],
)
def test_a_mail_is_known_by_its_marks(situation: str, marks: Marks, sender: str, expected: AutoKind) -> None:
    assert kind_of(marks, sender, "desk-1") is expected, situation


def test_a_person_is_answered_once() -> None:
    assert why_not_answer(AutoKind.NONE, "ana@example.com", OWN, NOTHING_SENT) == ""


@pytest.mark.parametrize("kind", [kind for kind in AutoKind if kind is not AutoKind.NONE])
def test_a_machine_is_not_answered(kind: AutoKind) -> None:
    assert why_not_answer(kind, "ana@example.com", OWN, NOTHING_SENT)


@pytest.mark.parametrize(
    "email",
    [
        *("", "care@desk.example", "CARE@desk.example", "care+token@desk.example", "mailer-daemon@x.example"),
        *("postmaster@x.example", "noreply@x.example", "no-reply@x.example", "do-not-reply@x.example"),
        *("noreply+1@x.example", "bounces@x.example", "news-bounces@x.example", "news-request@x.example"),
    ],
)
def test_an_address_nobody_reads_is_not_answered(email: str) -> None:
    assert why_not_answer(AutoKind.NONE, email, OWN, NOTHING_SENT)


@pytest.mark.parametrize(
    "email", ["ana@example.com", "rootes@example.com", "norah.reply@example.com", "root.ana@x.example"]
)
def test_a_name_that_only_looks_like_a_machine_is_a_person(email: str) -> None:
    assert not is_machine_address(email)


@pytest.mark.parametrize(
    ("situation", "ledger", "allowed"),
    [
        ("nothing sent", Ledger(0, 0, acknowledged_last_day=False), True),
        ("one to the address within the hour", Ledger(1, 0, acknowledged_last_day=False), False),
        ("two on the thread", Ledger(0, 2, acknowledged_last_day=False), True),
        ("three on the thread", Ledger(0, 3, acknowledged_last_day=False), False),
        ("acknowledged within the day", Ledger(0, 0, acknowledged_last_day=True), False),
    ],
)
def test_the_ledger_caps_automatic_mail(situation: str, ledger: Ledger, allowed: bool) -> None:
    assert (why_not_answer(AutoKind.NONE, "ana@example.com", OWN, ledger) == "") is allowed, situation


def test_two_desks_that_acknowledge_each_other_stop_after_one_round() -> None:
    """H7: the first desk's acknowledgement is marked, so the second never answers it."""
    acknowledged = Marks(auto_submitted="auto-replied", loop="desk-1", null_return_path=True)

    kind = kind_of(acknowledged, "care@one.example", "desk-2")

    assert why_not_answer(kind, "care@one.example", frozenset({"care@two.example"}), NOTHING_SENT)
