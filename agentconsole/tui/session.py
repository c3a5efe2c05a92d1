"""Being signed in: the way from the link to the desk, and what the desk tells unasked."""

from __future__ import annotations

from collections.abc import Callable

from agentconsole.domain.errors import Refused
from agentconsole.tui.backend import Backend
from agentconsole.tui.console import Console
from agentconsole.tui.demo_hooks import DemoHooks
from agentconsole.tui.resuming import Resuming, kept_elsewhere
from agentconsole.tui.screens.signin import SignInMode
from agentconsole.wire.client import Told
from agentconsole.wire.commands import Lock, SignOut
from agentconsole.wire.frames import AnyAnswer, Changed, Ended, Enrolled, Enrolling, Locked, Present, Reaching, SignedIn


class Session:
    """Open and shut the gate as the desk says; hear what it tells."""

    def __init__(self) -> None:
        self.console: Console
        self.resuming: Resuming
        self._last_login = ""
        self._owes_password = False

    @property
    def _desk(self) -> Backend:
        return self.console.desk

    @property
    def linked(self) -> bool:
        """Tell whether the desk is in reach."""
        return self._desk.is_linked

    def link_made(self) -> None:
        """Hear that the desk can be reached; a session of before the link was lost has to be signed in anew."""
        if self._last_login:
            kept = "what it had not answered is asked again" if len(self._desk.unanswered) else "your drafts are kept"
            self.console.say(f"The desk is back: sign in to go on where you were; {kept}.", "warn")
        elif _waits_at_door(self.console, self._last_login):
            self.console.say("")
        _door(self.console).linked()

    def link_lost(self) -> None:
        """Hear that the desk is gone; all stays in memory, and the gate is shut until someone signs in again."""
        if _waits_at_door(self.console, self._last_login):
            # What stands in the form is good for the next link, too; a console that waits long is closed now and then.
            self.console.say("Reaching the desk ..")
            return
        self.console.router.drop()
        self.console.line.close()
        self._sign_out(unasked=True)
        self.console.say("The link to the desk is lost. Reaching it again .. your drafts are kept.", "warn")

    def told(self, told: Told) -> None:
        """Hear what the desk tells."""
        if isinstance(told, Locked):
            self._locked(told)
        elif isinstance(told, Ended):
            self._sign_out(unasked=True)
            self.console.say(told.reason, "warn")
        elif isinstance(told, Present):
            self._desk.keep_present(told)
            self.console.met(frozenset(row.ticket for row in told.rows))
        elif isinstance(told, Reaching):
            self._reaching(told)
        else:
            self._changed(told)

    def refused(self, refusal: Refused) -> None:
        """Say why the desk said no to something nobody else hears about."""
        self.console.refused(refusal)

    def fault(self, error: BaseException) -> None:
        """End the console on a fault of its own; a screen that no longer tells the truth is worse than none."""
        self.console.frame.fail(error)

    def admitted(self, answer: AnyAnswer) -> None:
        """Go on after a sign-in, an enrolment, or its recovery codes."""
        if isinstance(answer, Enrolling):
            self.console.say("The desk can be used when this is done: signing in takes two factors.")
            self.console.shut_gate("enrolment", answer)
        elif isinstance(answer, Enrolled):
            self.console.shut_gate("recovery", answer)
        elif isinstance(answer, SignedIn):
            self.console.say("")
            self._desk.signed_in(answer)
            self._owes_password = answer.must_change
            if answer.must_change:
                self.console.shut_gate("password")
            else:
                self.open_desk()

    def open_desk(self) -> None:
        """Show the desk: where this person was before, here or at another console, or else the queue."""
        me = self._desk.me
        self._owes_password = False
        drafts: tuple[str, ...] = ()
        if me.login != self._last_login:
            self.console.places.home()
            self.console.places.tabs.clear()
            for mode in self.console.modes.values():
                mode.forget()
            self.resuming.resume(me.stand)
            drafts = kept_elsewhere(me.drafts, self.console.places)
        self._last_login = me.login
        self.console.open_gate()
        # Said until the next key: what the desk tells about the case in hand must not wait behind it.
        for note in (*me.notes, *drafts):
            self.console.say(note, "key")

    def unlocked(self) -> None:
        """Show the desk again, or what stood before it."""
        self.console.say("")
        if self._owes_password:
            self.console.shut_gate("password")
        else:
            self.console.open_gate()

    def lock(self, then: Callable[[], None] = lambda: None) -> None:
        """Lock, and let the desk know; `then` is done behind the lock.

        What is typed from now on waits for the lock: it may be the password, which is no verb and no text of a case.
        """
        release = self.console.hold("Locking")
        for save in self.console.saves():
            self._desk.ask(save)

        def locked(_: AnyAnswer) -> None:
            self._locked(Locked(self._desk.now(), "You locked this screen."))
            then()
            release()

        def refused(refusal: Refused) -> None:
            self.console.router.drop()
            release()
            self.console.refused(refusal)

        self._desk.ask(Lock(), locked, refused)

    def someone_else(self) -> None:
        """Sign out, for another person to sign in."""
        for save in self.console.saves():
            self._desk.ask(save, lambda _: None, lambda _: None)
        self._desk.ask(SignOut(), lambda _: None, lambda _: None)
        self._last_login = ""
        self._sign_out()

    def become(self, demo: DemoHooks) -> None:
        """Sign in as another person of the demo."""
        _door(self.console).demo = demo
        self.someone_else()
        _door(self.console).submit()

    def leave(self) -> None:
        """End the console."""
        self.console.frame.leave(0)

    def begun(self) -> str:
        """Name the work that stays open behind the lock."""
        return ", ".join(tab.number for tab in self.console.places.tabs)

    def _sign_out(self, *, unasked: bool = False) -> None:
        # What is typed from now on may be meant for the screen that was there.
        is_cut_off = unasked and not self.console.gate
        self._desk.signed_out()
        self.console.shut_gate("signin", self._last_login)
        if is_cut_off:
            _door(self.console).shield()

    def _locked(self, locked: Locked) -> None:
        # Recovery codes made anew must not stay on the screen; those of an enrolment wait for their owner.
        if self.console.gate not in ("", "password") and not (self.console.gate == "recovery" and self._desk.me.login):
            return
        for save in self.console.saves():
            self._desk.ask(save, lambda _: None, lambda _: None)
        self.console.line.close()
        self.console.say("")
        self.console.shut_gate("lock", locked)

    def _reaching(self, told: Reaching) -> None:
        if told.back:
            self.console.say("The desk has its database back.")
            self._changed(Changed())
        else:
            self.console.say("Reconnecting to the database .. what you typed is kept.", "warn")

    def _changed(self, told: Changed) -> None:
        self.console.messages.hear(told.news)
        if self.console.gate:
            return
        for news in told.news[-1:]:
            self.console.say(news.line(), "news")
        tickets = frozenset(told.tickets)
        mode = self.console.mode
        if tickets or told.queue:
            mode.changed(tickets)
        if told.queue and mode is not self.console.queue:
            self.console.queue.read()


def _door(console: Console) -> SignInMode:
    door = console.modes["signin"]
    assert isinstance(door, SignInMode)
    return door


def _waits_at_door(console: Console, last_login: str) -> bool:
    """Tell whether nobody has been signed in here yet, and the form waits for that."""
    return console.gate == "signin" and not last_login
