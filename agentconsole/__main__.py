"""Start the console with `python -m agentconsole`."""

from agentconsole.cli.main import main

raise SystemExit(main())
