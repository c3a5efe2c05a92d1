"""Working the queue: views, filter, selection, verbs, what is said; through the whole console."""

from datetime import timedelta

import pytest
from msgspec.structs import replace

from agentconsole.domain.errors import Refused, Stale
from agentconsole.wire import commands as c
from agentconsole.wire import queries as q
from agentconsole.wire.frames import Changed
from tests.rows import built
from tests.tui.driving import Driver, drive
from tests.tui.fake_desk import FakeDesk, clock, row


def test_rows_show_state_time_next_step_and_who_in_words() -> None:
    async def script(driver: Driver) -> None:
        await driver.sign_in()

        shown = driver.text
        for words in (
            "LIVE   0:41 answer  CH 4490",
            "DUE    4:12 reply   EM 4471",
            "LATE   +22m letter",
            "WAIT   3h10",
        ):
            assert words in shown
        assert "ANA agent|Mine 9 Team 13|LATE 2 DUE 3" in driver.rows[0]
        assert driver.rows[0].endswith("10:42")
        assert driver.rows[1].startswith(" [My work 9]")
        assert "? help" in driver.rows[-1]

    drive(script)


def test_views_turn_with_letters_and_with_g() -> None:
    async def script(driver: Driver) -> None:
        await driver.sign_in()
        await driver.keys("l")
        await driver.sees("[Team 13]")
        await driver.keys("g", "o")
        await driver.sees("[Unassigned 2]")
        assert "Ida Berg" in driver.text
        await driver.keys("g", "q")
        await driver.sees("[My work 9]")

    drive(script)


def test_g_shows_its_choices_when_the_second_key_takes_its_time() -> None:
    async def script(driver: Driver) -> None:
        await driver.sign_in()
        await driver.keys("g")
        await driver.sees("q my work, t team queue, o unassigned cases, n messages so far")
        await driver.keys("escape", "y")
        await driver.sees("y then: n copy the number, m copy the last message, e copy the address")

    drive(script)


def test_the_filter_counts_while_it_is_typed_and_esc_clears_it() -> None:
    async def script(driver: Driver) -> None:
        await driver.sign_in()
        await driver.type("/late")
        await driver.sees("2 of 9")
        assert "Rosa" not in driver.text
        await driver.keys("escape")
        await driver.sees("9 of 9")
        assert "Rosa" in driver.text

    drive(script)


def test_a_filter_that_cannot_be_read_points_at_the_word_and_leaves_the_rows() -> None:
    async def script(driver: Driver) -> None:
        await driver.sign_in()
        await driver.type("/due<2x")
        await driver.sees("unit must be m h d wd")
        assert "Rosa" in driver.text
        await driver.keys("enter")
        await driver.sees("unit must be m h d wd")
        assert driver.console.line.value == "due<2x"

    drive(script)


def test_an_empty_filter_names_the_word_that_emptied_it() -> None:
    async def script(driver: Driver) -> None:
        await driver.sign_in()
        await driver.type("/late ch:so")
        await driver.keys("enter")
        await driver.sees('Nothing here matches late ch:so; without "ch:so" 4.')

    drive(script)


def test_an_empty_queue_says_where_the_work_is() -> None:
    async def script(driver: Driver) -> None:
        await driver.sign_in(sees="Nothing waits for you. Well done.")
        assert "2 cases are nobody's yet: n takes one, g o" in driver.text

    desk = FakeDesk()
    desk.rows = [held for held in desk.rows if held.owner != "ana"]
    drive(script, desk)


def test_who_may_take_no_case_is_offered_none() -> None:
    async def script(driver: Driver) -> None:
        await driver.sign_in(sees="n takes one")

        driver.console.desk.me = replace(driver.console.desk.me, role="admin", permits=("read_queue",))
        await driver.type("gtgq")
        await driver.sees("2 cases are nobody's yet: g o lists them")
        assert "Your role answers no cases." in driver.text
        await driver.sees("g t team  g o unassigned  / filter  ? help")
        assert "n next" not in driver.text

    desk = FakeDesk()
    desk.rows = [held for held in desk.rows if held.owner != "ana"]
    drive(script, desk)


def test_the_queue_of_a_desk_without_a_brand_says_what_is_missing() -> None:
    async def script(driver: Driver) -> None:
        await driver.sign_in(sees="Nothing waits for you. Well done.")

        driver.console.desk.me = replace(driver.console.desk.me, brands=())
        await driver.type("gtgq")
        await driver.sees("This desk has no brand yet")
        assert "Well done" not in driver.text

    desk = FakeDesk()
    desk.rows = []
    drive(script, desk)


@pytest.mark.parametrize("key", ["w", "a", "t", "e"])
def test_nothing_is_asked_about_a_case_that_is_not_there(key: str) -> None:
    async def script(driver: Driver) -> None:
        await driver.sign_in()
        await driver.type("/zzz")
        await driver.keys("enter")
        await driver.sees("Nothing here matches zzz")
        await driver.keys(key)
        await driver.sees("No case is under the cursor.")
        assert not driver.console.line.is_open

    drive(script)


def test_a_verb_on_a_selection_asks_with_the_number_and_only_y_does_it() -> None:
    async def script(driver: Driver) -> None:
        await driver.sign_in()
        await driver.keys("space", "space", "e")
        await driver.sees("Resolve 2 cases? y/N")
        await driver.keys("n")
        assert driver.desk.of(c.Resolve) == []
        await driver.keys("e", "y")
        await driver.sees("Resolve: 2 of 2 cases.")

    assert [done.ticket for done in drive(script).of(c.Resolve)] == [4490, 4471]


def test_one_case_is_resolved_without_a_question_and_u_takes_it_back() -> None:
    async def script(driver: Driver) -> None:
        await driver.sign_in()
        await driver.keys("j", "e")
        await driver.sees("Case 4471 resolved.")
        await driver.sees("[My work 8]")
        await driver.keys("u")
        await driver.sees("Case 4471 is as it was.")
        await driver.sees("[My work 9]")

    drive(script)


def test_t_takes_and_gives_back() -> None:
    async def script(driver: Driver) -> None:
        await driver.sign_in()
        await driver.keys("g", "o", "t")
        await driver.sees("Case 4500 is yours.")
        await driver.keys("g", "q", "t")
        await driver.sees("back in the queue")

    desk = drive(script)

    assert [taken.ticket for taken in desk.of(c.Take)] == [4500]
    assert [given.ticket for given in desk.of(c.GiveBack)] == [4490]


def test_a_case_is_given_to_someone_by_a_few_letters() -> None:
    async def script(driver: Driver) -> None:
        await driver.sign_in()
        await driver.keys("a")
        await driver.type("ch")
        await driver.sees("Chen Wei")
        await driver.keys("enter")
        await driver.sees("Case 4490 is chen's.")

    assert [(given.ticket, given.to) for given in drive(script).of(c.Assign)] == [(4490, "chen")]


def test_waiting_takes_the_customer_or_a_date() -> None:
    async def script(driver: Driver) -> None:
        await driver.sign_in()
        await driver.keys("w", "c", "enter")
        await driver.sees("Case 4490 waits.")
        await driver.keys("j", "w")
        await driver.type("2h")
        await driver.keys("enter")
        await driver.sees("Case 4471 waits.")
        await driver.keys("j", "w")
        await driver.type("never")
        await driver.keys("enter")
        await driver.sees("never -- say it as")

    desk = drive(script)

    assert [wait.until for wait in desk.of(c.Wait)] == [None, desk.now + timedelta(hours=2)]


@pytest.mark.parametrize(("row_at", "seen"), [(0, "reply to"), (8, "Nothing is to be done on case 4420 now.")])
def test_the_dot_does_what_next_says(row_at: int, seen: str) -> None:
    async def script(driver: Driver) -> None:
        await driver.sign_in()
        await driver.keys(*["j"] * row_at, "full_stop")
        await driver.sees(seen)

    drive(script)


def test_n_opens_what_the_desk_hands_out() -> None:
    async def script(driver: Driver) -> None:
        await driver.sign_in()
        await driver.keys("n")
        await driver.sees("case 4490 Priya Nair")
        await driver.keys("q")
        await driver.sees("1:4490")

    assert len(drive(script).of(c.TakeNext)) == 1


def test_work_tabs_are_under_digits_and_minus_goes_back_to_the_last_place() -> None:
    async def script(driver: Driver) -> None:
        await driver.sign_in()
        await driver.keys("enter", "q", "j", "enter", "q", "1")
        await driver.sees("case 4490")
        await driver.keys("2")
        await driver.sees("case 4471")
        await driver.keys("0")
        await driver.sees("[My work 9]")
        await driver.keys("minus")
        await driver.sees("case 4471")
        await driver.keys("J")
        await driver.sees("case 4486")

    drive(script)


def test_q_at_the_bottom_does_not_quit() -> None:
    async def script(driver: Driver) -> None:
        await driver.sign_in()
        await driver.keys("q")
        await driver.sees("Q or :quit goes off shift")

    drive(script)


def test_a_refusal_stands_on_the_message_line_and_covers_no_row() -> None:
    desk = FakeDesk()
    desk.forced[c.Resolve] = Refused("A promise to this customer is open: keep it or move it first.")

    async def script(driver: Driver) -> None:
        await driver.sign_in()
        before = driver.rows[:-2]
        await driver.keys("e")
        await driver.sees("!! A promise to this customer is open")
        assert driver.rows[:-2] == before

    drive(script, desk)


def test_a_case_that_moved_on_is_not_resolved_unseen() -> None:
    desk = FakeDesk()
    desk.forced[c.Resolve] = Stale("Case 4490 has moved on: look at it again.")

    async def script(driver: Driver) -> None:
        await driver.sign_in()
        await driver.keys("e")
        await driver.sees("has moved on")

    assert drive(script, desk).find(4490).status == "open"


def test_arrivals_go_below_until_r_sorts_again() -> None:
    async def script(driver: Driver) -> None:
        await driver.sign_in()
        await driver.keys("j")
        driver.desk.arrive(row(4600, "Late Comer", "Broken on arrival", clock(100), tier="DUE", fresh=True))
        await driver.sees("1 new case arrived below your cursor")
        assert "> DUE    4:12 reply   EM 4471" in driver.rows[4]
        assert driver.rows[13].startswith("-- new below, not sorted yet: R sorts ---")
        assert driver.rows[14].startswith("+ DUE    1:40")
        await driver.keys("R")
        await driver.sees("Sorted")
        assert "4600" in driver.rows[3]
        assert driver.rows[5].startswith("> DUE    4:12")

    drive(script)


def test_who_rests_at_the_top_sees_what_is_to_be_done_first() -> None:
    async def script(driver: Driver) -> None:
        await driver.sign_in()
        driver.desk.arrive(row(4600, "Late Comer", "Broken on arrival", clock(100), tier="DUE", fresh=True))
        await driver.sees("1 new case arrived")
        driver.console.mode.tick(driver.desk.now)
        assert driver.console.queue.list.rows[0].ticket == 4490
        driver.console.queue._moved_at -= 6
        driver.console.mode.tick(driver.desk.now)
        await driver.settle()
        assert "4600" in driver.rows[3]
        assert driver.rows[4].startswith("> LIVE")

    drive(script)


def test_news_of_the_desk_is_said_and_kept() -> None:
    async def script(driver: Driver) -> None:
        await driver.sign_in()
        driver.desk.told(built(Changed, news=("SAM accepted escalation 4451",)))
        await driver.sees("-- News")
        assert "SAM accepted escalation 4451" in driver.text
        assert "-- Team now" in driver.text

    drive(script, size=(120, 40))


def test_the_next_page_comes_when_the_cursor_reaches_the_end() -> None:
    desk = FakeDesk()
    desk.rows = [row(number, f"Customer {number}", "A question", None) for number in range(5000, 5450)]

    async def script(driver: Driver) -> None:
        await driver.sign_in()
        await driver.keys("G")
        await driver.keys("G")
        await driver.sees("Customer 5399")

    assert next(asked.after for asked in drive(script, desk).of(q.ReadQueue) if asked.after) == (1, 5199, 5199)


def test_why_explains_the_order_of_the_row_under_the_cursor() -> None:
    async def script(driver: Driver) -> None:
        await driver.sign_in()
        await driver.keys("equals_sign")
        await driver.sees("why (case 4490)")

    assert [asked.ticket for asked in drive(script).of(q.ExplainClock)] == [4490]


def test_a_key_that_means_nothing_says_so() -> None:
    async def script(driver: Driver) -> None:
        await driver.sign_in()
        await driver.keys("ctrl+o")
        await driver.sees("ctrl+o does nothing here. Press ?")

    drive(script)


def test_pasted_text_is_never_a_row_of_verbs() -> None:
    async def script(driver: Driver) -> None:
        await driver.sign_in()
        driver.console.router.paste("eeeey")
        await driver.settle()

    assert drive(script).of(c.Resolve) == []


@pytest.mark.parametrize("size", [(40, 10), (60, 20), (80, 23), (200, 60)])
def test_any_size_shows_the_row_under_the_cursor(size: tuple[int, int]) -> None:
    async def script(driver: Driver) -> None:
        await driver.sign_in()
        await driver.keys("j")
        assert any(line.startswith("> DUE") for line in driver.rows)
        assert all(len(line) <= size[0] for line in driver.rows)

    drive(script, size=size)


def test_a_small_window_says_what_is_best() -> None:
    async def script(driver: Driver) -> None:
        await driver.sees("best at 80x24")

    drive(script, size=(70, 20))
