"""No test hangs the run: a short form ends in time or its process does, and what failed is said at once."""

import os
import threading
from collections.abc import Generator

import pytest

from tests import needs

SHORT = 400.0
"""Seconds that a test may take whose figure is not the long one, whatever limit it shares with its long form."""
GRACE = 60.0
"""Seconds more in which it may tidy up; then its process ends, and with it the run, which names the test."""
_QUOTED = 4_000


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Hold the short forms to their time, so that one that hangs is told of."""
    for item in items:
        if item.get_closest_marker("long") is None and _limit(item) > SHORT:
            item.add_marker(pytest.mark.timeout(SHORT), append=False)


@pytest.hookimpl(wrapper=True)
def pytest_runtest_protocol(item: pytest.Item) -> Generator[None, object, object]:
    """End the process of a test that its time-out could not end."""
    watch = threading.Timer(_limit(item) + GRACE, os._exit, (1,))
    watch.daemon = True
    watch.start()
    try:
        return (yield)
    finally:
        watch.cancel()


def pytest_configure(config: pytest.Config) -> None:
    """Say in CI what failed when it fails: a run that is cut short has no end that would say it.

    A run that lost a process is stopped, not mended: with a new one xdist waits at the end for ever.
    """
    config.option.maxworkerrestart = "0"
    if needs.is_ci() and not hasattr(config, "workerinput"):
        config.pluginmanager.register(_AtOnce(config))


class _AtOnce:
    def __init__(self, config: pytest.Config) -> None:
        self._config = config

    def pytest_runtest_logreport(self, report: pytest.TestReport) -> None:
        terminal = self._config.pluginmanager.get_plugin("terminalreporter")
        if report.failed and terminal is not None:
            terminal.write_line(f"\n{report.nodeid} failed ({report.when}):\n{report.longreprtext[-_QUOTED:]}")


def _limit(item: pytest.Item) -> float:
    marker = item.get_closest_marker("timeout")
    return float(marker.args[0] if marker else item.config.getini("timeout"))
