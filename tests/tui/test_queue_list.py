"""The list stays where its user is: the cursor on its ticket, the row on its line (U14)."""

from hypothesis import given
from hypothesis import strategies as st

from agentconsole.tui.queue_list import CAME, WAITING, QueueList
from tests.tui.fake_desk import row


def rows(*tickets: int, fresh: bool = True):
    """Return rows of these tickets; those from 20 on wait for their customer."""
    tiers = {ticket: "WAIT" if ticket >= 20 else "ok" for ticket in tickets}
    return tuple(
        row(ticket, f"Customer {ticket}", "A question", None, fresh=fresh, tier=tiers[ticket]) for ticket in tickets
    )


def shown(*tickets: int, cursor: int = 0, height: int = 5) -> QueueList:
    """Return a list of these tickets."""
    queue = QueueList()
    queue.load(rows(*tickets))
    queue.resize(height)
    queue.move(cursor)
    return queue


def order(queue: QueueList) -> list[int]:
    """Return the tickets as they are listed."""
    return [held.ticket for held in queue.rows]


tickets = st.lists(st.integers(1, 30), unique=True, min_size=1, max_size=20)


@given(before=tickets, after=tickets, cursor=st.integers(0, 19), height=st.integers(1, 12))
def test_arrivals_and_departures_never_move_the_row_under_the_cursor(before, after, cursor, height) -> None:
    queue = shown(*before, cursor=cursor, height=height)
    ticket, line = queue.current.ticket, queue.line

    queue.merge(rows(*after))

    if ticket in after:
        assert queue.current.ticket == ticket
        assert queue.line == line
        assert list(queue.window())[line] == queue.cursor


@given(before=tickets, after=tickets, cursor=st.integers(0, 19))
def test_sorting_again_takes_the_cursor_along_and_keeps_it_in_view(before, after, cursor) -> None:
    queue = shown(*before, cursor=cursor)
    ticket = queue.current.ticket

    queue.resort(rows(*after))

    assert order(queue) == after
    if ticket in after:
        assert queue.current.ticket == ticket
        assert list(queue.window())[queue.line] == queue.cursor


@given(count=st.integers(1, 60), moves=st.lists(st.integers(-25, 25), max_size=20), height=st.integers(1, 12))
def test_the_cursor_is_always_in_view(count, moves, height) -> None:
    queue = shown(*range(1, count + 1), height=height)

    for step in moves:
        queue.move(step)

        assert list(queue.window())[queue.line] == queue.cursor
        assert 0 <= queue.top <= max(0, count)


def lines(queue: QueueList) -> list[object]:
    """Return what the window shows: tickets, headings, None for nothing."""
    return [queue.rows[entry].ticket if isinstance(entry, int) else entry for entry in queue.window()]


def test_what_waits_stands_under_a_heading_of_its_own() -> None:
    assert lines(shown(1, 2, 20, 21)) == [1, 2, WAITING, 20, 21]
    assert lines(shown(20, 21)) == [WAITING, 20, 21, None, None]
    assert lines(shown(1, 2)) == [1, 2, None, None, None]
    assert lines(shown(20, 1, 21, height=6)) == [20, 1, WAITING, 21, None, None]


def test_what_comes_below_what_waits_does_not_wait() -> None:
    queue = shown(1, 20, height=6)

    queue.merge(rows(9, 1, 20, 10))

    assert lines(queue) == [1, WAITING, 20, CAME, 9, 10]


def test_a_heading_counts_as_a_line_of_the_window() -> None:
    queue = shown(1, 2, 3, 4, 20, 21, height=5)
    queue.move_to(-1)

    assert lines(queue) == [3, 4, WAITING, 20, 21]
    assert queue.line == 4

    queue.move_to(0)
    assert lines(queue) == [1, 2, 3, 4, WAITING]


def test_the_next_page_of_what_waits_goes_under_the_same_heading() -> None:
    queue = shown(1, 20, height=6)

    queue.append(rows(21, 22))
    queue.merge(rows(1, 22))

    assert lines(queue) == [1, WAITING, 22, None, None, None]


def test_new_tickets_come_below_and_are_counted() -> None:
    queue = shown(1, 2, 3)

    came = queue.merge(rows(9, 1, 8, 3))

    assert came == 2
    assert order(queue) == [1, 3, 9, 8]
    assert queue.arrived == {9, 8}


def test_a_ticket_that_one_took_back_comes_below_and_is_no_news() -> None:
    queue = shown(1, 2)

    came = queue.merge(rows(1, 2, 3, fresh=False))

    assert came == 0
    assert order(queue) == [1, 2, 3]


def test_at_the_edge_the_window_moves_by_half_its_height() -> None:
    queue = shown(*range(1, 21), cursor=5, height=6)
    queue.move(1)

    assert (queue.cursor, queue.top) == (6, 3)


def test_a_row_that_goes_leaves_the_cursor_on_the_next_one() -> None:
    queue = shown(1, 2, 3, cursor=1)

    queue.merge(rows(1, 3))

    assert queue.current.ticket == 3


def test_what_is_selected_stays_selected_as_long_as_it_is_listed() -> None:
    queue = shown(1, 2, 3)
    queue.toggle()
    queue.toggle()

    queue.merge(rows(2, 3))

    assert [held.ticket for held in queue.chosen] == [2]
    assert queue.current.ticket == 3


def test_the_neighbour_of_a_ticket_takes_the_cursor_along() -> None:
    queue = shown(1, 2, 3)

    assert queue.neighbour(1, 1).ticket == 2
    assert queue.neighbour(3, 1) is None
    assert queue.current.ticket == 2
