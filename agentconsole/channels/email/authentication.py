"""What our own receiving server found out about a sender: Authentication-Results (RFC 8601) of trusted servers only."""

import re
from collections.abc import Sequence

from agentconsole.channels.email.headers import Headers
from agentconsole.domain.mail import AuthResult

_METHOD = re.compile(r"(dmarc|dkim|spf)\s*=\s*([a-z]{1,20})", re.IGNORECASE)
_DOMAIN = re.compile(
    r"(header\.d|header\.i|smtp\.mailfrom)\s*=\s*\"?(?:[^\s@;\"]{0,100}@)?([a-z0-9.-]{1,253})", re.IGNORECASE
)
_FROM = re.compile(r"header\.from\s*=\s*\"?([a-z0-9.-]{1,253})", re.IGNORECASE)
_SERVER = re.compile(rb"^authentication-results:\s{0,80}([a-z0-9._-]{1,253})(?=[\s;])", re.IGNORECASE | re.MULTILINE)
_COMMENT = re.compile(r"\([^()]*\)")


def sender_result(headers: Headers, sender: str, trusted: Sequence[str]) -> AuthResult:
    """Say whether a trusted server proved the sender's address.

    Only the topmost run of its headers counts: a sender can write the same header, but only further down. DMARC decides
    where it is reported; otherwise DKIM or SPF must have passed for the domain of the sender's address or one above it.
    """
    domain = sender.rpartition("@")[2].lower()
    found = [_verdict(result, domain) for result in _topmost_run(headers, {name.lower() for name in trusted})]
    verdicts = [verdict for verdict in found if verdict is not AuthResult.NONE]
    if AuthResult.FAIL in verdicts:
        return AuthResult.FAIL
    return verdicts[0] if verdicts and domain else AuthResult.NONE


def topmost_server(head: bytes) -> str:
    """Return who wrote the topmost Authentication-Results above a mail, "" where there is none: it is only a guess."""
    found = _SERVER.search(head)
    return "" if found is None else found.group(1).decode("ascii").lower()


def _topmost_run(headers: Headers, trusted: set[str]) -> list[str]:
    run: list[str] = []
    for name, value in headers.fields:
        server, _, results = _COMMENT.sub(" ", value).partition(";")
        if name == "authentication-results" and server.split()[:1] and server.split()[0].lower() in trusted:
            run.append(results)
        elif run:
            break
    return run


def _verdict(results: str, domain: str) -> AuthResult:
    seen: dict[str, AuthResult] = {}
    for result in results.split(";"):
        method = _METHOD.match(result.strip())
        if method is None:
            continue
        name, word = method.group(1).lower(), method.group(2).lower()
        if name == "dmarc" and (word != "pass" or _is_about(result, domain)):
            seen["dmarc"] = {"pass": AuthResult.PASS, "fail": AuthResult.FAIL}.get(word, AuthResult.NONE)
        elif word == "pass" and _is_aligned(result, domain):
            seen["aligned"] = AuthResult.PASS
        elif word in ("fail", "softfail"):
            seen.setdefault("failed", AuthResult.FAIL)
    if seen.get("dmarc", AuthResult.NONE) is not AuthResult.NONE:
        return seen["dmarc"]
    return seen.get("aligned", seen.get("failed", AuthResult.NONE))


def _is_about(result: str, domain: str) -> bool:
    """Tell whether DMARC passed for the sender that the desk shows, and not for another that the server has read."""
    named = _FROM.search(result)
    return named is None or domain == named[1].strip(".").lower() or domain.endswith("." + named[1].strip(".").lower())


def _is_aligned(result: str, domain: str) -> bool:
    return any(
        domain == proved.strip(".").lower() or domain.endswith("." + proved.strip(".").lower())
        for _, proved in _DOMAIN.findall(result)
        if "." in proved.strip(".")
    )
