"""Anybody raises a concern, and its owner answers for it: I1 owed, I2 kept, I4 actor, I5 order."""

from dataclasses import replace
from zipfile import ZipFile

import pytest
from rebuilt import as_stored, rebuilt, words_of
from worlds import (
    ADMIN,
    BACKUP,
    KEY,
    MEMBER,
    OWNER,
    POLICY,
    STEWARD,
    World,
    findings,
    person,
)

from bot.domain.breaches import BreachState, Cause, Decision
from bot.domain.concerns import MOST_WAITING
from bot.domain.messages import Message, MessageKind, Place
from bot.domain.obligations import ObligationKind
from bot.domain.people import OPERATOR, Role, Standing
from bot.domain.reasons import MAX_REASON
from bot.domain.record import Kind
from bot.domain.refusals import Invalid, Refused, Repeated
from bot.domain.verdicts import Severity
from bot.rendering import views
from bot.rendering.bundle import write_bundle
from bot.rendering.render import modal
from bot.usecases import breaches, concerns, delivery, forgetting, record, showing
from store.record import ERASED

WORDS = "It answers in the wrong language."


def card(world: World, number: int = 1, to: str = OWNER) -> views.BreachCard:
    last = world.entries()[-1].seq
    asked = Message(MessageKind.BREACH_CARD, Place.PERSON, to, last, workflow=KEY, subject=number)
    view = showing.view_of(world.deps, asked)
    assert isinstance(view, views.BreachCard)
    return view


def sent_to(world: World, who: str, kind: MessageKind) -> list[Message]:
    """Send all that waits, and give what of this kind went to somebody."""
    found = []
    while posting := delivery.claim_message(world.deps):
        if (posting.message.to, posting.message.kind) == (who, kind):
            found.append(posting.message)
        delivery.record_shown(world.deps, posting, posting.shown, "")
    return found


@pytest.mark.parametrize(
    ("gone", "away", "asked"),
    [
        ([], {}, "Its owner is asked to acknowledge it."),
        ([], {OWNER: BACKUP}, "Its owner is away: whoever stands in for them is asked"),
        ([], {OWNER: ""}, "Its owner is away, and nobody stands in: the backup is asked"),
        ([OWNER], {}, "Its owner has left: the backup is asked to acknowledge it."),
        ([OWNER], {BACKUP: ""}, "the backup cannot be asked either: the steward is told"),
        ([OWNER, BACKUP, STEWARD], {}, "either: the admins are told at once."),
        ([OWNER, BACKUP, STEWARD, ADMIN], {}, "and nobody else can be asked now."),
    ],
)
def test_i1_whoever_raises_a_concern_is_told_who_is_really_asked(
    live: World, gone: list[str], away: dict[str, str], asked: str
) -> None:
    for each in gone:
        live.leaves(each)
    for each, stand_in in away.items():
        live.is_away(each, stand_in)
    live.tick()
    assert asked in live.raises(WORDS).asked


def test_i1_a_card_says_that_who_owes_the_next_step_has_left(live: World) -> None:
    live.raises(WORDS)
    assert not card(live).has_left
    live.leaves(OWNER)
    live.tick()
    assert card(live).has_left
    assert card(live).held == views.Held(BACKUP, has_climbed=True)
    live.acknowledges(1, by=BACKUP)
    live.decides(1, Decision.CONTINUE, by=BACKUP)
    assert not card(live).has_left, "nobody owes anything"


def told(world: World, who: str = MEMBER) -> list[Message]:
    return sent_to(world, who, MessageKind.CONCERN_NOTICE)


def notice(world: World, message: Message) -> views.ConcernNotice:
    view = showing.view_of(world.deps, message)
    assert isinstance(view, views.ConcernNotice)
    return view


# Raised.


def test_a_concern_opens_a_breach_that_the_owner_owes_an_answer_to(live: World) -> None:
    raised = live.raises(WORDS)
    assert (raised.breach, raised.is_new) == (1, True)
    [concern] = live.entries(Kind.CONCERN_RAISED)
    [opened] = live.entries(Kind.BREACH_OPENED)
    assert raised.receipt.number == concern.seq
    assert opened.prior == concern.seq
    assert opened.facts["cause"] == Cause.CONCERN_RAISED
    assert concern.facts["severity"] == Severity.MINOR
    assert words_of(live)[concern.seq, "words"] == WORDS
    assert WORDS not in str(concern.facts)
    assert live.owed(ObligationKind.ACKNOWLEDGE, 1).owed_by == OWNER
    assert card(live).concern == views.RaisedConcern(MEMBER, Severity.MINOR, WORDS)
    assert rebuilt(live.entries(), words_of(live)) == as_stored(live)
    assert findings(live) == []


def test_a_critical_one_has_the_times_of_a_critical_verdict_and_is_the_stewards(
    live: World,
) -> None:
    live.raises(severity=Severity.CRITICAL)
    owed = live.owed(ObligationKind.ACKNOWLEDGE, 1)
    assert live.breach(1).is_critical
    assert owed.is_critical
    assert (owed.due_at - live.clock.now()).total_seconds() == 15 * 60
    live.acknowledges(1)
    with pytest.raises(Refused, match="the steward"):
        live.decides(1, Decision.CONTINUE, by=OWNER)
    live.decides(1, Decision.CONTINUE, by=STEWARD)
    assert findings(live) == []


def test_i1_a_concern_that_nobody_answers_climbs_to_the_end(live: World) -> None:
    live.answers_round(1)
    live.looks_again(1)
    live.raises()
    live.live_through(24)
    rungs = [entry.facts["rung"] for entry in live.climbs(ObligationKind.ACKNOWLEDGE, 1)]
    assert rungs[:4] == [0, 1, 2, 3]
    assert live.entries(Kind.GATE_CHANGED)[-1].facts["to"] in {"review_all", "paused"}


@pytest.mark.parametrize("by", [OWNER, BACKUP, STEWARD, ADMIN, MEMBER])
def test_any_full_member_may_raise_one(live: World, by: str) -> None:
    assert live.raises(by=by).is_new


@pytest.mark.parametrize("standing", [s for s in Standing if s is not Standing.MEMBER])
def test_i4_nobody_else_may(live: World, standing: Standing) -> None:
    outsider = person("U0OUT", standing=standing)
    asked = concerns.Raise(KEY, WORDS, Severity.MINOR, is_named=True)
    with pytest.raises(Refused):
        concerns.raise_concern(live.deps, outsider, asked)
    with pytest.raises(Refused):
        concerns.open_concern(live.deps, outsider)
    assert live.refusals() == [f"{standing} may not act"] * 2
    tried = [each.on for each in live.entries(Kind.REFUSED)]
    assert tried == [f"workflow/{KEY}", "workspace/T0WORK"]
    assert not live.entries(Kind.CONCERN_RAISED)


def test_a_workflow_that_is_not_live_is_nobodys_to_answer_for(live: World) -> None:
    live.registers("letters")
    with pytest.raises(Refused, match="letters is not live: its owner has not accepted yet"):
        live.raises(key="letters")
    with pytest.raises(Refused, match="not live"):
        concerns.open_concern(live.deps, person(MEMBER), "letters")
    with pytest.raises(Refused, match="There is no workflow “nothing”"):
        live.raises(key="nothing")


@pytest.mark.parametrize("words", ["", "  ", "x" * (MAX_REASON + 1)])
def test_what_cannot_go_on_record_is_said_at_its_field(live: World, words: str) -> None:
    before = live.contents()
    with pytest.raises(Invalid) as wrong:
        live.raises(words)
    assert wrong.value.errors.keys() == {"words"}
    assert live.contents() == before


# Again.


def test_i2_the_same_words_again_are_the_same_breach_until_that_is_closed(live: World) -> None:
    first = live.raises(WORDS)
    kept = live.contents()
    again = live.raises(f" {WORDS} ", severity=Severity.CRITICAL)
    assert (again.breach, again.is_new) == (1, False)
    assert again.receipt == first.receipt
    assert live.contents() == kept

    assert live.raises("And it is rude.").breach == 2
    assert live.raises(WORDS, by=ADMIN).breach == 3
    live.acknowledges(1)
    assert not live.raises(WORDS).is_new
    live.decides(1, Decision.CONTINUE)
    assert live.raises(WORDS).breach == 4
    assert findings(live) == []


def test_i2_the_same_delivery_again_is_the_same_even_once_that_is_closed(live: World) -> None:
    by = person(MEMBER, delivery="view/V1/1.2")
    asked = concerns.Raise(KEY, WORDS, Severity.MINOR, is_named=True)
    concerns.raise_concern(live.deps, by, asked)
    live.acknowledges(1)
    live.decides(1, Decision.CONTINUE)
    with pytest.raises(Repeated):
        concerns.raise_concern(live.deps, by, asked)
    assert len(live.entries(Kind.CONCERN_RAISED)) == 1


def test_one_person_has_five_waiting_at_most(live: World) -> None:
    for number in range(MOST_WAITING):
        live.raises(f"number {number}")
    with pytest.raises(Refused, match=r"5 of your concerns .* breaches 1, 2, 3, 4, 5") as refused:
        live.raises("one more")
    assert refused.value.field == "words"
    assert not live.raises("number 3").is_new, "what is known already is told still"
    assert live.raises("one more", by=ADMIN).is_new, "it counts for each person"
    live.acknowledges(2)
    assert live.raises("one more").is_new


def test_what_is_minor_keeps_nobody_from_raising_what_is_critical(live: World) -> None:
    for number in range(MOST_WAITING):
        live.raises(f"number {number}")
    for number in range(MOST_WAITING):
        assert live.raises(f"{number} is harmed", severity=Severity.CRITICAL).is_new

    with pytest.raises(Refused, match=r"5 of your critical concerns .* 6, 7, 8, 9, 10") as refused:
        live.raises("another is harmed", severity=Severity.CRITICAL)
    assert "or tell its owner, backup or steward yourself" in refused.value.sentence
    assert refused.value.takes == {Role.OWNER, Role.BACKUP, Role.STEWARD}


# Told.


def test_whoever_raised_it_is_told_each_step_in_one_message(live: World) -> None:
    live.raises(WORDS)
    assert told(live) == []
    live.acknowledges(1, by=BACKUP)
    [first] = told(live)
    assert (first.place, notice(live, first).acknowledged_by) == (Place.PERSON, BACKUP)
    assert notice(live, first).decision is None

    live.decides(1, Decision.RETRAIN, why="It learned it from us.")
    [second] = told(live)
    said = notice(live, second)
    assert (said.decision, said.reason) == (Decision.RETRAIN, "It learned it from us.")
    assert (said.words, said.state) == (WORDS, BreachState.DECIDED)
    assert said.carry_out_by is not None

    live.carries_out(1)
    [third] = told(live)
    assert notice(live, third).state is BreachState.CLOSED
    assert notice(live, third).evidence
    assert len({first.case, second.case, third.case}) == 1


def test_they_are_told_when_it_ends_with_the_workflow(live: World) -> None:
    live.raises(WORDS)
    live.raises("something else", by=ADMIN)
    live.acknowledges(2)
    live.decides(2, Decision.RETIRE)
    [ended] = told(live)
    said = notice(live, ended)
    assert (said.state, said.decision, said.acknowledged_by) == (BreachState.CLOSED, None, "")


def test_who_has_left_is_not_told(live: World) -> None:
    live.raises(WORDS)
    live.leaves(MEMBER)
    live.acknowledges(1)
    assert told(live) == []


def test_i12_who_was_forgotten_is_neither_told_nor_named(live: World) -> None:
    live.raises(WORDS)
    forgetting.forget_person(live.deps, OPERATOR, MEMBER, "asked for it")
    live.acknowledges(1)
    live.decides(1, Decision.CONTINUE)
    assert told(live, ERASED) == []
    assert card(live).concern == views.RaisedConcern(ERASED, Severity.MINOR, ERASED)
    assert findings(live) == []


def test_of_somebody_who_is_not_to_be_named_only_the_record_knows(live: World) -> None:
    live.raises(WORDS, is_named=False)
    shown = card(live)
    assert shown.concern == views.RaisedConcern("", Severity.MINOR, WORDS)
    assert MEMBER not in str(shown)
    [concern] = live.entries(Kind.CONCERN_RAISED)
    with live.deps.store.read(live.deps.workspace) as reading:
        assert reading.people.user_of(concern.actor) == MEMBER
    live.acknowledges(1)
    assert len(told(live)) == 1, "they are told all the same"


def test_whoever_decides_reads_what_was_raised_where_they_decide(live: World) -> None:
    live.raises(WORDS)
    live.acknowledges(1)
    form = breaches.open_decision(live.deps, person(OWNER), KEY, 1)
    assert form.concern
    assert (form.cause, form.concern.words) == (Cause.CONCERN_RAISED, WORDS)
    said = str(modal(form))
    assert ("Somebody in this workspace raised it" in said) is not bool(form.concern.by)
    assert "Somebody in this workspace raised a concern" not in said, "the card says who did"


def test_who_reads_the_record_reads_what_was_raised_beside_its_breach(live: World) -> None:
    live.raises(WORDS)
    view = record.read_record(live.deps, record.Wanted())
    with view as read, live.path.with_suffix(".zip").open("w+b") as target:
        write_bundle(read, "vkey", target)
        report = ZipFile(target).read("report.html").decode()
    row = report.partition("Breaches and what was decided")[2].partition("</tr>\n</tbody>")[0]
    assert f"<q>{WORDS}</q>" in row


@pytest.mark.parametrize(
    ("is_named", "words", "said"),
    [
        (True, WORDS, f"{WORDS}\n(about a message written by Eve)"),
        (False, WORDS, WORDS),
        (True, "x" * 990, "x" * 990),
    ],
)
def test_who_wrote_what_it_is_about_is_named_only_with_who_raised_it(
    live: World, words: str, said: str, *, is_named: bool
) -> None:
    asked = concerns.Raise(KEY, words, Severity.MINOR, is_named, author="Eve")
    raised = concerns.raise_concern(live.deps, person(MEMBER), asked)
    again = concerns.raise_concern(live.deps, person(MEMBER), asked)
    assert words_of(live)[raised.receipt.number, "words"] == said
    assert (again.breach, again.is_new) == (raised.breach, False)


@pytest.mark.parametrize("author", ["", "Eve"])
def test_i4_nothing_is_opened_by_letters_that_nobody_sees(live: World, author: str) -> None:
    asked = concerns.Raise(KEY, "\u200b\u3164", Severity.CRITICAL, is_named=True, author=author)
    with pytest.raises(Invalid, match="words"):
        concerns.raise_concern(live.deps, person(MEMBER), asked)
    assert not live.entries(Kind.BREACH_OPENED)


# The form.


def test_the_form_lists_what_is_live(live: World) -> None:
    live.registers("letters")
    live.registers("claims")
    live.accepts("claims")
    form = concerns.open_concern(live.deps, person(MEMBER), quoted="“So”", author="Eve")
    assert (form.workflows, form.chosen) == (("claims", KEY), "")
    assert (form.quoted, form.author, form.unlisted) == ("“So”", "Eve", 0)
    assert concerns.open_concern(live.deps, person(MEMBER), "claims").chosen == "claims"


def test_the_one_that_was_named_is_among_those_listed_however_many_there_are(
    live: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(concerns, "MOST_LISTED", 2)
    for key in ("a-letters", "b-letters"):
        live.registers(key, policy=replace(POLICY, sample=5))
        live.accepts(key)
    form = concerns.open_concern(live.deps, person(MEMBER), KEY)
    assert (form.workflows, form.unlisted) == (("a-letters", KEY), 1)


def test_without_a_live_workflow_there_is_no_form(live: World) -> None:
    live.raises()
    live.acknowledges(1)
    live.decides(1, Decision.RETIRE)
    with pytest.raises(Refused, match="No workflow is live"):
        concerns.open_concern(live.deps, person(MEMBER))
