"""Telling the host's service manager that this process serves now (systemd: sd_notify(3))."""

import os
import socket
from collections.abc import Mapping

VARIABLE = "NOTIFY_SOCKET"


def tell_ready(environ: Mapping[str, str]) -> bool:
    """Say READY to the manager that started us, so that who started the unit waits until then; False without one."""
    place = environ.get(VARIABLE, "")
    if not place.startswith(("/", "@")):
        return False
    address = f"\0{place[1:]}" if place.startswith("@") else place
    with socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM) as link:
        try:
            link.sendto(b"READY=1", os.fsencode(address))
        except OSError:
            return False
    return True
