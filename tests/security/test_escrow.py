"""The master key's copy for the safe: it comes back by its passphrase, and by nothing else."""

import pytest

from agentconsole.domain.errors import Refused
from agentconsole.security.escrow import open_master, seal_master
from agentconsole.security.masterkey import MasterKey

WORDS = "five random words are fine"


def test_the_key_comes_back_by_its_passphrase_and_the_text_does_not_show_it() -> None:
    master = MasterKey.in_memory()
    sealed = seal_master(master, WORDS)

    assert open_master(f"\n{sealed}\n", WORDS).text() == master.text()
    assert master.text()[6:20] not in sealed
    assert max(map(len, sealed.splitlines())) <= 64


def test_a_wrong_passphrase_and_a_letter_typed_wrong_are_refused() -> None:
    sealed = seal_master(MasterKey.in_memory(), WORDS)
    lines = sealed.splitlines()
    lines[3] = ("B" if lines[3][0] != "B" else "C") + lines[3][1:]

    for text, words in ((sealed, WORDS + "!"), ("\n".join(lines), WORDS), ("nonsense", WORDS), (sealed[:200], WORDS)):
        with pytest.raises(Refused):
            open_master(text, words)


def test_a_short_passphrase_is_refused() -> None:
    with pytest.raises(Refused, match="12 characters or more"):
        seal_master(MasterKey.in_memory(), "short")
