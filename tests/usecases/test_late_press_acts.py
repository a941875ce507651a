"""Whoever presses a button too late is told how it has ended: I4 actor, and no word of who may."""

from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import timedelta
from typing import Final

import pytest
from worlds import (
    ADMIN,
    BACKUP,
    BUILDER,
    KEY,
    MEMBER,
    OWNER,
    POLICY,
    ROLES,
    SKIPPED,
    STEWARD,
    WRONG,
    World,
    findings,
    person,
)

from bot.domain.breaches import Decision
from bot.domain.people import SYSTEM
from bot.domain.record import Kind
from bot.domain.refusals import Refused
from bot.domain.verdicts import Severity
from bot.usecases import (
    attesting,
    breaches,
    disagreements,
    drills,
    handovers,
    policies,
    requests,
    second_looks,
    shares,
    skips,
    verdicts,
)
from tests.engines import on_sqlite

pytestmark = on_sqlite  # what is asked of the database here is asked of both by other tests

Press = Callable[[World, str], object]
NEXT: Final = "U0NEXT"


@dataclass(frozen=True)
class Case:
    """What is asked, what ends it, and what is pressed too late, with what is read then.

    Nobody of the `strangers` may answer it while it is open; `others` are too late alone.
    """

    asked: Callable[[World], object]
    ended: Callable[[World], object]
    presses: tuple[Press, ...]
    reads: str
    strangers: tuple[str, ...] = (MEMBER, ADMIN, BUILDER)
    others: tuple[str, ...] = ()


def nothing(_: World) -> None:
    """Have it be as it is."""


def drafted(world: World) -> None:
    world.registers("draft")


def two_looks(world: World) -> None:
    world.answers_round(1, WRONG)
    world.looks_again(1)


def settled(world: World) -> None:
    world.settles(1)


def taken_on(world: World) -> None:
    world.raises()
    world.acknowledges(1)


def critical(world: World) -> None:
    world.raises(severity=Severity.CRITICAL)
    world.acknowledges(1)


def decided(world: World) -> None:
    world.acknowledges(1)
    world.decides(1, Decision.RETRAIN)


def to_carry_out(world: World) -> None:
    world.raises()
    decided(world)


def retired(world: World) -> None:
    world.raises("it is rude to everybody", by=BUILDER)
    number = len(world.entries(Kind.BREACH_OPENED))
    world.acknowledges(number)
    world.decides(number, Decision.RETIRE)


def to_resume(world: World) -> None:
    world.pauses()
    world.asks_to_resume()


def to_weaken(world: World) -> None:
    weaker = replace(POLICY, number=2, limit_bp=POLICY.limit_bp + 100)
    policies.change_policy(world.deps, person(OWNER), policies.Change(KEY, weaker, "it is fine"))


def stricter(world: World) -> None:
    strict = replace(POLICY, number=2, limit_bp=POLICY.limit_bp - 100)
    policies.change_policy(world.deps, person(ADMIN), policies.Change(KEY, strict, "be careful"))


def to_hand_over(world: World) -> None:
    world.hands_over(replace(ROLES, owner=NEXT))


def shared(world: World) -> None:
    world.hands_out(1, BUILDER)


def owed_at_once(**at: str) -> Callable[[World], None]:
    def owe(world: World) -> None:
        with world.deps.store.begin(world.deps.workspace, SYSTEM) as work:
            due = dict.fromkeys(at.values(), work.now)
            work.workflows.save(replace(work.workflows.get(KEY), **due))
        world.tick()

    return owe


def held(world: World) -> None:
    world.drills()
    world.pipeline_hears()


def lapse(world: World) -> None:
    world.forward(100)


CONFIRMING: Final[tuple[Press, ...]] = (
    lambda world, by: world.confirms(1, by=by),
    lambda world, by: requests.open_decline(world.deps, person(by), KEY, 1),
    lambda world, by: world.declines_request(1, by=by),
    lambda world, by: world.withdraws_request(1, by=by),
)
TAKING_OVER: Final[tuple[Press, ...]] = (
    lambda world, by: world.takes_over(by),
    lambda world, by: handovers.open_decline(world.deps, person(by), KEY, 1),
    lambda world, by: world.declines(by),
    lambda world, by: world.withdraws(by),
)
ACKNOWLEDGING: Final[tuple[Press, ...]] = (lambda world, by: world.acknowledges(1, by=by),)
DECIDING: Final[tuple[Press, ...]] = (
    lambda world, by: breaches.open_decision(world.deps, person(by), KEY, 1),
    lambda world, by: world.decides(1, Decision.CONTINUE, by=by, why="so be it"),
)
CARRYING_OUT: Final[tuple[Press, ...]] = (
    lambda world, by: breaches.open_carrying_out(world.deps, person(by), KEY, 1),
    lambda world, by: world.carries_out(1, by=by),
)
REVIEWING: Final[tuple[Press, ...]] = (
    lambda world, by: verdicts.open_review(world.deps, person(by), KEY, 1),
    lambda world, by: verdicts.hand_in_round(world.deps, person(by), KEY, 1),
    lambda world, by: shares.open_handing(world.deps, person(by), KEY, 1),
)
LOOKING: Final[tuple[Press, ...]] = (
    lambda world, by: second_looks.open_second_look(world.deps, person(by), KEY, 1),
)
SETTLING: Final[tuple[Press, ...]] = (
    lambda world, by: disagreements.open_disagreements(world.deps, person(by), KEY, 1),
)
JUDGING: Final[tuple[Press, ...]] = (
    lambda world, by: skips.open_skipped(world.deps, person(by), KEY, 1),
)
SHARE: Final[tuple[Press, ...]] = (
    lambda world, by: shares.open_share(world.deps, person(by), KEY, 1),
    lambda world, by: shares.hand_in_share(world.deps, person(by), KEY, 1),
)
TAKING_BACK: Final[tuple[Press, ...]] = (lambda world, by: world.takes_back(1, by=by),)
ATTESTING: Final[tuple[Press, ...]] = (
    lambda world, by: attesting.open_attestation(world.deps, person(by), KEY, 1),
    lambda world, by: attesting.attest(world.deps, person(by), KEY, 1),
)
DRILLING: Final[tuple[Press, ...]] = (
    lambda world, by: drills.open_drill(world.deps, person(by), KEY, 1),
    lambda world, by: world.drills(by=by),
)
to_attest, to_drill = owed_at_once(at="attest_at"), owed_at_once(at="drill_at")
NOT_OWED: Final = "Somebody has decided on breach 1 since: retire, record #"
LAPSED: Final = "Nobody answered in time, so this has lapsed: nothing changes."
PARTIES: Final = (MEMBER, STEWARD)  # of a breach that is not critical: neither may answer it

CASES: Final = {
    "accept": Case(
        drafted,
        lambda world: world.accepts("draft"),
        (lambda world, by: world.accepts("draft", by=by),),
        "The duties of draft are accepted: nothing more is owed here.",
    ),
    "accept what is retired": Case(
        nothing,
        retired,
        (lambda world, by: world.accepts(by=by),),
        f"{KEY} is retired; register a new workflow instead.",
        (),
        (MEMBER, ADMIN, OWNER),
    ),
    "review": Case(
        nothing,
        lambda world: world.answers_round(1),
        REVIEWING,
        f"Round 1 of {KEY} was handed in already.",
    ),
    "review of what is retired": Case(
        nothing, retired, REVIEWING, f"Round 1 of {KEY} is not owed any more."
    ),
    "second look": Case(
        nothing,
        lambda world: world.looks_again(1),
        LOOKING,
        f"The second look at round 1 of {KEY} was handed in already.",
    ),
    "settle": Case(two_looks, settled, SETTLING, "This was settled already"),
    "judge": Case(
        lambda world: world.answers_round(1, SKIPPED),
        lambda world: world.judges(1),
        JUDGING,
        "This was answered already",
        (MEMBER, ADMIN),
    ),
    "share handed in": Case(
        shared,
        lambda world: world.answers_share(1),
        SHARE,
        "The reviewer has handed these verdicts in: they stand.",
        (MEMBER, ADMIN, OWNER),
    ),
    "share taken back": Case(
        shared,
        lambda world: world.takes_back(1),
        SHARE,
        "These outputs were taken back from the reviewer.",
        (MEMBER, ADMIN, OWNER),
    ),
    "share to take back, handed in": Case(
        shared,
        lambda world: world.answers_share(1),
        TAKING_BACK,
        "The reviewer has handed these verdicts in: they stand.",
        (MEMBER, ADMIN),
        (OWNER,),
    ),
    "acknowledge": Case(
        lambda world: world.raises(),
        lambda world: world.acknowledges(1),
        ACKNOWLEDGING,
        f"Breach 1 of {KEY} is already acknowledged. Its message says who decides",
        PARTIES,
        (BACKUP,),
    ),
    "acknowledge what is decided": Case(
        lambda world: world.raises(),
        decided,
        ACKNOWLEDGING,
        f"Breach 1 of {KEY} is already decided: retrain.",
        PARTIES,
        (BACKUP,),
    ),
    "acknowledge what is retired": Case(
        lambda world: world.raises(),
        retired,
        ACKNOWLEDGING,
        f"Breach 1 of {KEY} is already closed. Nothing more is owed here.",
        PARTIES,
    ),
    "decide": Case(
        taken_on,
        lambda world: world.decides(1, Decision.RETRAIN),
        DECIDING,
        f"Breach 1 of {KEY} is already decided: retrain.",
        PARTIES,
        (BACKUP,),
    ),
    "decide what is critical": Case(
        critical,
        lambda world: world.decides(1, Decision.RETRAIN, by=STEWARD),
        DECIDING,
        f"Breach 1 of {KEY} is already decided: retrain.",
        (MEMBER, OWNER, BACKUP),
        (STEWARD,),
    ),
    "carry out": Case(
        to_carry_out,
        lambda world: world.carries_out(1),
        CARRYING_OUT,
        f"Breach 1 of {KEY} is closed already",
        PARTIES,
        (BACKUP,),
    ),
    "resume confirmed": Case(
        to_resume,
        lambda world: world.confirms(1, by=STEWARD),
        CONFIRMING,
        "It was confirmed: nothing more is owed here.",
        others=(OWNER, BACKUP),
    ),
    "resume declined": Case(
        to_resume,
        lambda world: world.declines_request(1),
        CONFIRMING,
        "It was declined",
        others=(OWNER, BACKUP, STEWARD),
    ),
    "resume withdrawn": Case(
        to_resume,
        lambda world: world.withdraws_request(1),
        CONFIRMING,
        "Whoever asked has withdrawn it",
    ),
    "resume lapsed": Case(to_resume, lapse, CONFIRMING, LAPSED, others=(OWNER, STEWARD)),
    "resume of what is retired": Case(
        to_resume,
        retired,
        CONFIRMING,
        "Somebody has decided on breach",
        others=(OWNER, STEWARD),
    ),
    "change of policy superseded": Case(
        to_weaken,
        stricter,
        CONFIRMING,
        "Somebody has changed the policy since",
        (MEMBER, BUILDER),
        (OWNER, BACKUP, ADMIN),
    ),
    "change of policy confirmed": Case(
        to_weaken,
        lambda world: world.confirms(1),
        CONFIRMING,
        "It was confirmed: nothing more is owed here.",
        (MEMBER, BUILDER),
    ),
    "take over, lapsed": Case(to_hand_over, lapse, TAKING_OVER, LAPSED, others=(OWNER, NEXT)),
    "take over, accepted": Case(
        to_hand_over,
        lambda world: world.takes_over(NEXT),
        TAKING_OVER,
        "It was accepted",
        others=(OWNER,),
    ),
    "take over, declined": Case(
        to_hand_over,
        lambda world: world.declines(NEXT),
        TAKING_OVER,
        "It was declined",
        others=(OWNER, NEXT),
    ),
    "take over, withdrawn": Case(
        to_hand_over,
        lambda world: world.withdraws(),
        TAKING_OVER,
        "Whoever proposed it has withdrawn it",
    ),
    "take over what is retired": Case(
        to_hand_over,
        retired,
        TAKING_OVER,
        "Somebody has decided on breach",
        others=(OWNER, NEXT),
    ),
    "attest": Case(
        to_attest,
        lambda world: attesting.attest(world.deps, person(OWNER), KEY, 1),
        ATTESTING,
        "The owner said 2026-06-01 09:00 UTC that all is right still with triage, record #",
        (MEMBER, ADMIN, BACKUP, STEWARD),
    ),
    "attest what is retired": Case(
        to_attest, retired, ATTESTING, NOT_OWED, (MEMBER, ADMIN, BACKUP, STEWARD), (OWNER,)
    ),
    "drill": Case(
        to_drill,
        held,
        DRILLING,
        "Answered: nothing more is owed here.",
        (MEMBER, ADMIN, BACKUP, STEWARD),
    ),
    "drill of what is retired": Case(
        to_drill,
        retired,
        DRILLING,
        "Somebody has decided on breach 1 since: retire, record #",
        (MEMBER, ADMIN, BACKUP, STEWARD),
        (OWNER,),
    ),
    "drill of what is paused": Case(
        to_drill,
        lambda world: world.pauses(by=STEWARD),
        DRILLING,
        "this is asked anew once it runs again, and nothing more is owed here.",
        (MEMBER, ADMIN, BACKUP, STEWARD),
        (OWNER,),
    ),
}


@pytest.mark.parametrize("case", CASES.values(), ids=list(CASES))
def test_whoever_presses_too_late_is_told_how_it_ended_and_not_who_may(
    live: World, case: Case
) -> None:
    case.asked(live)
    for by in case.strangers:
        for press in case.presses:
            with pytest.raises(Refused) as early:
                press(live, by)
            assert early.value.takes or "may" in early.value.rule, "while it is open"
    case.ended(live)
    for by in (*case.strangers, *case.others):
        for press in case.presses:
            with pytest.raises(Refused) as late:
                press(live, by)
            assert case.reads in late.value.sentence, by
            assert not late.value.takes, "who may is no question any more"
            live.tick()  # which settles what was refused several times within a minute
            assert live.refusals()[-1] == late.value.rule, "I4: it is on record"
            live.clock.move(live.clock.now() + timedelta(minutes=2))
    assert findings(live) == []
