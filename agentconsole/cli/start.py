"""Where the program begins: without a verb a warm console is asked first, and the parser of the verbs is not loaded."""

import gc
import sys


def main() -> int:
    """Run what the command line says; returns the exit code."""
    if len(sys.argv) > 1:
        from agentconsole.cli.main import main as run_verb  # noqa: PLC0415

        return run_verb()
    from agentconsole.cli.warm_client import open_warm  # noqa: PLC0415

    code = open_warm()
    if code is not None:
        return code
    from agentconsole.cli.lean import go_without_openssl  # noqa: PLC0415

    go_without_openssl()
    # Nothing of the start can be thrown away; it is looked for again once the console stands.
    gc.disable()
    from agentconsole.cli.console import open_console  # noqa: PLC0415
    from agentconsole.cli.ending import told  # noqa: PLC0415

    return told(open_console)
