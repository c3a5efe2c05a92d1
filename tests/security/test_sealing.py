"""Tests of the vault."""

from collections.abc import Callable

import pytest

from agentconsole.domain.errors import Refused
from agentconsole.security.masterkey import MasterKey
from agentconsole.security.sealing import PURPOSES, Vault

PLACE = "factor.seed.17"


@pytest.fixture
def vault() -> Vault:
    """Give a vault of its own."""
    return Vault.create(MasterKey.in_memory())[0]


@pytest.mark.parametrize("plain", [b"", b"seed", bytes(range(256)) * 40])
def test_a_value_opens_where_it_was_sealed(vault: Vault, plain: bytes) -> None:
    sealed = vault.seal(plain, PLACE)

    assert vault.open(sealed, PLACE) == plain
    assert sealed.startswith("e1.k1.")


def test_a_sealed_value_hides_what_it_holds_even_from_comparison(vault: Vault) -> None:
    assert vault.seal(b"seed", PLACE) != vault.seal(b"seed", PLACE)


@pytest.mark.parametrize("place", ["factor.seed.18", "factor.seed.1", "mailbox.password.17", ""])
def test_a_value_moved_to_another_place_is_refused(vault: Vault, place: str) -> None:
    sealed = vault.seal(b"seed", PLACE)

    with pytest.raises(Refused, match="changed, or moved"):
        vault.open(sealed, place)


def test_a_value_changed_in_any_character_is_refused(vault: Vault) -> None:
    sealed = vault.seal(b"seed", PLACE)

    # A last character of base64 may carry bits that are no part of any byte, so it alone may differ in vain.
    for position in range(len(sealed) - 1):
        other = "A" if sealed[position] != "A" else "B"
        with pytest.raises(Refused):
            vault.open(sealed[:position] + other + sealed[position + 1 :], PLACE)


@pytest.mark.parametrize(
    "sealed", ["", "e1", "e1.k1", "e1.k1.", "e1.k1.AAAA", "e1.k1.é", "e1.k1.a b", "e2.k1.AAAA", "x" * 99]
)
def test_what_was_never_sealed_is_refused(vault: Vault, sealed: str) -> None:
    with pytest.raises(Refused):
        vault.open(sealed, PLACE)


@pytest.mark.parametrize("white", ["\n", "\n\n\n\n", "    "])
def test_white_space_inside_a_sealed_value_is_a_change(vault: Vault, white: str) -> None:
    sealed = vault.seal(b"seed", PLACE)

    with pytest.raises(Refused):
        vault.open(f"{sealed[:12]}{white}{sealed[12:]}", PLACE)


def test_another_desks_vault_opens_nothing(vault: Vault) -> None:
    stranger = Vault.create(MasterKey.in_memory())[0]

    with pytest.raises(Refused):
        stranger.open(vault.seal(b"seed", PLACE), PLACE)


def test_a_value_of_another_data_key_is_named(vault: Vault) -> None:
    older = Vault.create(MasterKey.in_memory(), "k0")[0]

    with pytest.raises(Refused, match="sealed by another key than this desk's k1"):
        vault.open(older.seal(b"seed", PLACE), PLACE)


def test_the_wrapped_key_opens_the_same_vault_after_a_restart() -> None:
    master = MasterKey.in_memory()
    vault, wrapped = Vault.create(master)
    sealed = vault.seal(b"seed", PLACE)

    again = Vault(MasterKey.of_text(master.text(), "test"), wrapped, "k1")

    assert again.open(sealed, PLACE) == b"seed"
    assert again.subkey("audit") == vault.subkey("audit")


def test_a_wrong_master_is_refused_by_name() -> None:
    _, wrapped = Vault.create(MasterKey.in_memory())

    with pytest.raises(Refused, match="in the memory of this process does not open this desk's data key k1"):
        Vault(MasterKey.in_memory(), wrapped, "k1")


@pytest.mark.parametrize("spoil", [lambda w: b"", lambda w: w[:-1], lambda w: w[:-1] + bytes([w[-1] ^ 1])])
def test_a_damaged_wrapped_key_is_refused(spoil: Callable[[bytes], bytes]) -> None:
    master = MasterKey.in_memory()
    _, wrapped = Vault.create(master)

    with pytest.raises(Refused, match="does not open"):
        Vault(master, spoil(wrapped), "k1")


def test_a_wrapped_key_cannot_pass_for_another() -> None:
    master = MasterKey.in_memory()
    _, wrapped = Vault.create(master, "k1")

    with pytest.raises(Refused):
        Vault(master, wrapped, "k2")


def test_another_master_opens_nothing() -> None:
    _, wrapped = Vault.create(MasterKey.in_memory())

    with pytest.raises(Refused):
        Vault(MasterKey.in_memory(), wrapped, "k1")


def test_every_purpose_has_a_key_of_its_own(vault: Vault) -> None:
    keys = {vault.subkey(purpose) for purpose in PURPOSES}

    assert len(keys) == 5
    assert {len(key) for key in keys} == {32}


def test_an_unknown_purpose_is_an_error(vault: Vault) -> None:
    with pytest.raises(ValueError, match="no sub-key for 'cookies'"):
        vault.subkey("cookies")


@pytest.mark.parametrize("kid", ["", "K1", "k.1", "k|1", "k" * 17])
def test_a_key_id_that_would_blur_the_form_is_an_error(kid: str) -> None:
    with pytest.raises(ValueError, match="key id"):
        Vault.create(MasterKey.in_memory(), kid)


def test_a_vault_shows_its_key_id_only(vault: Vault) -> None:
    assert repr(vault) == "Vault(kid='k1')"
