"""One thread at a time, in an order that a seed chooses, on a clock that nobody waits for.

Whoever does something in the simulation is an actor with a thread of its own, and only the one
with the baton runs. It hands the baton on wherever others could come in between, and while it
waits. When all wait, time moves on to whatever comes next.
"""

import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from heapq import heappop, heappush
from itertools import count
from math import inf
from random import Random
from typing import Final

STUCK: Final = 600.0  # real seconds: by then somebody waits for something else than the baton
SWITCHES: Final = 0.3  # how often the baton goes to another where it may
LONGEST_NAP: Final = 30.0  # seconds
MOST_TURNS: Final = 3_000_000


class Gone(BaseException):
    """The process that this thread belongs to has died. Nothing of ours catches it."""


class Stuck(Exception):  # noqa: N818 -- a defect of the simulator
    """The simulation does not go on."""


@dataclass(eq=False)
class Actor:
    """Somebody who acts. `process` is the life of the replica it dies with, if it is in one."""

    name: str
    process: str
    work: Callable[[], object]
    turn: threading.Lock = field(default_factory=threading.Lock)
    wakes_at: float = 0.0
    idles_for: str = ""
    nap: float = 0.0
    left_due: float = inf
    is_waiting: bool = False
    is_doomed: bool = False
    is_unwinding: bool = False
    has_ended: bool = False

    def __post_init__(self) -> None:
        self.turn.acquire()  # it is let go of by whoever gives this one the baton


@dataclass
class Baton:
    """Whose turn it is, and what time it is: seconds since the simulation began.

    `interest` tells when the next thing falls due that an idle loop would notice, by what the loop
    looks after: nobody looks once a second through a quiet night.
    """

    chance: Random
    interest: Callable[[str], float] = lambda _what: inf
    now: float = 0.0
    turns: int = 0
    failed: BaseException | None = None
    current: Actor | None = None
    _ends_at: float = 0.0
    _actors: list[Actor] = field(default_factory=list)
    _plans: list[tuple[float, int, str, str, Callable[[], object]]] = field(default_factory=list)
    _numbers: Iterator[int] = field(default_factory=count)
    _over: threading.Semaphore = field(default_factory=lambda: threading.Semaphore(0))

    # What those who act call.

    def pause(self) -> None:
        """Let others go first, if the seed says so."""
        me = self.current
        if me is None or me.is_unwinding:
            return
        self._die_if_doomed(me)
        if self.chance.random() < SWITCHES:
            self._hand_over(me)

    def sleep(self, seconds: float, *, idles_for: str = "") -> None:
        """Wait; an idle one sleeps on until there is something for it, or it is woken."""
        me = self.current
        if me is None or me.is_unwinding:
            return
        self._die_if_doomed(me)
        if idles_for:
            seconds = max(seconds, self._nap(me, self.interest(idles_for)))
        me.wakes_at, me.idles_for, me.is_waiting = self.now + seconds, idles_for, True
        self._hand_over(me)

    def wake(self, actor: Actor) -> None:
        actor.is_waiting = False

    def me(self) -> Actor:
        if self.current is None:
            raise Stuck("nobody has the baton")
        return self.current

    # What the simulation calls.

    def start(self, name: str, work: Callable[[], object], process: str = "") -> Actor:
        """Have somebody begin now."""
        actor = Actor(name, process, work)
        self._actors.append(actor)
        threading.Thread(target=self._live, args=(actor,), name=name, daemon=True).start()
        return actor

    def plan(self, at: float, name: str, work: Callable[[], object], process: str = "") -> None:
        """Have somebody begin at that time."""
        heappush(self._plans, (max(at, self.now), next(self._numbers), name, process, work))

    def kill(self, process: str) -> None:
        """End a process: each of its threads is gone before anybody else does anything."""
        for actor in self._actors:
            if actor.process == process:
                actor.is_doomed, actor.is_waiting = True, False
        self._plans = [each for each in self._plans if each[3] != process]
        heap: list[tuple[float, int, str, str, Callable[[], object]]] = []
        for each in self._plans:
            heappush(heap, each)
        self._plans = heap
        if self.current and self.current.is_doomed:
            self._die_if_doomed(self.current)
        elif self.current:
            self._hand_over(self.current)

    def run(self, until: float) -> None:
        """Let everything happen that happens before this time. Raises what an actor raised."""
        self._ends_at = until
        first = self._next()
        if first:
            self._give(first)
            if not self._over.acquire(timeout=STUCK):
                raise Stuck("nobody has handed the baton on")
        if self.failed:
            raise self.failed
        self.now = max(self.now, until)

    @contextmanager
    def ended(self) -> Iterator[None]:
        """See to it that no thread is left when the block ends."""
        try:
            yield
        finally:
            self.failed = None
            for actor in list(self._actors):
                actor.is_doomed, actor.is_waiting = True, False
            self._plans = []
            self.run(self._ends_at)

    def _live(self, actor: Actor) -> None:
        actor.turn.acquire()
        try:
            if not actor.is_doomed:
                actor.work()
        except Gone:
            pass
        except BaseException as error:  # noqa: BLE001 -- raised again where the run was asked for
            self.failed = self.failed or error
        actor.has_ended = True
        self._actors.remove(actor)
        self._give_on()

    def _die_if_doomed(self, me: Actor) -> None:
        if me.is_doomed:
            me.is_unwinding = True
            raise Gone(me.name)

    def _hand_over(self, me: Actor) -> None:
        following = self._next()
        if following is not me:
            if following:
                self._give(following)
            else:
                self._end()
            me.turn.acquire()
        self._die_if_doomed(me)

    def _nap(self, me: Actor, due: float) -> float:
        """Give how long to leave alone what stays due though it was looked at: ever longer."""
        is_same = due == me.left_due and due <= self.now
        me.nap, me.left_due = (min(2 * me.nap + 1, LONGEST_NAP) if is_same else 0.0), due
        return me.nap

    def _give_on(self) -> None:
        following = self._next()
        if following:
            self._give(following)
        else:
            self._end()

    def _end(self) -> None:
        self.current = None
        self._over.release()

    def _give(self, actor: Actor) -> None:
        self.current = actor
        actor.turn.release()

    def _next(self) -> Actor | None:
        """Give whose turn it is, moving time on if nobody could do anything now."""
        self.turns += 1
        if self.turns > MOST_TURNS and not self.failed:
            self.failed = Stuck(f"{MOST_TURNS:,} turns and no end")
        if self.failed:
            return self._chosen([each for each in self._actors if each.is_doomed])
        while True:
            doomed = [each for each in self._actors if each.is_doomed]
            ready = doomed or [each for each in self._actors if not each.is_waiting]
            if ready:
                return self._chosen(ready)
            if not self._move_on():
                return None

    def _chosen(self, ready: list[Actor]) -> Actor | None:
        if not ready:
            return None
        chosen = ready[0] if len(ready) == 1 else ready[int(self.chance.random() * len(ready))]
        self.current = chosen
        return chosen

    def _move_on(self) -> bool:
        """Go to the next moment at which anything happens; tell whether there is one in time."""
        planned = self._plans[0][0] if self._plans else inf
        firm = min((each.wakes_at for each in self._actors if not each.idles_for), default=inf)
        soonest = min(planned, firm, self._ends_at)
        woken = {each.idles_for: each.wakes_at for each in self._actors if each.idles_for}
        due = {what: self.interest(what) for what, at in woken.items() if at <= soonest}
        idle = [
            (max(each.wakes_at, due[each.idles_for]), each)
            for each in self._actors
            if each.idles_for in due
        ]
        soonest = min([planned, firm, *(at for at, _ in idle)])
        if soonest > self._ends_at:
            return False
        self.now = max(self.now, soonest)
        woken_now = [each for at, each in idle if at <= self.now]
        for actor in self._actors:
            if actor in woken_now or (not actor.idles_for and actor.wakes_at <= self.now):
                actor.is_waiting = False
        while self._plans and self._plans[0][0] <= self.now:
            _, _, name, process, work = heappop(self._plans)
            self.start(name, work, process)
        return True


class Event:
    """As `threading.Event`, for actors: to wait for it is to hand the baton on.

    `idles_for`: what whoever waits for it looks after, if they only look whether there is any.
    """

    def __init__(self, baton: Baton, *, idles_for: str = "") -> None:
        self._baton = baton
        self._idles_for = idles_for
        self._is_set = False
        self._waiting: list[Actor] = []

    def is_set(self) -> bool:
        return self._is_set

    def set(self) -> None:
        self._is_set = True
        for actor in self._waiting:
            self._baton.wake(actor)

    def clear(self) -> None:
        self._is_set = False

    def wait(self, timeout: float) -> bool:
        if self._is_set:
            return True
        me = self._baton.me()
        self._waiting.append(me)
        try:
            self._baton.sleep(timeout, idles_for=self._idles_for)
        finally:
            self._waiting.remove(me)
        return self._is_set
