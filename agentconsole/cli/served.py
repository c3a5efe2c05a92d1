"""Whether somebody serves the desk: asked of its socket, which costs nothing."""

import socket

from agentconsole.config.paths import DeskPaths


def is_served(paths: DeskPaths) -> bool:
    """Tell whether a server answers at the desk's socket."""
    with socket.socket(socket.AF_UNIX, socket.SOCK_STREAM) as link:
        link.settimeout(1)
        try:
            link.connect(str(paths.socket))
        except OSError:
            return False
    return True
