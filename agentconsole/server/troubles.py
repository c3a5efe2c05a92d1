"""What keeps recurring work from being done: said once a cause, then ever more seldom, and once when it is over."""

import errno
import logging
from collections.abc import Callable
from dataclasses import dataclass

from agentconsole.config.clock import seconds_passed
from agentconsole.domain.errors import Refused

log = logging.getLogger(__name__)
FIRST_SILENCE = 30.0
LONGEST_SILENCE = 3600.0
_NO_SPACE = (errno.ENOSPC, errno.EDQUOT, errno.EFBIG)


def is_for_want_of_space(error: BaseException | None) -> bool:
    """Tell whether an error, or one that led to it, is a full disk; SQLite gives up the whole transaction for it."""
    while error is not None:
        if (isinstance(error, OSError) and error.errno in _NO_SPACE) or "disk is full" in str(error):
            return True
        error = error.__cause__ or error.__context__
    return False


def is_for_a_failing_disk(error: BaseException | None) -> bool:
    """Tell whether an error, or one that led to it, is a disk that refuses to write or read for another reason."""
    while error is not None:
        if (isinstance(error, OSError) and error.errno == errno.EIO) or "disk I/O error" in str(error):
            return True
        error = error.__cause__ or error.__context__
    return False


@dataclass(slots=True)
class _Trouble:
    cause: str
    times: int
    silence: float
    next_at: float


class Troubles:
    """Remember what is wrong with each job; `seconds` is the clock by which it is silent."""

    def __init__(self, seconds: Callable[[], float] = seconds_passed) -> None:
        self._seconds = seconds
        self._of: dict[str, _Trouble] = {}

    def failed(self, job: str, error: BaseException) -> None:
        """Say that a job failed, unless that was said of the same cause a moment ago."""
        cause, sentence, is_known = _cause(error)
        trouble = self._of.get(job)
        now = self._seconds()
        if trouble is None or trouble.cause != cause:
            self._of[job] = _Trouble(cause, 1, FIRST_SILENCE, now + FIRST_SILENCE)
            log.error("%s: %s It is tried again.", job, sentence, exc_info=None if is_known else error)
            return
        trouble.times += 1
        if now >= trouble.next_at:
            trouble.silence = min(trouble.silence * 2, LONGEST_SILENCE)
            trouble.next_at = now + trouble.silence
            log.error("%s: still so, after %d times. %s", job, trouble.times, sentence)

    def worked(self, job: str) -> None:
        """Say that a job works again, if it had failed."""
        trouble = self._of.pop(job, None)
        if trouble is not None:
            log.info("%s: works again, after it failed %d times.", job, trouble.times)


def _cause(error: BaseException) -> tuple[str, str, bool]:
    """Return what tells two causes apart, the sentence, and whether that says all, so that no traceback is needed."""
    if is_for_want_of_space(error):
        return "full", "The desk's disk is full: make room.", True
    if is_for_a_failing_disk(error):
        return "disk", "The desk's disk fails, or a limit on the size of files is reached: look into that.", True
    if isinstance(error, Refused):
        # A sentence with a code has times in it, which change although the cause does not.
        return (error.sentence if error.code == "refused" else error.code), error.sentence, True
    fault = f"{type(error).__name__}: {str(error).partition(chr(10))[0]}."
    return fault, fault, False
