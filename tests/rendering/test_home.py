"""The Home tab as it looks: first run, busy owner, steward, 200 workflows, and people beyond."""

from dataclasses import fields, replace
from functools import partial
from itertools import cycle
from types import SimpleNamespace
from typing import Final, get_args

import pytest
from hypothesis import given, settings
from jinja2 import UndefinedError

from bot.domain.gate import GateState
from bot.domain.obligations import ObligationKind
from bot.domain.other_ways import OtherWay
from bot.domain.pace import Burst, Habit, Hurried, Run
from bot.domain.people import Role
from bot.domain.registry import WorkflowState
from bot.domain.rounds import Grade
from bot.rendering import views
from bot.rendering.render import environment, home, template_name
from bot.rendering.views import HomeView
from tests.rendering.judge import Json, judge_home, objects, texts
from tests.rendering.samples import DUE, HELD_SHARE, LATER, NOON, filled
from tests.rendering.test_hostile_text import MARKS, SPEECHES
from tests.rendering.test_size_extremes import HUGE, LONG, each_of, sized

NOTHING: Final = views.Part(0, 0, 0)
OWNED: Final = views.OwnedWorkflow(
    key="invoice-triage",
    state=WorkflowState.LIVE,
    gate=GateState.RUN,
    grade=Grade.WITHIN_LIMIT,
    in_time=11,
    asked=12,
    next_sample=LATER,
    open_breaches=0,
)
DRAFT: Final = replace(
    OWNED,
    state=WorkflowState.DRAFT,
    gate=GateState.NOT_READY,
    grade=None,
    in_time=0,
    asked=0,
    next_sample=None,
)
PAUSED: Final = replace(OWNED, gate=GateState.PAUSED, open_breaches=2)
TROUBLED: Final = views.TroubledWorkflow(
    "claims",
    GateState.REVIEW_ALL,
    3,
    open_breaches=1,
    reached=Role.STEWARD,
    climbs_at=LATER,
)
EMPTY: Final = views.Home(
    page=0,
    pages=1,
    overdue=0,
    dues=(),
    owes=NOTHING,
    owned=(),
    owns=NOTHING,
    team=(),
    troubled=NOTHING,
    looks_after=0,
    named_in=0,
)
EVERY_DUE: Final = tuple(
    views.Due(kind, "invoice-triage", 4, NOON, is_overdue=place < 3)
    for place, kind in enumerate(ObligationKind)
)
BUSY: Final = replace(
    EMPTY,
    overdue=3,
    dues=(*EVERY_DUE, replace(DUE, is_overdue=False, in_place_of="UBEN")),
    owes=views.Part(0, len(EVERY_DUE) + 1, len(EVERY_DUE) + 1),
    owned=(OWNED, DRAFT, PAUSED),
    owns=views.Part(0, 3, 3),
    named_in=2,
)
STEWARD: Final = replace(
    EMPTY,
    team=(TROUBLED, replace(TROUBLED, overdue=0), replace(TROUBLED, gate=GateState.RUN)),
    troubled=views.Part(0, 3, 3),
    looks_after=40,
    named_in=40,
    named=("claims", "invoice-triage"),
)
HANDED: Final = views.Due(
    ObligationKind.REVIEW, "invoice-triage", 7, LATER, is_overdue=False, share=HELD_SHARE
)
REVIEWER: Final = replace(
    EMPTY, dues=(HANDED, replace(HANDED, is_overdue=True)), owes=views.Part(0, 2, 2)
)
FIRST_OF_MANY: Final = replace(
    EMPTY,
    pages=15,
    overdue=30,
    dues=(DUE,) * 30,
    owes=views.Part(0, 30, 200),
    owns=views.Part(0, 0, 200),
    troubled=views.Part(0, 0, 40),
    looks_after=200,
)
AMID_MANY: Final = replace(
    FIRST_OF_MANY,
    page=8,
    dues=(),
    owes=views.Part(200, 0, 200),
    owned=(OWNED,) * 30,
    owns=views.Part(40, 30, 200),
)
LAST_OF_MANY: Final = replace(
    AMID_MANY,
    page=14,
    owned=(),
    owns=views.Part(200, 0, 200),
    team=(TROUBLED,) * 20,
    troubled=views.Part(20, 20, 40),
)
OWN_PACE: Final = views.OwnPace("invoice-triage", Hurried(4, 31, 0, 45, 14, 60), None)
HOMES: Final[dict[str, HomeView]] = {
    "first run": EMPTY,
    "first run of an auditor": replace(EMPTY, is_auditors=True),
    "auditor who is named": replace(EMPTY, named_in=2, is_auditors=True),
    "busy owner": BUSY,
    "owner who owes nothing": replace(BUSY, dues=(), owes=NOTHING, overdue=0),
    "backup who owes nothing": replace(EMPTY, named_in=2),
    "reviewer": REVIEWER,
    "steward": STEWARD,
    "somebody quick": replace(BUSY, only_you=(OWN_PACE,)),
    "somebody who overlooked what was planted": replace(
        EMPTY,
        planted=(
            views.OwnPlants("claims", 2, ("CL-1017",)),
            views.OwnPlants("mail", 1, ()),
            views.OwnPlants("offers", 9, tuple(f"O-{each}" for each in range(5))),
        ),
    ),
    "reviewer who always says the same": replace(
        EMPTY,
        only_you=(
            views.OwnPace("claims", None, Run(57, are_overrides=False)),
            views.OwnPace("mail", None, Run(50, are_overrides=True), Burst(31, 44)),
            replace(OWN_PACE, run=Run(50, are_overrides=False)),
        ),
    ),
    "reviewer who still does": replace(
        EMPTY,
        only_you=(
            replace(OWN_PACE, told="UADA"),
            views.OwnPace(
                "mail",
                None,
                Run(114, are_overrides=False),
                Burst(31, 44),
                told="UADA",
                again=(Habit.RUN, Habit.BURST),
            ),
        ),
    ),
    "owner with something to talk about": replace(
        BUSY,
        dues=(),
        owes=NOTHING,
        overdue=0,
        to_talk_about=(
            views.ToTalkAbout("invoice-triage", "UBEN", (Habit.HURRIED, Habit.BURST)),
            views.ToTalkAbout("mail", "UCLEO", (Habit.RUN,)),
        ),
    ),
    "steward whom a duty has reached": replace(
        STEWARD,
        overdue=1,
        dues=tuple(
            replace(each, may_answer=False, other_way=way)
            for way, each in zip((OtherWay.NONE, OtherWay.PAUSE), EVERY_DUE[:2], strict=True)
        ),
        owes=views.Part(0, 2, 2),
    ),
    "steward of what runs": replace(STEWARD, team=(), troubled=NOTHING),
    "first of many pages": replace(FIRST_OF_MANY, only_you=(OWN_PACE,) * 3),
    "amid many pages": AMID_MANY,
    "last of many pages": LAST_OF_MANY,
    "people beyond": views.HomeClosed("Guests of this workspace cannot use Answerable."),
}

each_home = pytest.mark.parametrize("name", HOMES)


def said(view: HomeView) -> str:
    blocks = home(view)["blocks"]
    return "\n".join(texts(blocks, "mrkdwn") + texts(blocks, "plain_text"))


def pressed(view: HomeView) -> list[tuple[str, str]]:
    found = [each for each in objects(home(view)["blocks"]) if each.get("type") == "button"]
    return [(str(each["action_id"]), str(each["value"])) for each in found]


@each_home
def test_slack_accepts_every_home(name: str) -> None:
    judge_home(home(HOMES[name]))
    assert all(about.rpartition("/")[2].isdecimal() for _, about in pressed(HOMES[name]))


def test_every_home_has_a_sample() -> None:
    assert {type(view) for view in HOMES.values()} == set(get_args(HomeView))


@each_home
@given(words=SPEECHES)
@settings(max_examples=25, deadline=None)
def test_i11_a_home_of_hostile_texts_is_accepted_and_inert(name: str, words: list[str]) -> None:
    judge_home(home(filled(HOMES[name], partial(next, cycle(words)))))


@each_home
def test_i11_marks_from_outside_format_nothing(name: str) -> None:
    def marks(text: str) -> list[str]:
        shown = texts(home(filled(HOMES[name], each_of(text)))["blocks"], "mrkdwn")
        return [letter for each in shown for letter in each if letter in "*_~`"]

    assert marks(MARKS) == marks("x")


@pytest.mark.parametrize("text", [*LONG, ""], ids=lambda text: f"{len(text)} x {text[:1]!a}")
@each_home
def test_a_home_of_long_texts_is_accepted(name: str, text: str) -> None:
    judge_home(home(sized(filled(HOMES[name], each_of(text)), HUGE)))


@each_home
def test_a_missing_variable_is_an_error_or_was_not_asked_for(name: str) -> None:
    view = HOMES[name]
    template = environment().get_template(template_name(type(view)))
    whole = template.render(view=view)
    values = {each.name: getattr(view, each.name) for each in fields(view)}
    for missing in values:
        without = SimpleNamespace(**{each: values[each] for each in values if each != missing})
        try:
            shown = template.render(view=without)
        except (UndefinedError, AttributeError, TypeError):
            continue
        assert shown == whole, f"{missing} is missing and nobody notices"


def test_the_first_run_says_what_this_is_and_how_to_begin() -> None:
    text = said(EMPTY)
    for command in ("register", "list", "help"):
        assert f"`/answerable {command}`" in text
    assert pressed(EMPTY) == [("register", "register/0")]
    assert "owe nothing" not in text
    assert "to begin" not in said(BUSY).lower()


def test_what_is_owed_has_the_button_of_its_message_and_says_so_when_it_is_overdue() -> None:
    assert pressed(BUSY)[:3] == [
        ("read_accept", "invoice-triage/0"),
        ("review", "invoice-triage/4"),
        ("second_review", "invoice-triage/4"),
    ]
    text = said(BUSY)
    assert text.count("*Overdue*") == 3
    assert "*3 overdue*" in text
    assert "in place of <@UBEN>, who is away" in text


def test_i4_who_may_not_answer_is_told_so_and_can_pause_what_they_may() -> None:
    view = HOMES["steward whom a duty has reached"]
    assert pressed(view)[:2] == [("show", "invoice-triage/0"), ("pause", "invoice-triage/0")]
    assert said(view).count("others have to answer: see that they do") == 2


def test_i1_a_reviewer_is_told_whose_round_it_is_and_led_to_their_share() -> None:
    assert pressed(REVIEWER) == [("share", "invoice-triage/3")] * 2
    text = said(REVIEWER)
    assert text.count("Review 7 outputs of round 7 of invoice-triage") == 2
    assert text.count("handed to you by <@UADA>") == 2
    assert "the round is due" in text
    assert "the round was due" in text


def test_times_are_the_readers_own() -> None:
    token = f"<!date^{LATER.timestamp():.0f}^"
    assert token in said(BUSY)


def test_what_is_owned_says_how_it_stands() -> None:
    text = said(BUSY)
    assert "*invoice-triage* · gate: run" in text
    assert "within limit" in text
    assert "11 of 12 rounds answered in time" in text
    assert "*invoice-triage* · a draft\nno round closed yet" in text
    assert "gate: *paused* · *open breaches: 2*" in text
    assert ("show", "invoice-triage/0") in pressed(BUSY)


def test_the_team_is_workflows_and_never_people() -> None:
    text = said(STEWARD)
    assert "3 of 40" in text
    assert (
        "*claims* · gate: *review all* · overdue: 3, climbed to the steward, next step <!date"
        in text
    )
    assert "<@" not in text
    calm = said(replace(STEWARD, team=(), troubled=NOTHING))
    assert "40: nothing is overdue, every gate is open and no breach waits" in calm


def turning(view: HomeView) -> list[tuple[str, str]]:
    return [each for each in pressed(view) if each[0] in {"earlier", "later"}]


def test_many_rows_are_paged_and_counted() -> None:
    assert turning(FIRST_OF_MANY) == [("later", "page/1")]
    assert turning(AMID_MANY) == [("earlier", "page/7"), ("later", "page/9")]
    assert turning(LAST_OF_MANY) == [("earlier", "page/13")]
    assert turning(BUSY) == []
    assert "1 to 30 of 200" in said(FIRST_OF_MANY)
    assert "41 to 70 of 200" in said(AMID_MANY)
    assert "Page 9 of 15." in said(AMID_MANY)
    assert home(AMID_MANY)["private_metadata"] == "page/8"
    assert "*200*" not in said(AMID_MANY)


@pytest.mark.parametrize(
    "view",
    [
        replace(FIRST_OF_MANY, dues=(replace(DUE, workflow="w" * 63),) * 30),
        replace(AMID_MANY, owned=(replace(PAUSED, key="w" * 63),) * 30),
    ],
    ids=["of dues", "of workflows"],
)
def test_a_full_page_leaves_room_below_slacks_limits(view: HomeView) -> None:
    shown: Json = home(view)
    judge_home(shown)
    assert len(shown["blocks"]) < 60


def test_what_only_they_see_says_so_and_how_it_is_worked_out() -> None:
    shown = said(HOMES["reviewer who always says the same"])
    for words in (
        "Only you see this",
        "Your last 57 answers were all *correct*.",
        "Your last 50 answers all changed or rejected the output.",
        "An output took you 4 s; one of the same category and a similar length took others 31 s.",
        "You changed or rejected 0 of 45, they 14 of 60.",
        "That may well be right.",
        "first ones and pauses over 10 minutes left out",
        "nothing else follows from it",
    ):
        assert words in shown
    assert "Only you" not in said(HOMES["reviewer"])


def test_who_overlooked_what_was_planted_is_told_which_it_was_and_nobody_else() -> None:
    told = said(HOMES["somebody who overlooked what was planted"])
    assert "Of 2 outputs planted among those you judged, wrong on purpose, you found 1." in (told)
    assert "Overlooked: CL-1017." in told
    assert "Overlooked: O-0, O-1, O-2 and 2 more." in told
    assert "planted" not in said(HOMES["busy owner"])


def test_who_answered_in_a_burst_is_told_how_many_in_how_long() -> None:
    told = said(HOMES["reviewer who always says the same"])
    assert "You gave 31 answers one right after the other, in 44 s." in told


def test_i8_whoever_is_told_of_a_habit_is_asked_to_talk_and_gets_no_figures() -> None:
    told = said(HOMES["owner with something to talk about"])
    assert "*invoice-triage* · <@UBEN>\nAnswers: much faster than others, who changed" in told
    assert "20 or more right one after the other." in told
    assert "*mail* · <@UCLEO>\nAnswers: 50 or more in a row alike." in told
    assert "it is a question and says nothing of a person" in told
    assert "Only you" not in told
    assert "To talk about" not in said(HOMES["reviewer who still does"])


def test_before_it_is_shown_to_anybody_its_person_reads_when_and_to_whom() -> None:
    told = said(HOMES["somebody quick"])
    assert "is shown" not in told.replace("It is shown where", ""), "nobody is there to be told"
    told = said(replace(EMPTY, only_you=(replace(OWN_PACE, told="UADA"),)))
    assert "Only you see this" in told
    assert "If it is so again in what you answer after this, <@UADA> is shown that it is" in told


def test_once_it_is_shown_its_person_reads_what_of_it_and_to_whom() -> None:
    told = said(HOMES["reviewer who still does"])
    assert "Only you see these figures" in told
    assert "Again, in what you answered since: 50 or more in a row alike; 20 or more" in told
    assert "<@UADA> is shown that, without figures, to talk about it with you." in told
