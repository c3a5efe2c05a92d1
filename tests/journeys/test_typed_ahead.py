"""A day typed without looking, over a real sshd: at every pace the desk does what was typed, and keeps no password."""

import sqlite3
from pathlib import Path

import pytest

from agentconsole.cli.team_layout import HOME
from agentconsole.domain.ticket import case_number
from tests import needs
from tests.journeys.first_day import PASSWORD
from tests.sshd import Line

pytestmark = pytest.mark.timeout(300)

PACES = (0.0, 0.005, 0.03, 0.15)
SUBJECTS = ("reply", "note", "handover", "palette")
DONE = [
    ("ticket.owner", "reply"),
    ("ticket.status", "reply"),
    ("ticket.reply", "reply"),
    ("ticket.note", "note"),
    ("ticket.note", "handover"),
    ("ticket.escalated", "handover"),
    ("ticket.owner", "handover"),
    ("ticket.status", "handover"),
    ("ticket.owner", "palette"),
    ("ticket.status", "palette"),
    ("session.locked", ""),
    ("session.unlocked", ""),
    ("ticket.status", "note"),
    ("ticket.owner", "note"),
    ("session.ended", ""),
]


def ask(line: Line, sql: str, *values: object) -> list[tuple]:
    """Read in the desk's database."""
    link = sqlite3.connect(f"file:{line.host.at(HOME)}/desk.sqlite3?mode=ro", uri=True)
    try:
        return link.execute(sql, values).fetchall()
    finally:
        link.close()


def cases(line: Line, word: str) -> dict[str, str]:
    """Let a mail of each subject come in, with a word of its own; return the case numbers by subject."""
    for at, subject in enumerate(SUBJECTS):
        letter = Path(line.host.root) / f"{word}{at}.eml"
        letter.write_bytes(
            f"From: Rosa <rosa@example.org>\r\nTo: care@example.com\r\nSubject: {subject}{word}\r\n"
            f"Message-ID: <{word}{at}@example.org>\r\n\r\nWhere is it?\r\n".encode()
        )
        assert "1 new case" in line.host("mail", "import", str(letter)).out
    found = ask(line, "SELECT subject, id FROM ticket WHERE subject LIKE ?", f"%{word}")
    return {subject.removesuffix(word): case_number(ticket) for subject, ticket in found}


def presses(number: dict[str, str], word: str, code: str) -> list[bytes]:
    """Return the key presses of the day."""
    parts = [
        *(f"ana\t{PASSWORD}", "\x1bOQ", f"{code}\r"),
        f":open {number['reply']}\rtr;ref\t\x04e",
        f":open {number['note']}\riNote {word}\x04",
        f":open {number['handover']}\rxLook {word}\x04",
        f"\x10palette{word}\rt",
        f"L{PASSWORD}\r",
        f":open {number['note']}\re",
        ":quit\r",
    ]
    return [key.encode() for part in parts for key in ([part] if part.startswith("\x1b") else part)]


@pytest.mark.parametrize(("pace", "within"), [*((pace, "") for pace in PACES), (0.0, "tmux new-session")])
def test_what_is_typed_ahead_over_ssh_is_what_the_desk_does(
    line: Line, codes: dict[str, list[str]], pace: float, within: str
) -> None:
    between = within.partition(" ")[0]
    if between:
        needs.program(between)
    word = f"{between}{round(pace * 1000)}w"
    number = cases(line, word)
    [(before,)] = ask(line, "SELECT max(seq) FROM event")

    with line.terminal("ana", f"{within} agentconsole".strip()) as terminal:
        terminal.wait_for("Username")
        terminal.type_slowly(presses(number, word, codes["ana"].pop()), pace)
        terminal.wait_for_end(60)

    events = (
        "SELECT e.kind, t.subject FROM event e LEFT JOIN ticket t ON t.id = e.ticket"
        " WHERE e.seq > ? AND e.actor = 'ana' ORDER BY e.seq"
    )
    written = "SELECT t.subject, c.text FROM contact c JOIN ticket t ON t.id = c.ticket_id WHERE c.text LIKE ?"
    done = [(kind, (subject or "").removesuffix(word)) for kind, subject in ask(line, events, before)]
    assert done == DONE
    assert ask(line, written, f"Note {word}") == [(f"note{word}", f"Note {word}")]
    assert ask(line, written, f"%Look {word}%") == [(f"handover{word}", f"Look {word}")]
    assert ask(line, written, f"%{PASSWORD[2:9]}%") == []
    assert ask(line, "SELECT count(*) FROM draft") == [(0,)]
