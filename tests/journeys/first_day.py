"""Doing what a person does on a desk's first day, through a real terminal and with a real authenticator."""

import re
import subprocess
import sys

from tests.cli.program import Program
from tests.needs import program as debian_program
from tests.pty import Terminal

CONSOLE = [sys.executable, "-m", "agentconsole"]
PASSWORD = "a lantern in the fog"


def code_of(seed: str) -> str:
    """Ask an authenticator that is not ours for the present code of a seed."""
    oathtool = str(debian_program("oathtool"))
    return subprocess.run([oathtool, "--totp", "-b", seed], capture_output=True, text=True, check=True).stdout.strip()


def console(desk: Program, *, size: tuple[int, int] = (80, 24)) -> Terminal:
    """Open the console on a desk in a terminal of its own."""
    return Terminal(CONSOLE, size=size, environ=desk.places)


def add_user(desk: Program, login: str, role: str = "agent") -> str:
    """Add somebody and return the one-time password."""
    said = desk("user", "add", login, f"{login.capitalize()} Example", "--role", role)
    found = re.search(r"One-time password: (\S+)", said.out)
    assert found is not None, said
    return found.group(1)


def first_sign_in(terminal: Terminal, login: str, one_time: str) -> str:
    """Sign in for the first time: enrol, keep the codes, choose a password; return the authenticator's seed."""
    terminal.wait_for("Username")
    terminal.feed(f"{login}\t{one_time}\r\r".encode())
    terminal.wait_for("Set up two-factor")
    seed = seed_on(terminal)
    terminal.feed(code_of(seed).encode() + b"\r")
    terminal.wait_for("recovery codes")
    terminal.feed(b"kept\r")
    terminal.wait_for("a password of your own")
    terminal.feed(f"{PASSWORD}\t{PASSWORD}\r".encode())
    terminal.wait_for("Your password is changed.")
    return seed


def sign_in(terminal: Terminal, login: str, codes: dict[str, list[str]]) -> None:
    """Sign in by a printed code, which is then used up: an authenticator has a new one but every half minute."""
    terminal.wait_for("Username")
    terminal.feed(f"{login}\t{PASSWORD}\x1bOQ{codes[login].pop()}\r".encode())
    terminal.wait_for(lambda: "Username" not in terminal.text)


def seed_on(terminal: Terminal) -> str:
    """Read the key that is shown beside the square, as somebody who types it in would."""
    groups = re.findall(r"(?:[A-Z2-7]{4} ){3}[A-Z2-7]{4}", terminal.text)
    seed = "".join(groups).replace(" ", "")
    assert len(seed) == 32, terminal.text
    return seed
