"""Tokens that are shown once and kept as a digest."""

import hmac
import secrets


def new_token() -> str:
    """Draw a token of 192 bits: 32 characters that need no quoting in a URL or a shell."""
    return secrets.token_urlsafe(24)


def token_digest(token: str, key: bytes) -> bytes:
    """Digest a token (HMAC-SHA256 under a sub-key of the vault) for storing and for looking up."""
    return hmac.digest(key, b"agentconsole/token/1|" + token.encode("utf-8", "surrogatepass"), "sha256")
