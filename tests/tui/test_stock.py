"""Where the output stage fails, the screen still shows all of it, and still nothing that a terminal would obey."""

from pathlib import Path

import pytest

from tests.pty import Terminal
from tests.tui.test_guard import HOSTILE, leak, sent

MESSAGE = -2


@pytest.fixture(scope="module")
def hostile_file(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return a file with all hostile texts, one after the other."""
    path = tmp_path_factory.mktemp("hostile") / "text"
    path.write_bytes("  ".join(HOSTILE.values()).encode("utf-8", "surrogatepass"))
    return path


def shown(*options: str, environ: dict[str, str] | None = None) -> tuple[list[str], bytes]:
    """Return the screen of a console that has shown its queue and help and come back, and all that it sent."""
    with Terminal.python("tests.tui.fake_console", "speed=0", *options, environ=environ) as terminal:
        terminal.wait_for("Username")
        terminal.feed(b"\r")
        terminal.wait_for("My work")
        terminal.settle()
        terminal.feed(b"?")
        terminal.wait_for("Keys in the lists")
        terminal.feed(b"\x07jj")
        terminal.wait_for("My work")
        terminal.settle()
        return terminal.rows, terminal.raw


@pytest.mark.parametrize("environ", [{"TERM": "xterm-256color"}, {"TERM": "vt220"}], ids=["256", "mono"])
def test_a_screen_that_the_stage_cannot_compose_comes_by_textuals_own_output(environ: dict[str, str]) -> None:
    plain, _ = shown(environ=environ)
    fallen, raw = shown("sound=6", environ=environ)

    assert fallen[:MESSAGE] == plain[:MESSAGE]
    assert "Drawing is slower now (AttributeError)" in fallen[MESSAGE]
    assert leak(raw) == ""
    assert (b"38;" in raw) is (environ["TERM"] != "vt220")


@pytest.mark.parametrize(("options", "leaks"), [(("broken",), False), (("broken", "off"), True)])
def test_no_order_passes_textuals_own_output_either_and_it_is_the_gate_that_stops_it(
    hostile_file: Path, options: tuple[str, ...], leaks: bool
) -> None:
    assert bool(leak(sent(hostile_file, *options))) is leaks
