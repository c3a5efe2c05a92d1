"""A log line is JSON that a terminal can show."""

import json
import logging

from agentconsole.config.logs import JsonLines


def test_a_log_line_that_quotes_hostile_text_is_whole_and_does_a_terminal_no_harm() -> None:
    hostile = "\x1b[2J\x9b31m\u202e\x7f\ud800 Straße\n"
    record = logging.LogRecord("agentconsole.server", logging.ERROR, "x", 1, "the server said %s", (hostile,), None)

    line = JsonLines().format(record)

    assert line.isascii()
    assert line.isprintable()
    assert json.loads(line)["message"] == f"the server said {hostile}"
