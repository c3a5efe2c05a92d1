"""How a verb ends: what went wrong is said in one sentence, and becomes an exit code."""

import sys
from collections.abc import Callable

from agentconsole.cli.say import complain
from agentconsole.domain.errors import Refused

FAILED = 1


def told(run: Callable[[], int]) -> int:
    """Run it and return its exit code; what was refused or failed is said on stderr."""
    try:
        return run()
    except Refused as refused:
        complain(f"agentconsole: {refused.sentence}")
    except BrokenPipeError:
        sys.stderr.close()
    except (KeyboardInterrupt, EOFError):
        complain("agentconsole: interrupted.")
    except (OSError, UnicodeError) as trouble:
        complain(f"agentconsole: {trouble}.")
    return FAILED
