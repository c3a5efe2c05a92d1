"""`agentconsole duty` and `policy window`: what recurs, and whether hours ever meet, asked by the shell."""

import json

from tests.cli.program import Program

WINDOW = ("policy", "window", "ecomstore", "phone", "Asia/Kolkata", "9:00", "12:00")


def test_the_duties_are_listed_explained_and_refused_in_words(desk: Program) -> None:
    listed, as_json = desk("duty", "list"), json.loads(desk("duty", "list", "--json").out)
    explained = desk("duty", "why", "social-monitoring")
    unknown = desk("duty", "done", "lunch", "--note", "all quiet")
    window = desk(*WINDOW)

    assert {row["duty"] for row in as_json} == {
        "ecomstore/social-monitoring",
        "ecomstore/quality-monitoring",
        "ecomstore/training-session",
    }
    assert "ecomstore/training-session   supervisor next from " in listed.out
    assert "    hold a training session (ecomstore 12.train.1)" in listed.out
    assert listed.out.splitlines()[-1].startswith("Sign one off: agentconsole duty done NAME.")
    assert explained.out.startswith("ecomstore/social-monitoring\nrule     look through the social media, every 2 h")
    assert (unknown.code, unknown.out) == (1, "")
    assert "There is no duty of that name; there is ecomstore/social-monitoring" in unknown.err
    assert "in New York is" in window.out
    assert "\n  " in window.out


def test_without_a_desk_a_window_is_held_against_the_policy_that_ships(program: Program) -> None:
    said, as_json = program(*WINDOW), json.loads(program(*WINDOW, "--json").out)

    assert said.out.startswith("They never meet in the next 14 days: nearest ")
    assert as_json["lines"] == said.out.splitlines()
