"""The console as an agent starts it, but open to its neighbours: how much memory a closed process takes is secret."""

import sys

from agentconsole.cli import console
from agentconsole.cli.main import main

if __name__ == "__main__":
    console.harden_process = lambda: None
    sys.exit(main([]))
