"""`agentconsole calendar`: JSON lines in, JSON lines out, and a bad line spoils no other."""

import io
import json

import pytest

from agentconsole.cli.calendar import answer_all
from agentconsole.domain.calendar_batch import LONGEST_LINE
from agentconsole.domain.errors import Refused
from tests.cli.program import Program

HOURS = {"mon": [["09:00", "17:00"]], "tue": [["09:00", "24:00"]]}


def test_each_line_is_answered_and_a_bad_one_spoils_no_other(program: Program) -> None:
    due = {"id": 1, "op": "due", "timezone": "Europe/London", "weekly_hours": HOURS, "seconds": 28_800}
    lines = [
        json.dumps({**due, "start": "2026-11-23T09:00:00Z"}),
        "{not json",
        json.dumps({"id": "x", "op": "nonsense"}),
        "",
        json.dumps({**due, "id": 2, "start": "2026-11-23T16:00:00+00:00"}),
    ]

    said = program("calendar", given="\n".join(lines) + "\n")

    answers = [json.loads(line) for line in said.out.splitlines()]
    assert said.code == 0
    assert answers[0] == {"id": 1, "due": "2026-11-23T17:00:00+00:00"}
    assert answers[1]["id"] is None
    assert "error" in answers[1]
    assert answers[2]["id"] == "x"
    assert "due, elapsed" in answers[2]["error"] or "due" in answers[2]["error"]
    assert answers[3] == {"id": 2, "due": "2026-11-24T16:00:00+00:00"}
    assert len(answers) == 4


def answered(given: bytes, capsys: pytest.CaptureFixture[str]) -> list[object]:
    assert answer_all(io.TextIOWrapper(io.BytesIO(given), "ascii")) == 0
    return [json.loads(line) for line in capsys.readouterr().out.splitlines()]


@pytest.mark.parametrize(
    ("situation", "given", "ids"),
    [
        ("bytes that are no UTF-8", b'{"id": "\xff\xfe"}\n{"id": 2}\n', [None, 2]),
        ("the mark of a byte order", b'\xef\xbb\xbf{"id": 1}\r\n{"id": 2}\r\n', [1, 2]),
        ("empty lines", b'\n  \n\t\r\n{"id": 2}\n\n', [2]),
        ("no newline at the end", b'{"id": 1}\n{"id": 2}', [1, 2]),
        ("a nul", b'{"id": 1}\x00\n{"id": 2}\n', [None, 2]),
        ("a line that is as long as one may be", b'{"id": 1}'.ljust(LONGEST_LINE) + b'\n{"id": 2}\n', [1, 2]),
        ("one that is longer", b'{"id": 1}'.ljust(LONGEST_LINE + 1) + b'\n{"id": 2}\n', [None, 2]),
        ("one that is much longer", b'{"id": 1}'.ljust(3 * LONGEST_LINE) + b'\n{"id": 2}\n', [None, 2]),
        ("one that is longer and the last", b'{"id": 1}\n' + b" " * (2 * LONGEST_LINE) + b"{", [1]),
    ],
)
def test_whatever_bytes_come_the_next_line_is_answered(
    situation: str, given: bytes, ids: list[object], capsys: pytest.CaptureFixture[str]
) -> None:
    found = answered(given, capsys)

    assert [answer["id"] for answer in found if isinstance(answer, dict)] == ids, situation


def test_a_closed_input_is_refused_in_a_sentence() -> None:
    with pytest.raises(Refused, match="no standard input"):
        answer_all(None)
