"""A machine whose clock was a year ahead: its desk is brought back from the command line, with a real server."""

import subprocess
import sys

from tests import needs
from tests.cli.program import Program, Said

WHY = "the battery of the machine's clock was empty"


def _run_ahead(desk: Program, offset: str, *verb: str) -> Said:
    """Serve the desk with a time of day that is wrong, do something there, and stop the server again."""
    server = [sys.executable, "-I", "-m", "agentconsole", "serve"]
    # The machine's other clocks stay as they are: only the time of day was wrong.
    environ = {**desk.environ, "FAKETIME_DONT_FAKE_MONOTONIC": "1", "FAKETIME_DONT_RESET": "1"}
    command = [str(needs.program("faketime")), "-f", offset, *server]
    with subprocess.Popen(command, env=environ, stderr=subprocess.PIPE, stdout=subprocess.DEVNULL) as ahead:
        assert ahead.stderr is not None
        try:
            assert any(line.startswith(b"serving") for line in ahead.stderr), "the desk server did not start"
            return desk(*verb)
        finally:
            desk.stop()


def test_t1_a_desk_that_ran_a_year_ahead_is_brought_back_on_the_host_s_console(desk: Program) -> None:
    """With a real server: libfaketime tells it the wrong time, and the right one is the machine's own."""
    added = _run_ahead(desk, "+1y", "user", "add", "bo", "Bo Lind")

    refused = desk("user", "add", "cy", "Cy Mora")
    status = desk("status")
    accepted = desk("clock", "accept", "--reason", WHY)
    after = desk("user", "add", "cy", "Cy Mora")
    walked = desk("audit", "verify")

    assert (added.code, refused.code, accepted.code, after.code, walked.code) == (0, 1, 0, 0, 0)
    assert "The clock went back" in refused.err
    assert status.code == 1
    assert "BAD  clock: The clock went back" in status.out
    assert "are whole, in order" in walked.out
