"""Answers from a file: all of it is taken, and what does not fit is named with file, line, key and what would."""

import os
from pathlib import Path

import pytest

from agentconsole.cli.answers import Person, read_answers
from agentconsole.domain.errors import Refused
from agentconsole.server.desk import NewDesk
from tests.cli.program import Program

ALL = """
name = "Acme care"
zone = "Europe/London"

[[brands]]
id = "acme"
name = "Acme Ltd"
pack = "ecomstore"

[[brands]]
pack = "ist-desk"

[blanks.ecomstore]
business_hours = "Mon-Fri 08:30-18:00"
ring_cycle = "7 s"

[[users]]
login = "ada"
role = "admin"

[[users]]
login = "ana"
name = "Ana Example"
unix = "1001"

[[mailboxes]]
brand = "acme"
address = "care@example.com"
imap = "imap.example.com"
smtp = "smtp.example.com:587"
smtp_security = "starttls"
password_file = "mailbox-password"
authserv_ids = ["mx.example.com"]
"""

ONE = '[[brands]]\npack = "ecolab"\n'


@pytest.fixture(name="file")
def _file(tmp_path: Path) -> Path:
    return tmp_path / "answers.toml"


def test_everything_is_read(file: Path) -> None:
    file.write_text(ALL, encoding="utf-8")

    answers = read_answers(file, "UTC")

    assert (answers.new.name, answers.new.zone) == ("Acme care", "Europe/London")
    assert answers.later == frozenset()
    assert answers.new.brands == (("acme", "Acme Ltd", "ecomstore"), ("ist-desk", "Acme care", "ist-desk"))
    assert answers.blanks == (
        ("ecomstore", "business_hours", "Mon-Fri 08:30-18:00"),
        ("ecomstore", "ring_cycle", "7 s"),
    )
    assert answers.people == (Person("ada", "Ada", "admin"), Person("ana", "Ana Example", "agent", "1001"))
    (box,) = answers.mailboxes
    assert box.authserv_ids == ("mx.example.com",)
    assert (box.brand, box.user, box.smtp, box.smtp_security, box.imap_security) == (
        *("acme", "care@example.com", "smtp.example.com:587", "starttls", "ssl"),
    )


def test_nothing_has_to_be_answered(file: Path) -> None:
    file.write_text("", encoding="utf-8")

    answers = read_answers(file, "Asia/Kolkata")

    assert answers.new == NewDesk("Our desk", "Asia/Kolkata", ())
    assert answers.later == {"name", "zone"}
    assert (answers.blanks, answers.people, answers.mailboxes) == ((), (), ())


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ('nmae = "x"', 'answers.toml, line 1, nmae: there is no such key; did you mean "name"? Allowed: name, zone,'),
        ("name = 7", "answers.toml, line 1, name: 7 does not fit. Allowed: a text"),
        ('name = ""', "Allowed: a text that is not empty."),
        (f'name = "{"x" * 5000}"', "Allowed: a text of at most 4000 characters."),
        (r'name = "a\u001b[2J"', "Allowed: a text of printable characters."),
        ('\nzone = "Mars/Base"', 'answers.toml, line 2, zone: There is no time zone "Mars/Base"'),
        ("brands = 3", "answers.toml, line 1, brands: 3 does not fit. Allowed: a list."),
        ('[[brands]]\nid = "x"', 'answers.toml, line 1, brands[1]: the key "pack" is missing.'),
        (
            '[[brands]]\npack = "ecomstor"',
            'line 2, brands[1].pack: "ecomstor" is not a policy that ships with the program',
        ),
        ('[[brands]]\npack = "ecomstore"\nid = "Acme!"', "line 3, brands[1].id: Use small letters, digits and dashes"),
        ('[[brands]]\npack = "ecomstore"\n[[brands]]\npack = "ecomstore"', 'brands[2]: "ecomstore" is there twice'),
        (f'{ONE}[blanks.ecolab]\nbusiness_hour = "x"', "line 4, blanks.ecolab.business_hour: there is no such key"),
        (f'{ONE}[blanks.ecolab]\nbusiness_hours = "whenever"', "answers.toml, line 4, blanks.ecolab.business_hours:"),
        ('[blanks.ecomstore]\nbusiness_hours = "x"', "line 1, blanks.ecomstore: there is no such key"),
        ('[[users]]\nlogin = "Ada Min"', 'line 2, users[1].login: "Ada Min" cannot be a login'),
        ('[[users]]\nlogin = "ada"\nrole = "boss"', 'line 3, users[1].role: "boss" is not a role. Allowed: agent,'),
        ('[[users]]\nlogin = "ada"\nunix = "no-such-account"', "line 3, users[1].unix: This host has no Unix account"),
        ('[[users]]\nlogin = "ada"\n[[users]]\nlogin = "ada"', 'users[2]: "ada" is there twice: leave one out.'),
        ('[[mailboxes]]\naddress = "a@b.c"', 'line 1, mailboxes[1]: the key "brand" is missing.'),
        (f'{ONE}[[mailboxes]]\naddress = "a@b.c"', 'line 3, mailboxes[1]: the key "imap" is missing.'),
        ('[[mailboxes]]\nbrand = "other"', 'line 2, mailboxes[1].brand: "other" is not a brand of this desk'),
        ("a = [", "answers.toml is no TOML"),
        ("a = " + "[" * 100_000, "answers.toml is no TOML"),
        ("#" * 1_000_001, "answers.toml is larger than answers can be (1 MB)"),
    ],
)
def test_what_does_not_fit_is_named_with_its_place(file: Path, text: str, said: str) -> None:
    file.write_text(text, encoding="utf-8")

    with pytest.raises(Refused) as refused:
        read_answers(file, "UTC")

    assert said in refused.value.sentence
    assert len(refused.value.sentence) < 500


@pytest.mark.parametrize("raw", [b"\xff\xfe\x00", b'name = "\xc3"'])
def test_what_is_no_text_is_refused(file: Path, raw: bytes) -> None:
    file.write_bytes(raw)

    with pytest.raises(Refused, match=r"answers\.toml is no text in UTF-8"):
        read_answers(file, "UTC")


def test_a_pipe_is_not_waited_for(file: Path) -> None:
    os.mkfifo(file)

    with pytest.raises(Refused, match="There is no file"):
        read_answers(file, "UTC")


def test_init_takes_a_file_without_a_terminal_and_lists_what_is_left(tmp_path: Path, file: Path) -> None:
    program = Program(tmp_path / "home")
    (tmp_path / "secret").write_text("pass", encoding="utf-8")
    closed = ALL.replace("imap.example.com", "127.0.0.1:1").replace("mailbox-password", str(tmp_path / "secret"))
    file.write_text(closed, encoding="utf-8")

    said = program("init", "--answers", str(file))
    users, blanks = program("user", "list"), program("policy", "blanks")
    program.stop()

    assert (said.code, said.err) == (0, "")
    eye = said.out.partition("Needs your eye")[2]
    assert "the mailbox of acme: Not connected:" in eye
    assert "the mailbox of ist-desk: agentconsole mail connect --brand ist-desk" in eye
    assert "that the policy ecomstore leaves open: agentconsole policy blanks" in eye
    assert "an administrator:" not in eye
    assert said.out.count("One-time password: ") == 2
    assert "ana" in users.out
    assert "unix 1001" in users.out
    assert "answered: Mon-Fri 08:30-18:00" in blanks.out
    assert "answered: 7 s" in blanks.out


def test_a_file_with_an_error_makes_nothing(tmp_path: Path, file: Path) -> None:
    program = Program(tmp_path / "home")
    file.write_text('name = "Acme"\nzone = "Mars/Base"\n', encoding="utf-8")

    said = program("init", "--answers", str(file))

    assert said.code == 1
    assert "line 2, zone" in said.err
    assert not program.home.exists()


def test_what_was_skipped_is_all_listed(tmp_path: Path, file: Path) -> None:
    program = Program(tmp_path / "home")
    file.write_text("", encoding="utf-8")

    said = program("init", "--answers", str(file))

    eye = said.out.partition("Needs your eye")[2].splitlines()[1:]
    assert [line.split(":")[0].strip() for line in eye if line.startswith("  ")] == [
        "the desk's name",
        "the time zone of its people",
        "a brand",
        "an administrator",
        "somebody who answers customers",
    ]
