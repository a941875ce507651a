"""What a transaction offers: every noun's rows, the record and the outbox, committed together."""

from base64 import b32encode
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from typing import Final

from sqlalchemy import Connection

from bot.domain.messages import Message, MessageKind, Place
from bot.domain.notes import checkpoint_text
from bot.domain.people import SYSTEM, Actor, Origin, Standing
from bot.domain.proof import Proof
from bot.domain.record import ENTRY_VERSION, Entry, Kind, body, commit
from bot.domain.refusals import Refused, Repeated
from bot.domain.tree import Frontier, leaf_hash
from store.people import PSEUDONYM
from store.reading import Reading
from store.record import Checkpoint, Head, Opening, Stored
from store.refusals import Counted

Facts = Mapping[str, object]


@dataclass(frozen=True, slots=True)
class Stamp:
    """What this bot puts on what it records: its version, and its signature under a checkpoint.

    `sign` takes the log's name and a checkpoint's text and gives the signed note.
    """

    app: str
    sign: Callable[[str, str], str]


@dataclass(frozen=True, slots=True)
class Changed:
    """What a commit changed that others in this process want to know at once."""

    workspace: str
    has_messages: bool
    board_changed: bool


class Work(Reading):
    """One unit of work. Entries are numbered as they are recorded and written at the end."""

    def __init__(
        self,
        connection: Connection,
        workspace: str,
        actor: Actor,
        now: datetime,
        stamp: Stamp,
        entropy: Callable[[int], bytes],
    ) -> None:
        super().__init__(connection, workspace, now)
        self._stamp = stamp
        self._entropy = entropy
        self.actor = actor
        head = self.log.head_or_none()
        self._is_new = head is None
        self._start = head or Head(f"answerable/{workspace}", 0, Frontier(), now, 0)
        self.now = max(now, self._start.last_at)
        self._head = self._start
        self._stored: list[Stored] = []
        self._openings: list[Opening] = []
        self._erased: list[tuple[int, str]] = []
        self._on_board: set[str] = set()
        self._about: int | None = None
        self._given: Proof | None = None
        self._carried_out = ""

    @property
    def is_new(self) -> bool:
        """Tell whether the workspace has no log yet."""
        return self._is_new

    @property
    def last_number(self) -> int:
        """Give the number of the newest entry, whether it is of this work or older."""
        return self._head.size - 1

    @property
    def frontier(self) -> Frontier:
        """Give the tree as it is after what was recorded so far."""
        return self._head.frontier

    @property
    def receipt(self) -> Proof:
        """Give what holds this act and the root that covers it: by default the newest entry."""
        if self._given:
            return self._given
        number = self.last_number if self._about is None else self._about
        return Proof(number, self._head.frontier.root().hex())

    def point_at(self, kind: Kind, on: str) -> None:
        """Say which entry holds this act, recorded now or before: the receipt names it.

        So the same act again has the same receipt. Raises LookupError if there is no such entry.
        """
        of_now = (each.entry for each in reversed(self._stored))
        self._about = next(
            (each.seq for each in of_now if (each.kind, each.on) == (kind, on)), None
        )
        if self._about is not None:
            return
        entry = self.log.last_of(kind, on)
        if entry is None:
            raise LookupError(f"{on} has no entry {kind}")
        self._given = Proof(entry.seq, self.log.proof_of(entry.seq).root)

    def once(self) -> None:
        """Raise Repeated, with the receipt it had, if this very delivery was carried out before."""
        self._carried_out = self.actor.delivery
        seq = self.log.delivered_before(self._carried_out) if self._carried_out else None
        if seq is not None:
            raise Repeated(Proof(seq, self.log.proof_of(seq).root))

    def record(
        self,
        kind: Kind,
        on: str,
        facts: Facts | None = None,
        *,
        role: str = "",
        words: Mapping[str, str] | None = None,
        policy: int | None = None,
        prior: int | None = None,
    ) -> int:
        """Record one entry and give its number.

        `words` are the values that are a person or that somebody typed: the entry holds a
        commitment to each, the words themselves can be erased.
        """
        actor = self._pseudonym()
        seq = self._head.size
        commitments: dict[str, object] = {}
        for name, value in (words or {}).items():
            salt = self._entropy(32)
            commitments[f"{name}_c"] = commit(salt, value)
            self._openings.append(Opening(seq, f"facts.{name}_c", salt, value))
        self._append(
            Entry(
                v=ENTRY_VERSION,
                seq=seq,
                log=self._head.log,
                id=self._new_id(),
                ts=timestamp(self.now),
                kind=kind,
                actor=actor,
                role=role or self.actor.origin,
                on=on,
                prior=prior,
                policy=policy,
                app=self._stamp.app,
                facts={**(facts or {}), **commitments},
            )
        )
        return seq

    def erase(self, seq: int, field: str, *, because: int) -> None:
        """Take an opening away, on record: the entry stays as it is, what it stood for is gone."""
        erased = {"seq": seq, "field": field}
        self.record(Kind.OPENING_ERASED, f"opening/{seq}/{field}", erased, prior=because)
        self._erased.append((seq, field))

    def entry(self, seq: int) -> Entry:
        """Give the entry with this number, one of this very work included; it must exist."""
        if seq >= self._start.size:
            return self._stored[seq - self._start.size].entry
        return self.log.entry(seq)

    def entries_of(self, kind: Kind, on: str) -> tuple[Entry, ...]:
        """Give every entry of a kind about a thing, of this very work included, oldest first."""
        fresh = (each.entry for each in self._stored)
        of_now = (each for each in fresh if (each.kind, each.on) == (kind, on))
        return (*self.log.entries_of(kind, on), *of_now)

    def words_of(self, seq: int, fact: str) -> str:
        """Give what a commitment in an entry stands for, one of this very work included."""
        here = (seq, f"facts.{fact}_c")
        fresh = (each.value for each in self._openings if (each.seq, each.field) == here)
        return next(fresh, None) or self.log.words(seq, fact)

    def put_on_board(self, workflow: str) -> None:
        """Say that this workflow's pipelines are to be told something else: a gate, a token."""
        self._on_board.add(workflow)

    def record_refusal(self, refusal: Refused) -> None:
        """Record a refusal and tell the person; equal ones within a minute are counted instead."""
        seq = self._note_refusal(refusal)
        if self.actor.answer_url:
            self.outbox.put(
                Message(
                    MessageKind.NOTICE,
                    Place.ANSWER,
                    self.actor.answer_url,
                    seq,
                    sentence=refusal.sentence,
                    takes=",".join(sorted(refusal.takes)),
                )
            )

    def settle_refusals(self) -> None:
        """Record how often each refusal was repeated, once its minute has passed."""
        for counted in self.refusals.settle(self.now):
            if counted.repeats:
                self._record_by_system(
                    Kind.REFUSED,
                    counted.subject,
                    {
                        "rule": counted.rule,
                        "by": counted.actor,
                        "role": counted.role,
                        "repeats": counted.repeats,
                    },
                )

    def finish(self) -> Changed:
        """Write what was recorded, with a signed checkpoint over it, and give what changed."""
        if self._carried_out and (self._stored or self._given):
            self.log.note_delivery(self._carried_out, self.receipt.number)
        if self._stored:
            if self._is_new:
                self.log.start(self._start)
            new = replace(
                self._head, last_at=self.now, board=self._start.board + bool(self._on_board)
            )
            if self._on_board:
                self.workflows.put_on_board(self._on_board, new.board)
            self.log.append(self._stored, self._openings, self._start, new)
            self.log.erase(self._erased)
            root = new.frontier.root()
            note = self._stamp.sign(new.log, checkpoint_text(new.log, new.size, root))
            self.log.add_checkpoint(Checkpoint(new.size, root.hex(), note))
        elif self._on_board:
            raise RuntimeError("a gate or a token changed without an entry")
        return Changed(self.workspace, self.outbox.has_news, bool(self._on_board))

    def _append(self, entry: Entry) -> None:
        written = body(entry)
        leaf = leaf_hash(written)
        self._stored.append(Stored(entry, self.now, written, leaf))
        self._head = replace(
            self._head, size=entry.seq + 1, frontier=self._head.frontier.append(leaf)
        )

    def _new_id(self) -> str:
        return b32encode(self._entropy(15)).decode().lower()

    def _pseudonym(self) -> str:
        """Give how the record names who acts, introducing a person before their first act."""
        if self.actor.origin is Origin.TOKEN:
            return f"pipeline/{self.actor.user_id}"
        if self.actor.origin is not Origin.SLACK:
            return _NAMES[self.actor.origin]
        known = self.people.pseudonym_or_none(self.actor.user_id)
        return known or self.introduce(self.actor.user_id, self.actor.standing)

    def pseudonym_of(self, user_id: str) -> str:
        """Give how the record names somebody, introducing them if it does not know them yet."""
        known = self.people.pseudonym_or_none(user_id)
        return known or self.introduce(user_id, Standing.MEMBER)

    def introduce(self, user_id: str, standing: Standing) -> str:
        """Give somebody who has not acted yet a pseudonym, on record."""
        pseudonym = f"{PSEUDONYM}{b32encode(self._entropy(10)).decode().lower()}"
        self.people.add(user_id, pseudonym, standing)
        self._record_by_system(
            Kind.PERSON_INTRODUCED,
            f"person/{pseudonym}",
            {"person": pseudonym},
            words={"person": user_id},
        )
        return pseudonym

    def _record_by_system(
        self, kind: Kind, on: str, facts: Facts, words: Mapping[str, str] | None = None
    ) -> None:
        actor, self.actor = self.actor, SYSTEM
        self.record(kind, on, facts, words=words)
        self.actor = actor

    def _note_refusal(self, refusal: Refused) -> int:
        first = Counted(
            actor=self._pseudonym(),
            rule=refusal.rule,
            subject=refusal.on or f"workspace/{self.workspace}",
            role=self.actor.origin,
        )
        counted = self.refusals.count_again(first, self.now)
        if counted is not None:
            return counted
        self.settle_refusals()
        seq = self.record(Kind.REFUSED, first.subject, {"rule": first.rule, "count": 1})
        self.refusals.add(replace(first, entry=seq), self.now)
        return seq


def timestamp(moment: datetime) -> str:
    """Give an aware time as RFC 3339 in UTC with microseconds, as entries carry it."""
    return moment.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%S.%fZ")


_NAMES: Final = {Origin.CONSOLE: "operator", Origin.CLOCK: "system"}
