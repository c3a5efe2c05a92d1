"""A yardstick of the console: neomutt on a mailbox of so many mails, where this machine has it."""

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


def _mailbox(file: Path, mails: int) -> None:
    with file.open("wb") as box:
        for number in range(mails):
            mail = EmailMessage()
            mail["From"] = f"Customer {number} <c{number}@example.org>"
            mail["To"], mail["Subject"] = "care@desk.test", READY
            mail["Date"], mail["Message-ID"] = "Mon, 23 Nov 2026 09:00:00 +0000", f"<{number}@example.org>"
            mail.set_content("Where is my order?")
            box.write(b"From c@example.org Mon Nov 23 09:00:00 2026\n" + mail.as_bytes() + b"\n")
