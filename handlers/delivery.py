"""The outbox worker: claims a message, renders it from what is true now, sends it, records it."""

import threading
from collections import deque
from collections.abc import Callable
from dataclasses import dataclass, field
from functools import partial
from typing import Final, Protocol

import structlog

from bot.domain.messages import (
    DAMAGED,
    WITH_FILES,
    Lost,
    Message,
    MessageKind,
    NotNow,
    Place,
    Posting,
    Shown,
    ShutOut,
    Unclear,
    Undeliverable,
    Vanished,
    doubled,
)
from bot.domain.refusals import Busy, CommitUnknown, Damaged
from bot.rendering.marked import marked_message
from bot.rendering.render import Rendered, digest, message, together
from bot.usecases import Deps, delivery, showing
from bot.usecases.marks import mark_at
from handlers.entrance import Entrance
from handlers.pacing import Pacer

log = structlog.get_logger()

POLL: Final = 1.0  # seconds: a wake-up is a hint, the poll is the truth
BUSY_WAIT: Final = 0.2
ANSWER_TRIES: Final = 2
UNCLEAR_TRIES: Final = 6  # about a minute
USUAL_REST: Final = 60  # seconds for which Slack may have had too much without anything amiss
MOST_TOGETHER: Final = 4  # reminders in one post: more could be too long for Slack
SHORTEST_TROUBLE, LONGEST_TROUBLE = 2, 60  # seconds between two tries of one while Slack fails


class Sender(Protocol):
    """Sends a rendered message and gives where it stands. Raises what became of it instead."""

    def send(self, posting: Posting, rendered: Rendered) -> Shown | None: ...


class Quiet(Protocol):
    """Knows who is not to be disturbed: who by what was heard, and whether this person is."""

    def people(self) -> frozenset[str]: ...

    def holds(self, user_id: str) -> bool: ...


@dataclass
class Delivery:
    """Works the outbox off in a thread of its own, one message at a time.

    `leads` tells whether this is the process that sends, of several on one database. `sent` and
    `given_up` count the messages of this process, the latter without answers.
    """

    deps: Deps
    sender: Sender
    pacer: Pacer
    quiet: Quiet
    send_export: Callable[[Posting], None]
    entrance: Entrance
    leads: Callable[[], bool]
    sent: int = 0
    given_up: int = 0
    _under_way: set[int] = field(default_factory=set)
    _posted: Shown | None = None
    _lacking: str = ""
    _unrecorded: deque[Callable[[], None]] = field(default_factory=deque)
    _guard: threading.Lock = field(default_factory=threading.Lock)
    _news: threading.Event = field(default_factory=threading.Event)
    _stopping: threading.Event = field(default_factory=threading.Event)
    _thread: threading.Thread | None = None

    def is_let_in(self) -> bool:
        """Tell whether Slack takes the bot's token, as far as its last answer has shown."""
        return self.entrance.is_open

    def start(self) -> None:
        self._thread = threading.Thread(target=self._run, name="delivery", daemon=True)
        self._thread.start()

    def stop(self, patience: float) -> None:
        """Finish the message under way and stop, within `patience` seconds if that is possible."""
        self._stopping.set()
        self._news.set()
        if self._thread:
            self._thread.join(patience)

    def wake(self) -> None:
        self._news.set()

    def note_posted(self, row_id: int, shown: Shown) -> None:
        """Take Slack's word that a message was posted, in case its answer to us is lost.

        Slack often says so before it answers, and then it is not yet known that it is. It may say
        so to another process than the one that sends.
        """
        with self._guard:
            if row_id in self._under_way:
                self._posted = shown
                return
        self._settle_posted(row_id, shown)

    def deliver_next(self) -> bool:
        """Send the most urgent message; tell whether there was one.

        What is known of those before comes on record first: Slack would be sent them again else.
        """
        self._catch_up()
        if not self.leads():
            return False
        # An answer needs no token and has a pace of its own: it goes out all the same.
        is_waiting = self.entrance.rests() or self.pacer.wait() > 0
        posting = delivery.claim_message(
            self.deps,
            only=Place.ANSWER if is_waiting else None,
            sparing=self.quiet.people(),
            resting=self.pacer.resting(),
            most=MOST_TOGETHER,
        )
        if posting is None:
            return False
        with self._guard:
            self._under_way, self._posted = {each.id for each in posting.all}, None
        try:
            if posting.may_wait and self.quiet.holds(posting.message.to):
                delivery.record_resting(self.deps, posting)
            else:
                self._try(posting)
        finally:
            with self._guard:
                posted, self._under_way = self._posted, set()
            if posted:
                ids = (each.id for each in posting.all)
                self._unrecorded.extend(partial(self._settle_posted, id_, posted) for id_ in ids)
        self._catch_up()
        return True

    def _catch_up(self) -> None:
        """Put on record what Slack has said; what the store does not take now is kept for later."""
        while self._unrecorded:
            try:
                self._unrecorded[0]()
            except (Busy, CommitUnknown):
                raise
            except Exception:
                self._unrecorded.popleft()
                raise
            self._unrecorded.popleft()

    def _try(self, posting: Posting) -> None:
        try:
            self._deliver(posting)
        except NotNow as later:
            self._rest(posting.message.to, later)
            delivery.record_postponed(self.deps, posting, later.wait, str(later), was_tried=False)
        except Lost as lost:
            self._settle_lost(posting, str(lost))
        except ShutOut as shut:
            self._wait_outside(posting, shut)
        except Damaged as damaged:
            self._keep_or_end(posting, damaged)
        except Unclear as unclear:
            self._note_let_in(posting)
            self._try_again(posting, str(unclear))
        except Vanished as gone:
            self._note_let_in(posting)
            delivery.record_vanished(self.deps, posting, is_thread=gone.is_thread)
        except Undeliverable as never:
            self._note_let_in(posting)
            log.warning("undeliverable", outbox=posting.id, error=str(never))
            self._give_up(posting, str(never), never.why)

    def _run(self) -> None:
        while not self._stopping.is_set():
            self._news.clear()
            try:
                while not self._stopping.is_set() and self.deliver_next():
                    pass
            except Busy:
                self._stopping.wait(BUSY_WAIT)
            except Exception:
                # The message keeps its lease and comes back as `unknown`: it is never dropped.
                log.exception("delivery failed")
                self._stopping.wait(POLL)
            self._news.wait(self.pacer.until_free(POLL))

    def _deliver(self, posting: Posting) -> None:
        self._book(posting)
        if posting.message.kind is MessageKind.EXPORT:
            self.send_export(posting)
            self._note_let_in(posting)
            self._unrecorded.append(partial(self._settle_shown, posting, None, ""))
        else:
            rendered = _rendered(self.deps, posting)
            shown = self.sender.send(posting, rendered)
            self._note_let_in(posting)
            self._unrecorded.append(partial(self._settle_shown, posting, shown, digest(rendered)))
        self._catch_up()

    def _settle_shown(self, posting: Posting, shown: Shown | None, seen: str) -> None:
        delivery.record_shown(self.deps, posting, shown, seen)
        self._count_sent()

    def _book(self, posting: Posting) -> None:
        if posting.message.place is not Place.ANSWER:
            self.pacer.book(posting.message.to)

    def _rest(self, channel: str, later: NotNow) -> None:
        if later.is_too_much:
            self.pacer.refused(channel, later.wait)
            if later.wait <= USUAL_REST:
                return
        else:
            self.pacer.rest(channel, later.wait)
        if self._lacking != str(later):  # for each message that waits it would be said each minute
            self._lacking = str(later)
            log.error(
                "a message waits", error=str(later), seconds=later.wait, run="answerable doctor"
            )

    def _note_let_in(self, posting: Posting) -> None:
        """Note that Slack took the token, whatever else it said; an answer shows it none."""
        self._lacking = ""
        if posting.message.place is not Place.ANSWER:
            self.entrance.open()
            self.pacer.taken()

    def _wait_outside(self, posting: Posting, shut: ShutOut) -> None:
        """Keep the message, and all others: nothing is lost, and nothing waits for Slack but it."""
        self.entrance.shut(str(shut), is_for_posts=shut.is_for_posts)
        delivery.record_postponed(self.deps, posting, 0, str(shut), was_tried=False)

    def _keep_or_end(self, posting: Posting, damaged: Damaged) -> None:
        """Keep what cannot be made of a damaged record; who waits for a file is told, and it ends.

        No duty rests on a file, and whoever asked can ask again.
        """
        log.error("a message cannot be made", outbox=posting.id, reason=str(damaged))
        error = f"{DAMAGED} {damaged.where}"
        if posting.message.kind in WITH_FILES:
            self._give_up(posting, error)
        else:
            delivery.record_postponed(self.deps, posting, _pause_after(posting.attempt), error)

    def _try_again(self, posting: Posting, error: str) -> None:
        log.warning("not taken", outbox=posting.id, error=error)
        if posting.attempt >= UNCLEAR_TRIES:
            self._give_up(posting, error)
        else:
            delivery.record_postponed(self.deps, posting, _pause_after(posting.attempt), error)

    def _settle_posted(self, row_id: int, shown: Shown) -> None:
        if delivery.record_posted_after_all(self.deps, row_id, shown):
            self._count_sent()

    def _count_sent(self) -> None:
        with self._guard:  # Slack's word of it comes in another thread
            self.sent += 1

    def _give_up(self, posting: Posting, error: str, why: str = "") -> None:
        if delivery.record_undeliverable(self.deps, posting, error, why):
            # Nothing rests on an answer, and its address is open for half an hour only.
            self.given_up += posting.message.place is not Place.ANSWER
        else:
            log.error(
                "a critical card reaches nobody",
                outbox=posting.id,
                error=error,
                run="answerable doctor",
            )

    def _settle_lost(self, posting: Posting, error: str) -> None:
        log.warning("answer lost", outbox=posting.id, error=error)
        is_update = posting.shown is not None
        if is_update:  # the same update again changes nothing
            delivery.record_postponed(self.deps, posting, _pause_after(posting.attempt), error)
        elif posting.attempt >= ANSWER_TRIES and _is_never_confirmed(posting):
            self._give_up(posting, error)
        elif delivery.record_unknown(self.deps, posting, error):
            self._count_sent()


def _pause_after(attempt: int) -> int:
    return doubled(SHORTEST_TROUBLE, attempt, LONGEST_TROUBLE)


def _is_never_confirmed(posting: Posting) -> bool:
    """Tell whether nobody will ever say that it arrived: each further try may post it again."""
    message = posting.message
    return message.place is Place.ANSWER or message.kind in WITH_FILES


def digest_now(deps: Deps, said: Message) -> str:
    """Give the digest of what people would see of a message if it were sent now, by itself."""
    return digest(together([_one(deps, said)]))


def _rendered(deps: Deps, posting: Posting) -> Rendered:
    return together([_one(deps, each) for each in posting.said])


def _one(deps: Deps, said: Message) -> Rendered:
    aside = "" if said.kind is MessageKind.NOTICE else said.sentence
    rendered = message(showing.view_of(deps, said), aside)
    return marked_message(rendered, lambda: mark_at(deps, said.entry))
