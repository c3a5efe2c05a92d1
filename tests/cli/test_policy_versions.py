"""The life of a policy on the command line: kept, compared, tried, put into force, and asked about."""

import json
from pathlib import Path

from agentconsole.config.packs import pack_text
from tests.cli.program import Program

TEXT = pack_text("ecomstore")


def test_a_policy_is_kept_compared_tried_and_put_into_force(desk: Program, tmp_path: Path) -> None:
    file, table = tmp_path / "stricter.toml", tmp_path / "weeks.csv"
    file.write_text(TEXT.replace('title = "', 'title = "Stricter ', 1), "utf-8")

    kept = desk("policy", "add", str(file))
    asked = desk("policy", "blanks", "ecomstore@draft")
    differs = desk("policy", "diff", "ecomstore@shipped", "ecomstore@draft")
    tried = json.loads(desk("policy", "preview", str(file), "--json").out)
    replayed = desk("policy", "replay", "ecomstore@draft", "--days", "30", "--csv", str(table))
    again = desk("policy", "replay", "ecomstore@each", "--csv", str(table))
    each = json.loads(desk("policy", "replay", "ecomstore@each", "--json").out)
    refused = desk("policy", "activate", "ecomstore", "--from", "yesterday")
    activated = desk("policy", "activate", "ecomstore", "--with-proposals")
    listed = desk("policy", "list")
    (newest, first) = json.loads(desk("policy", "versions", "ecomstore", "--json").out)["versions"]

    assert "The draft of ecomstore is kept" in kept.out
    assert "8 blanks, 8 open." in asked.out
    assert "title: " in differs.out
    assert (tried["open"], tried["cases"]) == (0, [])
    assert "No promise began in that time" in replayed.out
    assert table.read_text("utf-8").startswith("week_of,standard,kept,broken,")
    assert (each["policy"], each["cases"], each["total"]["broken"]) == ("ecomstore@each", 0, 0)
    assert (again.code, refused.code) == (1, 1)
    assert "To begin at once, leave --from out." in refused.err
    assert "is there already: name a new file" in again.err
    assert activated.out.startswith("Version 2 of ecomstore is in force.")
    assert "version 2  in force since" in listed.out
    assert [(row["version"], row["state"]) for row in (newest, first)] == [(2, "in force"), (1, "was")]
    assert newest["sha256"] != first["sha256"]


def test_shipped_policies_and_files_are_compared_without_a_desk(program: Program, tmp_path: Path) -> None:
    file = tmp_path / "mine.toml"
    file.write_text(TEXT.replace('title = "', 'title = "My ', 1), "utf-8")

    said = program("policy", "diff", "ecomstore", str(file))
    unknown = program("policy", "diff", "ecomstore", "nothing")
    gone = program("policy", "diff", "ecomstore", str(tmp_path / "gone.toml"))

    assert said.code == 0
    assert "changed policy ecomstore" in said.out
    assert said.out.endswith("0 added, 0 removed, 1 changed.\n")
    assert [one.code for one in (unknown, gone)] == [1, 1]
    assert "Shipped are ecolab, ecomstore, ist-desk" in unknown.err
    assert "gone.toml cannot be read (No such file or directory)" in gone.err
