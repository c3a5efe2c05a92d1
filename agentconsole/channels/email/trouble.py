"""Why a mail server cannot be used, in a few words for the sentence that tells it."""

import ssl

from agentconsole.domain.text import clean_line


def reason(trouble: Exception, login_refused: type[Exception]) -> str:
    """Say what went wrong; `login_refused` is what the protocol's library raises for it. Others' words are cleaned."""
    if isinstance(trouble, login_refused):
        return "it refuses the user name or password"
    if isinstance(trouble, ssl.SSLCertVerificationError):
        return f"its certificate is not trusted ({clean_line(trouble.verify_message, 200)})"
    if isinstance(trouble, TimeoutError):
        return "it does not answer in time"
    return clean_line(str(trouble) or type(trouble).__name__, 300).rstrip(".")
