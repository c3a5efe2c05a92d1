"""`agentconsole init --team` and `agentconsole uninstall`: a desk for several accounts of one host."""

import os
import shlex
import shutil
import socket
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

from agentconsole.cli.answers import Answers
from agentconsole.cli.database import Named, name_database
from agentconsole.cli.founding import First, make
from agentconsole.cli.say import tell, tell_wrapped
from agentconsole.cli.team_layout import (
    ACCOUNT,
    ACCOUNTS,
    COMMAND,
    HOME,
    KEY,
    KEYS,
    READER_ACCOUNT,
    SEALED_KEY,
    STARTED,
    UNITS,
    Layout,
    check_program,
    command_text,
    text_of,
    unit_path,
)
from agentconsole.cli.team_steps import Accounts, Folder, Key, Put, Step
from agentconsole.domain.errors import Refused
from agentconsole.security.hardening import harden_process
from agentconsole.security.keyfile import read_key_file
from agentconsole.security.masterkey import MasterKey

_BOOTED = Path("/run/systemd/system")


def install(
    root: str,
    answered: Callable[[], tuple[Answers, First | None]],
    database: Callable[[], Named | None],
    *,
    dry_run: bool,
) -> int:
    """Install what is missing, make the desk where there is none, start it, and say the line that an agent types."""
    layout = _layout(root)
    check_program(layout)
    steps = _steps(layout)
    if dry_run:
        _tell_plan(steps)
        tell_wrapped(_started(layout, dry_run=True))
        tell_wrapped("Nothing was changed.")
        return 0
    _require_root("Installing a team's desk")
    is_new = not layout.desk.has_desk()
    # Everything is asked before anything is changed: whoever gives up half-way leaves the host as it was.
    named = database() if is_new else None
    answers = answered() if is_new else None
    made = [step for step in steps if _is_made(step)]
    if answers is not None:
        _found(layout, named, *answers)
    else:
        tell_wrapped(f"is there:  the desk in {HOME}, as it was")
    tell_wrapped(_started(layout, dry_run=False))
    if made and not is_new:
        tell_wrapped("A desk that runs goes by what was made now after:  systemctl restart agentconsole")
    _tell_agents(layout)
    return 0


def _is_made(step: Step) -> bool:
    """Do a step where it is not done; tell whether it had to be."""
    is_done = step.is_done()
    if not is_done:
        step.do()
    tell_wrapped(f"{'is there: ' if is_done else 'made:     '} {step.told()}")
    return not is_done


def uninstall(root: str, *, dry_run: bool) -> int:
    """Stop the desk and take its units, its command and the accounts' file away; data, key and accounts stay."""
    layout = _layout(root)
    if not dry_run:
        harden_process()
        _require_root("Taking a team's desk off")
        _systemctl(layout, "disable", "--now", *STARTED)
    gone = [*map(unit_path, reversed(UNITS)), COMMAND, ACCOUNTS]
    if layout.at(COMMAND).exists() and "agentconsole" not in layout.at(COMMAND).read_text("utf-8", "replace"):
        gone.remove(COMMAND)
    found = [path for path in gone if layout.at(path).exists()]
    for path in found:
        if not dry_run:
            layout.at(path).unlink()
        tell_wrapped(f"{'would remove' if dry_run else 'removed'}:  {path}")
    if not found:
        tell_wrapped("No team's desk is installed here; nothing was changed.")
    if not dry_run:
        _systemctl(layout, "daemon-reload")
    kept = [path for path in (HOME, KEY, SEALED_KEY) if layout.at(path).exists()]
    for path in kept:
        tell_wrapped(f"kept:  {path}")
    if kept:
        tell_wrapped(
            f"The accounts {ACCOUNT} and {READER_ACCOUNT} stay, because the data is theirs: `agentconsole init --team` "
            f"goes on with it. To be rid of all of it: rm -r {HOME} {KEYS}; userdel {ACCOUNT}; userdel {READER_ACCOUNT}"
        )
    return 0


def _layout(root: str) -> Layout:
    folder = Path(root)
    if not root or "\0" in root or len(root) > os.pathconf("/", "PC_PATH_MAX") or not folder.is_dir():
        raise Refused(f"There is no folder {root[:80]!r} to install below: make it first.")
    return Layout(folder.resolve())


def _require_root(what: str) -> None:
    if os.geteuid() != 0:
        raise Refused(f"{what} needs root: run it with sudo. --dry-run shows what it does, without.")


def _steps(layout: Layout) -> list[Step]:
    return [
        Put(layout, ACCOUNTS, text_of("accounts.conf", layout)),
        Accounts(layout),
        Folder(layout, KEYS, "root"),
        Key(layout, KEY),
        Folder(layout, HOME, ACCOUNT),
        *(Put(layout, unit_path(name), text_of(name, layout)) for name in UNITS),
        Put(layout, COMMAND, command_text(), 0o755),
    ]


def _tell_plan(steps: list[Step]) -> None:
    for step in steps:
        tell_wrapped(f"{'is there' if step.is_done() else 'would make'}:  {step.told()}")
        if isinstance(step, Put):
            tell("".join(f"    {line}\n" for line in step.text.splitlines()).rstrip("\n"))
    tell_wrapped(f"would make:  the desk in {HOME}, from the answers, if there is none")


def _found(layout: Layout, named: Named | None, answers: Answers, first: First | None) -> None:
    """Make the desk as its own account, in a process that has given up being root."""
    text = read_key_file(layout.at(KEY))
    numbers = layout.account(ACCOUNT)
    if text is None:
        raise Refused(f"The desk is not made, because {KEY} is not there to make it with: put your copy of it there.")
    assert numbers is not None
    master = MasterKey.of_text(text, f"key file {KEY}")
    sys.stdout.flush()
    child = os.fork()
    if child == 0:
        os._exit(_found_as(numbers, lambda: _made(layout, named, answers, first, master)))
    if os.waitpid(child, 0)[1]:
        if layout.desk.has_desk():
            raise Refused(
                "The desk is made, and not all of it was finished: start it, and `agentconsole user add LOGIN NAME "
                "--role admin` goes on from here."
            )
        raise Refused("The desk was not made; what is installed stays, and the same command goes on from here.")


def _made(layout: Layout, named: Named | None, answers: Answers, first: First | None, master: MasterKey) -> None:
    if named is not None:
        name_database(layout.desk, named)
    make(layout.desk, answers, {}, first=first, master=master)


def _found_as(numbers: tuple[int, int], work: Callable[[], None]) -> int:
    """Give up root for good, then work; returns an exit code."""
    user, group = numbers
    try:
        os.setgroups([])
        os.setresgid(group, group, group)
        os.setresuid(user, user, user)
        harden_process()
        work()
    except Refused as refused:
        tell(f"agentconsole: {refused.sentence}", error=True)
        return 1
    except (OSError, UnicodeError, EOFError, KeyboardInterrupt) as trouble:
        tell(f"agentconsole: {trouble or 'interrupted'}.", error=True)
        return 1
    finally:
        sys.stdout.flush()
        sys.stderr.flush()
    return 0


def _started(layout: Layout, *, dry_run: bool) -> str:
    """Start the desk where systemd runs this host; return a line about it."""
    commands = ["systemctl daemon-reload", f"systemctl enable --now {shlex.join(STARTED)}"]
    if not dry_run and _systemctl(layout, "daemon-reload") and _systemctl(layout, "enable", "--now", *STARTED):
        return "The desk runs, and will after a restart of this host."
    return "\n    ".join(("would run:" if dry_run else "To start it, type:", *commands))


def _systemctl(layout: Layout, *words: str) -> bool:
    """Run systemctl on a host that systemd has booted; False elsewhere. Refuses what it could not do."""
    program = shutil.which("systemctl", path="/usr/bin:/bin")
    if not layout.is_host or program is None or not _BOOTED.is_dir():
        return False
    done = subprocess.run([program, *words], capture_output=True, text=True, check=False)  # noqa: S603 - words of ours
    if done.returncode and words[0] == "enable":
        why = (done.stderr.strip().splitlines() or ["no reason given"])[-1]
        raise Refused(f"The desk is installed and did not start: {why}")
    return True


def _tell_agents(layout: Layout) -> None:
    host = socket.gethostname() if layout.is_host else "THIS-HOST"
    tell_wrapped(
        f"\nFor each agent, once:  usermod -aG {ACCOUNT} ACCOUNT\n"
        "                       agentconsole user add LOGIN NAME --unix ACCOUNT\n"
        f"Keep a copy of {KEY} apart from the backups: without it the sealed secrets do not open.\n"
        f"What an agent types:   ssh -t {host} agentconsole"
    )
