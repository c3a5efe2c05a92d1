"""Tests of the master key and the places where it is kept."""

import os
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from agentconsole.domain.errors import Refused
from agentconsole.security.desk_keyring import DeskKeyring
from agentconsole.security.masterkey import MasterKey, create_master_key, load_master_key
from tests.security.conftest import signed_as

MakeKeyring = Callable[..., DeskKeyring]
SECRET_SERVICE = "keyring.backends.SecretService.Keyring"
NO_KEYRING = "keyring.backends.fail.Keyring"
PROJECT = Path(__file__).parents[2]


@pytest.fixture
def none_here(keyring_of: MakeKeyring) -> DeskKeyring:
    """Give the keyring of a machine that has none."""
    return keyring_of(signed_as(NO_KEYRING))


def test_the_text_form_leads_back_to_the_same_key() -> None:
    key = MasterKey.in_memory()

    again = MasterKey.of_text(f"  {key.text()}\n", "test")

    assert again.text() == key.text()
    assert key.text().startswith("ackm1_")
    assert len(key.text()) == 6 + 48


@pytest.mark.parametrize("position", range(6, 54))
def test_one_wrong_character_anywhere_is_noticed(position: int) -> None:
    text = MasterKey.in_memory().text()
    other = "A" if text[position] != "A" else "B"

    with pytest.raises(Refused, match=r"damaged \(checksum\)"):
        MasterKey.of_text(text[:position] + other + text[position + 1 :], "key file")


@pytest.mark.parametrize(
    "text", ["", "ackm1_", "ackm1_AAAA", "ackm2_" + "A" * 48, "A" * 48, "é", "\x00" * 54, "ackm1_é"]
)
def test_what_is_no_key_is_damaged(text: str) -> None:
    with pytest.raises(Refused, match="damaged"):
        MasterKey.of_text(text, "key file")


@pytest.mark.parametrize("spoil", ["{0}{0}", "x{0}", "{0}x", "{0}===="])
def test_a_key_with_something_beside_it_is_damaged(spoil: str) -> None:
    with pytest.raises(Refused, match="damaged"):
        MasterKey.of_text(spoil.format(MasterKey.in_memory().text()), "key file")


def test_a_key_never_shows_itself() -> None:
    key = MasterKey.of_text(MasterKey.in_memory().text(), "test")
    secret = key.text().removeprefix("ackm1_")

    shown = f"{key} {key!r} {[key]}"

    assert shown.count("MasterKey(store_name='test')") == 3
    assert secret[:8] not in shown
    assert "\\x" not in shown


def test_without_a_keyring_the_key_goes_into_a_private_file(home: Path, none_here: DeskKeyring) -> None:
    created = create_master_key(home, "desk-1", {}, keyring=none_here)

    assert created.where == f"key file {home / 'master.key'} (mode 600)"
    assert created.why == f"there is no safe keyring here (found: {NO_KEYRING})"
    assert (home / "master.key").stat().st_mode & 0o777 == 0o600
    assert load_master_key(home, "desk-1", {}, keyring=none_here).text() == created.key.text()


def test_a_safe_keyring_that_answers_is_preferred(home: Path, keyring_of: MakeKeyring) -> None:
    keyring = keyring_of(signed_as(SECRET_SERVICE))

    created = create_master_key(home, "desk-1", {}, keyring=keyring)

    assert (created.where, created.why) == ("keyring", "it is safe here and answers")
    assert [*home.iterdir()] == []
    assert load_master_key(home, "desk-1", {}, keyring=keyring).text() == created.key.text()


def test_a_server_keeps_its_key_in_a_file_even_where_a_keyring_answers(home: Path, keyring_of: MakeKeyring) -> None:
    backend = signed_as(SECRET_SERVICE)

    created = create_master_key(home, "desk-1", {}, keyring=keyring_of(backend), prefer_file=True)

    assert created.key.store_name == f"key file {home / 'master.key'}"
    assert backend.kept == {}


def test_a_planted_plain_text_keyring_gets_nothing(home: Path, keyring_of: MakeKeyring) -> None:
    planted = signed_as("keyrings.alt.file.PlaintextKeyring")

    created = create_master_key(home, "desk-1", {}, keyring=keyring_of(planted))

    assert planted.kept == {}
    assert "found: keyrings.alt.file.PlaintextKeyring" in created.why


def test_the_file_that_the_environment_names_is_used(home: Path, none_here: DeskKeyring) -> None:
    env = {"AGENTCONSOLE_MASTER_KEY_FILE": str(home / "other" / "key")}

    created = create_master_key(home, "desk-1", env, keyring=none_here)

    assert created.why == "AGENTCONSOLE_MASTER_KEY_FILE names it"
    assert load_master_key(home, "desk-1", env, keyring=none_here).store_name == f"key file {home / 'other' / 'key'}"
    assert not (home / "master.key").exists()


def test_a_named_file_that_is_missing_is_refused_and_not_passed_over(home: Path, none_here: DeskKeyring) -> None:
    create_master_key(home, "desk-1", {}, keyring=none_here)

    with pytest.raises(Refused, match=r"AGENTCONSOLE_MASTER_KEY_FILE names .* there is no file"):
        load_master_key(home, "desk-1", {"AGENTCONSOLE_MASTER_KEY_FILE": str(home / "x")}, keyring=none_here)


def test_a_credential_of_the_service_manager_comes_first(home: Path, none_here: DeskKeyring) -> None:
    create_master_key(home, "desk-1", {}, keyring=none_here)
    env, text = _credential(home), MasterKey.in_memory().text()
    (home / "credentials" / "agentconsole-master").write_text(text)

    loaded = load_master_key(home, "desk-1", env, keyring=none_here)

    assert loaded.text() == text
    assert loaded.store_name == "systemd credential agentconsole-master"


def test_other_credentials_do_not_hide_the_key_file(home: Path, none_here: DeskKeyring) -> None:
    created = create_master_key(home, "desk-1", {}, keyring=none_here)
    env = _credential(home)
    (home / "credentials" / "agentconsole-master").unlink()

    assert load_master_key(home, "desk-1", env, keyring=none_here).text() == created.key.text()


@pytest.mark.parametrize("place", ["credential", "named file", "default file", "keyring"])
def test_a_key_that_is_there_is_taken_and_never_written_over(home: Path, keyring_of: MakeKeyring, place: str) -> None:
    backend, text = signed_as(SECRET_SERVICE), MasterKey.in_memory().text()
    env = _place(home, place, text)
    if place == "keyring":
        backend.kept["agentconsole", "desk-1"] = text

    created = create_master_key(home, "desk-1", env, keyring=keyring_of(backend))

    assert created.key.text() == text
    assert created.why == "it was there already"
    assert load_master_key(home, "desk-1", env, keyring=keyring_of(backend)).text() == text


def test_an_open_key_file_stops_the_desk_and_is_not_replaced(home: Path, none_here: DeskKeyring) -> None:
    create_master_key(home, "desk-1", {}, keyring=none_here)
    (home / "master.key").chmod(0o644)

    for use in (create_master_key, load_master_key):
        with pytest.raises(Refused, match="type: chmod 600"):
            use(home, "desk-1", {}, keyring=none_here)


def test_a_damaged_key_file_stops_the_desk_and_is_not_replaced(home: Path, none_here: DeskKeyring) -> None:
    create_master_key(home, "desk-1", {}, keyring=none_here)
    damaged = (home / "master.key").read_text().swapcase()
    (home / "master.key").write_text(damaged)

    for use in (create_master_key, load_master_key):
        with pytest.raises(Refused, match=r"master\.key is damaged"):
            use(home, "desk-1", {}, keyring=none_here)

    assert (home / "master.key").read_text() == damaged


def test_a_damaged_key_in_the_keyring_is_not_replaced(home: Path, keyring_of: MakeKeyring) -> None:
    backend = signed_as(SECRET_SERVICE)
    backend.kept["agentconsole", "desk-1"] = "ackm1_typo"

    with pytest.raises(Refused, match="in the keyring is damaged"):
        create_master_key(home, "desk-1", {}, keyring=keyring_of(backend))

    assert backend.kept == {("agentconsole", "desk-1"): "ackm1_typo"}


@pytest.mark.parametrize(
    ("backend", "reason"), [(NO_KEYRING, "there is no safe keyring here"), (SECRET_SERVICE, "nor in the keyring")]
)
def test_a_desk_without_a_key_says_where_it_looked(
    home: Path, keyring_of: MakeKeyring, backend: str, reason: str
) -> None:
    with pytest.raises(Refused, match=reason) as refused:
        load_master_key(home, "desk-1", {}, keyring=keyring_of(signed_as(backend)))

    assert str(home / "master.key") in refused.value.sentence


def test_two_desks_in_one_keyring_have_two_keys(home: Path) -> None:
    backend = signed_as(SECRET_SERVICE)

    first = create_master_key(home, "a", {}, keyring=DeskKeyring("a", lambda: backend))
    second = create_master_key(home, "b", {}, keyring=DeskKeyring("b", lambda: backend))

    assert first.key.text() != second.key.text()


def test_a_bare_session_over_ssh_really_has_no_keyring_and_gets_a_file(home: Path) -> None:
    said = _create_in_a_process(home, {})

    assert said == "there is no safe keyring here (found: keyring.backends.fail.Keyring)"
    assert (home / "master.key").stat().st_mode & 0o777 == 0o600


def test_a_plain_text_backend_that_is_really_planted_keeps_nothing(home: Path, tmp_path: Path) -> None:
    (tmp_path / "planted.py").write_text(
        "import pathlib\n"
        "from keyring.backend import KeyringBackend\n"
        "class PlaintextKeyring(KeyringBackend):\n"
        "    priority = 9\n"
        "    def get_password(self, service, username): pass\n"
        "    def set_password(self, service, username, text):\n"
        f"        pathlib.Path({str(tmp_path / 'loot')!r}).write_text(text)\n"
    )

    planted = {"PYTHON_KEYRING_BACKEND": "planted.PlaintextKeyring", "PYTHONPATH": f"{PROJECT}:{tmp_path}"}
    said = _create_in_a_process(home, planted)

    assert said == "there is no safe keyring here (found: planted.PlaintextKeyring)"
    assert not (tmp_path / "loot").exists()


def test_a_desk_with_a_key_file_does_not_pay_for_the_keyring_library(home: Path, none_here: DeskKeyring) -> None:
    create_master_key(home, "desk-1", {}, keyring=none_here)
    program = (
        "import pathlib, sys\n"
        "from agentconsole.security.masterkey import load_master_key\n"
        "load_master_key(pathlib.Path(sys.argv[1]), 'desk-1', {})\n"
        "print('keyring' in sys.modules)\n"
    )

    assert _run(program, home, {}) == "False"


def _create_in_a_process(home: Path, extra: dict[str, str]) -> str:
    program = (
        "import pathlib, sys\n"
        "from agentconsole.security.masterkey import create_master_key\n"
        "print(create_master_key(pathlib.Path(sys.argv[1]), 'desk-1', {}).why)\n"
    )
    return _run(program, home, extra)


def _run(program: str, home: Path, extra: dict[str, str]) -> str:
    env = {"PATH": os.defpath, "HOME": str(home), "PYTHONPATH": str(PROJECT), **extra}
    ran = subprocess.run(
        [sys.executable, "-c", program, str(home)], env=env, capture_output=True, text=True, timeout=60, check=True
    )
    return ran.stdout.strip()


def _credential(home: Path) -> dict[str, str]:
    folder = home / "credentials"
    folder.mkdir(mode=0o700)
    (folder / "agentconsole-master").touch(mode=0o400)
    (folder / "agentconsole-master").chmod(0o600)
    return {"CREDENTIALS_DIRECTORY": str(folder)}


def _place(home: Path, place: str, text: str) -> dict[str, str]:
    paths = {
        "credential": home / "credentials" / "agentconsole-master",
        "named file": home / "named.key",
        "default file": home / "master.key",
    }
    env = _credential(home) if place == "credential" else {}
    if place in paths:
        paths[place].touch(mode=0o600)
        paths[place].write_text(text)
    return env | ({"AGENTCONSOLE_MASTER_KEY_FILE": str(paths[place])} if place == "named file" else {})
