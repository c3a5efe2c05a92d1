"""`agentconsole backup`, `restore` and `keys`, as an administrator types them, on real desks."""

import gzip
import json
import shutil
import stat
import subprocess
from pathlib import Path

import pyrage
import pytest

from tests import needs
from tests.cli.program import Program
from tests.cli.test_desk_verbs import mail

WORDS = "five random words are fine"


@pytest.fixture(name="words")
def _words(tmp_path: Path) -> str:
    file = tmp_path / "words"
    file.write_text(f"{WORDS}\n")
    return str(file)


@pytest.fixture(name="busy")
def _busy(desk: Program, tmp_path: Path) -> Program:
    """Return a desk with a case and a person."""
    (tmp_path / "one.eml").write_bytes(bytes(mail("Where is it?", 1)))
    desk("mail", "import", str(tmp_path / "one.eml"))
    desk("user", "add", "ana", "Ana Example")
    return desk


def _keyed(home: Path, busy: Program) -> Program:
    """Bring the master key to an empty home."""
    home.mkdir(mode=0o700)
    shutil.copy(busy.home / "master.key", home / "master.key")
    return Program(home)


def _keys_to(home: Path, busy: Program, folder: Path, words: str) -> Program:
    """Carry the master key to an empty home by way of its sealed copy, as one whose host is gone does."""
    copy = folder / "master.sealed"
    assert busy("keys", "export", str(copy), "--passphrase-file", words).code == 0
    other = Program(home)
    said = other("keys", "import", str(copy), "--passphrase-file", words)
    assert (said.code, stat.S_IMODE(copy.stat().st_mode)) == (0, 0o600)
    return other


def test_a_desk_comes_back_from_its_backup_and_works(busy: Program, tmp_path: Path, words: str) -> None:
    file = tmp_path / "desk.tar.gz"

    made = busy("backup", str(file))
    other = _keys_to(tmp_path / "other", busy, tmp_path, words)
    restored = other("restore", str(file))
    people = json.loads(other("user", "list", "--json").out)
    verified = other("audit", "verify")
    again = other("restore", str(file))
    other.stop()
    stopped = other("restore", str(file))

    assert (made.code, stat.S_IMODE(file.stat().st_mode)) == (0, 0o600)
    assert "1 tickets, 1 messages, 1 people" in made.out
    assert "NOT sealed: whoever has the file can read every case" in made.out
    assert "Not in it: the master key" in made.out
    assert restored.code == 0, restored.err
    assert "Codes up to now work no more" in restored.out
    assert [row["login"] for row in people] == ["ana"]
    assert verified.code == 0
    # Its private server may have left already, on a machine that is busy.
    assert again.code == 1
    assert "A desk server runs on" in again.err or "is in use: restore into an empty folder" in again.err
    assert (stopped.code, "is in use: restore into an empty folder" in stopped.err) == (1, True)


def test_a_backup_holds_no_master_key_and_leaves_no_copy_behind(busy: Program, tmp_path: Path) -> None:
    file = tmp_path / "desk.tar.gz"
    key = (busy.home / "master.key").read_bytes().strip()

    busy("backup", str(file))

    assert key not in gzip.decompress(file.read_bytes())
    assert [path for path in (busy.home / "copies").iterdir()] == []
    assert sorted(path.name for path in tmp_path.iterdir() if path.name.startswith(".")) == []


def test_a_backup_that_is_sealed_for_a_key_opens_with_it_alone(busy: Program, tmp_path: Path) -> None:
    pair, file = tmp_path / "pair", tmp_path / "desk.age"
    public = busy("keys", "pair", str(pair)).out.splitlines()[0].removeprefix("Public key: ")
    busy("keys", "pair", str(tmp_path / "wrong"))

    made = busy("backup", str(file), "--to", public, "--json")
    other = _keyed(tmp_path / "other", busy)
    wrong = other("restore", str(file), "--key", str(tmp_path / "wrong"))
    restored = other("restore", str(file), "--key", str(pair), "--json")
    opened = subprocess.run(
        [str(needs.program("age")), "-d", "-i", str(pair), str(file)], capture_output=True, check=True
    )

    assert (made.code, json.loads(made.out)["missing"]) == (0, 0)
    assert (wrong.code, "does not open" in wrong.err) == (1, True)
    assert restored.code == 0, restored.err
    assert json.loads(restored.out)["manifest"]["counts"] == {"tickets": 1, "messages": 1, "people": 1}
    assert gzip.decompress(opened.stdout)[:13] == b"manifest.json"


def test_a_backup_by_a_passphrase_comes_back_by_it(busy: Program, tmp_path: Path, words: str) -> None:
    file, wrong = tmp_path / "desk.age", tmp_path / "wrong-words"
    wrong.write_text("five other words are wrong\n")

    made = busy("backup", str(file), "--passphrase-file", words)
    other = _keyed(tmp_path / "other", busy)
    refused = other("restore", str(file), "--passphrase-file", str(wrong))
    restored = other("restore", str(file), "--passphrase-file", words)

    assert (made.code, refused.code, restored.code) == (0, 1, 0)
    assert "does not open" in refused.err
    assert b"ecomstore" not in file.read_bytes()


def test_a_backup_that_the_first_version_sealed_by_words_comes_back(busy: Program, tmp_path: Path, words: str) -> None:
    plain, file = tmp_path / "plain", tmp_path / "desk.age"
    busy("backup", str(plain))
    file.write_bytes(pyrage.passphrase.encrypt(plain.read_bytes(), WORDS))
    other = _keyed(tmp_path / "other", busy)

    unnamed = other("restore", str(file))
    restored = other("restore", str(file), "--passphrase-file", words)

    assert (unnamed.code, "asked on a terminal" in unnamed.err) == (1, True)
    assert restored.code == 0, restored.err


def test_what_cannot_be_done_is_refused_in_one_sentence(busy: Program, tmp_path: Path, words: str) -> None:
    (tmp_path / "there").write_text("something")
    (tmp_path / "short").write_text("short\n")
    empty = Program(tmp_path / "empty")
    busy("backup", str(tmp_path / "desk.tar.gz"))
    refusals = {
        "There is something at": busy("backup", str(tmp_path / "there")),
        "There is no folder": busy("backup", str(tmp_path / "no" / "where")),
        "That is no public key": busy("backup", "--to", "age1nonsense"),
        "12 characters or more": busy("backup", str(tmp_path / "x"), "--passphrase-file", str(tmp_path / "short")),
        "asked on a terminal": busy("backup", str(tmp_path / "x"), "--passphrase"),
        "not both": busy("backup", "--passphrase-file", words, "--to", "age1x"),
        "already: move it away": busy("keys", "import", str(tmp_path / "there"), "--passphrase-file", words),
        "A backup never has it": empty("restore", str(tmp_path / "desk.tar.gz")),
        "This backup is damaged": empty("restore", str(tmp_path / "there")),
        "No such file": empty("restore", str(tmp_path / "nowhere")),
    }

    for says, said in refusals.items():
        assert (said.code, says in said.err, said.err.count("\n")) == (1, True, 1), (says, said)
    assert not (empty.home / "desk.sqlite3").exists()


def test_what_an_interrupted_restore_left_is_taken_away_by_the_next(busy: Program, tmp_path: Path) -> None:
    file = tmp_path / "desk.tar.gz"
    busy("backup", str(file))
    other = _keyed(tmp_path / "other", busy)
    for place in (other.home / "restoring" / "half", other.home / "raw" / "ab" / "half"):
        place.parent.mkdir(parents=True)
        place.write_text("half")

    restored = other("restore", str(file))

    assert restored.code == 0, restored.err
    assert not (other.home / "restoring").exists()
    assert not (other.home / "raw" / "ab" / "half").exists()
