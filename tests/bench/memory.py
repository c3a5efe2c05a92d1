"""How much memory a program takes."""

from pathlib import Path

from tests.pty import Terminal


def megabytes(terminal: Terminal) -> float:
    """Return the proportional share (PSS) of a program that runs in a terminal, in MB."""
    return megabytes_of(terminal.process.pid)


def megabytes_of(pid: int) -> float:
    """Return the proportional share (PSS) of a process, in MB."""
    for line in Path(f"/proc/{pid}/smaps_rollup").read_text().splitlines():
        if line.startswith("Pss:"):
            return int(line.split()[1]) / 1024
    raise AssertionError("the kernel does not tell the memory of a process")
