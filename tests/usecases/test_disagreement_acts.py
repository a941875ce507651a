"""Where two looks differ, somebody who gave neither says which stands: on record, in no figure."""

from dataclasses import replace
from pathlib import Path

import pytest
from worlds import (
    ADMIN,
    BACKUP,
    BUILDER,
    CORRECT,
    KEY,
    MEMBER,
    OWNER,
    STEWARD,
    WRONG,
    World,
    a_live_world,
    findings,
    person,
)

from bot.domain.authority import Holding
from bot.domain.breaches import Cause, Decision
from bot.domain.messages import Message, MessageKind, Place
from bot.domain.obligations import ObligationKind, ObligationState
from bot.domain.people import Circle, Role
from bot.domain.record import Kind
from bot.domain.refusals import Invalid, Refused
from bot.domain.rounds import Look
from bot.domain.verdicts import Answer, Judgement, Severity, Why
from bot.rendering.render import message
from bot.usecases import disagreements, questions, showing

SETTLE = ObligationKind.SETTLE
CORRECTED = Judgement(Answer.CORRECTED, Why.ERROR, Severity.MAJOR, "Ship it to Leeds")


@pytest.fixture
def split(live: World) -> World:
    """A round of which the second look sees both of its outputs otherwise than the owner."""
    live.answers_round(1)
    live.looks_again(1, CORRECTED, WRONG)
    return live


def word(position: int, stands: Look = Look.SECOND, why: str = "The form names it.",
         ) -> disagreements.Settle:  # fmt: skip
    return disagreements.Settle(KEY, 1, position, stands, why)


def settle(world: World, position: int, by: str = STEWARD, **changed: str) -> object:
    said = replace(word(position), **changed)
    return disagreements.settle_disagreement(world.deps, person(by), said)


def held_for(world: World, by: str) -> tuple[Holding, ...]:
    """Give who is named to somebody who presses *Settle* and may not."""
    with pytest.raises(Refused) as refused:
        disagreements.open_disagreements(world.deps, person(by), KEY, 1)
    return questions.who_may(world.deps, refused.value)


def test_i4_nobody_is_named_to_settle_one_of_whose_own_answers_it_is(split: World) -> None:
    split.forward(72 + 2)
    split.forward(4)
    split.forward(8)
    [backup, steward, admin] = held_for(split, MEMBER)
    assert (backup.role, backup.people) == (Role.BACKUP, ())
    assert "had a part in this: it takes somebody else" in backup.advice[0]
    assert (steward.people, admin.people) == ((STEWARD,), (ADMIN,))


def test_who_may_settle_is_named_as_ever_where_an_admin_gave_the_second_look(live: World) -> None:
    live.answers_round(1)
    live.live_through(72 + 2 + 4 + 8)
    live.looks_again(1, CORRECTED, WRONG, by=ADMIN)
    live.live_through(72 + 2 + 4 + 8)
    named = {each.role: each.people for each in held_for(live, MEMBER)}
    assert named == {Role.BACKUP: (BACKUP,), Role.STEWARD: (STEWARD,), Role.ADMIN: ()}


def test_i4_nobody_is_named_for_a_second_look_who_has_given_the_first(live: World) -> None:
    live.live_through(72 + 2)
    live.answers_round(1, by=BACKUP)
    with pytest.raises(Refused) as refused:
        live.looks_again(1, by=MEMBER)
    named = {each.role: each.people for each in questions.who_may(live.deps, refused.value)}
    assert named[Role.BACKUP] == ()
    assert named[Role.STEWARD] == (STEWARD,)


def shown(world: World, kind: MessageKind) -> str:
    asked = Message(kind, Place.PERSON, STEWARD, 1, KEY, 1)
    return message(showing.view_of(world.deps, asked)).text


def test_the_steward_owes_it_and_sees_both_answers_without_names(split: World) -> None:
    assert split.owed(SETTLE, 1).owed_by == STEWARD
    asked = disagreements.open_disagreements(split.deps, person(STEWARD), KEY, 1)

    assert (asked.first, asked.second) == (CORRECT, CORRECTED), "with the words of the correction"
    assert (asked.position, asked.done, asked.total) == (0, 0, 2)
    assert not [each for each in (OWNER, BACKUP) if each in str(asked)]
    assert "differ on 2 outputs; 0 settled so far" in shown(split, MessageKind.SETTLE_REQUEST)


def test_each_output_is_settled_by_an_entry_with_its_reason_and_the_last_ends_it(
    split: World,
) -> None:
    closed = split.entries(Kind.ROUND_CLOSED)
    following = settle(split, 0)
    assert isinstance(following, disagreements.Question)
    assert (following.position, following.done) == (1, 1)
    assert split.owed(SETTLE, 1).is_open
    assert "2 disagreed, 1 of these settled" in shown(split, MessageKind.ROUND_CARD)
    done = settle(split, 1, stands=Look.FIRST)

    assert isinstance(done, disagreements.Settled)
    assert split.owed(SETTLE, 1).state is ObligationState.ANSWERED
    settled = split.entries(Kind.DISAGREEMENT_SETTLED)
    assert [entry.facts["stands"] for entry in settled] == ["second", "first"]
    assert [(e.facts["first"], e.facts["second"]) for e in settled] == [
        ("correct", "corrected"),
        ("correct", "wrong"),
    ]
    with split.deps.store.read(split.deps.workspace) as reading:
        assert reading.log.words(settled[0].seq, "reason") == "The form names it."
    assert "2 disagreed, 2 of these settled" in shown(split, MessageKind.ROUND_CARD)
    assert split.entries(Kind.ROUND_CLOSED) == closed, "no figure changes"
    assert findings(split) == []


def test_i2_the_same_word_again_is_a_success_and_another_is_refused(split: World) -> None:
    settle(split, 0)
    before = split.contents()
    again = settle(split, 0)
    assert isinstance(again, disagreements.Question)
    assert split.contents() == before

    with pytest.raises(Refused, match=r"settled already\. Close this page and press Settle for"):
        settle(split, 0, stands=Look.FIRST)
    with pytest.raises(Refused, match="settled already"):
        settle(split, 0, reason="For another reason.")
    split.forward(72 + 14)
    with pytest.raises(Refused, match="settled already"):
        settle(split, 0, by=ADMIN)
    last = settle(split, 1)
    assert settle(split, 1) == last
    with pytest.raises(Refused, match="settled already"):
        disagreements.open_disagreements(split.deps, person(STEWARD), KEY, 1)


@pytest.mark.parametrize("reason", ["", " ", "x" * 1_001])
def test_it_takes_a_reason(split: World, reason: str) -> None:
    with pytest.raises(Invalid, match="reason"):
        settle(split, 0, reason=reason)
    assert split.entries(Kind.DISAGREEMENT_SETTLED) == []


@pytest.mark.parametrize("by", [OWNER, BACKUP, BUILDER, ADMIN, MEMBER])
def test_i4_nobody_settles_for_the_steward(split: World, by: str) -> None:
    with pytest.raises(Refused, match="takes the steward"):
        settle(split, 0, by=by)
    assert split.refusals() == ["may not settle this disagreement"]


def test_i4_a_steward_who_gave_a_verdict_cannot_settle_it_and_an_admin_is_asked(
    live: World,
) -> None:
    live.forward(72 + 2)  # the backup owed it, and is passed as the same person
    live.answers_round(1)
    live.looks_again(1, WRONG, by=STEWARD)

    assert live.owed(SETTLE, 1).owed_by == ADMIN
    with pytest.raises(Refused, match="is yours"):
        live.settles(1, by=STEWARD)
    assert live.refusals() == ["may not settle own verdict"]
    live.settles(1, by=ADMIN)
    assert live.owed(SETTLE, 1).state is ObligationState.ANSWERED
    assert findings(live) == []


def test_i4_whom_silence_reaches_may_settle_unless_a_verdict_is_theirs(split: World) -> None:
    split.forward(72 + 2)

    climbs = [(each.facts["rung"], each.facts["passed"]) for each in split.climbs(SETTLE, 1)]
    assert climbs == [
        (0, None),
        (1, "not independent of what was answered"),
        (2, "same person as before"),
        (3, None),
    ]
    with pytest.raises(Refused, match="is yours"):
        split.settles(1, by=BACKUP)
    split.settles(1, by=ADMIN)


def test_i3_silence_is_a_breach_once_and_it_stays_owed(split: World) -> None:
    split.forward(72 + 2 + 24)

    causes = [entry.facts["cause"] for entry in split.entries(Kind.BREACH_OPENED)]
    assert causes == [Cause.NOT_SETTLED]
    assert "the two looks at round 1 differ" in split.breach(1).detail
    assert split.owed(SETTLE, 1).is_open
    assert findings(split) == []


def test_i1_without_admins_it_climbs_to_whoever_is_left(tmp_path: Path) -> None:
    world = a_live_world(tmp_path, circle=Circle())
    world.answers_round(1)
    world.forward(72 + 2)
    world.looks_again(1, WRONG, by=STEWARD)
    world.forward(72 + 4)

    climbs = [each.facts["passed"] for each in world.climbs(SETTLE, 1)]
    barred = "not independent of what was answered"
    assert climbs == [barred, None, barred, "nobody holds this role"]
    assert world.breach(1).cause is Cause.NOT_SETTLED
    world.settles(1, by=BACKUP)


def test_i1_retiring_ends_it(split: World) -> None:
    split.reports(2000)
    split.forward(7 * 24)
    breach = split.breach(1).number
    split.acknowledges(breach)
    split.decides(breach, Decision.RETIRE)

    assert split.owed(SETTLE, 1).state is ObligationState.SUPERSEDED
    with pytest.raises(Refused, match="not owed any more"):
        settle(split, 0)


def test_there_is_nothing_to_settle_where_nobody_disagreed(live: World) -> None:
    with pytest.raises(Refused, match="nothing to settle"):
        live.settles(1)


def test_i4_the_owner_settles_nothing_in_the_stewards_place(split: World) -> None:
    split.is_away(STEWARD, OWNER)
    split.tick()
    with pytest.raises(Refused):
        split.settles(1, by=OWNER)
    assert not split.entries(Kind.DISAGREEMENT_SETTLED)
