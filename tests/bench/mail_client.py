"""Yardsticks of the console: neomutt and aerc on a mailbox of so many mails, where this machine has them."""

import shutil
from email.message import EmailMessage
from pathlib import Path

from tests.bench.bare_app import READY
from tests.pty import Terminal

SETTINGS = """
set folder = "{folder}"
set spoolfile = "{folder}/box"
set mbox_type = mbox
set header_cache = ""
set sort = reverse-date
set help = yes
color indicator black cyan
color status white blue
"""


def neomutt(folder: Path, mails: int) -> Terminal | None:
    """Start it in a terminal on a mailbox below this folder; None where it is not installed."""
    found = shutil.which("neomutt")
    if found is None:
        return None
    _mailbox(folder / "box", mails)
    (folder / "rc").write_text(SETTINGS.format(folder=folder), "utf-8")
    return Terminal([found, "-n", "-F", str(folder / "rc"), "-R"], environ={"HOME": str(folder)})


def aerc(folder: Path, mails: int, size: tuple[int, int]) -> Terminal:
    """Start it in a terminal on a Maildir below this folder; it must be installed."""
    new = folder / "mail" / "INBOX" / "cur"
    for name in ("cur", "new", "tmp"):
        (new.parent / name).mkdir(parents=True)
    for number in range(mails):
        (new / f"{number}.a:2,S").write_bytes(_mail(number))
    settings = folder / ".config" / "aerc"
    settings.mkdir(parents=True)
    accounts = settings / "accounts.conf"
    accounts.write_text(f"[desk]\nsource = maildir://{folder}/mail\nfrom = Desk <care@desk.test>\n", "utf-8")
    accounts.chmod(0o600)
    return Terminal(["aerc"], size=size, environ={"HOME": str(folder), "XDG_CONFIG_HOME": str(settings.parent)})


def _mailbox(file: Path, mails: int) -> None:
    with file.open("wb") as box:
        for number in range(mails):
            box.write(b"From c@example.org Mon Nov 23 09:00:00 2026\n" + _mail(number) + b"\n")


def _mail(number: int) -> bytes:
    mail = EmailMessage()
    mail["From"] = f"Customer {number} <c{number}@example.org>"
    mail["To"], mail["Subject"] = "care@desk.test", READY
    mail["Date"], mail["Message-ID"] = "Mon, 23 Nov 2026 09:00:00 +0000", f"<{number}@example.org>"
    mail.set_content("Where is my order?")
    return mail.as_bytes()
