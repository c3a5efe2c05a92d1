"""Every verb and option with what nobody would type: one clear sentence, its exit code, no traceback, nothing lost."""

import argparse
import json
import re
import subprocess
import sys
import threading
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import cycle, islice
from pathlib import Path

import pytest

from agentconsole.cli.main import build_parser
from tests.cli.fuzzing import FAULT
from tests.cli.program import Program, Said

HOSTILE = {
    "empty": "",
    "a space": " ",
    "a nul": "a\x00b",
    "an escape": "\x1b]52;c;eA==\x07\x1b[2J",
    "C1": "\x9b2J",
    "bidi": "\u202egpj.exe",
    "a surrogate": "a\ud800b",
    "a byte that is no UTF-8": "a\udcff",
    "two lines": "first\nagentconsole: all is well\r",
    "a line separator": "a\u2028b\x85c",
    "1 MB": "x" * 1_000_000,
    "digits without end": "9" * 5_000,
    "marks without end": "e" + "\u0301" * 10_000,
    "up and away": "../" * 40 + "nowhere/at/all",
    "a file that is no folder": "/etc/hostname/x",
    "below zero": "-1",
    "no number": "nan",
    "beyond numbers": "1e999",
    "other digits": "\u0661\u0662\u0663",
    "a format": "%s%n{0.__class__}$(id)`id`",
    "SQL": "'; DROP TABLE user; --",
    "ports": "127.0.0.1:99999999999",
    "colons": ":::::",
}
OBEYED = re.compile("[\x00-\x09\x0b-\x1f\x7f-\x9f\u061c\u200e\u200f\u2028-\u202e\u2066-\u2069\ud800-\udfff]")
LONGEST_SENTENCE = 1_000
SHORT = 3
"""How many hostile values each option is given in the short form; the next option is given the next ones."""
WORDS = "five random words are fine"
# What makes each verb go as far as it can; an option that has no row here is left out of the line it is tried in.
GOOD: dict[tuple[str, ...], tuple[str, ...]] = {
    ("demo",): (),
    ("init",): (),
    ("init", "--team"): ("--team", "--dry-run", "--root", "{}/root", "--answers", "{}/answers.toml"),
    ("uninstall",): ("--dry-run", "--root", "{}/root"),
    ("serve",): (),
    ("stop",): (),
    ("status",): (),
    ("doctor",): (),
    ("backup",): ("{}/backup.tar.gz",),
    ("restore",): ("{}/no-backup",),
    ("database", "move"): ("sqlite",),
    ("database", "upgrade"): (),
    ("audit", "verify"): (),
    ("audit", "mail"): ("off",),
    ("address", "list"): (),
    ("address", "allow"): ("agent", "192.0.2.0/24"),
    ("address", "remove"): ("agent", "192.0.2.0/24"),
    ("address", "open"): ("--minutes", "5"),
    ("address", "close"): (),
    ("clock", "accept"): ("--reason", "the battery was empty"),
    ("keys", "export"): ("{}/master.sealed", "--passphrase-file", "{}/words"),
    ("keys", "import"): ("{}/words", "--passphrase-file", "{}/words"),
    ("keys", "pair"): ("{}/pair",),
    ("user", "add"): ("bo", "Bo Lind"),
    ("user", "list"): (),
    ("user", "disable"): ("nobody",),
    ("user", "enable"): ("nobody",),
    ("user", "reset-totp"): ("nobody",),
    ("user", "role"): ("nobody", "agent"),
    ("user", "unix"): ("nobody", "any"),
    ("mail", "import"): ("{}/words",),
    ("mail", "connect"): (
        *("--address", "care@example.com", "--imap", "127.0.0.1:1", "--smtp", "127.0.0.1:1"),
        *("--password-file", "{}/words"),
    ),
    ("policy", "blanks"): ("ecomstore",),
    ("policy", "answer"): ("ecomstore", "immediate_seconds", "soon"),
    ("policy", "coverage"): ("ecomstore",),
    ("policy", "export"): ("ecomstore",),
    ("policy", "import"): ("{}/words",),
    ("policy", "show"): ("ecomstore", "3.resp.1"),
    ("policy", "accepted"): ("ecomstore",),
    ("policy", "suggestions"): (),
    ("policy", "settle"): ("1", "taken", "Good."),
    ("policy", "add"): ("{}/words",),
    ("policy", "list"): (),
    ("policy", "versions"): ("ecomstore",),
    ("policy", "activate"): ("ecomstore",),
    ("policy", "diff"): ("ecomstore", "ecomstore@shipped"),
    ("policy", "preview"): ("ecomstore",),
    ("policy", "replay"): ("ecomstore",),
    ("policy", "window"): ("ecomstore", "email", "Europe/London", "9:00", "12:00"),
    ("policy", "check"): ("ecomstore",),
    ("policy", "regimes"): ("uk-fca-disp", "--with", "ecomstore"),
    ("duty", "list"): (),
    ("duty", "done"): ("social-monitoring",),
    ("duty", "why"): ("social-monitoring",),
    ("brand", "add"): ("other", "Other Ltd", "ecomstore"),
    ("brand", "list"): (),
    ("desk", "name"): ("Another desk",),
    ("desk", "zone"): ("Asia/Kolkata",),
    ("why",): ("1",),
    ("calendar",): (),
    ("completion",): ("bash",),
}


@dataclass(frozen=True)
class Verb:
    """Hold a verb, the line that works for it, and its parser's options and arguments that take a value."""

    words: tuple[str, ...]
    parser: argparse.ArgumentParser

    @property
    def takes(self) -> list[argparse.Action]:
        """Return its options and arguments that take a value."""
        return [action for action in self.parser._actions if action.nargs != 0 and action.dest != "help"]

    def lines(self, folder: str, values: Iterator[tuple[str, str]], each: int) -> Iterator[tuple[str, list[str]]]:
        """Yield each situation and its command line: values that are hostile, one too many, one too few."""
        good = [word.replace("{}", folder) for word in GOOD[self.words]]
        verb = [word for word in self.words if not word.startswith("-")]
        for action in self.takes:
            for name, value in islice(values, each):
                yield f"{action.dest}: {name}", [*verb, *self._with(good, action, value)]
            if action.option_strings:
                yield f"{action.dest}: nothing", [*verb, *good, action.option_strings[-1]]
        for name, value in islice(values, each):
            yield f"no such option: {name}", [*verb, *good, f"--x{value}"]
            if name != "empty" and not {"*", "+"} & {action.nargs for action in self.takes}:
                yield f"one too many: {name}", [*verb, *good, "--", value, value, value, value]
        if any(not action.option_strings and action.nargs not in ("?", "*") for action in self.takes):
            yield "nothing at all", verb

    def _with(self, good: list[str], action: argparse.Action, value: str) -> list[str]:
        if action.option_strings:
            return [*good, f"{action.option_strings[-1]}={value}"]
        places = [other for other in self.takes if not other.option_strings]
        changed = list(good)
        changed[places.index(action)] = value
        return changed


def verbs(parser: argparse.ArgumentParser, words: tuple[str, ...] = ()) -> Iterator[Verb]:
    """Yield every verb that the program has."""
    groups = [action for action in parser._actions if isinstance(action, argparse._SubParsersAction)]
    if not groups:
        yield Verb(words, parser)
    for name, inner in groups[0].choices.items() if groups else ():
        yield from verbs(inner, (*words, name))


class Runner:
    """Run command lines in a process of their own that keeps what it imported."""

    def __init__(self, environ: dict[str, str], folder: Path) -> None:
        root = str(Path(__file__).parents[2])
        command = [sys.executable, "-c", f"import sys; sys.path.insert(0, {root!r}); {_RUN}"]
        self.process = subprocess.Popen(
            command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, env=environ, cwd=folder, text=True
        )

    def __call__(self, arguments: list[str], typed: str | None = None) -> Said:
        assert self.process.stdin is not None
        assert self.process.stdout is not None
        self.process.stdin.write(json.dumps([arguments, typed]) + "\n")
        self.process.stdin.flush()
        code, out, err = json.loads(self.process.stdout.readline())
        return Said(out, err, code)

    def close(self) -> None:
        self.process.communicate()


_RUN = "import runpy; runpy.run_module('tests.cli.fuzzing', run_name='__main__')"


@pytest.fixture(name="scratch", scope="module")
def _scratch(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("fuzz")
    (folder / "words").write_text(f"{WORDS}\n")
    (folder / "answers.toml").write_text("")
    (folder / "root").mkdir()
    return folder


@pytest.fixture(name="served", scope="module")
def _served(scratch: Path) -> Iterator[Program]:
    """Return a desk with one person, whose server runs."""
    program = Program(scratch / "home")
    program.found()
    command = [sys.executable, "-I", "-m", "agentconsole", "serve"]
    with subprocess.Popen(command, env=program.environ, stderr=subprocess.PIPE, stdout=subprocess.DEVNULL) as server:
        assert server.stderr is not None
        assert any(line.startswith(b"serving") for line in server.stderr), "the desk server did not start"
        reading = threading.Thread(target=server.stderr.read)
        reading.start()
        program("user", "add", "ana", "Ana Example")
        yield program
        program.stop()
        reading.join()


@pytest.fixture(name="runner", scope="module")
def _runner(served: Program, scratch: Path) -> Iterator[Runner]:
    """Return what runs lines where the desk is."""
    runner = Runner(served.environ, scratch)
    yield runner
    runner.close()


@pytest.fixture(name="elsewhere", scope="module")
def _elsewhere(scratch: Path) -> Iterator[Runner]:
    """Return what runs lines where there is no desk yet."""
    runner = Runner(Program(scratch / "empty").environ, scratch)
    yield runner
    runner.close()


def wrong_with(said: Said) -> str:
    """Say in a few words what is wrong with how a run ended, "" if nothing is."""
    found = OBEYED.search(said.out + said.err)
    sentences = said.err.count("\n")
    only_a_list = said.code == 1 and said.out and not said.err
    faults = {
        f"a traceback: {said.err}": said.code == FAULT,
        f"says {found.group()!r}" if found else "": found,
        f"ends with {said.code}": said.code not in (0, 1, 2),
        f"says {len(said.err):,} characters: {said.err[:100]}": said.code and len(said.err) > LONGEST_SENTENCE,
        f"a wrong line, and yet it says {said.out[:100]}": said.code == 2 and said.out,
        f"is not one sentence: {said.err[:300]!r}": said.code and sentences != 1 and not only_a_list,
    }
    return next((what for what, holds in faults.items() if holds), "")


ALONE = list(verbs(build_parser()))
VERBS = [*ALONE, *(Verb(("init", "--team"), one.parser) for one in ALONE if one.words == ("init",))]
EMPTY_HOME = {"init", "restore", "demo"}


@pytest.mark.parametrize("each", [SHORT, pytest.param(len(HOSTILE), marks=pytest.mark.long)])
@pytest.mark.parametrize("verb", VERBS, ids=lambda verb: " ".join(verb.words))
def test_every_verb_answers_whatever_it_is_given_in_one_sentence(
    verb: Verb, each: int, runner: Runner, elsewhere: Runner, scratch: Path
) -> None:
    run = elsewhere if verb.words[0] in EMPTY_HOME or verb.words == ("keys", "import") else runner
    values = islice(cycle(HOSTILE.items()), VERBS.index(verb), None)

    ended = {situation: run(line) for situation, line in verb.lines(str(scratch), values, each)}

    wrong = {situation: what for situation, said in ended.items() if (what := wrong_with(said))}
    assert wrong == {}
    usage = [said.code for situation, said in ended.items() if situation.startswith(("no such", "one too", "nothing"))]
    assert set(usage) == {2}


@pytest.mark.parametrize("options", [(), ("--name=Acme", "--pack=ecolab", "--zone=UTC")], ids=["no option", "three"])
def test_every_question_of_init_is_asked_again_until_the_end_and_nothing_is_made(
    options: tuple[str, ...], elsewhere: Runner, scratch: Path
) -> None:
    typed = "".join(f"{value}\n" for value in HOSTILE.values() if len(value) > 1 and "\n" not in value)

    said = elsewhere(["init", *options], typed + "half a li")

    assert (said.code, said.err) == (1, "agentconsole: interrupted.\n")
    assert OBEYED.search(said.out) is None
    assert said.out.count("]: ") > len(HOSTILE) / 2
    assert not (scratch / "empty" / "desk.sqlite3").exists()


def test_after_all_that_the_desk_is_as_it_was(served: Program, runner: Runner) -> None:
    logins = [line.split()[0] for line in served("user", "list").out.splitlines()]
    verified = served("audit", "verify")

    assert "ana" in logins
    assert verified.code == 0
    assert runner.process.poll() is None
