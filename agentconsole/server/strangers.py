"""Connections on which nobody has signed in: how many an account may hold, how many there may be, and for how long."""

from collections import Counter
from collections.abc import Collection

from agentconsole.server.sessions import Live

MOST_OF_ACCOUNT = 64
MOST = 256
LONGEST_SECONDS = 15 * 60.0
"""So long after the last try to sign in a connection is closed; a console makes a new one by itself."""

FULL = "This account has too many consoles that wait for a sign-in: close some, then try again."
CROWDED = "The desk has too many connections that wait for a sign-in: try again in a moment."


def surplus(newcomer: Live, live: Collection[Live]) -> Live | None:
    """Return the connection that has to go where there is no room for one more; None where there is.

    An account that holds its share gets no more. Where all together are too many, the account that holds most of them
    loses its oldest, so that no account, however many connections it makes, keeps the others out.
    """
    if newcomer.of_host:
        return None
    waiting = [one for one in live if is_stranger(one) and one is not newcomer]
    held = Counter(one.peer.uid for one in waiting)
    mine = held[newcomer.peer.uid]
    if mine >= MOST_OF_ACCOUNT:
        return newcomer
    if len(waiting) < MOST:
        return None
    uid, most = held.most_common(1)[0]
    if most <= mine + 1:
        return newcomer
    return min((one for one in waiting if one.peer.uid == uid), key=lambda one: (one.enrolling is not None, one.began))


def is_stranger(live: Live) -> bool:
    """Tell whether nobody has signed in on a connection that is no administrator's on the host."""
    return not live.signed_in and not live.of_host


def is_overdue(live: Live, now: float) -> bool:
    """Tell whether a stranger has been silent for too long; `now` counts this machine's seconds."""
    return is_stranger(live) and now - live.last_key > LONGEST_SECONDS
