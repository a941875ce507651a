"""What cannot be judged: missing in every figure, and owed until a second person has answered."""

from dataclasses import replace
from pathlib import Path
from tempfile import mkdtemp
from zipfile import ZipFile

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from worlds import (
    ADMIN,
    BACKUP,
    BUILDER,
    CORRECT,
    CRITICAL,
    KEY,
    MEMBER,
    MONDAY,
    OWNER,
    POLICY,
    SKIPPED,
    STEWARD,
    WRONG,
    World,
    a_live_world,
    a_world_after,
    findings,
    person,
)

from bot.domain.breaches import Cause
from bot.domain.evidence import grade, result_of
from bot.domain.messages import Message, MessageKind, Place
from bot.domain.obligations import ObligationKind, ObligationState
from bot.domain.outputs import Output
from bot.domain.people import Standing
from bot.domain.record import Kind
from bot.domain.refusals import Invalid, Refused
from bot.domain.rounds import DrawnItem, Grade
from bot.domain.verdicts import Answer, Judgement, Severity, Why
from bot.rendering import views
from bot.rendering.bundle import write_bundle
from bot.rendering.render import message
from bot.usecases import questions, record, shares, showing, skips, verdicts
from bot.usecases.home import show_home
from bot.usecases.steps.answers import PageAnswer
from bot.usecases.steps.pages import Page
from tests.engines import on_sqlite

JUDGE, REVIEW = ObligationKind.JUDGE, ObligationKind.REVIEW
NEITHER = replace(SKIPPED, reason="I see nothing there either.")


@pytest.fixture
def skipped(tmp_path: Path) -> World:
    """A round handed in by its owner, who could not judge the first of its outputs."""
    return a_world_after(tmp_path, _skipped)


def _skipped(folder: Path) -> World:
    world = a_live_world(folder)
    world.answers_round(1, SKIPPED)
    return world


def shown(world: World, kind: MessageKind, to: str = BACKUP, number: int = 1) -> str:
    asked = Message(kind, Place.PERSON, to, 1, KEY, number)
    return message(showing.view_of(world.deps, asked)).text


def figures(world: World) -> dict[str, object]:
    [closed] = world.entries(Kind.ROUND_CLOSED)
    named = ("drawn", "judged", "missing", "errors", "grade")
    return {name: closed.facts[name] for name in named}


def test_i8_what_cannot_be_judged_is_handed_in_as_missing_with_its_reason(skipped: World) -> None:
    assert figures(skipped) | {"grade": ""} == {
        "drawn": 4, "judged": 3, "missing": 1, "errors": 0, "grade": "",
    }  # fmt: skip
    [entry] = skipped.entries(Kind.OUTPUT_SKIPPED)
    assert entry.facts["look"] == "first"
    with skipped.deps.store.read(skipped.deps.workspace) as reading:
        assert reading.log.words(entry.seq, "reason") == "The link is dead."
        item = reading.rounds.items(KEY, 1)[0]
    assert (item.verdict, item.draft, item.draft_by) == (None, None, "")
    assert len(skipped.entries(Kind.VERDICT_RECORDED)) == 3
    assert findings(skipped) == []


def test_i8_more_than_a_fifth_skipped_is_not_enough_evidence(skipped: World) -> None:
    assert figures(skipped)["grade"] == Grade.NOT_ENOUGH_EVIDENCE


def test_i1_it_stays_owed_by_a_second_person_in_one_request_for_the_round(live: World) -> None:
    handed = live.answers_round(1, SKIPPED, SKIPPED)
    assert handed.skipped == 2
    owed = live.owed(JUDGE, 1)
    assert (owed.owed_by, owed.is_open) == (BACKUP, True)
    opened = [e for e in live.entries(Kind.OBLIGATION_OPENED) if e.facts["kind"] == "judge"]
    assert len(opened) == 1
    assert "2 outputs of round 1" in shown(live, MessageKind.JUDGE_REQUEST)
    card = shown(live, MessageKind.ROUND_CARD)
    assert "2 of what is missing cannot be judged." in card
    assert "2 of these wait for a second person" in card


def test_it_is_among_what_the_second_person_owes_with_how_much_it_is(live: World) -> None:
    live.answers_round(1, SKIPPED, SKIPPED)
    owed = questions.list_dues(live.deps, person(BACKUP)).dues
    assert [each.about for each in owed if each.kind is JUDGE] == ["2 outputs"]
    live.judges(1, NEITHER)
    home = show_home(live.deps, BACKUP, Standing.MEMBER).view
    assert isinstance(home, views.Home)
    assert [each.about for each in home.dues if each.kind is JUDGE] == ["1 output"]
    owed = questions.list_dues(live.deps, person(OWNER)).dues
    assert not [each for each in owed if each.kind is JUDGE], "the owner cannot end it so"


def test_nothing_is_asked_where_all_is_judged(live: World) -> None:
    assert live.answers_round(1).skipped == 0
    with live.deps.store.read(live.deps.workspace) as reading:
        assert reading.obligations.find(f"judge/{KEY}/1") is None
    assert "cannot be judged" not in shown(live, MessageKind.ROUND_CARD)


def test_i8_a_second_persons_word_ends_it_and_changes_no_figure(skipped: World) -> None:
    before = figures(skipped)
    waiting = skips.open_skipped(skipped.deps, person(BACKUP), KEY, 1)
    assert (waiting.skipped_by, waiting.reason, waiting.left) == (OWNER, "The link is dead.", 1)

    assert isinstance(skipped.judges(1, NEITHER), skips.AllSaid)

    assert skipped.owed(JUDGE, 1).state is ObligationState.ANSWERED
    assert figures(skipped) == before
    assert [e.kind for e in skipped.entries(Kind.OUTPUT_JUDGED)] == []
    assert "A second person has said so too." in shown(skipped, MessageKind.ROUND_CARD)
    assert findings(skipped) == []


def test_i8_a_second_persons_verdict_comes_late_and_changes_no_figure(skipped: World) -> None:
    before = figures(skipped)
    assert isinstance(skipped.judges(1, WRONG), skips.AllSaid)

    with skipped.deps.store.read(skipped.deps.workspace) as reading:
        item = reading.rounds.items(KEY, 1)[0]
    assert (item.verdict, item.judged_by, item.is_late) == (WRONG, BACKUP, True)
    assert skipped.owed(JUDGE, 1).state is ObligationState.ANSWERED
    assert figures(skipped) == before
    assert "cannot be judged" not in shown(skipped, MessageKind.ROUND_CARD)
    assert findings(skipped) == []


def test_what_a_second_person_judges_critical_opens_its_breach(skipped: World) -> None:
    done = skipped.judges(1, CRITICAL)
    assert isinstance(done, skips.AllSaid)
    assert done.breach == 1
    assert skipped.breach(1).cause is Cause.CRITICAL_VERDICT
    assert findings(skipped) == []


def test_i8_what_is_judged_critical_later_is_in_no_figure_and_no_share_of_the_round(
    skipped: World,
) -> None:
    skipped.judges(1, CRITICAL)
    assert "Round 1: 1 output judged critical after its close (" in skipped.breach(1).detail
    card = shown(skipped, MessageKind.ROUND_CARD)
    assert "0 critical, " in card
    assert "Judged later: 1, of them wrong: 1, critical: 1. That is on record" in card
    assert "Judged later:* 1, of them wrong: 1, critical: 1." in shown(skipped, MessageKind.REPORT)


def test_each_output_is_answered_by_itself_and_the_last_one_ends_it(live: World) -> None:
    live.answers_round(1, SKIPPED, SKIPPED)
    following = live.judges(1, CORRECT)
    assert isinstance(following, skips.ToJudge)
    assert following.left == 1
    assert live.owed(JUDGE, 1).is_open
    assert "answered since: 1" in shown(live, MessageKind.JUDGE_REQUEST)
    assert isinstance(live.judges(1, NEITHER), skips.AllSaid)
    assert findings(live) == []


def test_i4_whoever_skipped_it_may_judge_it_later_but_confirms_nothing(skipped: World) -> None:
    assert not skips.open_skipped(skipped.deps, person(BACKUP), KEY, 1).is_own
    waiting = skips.open_skipped(skipped.deps, person(OWNER), KEY, 1)
    assert waiting.is_own
    for said in (SKIPPED, NEITHER):
        with pytest.raises(Refused, match="second person") as refusal:
            skips.judge_skipped(
                skipped.deps, person(OWNER), PageAnswer(KEY, 1, waiting.position, said)
            )
        assert refusal.value.field == "verdict"
    assert [e.facts["rule"] for e in skipped.entries(Kind.REFUSED)] == ["may not confirm own skip"]
    assert skipped.owed(JUDGE, 1).is_open

    assert isinstance(skipped.judges(1, CORRECT, by=OWNER), skips.AllSaid)
    assert skipped.owed(JUDGE, 1).state is ObligationState.ANSWERED
    assert findings(skipped) == []


def test_i4_nobody_else_may_answer_it_before_it_has_reached_them(skipped: World) -> None:
    for outsider in (MEMBER, ADMIN):
        with pytest.raises(Refused, match="You cannot judge what could not be judged"):
            skips.open_skipped(skipped.deps, person(outsider), KEY, 1)


def test_i3_silence_climbs_to_the_admins_and_is_a_breach(skipped: World) -> None:
    skipped.live_through(24 * 5)
    climbed = [
        (entry.facts["rung"], entry.facts["passed"])
        for entry in skipped.entries(Kind.OBLIGATION_CLIMBED)
        if entry.facts["kind"] == "judge"
    ][:4]
    assert climbed == [(0, None), (1, "same person as before"), (2, None), (3, None)]
    causes = [str(entry.facts["cause"]) for entry in skipped.entries(Kind.BREACH_OPENED)]
    assert causes.count(Cause.NOT_JUDGED) == 1
    assert skipped.owed(JUDGE, 1).is_open, "silence does not end it"
    assert isinstance(skipped.judges(1, NEITHER, by=ADMIN), skips.AllSaid)
    assert findings(skipped) == []


def test_i4_what_the_backup_skipped_is_never_asked_of_the_backup(live: World) -> None:
    live.live_through(24 * 3 + 3)
    live.answers_round(1, SKIPPED, by=BACKUP)
    assert live.owed(JUDGE, 1).owed_by == STEWARD
    live.live_through(24 * 4)
    passed = [
        entry.facts["passed"]
        for entry in live.entries(Kind.OBLIGATION_CLIMBED)
        if (entry.facts["kind"], entry.facts["rung"]) == ("judge", 1)
    ]
    assert passed == ["not independent of what was answered"]
    assert findings(live) == []


def test_i3_where_nobody_else_is_named_it_climbs_to_the_admins_at_once(tmp_path: Path) -> None:
    world = a_live_world(tmp_path)
    with world.deps.store.begin(world.deps.workspace, person(OWNER)) as work:
        workflow = work.workflows.get(KEY)
        roles = replace(workflow.roles, backup=OWNER, steward=OWNER, technical_owner=OWNER)
        work.workflows.save(replace(workflow, roles=roles))
    world.answers_round(1, SKIPPED)
    world.tick()

    assert world.owed(JUDGE, 1).owed_by == OWNER
    climbed = [e for e in world.entries(Kind.OBLIGATION_CLIMBED) if e.facts["kind"] == "judge"]
    passed = [e.facts["passed"] for e in climbed]
    assert passed == [*["not independent of what was answered"] * 3, None]
    assert world.clock.now() < world.owed(JUDGE, 1).due_at
    assert isinstance(world.judges(1, NEITHER, by=ADMIN), skips.AllSaid)


def test_i2_the_same_word_again_is_a_success_and_another_is_refused(live: World) -> None:
    live.answers_round(1, CORRECT, CORRECT, CORRECT, SKIPPED)
    before = live.contents()
    again = verdicts.answer_page(live.deps, person(OWNER), PageAnswer(KEY, 1, 3, SKIPPED))
    assert isinstance(again, verdicts.HandedIn)
    assert (again.skipped, again.is_late) == (1, False)
    assert live.contents() == before
    with pytest.raises(Refused, match="handed in already"):
        verdicts.answer_page(live.deps, person(OWNER), PageAnswer(KEY, 1, 3, NEITHER))

    live.judges(1, NEITHER)
    before = live.contents()
    done = skips.judge_skipped(live.deps, person(BACKUP), PageAnswer(KEY, 1, 3, NEITHER))
    assert isinstance(done, skips.AllSaid)
    assert live.contents() == before
    with pytest.raises(Refused, match="answered already"):
        skips.judge_skipped(live.deps, person(BACKUP), PageAnswer(KEY, 1, 3, CORRECT))
    with pytest.raises(Refused, match="answered already"):
        skips.open_skipped(live.deps, person(BACKUP), KEY, 1)


def test_what_was_judged_meanwhile_says_how_to_go_on_while_more_of_it_waits(live: World) -> None:
    live.answers_round(1, SKIPPED, SKIPPED)
    live.judges(1)
    said = (
        r"answered already\. Close this page and press Judge for what is left of round 1 of triage"
    )
    with pytest.raises(Refused, match=said):
        skips.judge_skipped(live.deps, person(BACKUP), PageAnswer(KEY, 1, 0, NEITHER))
    assert skips.open_skipped(live.deps, person(BACKUP), KEY, 1).position == 1


def test_i2_the_same_verdict_again_is_a_success(skipped: World) -> None:
    corrected = Judgement(Answer.CORRECTED, Why.ERROR, Severity.MINOR, "Leeds")
    skipped.judges(1, corrected)
    before = skipped.contents()
    done = skips.judge_skipped(skipped.deps, person(BACKUP), PageAnswer(KEY, 1, 0, corrected))
    assert isinstance(done, skips.AllSaid)
    assert skipped.contents() == before
    with pytest.raises(Refused, match="answered already"):
        skips.judge_skipped(skipped.deps, person(BACKUP), PageAnswer(KEY, 1, 0, NEITHER))


@pytest.mark.parametrize(
    ("said", "field"),
    [
        (replace(SKIPPED, reason=" "), "reason"),
        (replace(SKIPPED, reason="x" * 1_001), "reason"),
        (replace(SKIPPED, why=Why.ERROR), "why"),
        (replace(SKIPPED, severity=Severity.MINOR), "severity"),
        (replace(SKIPPED, correction="Leeds"), "correction"),
        (replace(CORRECT, reason="no idea"), "reason"),
        (replace(WRONG, reason="no idea"), "reason"),
    ],
)
def test_it_takes_a_reason_and_nothing_else(live: World, said: Judgement, field: str) -> None:
    with pytest.raises(Invalid) as refusal:
        verdicts.answer_page(live.deps, person(OWNER), PageAnswer(KEY, 1, 0, said))
    assert list(refusal.value.errors) == [field]
    live.answers_round(1, SKIPPED)
    with pytest.raises(Invalid):
        skips.judge_skipped(live.deps, person(BACKUP), PageAnswer(KEY, 1, 0, said))


def test_it_is_a_draft_that_can_be_looked_back_to_and_changed(live: World) -> None:
    live.answers_page(1, SKIPPED)
    page = verdicts.open_review(live.deps, person(OWNER), KEY, 1)
    assert isinstance(page, Page)
    assert (page.done, page.item.position) == (1, 1)
    verdicts.answer_page(live.deps, person(OWNER), PageAnswer(KEY, 1, 0, CORRECT))
    assert live.answers_round(1).skipped == 0
    assert findings(live) == []


def test_a_second_look_that_cannot_be_judged_is_no_disagreement_and_not_owed(live: World) -> None:
    live.answers_round(1)
    live.looks_again(1, SKIPPED, WRONG)
    [entry] = live.entries(Kind.OUTPUT_SKIPPED)
    assert entry.facts["look"] == "second"
    with live.deps.store.read(live.deps.workspace) as reading:
        assert reading.obligations.find(f"judge/{KEY}/1") is None
        assert reading.obligations.get(f"second-review/{KEY}/1").state is ObligationState.ANSWERED
    assert "1 looked at twice, 1 disagreed" in shown(live, MessageKind.ROUND_CARD)
    assert findings(live) == []


def test_what_was_judged_since_is_not_compared_with_the_second_look(live: World) -> None:
    live.answers_round(1, SKIPPED, SKIPPED, SKIPPED, SKIPPED)
    live.looks_again(1)
    while not isinstance(live.judges(1, WRONG, by=STEWARD), skips.AllSaid):
        pass
    with live.deps.store.read(live.deps.workspace) as reading:
        assert reading.obligations.find(f"settle/{KEY}/1") is None
    assert "looked at twice" not in shown(live, MessageKind.ROUND_CARD)
    assert findings(live) == []


def hands_in_what_was_shared(world: World, skipped: Judgement) -> tuple[list[str], object]:
    """Have the owner answer the rest, what the reviewer skipped in this way, and hand in."""
    page, seen = verdicts.open_review(world.deps, person(OWNER), KEY, 1), []
    while isinstance(page, Page):
        before = page.not_judged.by if page.not_judged else ""
        seen.append(before)
        said = PageAnswer(KEY, 1, page.item.position, skipped if before else CORRECT)
        verdicts.answer_page(world.deps, person(OWNER), said)
        page = verdicts.open_review(world.deps, person(OWNER), KEY, 1)
    handed = verdicts.hand_in_round(world.deps, person(OWNER), KEY, 1)
    return sorted(seen), (handed.skipped, handed.result.missing, handed.is_late)


def test_what_a_reviewer_cannot_judge_is_the_owners_again(live: World) -> None:
    live.hands_out(1, BUILDER, keeps=True)
    live.answers_share(1, SKIPPED)
    seen, came_to = hands_in_what_was_shared(live, CORRECT)
    assert seen == ["", "", BUILDER]
    assert came_to == (0, 0, False)
    assert findings(live) == []


def test_i8_what_neither_reviewer_nor_owner_can_judge_has_its_second_word(live: World) -> None:
    live.hands_out(1, BUILDER, keeps=True)
    live.answers_share(1, SKIPPED)
    _, came_to = hands_in_what_was_shared(live, NEITHER)
    assert came_to == (0, 1, False)
    with live.deps.store.read(live.deps.workspace) as reading:
        assert reading.obligations.find(f"judge/{KEY}/1") is None
    assert findings(live) == []


def test_i2_a_share_of_nothing_but_skips_is_handed_in_once(live: World) -> None:
    live.hands_out(1, BUILDER, keeps=False)
    for position in range(4):
        said = PageAnswer(KEY, 1, position, SKIPPED)
        outcome = shares.answer_share_page(live.deps, person(BUILDER), 1, said)
    assert isinstance(outcome, shares.SharedIn)
    before = live.contents()
    again = shares.answer_share_page(live.deps, person(BUILDER), 1, PageAnswer(KEY, 1, 3, SKIPPED))
    assert isinstance(again, shares.SharedIn)
    assert live.contents() == before
    assert "You could not judge 4 outputs" in shown(live, MessageKind.SHARE_REQUEST, BUILDER)
    live.answers_round(1)
    assert findings(live) == []


def test_i8_what_is_found_wrong_later_is_in_no_figure_and_said_beside_them(live: World) -> None:
    live.answers_round(1, SKIPPED, SKIPPED, SKIPPED)
    before = figures(live)
    for said in (WRONG, CORRECT, WRONG):
        live.judges(1, said)
    assert figures(live) == before
    sentence = "Judged later: 3, of them wrong: 2."
    assert sentence in shown(live, MessageKind.ROUND_CARD)
    assert sentence in shown(live, MessageKind.REPORT).replace("*", "")
    assert findings(live) == []


def test_i8_a_round_handed_in_late_says_what_was_wrong_beside_its_figures(live: World) -> None:
    live.live_through(24 * 4)
    live.answers_round(1, WRONG, CRITICAL)
    card = shown(live, MessageKind.ROUND_CARD)
    assert "Judged later: 4, of them wrong: 2, critical: 1." in card


def test_a_skip_said_again_by_a_reviewer_to_whom_the_round_climbed_is_one_word(
    live: World,
) -> None:
    live.hands_out(1, STEWARD)
    for _ in range(4):
        live.answers_share_page(1, SKIPPED, by=STEWARD)
    while live.owed(REVIEW, 1).rung < 2:
        live.forward(24)
    handed = live.answers_round(1, NEITHER, SKIPPED, CORRECT, WRONG, by=STEWARD)
    assert handed.skipped == 2
    assert len(live.entries(Kind.OUTPUT_SKIPPED)) == 4, "one word of theirs on each"
    assert live.owed(JUDGE, 1).owed_by == BACKUP
    live.judges(1, NEITHER)
    live.judges(1, CORRECT)
    assert not live.owed(JUDGE, 1).is_open
    assert findings(live) == []


def test_nobody_is_handed_again_what_they_could_not_judge(live: World) -> None:
    live.hands_out(1, BUILDER)
    for _ in range(4):
        live.answers_share_page(1, SKIPPED)
    with pytest.raises(Invalid, match="cannot judge one of these"):
        live.hands_out(1, BUILDER)
    live.hands_out(1, MEMBER)
    for _ in range(4):
        live.answers_share_page(2, CORRECT, by=MEMBER)
    assert findings(live) == []


def test_a_round_that_was_closed_unanswered_is_handed_in_late_with_skips(live: World) -> None:
    live.live_through(24 * 4)
    handed = live.answers_round(1, SKIPPED)
    assert (handed.is_late, handed.skipped) == (True, 1)
    assert live.owed(JUDGE, 1).is_open
    live.judges(1, CORRECT)
    assert findings(live) == []


@on_sqlite
@settings(max_examples=12, deadline=None, suppress_health_check=[*HealthCheck])
@given(wrong=st.integers(0, 4), skips=st.integers(0, 4))
def test_i8_a_first_round_with_skips_has_the_honest_grade_or_not_enough_evidence(
    tmp_path: Path, wrong: int, skips: int
) -> None:
    """Of two owners of the same outputs one says what is wrong, one skips some of it.

    So skipping reassures nobody. That the honest grade accuses and the other does not, it allows.
    """
    honest = graded(tmp_path, *[WRONG] * (wrong + skips))
    assert graded(tmp_path, *[SKIPPED] * skips, *[WRONG] * wrong) in {
        honest, Grade.NOT_ENOUGH_EVIDENCE,
    }  # fmt: skip


@on_sqlite
def test_i8_skipping_what_is_wrong_can_hide_a_breach_and_every_round_shows_it(
    tmp_path: Path,
) -> None:
    """What accuses counts nothing that is missing: this is the price, and what tells of it."""
    grades = []
    for said in (WRONG, SKIPPED):
        world = a_live_world(Path(mkdtemp(dir=tmp_path)), replace(POLICY, sample=20, floor=0))
        grades.append([a_week(world, number, said) for number in range(1, 6)])
    assert Grade.BREACH in grades[0]
    assert set(grades[1]) == {Grade.NOT_ENOUGH_EVIDENCE}
    card = shown(world, MessageKind.ROUND_CARD, number=5)
    assert "*Error rate:* 20 %, what is missing counted as wrong." in card
    assert "Judged later: 4, of them wrong: 4." in card
    told = shown(world, MessageKind.REPORT, number=5)
    assert "*Judged later:* 20, of them wrong: 20." in told


def a_week(world: World, number: int, said: Judgement) -> Grade | None:
    """Draw a round, say this of four of its twenty outputs; the backup finds what was skipped."""
    world.reports(60)
    world.forward(to=world.round(number).period_end)
    world.answers_round(number, *[said] * 4)
    for _ in range(4 if said.is_skip else 0):
        world.judges(number, WRONG)
    return world.round(number).grade


def graded(folder: Path, *said: Judgement) -> object:
    """Give the grade of twelve outputs, of which an owner says this and the rest is correct."""
    policy = replace(POLICY, sample=12, floor=0, limit_bp=5_000)
    world = a_live_world(Path(mkdtemp(dir=folder)), policy)
    world.answers_round(1, *said)
    return figures(world)["grade"]


def test_i8_a_skip_within_what_the_limit_allows_is_graded_as_an_error(tmp_path: Path) -> None:
    assert graded(tmp_path, SKIPPED, SKIPPED) == Grade.WITHIN_LIMIT
    assert graded(tmp_path, SKIPPED, SKIPPED, WRONG) == Grade.NOT_ENOUGH_EVIDENCE
    assert graded(tmp_path, WRONG, WRONG, WRONG) == Grade.NOT_ENOUGH_EVIDENCE


def test_the_exports_page_says_how_much_cannot_be_judged(live: World) -> None:
    live.answers_round(1, SKIPPED, SKIPPED)
    live.looks_again(1, SKIPPED)
    assert '<td class="n" data-is="missing">2 (2 cannot be judged)</td>' in page_of(live)
    live.judges(1, CORRECT)
    assert '<td class="n" data-is="missing">2 (1 cannot be judged)</td>' in page_of(live)


def test_the_exports_page_says_nothing_of_what_a_second_look_skipped(live: World) -> None:
    live.answers_round(1)
    live.looks_again(1, SKIPPED, SKIPPED)
    assert '<td class="n" data-is="missing">0</td>' in page_of(live)


def page_of(world: World) -> str:
    view = record.read_record(world.deps, record.Wanted())
    with view as read, world.path.with_suffix(".zip").open("w+b") as target:
        write_bundle(read, "vkey", target)
        return ZipFile(target).read("report.html").decode()


def drawn(position: int, *, is_wrong: bool, is_skipped: bool) -> DrawnItem:
    verdict = None if is_skipped else WRONG if is_wrong else CORRECT
    output = Output(f"o{position}", MONDAY, category="a")
    return DrawnItem(position, output, verdict=verdict, judged_by="" if is_skipped else OWNER)


@settings(max_examples=200)
@given(
    st.lists(st.tuples(st.booleans(), st.booleans()), min_size=1, max_size=120),
    st.sampled_from([100, 500, 2_000, 5_000]),
)
def test_i8_skipping_what_is_wrong_never_makes_a_round_look_better(
    outputs: list[tuple[bool, bool]], limit_bp: int
) -> None:
    policy = replace(POLICY, floor=0, limit_bp=limit_bp)
    sizes = {"a": 10 * len(outputs)}

    def by(*, skips: bool) -> Grade:
        items = (
            drawn(place, is_wrong=wrong, is_skipped=skips and wrong and skip)
            for place, (wrong, skip) in enumerate(outputs)
        )
        return grade(result_of(items, policy, sizes), limit_bp)

    if by(skips=True) is Grade.WITHIN_LIMIT:
        assert by(skips=False) is Grade.WITHIN_LIMIT
