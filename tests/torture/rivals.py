"""Processes that each hold the same desk open, as several servers of one database do, and act at one instant."""

import multiprocessing
import os
from collections.abc import Callable
from concurrent.futures import ProcessPoolExecutor
from datetime import datetime
from multiprocessing.context import BaseContext
from multiprocessing.synchronize import Barrier
from pathlib import Path
from threading import BrokenBarrierError
from typing import TypeVar

from agentconsole.config.clock import SetClock
from agentconsole.config.paths import desk_paths
from agentconsole.security.masterkey import MasterKey
from agentconsole.server.desk import OpenDesk, open_desk

Answer = TypeVar("Answer")
Turn = Callable[[OpenDesk, SetClock, int], Answer]
LONGEST = 900
"""Seconds that those who are done with a turn wait for the last of them: 32 who write at once stand in a long row."""

_gate: Barrier | None = None


def nursery() -> BaseContext:
    """Return what starts processes that have everything imported already."""
    multiprocessing.set_forkserver_preload(["agentconsole.server.main", "tests.desk_bench", "tests.server_bench"])
    return multiprocessing.get_context("forkserver")


def compete(
    home: Path, master: MasterKey, at: datetime, turn: Turn[Answer], *, rivals: int, rounds: int
) -> list[list[Answer]]:
    """Have so many processes take each turn at once; returns for each round what each of them was answered.

    `turn` is a function of a module: it gets the process's own desk, its clock (which begins `at`), and the round.
    """
    context = nursery()
    gate = context.Barrier(rivals)
    with ProcessPoolExecutor(rivals, context, _enter, (gate,)) as pool:
        told = [pool.submit(_take_turns, home, master.text(), at, turn, rounds) for _ in range(rivals)]
        # Whom the others waited for in vain says why; they only say that he did not come.
        faults = sorted(
            (fault for one in told if (fault := one.exception())),
            key=lambda fault: isinstance(fault, BrokenBarrierError),
        )
        if faults:
            raise faults[0]
        answers = [one.result() for one in told]
    return [list(each) for each in zip(*answers, strict=True)]


def _enter(gate: Barrier) -> None:
    global _gate
    _gate = gate


def _take_turns(home: Path, key: str, at: datetime, turn: Turn[Answer], rounds: int) -> list[Answer]:
    assert _gate is not None
    clock = SetClock(at)
    paths = desk_paths(os.environ, home)
    key_of_tests = MasterKey.of_text(key, "tests")
    desk = open_desk(paths, os.environ, committed=lambda _: None, clock=clock, wall=clock, master=key_of_tests)
    try:
        answers = []
        for number in range(rounds):
            _gate.wait(timeout=LONGEST)
            answers.append(turn(desk, clock, number))
        return answers
    except BaseException:
        _gate.abort()
        raise
    finally:
        desk.close()
