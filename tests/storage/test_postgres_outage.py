"""An outage is told when it lasts, once, and when it is over; who only looks is not kept waiting by it."""

from dataclasses import dataclass

from agentconsole.storage.postgres_outage import Outage


@dataclass
class _Seconds:
    at: float = 100.0

    def __call__(self) -> float:
        return self.at


def test_a_link_that_is_made_anew_at_once_is_nobody_s_news() -> None:
    heard: list[bool] = []
    outage = Outage(heard.append, _Seconds())

    outage.lost()
    outage.over()
    outage.over()

    assert heard == []


def test_an_outage_that_lasts_is_told_once_and_its_end_too() -> None:
    heard: list[bool] = []
    seconds = _Seconds()
    outage = Outage(heard.append, seconds)

    since = [outage.lost()]
    for _ in range(3):
        seconds.at += 0.3
        since.append(outage.lost())
    outage.over()
    outage.over()

    assert (heard, set(since)) == ([True, False], {100.0})


def test_who_looks_is_not_let_try_all_the_time_once_it_has_lasted() -> None:
    """A hundred readers would wait for one connection each, one after the other."""
    seconds = _Seconds()
    outage = Outage(seconds=seconds)
    tries = [outage.is_worth_a_try(2.0)]
    outage.lost()

    for passed in (1.0, 1.1, 0.3, 0.3):
        seconds.at += passed
        tries.append(outage.is_worth_a_try(2.0))
        if passed == 1.1:
            outage.lost()
    outage.over()

    assert [*tries, outage.is_worth_a_try(2.0)] == [True, True, True, False, True, True]
