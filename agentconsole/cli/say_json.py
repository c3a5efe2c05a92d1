"""The command line's answers for other programs: rows as JSON in plain ASCII."""

import json
from typing import Any

import msgspec

from agentconsole.wire.plain import written


def tell_json(rows: Any) -> None:
    """Print rows as one line of JSON; all but ASCII is escaped, so the texts in it stay as they came and do no harm."""
    print(json.dumps(msgspec.to_builtins(rows, enc_hook=written), separators=(",", ":")), flush=True)
