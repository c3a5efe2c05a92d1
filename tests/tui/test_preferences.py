"""What a person chose with :theme, :bell and :slow is there again the next time, and never in anybody's way."""

import stat
from pathlib import Path

import pytest
from rich.color import ColorSystem

from agentconsole.config.preferences import Preferences
from agentconsole.domain.errors import Refused
from agentconsole.tui.terminal import Terminal
from tests.tui.driving import Driver, drive

TERM = "xterm-256color"


def kept_in(folder: Path) -> Preferences:
    """Return the preferences of a person whose settings lie in a folder."""
    return Preferences.of({"XDG_CONFIG_HOME": str(folder)})


def test_what_was_chosen_is_there_again_for_that_kind_of_terminal_alone(tmp_path: Path) -> None:
    kept_in(tmp_path).choose_theme(TERM, "light")
    kept_in(tmp_path).choose_theme("linux", "mono")
    kept_in(tmp_path).choose_bell("live")
    kept_in(tmp_path).choose_slow("linux", slow=True)

    again = kept_in(tmp_path)

    assert (again.theme(TERM), again.theme("linux"), again.theme("tmux"), again.bell) == ("light", "mono", "", "live")
    assert (again.slow("linux"), again.slow(TERM)) == (True, False)


def test_the_file_is_its_owner_s_alone(tmp_path: Path) -> None:
    kept_in(tmp_path).choose_bell("off")

    (file,) = (tmp_path / "agentconsole").iterdir()
    assert file.name == "console.toml"
    assert stat.S_IMODE(file.stat().st_mode) == 0o600


@pytest.mark.parametrize(
    "text",
    [
        pytest.param(b"bell = ", id="no TOML"),
        pytest.param(b"\xff\xfe", id="no UTF-8"),
        pytest.param(b'bell = 7\ntheme = "light"', id="other types"),
        pytest.param(b'bell = "\\u001b]52;c;x"\n[theme]\n"a b" = "light"', id="no words"),
        pytest.param(b"[theme]\n" + b'"x" = "' + b"y" * 20_000 + b'"', id="too large"),
    ],
)
def test_a_file_that_cannot_be_used_counts_as_nothing_chosen(tmp_path: Path, text: bytes) -> None:
    (tmp_path / "agentconsole").mkdir()
    (tmp_path / "agentconsole" / "console.toml").write_bytes(text)

    read = kept_in(tmp_path)

    assert (read.bell, read.theme(TERM), read.theme("a b")) == ("", "", "")


def test_what_cannot_be_kept_is_said_with_its_place_and_holds_for_this_run() -> None:
    preferences = kept_in(Path("/dev/null"))

    with pytest.raises(Refused, match=r"it is not kept: /dev/null/agentconsole/console\.toml: Not a directory"):
        preferences.choose_bell("off")

    assert preferences.bell == "off"


def test_without_a_folder_of_its_own_settings_lie_in_the_home(tmp_path: Path) -> None:
    Preferences.of({"HOME": str(tmp_path)}).choose_bell("off")

    assert (tmp_path / ".config" / "agentconsole" / "console.toml").exists()


@pytest.mark.parametrize("environ", [{}, {"XDG_CONFIG_HOME": "here"}], ids=str)
def test_nothing_is_written_where_no_folder_is_named(
    environ: dict[str, str], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)

    Preferences.of(environ).choose_bell("off")

    assert list(tmp_path.iterdir()) == []


def test_a_chosen_theme_begins_the_next_run_and_the_terminal_is_not_asked(tmp_path: Path) -> None:
    before = Terminal({"TERM": TERM}, kept_in(tmp_path))
    asked = before.asks

    async def choose(driver: Driver) -> None:
        await driver.sign_in()
        await driver.type(":theme li")
        await driver.keys("enter")
        await driver.sees("Colours: light.")

    drive(choose, preferences=kept_in(tmp_path))

    after = Terminal({"TERM": TERM}, kept_in(tmp_path))
    assert (asked, after.asks, after.theme) == (True, False, "light")


def test_a_theme_that_is_none_any_more_is_not_begun_with(tmp_path: Path) -> None:
    kept_in(tmp_path).choose_theme(TERM, "pink")

    assert Terminal({"TERM": TERM}, kept_in(tmp_path)).theme == "dark"


def test_the_bell_can_be_told_when_to_ring_and_says_when_it_does(tmp_path: Path) -> None:
    async def choose(driver: Driver) -> None:
        await driver.sign_in()
        await driver.type(":bell")
        await driver.keys("enter")
        await driver.sees("Bell: due. It can be live, due or off")
        await driver.type(":bell of")
        await driver.keys("enter")
        await driver.sees("The bell does not ring.")
        assert driver.console.bell.level == "off"

    async def look(driver: Driver) -> None:
        assert driver.console.bell.level == "off"

    drive(choose, preferences=kept_in(tmp_path))
    drive(look, preferences=kept_in(tmp_path))


def test_a_slow_line_is_remembered_from_sign_in_to_sign_in_until_it_is_over(tmp_path: Path) -> None:
    async def choose(driver: Driver) -> None:
        await driver.sign_in()
        await driver.type(":slow on")
        await driver.keys("enter")
        await driver.sees("Sending less: clocks move every 5 s")

    async def look(driver: Driver) -> None:
        assert driver.app.stage.colours is ColorSystem.EIGHT_BIT
        await driver.sign_in()
        await driver.sees("Sending less, as you chose on a slow line. :slow off sends all of it.")
        assert "Why here" not in driver.text
        await driver.type(":slow off")
        await driver.keys("enter")
        await driver.sees("Why here")

    async def look_again(driver: Driver) -> None:
        await driver.sign_in()
        assert "Why here" in driver.text
        assert driver.app.stage.colours is ColorSystem.TRUECOLOR

    wide = {"TERM": TERM, "COLORTERM": "truecolor"}
    drive(choose, preferences=kept_in(tmp_path), environ=wide)
    drive(look, preferences=kept_in(tmp_path), environ=wide)
    drive(look_again, preferences=kept_in(tmp_path), environ=wide)


def test_a_theme_that_cannot_be_kept_is_used_all_the_same() -> None:
    async def script(driver: Driver) -> None:
        await driver.sign_in()
        await driver.type(":theme light")
        await driver.keys("enter")
        await driver.sees("not kept")
        assert driver.app.theme == "desk-light"

    drive(script, preferences=kept_in(Path("/dev/null")))
