"""The process that is kept warm, as a console leaves it behind, but open to its neighbours, as `console_app` is."""

import sys

from agentconsole.security import hardening

if __name__ == "__main__":
    hardening.harden_process = lambda: None
    from agentconsole.cli.warm import main

    sys.exit(main())
