"""PROMISES 11, H2: markup that somebody wrote is letters, in every field of every part of the console."""

import itertools

import pytest

from agentconsole.domain.text import clean
from agentconsole.domain.untrusted import Untrusted
from agentconsole.tui.theme import ROLES
from tests.tui.test_hostile_rows import PIECES, drawn

TAGS = (
    "@click=app.quit",
    "@click=app.screenshot('x','/tmp')",
    "link=http://evil.example",
    "link='x'",
    "bold red",
    "on #fff",
)
TAGS += (
    "/",
    "/nope",
    "$primary",
    "b",
    "reverse",
    "@mouse.down=app.bell",
    "x=y",
    "",
    " ",
    "a href=x",
    "link=file:///etc/passwd",
)
FORMS = ("[{}]kumquat[/]", "[{}]kumquat", "kumquat[/{}]", "\\[{}]kumquat", "[[{}]]kumquat", "[{0}][{0}]kumquat[/][/]")
FORMS += (
    "[{}\nkumquat]",
    "<{}>kumquat</a>",
    "![kumquat]({})",
    "kumquat]{}[",
    "[{}]\u200bkumquat[/]",
    ":smile: [{}]kumquat",
)
PAYLOADS = [form.format(tag) for form, tag in itertools.product(FORMS, TAGS)]


@pytest.mark.parametrize("piece", PIECES)
def test_markup_in_any_field_is_shown_as_it_was_written_and_gives_no_look(piece: str) -> None:
    harmless = {look for line in drawn(piece, Untrusted("kumquat")) for _, look in line.pieces}

    for payload in PAYLOADS:
        lines = list(drawn(piece, Untrusted(payload)))
        looks = {look for line in lines for _, look in line.pieces}
        assert looks <= harmless, payload
        assert looks - {""} <= set(ROLES), payload
        shown = "".join("".join(line.text.split()) for line in lines)
        assert "".join(clean(payload[:4]).split()) in shown, payload

    assert len(PAYLOADS) >= 200
