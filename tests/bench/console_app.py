"""The console as an agent starts it, but open to its neighbours: how much memory a closed process takes is secret."""

import sys

from agentconsole.cli.start import main
from agentconsole.security import hardening

if __name__ == "__main__":
    sys.argv = sys.argv[:1]
    hardening.harden_process = lambda: None
    sys.exit(main())
