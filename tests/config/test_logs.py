"""A log line is JSON that a terminal can show."""

import json
import logging
from pathlib import Path

from agentconsole.config.logs import LARGEST_LOG, JsonLines, turn_over


def test_a_log_line_that_quotes_hostile_text_is_whole_and_does_a_terminal_no_harm() -> None:
    hostile = "\x1b[2J\x9b31m\u202e\x7f\ud800 Straße\n"
    record = logging.LogRecord("agentconsole.server", logging.ERROR, "x", 1, "the server said %s", (hostile,), None)

    line = JsonLines().format(record)

    assert line.isascii()
    assert line.isprintable()
    assert json.loads(line)["message"] == f"the server said {hostile}"


def test_a_log_that_has_grown_large_is_put_aside_and_three_are_kept(tmp_path: Path) -> None:
    log = tmp_path / "server.log"
    kept = []
    for turn in range(6):
        log.write_bytes(b"%d" % turn * LARGEST_LOG)
        turn_over(log)
        kept = sorted((path.name, path.read_bytes()[:1]) for path in tmp_path.iterdir())

    assert kept == [("server.log.1", b"5"), ("server.log.2", b"4"), ("server.log.3", b"3")]


def test_a_small_log_and_one_that_is_not_there_stay_as_they_are(tmp_path: Path) -> None:
    log = tmp_path / "server.log"
    turn_over(log)
    log.write_bytes(b"x" * (LARGEST_LOG - 1))
    turn_over(log)

    assert [path.name for path in tmp_path.iterdir()] == ["server.log"]
