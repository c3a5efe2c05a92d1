"""What asks for the code once more, how long that lasts, and what ends it early (PROMISES 19)."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from agentconsole.domain.roles import Action

LASTS = timedelta(minutes=5)
STEP = timedelta(seconds=5)
"""A clock that moved by more than this against the seconds that passed was set: whatever it allowed is void."""

ASKS = frozenset(
    {
        *(Action.MANAGE_USERS, Action.RESET_TOTP, Action.RENEW_CODES),
        *(Action.MANAGE_MAILBOXES, Action.MANAGE_ADDRESSES, Action.MANAGE_BRANDS, Action.MANAGE_POLICIES),
        *(Action.READ_AUDIT, Action.VERIFY_AUDIT),
        *(Action.BACK_UP, Action.EXPORT_KEY),
    }
)
"""Accounts and roles, second factors, mail settings, the allow-list, brands, policies, the log and what leaves it."""

ASKS_NOT = frozenset(
    {
        *(Action.TAKE, Action.TAKE_NEXT, Action.GIVE_BACK, Action.ASSIGN, Action.REPLY, Action.REDELIVER, Action.NOTE),
        *(Action.WAIT, Action.RESOLVE, Action.REOPEN, Action.ESCALATE, Action.ACCEPT, Action.UNDO, Action.PROMISE),
        *(Action.SET_PRIORITY, Action.SET_QUEUE, Action.SET_BRAND, Action.TAG, Action.MERGE, Action.SAVE_DRAFT),
        *(Action.READ_TICKET, Action.READ_QUEUE, Action.READ_TEAM_QUEUE, Action.READ_TEMPLATES, Action.READ_PEOPLE),
        *(Action.WHY, Action.SEARCH, Action.READ_USERS, Action.READ_STATUS, Action.LOOK, Action.KEEP_PLACE),
        *(Action.SHUTDOWN, Action.IMPORT_MAIL, Action.ANSWER_BLANK, Action.STILL_HERE, Action.LOCK, Action.SIGN_OUT),
        *(Action.READ_POLICIES, Action.TRY_POLICIES, Action.READ_DUTIES, Action.SIGN_OFF_DUTY),
        *(Action.READ_ACCEPTANCES, Action.SUGGEST, Action.READ_SUGGESTIONS, Action.SETTLE_SUGGESTION),
        # Only the host's account may set the allow-list aside, and that is asked for nothing.
        *(Action.READ_ADDRESSES, Action.SET_ADDRESSES_ASIDE),
        # These bring a proof of their own each time: a password, or a code in the command itself.
        *(Action.RESET_BY_TWO, Action.UNLOCK, Action.CHANGE_OWN_PASSWORD, Action.ACCEPT_CLOCK, Action.PROVE_AGAIN),
        *(Action.ACCEPT_POLICY,),
    }
)


@dataclass(frozen=True, slots=True)
class Moment:
    """Hold one instant twice: by the machine's clock (UTC), and by seconds that no clock change moves."""

    wall: datetime
    seconds: float


def asks_code(action: Action) -> bool:
    """Tell whether an action asks for the code once more; one that nobody thought about does."""
    return action not in ASKS_NOT


def still_holds(given: Moment | None, now: Moment) -> bool:
    """Tell whether a code that was given then is still good now; not after five minutes, nor once a clock was set."""
    if given is None:
        return False
    passed = timedelta(seconds=now.seconds - given.seconds)
    return timedelta() <= passed < LASTS and abs(now.wall - given.wall - passed) <= STEP
