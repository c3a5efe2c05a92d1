"""`agentconsole policy import` writes a draft to stdout or to a new file, and says on stderr what to do next."""

from pathlib import Path

import pytest

from agentconsole.cli.policy_import import import_document
from agentconsole.domain.errors import Refused
from tests.cli.program import Program

DOCUMENT = "# Rules\n\n- Emails are answered within 2 hours.\n- Goods come back within 30 days.\n"


@pytest.fixture
def document(tmp_path: Path) -> Path:
    """Return a policy document of two clauses."""
    path = tmp_path / "shop.md"
    path.write_text(DOCUMENT)
    return path


def test_the_program_prints_a_draft_and_needs_no_desk(program: Program, document: Path) -> None:
    said = program("policy", "import", str(document))

    assert said.code == 0
    assert 'id = "shop"' in said.out
    assert 'status = "draft"' in said.out
    assert said.err.startswith(
        "3 clauses; proposed: 2 standards, 4 blanks.\n1 sentence with an amount of time became nothing"
    )
    assert not program.home.exists()


def test_a_draft_goes_into_a_new_file(document: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    place = tmp_path / "shop.toml"

    code = import_document(str(document), str(place))

    said = capsys.readouterr()
    assert (code, said.out) == (0, "")
    assert place.read_text().startswith("# A draft made by `agentconsole policy import` of shop.md.")
    assert f"agentconsole policy check {place}\n    agentconsole policy add {place}\n" in said.err


def test_a_file_that_is_there_is_kept(document: Path, tmp_path: Path) -> None:
    place = tmp_path / "shop.toml"
    place.write_text("mine")

    with pytest.raises(Refused, match="is there already and was kept as it is"):
        import_document(str(document), str(place))

    assert place.read_text() == "mine"


@pytest.mark.parametrize(
    ("file", "to", "part"),
    [
        ("missing.md", "", "There is no file"),
        (".", "", "There is no file"),
        ("x" * 5_000, "", "cannot be read: File name too long"),
        ("shop.md", "nowhere/shop.toml", "cannot be written: No such file or directory"),
        ("shop.md", "a\x00b", "cannot be written: no file can have that name"),
        ("shop.md", "a\ud800b", "cannot be written: no file can have that name"),
    ],
)
def test_a_place_that_is_wrong_is_named(document: Path, file: str, to: str, part: str) -> None:
    with pytest.raises(Refused, match=part):
        import_document(str(document.parent / file), str(document.parent / to) if to else "")


def test_a_document_without_promises_says_so(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    path = tmp_path / "kind.txt"
    path.write_text("Be kind to customers.")

    import_document(str(path), "")

    assert "No promise with a time was found: write the standards by hand" in capsys.readouterr().err


def test_a_document_far_too_large_is_not_read_whole(tmp_path: Path) -> None:
    path = tmp_path / "large.txt"
    with path.open("wb") as file:
        file.truncate(100_000_000)

    with pytest.raises(Refused, match=r"large\.txt is larger than 2 MB"):
        import_document(str(path), "")
