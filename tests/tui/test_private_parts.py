"""The private parts of Textual that the console leans on: a change of one is seen here, before it is on a screen."""

import inspect

import pytest
import textual
from textual import _compositor, events
from textual._xterm_parser import XTermParser
from textual.app import App
from textual.drivers.linux_driver import LinuxDriver
from textual.screen import Screen

PARTS = {
    "App._display": (App._display, "(self, screen: 'Screen', renderable: 'RenderableType | None') -> 'None'"),
    "App._begin_update": (App._begin_update, "(self) -> 'None'"),
    "App._end_update": (App._end_update, "(self) -> 'None'"),
    "App._fatal_error": (App._fatal_error, "(self) -> 'None'"),
    "App._close_messages_no_wait": (App._close_messages_no_wait, "(self) -> 'None'"),
    "App._set_pointer_shape": (App._set_pointer_shape, "(self, shape: 'str') -> 'None'"),
    "LayoutUpdate": (_compositor.LayoutUpdate, "(strips: 'list[Iterable[Strip]]', region: 'Region') -> 'None'"),
    "ChopsUpdate": (
        _compositor.ChopsUpdate,
        "(chops: 'Sequence[Mapping[int, Strip | None]]', spans: 'list[tuple[int, int, int]]',"
        " chop_ends: 'list[list[int]]') -> 'None'",
    ),
    "Key._set_forwarded": (events.Key._set_forwarded, "(self) -> 'None'"),
    "XTermParser": (XTermParser, "(debug: 'bool' = False) -> 'None'"),
    "XTermParser.feed": (XTermParser.feed, "(self, data: 'str') -> 'Iterable[Message]'"),
    "XTermParser.tick": (XTermParser.tick, "(self) -> 'Iterable[T]'"),
    "LinuxDriver.process_message": (LinuxDriver.process_message, "(self, message: 'Message') -> 'None'"),
    "LinuxDriver.run_input_thread": (LinuxDriver.run_input_thread, "(self) -> 'None'"),
    "LinuxDriver.start_application_mode": (LinuxDriver.start_application_mode, "(self)"),
    "LinuxDriver.stop_application_mode": (LinuxDriver.stop_application_mode, "(self) -> 'None'"),
}
USED = {
    Screen._compositor_refresh: ("app._display(self, update)",),
    App._display: ("_batch_count", "self._running", "self._closed", "self.is_headless", "post_display_hook()"),
    _compositor.ChopsUpdate.render_segments: ("for y, x1, x2 in self.spans", "zip(ends, line.items())"),
    App._fatal_error: ("_exit_renderables",),
}


@pytest.mark.parametrize("part", PARTS)
def test_a_private_part_has_the_shape_that_is_leant_on(part: str) -> None:
    thing, shape = PARTS[part]

    assert str(inspect.signature(thing)) == shape


@pytest.mark.parametrize("part", USED, ids=lambda part: part.__qualname__)
def test_a_private_part_works_as_it_did(part) -> None:
    source = inspect.getsource(part)

    assert [word for word in USED[part] if word not in source] == []


def test_the_minor_version_is_the_one_that_all_this_is_true_of() -> None:
    assert textual.__version__.startswith("8.2.")
