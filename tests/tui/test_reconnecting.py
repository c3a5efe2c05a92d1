"""A database that is away (UX 11): the console says so at once, keeps what is typed, and says when it is back."""

from agentconsole.domain.errors import Refused
from agentconsole.wire.commands import AddNote
from agentconsole.wire.frames import Reaching
from agentconsole.wire.queries import ReadQueue
from tests.tui.driving import Driver, drive


def test_it_is_said_in_words_until_it_is_back_and_the_list_is_read_anew() -> None:
    async def script(it: Driver) -> None:
        await it.sign_in()
        before = it.rows[0]

        it.desk.told(Reaching())
        await it.settle()
        assert "reconnecting" in it.rows[0]
        assert it.message == "!! Reconnecting to the database .. what you typed is kept."
        asked = len(it.desk.of(ReadQueue))
        it.desk.told(Reaching(back=True))
        await it.settle()

        assert it.rows[0] == before
        assert it.message == "The desk has its database back."
        assert len(it.desk.of(ReadQueue)) > asked

    drive(script)


def test_what_was_typed_stays_when_the_desk_cannot_do_it_now() -> None:
    async def script(it: Driver) -> None:
        await it.sign_in()
        await it.keys("enter")
        await it.sees("case 4490")
        await it.keys("i")
        await it.type("The parcel left on Monday")
        it.desk.told(Reaching())
        it.desk.forced[AddNote] = Refused("The desk's database cannot be reached: nothing was done.", code="down")
        await it.keys("ctrl+d")

        await it.sees("nothing was done")
        it.desk.told(Reaching(back=True))
        await it.keys("i")
        await it.sees("The parcel left on Monday")
        await it.keys("ctrl+d")

        assert [note.text for note in it.desk.of(AddNote)] == ["The parcel left on Monday"] * 2

    drive(script)


def test_a_link_that_is_made_anew_knows_nothing_of_it() -> None:
    """What serves then is another server, which says so itself."""

    async def script(it: Driver) -> None:
        await it.sign_in()
        it.desk.told(Reaching())
        await it.settle()

        it.desk.hang_up()
        await it.sees("The desk is back")

        assert "reconnecting" not in it.rows[0]

    drive(script)
