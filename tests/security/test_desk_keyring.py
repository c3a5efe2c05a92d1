"""Tests of the keyring's door: who is let in, and how long anybody is waited for."""

import threading
import time
from collections.abc import Callable

import pytest
from keyring.errors import InitError, NoKeyringError

from agentconsole.security.desk_keyring import DeskKeyring, KeyringSilent
from tests.security.conftest import MemoryKeyring, signed_as

MakeKeyring = Callable[..., DeskKeyring]
SECRET_SERVICE = "keyring.backends.SecretService.Keyring"


class LockedKeyring(MemoryKeyring):
    """A keyring whose owner dismisses the prompt."""

    def get_password(self, service: str, username: str) -> str | None:
        raise InitError("Prompt dismissed..")


class AbsentKeyring(MemoryKeyring):
    """A keyring that is a RuntimeError as well, as the library's own is."""

    def get_password(self, service: str, username: str) -> str | None:
        raise NoKeyringError("none")


class PromptingKeyring(MemoryKeyring):
    """A keyring that waits for somebody to type."""

    def get_password(self, service: str, username: str) -> str | None:
        threading.Event().wait(60)
        return None


class ForgetfulKeyring(MemoryKeyring):
    """A keyring that takes everything and keeps nothing."""

    def set_password(self, service: str, username: str, password: str) -> None:
        return None


class Chain(MemoryKeyring):
    """A chain of other keyrings."""

    backends: tuple[MemoryKeyring, ...] = ()


@pytest.mark.parametrize(
    "name",
    [
        SECRET_SERVICE,
        "keyring.backends.libsecret.Keyring",
        "keyring.backends.kwallet.DBusKeyring",
        "keyring.backends.macOS.Keyring",
    ],
)
def test_a_safe_keyring_keeps_the_key_under_the_desks_name(keyring_of: MakeKeyring, name: str) -> None:
    backend = signed_as(name)
    keyring = keyring_of(backend)

    keyring.write("ackm1_x")

    assert keyring.read() == "ackm1_x"
    assert backend.kept == {("agentconsole", "desk-1"): "ackm1_x"}


@pytest.mark.parametrize(
    "name",
    [
        "keyrings.alt.file.PlaintextKeyring",
        "keyrings.cryptfile.cryptfile.CryptFileKeyring",
        "keyring.backends.fail.Keyring",
        "keyring.backends.null.Keyring",
        "keyring.backends.SecretService.Keyring2",
    ],
)
def test_a_keyring_that_is_not_on_the_list_gets_nothing_and_is_named(keyring_of: MakeKeyring, name: str) -> None:
    backend = signed_as(name)

    with pytest.raises(KeyringSilent, match=f"no safe keyring here .found: {name}"):
        keyring_of(backend).write("ackm1_x")

    assert backend.kept == {}


def test_in_a_chain_only_the_safe_link_is_used(keyring_of: MakeKeyring) -> None:
    planted, safe = signed_as("keyrings.alt.file.PlaintextKeyring"), signed_as(SECRET_SERVICE)
    chain = signed_as("keyring.backends.chainer.ChainerBackend", Chain)
    chain.backends = (planted, safe)  # type: ignore[attr-defined]

    keyring_of(chain).write("ackm1_x")

    assert planted.kept == {}
    assert len(safe.kept) == 1


@pytest.mark.parametrize(("kind", "error"), [(LockedKeyring, "InitError"), (AbsentKeyring, "NoKeyringError")])
def test_a_keyring_that_fails_says_so(keyring_of: MakeKeyring, kind: type[MemoryKeyring], error: str) -> None:
    with pytest.raises(KeyringSilent, match=error):
        keyring_of(signed_as(SECRET_SERVICE, kind)).read()


def test_a_keyring_that_waits_for_a_prompt_is_left_waiting(keyring_of: MakeKeyring) -> None:
    start = time.monotonic()

    with pytest.raises(KeyringSilent, match=r"did not answer within 0.2 s"):
        keyring_of(signed_as(SECRET_SERVICE, PromptingKeyring), 0.2).read()

    assert time.monotonic() - start < 5


def test_a_keyring_that_forgets_is_not_trusted(keyring_of: MakeKeyring) -> None:
    with pytest.raises(KeyringSilent, match="gave back something else"):
        keyring_of(signed_as(SECRET_SERVICE, ForgetfulKeyring)).write("ackm1_x")
