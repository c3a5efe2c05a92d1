"""Logging: one JSON object a line on stderr, never to the terminal that a console draws on."""

import json
import logging
import os
import sys
from datetime import UTC, datetime
from pathlib import Path

from agentconsole.domain.text import clean_line

LAST_BYTES = 2000
LARGEST_LOG = 5 * 1024 * 1024
KEPT_LOGS = 3


class JsonLines(logging.Formatter):
    """Write a record as one JSON line: at (UTC), level, where, message, and the traceback if there is one."""

    def format(self, record: logging.LogRecord) -> str:
        """Return the line, in ASCII: a log is read on terminals, and may quote a mail server or a file's name."""
        line = {
            "at": datetime.fromtimestamp(record.created, UTC).isoformat(timespec="milliseconds"),
            "level": record.levelname.lower(),
            "where": record.name,
            "message": record.getMessage(),
        }
        if record.exc_info:
            line["traceback"] = self.formatException(record.exc_info)
        return json.dumps(line)


def log_to_stderr(level: int) -> None:
    """Send all log records from `level` on to stderr; Alembic's chatter and Python's warnings included, quieter."""
    handler = logging.StreamHandler(sys.stderr)
    handler.setFormatter(JsonLines())
    logging.basicConfig(level=level, handlers=[handler], force=True)
    logging.getLogger("alembic").setLevel(logging.WARNING)
    logging.captureWarnings(True)


def turn_over(log: Path) -> None:
    """Put a log that has grown large aside, as `server.log.1`, and forget the oldest of three such."""
    if not log.exists() or log.stat().st_size < LARGEST_LOG:
        return
    for number in range(KEPT_LOGS, 0, -1):
        older = log.with_name(f"{log.name}.{number - 1}") if number > 1 else log
        if older.exists():
            older.replace(log.with_name(f"{log.name}.{number}"))


def last_words(log: Path) -> str:
    """Say why a server that logs there did not start: what it refused in a sentence, else where to look."""
    with log.open("rb") as lines:
        lines.seek(max(0, lines.seek(0, os.SEEK_END) - LAST_BYTES))
        last = (lines.read().decode("utf-8", "replace").strip().splitlines() or [""])[-1]
    name, _, sentence = last.partition(": ")
    if name == "agentconsole" and sentence:
        return clean_line(sentence, 500)
    return f"The desk server did not start: its last words are in {log}."
