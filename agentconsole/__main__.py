"""Start the console with `python -m agentconsole`."""

from agentconsole.cli.start import main

raise SystemExit(main())
