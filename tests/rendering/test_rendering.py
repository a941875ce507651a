"""Every view has a template that Slack accepts and that says what a person needs."""

import json
from dataclasses import fields, replace
from datetime import timedelta
from types import SimpleNamespace
from typing import Any, get_args

import pytest
from jinja2 import TemplateNotFound, UndefinedError

from bot.domain.breaches import Decision
from bot.domain.cadences import DEFAULT_CADENCE, read_cadence
from bot.domain.gate import GateState
from bot.domain.hours import DEFAULT_HOURS
from bot.domain.obligations import ObligationKind, ObligationState
from bot.domain.other_ways import OtherWay
from bot.domain.people import Role
from bot.domain.registry import MAX_PURPOSE
from bot.domain.rounds import Grade, Look
from bot.domain.verdicts import MAX_CORRECTION, Answer, Severity, Why
from bot.rendering.mrkdwn import Literal, Mrkdwn, when
from bot.rendering.render import Rendered, digest, environment, message, modal, template_name
from bot.rendering.views import Dues, HomeView, MessageView, ModalView, Next, Notice, RegisterForm
from handlers.slack.home import READ
from tests.rendering.judge import buttons, inputs, judge_message, judge_modal, objects, texts
from tests.rendering.samples import (
    ACCEPT_REQUEST,
    ACKNOWLEDGED_BREACH,
    CHANGE_REQUEST,
    CLOSED_BREACH,
    CLOSED_ROUND,
    CONSOLE_GATE_NOTICE,
    DECIDED_BREACH,
    DRAWN_ROUND,
    DUE,
    GATE_NOTICE,
    JUDGE_REQUEST,
    LATER,
    MESSAGES,
    MODALS,
    OPEN_BREACH,
    OPEN_ROUND,
    PROOF,
    REMINDER,
    RESUME_REQUEST,
    REVIEW_PAGE,
    REVIEW_REQUEST,
    SECOND_REQUEST,
    SETTLE_REQUEST,
    SHARE_REQUEST,
    SILENT_GATE_NOTICE,
)

VIEWS = {**MESSAGES, **MODALS}


def actions_of(rendered: Rendered) -> list[str]:
    return [str(each["action_id"]) for each in buttons(rendered)]


def everything(rendered: Rendered) -> str:
    return json.dumps(rendered.blocks, ensure_ascii=False)


def test_every_view_has_a_template_and_every_template_a_view() -> None:
    views = get_args(MessageView) + get_args(ModalView) + get_args(HomeView)
    templates = {name for name in environment().list_templates() if name.endswith(".json.j2")}
    assert {template_name(view) for view in views} == templates


def test_every_view_has_a_sample() -> None:
    assert {type(view) for view in MESSAGES.values()} == set(get_args(MessageView))
    assert {type(view) for view in MODALS.values()} == set(get_args(ModalView))


@pytest.mark.parametrize("name", MESSAGES)
def test_slack_accepts_every_message(name: str) -> None:
    judge_message(message(MESSAGES[name]))


@pytest.mark.parametrize("name", MODALS)
def test_slack_accepts_every_modal(name: str) -> None:
    judge_modal(modal(MODALS[name]))


@pytest.mark.parametrize("name", VIEWS)
def test_a_missing_variable_is_an_error_or_was_not_asked_for(name: str) -> None:
    view = VIEWS[name]
    template = environment().get_template(template_name(type(view)))
    whole = template.render(view=view)
    values = {each.name: getattr(view, each.name) for each in fields(view)}
    for missing in values:
        without = SimpleNamespace(**{each: values[each] for each in values if each != missing})
        try:
            shown = template.render(view=without)
        except (UndefinedError, TemplateNotFound, AttributeError, TypeError):
            continue
        assert shown == whole, f"{missing} is missing and nobody notices"


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        ("<!here> & *b*", '"&lt;!here&gt; &amp; \\u2217b\\u2217"'),
        ('"}]\n', '"\\"}]"'),
        (Mrkdwn("<@U1> *b*"), '"<@U1> *b*"'),
        (Literal("<a>"), '"<a>"'),
        (True, "true"),
        (None, "null"),
    ],
)
def test_a_value_becomes_json_and_text_is_escaped_unless_it_is_ours(
    value: object, expected: str
) -> None:
    assert environment().from_string("{{ value }}").render(value=value) == expected


def test_an_unknown_variable_is_an_error() -> None:
    with pytest.raises(UndefinedError):
        environment().from_string("{{ missing }}").render()


@pytest.mark.parametrize("value", [0.5, b"bytes", LATER, ("a",)])
def test_a_value_without_a_form_for_people_is_an_error(value: object) -> None:
    with pytest.raises(TypeError):
        environment().from_string("{{ value }}").render(value=value)


def test_every_field_of_every_view_is_shown_in_some_sample() -> None:
    asked: set[tuple[type, str]] = set()

    class Watched:
        def __init__(self, view: object) -> None:
            self._view = view

        def __getattr__(self, name: str) -> object:
            asked.add((type(self._view), name))
            return getattr(self._view, name)

    for view in VIEWS.values():
        environment().get_template(template_name(type(view))).render(view=Watched(view))
    every = {(type(view), each.name) for view in VIEWS.values() for each in fields(view)}
    assert every - asked == set()


def test_no_message_names_the_whole_channel() -> None:
    for view in MESSAGES.values():
        rendered = message(view)
        for word in ("<!channel", "<!here", "<!everyone", "<!subteam"):
            assert word not in rendered.text + everything(rendered)


def test_choices_are_shown_without_underscores() -> None:
    for view in MESSAGES.values():
        rendered = message(view)
        shown = [rendered.text, *texts(rendered.blocks, "mrkdwn")]
        for choice in (*GateState, *Decision, *Grade):
            assert "_" not in choice or all(choice not in text for text in shown)
            assert all(choice.replace("_", "ˍ") not in text for text in shown if "_" in choice)


def test_a_receipt_shows_the_record_number_and_the_root() -> None:
    for rendered in (message(ACCEPT_REQUEST), message(Notice("Done.", PROOF))):
        assert "record #42 · root 3f9c1a0000000000…" in everything(rendered)


def test_a_refusal_has_no_record_line_and_keeps_its_command_in_code() -> None:
    rendered = message(MESSAGES["refusal"])
    assert "record #" not in everything(rendered)
    assert "`/answerable list`" in rendered.text


@pytest.mark.parametrize(
    ("view", "expected"),
    [
        (ACCEPT_REQUEST, ["accept"]),
        (replace(ACCEPT_REQUEST, state=ObligationState.ANSWERED), []),
        (OPEN_ROUND, []),
        (DRAWN_ROUND, ["review"]),
        (replace(DRAWN_ROUND, is_answerable=False), []),
        (CLOSED_ROUND, []),
        (replace(OPEN_ROUND, is_answerable=True), []),
        (replace(CLOSED_ROUND, is_answerable=True), []),
        (SECOND_REQUEST, ["second_review"]),
        (MESSAGES["looked at again"], []),
        (MESSAGES["second request superseded"], []),
        (SETTLE_REQUEST, ["settle"]),
        (JUDGE_REQUEST, ["judge"]),
        (MESSAGES["all judged"], []),
        (MESSAGES["round with skips"], ["judge"]),
        (MESSAGES["round with skips that were confirmed"], []),
        (MESSAGES["settled"], []),
        (REVIEW_REQUEST, ["review", "hand_out"]),
        (MESSAGES["share request"], ["share"]),
        (MESSAGES["share handed in"], []),
        (MESSAGES["all shares in"], ["review"]),
        (MESSAGES["shares in and handed out again"], []),
        (MESSAGES["shares in of a round handed in"], []),
        (MESSAGES["reviewer away"], ["take_back:1"]),
        (MESSAGES["share of who looked again"], []),
        (MESSAGES["reviewer away with nothing"], []),
        (MESSAGES["share taken back"], []),
        (
            MESSAGES["shares"],
            [*(f"take_back:{place}" for place in range(1, 5)), "review", "hand_out"],
        ),
        (MESSAGES["shares of a round handed in"], []),
        (replace(REVIEW_REQUEST, state=ObligationState.SUPERSEDED), []),
        (OPEN_BREACH, ["acknowledge", "pause"]),
        (replace(OPEN_BREACH, gate=GateState.PAUSED), ["acknowledge"]),
        (ACKNOWLEDGED_BREACH, ["decide", "pause"]),
        (replace(ACKNOWLEDGED_BREACH, gate=GateState.RETIRED), ["decide"]),
        (DECIDED_BREACH, ["carry_out"]),
        (replace(DECIDED_BREACH, decision=Decision.CONTINUE), []),
        (CLOSED_BREACH, []),
        (MESSAGES["duty request"], ["acknowledge"]),
        (MESSAGES["no longer yours"], []),
        (MESSAGES["spent duty request"], []),
        (MESSAGES["owner needed"], ["hand_over"]),
        (MESSAGES["owner named"], []),
        (MESSAGES["handover request"], ["take_over", "decline"]),
        (MESSAGES["handover request in the channel"], ["take_over", "decline", "withdraw"]),
        (MESSAGES["handover declined"], []),
        (MESSAGES["handed over"], []),
        (MESSAGES["attest request"], ["attest", "hand_over"]),
        (MESSAGES["attested"], []),
        (MESSAGES["drill request"], ["drill"]),
        (MESSAGES["drill under way"], []),
        (MESSAGES["drill of which nobody asked"], ["drill"]),
        (MESSAGES["drilled"], []),
        (MESSAGES["absences"], [*(f"end_absence:{n}" for n in (1, 2, 3, 4, 5)), "announce"]),
        (RESUME_REQUEST, ["confirm", "decline_request"]),
        (replace(RESUME_REQUEST, state=ObligationState.LAPSED), []),
        (CHANGE_REQUEST, ["confirm", "decline_request"]),
        (
            MESSAGES["resume request in the channel"],
            ["confirm", "decline_request", "withdraw_request"],
        ),
        (MESSAGES["resume request of who reads it"], ["withdraw_request"]),
        (MESSAGES["change request of who reads it"], ["withdraw_request"]),
        (MESSAGES["resume request withdrawn"], []),
        (
            MESSAGES["change request in the channel"],
            ["confirm", "decline_request", "withdraw_request"],
        ),
        (MESSAGES["change request withdrawn"], []),
        (replace(CHANGE_REQUEST, state=ObligationState.LAPSED), []),
        (MESSAGES["policy notice"], []),
    ],
)
def test_buttons_stand_only_where_they_can_be_used(view: MessageView, expected: list[str]) -> None:
    assert actions_of(message(view)) == expected


@pytest.mark.parametrize("kind", ObligationKind)
def test_a_reminder_has_the_button_of_its_kind_until_it_is_spent(kind: ObligationKind) -> None:
    reminder = replace(REMINDER, kind=kind)
    assert actions_of(message(reminder)) == [kind.replace(" ", "_")]
    assert actions_of(message(replace(reminder, state=ObligationState.ANSWERED))) == []


@pytest.mark.parametrize("kind", ObligationKind)
def test_who_reads_alone_what_they_were_asked_reads_it_whole_before_they_answer(
    kind: ObligationKind,
) -> None:
    [row] = actions_of(message(Dues((replace(DUE, kind=kind),), 0)))
    reminder = replace(REMINDER, kind=kind, is_for_one=True)
    [asked] = actions_of(message(replace(MESSAGES["duty request"], kind=kind)))

    assert actions_of(message(reminder)) == [row] == [asked]
    assert row.startswith("read_") is (kind in READ.values())


@pytest.mark.parametrize(
    ("name", "words", "expected"),
    [
        ("reminder to somebody who may not answer", ", or pause the workflow.", ["pause"]),
        ("reminder of what is stopped", "see that they do.", []),
        (
            "reminder of what only a steward may answer",
            ", or name another steward, with this button or",
            ["hand_over"],
        ),
        ("reminder of a draft", ", or have an admin name another owner.", []),
        ("reminder of a draft to an admin", "or name another owner, with this", ["hand_over"]),
    ],
)
def test_who_may_not_answer_is_told_what_they_can_do(
    name: str, words: str, expected: list[str]
) -> None:
    told = message(MESSAGES[name])
    assert "You cannot do it for them: see that they do" in told.text
    assert words in told.text
    assert actions_of(told) == expected
    assert "You cannot" not in message(REMINDER).text


@pytest.mark.parametrize(
    ("name", "role"),
    [
        ("reminder of an owner who left", "owner"),
        ("reminder of a steward who left", "steward"),
        ("reminder of a backup who left", "backup"),
    ],
)
def test_where_whoever_may_answer_has_left_nobody_is_to_be_seen_to(name: str, role: str) -> None:
    told = message(MESSAGES[name])
    assert "see that they do" not in told.text
    assert f"and whoever may has left. What helps: name another {role}, with this" in told.text
    assert actions_of(told) == ["hand_over", "pause"]
    paused = replace(MESSAGES[name], stands=GateState.PAUSED)
    assert actions_of(message(paused)) == ["hand_over"]
    due = replace(DUE, may_answer=False, other_way=OtherWay(f"replace {role}"))
    row = json.dumps(message(Dues((due,), 0)).blocks)
    assert f"whoever may answer has left: name another {role}, with this button" in row


@pytest.mark.parametrize("way", [each for each in OtherWay if each.startswith("have ")])
def test_whoever_has_somebody_named_can_pause_if_they_may(way: OtherWay) -> None:
    told = replace(REMINDER, may_answer=False, other_way=way)
    may = actions_of(message(told))
    assert actions_of(message(replace(told, may_pause=False))) == [
        each for each in may if each != "pause"
    ]


def test_what_comes_first_is_not_said_to_be_theirs_who_may_not_answer_it() -> None:
    told = Dues((replace(DUE, may_answer=False, other_way=OtherWay.PAUSE),), 0)
    assert "First: see to it that others report what" in message(told).text
    assert "First: report what" in message(Dues((DUE,), 0)).text
    nobody = Dues((replace(DUE, may_answer=False, other_way=OtherWay.HAVE_OWNER_REPLACED),), 0)
    assert "First: have somebody named who can report what" in message(nobody).text


def test_who_has_left_is_not_said_to_name_or_to_do_anything() -> None:
    nobody = message(MESSAGES["nobody left"]).text
    assert "an admin names a new owner" in nobody
    assert "the workflow is paused" in nobody
    assert "goes to the" not in nobody
    assert "goes to the steward" in message(MESSAGES["owner needed, no backup"]).text
    assert "an admin names a new owner" in message(MESSAGES["owner needed, no steward"]).text


def test_an_absence_taken_back_is_no_absence() -> None:
    text = message(MESSAGES["absence taken back"]).text
    assert "not going to be away" in text
    assert "is back" not in text
    assert "until" not in text


def test_a_button_names_its_case() -> None:
    assert [each["value"] for each in buttons(message(OPEN_BREACH))] == [
        "invoice-triage/4",
        "invoice-triage/0",
    ]
    assert [each["value"] for each in buttons(message(ACCEPT_REQUEST))] == ["invoice-triage/0"]
    assert [each["value"] for each in buttons(message(DRAWN_ROUND))] == ["invoice-triage/7"]


@pytest.mark.parametrize("role", [Role.OWNER, Role.BACKUP, Role.STEWARD, Role.ADMIN])
@pytest.mark.parametrize(
    "view",
    [
        *(ACCEPT_REQUEST, REVIEW_REQUEST, SECOND_REQUEST, SETTLE_REQUEST),
        JUDGE_REQUEST,
        *(OPEN_BREACH, ACKNOWLEDGED_BREACH, REMINDER),
    ],
)
def test_an_open_request_says_who_is_asked_next_and_when(view: MessageView, role: Role) -> None:
    at = LATER + timedelta(hours=5)
    text = message(replace(view, next=Next(role, at))).text
    assert "asked" in text
    assert when(at) in text


def test_an_open_request_says_what_silence_will_bring() -> None:
    assert "stays a draft" in message(ACCEPT_REQUEST).text
    for request in (REVIEW_REQUEST, SECOND_REQUEST, SETTLE_REQUEST, JUDGE_REQUEST):
        assert "that is a breach" in message(request).text
    assert "the workflow is paused" in message(OPEN_BREACH).text
    assert "nothing changes" in message(RESUME_REQUEST).text
    assert "nothing changes" in message(CHANGE_REQUEST).text


def test_a_weaker_policy_is_shown_field_by_field_and_in_words() -> None:
    shown = everything(message(CHANGE_REQUEST))
    assert "It becomes weaker:" in shown
    assert "• it reviews 10 instead of 20 outputs" in shown
    assert "Outputs to review in a round: `20` → `10`" in shown
    assert "Time zone: `UTC` → `Europe/London`" in shown
    assert "weaker" not in everything(message(MESSAGES["policy notice of something stricter"]))


def test_a_change_begins_with_what_is_in_force() -> None:
    form = inputs(modal(MODALS["change form"]))
    assert form["cadence"]["initial_value"] == "first Monday of the month at 09:00"
    assert form["sample"]["initial_value"] == "360"
    assert form["while_degraded"]["initial_option"]["value"] == "runs"
    assert form["limits"]["initial_value"] == "drift_score at most 0.2 every day"


def test_a_closed_round_shows_both_figures_and_the_grade_in_words() -> None:
    text = message(CLOSED_ROUND).text
    assert "18 of 20 judged, 2 wrong" in text
    assert "judged 18 of the 1,240 outputs of this round in time, 1.5 %, after" in text
    assert "*Error rate:* 20 %, what is missing counted as wrong." in text
    assert "Of what was judged 2 of 18 were wrong" in text
    assert "at most 40.1 %; the limit is 5 %" in text
    assert "this draw could only have shown that at most 13.9 % are wrong. To prove" in text
    assert "*not enough evidence*" in text


def test_whoever_is_to_accept_or_asks_is_told_what_the_plan_costs_and_sees() -> None:
    for view in (ACCEPT_REQUEST, MESSAGES["workflow sheet"]):
        shown = everything(message(view))
        assert "about 20 reviews a week and 2 second looks: 1.1 hours" in shown
        assert "*It proves* an error rate of twice the limit in about 12 weeks" in shown


def test_a_second_look_says_that_it_is_blind_and_a_first_does_not() -> None:
    request = message(SECOND_REQUEST)
    assert all("It is blind" in shown for shown in (request.text, everything(request)))
    assert "It is blind" in json.dumps(modal(MODALS["second review page"]))
    for first in (message(REVIEW_REQUEST).text, json.dumps(modal(REVIEW_PAGE))):
        assert "blind" not in first


def test_a_card_tells_what_two_looks_have_come_to() -> None:
    assert "2 of them get a second, blind look" in message(DRAWN_ROUND).text
    assert "looked at twice" not in message(CLOSED_ROUND).text
    assert "2 looked at twice, all agreed." in message(MESSAGES["round looked at twice"]).text
    differing = message(MESSAGES["round with disagreements"]).text
    assert "4 looked at twice, 3 disagreed, 1 of these settled." in differing


def test_a_card_and_a_page_say_what_cannot_be_judged() -> None:
    assert "cannot be judged" not in message(CLOSED_ROUND).text
    waiting = message(MESSAGES["round with skips"]).text
    assert "2 of what is missing cannot be judged. 1 of these waits for a second person" in waiting
    confirmed = message(MESSAGES["round with skips that were confirmed"]).text
    assert "A second person has said so too." in confirmed
    for name in ("judge page", "review page that a reviewer skipped"):
        shown = json.dumps(modal(MODALS[name]), ensure_ascii=False)
        assert "The link is <dead>." in texts(modal(MODALS[name])["blocks"], "text")
        assert "<@UADA> could not judge this" in shown
    again = inputs(modal(MODALS["review page that was skipped"]))
    assert again["verdict"]["initial_option"]["value"] == Answer.SKIPPED
    assert again["reason"]["initial_value"] == "The link is dead."


def test_what_is_to_be_settled_shows_both_answers_with_their_words() -> None:
    shown = json.dumps(modal(MODALS["settle page"]), ensure_ascii=False)
    assert "*First look:* correct" in shown
    assert "*Second look:* corrected · why: error · severity: major" in shown
    assert "Credit note 78" in shown


def test_a_gate_notice_says_who_moved_the_gate() -> None:
    assert "Moved by <@UADA>." in message(GATE_NOTICE).text
    assert "Moved by the operator" in message(CONSOLE_GATE_NOTICE).text
    assert "Moved by" not in message(SILENT_GATE_NOTICE).text


def test_nobody_is_said_to_have_been_named_by_themselves() -> None:
    own = replace(ACCEPT_REQUEST, requested_by=ACCEPT_REQUEST.roles.owner)
    assert "<@UADA> registered invoice-triage and is to answer for it." in message(own).text
    assert "<@UDAN> names <@UADA> as the owner" in message(ACCEPT_REQUEST).text


def test_a_critical_breach_is_decided_by_the_steward() -> None:
    assert "<@UCLEO> decides" in message(ACKNOWLEDGED_BREACH).text
    assert "<@UADA> decides" in message(replace(ACKNOWLEDGED_BREACH, is_critical=False)).text


def test_each_page_of_a_review_has_blocks_of_its_own() -> None:
    pages = [modal(replace(REVIEW_PAGE, position=position)) for position in (0, 1)]
    ids = [
        {each["block_id"] for each in page["blocks"] if each["type"] == "input"} for page in pages
    ]
    assert ids[0] == {"verdict:0", "why:0", "severity:0", "correction:0", "reason:0"}
    assert ids[0].isdisjoint(ids[1])
    assert set(inputs(pages[0])) == {"verdict", "why", "severity", "correction", "reason"}


def test_a_review_page_shows_the_text_as_it_is_and_its_address_as_text() -> None:
    shown = texts(modal(REVIEW_PAGE)["blocks"], "text")
    assert REVIEW_PAGE.output.text in shown
    assert REVIEW_PAGE.output.url in shown


def test_the_last_page_is_handed_in() -> None:
    assert modal(REVIEW_PAGE)["submit"]["text"] == "Next"
    assert modal(MODALS["last review page"])["submit"]["text"] == "Hand in"


@pytest.mark.parametrize(
    ("name", "callback", "metadata"),
    [
        ("register form", "register", "CPAYABLE"),
        ("review page", "review_page", "invoice-triage/7/3"),
        ("second review page", "second_page", "invoice-triage/7/1"),
        ("settle page", "settle_page", "invoice-triage/7/1"),
        ("judge page", "judge_page", "invoice-triage/7/1"),
        ("share page", "share_page", "invoice-triage/3/11"),
        ("hand items form", "hand_items", "invoice-triage/7"),
        ("hand in form", "hand_in", "invoice-triage/7"),
        ("hand in share form", "hand_in_share", "invoice-triage/3"),
        ("review done", "notice", ""),
        ("decide form", "decide", "invoice-triage/4"),
        ("pause form", "pause", "invoice-triage"),
        ("resume form", "resume", "invoice-triage"),
        ("carry out form", "carry_out", "invoice-triage/4"),
        ("notice page", "notice", ""),
    ],
)
def test_a_modal_names_its_handler_and_its_case(name: str, callback: str, metadata: str) -> None:
    view = modal(MODALS[name])
    assert (view["callback_id"], view["private_metadata"]) == (callback, metadata)


def options(view: ModalView, name: str) -> list[str]:
    return [each["value"] for each in inputs(modal(view))[name]["options"]]


def test_every_choice_of_the_domain_can_be_made() -> None:
    assert options(REVIEW_PAGE, "verdict") == list(Answer)
    assert options(REVIEW_PAGE, "why") == list(Why)
    assert options(REVIEW_PAGE, "severity") == list(Severity)
    assert options(MODALS["decide form"], "decision") == list(Decision)
    assert options(MODALS["judge page"], "verdict") == list(Answer)
    assert options(MODALS["settle page"], "stands") == list(Look)


def test_what_a_registration_starts_with_is_understood() -> None:
    form = inputs(modal(MODALS["register form"]))
    assert form["cadence"]["initial_value"] == DEFAULT_CADENCE
    assert form["hours"]["initial_value"] == DEFAULT_HOURS
    assert "initial_value" not in form["zone"]
    blocks = modal(MODALS["register form"])["blocks"]
    [hint] = [block["hint"]["text"] for block in blocks if block["block_id"] == "cadence"]
    examples = hint.removeprefix("Such as: ").partition(". Five")[0].split(" · ")
    assert len([read_cadence(each) for each in examples]) == 5


def test_a_round_says_before_its_draw_that_it_draws_more_and_why() -> None:
    tightened = {"planned": 60, "usual": 20, "tightened_by": 6}
    for round_ in (OPEN_ROUND, DRAWN_ROUND):
        text = message(replace(round_, **tightened)).text
        assert "Up to 60 outputs instead of 20 are drawn of this round" in text
        assert "what came out up to round 6 gives cause to look closer" in text
        assert "instead of" not in message(round_).text
    larger = replace(REVIEW_REQUEST, items=60, usual=20, tightened_by=6)
    assert "These are more than the usual 20: what came out up to round 6" in message(larger).text
    assert "more than the usual" not in message(replace(larger, items=9)).text, "there were no more"
    assert "more than the usual" not in message(REVIEW_REQUEST).text
    shared = message(replace(SHARE_REQUEST, tightened_by=6)).text
    assert "More than usual are drawn of this round: what came out up to round 6" in shared
    assert "More than usual" not in message(SHARE_REQUEST).text


@pytest.mark.parametrize(
    ("shown", "words"),
    [
        (
            {"points_to": "drift", "baseline_bp": 126},
            "After its first rounds at most 1.3 % wrong were to be expected.",
        ),
        ({"points_to": "errors"}, "of the error rate over all"),
        (
            {"points_to": "drift", "speaks_against": True, "stood_since": 6},
            "speaks against it: that stems from rounds before it and has stood since round 6.",
        ),
        ({"points_to": "overrides"}, "how often answers are not left as they were"),
        ({"points_to": "category a", "category": "a"}, "of the category `a`"),
    ],
)
def test_a_grade_says_what_it_points_to(shown: dict[str, Any], words: str) -> None:
    assert words in message(replace(CLOSED_ROUND, **shown)).text
    assert words not in message(CLOSED_ROUND).text


def test_a_report_says_what_its_newest_grade_points_to() -> None:
    named = message(MESSAGES["report of a bad category"]).text
    assert "Most of the evidence is of the category `refunds`." in named
    assert "Most of the evidence" not in message(MESSAGES["report"]).text


@pytest.mark.parametrize(
    ("sample", "words", "unsaid"),
    [
        (
            "report",
            "(between 88.8 % and 97.7 %; Gwet's AC1 0.94, Cohen's kappa -0.02). Of 7 times that",
            "not enough to say",
        ),
        (
            "report of two who always say the same",
            "(between 85.8 % and 100 %; Gwet's AC1 1.00). Neither called one wrong: that is not",
            "kappa",
        ),
        (
            "report of one output looked at twice",
            "looked at 1 output without seeing each other's answer",
            "not enough to say",
        ),
        ("report on rounds that nobody answered", "that is not enough to say", "AC1"),
    ],
)
def test_a_report_says_how_far_two_people_agree_and_no_more_than_can_be_said(
    sample: str, words: str, unsaid: str
) -> None:
    shown = message(MESSAGES[sample]).text
    assert words in shown
    assert unsaid not in shown
    assert "nan" not in shown.replace("finance", "").casefold()


def test_a_form_asks_for_every_field_by_its_name() -> None:
    policy = {
        *("cadence", "zone", "hours", "holidays", "sample", "floor", "limit", "volume_min"),
        *("volume_max", "limits", "while_degraded", "grace", "error_whys"),
        *("text", "max_text", "masks", "link_hosts", "tighten", "answer", "basis", "capacity"),
        *("triggers", "overflow", "floor_by", "proves"),
    }
    about = {"key", "purpose", "owner", "backup", "steward", "technical_owner", "channel"}
    assert set(inputs(modal(MODALS["register form"]))) == about | policy
    assert set(inputs(modal(MODALS["change form"]))) == policy | {"reason"}
    assert set(inputs(modal(MODALS["decide form"]))) == {"decision", "reason", "due_on"}
    assert set(inputs(modal(MODALS["settle page"]))) == {"stands", "reason"}
    assert set(inputs(modal(MODALS["pause form"]))) == {"reason"}
    assert set(inputs(modal(MODALS["resume form"]))) == {"reason"}
    assert set(inputs(modal(MODALS["carry out form"]))) == {"evidence"}


def test_a_form_takes_no_more_than_the_domain_does() -> None:
    form = inputs(modal(MODALS["register form"]))
    assert form["purpose"]["max_length"] == MAX_PURPOSE
    assert inputs(modal(REVIEW_PAGE))["correction"]["max_length"] == MAX_CORRECTION


def test_a_registration_starts_in_its_channel_but_not_in_a_direct_message() -> None:
    in_channel = inputs(modal(RegisterForm("UADA", "CPAYABLE")))["channel"]
    assert in_channel["initial_conversation"] == "CPAYABLE"
    assert "initial_conversation" not in inputs(modal(RegisterForm("UADA", "D01")))["channel"]


def test_the_digest_changes_with_what_is_shown_and_with_nothing_else() -> None:
    rendered = message(OPEN_BREACH)
    reordered = Rendered(
        rendered.text, [dict(reversed(block.items())) for block in rendered.blocks]
    )
    assert digest(rendered) == digest(message(OPEN_BREACH)) == digest(reordered)
    assert len(digest(rendered)) == 64
    assert digest(rendered) != digest(replace(rendered, text=rendered.text + "."))
    assert digest(rendered) != digest(replace(rendered, blocks=rendered.blocks[1:]))


def test_nothing_absent_is_left_in_a_rendering() -> None:
    for view in MESSAGES.values():
        assert all(None not in each.values() for each in objects(message(view).blocks))
