"""What a mail is to the desk: values that are compared, never changed."""

from dataclasses import FrozenInstanceError

import pytest

from agentconsole.domain.mail import Address, Attachment, AuthResult, AutoKind, Bounce, Outgoing


@pytest.mark.parametrize(
    "value",
    [
        Address("Ana", "ana@example.com"),
        Attachment("a.txt", "text/plain", 1, "ab", b"x"),
        Bounce("<a@b>", "ana@example.com", "5.1.1", hard=True),
        Outgoing("<a@b>", Address("", "d@e"), (), "s", "t", "", (), None, automatic=False),
    ],
    ids=lambda value: type(value).__name__,
)
def test_a_value_cannot_be_changed(value: object) -> None:
    field = next(iter(type(value).__dataclass_fields__))  # type: ignore[attr-defined]

    with pytest.raises(FrozenInstanceError):
        setattr(value, field, "other")


def test_the_words_that_are_stored_stay_the_same() -> None:
    assert [kind.value for kind in AutoKind] == ["none", "auto_reply", "bulk", "bounce", "own_loop"]
    assert [result.value for result in AuthResult] == ["pass", "fail", "none"]
