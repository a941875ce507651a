"""The words of messages and windows: true, whole, and agreeing with their numbers."""

import ast
from dataclasses import fields, replace
from pathlib import Path
from typing import get_args

import pytest

import bot.usecases
from bot.domain.authority import Holding
from bot.domain.breaches import Decision
from bot.domain.evidence import Result
from bot.domain.gate import GateState
from bot.domain.obligations import ALLOWED_IF_CRITICAL, ObligationKind
from bot.domain.people import Role
from bot.domain.proving import outputs_to_prove
from bot.domain.verdicts import Answer
from bot.domain.vigilance import Vigilance
from bot.rendering import views
from bot.rendering.render import home, message, modal
from bot.rendering.views import MessageView, ModalView
from tests.rendering.judge import buttons, inputs, objects, texts
from tests.rendering.samples import (
    CLOSED_BREACH,
    CLOSED_ROUND,
    DECIDED_BREACH,
    DIGEST,
    DUE,
    EMPTY_TREND,
    HAND_IN,
    LATER,
    LINKED,
    MESSAGES,
    MODALS,
    NEXT,
    NOON,
    OPEN_BREACH,
    OPEN_ROUND,
    OUTPUTS_BREACH,
    OUTPUTS_PAGE,
    PROOF,
    SHEET,
    WRONG_OUTPUT,
)
from tests.rendering.test_home import STEWARD


def said(view: MessageView) -> str:
    return "\n".join(texts(message(view).blocks, "mrkdwn"))


def asked(view: ModalView) -> str:
    shown = modal(view)["blocks"]
    return "\n".join(texts(shown, "mrkdwn") + texts(shown, "plain_text") + texts(shown, "text"))


def test_a_breach_of_outputs_offers_them_on_its_card_and_in_the_form() -> None:
    assert [each["action_id"] for each in buttons(message(OUTPUTS_BREACH))] == [
        *("decide", "see_outputs", "pause")
    ]
    assert "See the outputs" in asked(MODALS["decide form of another"])
    assert "See the outputs" not in asked(MODALS["decide form"])


def test_each_wrong_output_comes_with_who_said_what_and_why() -> None:
    first = asked(OUTPUTS_PAGE)

    assert "2 outputs were judged other than correct" in first
    assert "*corrected* · why: error · severity: critical · judged by <@UADA>" in first
    assert "judged by <@UADA>, in the second look" in first
    assert "Credit note 78" in first


def test_its_address_is_a_link_only_where_the_rules_allow_that() -> None:
    page = replace(OUTPUTS_PAGE, outputs=(replace(WRONG_OUTPUT, output=LINKED, is_link=True),))
    plain = replace(OUTPUTS_PAGE, outputs=(replace(WRONG_OUTPUT, output=LINKED),))

    links = [each["url"] for each in objects(modal(page)) if each.get("type") == "link"]
    assert links == [LINKED.url]
    assert not [each for each in objects(modal(plain)) if each.get("type") == "link"]


@pytest.mark.parametrize(
    ("page", "turns"),
    [(0, {"outputs:2": "1"}), (1, {"outputs:1": "0", "outputs:2": "2"}), (2, {"outputs:1": "1"})],
)
def test_pages_of_outputs_are_turned_by_their_buttons(page: int, turns: dict[str, str]) -> None:
    shown = modal(replace(OUTPUTS_PAGE, page=page, pages=3))
    found = [each for each in objects(shown) if each.get("type") == "button"]
    assert {each["action_id"]: str(each["value"]).split("/")[-1] for each in found} == turns


def test_who_is_asked_next_is_not_timed_twice() -> None:
    at_once = replace(OPEN_BREACH, next=replace(NEXT, at=LATER), due_at=LATER)
    later = replace(OPEN_BREACH, next=replace(NEXT, at=LATER.replace(hour=20)), due_at=LATER)

    assert "If there is no answer by then, the backup is asked." in said(at_once)
    assert "If there is no answer, the backup is asked <!date" in said(later)


def test_who_had_a_round_drawn_is_told_where_its_card_is_and_its_owner_reviews_it_there() -> None:
    own = message(MESSAGES["round that its owner had drawn"])
    assert "Round 4 of invoice-triage is drawn: its card is in <#C0AI>." in own.text
    assert [(each["action_id"], each["value"]) for each in buttons(own)] == [
        ("review", "invoice-triage/4")
    ]
    others = message(MESSAGES["round that an admin had drawn"])
    assert "<@UADA> is asked to review it now." in others.text
    left = message(MESSAGES["round of an owner who left, drawn"])
    assert "<@UADA>, whose it was to review, has left: whoever is next is asked." in left.text
    assert buttons(others) == []


def test_a_policy_is_asked_for_in_parts_and_what_hardly_changes_comes_last() -> None:
    for name in ("register form", "change form"):
        blocks = modal(MODALS[name])["blocks"]
        assert isinstance(blocks, list)
        ids = [each["block_id"] for each in blocks]
        assert ids.index("part_when") < ids.index("sample") < ids.index("part_counts")
        assert ids.index("part_counts") < ids.index("limit") < ids.index("part_rest")
        assert ids.index("part_rest") < ids.index("grace")
        assert ids.index("text") + 1 == ids.index("max_text")


def test_the_form_says_how_many_outputs_prove_a_limit_and_the_one_it_begins_with() -> None:
    begun = round(float(views.RegisterForm("UADA", "").fields.limit))
    form = asked(MODALS["register form"])
    for limit, outputs in ((20, " outputs"), (10, ""), (begun, ""), (2, "")):
        assert f"{limit} % with {outputs_to_prove(100 * limit)}{outputs}" in form


def test_a_receipt_that_says_several_things_says_each_by_itself() -> None:
    blocks = modal(MODALS["notice page with more to know"])["blocks"]
    assert isinstance(blocks, list)
    assert [each["block_id"] for each in blocks] == ["sentence", "more:1", "more:2", "record"]


def test_a_card_says_nothing_twice_and_its_hashes_are_no_louder_than_its_words() -> None:
    card = said(OPEN_ROUND)
    assert f"commitment {OPEN_ROUND.commitment}\n" in card
    assert card.count("commitment") == 2, "what it is for, and it"
    assert ("period end" in card, "owner <@" in card, "`" in card) == (False, False, False)


def test_a_decision_to_tighten_says_whose_task_it_is() -> None:
    card = said(replace(DECIDED_BREACH, decision=Decision.TIGHTEN))
    assert "<@UADA> carries it out by" in card
    assert "the owner or an admin makes it with" in card
    assert "the owner or an admin" not in said(DECIDED_BREACH)
    form = asked(MODALS["decide form of another"])
    assert "work: <@UADA> or the backup does it by the day you name, and reports it here" in form
    own = asked(MODALS["decide form"])
    assert "work: you or the backup do it by the day you name, and report it here" in own


def test_a_decision_under_a_closed_gate_says_what_opens_it() -> None:
    form = asked(MODALS["decide form of another"])
    assert "The gate is at *paused*. No decision here opens it" in form
    assert "Two people resume it: one asks with `/answerable resume invoice-triage`" in form
    assert "No decision here opens it" not in asked(MODALS["decide form"])
    assert "was at *paused* then" in said(MESSAGES["breach closed under a pause"])
    assert "was at *" not in said(MESSAGES["closed breach"])
    assert "was at *" not in said(MESSAGES["concern closed"])


def test_a_day_is_asked_of_work_alone_and_what_happens_without_one_is_said() -> None:
    hint = asked(MODALS["decide form"])
    assert "on; without a day, in 7 days. Leave it empty for what happens at once." in hint
    assert "Needed for tighten" not in hint


def test_a_closed_breach_shows_no_gate_that_may_have_moved_since() -> None:
    assert "*Gate*" in said(OPEN_BREACH)
    assert "*Gate*" not in said(CLOSED_BREACH)


def test_one_open_breach_is_no_them() -> None:
    one = said(replace(MESSAGES["resume request"], open_breaches=(4,)))
    assert "Not closed yet: breach 4. Resuming settles nothing about it." in one
    two = said(replace(MESSAGES["resume request"], open_breaches=(4, 5)))
    assert "Not closed yet: breaches 4, 5. Resuming settles none of them." in two


def test_a_critical_verdict_is_said_to_open_its_breach_when_it_does() -> None:
    assert "Critical: opens a breach when you hand in" in asked(MODALS["review page"])


def test_an_answered_page_is_filled_in_as_it_was_answered() -> None:
    page = modal(MODALS["answered page"])
    filled = inputs(page)

    chosen = {name: filled[name]["initial_option"]["value"] for name in ("verdict", "why")}
    assert chosen == {"verdict": "corrected", "why": "policy"}
    assert filled["severity"]["initial_option"]["value"] == "major"
    assert filled["correction"]["initial_value"] == "Credit note 78"
    assert page["submit"]["text"] == "Save"
    empty = inputs(modal(MODALS["review page"]))
    assert not any("initial_option" in each for each in empty.values())


@pytest.mark.parametrize(
    ("name", "action"),
    [
        ("page after an answered one", "review_back"),
        ("answered page", "review_back"),
        ("review page", ""),
    ],
)
def test_back_is_offered_where_there_is_an_answer_to_go_back_to(name: str, action: str) -> None:
    found = [each for each in objects(modal(MODALS[name])) if each.get("type") == "button"]
    backs = [each["action_id"] for each in found if str(each["action_id"]).endswith("_back")]
    assert backs == ([action] if action else [])


def test_each_look_goes_back_within_itself() -> None:
    page = MODALS["page after an answered one"]
    second, share = replace(page, is_second=True), replace(page, share=3)

    def back(view: ModalView) -> list[tuple[object, object]]:
        found = [each for each in objects(modal(view)) if each.get("type") == "button"]
        return [(each["action_id"], each["value"]) for each in found[:1]]

    assert back(second) == [("second_back", "invoice-triage/7/3")]
    assert back(share) == [("share_back", "invoice-triage/3/3")]


def test_each_thing_due_has_its_button_and_says_which_breach_it_is() -> None:
    one = replace(DUE, kind=ObligationKind.ACKNOWLEDGE, about="no outputs reported")
    other = replace(one, subject=9, about="limit exceeded (latency_p95)", is_overdue=False)
    rendered = message(views.Dues((one, other), more=0))

    assert [each["action_id"] for each in buttons(rendered)] == ["acknowledge"] * 2
    shown = "\n".join(texts(rendered.blocks, "mrkdwn"))
    assert "Waiting for you: 2, the earliest due first. *1 overdue.*" in shown
    assert "no outputs reported · was due" in shown
    assert "limit exceeded (`latency_p95`) · due" in shown


def test_the_team_part_of_home_counts_open_breaches_and_names_who_names_you() -> None:
    busy = replace(
        STEWARD,
        team=(views.TroubledWorkflow("claims", GateState.RUN, 0, open_breaches=2),),
        named_in=3,
        named=("claims", "letters"),
    )
    shown = "\n".join(texts(home(busy)["blocks"], "mrkdwn"))

    assert "*claims* · gate: run · *open breaches: 2*" in shown
    assert "Workflows of others that name you: claims, letters and 1 more." in shown


def test_where_nobody_is_an_admin_what_asks_for_an_owner_says_how_there_is_one() -> None:
    settings = "Whoever runs this bot names admins, with `ANSWERABLE_ADMINS`."
    alone = said(MESSAGES["owner needed, no admin"])
    assert "names a new owner by" in alone
    assert "an admin" not in alone
    for name in ("owner needed, no steward, no admin", "owner needed, nobody left, no admin"):
        assert settings in said(MESSAGES[name])


def test_a_gate_notice_says_what_opens_it_really() -> None:
    assert "To ask for it to run again:" in said(MESSAGES["gate notice, not answered"])
    first = "First somebody has to acknowledge breach 4 of invoice-triage: until then silence"
    assert first in said(MESSAGES["gate notice, not answered"])
    few = said(MESSAGES["gate notice, too few"])
    assert "Only <@UBEN> is there now. Left: <@UCLEO>. Away: <@UADA>." in few
    assert "To ask for it" not in few
    assert "Others can be named by an admin, with `/answerable handover invoice-triage`" in few
    nobody = said(MESSAGES["gate notice, nobody there"])
    assert "None of them is there now." in nobody
    assert (
        "Nobody is left who can name others. No admin is left who can act. Whoever runs this bot"
        in nobody
    )


@pytest.mark.parametrize(
    ("count", "words"),
    [
        (1, "First somebody has to acknowledge breach 1 of a: until"),
        (2, "acknowledge breach 1 of a and acknowledge breach 2 of a: until"),
        (3, "breach 1 of a, acknowledge breach 2 of a and acknowledge breach 3 of a: until"),
        (7, "acknowledge breach 4 of a, acknowledge breach 5 of a and 2 more: until"),
    ],
)
def test_what_has_to_be_answered_first_is_a_list_that_ends(count: int, words: str) -> None:
    kind = ObligationKind.ACKNOWLEDGE
    owed = tuple(views.Unanswered(kind, "a", number) for number in range(1, count + 1))
    closed = replace(MESSAGES["gate notice"], now=GateState.PAUSED, unanswered=owed)
    assert words in said(closed)


def test_a_breach_of_somebody_who_left_says_so_in_every_step() -> None:
    left = said(MESSAGES["overdue breach of an owner who left"])
    assert "*Overdue:* <@UADA>, who was to acknowledge it by <!date" in left
    assert "acknowledges it" not in left
    for name, what in (("acknowledged breach", "decide"), ("decided breach", "carry it out")):
        told = said(replace(MESSAGES[name], has_left=True))
        assert f"who was to {what} by <!date" in told
        assert "has left." in told


def test_whoever_is_told_that_a_steward_left_reads_what_to_do() -> None:
    told = said(MESSAGES["vacancy notice"])
    assert "with `/answerable handover invoice-triage`" in told
    assert "An admin has to name another" in told
    assert "nobody can decide a critical breach" in told
    assert "No admin is left who can act." in said(MESSAGES["vacancy notice, nobody left"])
    others = said(MESSAGES["vacancy notice that is for others by now"])
    assert "It is not yours to see to any more: others are told of it." in others
    assert "Nothing has to be done" not in others
    mixed = said(MESSAGES["vacancy notice of two backups, one without a steward"])
    assert (
        "what the owner does not answer goes on to the steward; where that one has left as well, "
        "it goes on to the admins." in mixed
    )
    alone = said(MESSAGES["vacancy notice of a backup, nobody else left"])
    assert "reaches nobody else: the steward has left as well." in alone
    many = said(MESSAGES["vacancy notice of many"])
    assert "Please name another steward, with `/answerable handover` and the key." in many


def test_a_refusal_where_everybody_left_says_once_what_to_do() -> None:
    nobody = "Whoever runs this bot names admins."
    held = tuple(Holding(role, (), (nobody,)) for role in (Role.OWNER, Role.BACKUP))
    told = said(views.Notice("You cannot resume.", PROOF, held))
    assert f"*Owner* nobody now.\n*Backup* nobody now.\n{nobody}" in told


def test_a_refusal_says_who_is_away_and_who_stands_in() -> None:
    told = said(MESSAGES["refusal where people are away"])
    assert "*Owner* <@UADA> (away; <@UEVE> stands in)\n*Backup* <@UBEN> (away until <!date^" in told


def test_whoever_is_told_of_many_roles_reads_how_many_more_and_what_to_do() -> None:
    told = said(MESSAGES["vacancy notice of many that others have to fill"])
    assert "And they had 4 more roles." in told
    assert told.count("An admin has to name another") == 2, "once a role, not a workflow"


def test_a_breach_says_that_it_is_overdue_and_who_has_it_now() -> None:
    climbed = said(MESSAGES["overdue breach that has climbed"])
    assert "*Overdue:* <@UADA> was to acknowledge it by <!date" in climbed
    assert "It has climbed to <@UBEN>." in climbed
    away = said(MESSAGES["breach of somebody away"])
    assert "<@UADA> is away: <@UEVE> is asked in their place." in away
    assert "Overdue" not in away
    last = said(MESSAGES["overdue breach that nobody decides"])
    assert "was to decide by <!date" in last
    assert "The admins are told of it." in last
    alone = said(replace(OPEN_BREACH, held=views.Held("", has_climbed=True, is_nobody=True)))
    assert "Nobody is left to be asked. No admin is left who can act. Whoever runs this" in alone
    assert "climbed" not in alone
    work = said(MESSAGES["overdue work on a breach"])
    assert "*Overdue:* <@UADA> was to carry it out by <!date" in work
    assert "It has climbed to <@UBEN>. <@UBEN> is away until <!date^" in work


def test_what_says_who_is_asked_next_is_known_as_such() -> None:
    saying = {each for each in get_args(MessageView) if "next" in each.__dataclass_fields__}
    assert saying == set(get_args(views.Climbing))


def test_a_reminder_says_what_silence_brought_and_that_it_was_answered_since() -> None:
    spent = said(MESSAGES["last reminder answered since"])
    assert "There was no answer in time. The gate was set to review all." in spent
    assert "It was answered since: nothing more is owed here." in spent
    climbed = said(MESSAGES["reminder that has climbed on"])
    assert "It has climbed on since." in climbed
    assert "If " not in climbed, "what comes next is told where it comes"
    assert "you are asked again <!date" in said(MESSAGES["last reminder to one admin"])
    assert "the admins are asked again <!date" in said(MESSAGES["last reminder"])


def test_i4_nobody_who_may_not_answer_is_said_to_be_asked_next() -> None:
    steward = said(MESSAGES["reminder of what the steward is only told of"])
    assert "If there is no answer, the steward is told of it <!date" in steward
    admin = said(MESSAGES["last reminder to one admin who may not answer"])
    assert "you are told of it again <!date" in admin
    card = said(MESSAGES["breach of whose next step admins are only told"])
    assert "If there is no answer by then, the admins are told of it." in card


@pytest.mark.parametrize("role", [Role.BACKUP, Role.STEWARD, Role.ADMIN])
@pytest.mark.parametrize("is_told", [False, True])
def test_whoever_is_next_is_named_in_words(role: Role, *, is_told: bool) -> None:
    following = views.Next(role, LATER, is_again=role is Role.ADMIN, is_told=is_told)
    told = said(replace(OPEN_BREACH, next=following))
    assert f"{role}" in told
    assert ("told of it" in told) is is_told
    assert ("are asked again" in told) is (role is Role.ADMIN and not is_told)


def test_a_round_handed_in_late_says_where_its_verdicts_are() -> None:
    late = said(MESSAGES["round handed in late"])
    assert "30 without a verdict in time" in late
    assert "Judged later: 30, of them wrong: 4. That is on record, and in no figure here." in late
    assert "3 looked at twice, all agreed." in late


def test_i8_a_report_says_what_is_noticed_of_what_is_planted_and_corrects_by_it() -> None:
    told = said(MESSAGES["report"])
    assert "11 of 15 were found, 1 had no answer: of what is wrong at least 49 % is" in told
    assert "So the error rate lately is likely to be about 8.1 %, and may be 13 %." in told
    none = MESSAGES["report on rounds that nobody answered"]
    assert isinstance(none, views.Report)
    assert "Planted" not in said(none)
    few = replace(none, noticed=views.Noticed(Vigilance(1, 0), 0.05, None))
    assert "That is too little to correct the error rate by." in said(few)


def test_a_report_says_what_the_ais_own_confidence_is_worth() -> None:
    report = MESSAGES["report"]
    assert isinstance(report, views.Report)
    told = said(report)
    assert "0.5 to 0.7: 9 of 31 wrong (29 %; between" in told
    assert "From 0.95 on, taken together, errors are within the limit of 5 %, 95 % sure; 31" in told
    sure = replace(report.confidence, suggested=None)
    assert "Too few were judged to say from" in said(replace(report, confidence=sure))
    uneven = replace(sure, is_even=False)
    assert "so no threshold follows" in said(replace(report, confidence=uneven))
    assert "how sure the AI was" not in said(MESSAGES["report on rounds that nobody answered"])


def test_i8_a_report_gives_no_threshold_below_which_nothing_is_and_says_which_bands_are_wrong() -> (
    None
):
    report = MESSAGES["report"]
    assert isinstance(report, views.Report)
    everything = replace(report.confidence, suggested=report.confidence.bands[0])
    told = said(replace(report, confidence=everything))
    assert "From 0.5 on" not in told
    assert "are below" not in told
    assert "Taken together, errors are within the limit of 5 %, 95 % sure, so no" in told
    assert "Above the limit by itself, 95 % sure: 0.5 to 0.7." in told


def test_a_band_names_the_category_of_what_was_judged_and_not_of_what_was_wrong() -> None:
    assert "); of those judged most are `transfer`" in said(MESSAGES["report"])


def test_i8_a_report_says_what_was_judged_later_beside_its_figures() -> None:
    assert "Judged later:* 4, of them wrong: 3." in said(MESSAGES["report"])
    assert "Judged later" not in said(MESSAGES["report on rounds that nobody answered"])
    assert "Judged later" not in said(MESSAGES["closed round"])


def test_a_digest_says_first_what_was_stopped_then_what_was_decided() -> None:
    told = said(MESSAGES["digest"])
    assert "*What changed:* claims began to run, mail runs again (resumed by two people), " in told
    assert "letters was paused (breach 3 was not acknowledged), invoice-triage was tight" in told
    assert "in 2 rounds of 2 workflows; wrong: 9, critical: 1. In 2 closed rounds" in told
    assert "nothing was judged: 1 had no outputs, 1 had no verdict in time." in told
    assert "*Pictured:* invoice-triage: of all newest judged rounds its sample proves" in told
    quiet = said(MESSAGES["digest of a quiet week"])
    assert "nothing: no decision was carried out, and no gate moved but for drills." in quiet
    assert "Pictured" not in quiet


def test_a_digest_lists_what_is_overdue_one_a_line_and_says_how_many_it_is() -> None:
    late = tuple(views.Overdue(ObligationKind.REVIEW, "claims", number) for number in range(8))
    told = said(replace(DIGEST, overdue=late))
    assert "overdue: 8.\n• review round 0 of claims\n• review round 1 of claims\n" in told
    assert "\n• review round 5 of claims\n• and 2 more\n" in told


def test_a_picture_says_of_a_round_that_nobody_judged_that_nothing_was_judged() -> None:
    shown = message(replace(DIGEST, trend=EMPTY_TREND))
    assert "nothing was judged in time." in shown.pictures[0].alt
    assert "0 of 0" not in shown.pictures[0].alt


def test_nobody_who_has_left_is_said_to_be_answerable() -> None:
    asked = said(MESSAGES["handover from somebody who has left"])
    assert "<@UADA> has left: until then what the owner owes goes to whoever is next" in asked
    assert "is answerable" not in asked
    assert "stays answerable" not in asked
    declined = said(MESSAGES["handover from somebody who has left declined"])
    assert "stays the owner" not in declined
    assert "a new owner has to be named all the same" in declined


def test_with_nobody_left_card_and_reminder_say_that_silence_brings_a_stop() -> None:
    for name in ("nobody left", "reminder of nobody left"):
        assert "If nobody names one, the workflow is paused." in said(MESSAGES[name])
    paused = replace(MESSAGES["reminder of nobody left"], stands=GateState.PAUSED)
    assert "The workflow is paused already" in said(paused)


def test_a_sheet_says_what_is_owed_who_has_left_and_what_waits_for_the_workflow_to_run() -> None:
    sheet = said(MESSAGES["sheet of what is owed"])
    assert "No full members of this workspace any more: <@UADA>, <@UBEN>." in sheet
    assert (
        "*Overdue:* <@UADA> has to say whether all is right still with invoice-triage, due <!date"
        in sheet
    )
    assert "<@UADA> has to hold drill 1 of invoice-triage, due <!date" in sheet
    assert "\n… and 2 more." in sheet
    assert "<@UCLEO> was told of it <!date" in sheet
    assert "<@UADA> may still answer. If there is no answer, the admins are told of it" in sheet
    assert "Nobody is left to be asked." in sheet
    assert "A person must review every output already; if nobody answers at all" in sheet
    assert "The next drill was to come <!date" in sheet
    assert "it comes once the workflow runs again" in sheet


def test_a_resume_names_both_of_the_two_people() -> None:
    shown = said(MESSAGES["gate notice of a resume"])
    assert "Asked by <@UBEN>, confirmed by <@UADA>." in shown
    assert "Moved by" not in shown


def test_a_handover_names_who_proposed_and_who_accepted() -> None:
    shown = said(MESSAGES["roles notice after a handover"])
    assert "a new owner, proposed by <@UADA> and accepted by <@UEVE>." in shown
    assert "named by <@UADA>" in said(MESSAGES["roles notice"])


def test_a_drill_that_is_done_says_in_how_many_seconds_and_when_the_next_is() -> None:
    notice = message(MESSAGES["gate notice of a drill that is done"])
    assert "Drill of invoice-triage is done: 4.200 seconds" in str(notice.blocks[0])
    assert "told to stop after *4.200 seconds*. The next drill comes <!date" in notice.text
    drilled = message(MESSAGES["drilled"])
    assert "is done" in str(drilled.blocks[0])
    assert "The next drill comes <!date" in drilled.text
    sheet = said(MESSAGES["sheet of what was drilled"])
    assert "Last drill: 4.200 seconds until its pipeline was told to stop, on <!date" in sheet
    assert "The next drill comes <!date" in sheet


def test_seconds_of_a_sandbox_are_said_to_be_none_of_real_ones() -> None:
    views_of_drills: tuple[tuple[str, MessageView], ...] = (
        ("gate notice of a drill that is done", MESSAGES["gate notice of a drill that is done"]),
        ("drilled", MESSAGES["drilled"]),
        ("sheet", MESSAGES["sheet of what was drilled"]),
    )
    for name, view in views_of_drills:
        assert "sandbox" not in said(view), name
        assert "seconds of the sandbox's clock" in said(replace(view, is_of_sandbox=True)), name  # type: ignore[call-arg]


def test_a_late_hand_in_does_not_count_what_it_brought_as_missing() -> None:
    late = asked(MODALS["late review done"])
    assert "They came after its close, so its figures and its grade stay as they were." in late
    assert "At the close none of 20 drawn outputs had a verdict." in late
    assert "judged" not in late


def test_numbers_agree_with_their_words() -> None:
    one = replace(MESSAGES["review request"], items=1, done=0)
    assert "1 drawn output of invoice-triage, round 7, waits for your verdict" in said(one)
    assert "1 of 20 outputs is drawn" in said(
        replace(MESSAGES["drawn round"], sample=1, population=20)
    )


def test_what_people_typed_as_patterns_is_shown_letter_by_letter() -> None:
    shown = said(replace(SHEET, data=replace(SHEET.data, masks=("ORD_##*",))))
    assert "blanked: `ORD_##*`" in shown
    assert "`crm.example.com`" in shown


@pytest.mark.parametrize(("count", "words"), [(1, "1 absence."), (2, "2 absences, the earliest")])
def test_an_order_is_named_only_where_there_is_one(count: int, words: str) -> None:
    absence = views.StandingAbsence(1, "UEVE", NOON, LATER)
    assert f"You have announced {words}" in said(views.Absences((absence,) * count))


def test_one_wrong_output_is_in_no_order_and_that_it_was_seen_is_said() -> None:
    one = replace(OUTPUTS_PAGE, outputs=(WRONG_OUTPUT,), total=1)
    assert "1 output was judged other than correct." in asked(one)
    assert "2 outputs were judged other than correct, the worst first." in asked(OUTPUTS_PAGE)
    assert "It is on record that you opened these." in asked(one)
    assert "on record" not in asked(replace(one, is_noted=False))


def test_a_page_that_takes_no_answer_leads_to_buttons_that_there_are() -> None:
    labels = {each["text"]["text"] for view in MESSAGES.values() for each in buttons(message(view))}
    named = {
        part.value
        for file in (Path(bot.usecases.__file__).parent).rglob("*.py")
        for call in ast.walk(ast.parse(file.read_text("utf-8")))
        if isinstance(call, ast.Call) and getattr(call.func, "id", "") == "for_the_rest"
        for part in ast.walk(call.args[0])
        if isinstance(part, ast.Constant)
    }
    assert named == {"Judge", "Review", "Review your outputs", "Second look", "Settle"}
    assert named <= labels


def test_whoever_hands_in_what_others_answered_reads_that_it_was_noted() -> None:
    assert "It is on record that you opened these." in asked(replace(HAND_IN, is_noted=True))
    assert "on record" not in asked(HAND_IN)


def test_what_has_lapsed_asks_nobody_for_anything_and_says_it_once() -> None:
    lapsed = said(MESSAGES["reminder of what has lapsed"])
    assert "asks you for nothing: nobody came to confirm request" in lapsed
    assert lapsed.count("has lapsed") == 1
    assert "reminder" not in lapsed


def test_a_second_person_is_not_told_that_a_second_one_is_asked() -> None:
    assert "a second person is asked" in asked(MODALS["review page"])
    second = asked(MODALS["judge page"])
    assert "a second person is asked" not in second
    assert "two people have said so" in second


def test_whoever_could_not_judge_it_is_offered_only_to_judge_it() -> None:
    own = modal(MODALS["judge page of one's own"])
    said = asked(MODALS["judge page of one's own"])
    assert "You have said yourself that this cannot be judged. You can still judge it" in said
    assert "could not judge this" not in said
    assert "two people have said so" not in said
    offered = inputs(own)
    assert "reason" not in offered
    assert Answer.SKIPPED not in {each["value"] for each in offered["verdict"]["options"]}
    second = inputs(modal(MODALS["judge page"]))
    assert Answer.SKIPPED in {each["value"] for each in second["verdict"]["options"]}


@pytest.mark.parametrize(
    ("name", "so", "to_come"),
    [
        ("open breach of what is reviewed", "review every output already", "is paused."),
        ("duty request for what is reviewed", "review every output already", "is paused."),
        ("reminder of what is reviewed", "review every output already", "is paused."),
        ("acknowledged breach of what is paused", "is paused already", "two people resume it."),
        ("owner needed of what is degraded", "reduced mode already", "two people resume it."),
        ("attest request for what is reviewed", "every output already", "two people resume it."),
    ],
)
def test_i3_what_is_so_already_is_not_told_as_what_silence_brings(
    name: str, so: str, to_come: str
) -> None:
    told = said(MESSAGES[name])
    assert so in told
    assert to_come in told
    assert "a person must review every output; after" not in told
    assert "If nobody names one" not in told
    assert "If nobody does" not in told


def test_a_critical_concern_is_said_to_be_due_when_it_is_and_whose_to_decide() -> None:
    form = asked(MODALS["concern form"])
    within = ALLOWED_IF_CRITICAL[ObligationKind.ACKNOWLEDGE]
    assert f"Critical: to be acknowledged in {within}, at any hour" in form
    assert "what is critical, the steward decides" in form


def test_what_is_optional_says_in_its_label_when_it_is_needed() -> None:
    page = modal(MODALS["review page"])
    optional = [each for each in page["blocks"] if each.get("optional")]  # type: ignore[attr-defined]
    assert len(optional) == 4
    for each in optional:
        assert each["label"]["text"].startswith("If "), each["label"]["text"]


def test_what_cannot_be_judged_is_told_apart_from_what_nobody_answered() -> None:
    round_ = replace(
        CLOSED_ROUND, result=Result(drawn=4, judged=1, errors=0, overrides=0, critical=0)
    )
    assert ", 3 without a verdict in time." in said(round_)
    both = said(replace(round_, skipped=1))
    assert ", 1 cannot be judged, 2 without a verdict in time." in both
    alone = said(replace(round_, skipped=3))
    assert ", 3 cannot be judged." in alone
    assert "without a verdict in time" not in alone
    assert "1 wrong, 0 could not be judged." in asked(MODALS["review done"])


def test_a_report_names_the_last_breaches_with_what_was_decided() -> None:
    told = message(MESSAGES["report"]).text
    assert "*Last breaches:*\n3, no outputs reported, opened <!date" in told
    assert " UTC> · decided <!date" in told
    assert " UTC>: *roll back* · closed\n4, error rate above the limit, opened <!date" in told
    assert " UTC> · open\n" in told


def test_what_nobody_judged_has_no_share_that_was_wrong() -> None:
    told = message(MESSAGES["report on rounds that nobody answered"]).text
    assert "*Newest round:* nothing was judged in time; the sample does not prove" in told
    assert "0 of 0" not in told


def test_who_cannot_answer_is_told_that_somebody_else_has_to() -> None:
    told = message(MESSAGES["reminder to somebody who may not answer"]).text
    assert "<@UBEN>: somebody else has still to acknowledge breach 4 of invoice-triage." in told


def test_what_says_until_when_something_is_owed_knows_whether_that_is_past() -> None:
    for view in {*get_args(MessageView), *get_args(ModalView)}:
        names = {field.name for field in fields(view)}
        assert "due_at" not in names or "is_overdue" in names, view


def test_who_hands_in_what_reviewers_answered_reads_whose_verdicts_they_are() -> None:
    done = asked(MODALS["review done with reviewers"])
    assert "Your verdicts" not in done
    assert "Round 7 of invoice-triage is handed in: 20 of 20 judged, 1 wrong" in done
    assert "What <@UBEN>, <@UEVE> answered stands under their names." in done
    late = asked(MODALS["late review done with a reviewer"])
    assert "Round 7 of invoice-triage is handed in. Its verdicts came after its close" in late
    assert "What <@UBEN> answered stands under that name." in late
    own = asked(MODALS["review done"])
    assert "Your verdicts on round 7 of invoice-triage are recorded: 20 of 20 judged" in own
    assert "answered stands under" not in own


def test_what_is_handed_in_late_is_not_said_to_be_due_by_then() -> None:
    for name, words in (
        ("hand items form", "you hand the round in, which was due <!date"),
        ("hand in form", "It was due <!date"),
        ("hand in share form", "The round was due <!date"),
        ("review page", "was due <!date"),
        ("judge page", "was due <!date"),
        ("settle page", "was due <!date"),
    ):
        view = MODALS[name]
        assert "was due" not in asked(view)
        assert words in asked(replace(view, is_overdue=True))


def test_of_one_output_it_is_said_as_of_one() -> None:
    told = message(MESSAGES["judge request of one"]).text
    assert (
        "could not be judged by whoever handed it in. Judge it, or say that you cannot either"
        in told
    )
    several = message(MESSAGES["judge request"]).text
    assert "handed it in; answered since: 1. Judge each, or say that you cannot" in several


def test_a_gate_is_said_to_be_set_and_never_to_be_run() -> None:
    for name in ("pause form", "resume form", "drill form"):
        assert "The gate of invoice-triage is set to *" in str(modal(MODALS[name]))


@pytest.mark.parametrize(
    ("name", "is_lent"),
    [
        ("absence notice", True),
        ("absence whose stand-in has one", True),
        ("absence whose stand-in is away later", True),
        ("absence whose stand-in is away too", False),
        ("absence without anybody", False),
        ("own absence whose stand-in has left", False),
        ("absence that is over", False),
    ],
)
def test_i4_what_whoever_stands_in_is_not_asked_for_is_said(name: str, *, is_lent: bool) -> None:
    exception = "what takes <@UADA>'s own word, or what whoever stands in may not answer"
    assert (exception in said(MESSAGES[name])) is is_lent
