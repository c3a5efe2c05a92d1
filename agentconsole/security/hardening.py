"""Closes the process to its neighbours and to its environment, before anything else is imported."""

import ctypes
import os
import re
import resource
from collections.abc import MutableMapping

from agentconsole.domain.errors import Refused

_PR_SET_DUMPABLE = 4
_TERM = re.compile(r"[A-Za-z0-9+._-]{1,32}")

# The loader, Python, Textual and OpenSSL run or write what these name; SSLKEYLOGFILE takes down the keys of TLS.
_LOADS_CODE = ("LD_", "PYTHON", "TEXTUAL", "OPENSSL_")
_WRITES_OR_RUNS = frozenset({"SSLKEYLOGFILE", "GCONV_PATH", "BROWSER"})


def harden_process() -> None:
    """Keep new files private (umask 077), write no core, shut /proc/self and ptrace to the account's others."""
    os.umask(0o077)
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    libc = ctypes.CDLL(None, use_errno=True)
    if libc.prctl(_PR_SET_DUMPABLE, 0, 0, 0, 0) != 0:
        code = ctypes.get_errno()
        raise OSError(code, os.strerror(code))


def raise_file_limit() -> None:
    """Let this process have as many files and connections open as its account may; the usual 1,024 are used up soon."""
    most = resource.getrlimit(resource.RLIMIT_NOFILE)[1]
    resource.setrlimit(resource.RLIMIT_NOFILE, (most, most))


def scrub_environment(environ: MutableMapping[str, str]) -> None:
    """Delete the variables that load code or write files, and refuse a TERM that is no terminal's name.

    Call it before `textual` is imported: that reads its variables once.
    """
    for name in [*environ]:
        if name.startswith(_LOADS_CODE) or name in _WRITES_OR_RUNS:
            del environ[name]
    term = environ.get("TERM")
    if term and not _TERM.fullmatch(term):
        raise Refused("TERM is no terminal's name; type: export TERM=xterm-256color")
