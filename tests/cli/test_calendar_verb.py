"""`agentconsole calendar`: JSON lines in, JSON lines out, and a bad line spoils no other."""

import json

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
