"""Publishes Homes: when somebody opens theirs, and when something in it has changed.

A Home is a view of now and no message: it is not in the outbox, and one that is lost is published
again with the next change, or when it is next opened.
"""

import json
import threading
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from functools import partial
from hashlib import sha256
from typing import Final

import structlog
from slack_sdk import WebClient
from slack_sdk.errors import SlackApiError

from bot.clock import Clock
from bot.domain.messages import Lost, NotNow, Place, ShutOut, Unclear
from bot.domain.people import Standing
from bot.domain.refusals import Busy
from bot.domain.witness import Shortened
from bot.rendering.marked import marked_view
from bot.rendering.render import home as rendered_home
from bot.rendering.views import Home
from bot.usecases import Deps, home
from bot.usecases.marks import newest_mark
from handlers.postponed import Postponed
from handlers.slack.errors import sorted_out
from handlers.slack.people import Directory

log = structlog.get_logger()

QUIET: Final = 0.3  # seconds: what is changed in one go is published once
EVERY: Final = 3.0  # seconds at least between two to one person who did not ask for them
POLL: Final = 1.0  # seconds: a wake-up is a hint, the poll is the truth
AGAIN: Final = 2.0  # seconds until what was not taken is tried again, doubled each time
TRIES: Final = 5
SHUT: Final = 60.0  # seconds of rest while Slack does not let the bot in
BURST: Final = 20  # Homes that nobody asked for, published one after the other
PACE: Final = 0.6  # seconds for each after these: Slack takes about a hundred a minute


@dataclass(frozen=True, slots=True)
class Wanted:
    """A Home to be published: not before `at`, and the page that was asked for, if one was.

    `is_opened`: its person is looking, and who they are is asked of Slack first.
    """

    at: float
    page: int | None = None
    is_opened: bool = False
    tries: int = 0

    @property
    def is_asked_for(self) -> bool:
        return self.is_opened or self.page is not None


@dataclass(frozen=True, slots=True)
class Published:
    """A Home as somebody has it: what it rests on, and what exactly it shows."""

    at: float
    page: int
    digest: str
    workflows: frozenset[str]


@dataclass
class Homes:
    """Keeps Homes up in a thread of its own; nobody's answer ever waits for one."""

    deps: Deps
    client: WebClient
    directory: Directory
    clock: Clock
    _wanted: dict[str, Wanted] = field(default_factory=dict)
    _published: dict[str, Published] = field(default_factory=dict)
    _size: int | None = None
    _rest_until: float = 0
    _unasked_at: float = 0
    _guard: threading.Lock = field(default_factory=threading.Lock)
    _news: threading.Event = field(default_factory=threading.Event)
    _stopping: threading.Event = field(default_factory=threading.Event)
    _thread: threading.Thread | None = None
    _postponed: Postponed = field(default_factory=partial(Postponed, "homes postponed"))

    def start(self) -> None:
        """Begin with a look at each Home: what has changed while the bot was away is not known."""
        self._thread = threading.Thread(target=self._run, name="homes", daemon=True)
        self._thread.start()

    def stop(self, patience: float) -> None:
        self._stopping.set()
        self._news.set()
        if self._thread:
            self._thread.join(patience)

    def wake(self) -> None:
        """Hear that something was committed."""
        self._news.set()

    def open(self, user_id: str) -> None:
        """Publish the first page to somebody who has just opened their Home."""
        self._want(user_id, Wanted(self.clock.elapsed(), page=0, is_opened=True))

    def turn(self, user_id: str, page: int) -> None:
        """Publish another page to somebody who asked for it."""
        self._want(user_id, Wanted(self.clock.elapsed(), page=page))

    def look_again(self, user_id: str) -> None:
        """Hear that somebody has become something else to the workspace."""
        if user_id in self._published:
            self._want(user_id, Wanted(self.clock.elapsed(), is_opened=True))

    def publish_due(self) -> float:
        """Publish every Home that is due and give the seconds until the next one is."""
        self._note_changes()
        while due := self._next_due():
            self._publish(*due)
        return self._wait()

    def _run(self) -> None:
        wait = 0.0
        while not self._stopping.is_set():
            self._news.wait(wait)
            self._stopping.wait(QUIET / 3)  # commits come in bursts
            self._news.clear()
            wait = POLL
            try:
                wait = self.publish_due()
                self._postponed.is_over()
            except Busy as busy:
                self._postponed.tell(busy)
            except Exception:
                log.exception("homes failed")

    def _note_changes(self) -> None:
        """Find in the record whose Homes have changed, whichever process wrote it."""
        kept_up = home.kept_up(self.deps)
        if not kept_up:
            self._size = None
            return
        touched = home.touched_since(self.deps, self._size)
        is_start, self._size = self._size is None, touched.size
        if not (is_start or touched.is_for_all or touched.workflows):
            return
        for user_id in kept_up:
            seen = self._published.get(user_id)
            rests = seen is not None and not seen.workflows.isdisjoint(touched.workflows)
            if is_start or touched.is_for_all or user_id in touched.people or rests:
                self._want(user_id, Wanted(self._debounced(seen)))

    def _debounced(self, seen: Published | None) -> float:
        soon = self.clock.elapsed() + QUIET
        return max(soon, seen.at + EVERY) if seen else soon

    def _want(self, user_id: str, wanted: Wanted) -> None:
        with self._guard:
            known = self._wanted.get(user_id)
            self._wanted[user_id] = _both(known, wanted) if known else wanted
        self._news.set()

    def _next_due(self) -> tuple[str, Wanted] | None:
        """Give whose turn it is, if anybody's: who looks first, the rest as Slack's pace allows."""
        now = self.clock.elapsed()
        if self._stopping.is_set() or now < self._rest_until:
            return None
        with self._guard:
            due = {
                user_id: wanted
                for user_id, wanted in self._wanted.items()
                if wanted.at <= now and (wanted.is_asked_for or self._unasked_at <= now)
            }
            if not due:
                return None
            user_id = min(due, key=lambda each: (not due[each].is_asked_for, due[each].at))
            return user_id, self._wanted.pop(user_id)

    def _wait(self) -> float:
        now = self.clock.elapsed()
        with self._guard:
            next_at = min(
                (
                    each.at if each.is_asked_for else max(each.at, self._unasked_at)
                    for each in self._wanted.values()
                ),
                default=now + POLL,
            )
        return min(POLL, max(0.0, max(next_at, self._rest_until) - now))

    def _publish(self, user_id: str, wanted: Wanted) -> None:
        try:
            self._show(user_id, wanted)
        except (SlackApiError, OSError, Busy, Shortened) as error:
            self._try_again(user_id, wanted, error)

    def _show(self, user_id: str, wanted: Wanted) -> None:
        seen = self._published.get(user_id)
        standing = self._standing(user_id) if wanted.is_opened else Standing.MEMBER
        page = wanted.page if wanted.page is not None else seen.page if seen else 0
        shown = home.show_home(self.deps, user_id, standing, page)
        view = rendered_home(shown.view)
        digest = sha256(json.dumps(view, sort_keys=True).encode()).hexdigest()
        if wanted.is_asked_for or seen is None or seen.digest != digest:
            if not wanted.is_asked_for:
                self._use_up_pace()
            marked = marked_view(view, lambda: newest_mark(self.deps))
            self.client.views_publish(user_id=user_id, view=marked)
        elapsed = self.clock.elapsed()
        page = shown.view.page if isinstance(shown.view, Home) else 0  # fewer may be left
        self._published[user_id] = Published(elapsed, page, digest, shown.workflows)

    def _use_up_pace(self) -> None:
        now = self.clock.elapsed()
        self._unasked_at = max(self._unasked_at, now - (BURST - 1) * PACE) + PACE

    def _standing(self, user_id: str) -> Standing:
        """Ask who is looking; of a member it is remembered that their Home is to be kept up."""
        standing = self.directory.person(user_id).standing
        note: Callable[..., None] = (
            home.note_opened if standing is Standing.MEMBER else home.close_home
        )
        note(self.deps, user_id)
        return standing

    def _try_again(self, user_id: str, wanted: Wanted, error: Exception) -> None:
        """Keep it for later unless that is of no use; it is never more than a view that is late."""
        wait = self._rest_after(error) if isinstance(error, SlackApiError) else AGAIN
        if wait is None or wanted.tries + 1 >= TRIES:
            log.warning("home not published", user=user_id, error=str(error))
            return
        later = self.clock.elapsed() + wait * 2**wanted.tries
        self._want(user_id, replace(wanted, at=later, tries=wanted.tries + 1))

    def _rest_after(self, error: SlackApiError) -> float | None:
        """Give how long to wait, None if in vain; what concerns all Homes lets all of them rest."""
        means = sorted_out(error, Place.PERSON)
        match means:
            case NotNow():
                self._rest_until = self.clock.elapsed() + means.wait
                return float(means.wait)
            case ShutOut():
                self._rest_until = self.clock.elapsed() + SHUT
                return SHUT
            case Lost() | Unclear():
                return AGAIN
        return None


def _both(known: Wanted, fresh: Wanted) -> Wanted:
    """Give one wish for two: the earlier time, the page asked for last."""
    return Wanted(
        min(known.at, fresh.at) if fresh.tries == 0 else fresh.at,
        fresh.page if fresh.page is not None else known.page,
        known.is_opened or fresh.is_opened,
        fresh.tries,
    )
