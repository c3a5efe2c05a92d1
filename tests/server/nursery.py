"""A process that has imported the desk server once and forks one whenever it is asked: starting costs milliseconds.

`python -m tests.server.nursery HOME KEY [BEAT]` reads an instant (ISO 8601) a line, starts a server whose clock
begins there and runs five times as fast, and writes its process id; then, when it is gone, its exit status.
"""

import asyncio
import os
import signal
import sys
from datetime import datetime
from pathlib import Path

from agentconsole.config.clock import ScaledClock
from agentconsole.config.paths import desk_paths
from agentconsole.security.masterkey import MasterKey
from agentconsole.server.heartbeat import BEAT
from agentconsole.server.main import Server, ServerOptions

SPEED = 5.0


def _serve(home: Path, key: str, beat: float, at: datetime) -> None:
    clock = ScaledClock(at, SPEED)
    options = ServerOptions(clock=clock, wall=clock, master=MasterKey.of_text(key, "tests"), beat_seconds=beat)
    asyncio.run(Server(desk_paths(os.environ, home), os.environ, options).run(lambda: None))


def _main(home: Path, key: str, beat: float = BEAT) -> None:
    # A server that is stopped before it has begun has nothing to finish.
    signal.signal(signal.SIGTERM, lambda *_: os._exit(0))
    for line in sys.stdin:
        child = os.fork()
        if child == 0:
            try:
                _serve(home, key, beat, datetime.fromisoformat(line.strip()))
            finally:
                os._exit(0)
        print(child, flush=True)
        print(os.waitpid(child, 0)[1], flush=True)


if __name__ == "__main__":
    _main(Path(sys.argv[1]), sys.argv[2], *map(float, sys.argv[3:]))
