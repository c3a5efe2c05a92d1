"""Start the console with `python -m agentconsole`."""

from agentconsole.cli import main

raise SystemExit(main())
