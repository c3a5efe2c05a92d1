"""The verbs of an administrator, against a real private server that the program starts by itself."""

import json
import mailbox
import re
import sqlite3
from contextlib import closing
from email.message import EmailMessage
from pathlib import Path

import pytest

from agentconsole.cli.ask import start_private
from agentconsole.cli.served import is_served
from agentconsole.config.paths import desk_paths
from agentconsole.server.desk import NewDesk
from tests.cli.program import Program


def mail(subject: str, number: int) -> EmailMessage:
    message = EmailMessage()
    message["From"] = f"Rosa Prado <rosa{number}@example.org>"
    message["To"] = "care@example.com"
    message["Subject"] = subject
    message["Message-ID"] = f"<{number}@example.org>"
    message.set_content("Where is my parcel?")
    return message


def test_users_are_added_listed_closed_opened_and_reset(desk: Program) -> None:
    added = desk("user", "add", "ana", "Ana Example")
    twice = desk("user", "add", "ana", "Ana Again")
    closed = desk("user", "disable", "ana")
    closed_again = desk("user", "disable", "ana")
    opened = desk("user", "enable", "ana")
    reset = desk("user", "reset-totp", "ana")
    listed = json.loads(desk("user", "list", "--json").out)

    assert "One-time password: " in added.out
    assert (twice.code, twice.err.count("\n")) == (1, 1)
    assert "is taken" in twice.err
    assert (closed.code, closed_again.code, opened.code) == (0, 1, 0)
    assert "One-time password: " in reset.out
    assert [(row["login"], row["role"], row["factor"]) for row in listed] == [("ana", "agent", "waiting")]


def test_the_last_administrator_stays(desk: Program) -> None:
    desk("user", "add", "root", "Root Example", "--role", "admin")

    said = desk("user", "disable", "root")

    assert said.code == 1
    assert "last administrator" in said.err


def test_mail_is_imported_from_eml_mbox_and_maildir_once_each(desk: Program, tmp_path: Path) -> None:
    (tmp_path / "one.eml").write_bytes(bytes(mail("From a file", 1)))
    box = mailbox.mbox(tmp_path / "box.mbox")
    box.add(mail("From an mbox", 2))
    box.add(mail("From an mbox too", 3))
    box.close()
    folder = mailbox.Maildir(tmp_path / "folder")
    folder.add(mail("From a Maildir", 4))
    places = [str(tmp_path / name) for name in ("one.eml", "box.mbox", "folder")]

    first = desk("mail", "import", *places)
    second = desk("mail", "import", *places)
    absent = desk("mail", "import", str(tmp_path / "nowhere"))

    assert first.out.splitlines()[-1] == "4 messages: 4 new cases."
    assert second.out.splitlines()[-1] == "4 messages: 4 here already."
    assert absent.code == 1
    assert "nothing was imported" in absent.err


def test_a_message_that_is_too_large_is_kept_and_said_to_be(desk: Program, tmp_path: Path) -> None:
    head = b"From: rosa@example.org\nSubject: Photos\n\n"
    (tmp_path / "large.eml").write_bytes(head + b"x" * 26 * 1024 * 1024)
    (tmp_path / "huge.eml").write_bytes(head + b"x" * 40 * 1024 * 1024)

    said = desk("mail", "import", str(tmp_path / "large.eml"), str(tmp_path / "huge.eml"))
    again = desk("mail", "import", str(tmp_path / "huge.eml"))

    large, huge, total = said.out.splitlines()
    limit = "more than the 25 MB that are read"
    assert large.endswith(f": could not be read (it has 26.0 MB, {limit}; it is kept whole), kept as case 1-3")
    assert huge.endswith(f": could not be read (it has 40.0 MB, {limit}; its first 30 MB are kept), kept as case 2-1")
    assert (said.code, total) == (0, "2 messages: 2 could not be read, kept.")
    assert again.out.splitlines()[-1] == "1 message: 1 here already."


def test_status_and_doctor_tell_the_state(desk: Program) -> None:
    down = desk("status")
    doctor = desk("doctor")
    running = desk("status")
    as_json = json.loads(desk("doctor", "--json").out)

    assert down.code == 1
    assert "No desk server is running" in down.out
    assert doctor.code == 0
    assert "WARN policy ecomstore: A draft" in doctor.out
    assert "ok   database" in doctor.out
    assert running.out.startswith("Test desk: running since")
    assert {finding["level"] for finding in as_json["findings"]} <= {"ok", "note", "warn"}


def test_the_event_log_is_verified(desk: Program) -> None:
    said = desk("audit", "verify")

    assert said.code == 0
    assert "are whole, in order and carry the desk's seal." in said.out


def test_an_anchor_is_mailed_only_where_a_mailbox_can_send_it(desk: Program) -> None:
    without, wrong = desk("audit", "mail", "sam@out.example"), desk("audit", "mail", "nobody")
    off = desk("audit", "mail", "off")

    assert (without.code, wrong.code, off.code) == (1, 1, 0)
    assert "`agentconsole mail connect` connects one" in without.err
    assert "give an address like sam@example.com, or off" in wrong.err
    assert off.out == "The newest event is no longer mailed to anybody.\n"


def test_blanks_are_listed_and_filled_in_and_a_wrong_answer_is_refused(desk: Program) -> None:
    before = json.loads(desk("policy", "blanks", "--json").out)
    wrong = desk("policy", "answer", "ecomstore", "immediate_seconds", "soon")
    unknown = desk("policy", "answer", "ecomstore", "nonsense", "1")
    right = desk("policy", "answer", "ecomstore", "immediate_seconds", "45 s")
    after = json.loads(desk("policy", "blanks", "--json").out)

    assert (wrong.code, unknown.code, right.code) == (1, 1, 0)
    assert 'the blank "immediate_seconds"' in wrong.err
    assert "it has business_hours" in unknown.err
    assert sum(row["answer"] is None for row in before) - sum(row["answer"] is None for row in after) == 1


def test_a_second_server_on_the_same_desk_is_refused(desk: Program) -> None:
    desk("user", "list")

    said = desk("serve")

    assert said.code == 1
    assert "A desk server runs on" in said.err


@pytest.mark.parametrize("has_lock", [False, True], ids=["it has not begun", "it opens the desk"])
def test_a_stop_reaches_a_server_that_a_console_is_just_starting(
    desk: Program, monkeypatch: pytest.MonkeyPatch, has_lock: bool
) -> None:
    for name, value in desk.places.items():
        monkeypatch.setenv(name, value)
    paths = desk_paths(desk.environ)
    server = start_private(paths)
    while has_lock and not (paths.lock.exists() and str(server.pid) in paths.lock.read_text()):
        assert server.poll() is None

    desk("stop")

    server.wait(20)
    assert not is_served(paths)
    assert not paths.wants_private_server()


def test_a_server_that_cannot_start_says_why(desk: Program) -> None:
    desk.stop()
    (desk.home / "master.key").chmod(0o644)

    said = desk("doctor")

    assert (said.out, said.code) == ("", 1)
    assert said.err.startswith(f"agentconsole: The key file {desk.home}/master.key is open to other accounts")
    assert said.err.count("\n") == 1


def test_no_verb_prints_what_a_terminal_would_obey(program: Program, tmp_path: Path) -> None:
    hostile = "\x1b]52;c;eA==\x07\x9b2J\u202e"
    program.found(new=NewDesk(f"Desk{hostile}", "Europe/London", (("acme", "Acme Ltd", "ecomstore"),)))
    with closing(sqlite3.connect(desk_paths(program.environ).database)) as link, link:
        link.execute("UPDATE brand SET name = ?", (f"Acme{hostile}",))
    letter = mail(hostile, 1)
    del letter["Message-ID"]
    (tmp_path / f"one{hostile}.eml").write_bytes(bytes(letter))

    said = [
        program("doctor"),
        program("mail", "import", str(tmp_path / f"one{hostile}.eml")),
        program("mail", "import", f"nowhere{hostile}"),
        program("user", "disable", f"nobody{hostile}"),
        program("status"),
        program("status", "--json"),
        program("brand", "list"),
    ]
    program.stop()

    for one in said:
        assert re.search("[\x00-\x09\x0b-\x1f\x7f-\x9f\u202a-\u202e]", one.out + one.err) is None
    assert said[0].out.startswith("Desk␛]52;c;eA==␇\ufffd2J<U+202E>: running since")
    assert "one␛]52;c;eA==␇\ufffd2J<U+202E>.eml: " in said[1].out
    assert json.loads(said[5].out)["desk"] == f"Desk{hostile}"
