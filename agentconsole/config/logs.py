"""Logging: one JSON object a line on stderr, never to the terminal that a console draws on."""

import json
import logging
import sys
from datetime import UTC, datetime


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
