"""Standard input and output as a slow link to a loopback port: `-m tests.slow_relay PORT MILLISECONDS BITS_PER_S`."""

import os
import select
import socket
import sys

from tests.servers import HOST
from tests.slow_line import SlowLine


def main(port: int, milliseconds: float, bits: float) -> None:
    """Carry bytes until either end closes; the round trip takes so long, and what comes back so many bits a second."""
    line = SlowLine(milliseconds / 2_000, bits / 8)
    with socket.create_connection((HOST, port)) as far:
        ends = [sys.stdin.fileno(), far.fileno()]
        while ends or line.wait() is not None:
            for ready in select.select(ends, [], [], line.wait())[0]:
                if not (data := os.read(ready, 65536)):
                    ends.clear()
                elif ready == far.fileno():
                    line.show(data)
                else:
                    line.type(data)
            far.sendall(line.typed())
            if shown := line.shown():
                os.write(sys.stdout.fileno(), shown)


if __name__ == "__main__":
    main(int(sys.argv[1]), float(sys.argv[2]), float(sys.argv[3]))
