"""What a console goes without: OpenSSL, which nothing on a Unix socket needs."""

import subprocess
import sys

import pytest

WHOLE = "import agentconsole.cli.console, agentconsole.tui.app, hashlib, secrets, asyncio\n"
MAPPED = "'libcrypto' in open('/proc/self/maps').read()"
LOADED = f"print({MAPPED}, hashlib.sha256(b'').hexdigest()[:8], len(secrets.token_hex()))"


@pytest.mark.parametrize(
    ("before", "said"),
    [
        pytest.param(
            "from agentconsole.cli.lean import go_without_openssl\ngo_without_openssl()\n",
            "False e3b0c442 64",
            id="without",
        ),
        pytest.param("", "True e3b0c442 64", id="else it would be there"),
    ],
)
def test_a_console_loads_no_openssl_and_hashes_all_the_same(before: str, said: str) -> None:
    done = subprocess.run(
        [sys.executable, "-I", "-c", before + WHOLE + LOADED], capture_output=True, text=True, check=True
    )

    assert done.stdout.strip() == said
