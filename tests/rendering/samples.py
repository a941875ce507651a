"""One sample of each view, and of each state in which a view looks different."""

from collections.abc import Callable
from dataclasses import fields, is_dataclass, replace
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from enum import Enum
from typing import Any

from bot.domain.absences import AbsenceState
from bot.domain.agreement import Agreement
from bot.domain.authority import Holding
from bot.domain.bands import Band
from bot.domain.bounds import interval
from bot.domain.breaches import BreachState, Cause, Decision
from bot.domain.changes import Difference
from bot.domain.data_rules import DataRules
from bot.domain.digests import Change, Figures, Move
from bot.domain.drills import DrillState
from bot.domain.endings import Settled
from bot.domain.evidence import Result, Stratum, Uncounted
from bot.domain.gate import GateState
from bot.domain.handovers import HandoverState
from bot.domain.messages import MessageKind
from bot.domain.obligations import ObligationKind, ObligationState
from bot.domain.other_ways import OtherWay
from bot.domain.outputs import Output
from bot.domain.people import Role
from bot.domain.proof import Proof
from bot.domain.record import Kind
from bot.domain.registry import Roles, WorkflowState
from bot.domain.rounds import Grade, RoundState
from bot.domain.shares import ShareState
from bot.domain.strata import FloorBy
from bot.domain.trend import CategoryRate, Point, smoothed
from bot.domain.verdicts import Answer, Severity, Why
from bot.domain.vigilance import Vigilance
from bot.rendering import views
from bot.rendering.views import MessageView, ModalView

NOON = datetime(2026, 6, 1, 12, 0, tzinfo=UTC)
LATER = NOON + timedelta(days=2)
MONDAYS = "every Monday at 09:00"
ROLES = Roles("UADA", "UBEN", "UCLEO", "UDAN")
PROOF = Proof(42, "3f9c1a" + "0" * 58)
NEXT = views.Next(Role.BACKUP, LATER)

ACCEPT_REQUEST = views.AcceptRequest(
    workflow="invoice-triage",
    purpose="Sorts incoming invoices for accounts payable.",
    roles=ROLES,
    requested_by="UDAN",
    plan="20 outputs a round",
    cost="about 20 reviews a week and 2 second looks: 1.1 hours, at 3 minutes each",
    sight="twice the limit in about 12 weeks, four times the limit in about 2 weeks",
    cadence=MONDAYS,
    zone="Europe/London",
    hours="Mon-Fri 09:00-17:00",
    limit_bp=500,
    due_at=LATER,
    state=ObligationState.OPEN,
    next=NEXT,
    proof=PROOF,
)
OPEN_ROUND = views.RoundCard(
    workflow="invoice-triage",
    number=7,
    state=RoundState.OPEN,
    owner="UADA",
    commitment="c0" * 32,
    period_end=LATER,
    population=0,
    sample=20,
    due_at=None,
    seed="",
    result=None,
    grade=None,
    limit_bp=500,
    worst_rate=None,
    upper_bound=None,
    best_bound=None,
    is_answerable=False,
    is_unrevealed=False,
    looks=views.TwoLooks(),
    proof=PROOF,
)
DRAWN_ROUND = replace(
    OPEN_ROUND,
    state=RoundState.DRAWN,
    population=1_240,
    due_at=LATER,
    seed="5eed" * 16,
    is_answerable=True,
    looks=views.TwoLooks(asked=2),
)
CLOSED_ROUND = replace(
    DRAWN_ROUND,
    state=RoundState.CLOSED,
    result=Result(drawn=20, judged=18, errors=2, overrides=3, critical=1),
    grade=Grade.NOT_ENOUGH_EVIDENCE,
    worst_rate=0.2,
    upper_bound=0.401,
    best_bound=0.139,
    is_answerable=False,
)
REVIEW_REQUEST = views.ReviewRequest(
    workflow="invoice-triage",
    number=7,
    items=20,
    done=3,
    due_at=LATER,
    state=ObligationState.OPEN,
    next=NEXT,
    proof=PROOF,
)
SECOND_REQUEST = views.SecondRequest(
    workflow="invoice-triage",
    number=7,
    items=2,
    done=0,
    due_at=LATER,
    state=ObligationState.OPEN,
    next=NEXT,
    proof=PROOF,
)
SETTLE_REQUEST = views.SettleRequest(
    workflow="invoice-triage",
    number=7,
    items=2,
    done=1,
    due_at=LATER,
    state=ObligationState.OPEN,
    next=NEXT,
    proof=PROOF,
)
JUDGE_REQUEST = views.JudgeRequest(
    workflow="invoice-triage",
    number=7,
    items=3,
    done=1,
    due_at=LATER,
    state=ObligationState.OPEN,
    next=NEXT,
    proof=PROOF,
)
SHARE_REQUEST = views.ShareRequest(
    workflow="invoice-triage",
    number=3,
    round=7,
    owner="UADA",
    items=7,
    done=4,
    due_at=LATER,
    state=ShareState.OPEN,
    is_owed=True,
    is_barred=False,
    proof=PROOF,
    handed_by="UADA",
)
SHARE_PART = views.SharePart(
    3, "UEVE", 7, 4, ShareState.OPEN, is_gone=False, away_until=None, is_barred=False
)
SHARES_NOTICE = views.SharesNotice(
    workflow="invoice-triage",
    number=7,
    parts=(
        SHARE_PART,
        replace(SHARE_PART, number=4, reviewer="UFAY", is_gone=True),
        replace(SHARE_PART, number=5, reviewer="UGIL", away_until=LATER),
        replace(SHARE_PART, number=7, reviewer="UIDA", is_barred=True),
        replace(SHARE_PART, number=6, reviewer="UHAL", state=ShareState.ANSWERED),
    ),
    items=30,
    judged=7,
    free=2,
    due_at=LATER,
    state=ObligationState.OPEN,
    can_hand_out=True,
    proof=PROOF,
)
SHARES_IN = views.SharesIn(
    workflow="invoice-triage",
    number=7,
    items=30,
    left=0,
    held=0,
    due_at=LATER,
    state=ObligationState.OPEN,
    proof=PROOF,
)
HELD_SHARE = views.HeldShare(
    "invoice-triage", 3, 7, "UADA", 7, 3, LATER, is_overdue=False, handed_by="UADA"
)
REVIEWER_NOTICE = views.ReviewerNotice(
    workflow="invoice-triage",
    number=3,
    round=7,
    reviewer="UEVE",
    items=3,
    is_gone=False,
    away_until=LATER,
    is_with=True,
    is_barred=False,
    is_unasked=False,
    proof=PROOF,
)
OPEN_BREACH = views.BreachCard(
    workflow="invoice-triage",
    number=4,
    cause=Cause.NO_OUTPUTS,
    detail="0 outputs were reported in round 7; 1 to 10,000 were expected.",
    is_critical=False,
    state=BreachState.OPEN,
    roles=ROLES,
    acknowledged_by="",
    decision=None,
    decided_by="",
    reason="",
    carry_out_by=None,
    evidence="",
    due_at=LATER,
    next=NEXT,
    gate=GateState.RUN,
    proof=PROOF,
)
CONCERN_BREACH = replace(
    OPEN_BREACH,
    cause=Cause.CONCERN_RAISED,
    detail="Somebody in this workspace raised a concern of severity major.",
    concern=views.RaisedConcern("UEVE", Severity.MAJOR, "It files every invoice twice."),
)
CONCERN_NOTICE = views.ConcernNotice(
    workflow="invoice-triage",
    number=4,
    words="It files every invoice twice.",
    state=BreachState.ACKNOWLEDGED,
    acknowledged_by="UADA",
    decision=None,
    decided_by="",
    reason="",
    carry_out_by=None,
    evidence="",
    proof=PROOF,
)
LIMIT_BREACH = replace(
    OPEN_BREACH,
    cause=Cause.LIMIT_EXCEEDED,
    detail="latency_p95 was 3.1, observed 2026-11-02 08:00 UTC; the limit is at most 2.5.",
    past=views.PastLimit("latency_p95", 2, "3.4", NOON),
)
ACKNOWLEDGED_BREACH = replace(
    OPEN_BREACH, state=BreachState.ACKNOWLEDGED, acknowledged_by="UADA", is_critical=True
)
OUTPUTS_BREACH = replace(
    ACKNOWLEDGED_BREACH,
    cause=Cause.CRITICAL_VERDICT,
    detail="Round 7: 1 of 18 reviewed outputs judged critical (inv_2026_0001).",
    has_outputs=True,
)
DECIDED_BREACH = replace(
    ACKNOWLEDGED_BREACH,
    state=BreachState.DECIDED,
    decision=Decision.ROLL_BACK,
    decided_by="UCLEO",
    reason="The new prompt loses credit notes.",
    carry_out_by=LATER,
)
CLOSED_BREACH = replace(
    DECIDED_BREACH,
    state=BreachState.CLOSED,
    evidence="https://git.example/change/17",
    due_at=None,
    next=None,
)
REMINDER = views.Reminder(
    kind=ObligationKind.ACKNOWLEDGE,
    workflow="invoice-triage",
    subject=4,
    steps=4,
    may_answer=True,
    is_overdue=True,
    rung=1,
    owed_by="UADA",
    asked=("UBEN",),
    away=(),
    due_at=NOON,
    state=ObligationState.OPEN,
    passed="",
    consequence="",
    next=replace(NEXT, role=Role.STEWARD),
    proof=PROOF,
)
LAST_REMINDER = replace(
    REMINDER,
    rung=3,
    asked=("UEVE", "UFAY"),
    consequence="The gate was set to review all.",
    stands=GateState.REVIEW_ALL,
    next=views.Next(Role.ADMIN, LATER, is_again=True),
)
STAND_IN_REMINDER = replace(REMINDER, asked=("UEVE",), away=("UBEN",))
LATE_REMINDER = replace(REMINDER, was_due_at=NOON)
TOLD_REMINDER = replace(REMINDER, may_answer=False, other_way=OtherWay.PAUSE)
TOLD_OF_DRAFT = replace(
    TOLD_REMINDER, kind=ObligationKind.ACCEPT, subject=0, other_way=OtherWay.HAVE_OWNER_NAMED
)
PASSED_REMINDER = replace(REMINDER, asked=(), passed="same person as before")
GATE_NOTICE = views.GateNotice(
    workflow="invoice-triage",
    was=GateState.RUN,
    now=GateState.PAUSED,
    by="UADA",
    is_by_operator=False,
    cause="paused by a person",
    reason="Duplicated payments since this morning.",
    proof=PROOF,
)
SILENT_GATE_NOTICE = replace(
    GATE_NOTICE,
    now=GateState.REVIEW_ALL,
    by="",
    cause="breach 4 was not acknowledged",
    reason="",
)
RESUMED_NOTICE = replace(
    GATE_NOTICE, now=GateState.RUN, cause="resumed by two people", reason="", asked_by="UBEN"
)
DRILLED_NOTICE = replace(
    GATE_NOTICE,
    now=GateState.RUN,
    by="",
    cause="the drill is over",
    reason="",
    seconds="4.200",
    next_drill=LATER,
)
CONSOLE_GATE_NOTICE = replace(GATE_NOTICE, by="", is_by_operator=True)
RESUME_REQUEST = views.ResumeRequest(
    workflow="invoice-triage",
    number=2,
    requested_by="UADA",
    reason="The duplicate check is in place.",
    gate=GateState.PAUSED,
    confirmers=(views.Answerer("UBEN"), views.Answerer("UCLEO")),
    open_breaches=(4,),
    due_at=LATER,
    state=ObligationState.OPEN,
    confirmed_by="",
    confirmed_for="",
    proof=PROOF,
)
DIFFERENCES = (
    Difference("Outputs to review in a round", "20", "10", ("reviews 10 instead of 20 outputs",)),
    Difference("Time zone", "UTC", "Europe/London", ()),
    Difference("Working hours", "always", "Mon-Fri 09:00-17:00", ("has shorter hours", "has less")),
)
CHANGE_REQUEST = views.ChangeRequest(
    workflow="invoice-triage",
    number=3,
    version=3,
    requested_by="UADA",
    reason="Half the volume since the merger.",
    differences=DIFFERENCES,
    confirmers=(views.Answerer("UBEN"), views.Answerer("UCLEO")),
    due_at=LATER,
    state=ObligationState.OPEN,
    confirmed_by="",
    confirmed_for="",
    proof=PROOF,
)
POLICY_NOTICE = views.PolicyNotice(
    workflow="invoice-triage",
    version=4,
    by="UBEN",
    reason="Half the volume since the merger.",
    differences=DIFFERENCES,
    proof=PROOF,
)
LISTED = views.ListedWorkflow("invoice-triage", WorkflowState.LIVE, GateState.REVIEW_ALL, "UADA", 1)
SHEET = views.WorkflowSheet(
    key="invoice-triage",
    purpose="Sorts incoming invoices for accounts payable.",
    state=WorkflowState.LIVE,
    gate=GateState.PAUSED,
    gate_since=NOON,
    gate_reason="Duplicated payments since this morning.",
    roles=ROLES,
    channel="CPAYABLE",
    policy=3,
    cadence=MONDAYS,
    zone="Europe/London",
    hours="Mon-Fri 09:00-17:00",
    holidays_in="GB-ENG",
    holidays_until=date(2029, 12, 26),
    plan="20 outputs a round",
    cost="about 20 reviews a week and 2 second looks: 1.1 hours, at 3 minutes each",
    sight="twice the limit in about 12 weeks, four times the limit in about 2 weeks",
    floor=2,
    cut_to=0,
    floor_by=FloorBy.CATEGORY,
    tighten=3,
    triggers="confidence below 60 %, at most 5 a round",
    hides_answer=True,
    limit_bp=250,
    volume_min=1,
    volume_max=10_000,
    round=7,
    round_state=RoundState.DRAWN,
    next_firings=(NOON, LATER),
    breaches=(views.OpenBreach(4, Cause.NO_OUTPUTS, BreachState.OPEN),),
    away=(views.Away("UADA", "UBEN", LATER), views.Away("UCLEO", "", LATER)),
    attest_at=LATER,
    data=DataRules(
        link_only=False,
        max_text=2_000,
        masks=("email", "ORD-######"),
        link_hosts=("crm.example.com",),
    ),
    proof=PROOF,
)
OWED_NOW = views.OwedNow(
    ObligationKind.DRILL,
    "invoice-triage",
    1,
    "UADA",
    LATER,
    is_overdue=False,
    opened_at=NOON,
    next=NEXT,
)
CLIMBED_NOW = replace(
    OWED_NOW,
    kind=ObligationKind.DECIDE,
    is_overdue=True,
    held=views.Held(
        "UCLEO",
        has_climbed=True,
        others=(views.Answerer("UADA"),),
        since=LATER.replace(hour=20),
        is_told=True,
    ),
    next=views.Next(Role.ADMIN, LATER.replace(hour=22), is_told=True),
)
LEFT_TO_NOBODY = replace(
    CLIMBED_NOW,
    held=views.Held("", has_climbed=True, is_nobody=True),
    next=views.Next(Role.ADMIN, LATER.replace(hour=22), is_nobody=True),
    stands=GateState.REVIEW_ALL,
)
DUTY_REQUEST = views.DutyRequest(
    kind=ObligationKind.ACKNOWLEDGE,
    workflow="invoice-triage",
    subject=4,
    owed_by="UADA",
    away="UADA",
    until=LATER,
    due_at=LATER,
    state=ObligationState.OPEN,
    next=NEXT,
    proof=PROOF,
)
NOT_YOURS = views.NotYours(
    ObligationKind.REVIEW, "invoice-triage", 4, "UEVE", PROOF, MessageKind.REVIEW_REQUEST
)
ABSENCE_NOTICE = views.AbsenceNotice(
    person="UADA",
    delegate="UBEN",
    begins_at=NOON,
    ends_at=LATER,
    state=AbsenceState.PLANNED,
    reason="Summer leave.",
    proof=PROOF,
)
LOSS_NOTICE = views.LossNotice(lost=312, reason="The disk died.", proof=PROOF)
OWNER_NEEDED = views.OwnerNeeded(
    workflow="invoice-triage",
    number=1,
    owner="UADA",
    steward="UCLEO",
    backup="UBEN",
    due_at=LATER,
    state=ObligationState.OPEN,
    next=NEXT,
    proof=PROOF,
    meanwhile=views.Meanwhile(Role.BACKUP),
)
HANDOVER_REQUEST = views.HandoverRequest(
    workflow="invoice-triage",
    number=2,
    proposed_by="UADA",
    was_owner="UADA",
    roles=replace(ROLES, owner="UEVE"),
    reason="Eve runs accounts payable now.",
    due_at=LATER,
    state=ObligationState.OPEN,
    next=NEXT,
    proof=PROOF,
)
ATTEST_REQUEST = views.AttestRequest(
    workflow="invoice-triage",
    number=1,
    owner="UADA",
    due_at=LATER,
    state=ObligationState.OPEN,
    next=NEXT,
    proof=PROOF,
)
DRILL_REQUEST = views.DrillRequest(
    workflow="invoice-triage",
    number=1,
    owner="UADA",
    due_at=LATER,
    state=ObligationState.OPEN,
    next=NEXT,
    last=None,
    ends_at=None,
    seconds="",
    proof=PROOF,
)
CONFIRM_BESIDE = views.Due(
    ObligationKind.CONFIRM, "invoice-triage", 2, LATER, is_overdue=False, beside="UBEN"
)
DUE = views.Due(ObligationKind.CARRY_OUT, "invoice-triage", 4, LATER, is_overdue=True)
VERBS = (
    views.Verb("list", "list", "Shows the registered workflows."),
    views.Verb("pause", "pause KEY", "Stops a workflow at once."),
)

POINTS = tuple(
    Point(number, NOON + timedelta(weeks=number), 20, errors, errors / 20, 500, grade)
    for number, (errors, grade) in enumerate(
        [
            (0, Grade.WITHIN_LIMIT),
            (1, Grade.NOT_ENOUGH_EVIDENCE),
            (3, Grade.WATCH),
            (5, Grade.BREACH),
        ],
        1,
    )
)
TREND = views.TrendChart("invoice-triage", POINTS, smoothed(POINTS))
RATES = (
    CategoryRate("transfer", 6, 20, *interval(6, 20)),
    CategoryRate("", 0, 12, *interval(0, 12)),
)
DIGEST = views.Digest(
    since=NOON,
    figures=Figures(
        rounds=4,
        judged=80,
        errors=9,
        overrides=14,
        critical=1,
        breaches=2,
        changes=tuple(Change("invoice-triage", 3, each) for each in Decision),
        grades=(
            ("claims", Grade.WITHIN_LIMIT),
            ("invoice-triage", Grade.BREACH),
            ("letters", Grade.WATCH),
            ("mail", Grade.NOT_ENOUGH_EVIDENCE),
        ),
        most_wrong="invoice-triage",
        wrong_there=5,
        judged_rounds=2,
        judged_workflows=2,
        empty_rounds=1,
        moves=(
            Move("claims", GateState.NOT_READY, GateState.RUN, "ownership accepted"),
            Move("mail", GateState.PAUSED, GateState.RUN, "resumed by two people"),
            Move("letters", GateState.RUN, GateState.PAUSED, "breach 3 was not acknowledged"),
        ),
    ),
    live=5,
    ungraded=("post",),
    stopped=(views.Stopped("invoice-triage", GateState.PAUSED),),
    overdue=tuple(views.Overdue(each, "invoice-triage", 3) for each in ObligationKind),
    open_breaches=3,
    trend=TREND,
    proof=PROOF,
)
QUIET_WEEK = views.Digest(
    NOON, Figures(0, 0, 0, 0, 0, 0, (), (), ""), 1, (), (), (), 0, trend=None, proof=PROOF
)


def agreed(agreement: Agreement) -> views.Agreed:
    return views.Agreed(agreement, *agreement.range)


BANDS = (
    Band(Decimal("0.5"), Decimal("0.7"), 31, 9, "transfer"),
    Band(Decimal("0.95"), Decimal(1), 140, 1, ""),
)
REPORT = views.Report(
    workflow="invoice-triage",
    gate=GateState.RUN,
    newest=POINTS[-1],
    smoothed=TREND.line[-1],
    limit_bp=500,
    in_time=3,
    asked=4,
    open_breaches=1,
    breaches=(
        views.ReportedBreach(
            3, Cause.NO_OUTPUTS, BreachState.CLOSED, NOON, Decision.ROLL_BACK, LATER
        ),
        views.ReportedBreach(4, Cause.ERROR_RATE, BreachState.OPEN, LATER),
    ),
    agreed=agreed(Agreement(118, 5, 2, 0)),
    noticed=views.Noticed(Vigilance(11, 3, 1), 0.49, (0.081, 0.13)),
    confidence=views.Confidence(BANDS, BANDS[1], is_even=True),
    later=Uncounted(4, 3),
    rates=RATES,
    trend=TREND,
    categories=views.CategoryChart("invoice-triage", RATES),
    proof=PROOF,
)
UNJUDGED = Point(1, NOON, 0, 0, None, 500, Grade.NOT_ENOUGH_EVIDENCE)
EMPTY_TREND = views.TrendChart("invoice-triage", (UNJUDGED,), (None,))

MESSAGES: dict[str, MessageView] = {
    "digest": DIGEST,
    "digest of a quiet week": QUIET_WEEK,
    "report": REPORT,
    "report of a bad category": replace(
        REPORT, newest=replace(POINTS[-1], grade=Grade.BREACH, points_to="category refunds")
    ),
    "report on rounds that nobody answered": replace(
        REPORT,
        newest=UNJUDGED,
        smoothed=None,
        agreed=agreed(Agreement()),
        noticed=views.Noticed(Vigilance(), 0.0, None),
        confidence=views.Confidence((), None, is_even=True),
        later=Uncounted(),
        rates=(),
        trend=EMPTY_TREND,
        categories=None,
    ),
    "report of two who always say the same": replace(
        REPORT, agreed=agreed(Agreement(both_right=24))
    ),
    "report of one output looked at twice": replace(REPORT, agreed=agreed(Agreement(both_wrong=1))),
    "accept request": ACCEPT_REQUEST,
    "accepted": replace(ACCEPT_REQUEST, state=ObligationState.ANSWERED, next=None),
    "accept request of one's own": replace(ACCEPT_REQUEST, requested_by=ACCEPT_REQUEST.roles.owner),
    "accept request overdue": replace(ACCEPT_REQUEST, is_overdue=True),
    "accept request of somebody who has left": replace(ACCEPT_REQUEST, has_left=True),
    "overdue accept request of somebody who has left": replace(
        ACCEPT_REQUEST, is_overdue=True, has_left=True
    ),
    "accept request superseded": replace(ACCEPT_REQUEST, state=ObligationState.SUPERSEDED),
    "open round": OPEN_ROUND,
    "open round of an owner who left": replace(OPEN_ROUND, has_left=True),
    "drawn round": DRAWN_ROUND,
    "drawn round that has climbed": replace(
        DRAWN_ROUND, is_overdue=True, held=views.Held("UBEN", has_climbed=True)
    ),
    "drawn round of somebody away": replace(
        DRAWN_ROUND,
        held=views.Held(DRAWN_ROUND.owner, has_climbed=False, is_away=True, stand_in="UEVE"),
    ),
    "drawn round of somebody who left": replace(
        DRAWN_ROUND, has_left=True, held=views.Held("", has_climbed=True, is_nobody=True)
    ),
    "closed round": CLOSED_ROUND,
    "empty round": replace(
        CLOSED_ROUND,
        population=0,
        sample=0,
        result=Result(0, 0, 0, 0, 0),
        worst_rate=0.0,
        upper_bound=1.0,
        best_bound=1.0,
    ),
    "round to be tightened": replace(OPEN_ROUND, planned=60, usual=20, tightened_by=6),
    "round by bands of confidence": replace(
        CLOSED_ROUND,
        floor_by=FloorBy.CONFIDENCE,
        result=Result(20, 18, 2, 3, 1, (Stratum(40, 10, 2), Stratum(1_200, 10, 2, missing=2))),
    ),
    "round that is cut": replace(DRAWN_ROUND, cut_from=60),
    "drawn round with more besides": replace(DRAWN_ROUND, triggered=1),
    "closed round with more besides": replace(
        CLOSED_ROUND, triggered=3, besides=Uncounted(3, 2, 1)
    ),
    "drawn round with copies": replace(DRAWN_ROUND, copies=3),
    "round that is to prove its limit": replace(OPEN_ROUND, to_prove=59),
    "round that is tightened": replace(DRAWN_ROUND, planned=60, usual=20, tightened_by=6),
    "round that drifts": replace(
        CLOSED_ROUND, grade=Grade.WATCH, points_to="drift", baseline_bp=126
    ),
    "perfect round after rounds that drifted": replace(
        CLOSED_ROUND,
        result=Result(drawn=30, judged=30, errors=0, overrides=0, critical=0),
        worst_rate=0.0,
        upper_bound=0.095,
        best_bound=0.095,
        grade=Grade.WITHIN_LIMIT,
        points_to="drift",
        baseline_bp=126,
        speaks_against=True,
        stood_since=6,
    ),
    "perfect round after unanswered ones": replace(
        CLOSED_ROUND,
        result=Result(drawn=80, judged=80, errors=0, overrides=0, critical=0),
        sample=80,
        worst_rate=0.0,
        upper_bound=0.037,
        best_bound=0.037,
        grade=Grade.NOT_ENOUGH_EVIDENCE,
        points_to="unanswered",
    ),
    "round of too many overrides": replace(CLOSED_ROUND, grade=Grade.BREACH, points_to="overrides"),
    "round with a bad category": replace(
        CLOSED_ROUND, grade=Grade.BREACH, points_to="category refunds", category="refunds"
    ),
    "round without result": replace(CLOSED_ROUND, result=None, grade=None, is_unrevealed=True),
    "unanswered round": replace(
        CLOSED_ROUND,
        result=Result(20, 0, 0, 0, 0),
        worst_rate=None,
        upper_bound=None,
        best_bound=None,
    ),
    "review request": REVIEW_REQUEST,
    "review request with more besides": replace(REVIEW_REQUEST, items=23, triggered=3),
    "review request with copies": replace(REVIEW_REQUEST, copies=3),
    "review request of more": replace(REVIEW_REQUEST, items=60, usual=20, tightened_by=6),
    "reviewed": replace(REVIEW_REQUEST, state=ObligationState.ANSWERED, next=None),
    "share request": SHARE_REQUEST,
    "share request of a larger draw": replace(SHARE_REQUEST, tightened_by=6),
    "share request of a round that has passed on": replace(
        SHARE_REQUEST, handed_by="UBEN", has_passed_on=True
    ),
    "share request of who answers for the round by now": replace(
        SHARE_REQUEST, handed_by="UBEN", has_passed_on=True, is_own=True
    ),
    "share of who looked again and answers for the round by now": replace(
        SHARE_REQUEST, handed_by="UBEN", has_passed_on=True, is_own=True, is_barred=True, done=0
    ),
    "share handed in by who answers for the round by now": replace(
        SHARE_REQUEST,
        handed_by="UBEN",
        has_passed_on=True,
        is_own=True,
        state=ShareState.ANSWERED,
        skipped=1,
    ),
    "share of who looked again": replace(SHARE_REQUEST, is_barred=True, done=0),
    "share handed in": replace(SHARE_REQUEST, state=ShareState.ANSWERED, done=7),
    "share taken back": replace(SHARE_REQUEST, state=ShareState.TAKEN_BACK, items=0, done=0),
    "shares": SHARES_NOTICE,
    "shares all handed in": replace(SHARES_NOTICE, judged=30, free=0, can_hand_out=False),
    "all shares in": SHARES_IN,
    "all shares in but for the owner's": replace(SHARES_IN, left=3),
    "shares in and handed out again": replace(SHARES_IN, held=1),
    "shares in of a round handed in": replace(SHARES_IN, state=ObligationState.ANSWERED),
    "shares in of a round owed no more": replace(SHARES_IN, state=ObligationState.SUPERSEDED),
    "reviewer away": REVIEWER_NOTICE,
    "reviewer not reached": replace(REVIEWER_NOTICE, is_unasked=True, away_until=None),
    "reviewer who looked again": replace(REVIEWER_NOTICE, is_barred=True, away_until=None),
    "reviewer gone": replace(REVIEWER_NOTICE, is_gone=True, away_until=None),
    "reviewer told of anew": replace(
        REVIEWER_NOTICE, is_gone=True, away_until=None, is_told_anew=True
    ),
    "reviewer back": replace(REVIEWER_NOTICE, away_until=None),
    "reviewer back with one": replace(REVIEWER_NOTICE, items=1, away_until=None),
    "reviewer away with nothing": replace(REVIEWER_NOTICE, is_with=False, items=0),
    "shares of a round handed in": replace(
        SHARES_NOTICE, state=ObligationState.ANSWERED, judged=30, free=0, can_hand_out=False
    ),
    "shares of a round owed no more": replace(
        SHARES_NOTICE, parts=(), state=ObligationState.SUPERSEDED, can_hand_out=False
    ),
    "round looked at twice": replace(CLOSED_ROUND, looks=views.TwoLooks(2, 2, 0, 0)),
    "round with disagreements": replace(CLOSED_ROUND, looks=views.TwoLooks(4, 4, 3, 1)),
    "second request": SECOND_REQUEST,
    "looked at again": replace(SECOND_REQUEST, state=ObligationState.ANSWERED, done=2, next=None),
    "second request superseded": replace(
        SECOND_REQUEST, state=ObligationState.SUPERSEDED, next=None
    ),
    "round with skips": replace(CLOSED_ROUND, skipped=2, unjudged=1),
    "round with skips that were confirmed": replace(CLOSED_ROUND, skipped=1),
    "share handed in with skips": replace(
        SHARE_REQUEST, state=ShareState.ANSWERED, items=6, done=6, skipped=1
    ),
    "reviewers with skips": replace(
        SHARES_NOTICE, parts=(replace(SHARE_PART, state=ShareState.ANSWERED, skipped=2),)
    ),
    "judge request": JUDGE_REQUEST,
    "judge request of a breach that is opened": replace(JUDGE_REQUEST, brought=5),
    "judge request of one": replace(JUDGE_REQUEST, items=1, done=0),
    "all judged": replace(JUDGE_REQUEST, state=ObligationState.ANSWERED, done=3, next=None),
    "judge request superseded": replace(JUDGE_REQUEST, state=ObligationState.SUPERSEDED, next=None),
    "settle request": SETTLE_REQUEST,
    "settled": replace(SETTLE_REQUEST, state=ObligationState.ANSWERED, done=2, next=None),
    "settle request superseded": replace(
        SETTLE_REQUEST, state=ObligationState.SUPERSEDED, next=None
    ),
    "open breach": OPEN_BREACH,
    "open breach of what is reviewed": replace(OPEN_BREACH, stands=GateState.REVIEW_ALL),
    "breach of a concern": CONCERN_BREACH,
    "breach of a concern of somebody not named": replace(
        CONCERN_BREACH, concern=views.RaisedConcern("", Severity.MINOR, "It is rude.")
    ),
    "concern taken on": CONCERN_NOTICE,
    "concern decided": replace(
        CONCERN_NOTICE,
        state=BreachState.DECIDED,
        decision=Decision.RETRAIN,
        decided_by="UADA",
        reason="It learned it from us.",
        carry_out_by=LATER,
    ),
    "concern closed": replace(
        CONCERN_NOTICE,
        state=BreachState.CLOSED,
        decision=Decision.ROLL_BACK,
        decided_by="UADA",
        reason="It is not worth it.",
        evidence="https://tickets.example/42",
    ),
    "concern closed by a pause": replace(
        CONCERN_NOTICE,
        state=BreachState.CLOSED,
        decision=Decision.PAUSE,
        decided_by="U0PRIYA",
        left_at=GateState.PAUSED,
        has_moved_it=True,
    ),
    "concern closed under a pause": replace(
        CONCERN_NOTICE,
        state=BreachState.CLOSED,
        decision=Decision.CONTINUE,
        decided_by="UADA",
        reason="It was one of a kind.",
        left_at=GateState.PAUSED,
    ),
    "concern about what was retired": replace(
        CONCERN_NOTICE, state=BreachState.CLOSED, acknowledged_by=""
    ),
    "breach of a limit": LIMIT_BREACH,
    "breach of a limit, once more": replace(
        LIMIT_BREACH, past=views.PastLimit("latency_p95", 1, "3.4", NOON)
    ),
    "accept request with limits": replace(
        ACCEPT_REQUEST, limits=("latency_p95 at most 2.5 every hour", "cost at most 10 every round")
    ),
    "acknowledged breach": ACKNOWLEDGED_BREACH,
    "acknowledged breach of what is paused": replace(
        ACKNOWLEDGED_BREACH, gate=GateState.PAUSED, stands=GateState.PAUSED
    ),
    "breach of outputs": OUTPUTS_BREACH,
    "breach to be tightened": replace(DECIDED_BREACH, decision=Decision.TIGHTEN),
    "decided breach": DECIDED_BREACH,
    "closed breach": CLOSED_BREACH,
    "breach closed under a pause": replace(
        CLOSED_BREACH, decision=Decision.CONTINUE, evidence="", left_at=GateState.PAUSED
    ),
    "breach closed by a pause": replace(
        CLOSED_BREACH,
        decision=Decision.PAUSE,
        evidence="",
        left_at=GateState.PAUSED,
        has_moved_it=True,
    ),
    "breach closed by a review of all": replace(
        CLOSED_BREACH,
        decision=Decision.REVIEW_ALL,
        evidence="",
        left_at=GateState.REVIEW_ALL,
        has_moved_it=True,
    ),
    "gate notice that comes after it runs again": replace(GATE_NOTICE, stands=GateState.RUN),
    "gate notice that comes after a stop": replace(GATE_NOTICE, stands=GateState.PAUSED),
    "gate notice of a stop during a drill": replace(
        GATE_NOTICE, was=GateState.PAUSED, now=GateState.PAUSED
    ),
    "gate notice of a drill in a sandbox": replace(
        DRILLED_NOTICE, seconds="0.000", is_of_sandbox=True
    ),
    "round handed in late": replace(
        CLOSED_ROUND,
        result=Result(drawn=30, judged=0, errors=0, overrides=0, critical=0),
        looks=views.TwoLooks(asked=3, given=3),
        later=Uncounted(30, 4),
    ),
    "handover to somebody who has left": replace(
        HANDOVER_REQUEST, successor_left=True, in_channel=True
    ),
    "reminder of a successor who left": replace(
        TOLD_REMINDER,
        kind=ObligationKind.TAKE_OVER,
        has_left=True,
        other_way=OtherWay.PROPOSE_ANOTHER,
    ),
    "handover from somebody who has left": replace(HANDOVER_REQUEST, has_left=True),
    "handover from somebody who has left declined": replace(
        HANDOVER_REQUEST,
        has_left=True,
        state=ObligationState.SUPERSEDED,
        outcome=HandoverState.DECLINED,
        next=None,
    ),
    "sheet of what is owed": replace(
        SHEET,
        gone=("UADA", "UBEN"),
        is_drill_waiting=True,
        drill_at=NOON,
        owed=(
            replace(OWED_NOW, kind=ObligationKind.ATTEST, subject=2, is_overdue=True),
            CLIMBED_NOW,
            LEFT_TO_NOBODY,
            *[OWED_NOW] * 7,
        ),
        more_owed=2,
    ),
    "overdue breach that has climbed": replace(
        OPEN_BREACH, is_overdue=True, held=views.Held("UBEN", has_climbed=True)
    ),
    "overdue breach that others may answer still": replace(
        OPEN_BREACH,
        is_overdue=True,
        held=views.Held(
            "UCLEO",
            has_climbed=True,
            others=(views.Answerer("UADA", LATER, "UEVE"), views.Answerer("UBEN")),
        ),
    ),
    "breach of somebody away": replace(
        OPEN_BREACH, held=views.Held("UADA", has_climbed=False, is_away=True, stand_in="UEVE")
    ),
    "overdue breach that nobody decides": replace(
        ACKNOWLEDGED_BREACH,
        is_overdue=True,
        held=views.Held("", has_climbed=True, is_told=True),
        next=None,
    ),
    "overdue work on a breach": replace(
        DECIDED_BREACH,
        is_overdue=True,
        held=views.Held("UBEN", has_climbed=True, is_away=True, until=LATER),
    ),
    "reminder": REMINDER,
    "last reminder": LAST_REMINDER,
    "late reminder": LATE_REMINDER,
    "passed reminder": PASSED_REMINDER,
    "reminder of what is reviewed": replace(
        REMINDER, kind=ObligationKind.DECIDE, stands=GateState.REVIEW_ALL
    ),
    "reminder to somebody who may not answer": TOLD_REMINDER,
    "reminder of nobody left": replace(
        REMINDER,
        kind=ObligationKind.HAND_OVER,
        stands=GateState.REVIEW_ALL,
        brings_stop=True,
    ),
    "reminder of who has left": replace(TOLD_REMINDER, has_left=True),
    "reminder of what is stopped to an admin": replace(
        TOLD_REMINDER, other_way=OtherWay.NAME_OWNER
    ),
    "reminder of an owner who left, the backup away": replace(
        TOLD_REMINDER, has_left=True, other_way=OtherWay.NAME_OWNER_OR_PAUSE
    ),
    "reminder of an owner who left": replace(TOLD_REMINDER, other_way=OtherWay.REPLACE_OWNER),
    "reminder of a steward who left": replace(
        TOLD_REMINDER, kind=ObligationKind.DECIDE, other_way=OtherWay.REPLACE_STEWARD
    ),
    "reminder of a backup who left": replace(
        TOLD_REMINDER, kind=ObligationKind.CONFIRM, other_way=OtherWay.REPLACE_BACKUP
    ),
    **{
        f"reminder of an owner who left: {way}": replace(
            TOLD_REMINDER, kind=ObligationKind.DRILL, has_left=True, other_way=way, may_pause=False
        )
        for way in (
            OtherWay.HAVE_OWNER_REPLACED,
            OtherWay.HAVE_STEWARD_REPLACE_OWNER,
            OtherWay.HAVE_ADMIN_REPLACE_OWNER,
            OtherWay.HAVE_ADMIN_TO_REPLACE_OWNER,
        )
    },
    "reminder of a steward whom others replace": replace(
        TOLD_REMINDER, kind=ObligationKind.DECIDE, other_way=OtherWay.HAVE_STEWARD_REPLACED
    ),
    "reminder of a steward whom only an admin could replace": replace(
        TOLD_REMINDER, kind=ObligationKind.DECIDE, other_way=OtherWay.HAVE_ADMIN_FOR_STEWARD
    ),
    "reminder of a draft without an admin": replace(
        TOLD_OF_DRAFT, other_way=OtherWay.HAVE_ADMIN_FOR_OWNER
    ),
    "reminder of what only a steward may answer": replace(
        TOLD_REMINDER, kind=ObligationKind.DECIDE, other_way=OtherWay.NAME_STEWARD
    ),
    "reminder of what is stopped": replace(TOLD_REMINDER, other_way=OtherWay.NONE),
    "reminder of a draft": TOLD_OF_DRAFT,
    "reminder of a draft to an admin": replace(TOLD_OF_DRAFT, other_way=OtherWay.NAME_OWNER),
    "reminder of an owner who is back": replace(
        REMINDER,
        kind=ObligationKind.HAND_OVER,
        state=ObligationState.SUPERSEDED,
        next=None,
        back=214,
    ),
    "reminder that has climbed on": replace(REMINDER, has_climbed_on=True, next=None),
    "last reminder to one admin": replace(LAST_REMINDER, is_for_one=True),
    "reminder to some who may not answer and one who may": replace(
        LAST_REMINDER, may_answer=False, other_way=OtherWay.PAUSE, able=("UGIL",)
    ),
    "reminder of what has climbed": replace(REMINDER, held=views.Held("UBEN", has_climbed=True)),
    "reminder of what has climbed to nobody": replace(
        LAST_REMINDER,
        held=views.Held("", has_climbed=True, is_nobody=True),
        next=views.Next(Role.ADMIN, LATER, is_again=True, is_nobody=True),
    ),
    "reminder of what the steward is only told of": replace(
        REMINDER, next=views.Next(Role.STEWARD, LATER, is_told=True)
    ),
    "breach of whose next step admins are only told": replace(
        OPEN_BREACH, next=views.Next(Role.ADMIN, LATER, is_told=True)
    ),
    "last reminder to one admin who may not answer": replace(
        LAST_REMINDER,
        is_for_one=True,
        may_answer=False,
        next=views.Next(Role.ADMIN, LATER, is_again=True, is_told=True),
    ),
    "last reminder answered since": replace(
        LAST_REMINDER, state=ObligationState.ANSWERED, next=None
    ),
    "reminder of what lapses next": replace(
        REMINDER, kind=ObligationKind.CONFIRM, next=views.Next(Role.ADMIN, LATER, is_lapse=True)
    ),
    "reminder of a request whose asker has left": replace(
        REMINDER,
        kind=ObligationKind.CONFIRM,
        state=ObligationState.SUPERSEDED,
        next=None,
        settled=Settled(Kind.PERSON_CHANGED, "", 57, asker="UADA"),
    ),
    "reminder to some who left": replace(REMINDER, left=("UEVE", "UDAN")),
    "reminder to nobody who is left": replace(REMINDER, asked=(), left=("UBEN",)),
    "reminder of what was declined": replace(
        LAST_REMINDER,
        kind=ObligationKind.CONFIRM,
        state=ObligationState.SUPERSEDED,
        next=None,
        settled=Settled(Kind.RESUME_DECLINED, "UCLEO", 57),
    ),
    "reminder of what was withdrawn": replace(
        LAST_REMINDER,
        kind=ObligationKind.TAKE_OVER,
        state=ObligationState.SUPERSEDED,
        next=None,
        settled=Settled(Kind.HANDOVER_WITHDRAWN, "UADA", 57),
    ),
    "reminder of what has lapsed": replace(
        LAST_REMINDER,
        kind=ObligationKind.CONFIRM,
        state=ObligationState.LAPSED,
        consequence="The request has lapsed; nothing changes.",
        next=None,
    ),
    "reminder of a breach that is opened": replace(REMINDER, kind=ObligationKind.REVIEW, brought=5),
    "reminder after a resume": replace(REMINDER, pauses_next=True),
    "reminder of who is away": replace(
        REMINDER, held=views.Held("UBEN", has_climbed=True, alone=views.Alone("UADA", LATER))
    ),
    "reminder of who is away and has somebody who may not answer it": replace(
        REMINDER,
        held=views.Held("UBEN", has_climbed=True, alone=views.Alone("UADA", LATER, "UEVE")),
    ),
    "reminder of a word that nobody gives in another's place": replace(
        REMINDER,
        kind=ObligationKind.ATTEST,
        held=views.Held(
            "UBEN",
            has_climbed=True,
            is_told=True,
            alone=views.Alone("UADA", LATER, "UEVE", is_own_word=True),
        ),
    ),
    "spent reminder": replace(REMINDER, state=ObligationState.SUPERSEDED, next=None),
    "gate notice": GATE_NOTICE,
    "silent gate notice": SILENT_GATE_NOTICE,
    "gate notice of the console": CONSOLE_GATE_NOTICE,
    "gate notice of a resume": RESUMED_NOTICE,
    "gate notice of a drill that is done": DRILLED_NOTICE,
    "resume request": RESUME_REQUEST,
    "resume request declined": replace(
        RESUME_REQUEST,
        state=ObligationState.SUPERSEDED,
        declined_by="UBEN",
        because="The duplicates are still there.",
    ),
    "resume request of who reads it": replace(RESUME_REQUEST, is_own=True),
    "change request of who reads it": replace(CHANGE_REQUEST, is_own=True),
    "resume request in the channel": replace(RESUME_REQUEST, in_channel=True),
    "resume request withdrawn": replace(
        RESUME_REQUEST, state=ObligationState.SUPERSEDED, is_withdrawn=True, in_channel=True
    ),
    "change request in the channel": replace(CHANGE_REQUEST, in_channel=True),
    "change request withdrawn": replace(
        CHANGE_REQUEST, state=ObligationState.SUPERSEDED, is_withdrawn=True
    ),
    "resume request to who stands in": replace(RESUME_REQUEST, away="UADA"),
    "breach that nobody will be there for": replace(
        OPEN_BREACH, next=views.Next(Role.ADMIN, LATER, is_nobody=True)
    ),
    "breach that is with admins who are away": replace(
        OPEN_BREACH, held=views.Held("", has_climbed=True, is_away=True), next=None
    ),
    "resume request whose confirmers are away": replace(
        RESUME_REQUEST,
        confirmers=(
            views.Answerer("UBEN", LATER, "UDAN"),
            views.Answerer("UCLEO", LATER),
        ),
    ),
    "resume request that nobody is left to confirm": replace(RESUME_REQUEST, confirmers=()),
    "overdue resume request": replace(RESUME_REQUEST, is_overdue=True),
    "overdue change request": replace(CHANGE_REQUEST, is_overdue=True),
    "overdue request that nobody is left to confirm": replace(
        RESUME_REQUEST, is_overdue=True, confirmers=()
    ),
    "change request where nobody is an admin": replace(CHANGE_REQUEST, has_admins=False),
    "change request that nobody is left to confirm": replace(
        CHANGE_REQUEST, confirmers=(), has_admins=False
    ),
    "change request that only an admin is left to confirm": replace(CHANGE_REQUEST, confirmers=()),
    "resumed in another's place": replace(
        RESUME_REQUEST,
        state=ObligationState.ANSWERED,
        confirmed_by="UDAN",
        confirmed_for="UCLEO",
        gate=GateState.RUN,
    ),
    "changed in another's place": replace(
        CHANGE_REQUEST, state=ObligationState.ANSWERED, confirmed_by="UDAN", confirmed_for="UBEN"
    ),
    "gate opened by two, one in another's place": replace(
        GATE_NOTICE, now=GateState.RUN, by="UDAN", asked_by="UADA", confirmed_for="UCLEO"
    ),
    "resumed": replace(
        RESUME_REQUEST,
        state=ObligationState.ANSWERED,
        confirmed_by="UCLEO",
        gate=GateState.RUN,
    ),
    "resumed, and closed again before it is shown": replace(
        RESUME_REQUEST,
        state=ObligationState.ANSWERED,
        confirmed_by="UCLEO",
        gate=GateState.PAUSED,
        stands=GateState.PAUSED,
    ),
    "change request": CHANGE_REQUEST,
    "change request to who stands in": replace(CHANGE_REQUEST, away="UADA"),
    "changed by two": replace(CHANGE_REQUEST, state=ObligationState.ANSWERED, confirmed_by="UBEN"),
    "change request declined": replace(
        CHANGE_REQUEST,
        state=ObligationState.SUPERSEDED,
        declined_by="UBEN",
        because="Too few to see anything in.",
    ),
    "resume request of a workflow that was paused since": replace(
        RESUME_REQUEST,
        state=ObligationState.SUPERSEDED,
        settled=Settled(Kind.DECISION_RECORDED, "UCLEO", 57, "4", "pause"),
    ),
    "resume request whose asker holds no role any more": replace(
        RESUME_REQUEST,
        state=ObligationState.SUPERSEDED,
        settled=Settled(
            Kind.ROLES_CHANGED,
            "UCLEO",
            57,
            asker="UADA",
            again="It can be asked for again by the owner, the backup or the steward, with "
            "`/answerable resume invoice-triage`.",
        ),
    ),
    "change request whose asker has left": replace(
        CHANGE_REQUEST,
        state=ObligationState.SUPERSEDED,
        settled=Settled(
            Kind.PERSON_CHANGED,
            "",
            57,
            asker="UADA",
            again="It can be asked for again by the owner or an admin, with "
            "`/answerable register invoice-triage`.",
        ),
    ),
    "resume request asked anew": replace(
        RESUME_REQUEST,
        state=ObligationState.SUPERSEDED,
        settled=Settled(Kind.RESUME_REQUESTED, "UADA", 57),
    ),
    "change request asked anew": replace(
        CHANGE_REQUEST,
        state=ObligationState.SUPERSEDED,
        settled=Settled(Kind.CHANGE_REQUESTED, "UADA", 57),
    ),
    "change request superseded": replace(
        CHANGE_REQUEST,
        state=ObligationState.SUPERSEDED,
        settled=Settled(Kind.POLICY_CHANGED, "UBEN", 57),
    ),
    "change request of somebody who is no admin any more": replace(
        CHANGE_REQUEST,
        state=ObligationState.SUPERSEDED,
        settled=Settled(Kind.OBLIGATION_SUPERSEDED, "", 57, asker="UADA", again="Ask again."),
    ),
    "policy notice": POLICY_NOTICE,
    "policy notice of what took two": replace(POLICY_NOTICE, asked_by="UADA"),
    "policy notice of what somebody confirmed in another's place": replace(
        POLICY_NOTICE, asked_by="UADA", confirmed_for="UCLEO"
    ),
    "policy notice of something stricter": replace(
        POLICY_NOTICE, differences=DIFFERENCES[1:2], reason=""
    ),
    "notice": views.Notice("You cannot decide this breach: that takes the owner.", PROOF),
    "notice that a workflow was moved": views.Notice(
        "On 2026-06-01 09:00 UTC triage was moved to another channel, with all that was open:",
        PROOF,
        moved_to="C0ELSE",
    ),
    "refusal that names who may": views.Notice(
        "You cannot see the outputs of this breach: that takes the owner, the steward or an admin.",
        PROOF,
        (
            Holding(Role.OWNER, ("UADA",)),
            Holding(
                Role.STEWARD,
                (),
                ("Another can be named by an admin, with `/answerable handover triage`.",),
            ),
            Holding(Role.ADMIN, tuple(f"UADMIN{each}" for each in range(9))),
        ),
    ),
    "refusal where people are away": views.Notice(
        "You cannot acknowledge this breach: that takes the owner or the backup.",
        PROOF,
        (
            Holding(Role.OWNER, ("UADA",), away={"UADA": "UEVE"}),
            Holding(Role.BACKUP, ("UBEN",), away={"UBEN": ""}, until={"UBEN": LATER}),
        ),
    ),
    "refusal": views.Notice(
        "There is no workflow “nope”. `/answerable list` shows the registered ones."
    ),
    "workflow list": views.WorkflowList(
        (
            LISTED,
            replace(LISTED, open_breaches=0),
            replace(LISTED, overdue=2, has_left=True, climbs_at=NOON),
            *(
                replace(LISTED, overdue=1, reached=each, climbs_at=NOON)
                for each in (Role.BACKUP, Role.STEWARD, Role.ADMIN)
            ),
        ),
        more=3,
    ),
    "empty workflow list": views.WorkflowList((), more=0),
    "workflow sheet": SHEET,
    "sheet of one that is to prove its limit": replace(SHEET, floor=0, to_prove=119),
    "sheet with limits": replace(
        SHEET,
        limits=(
            views.MeasuredLimit("latency_p95 at most 2.5 every hour", "3.4", NOON, is_past=True),
            views.MeasuredLimit("cost at most 10 every week", "8", LATER, is_past=False),
            views.MeasuredLimit("drift at most 0.2 every round", None, None, is_past=False),
        ),
    ),
    "draft workflow sheet": replace(
        SHEET, round=None, round_state=None, breaches=(), next_firings=(), gate=GateState.NOT_READY
    ),
    "reminder of who stands in": STAND_IN_REMINDER,
    "reminder of who stands in for who owes it": replace(STAND_IN_REMINDER, away=("UADA",)),
    "reminder of who stands in for two": replace(STAND_IN_REMINDER, away=("UADA", "UBEN")),
    **{
        f"reminder of who may not answer what they owe: {kind}": replace(
            REMINDER,
            kind=kind,
            held=views.Held("UBEN", has_climbed=True, barred=views.Barred("UADA", kind)),
        )
        for kind in (
            ObligationKind.REVIEW,
            ObligationKind.SECOND_REVIEW,
            ObligationKind.SETTLE,
            ObligationKind.JUDGE,
            ObligationKind.CONFIRM,
        )
    },
    "reminder that says once who stands in": replace(
        STAND_IN_REMINDER,
        held=views.Held("UBEN", has_climbed=True, is_away=True, stand_in="UEVE"),
    ),
    "duty request": DUTY_REQUEST,
    "duty request for what is reviewed": replace(DUTY_REQUEST, stands=GateState.REVIEW_ALL),
    "duty passed on": replace(DUTY_REQUEST, owed_by="UEVE", away="", until=None, is_own=True),
    "duty request to who stands in for the backup": replace(DUTY_REQUEST, away="UBEN"),
    "duty that has climbed to who stood in": replace(DUTY_REQUEST, away="", until=None),
    "duty request of who is back": replace(
        DUTY_REQUEST,
        away="",
        until=None,
        was_missed=True,
        is_own=True,
        next=views.Next(Role.OWNER, LATER),
    ),
    "duty of others told to who is back": replace(
        DUTY_REQUEST,
        away="",
        until=None,
        was_missed=True,
        may_answer=False,
        other_way=OtherWay.PAUSE,
    ),
    "no longer yours": NOT_YOURS,
    "with nobody in particular any more": replace(NOT_YOURS, asked=""),
    "no longer yours, answered": replace(NOT_YOURS, state=ObligationState.ANSWERED),
    "no longer yours, settled": replace(NOT_YOURS, state=ObligationState.SUPERSEDED),
    "no longer yours, decided": replace(
        NOT_YOURS,
        state=ObligationState.SUPERSEDED,
        settled=Settled(Kind.DECISION_RECORDED, "UCLEO", 57, "4", "retire"),
    ),
    **{
        f"{name} that is no longer yours": replace(
            NOT_YOURS, was=kind, reviewer="UEVE" if kind is MessageKind.REVIEWER_NOTICE else ""
        )
        for name, kind in {
            "reminder": MessageKind.REMINDER,
            "breach card": MessageKind.BREACH_CARD,
            "shares notice": MessageKind.SHARES_NOTICE,
            "shares in": MessageKind.SHARES_IN,
            "reviewer notice": MessageKind.REVIEWER_NOTICE,
        }.items()
    },
    "breach card that is no longer yours, answered": replace(
        NOT_YOURS, was=MessageKind.BREACH_CARD, state=ObligationState.ANSWERED
    ),
    "breach card that is no longer yours, settled": replace(
        NOT_YOURS, was=MessageKind.BREACH_CARD, state=ObligationState.SUPERSEDED
    ),
    "duty request of a breach that is opened": replace(
        DUTY_REQUEST, kind=ObligationKind.SETTLE, brought=5
    ),
    "duty request to see to": replace(DUTY_REQUEST, may_answer=False, other_way=OtherWay.PAUSE),
    "duty request to replace whoever left": replace(
        DUTY_REQUEST, may_answer=False, other_way=OtherWay.REPLACE_OWNER
    ),
    "duty request to have whoever left replaced": replace(
        DUTY_REQUEST, may_answer=False, other_way=OtherWay.HAVE_OWNER_REPLACED, may_pause=False
    ),
    "duty request of an owner who is back": replace(
        DUTY_REQUEST,
        kind=ObligationKind.HAND_OVER,
        state=ObligationState.SUPERSEDED,
        next=None,
        back=214,
    ),
    "duty request that was asked again since": replace(DUTY_REQUEST, is_asked_anew=True),
    "spent duty request": replace(DUTY_REQUEST, state=ObligationState.ANSWERED, next=None),
    "loss notice": LOSS_NOTICE,
    "loss of one entry": replace(LOSS_NOTICE, lost=1),
    "loss that nobody can count": replace(LOSS_NOTICE, lost=0),
    "absence notice": ABSENCE_NOTICE,
    "absence of a reviewer": replace(ABSENCE_NOTICE, delegate="", has_shares=True),
    "absence without anybody": replace(ABSENCE_NOTICE, delegate="", reason=""),
    "absence of who was to stand in": replace(ABSENCE_NOTICE, was_to_stand_in=True),
    "absence taken back": replace(
        ABSENCE_NOTICE, ends_at=NOON, state=AbsenceState.OVER, is_taken_back=True
    ),
    "absence of a moment": replace(ABSENCE_NOTICE, ends_at=NOON, state=AbsenceState.OVER),
    "absence that is over": replace(ABSENCE_NOTICE, state=AbsenceState.OVER),
    "absence whose stand-in built some of it": replace(
        ABSENCE_NOTICE, not_for=("invoice-triage", "replies")
    ),
    "absence after another": replace(ABSENCE_NOTICE, is_away_on=True, reason=""),
    "absence in which another stands in": replace(
        ABSENCE_NOTICE, is_away_on=True, reason="", former="UEVE"
    ),
    "absence of who has left": replace(ABSENCE_NOTICE, state=AbsenceState.OVER, has_left=True),
    "absence whose stand-in is away too": replace(
        ABSENCE_NOTICE, away_too=views.AwayToo(LATER, "")
    ),
    "absence whose stand-in has one": replace(
        ABSENCE_NOTICE, away_too=views.AwayToo(LATER, "UEVE")
    ),
    "absence whose stand-in is away later": replace(
        ABSENCE_NOTICE, away_too=views.AwayToo(LATER, "", NOON)
    ),
    "absence whose stand-in is away later, and another stands in": replace(
        ABSENCE_NOTICE, away_too=views.AwayToo(LATER, "UEVE", NOON)
    ),
    "absence whose stand-in is a full member again": replace(ABSENCE_NOTICE, is_again=True),
    "own absence whose stand-in has left": replace(ABSENCE_NOTICE, stand_in_left=True, is_own=True),
    "absences": views.Absences(
        (
            views.StandingAbsence(1, "UBEN", NOON, LATER, not_for=("invoice-triage",)),
            views.StandingAbsence(2, "", LATER, LATER + timedelta(days=7)),
            views.StandingAbsence(3, "UEVE", LATER, LATER + timedelta(days=14), stand_in_left=True),
            views.StandingAbsence(4, "UBEN", NOON, LATER, away_too=views.AwayToo(LATER, "UEVE")),
            views.StandingAbsence(
                5, "UBEN", NOON, LATER, away_too=views.AwayToo(LATER, "UEVE", NOON)
            ),
        )
    ),
    "owner needed": OWNER_NEEDED,
    "owner needed, late": replace(OWNER_NEEDED, is_overdue=True),
    "review request, late": replace(REVIEW_REQUEST, is_overdue=True),
    "review request, of who stands in": replace(
        REVIEW_REQUEST, lent=views.Lent("UADA", LATER, stays=True)
    ),
    "second request, of who stands in": replace(
        SECOND_REQUEST, lent=views.Lent("UADA", LATER, stays=False)
    ),
    "settle request, climbed": replace(SETTLE_REQUEST, has_climbed=True),
    "judge request, climbed": replace(JUDGE_REQUEST, has_climbed=True),
    "second request, late": replace(SECOND_REQUEST, is_overdue=True),
    "settle request, late": replace(SETTLE_REQUEST, is_overdue=True),
    "judge request, late": replace(JUDGE_REQUEST, is_overdue=True),
    "attest request, late": replace(ATTEST_REQUEST, is_overdue=True),
    "drill request, late": replace(DRILL_REQUEST, is_overdue=True),
    "share request, late": replace(SHARE_REQUEST, is_overdue=True),
    "shares notice, late": replace(SHARES_NOTICE, is_overdue=True),
    "shares in, late": replace(SHARES_IN, is_overdue=True),
    "owner needed of what is degraded": replace(OWNER_NEEDED, stands=GateState.DEGRADED),
    "owner needed, no backup": replace(
        OWNER_NEEDED, backup="", meanwhile=views.Meanwhile(Role.STEWARD)
    ),
    "owner needed, the backup away": replace(
        OWNER_NEEDED, meanwhile=views.Meanwhile(Role.STEWARD, is_lent=True)
    ),
    "owner needed, backup and steward away": replace(
        OWNER_NEEDED, meanwhile=views.Meanwhile(Role.ADMIN)
    ),
    "owner needed, all away and no admin": replace(
        OWNER_NEEDED, has_admins=False, meanwhile=views.Meanwhile(Role.ADMIN)
    ),
    "owner needed, the steward away": replace(
        OWNER_NEEDED, held=views.Held("UCLEO", has_climbed=False, is_away=True, stand_in="UEVE")
    ),
    "owner needed, no steward": replace(OWNER_NEEDED, steward=""),
    "owner needed, to a backup": replace(OWNER_NEEDED, may_answer=False),
    "owner needed, no admin": replace(OWNER_NEEDED, has_admins=False),
    "owner needed, no steward, no admin": replace(
        OWNER_NEEDED, steward="", next=None, has_admins=False
    ),
    "owner needed, nobody left, no admin": replace(
        OWNER_NEEDED,
        steward="",
        backup="",
        next=None,
        has_admins=False,
        meanwhile=views.Meanwhile(Role.ADMIN),
    ),
    "nobody left": replace(
        OWNER_NEEDED, backup="", steward="", meanwhile=views.Meanwhile(Role.ADMIN)
    ),
    "owner named": replace(OWNER_NEEDED, state=ObligationState.ANSWERED, next=None),
    "owner no longer needed": replace(OWNER_NEEDED, state=ObligationState.SUPERSEDED, next=None),
    "owner is back": replace(OWNER_NEEDED, state=ObligationState.SUPERSEDED, next=None, back=214),
    "handover request": HANDOVER_REQUEST,
    "handed over": replace(HANDOVER_REQUEST, state=ObligationState.ANSWERED, next=None),
    "handover request to somebody who is away": replace(
        HANDOVER_REQUEST, alone=views.Alone("UDAN", LATER, "UEVE", is_own_word=True)
    ),
    "handover request in the channel": replace(HANDOVER_REQUEST, in_channel=True),
    "handover declined": replace(
        HANDOVER_REQUEST,
        state=ObligationState.SUPERSEDED,
        next=None,
        outcome=HandoverState.DECLINED,
        because="I go on leave in March.",
    ),
    "handover withdrawn": replace(
        HANDOVER_REQUEST,
        state=ObligationState.SUPERSEDED,
        next=None,
        outcome=HandoverState.WITHDRAWN,
    ),
    "handover that lapses next": replace(
        HANDOVER_REQUEST, next=views.Next(Role.ADMIN, LATER, is_lapse=True)
    ),
    "handover request past its time": replace(HANDOVER_REQUEST, is_overdue=True),
    "handover request past its time, of an owner who has left": replace(
        HANDOVER_REQUEST, is_overdue=True, has_left=True
    ),
    "handover lapsed": replace(HANDOVER_REQUEST, state=ObligationState.LAPSED, next=None),
    "handover in whose place another was proposed": replace(
        HANDOVER_REQUEST,
        state=ObligationState.SUPERSEDED,
        next=None,
        outcome=HandoverState.SUPERSEDED,
        settled=Settled(Kind.HANDOVER_PROPOSED, "UADA", 57),
    ),
    "handover request, to who proposed it": replace(
        HANDOVER_REQUEST, is_own=True, may_answer=False
    ),
    "gate notice, not answered": replace(
        SILENT_GATE_NOTICE,
        unanswered=(views.Unanswered(ObligationKind.ACKNOWLEDGE, "invoice-triage", 4),),
    ),
    "gate notice, too few": replace(
        GATE_NOTICE, too_few=views.TooFew(("UBEN",), ("UCLEO",), ("UADA",), "an admin")
    ),
    "gate notice, asked to resume": replace(
        GATE_NOTICE,
        request=views.ToConfirm(
            "UADA",
            (views.Answerer("UBEN", LATER, "UEVE"), views.Answerer("UCLEO")),
            LATER,
        ),
    ),
    "gate notice, asked to resume and nobody to confirm": replace(
        GATE_NOTICE, request=views.ToConfirm("UADA", (), LATER, is_overdue=True)
    ),
    "gate notice, nobody there": replace(
        GATE_NOTICE, too_few=views.TooFew((), ("UADA", "UBEN", "UCLEO"), ())
    ),
    "breach of an owner who left": replace(
        OPEN_BREACH, has_left=True, held=views.Held("UBEN", has_climbed=True)
    ),
    "overdue breach of an owner who left": replace(OPEN_BREACH, has_left=True, is_overdue=True),
    "breach, to a steward": replace(OPEN_BREACH, may_answer=False, has_outputs=True),
    "vacancy notice that is for others by now": views.VacancyNotice(
        "UADA", (), PROOF, is_for_others=True
    ),
    "vacancy notice": views.VacancyNotice(
        "UBEN",
        (
            views.Vacancy("invoice-triage", Role.BACKUP, may_name=True, asks_next=Role.STEWARD),
            views.Vacancy("credit-notes", Role.STEWARD, may_name=False),
        ),
        PROOF,
    ),
    "vacancy notice of two backups, one without a steward": views.VacancyNotice(
        "UBEN",
        tuple(
            views.Vacancy(key, Role.BACKUP, may_name=True, asks_next=asked)
            for key, asked in (("invoice-triage", Role.STEWARD), ("credit-notes", Role.ADMIN))
        ),
        PROOF,
    ),
    "vacancy notice of a backup, nobody else left": views.VacancyNotice(
        "UBEN", (views.Vacancy("invoice-triage", Role.BACKUP, may_name=True),), PROOF
    ),
    "vacancy notice of a draft": views.VacancyNotice(
        "UADA", (views.Vacancy("invoice-triage", Role.OWNER, may_name=True),), PROOF
    ),
    "vacancy notice of two drafts, nobody left": views.VacancyNotice(
        "UADA",
        tuple(
            views.Vacancy(key, Role.OWNER, may_name=False, by_nobody=True)
            for key in ("invoice-triage", "credit-notes")
        ),
        PROOF,
    ),
    "vacancy notice, nobody left": views.VacancyNotice(
        "UCLEO",
        (views.Vacancy("invoice-triage", Role.STEWARD, may_name=False, by_nobody=True),),
        PROOF,
    ),
    "vacancy notice of many": views.VacancyNotice(
        "UCLEO",
        tuple(views.Vacancy(f"desk-{each}", Role.STEWARD, may_name=True) for each in range(30)),
        PROOF,
    ),
    "vacancy notice of many that others have to fill": views.VacancyNotice(
        "UCLEO",
        tuple(
            views.Vacancy(f"desk-{each:02}-".ljust(63, "x"), role, may_name=False)
            for each in range(12)
            for role in (Role.BACKUP, Role.STEWARD)
        ),
        PROOF,
    ),
    "vacancy notice, back since": views.VacancyNotice("UBEN", (), PROOF, back=65),
    "vacancy notice, named since": views.VacancyNotice("UBEN", (), PROOF),
    "roles notice": views.RolesNotice(
        "invoice-triage", "UADA", ("backup", "technical_owner"), ROLES, "A new desk.", PROOF
    ),
    "roles notice after a handover": views.RolesNotice(
        "invoice-triage", "UEVE", ("owner",), ROLES, "A new desk.", PROOF, proposed_by="UADA"
    ),
    "attest request": ATTEST_REQUEST,
    "attest request, to a steward": replace(ATTEST_REQUEST, may_answer=False),
    "attest request for what is reviewed": replace(ATTEST_REQUEST, stands=GateState.REVIEW_ALL),
    "attested": replace(
        ATTEST_REQUEST,
        state=ObligationState.ANSWERED,
        next=None,
        said_by="UADA",
        said_at=NOON,
        next_at=LATER,
    ),
    "attest request superseded": replace(
        ATTEST_REQUEST, state=ObligationState.SUPERSEDED, next=None
    ),
    "attest request of a former owner": replace(
        ATTEST_REQUEST,
        state=ObligationState.SUPERSEDED,
        next=None,
        settled=Settled(Kind.HANDOVER_ACCEPTED, "UEVE", 57),
    ),
    "attest request of an owner who left": replace(ATTEST_REQUEST, has_left=True),
    "attest request of an owner who is away": replace(
        ATTEST_REQUEST,
        held=views.Held(
            "UBEN",
            has_climbed=True,
            is_told=True,
            alone=views.Alone("UADA", LATER, "UEVE", is_own_word=True),
        ),
    ),
    "drill request": DRILL_REQUEST,
    "drill request of an owner who left": replace(DRILL_REQUEST, has_left=True, is_overdue=True),
    "drill request, of whoever is away": replace(
        DRILL_REQUEST, held=views.Held("UADA", has_climbed=False, is_away=True, stand_in="UEVE")
    ),
    "drill under way": replace(DRILL_REQUEST, last=DrillState.RUNNING, ends_at=LATER),
    "drill of which nobody asked": replace(
        DRILL_REQUEST, last=DrillState.NOBODY_ASKED, ends_at=NOON
    ),
    "drill of a breach that is opened": replace(DRILL_REQUEST, brought=5),
    "drill overtaken": replace(DRILL_REQUEST, last=DrillState.OVERTAKEN, ends_at=NOON),
    "drilled": replace(
        DRILL_REQUEST,
        state=ObligationState.ANSWERED,
        next=None,
        last=DrillState.MEASURED,
        ends_at=NOON,
        seconds="4.200",
        next_drill=LATER,
    ),
    "drill superseded": replace(DRILL_REQUEST, state=ObligationState.SUPERSEDED, next=None),
    "drill that a pause has put off": replace(
        DRILL_REQUEST,
        state=ObligationState.SUPERSEDED,
        next=None,
        settled=Settled(Kind.GATE_CHANGED, "UBEN", 57),
    ),
    "sheet of what was drilled": replace(
        SHEET, drill_at=LATER, drilled_at=NOON, drill_seconds="4.200"
    ),
    "sheet in a drill": replace(SHEET, gate_reason="drill", is_drill=True),
    "gate notice of a drill": replace(
        GATE_NOTICE, now=GateState.PAUSED, cause="drill", reason="", is_drill=True
    ),
    "dues in somebody's place": views.Dues((replace(DUE, in_place_of="UADA"),), more=0),
    "dues": views.Dues((DUE, replace(DUE, is_overdue=False)), more=2),
    "dues of somebody who may not answer": views.Dues((replace(DUE, may_answer=False),), more=0),
    "dues of somebody who may confirm too": views.Dues((CONFIRM_BESIDE,), more=0),
    "round that its owner had drawn": views.RoundDrawn(
        "invoice-triage", 4, "C0AI", "UADA", is_owner=True, proof=PROOF
    ),
    "round of an owner who left, drawn": views.RoundDrawn(
        "invoice-triage", 4, "C0AI", "UADA", is_owner=False, proof=PROOF, has_left=True
    ),
    "round that an admin had drawn": views.RoundDrawn(
        "invoice-triage", 4, "C0AI", "UADA", is_owner=False, proof=PROOF
    ),
    "no dues": views.Dues((), more=0),
    "dues of a reviewer": views.Dues(
        (replace(DUE, share=HELD_SHARE), replace(DUE, share=HELD_SHARE, is_overdue=False)), more=0
    ),
    "dues of reviewers after a hand-over": views.Dues(
        (
            replace(DUE, share=replace(HELD_SHARE, handed_by="UBEN", has_passed_on=True)),
            replace(DUE, share=replace(HELD_SHARE, handed_by="UBEN", is_own=True)),
        ),
        more=0,
    ),
    "many dues": views.Dues(
        (replace(DUE, kind=ObligationKind.DECIDE, about="limit exceeded (latency)"),) * 30, more=9
    ),
    "help": views.Help(VERBS),
    "help on a slip": views.Help(VERBS, unknown="puase", nearest="pause"),
}

OUTPUT = Output(
    output_id="inv_2026_0001",
    produced_at=NOON,
    category="credit note",
    confidence="0.87",
    model_version="triage_2026-05",
    text="To: accounts payable\nCredit note 77, 120.00 EUR",
    url="https://erp.example/inv/1?a=1&b=2",
    digest="d1" * 32,
)
REVIEW_PAGE = views.ReviewPage(
    workflow="invoice-triage",
    number=7,
    position=3,
    total=20,
    done=3,
    output=OUTPUT,
    due_at=LATER,
    is_overdue=False,
    last=False,
    is_second=False,
)
UNJUDGED = views.Unjudged("UADA", "The link is <dead>.")
JUDGE_PAGE = views.JudgePage(
    workflow="invoice-triage",
    number=7,
    position=1,
    left=2,
    output=OUTPUT,
    unjudged=UNJUDGED,
    due_at=LATER,
    is_overdue=False,
)
SETTLE_PAGE = views.SettlePage(
    workflow="invoice-triage",
    number=7,
    position=1,
    total=3,
    done=1,
    output=OUTPUT,
    first=views.Said(Answer.CORRECT, "", "", ""),
    second=views.Said(Answer.CORRECTED, Why.ERROR, Severity.MAJOR, "Credit note 78"),
    due_at=LATER,
    is_overdue=False,
)

WRONG_OUTPUT = views.WrongOutput(
    OUTPUT,
    is_link=False,
    by="UADA",
    said=views.Said(Answer.CORRECTED, Why.ERROR, Severity.CRITICAL, "Credit note 78"),
    is_second=False,
)
LINKED = replace(OUTPUT, text="", url="https://crm.example.com/1")
OUTPUTS_PAGE = views.OutputsPage(
    workflow="invoice-triage",
    number=4,
    round=7,
    page=0,
    pages=1,
    total=2,
    outputs=(
        WRONG_OUTPUT,
        replace(
            WRONG_OUTPUT,
            said=views.Said(Answer.WRONG, Why.POLICY, Severity.MINOR, ""),
            is_second=True,
        ),
    ),
    is_noted=True,
)

HAND_IN = views.HandInForm(
    workflow="invoice-triage",
    number=7,
    answers=(
        views.AnsweredItem("inv_1", "UADA", views.Said(Answer.CORRECT, "", "", "")),
        views.AnsweredItem("inv_2", "UEVE", views.Said(Answer.WRONG, Why.ERROR, "minor", "")),
    ),
    due_at=LATER,
)

MODALS: dict[str, ModalView] = {
    "register form": views.RegisterForm("UADA", "CPAYABLE", "invoice-triage"),
    "change form": views.ChangeForm(
        "invoice-triage",
        3,
        views.PolicyFields(
            "first Monday of the month at 09:00",
            "Europe/London",
            "always",
            "",
            "360",
            0,
            "2.5",
            0,
            100_000_000,
            "drift_score at most 0.2 every day",
            "runs",
            24,
        ),
    ),
    "change form of what waits": views.ChangeForm(
        "invoice-triage",
        3,
        views.PolicyFields(),
        views.WaitingChange("UBEN", LATER, is_overdue=False, is_own=False),
    ),
    "change form of what oneself has asked": views.ChangeForm(
        "invoice-triage",
        3,
        views.PolicyFields(),
        views.WaitingChange("UADA", LATER, is_overdue=True, is_own=True),
    ),
    "register form in a direct message": views.RegisterForm("UADA", "D0123"),
    "review page": REVIEW_PAGE,
    "last review page": replace(
        REVIEW_PAGE,
        position=19,
        last=True,
    ),
    "review page that somebody else has begun": replace(REVIEW_PAGE, begun_by="U0DINA"),
    "review page without text": replace(REVIEW_PAGE, output=replace(OUTPUT, text="")),
    "second review page": replace(REVIEW_PAGE, is_second=True, position=1, total=2, last=True),
    "page of what is the same as others": replace(REVIEW_PAGE, copies=2),
    "page of what was not sure": replace(REVIEW_PAGE, trigger="confidence"),
    "page of a new version": replace(REVIEW_PAGE, trigger="model version"),
    "page of what is asked besides": replace(REVIEW_PAGE, trigger="hidden"),
    "share page": replace(REVIEW_PAGE, position=11, place=1, total=7, share=3),
    "page of a reviewer": replace(REVIEW_PAGE, held_by="UEVE"),
    "page of the owner": replace(REVIEW_PAGE, may_hand_out=True),
    "page after an answered one": replace(REVIEW_PAGE, may_hand_out=True, has_before=True),
    "answered page": replace(
        REVIEW_PAGE,
        position=2,
        has_before=True,
        said=views.Said(Answer.CORRECTED, Why.POLICY, Severity.MAJOR, "Credit note 78"),
    ),
    "page answered as correct": replace(REVIEW_PAGE, said=views.Said(Answer.CORRECT, "", "", "")),
    "hand items form": views.HandItemsForm("invoice-triage", 7, 20, LATER),
    "hand in form": HAND_IN,
    "hand in form of others' answers": replace(HAND_IN, is_noted=True),
    "hand in share form": views.HandInShareForm("invoice-triage", 3, 7, LATER),
    "review page that a reviewer skipped": replace(REVIEW_PAGE, unjudged=UNJUDGED),
    "review page that was skipped": replace(
        REVIEW_PAGE, said=views.Said(Answer.SKIPPED, "", "", "", "The link is dead.")
    ),
    "review page after its time": replace(REVIEW_PAGE, is_overdue=True),
    "judge page": JUDGE_PAGE,
    "judge page of one's own": replace(JUDGE_PAGE, is_own=True),
    "judge page without text": replace(JUDGE_PAGE, output=LINKED),
    "settle page": SETTLE_PAGE,
    "settle page without text": replace(SETTLE_PAGE, output=replace(OUTPUT, text="")),
    "review done": views.ReviewDone(
        workflow="invoice-triage",
        number=7,
        result=Result(20, 20, 1, 2, 1),
        grade=Grade.WITHIN_LIMIT,
        is_late=False,
        breach=5,
        proof=PROOF,
    ),
    "review done with reviewers": views.ReviewDone(
        workflow="invoice-triage",
        number=7,
        result=Result(20, 20, 1, 2, 1),
        grade=Grade.WITHIN_LIMIT,
        is_late=False,
        breach=None,
        proof=PROOF,
        others=("UBEN", "UEVE"),
    ),
    "late review done with a reviewer": views.ReviewDone(
        workflow="invoice-triage",
        number=7,
        result=Result(20, 0, 0, 0, 0),
        grade=None,
        is_late=True,
        breach=None,
        proof=PROOF,
        others=("UBEN",),
    ),
    "late review done": views.ReviewDone(
        workflow="invoice-triage",
        number=7,
        result=Result(20, 0, 0, 0, 0),
        grade=None,
        is_late=True,
        breach=None,
        proof=PROOF,
    ),
    "decide form": views.DecideForm(
        "invoice-triage",
        4,
        Cause.CRITICAL_VERDICT,
        "Output inv-1 was judged critical.",
        NOON,
        GateState.RUN,
    ),
    "decide form of another": views.DecideForm(
        "invoice-triage",
        4,
        Cause.CRITICAL_VERDICT,
        "Output inv-1 was judged critical.",
        NOON,
        GateState.PAUSED,
        has_outputs=True,
        owner="UADA",
    ),
    "outputs page": OUTPUTS_PAGE,
    "earlier corrections": views.PrecedentsPage(
        "invoice-triage",
        "transfer",
        (
            views.Precedent(
                3, OUTPUTS_PAGE.outputs[0].output, correction="It is a refund.", is_link=False
            ),
            views.Precedent(
                2,
                replace(OUTPUTS_PAGE.outputs[0].output, text=""),
                correction="A fee.",
                is_link=False,
            ),
        ),
    ),
    "no earlier corrections": views.PrecedentsPage("invoice-triage", "transfer", ()),
    "outputs page in the middle": replace(
        OUTPUTS_PAGE, page=1, pages=3, total=12, outputs=OUTPUTS_PAGE.outputs * 2
    ),
    "outputs page of one without a text": replace(
        OUTPUTS_PAGE, total=1, outputs=(replace(WRONG_OUTPUT, output=LINKED),)
    ),
    "decide form of a concern": views.DecideForm(
        "invoice-triage",
        4,
        Cause.CONCERN_RAISED,
        "Somebody raised it.",
        NOON,
        GateState.RUN,
        views.RaisedConcern("UEVE", Severity.MINOR, "It is rude."),
    ),
    "pause form": views.PauseForm("invoice-triage", GateState.RUN),
    "resume form": views.ResumeForm("invoice-triage", GateState.PAUSED, (4,)),
    "carry out form": views.CarryOutForm("invoice-triage", 4, Decision.ROLL_BACK),
    "delegate form": views.DelegateForm(NOON.date(), "Europe/London"),
    "handover form": views.HandoverForm("invoice-triage", 57, ROLES, is_owner_there=True),
    "decline form of a resume": views.DeclineRequestForm(
        "invoice-triage", 2, "UADA", GateState.PAUSED
    ),
    "decline form of a change": views.DeclineRequestForm("invoice-triage", 3, "UADA", None),
    "decline form": views.DeclineForm("invoice-triage", 2, "UADA"),
    "handover form without its owner": views.HandoverForm(
        "invoice-triage", 57, ROLES, is_owner_there=False
    ),
    "handover form of what waits": views.HandoverForm(
        "invoice-triage",
        57,
        ROLES,
        is_owner_there=True,
        waiting=views.WaitingProposal("UADA", "UEVE", LATER, is_overdue=False, is_own=False),
    ),
    "handover form of what oneself has proposed": views.HandoverForm(
        "invoice-triage",
        57,
        ROLES,
        is_owner_there=True,
        waiting=views.WaitingProposal("UADA", "UEVE", LATER, is_overdue=True, is_own=True),
    ),
    "handover form of what nobody can accept": views.HandoverForm(
        "invoice-triage",
        57,
        ROLES,
        is_owner_there=True,
        waiting=views.WaitingProposal(
            "UADA", "UEVE", LATER, is_overdue=False, is_own=False, successor_left=True
        ),
    ),
    "attest form": views.AttestForm(
        workflow="invoice-triage",
        number=1,
        purpose="Sorts incoming invoices for accounts payable.",
        roles=ROLES,
        plan="20 outputs a round",
        cadence=MONDAYS,
        zone="Europe/London",
        limit_bp=250,
        open_breaches=(4,),
    ),
    "drill form": views.DrillForm("invoice-triage", 1, GateState.RUN, 15),
    "concern form": views.ConcernForm(("claims", "invoice-triage"), "", "", "", 0),
    "concern form about one workflow": views.ConcernForm(
        ("claims", "invoice-triage"), "invoice-triage", "", "", 0
    ),
    "concern form about a message": views.ConcernForm(
        ("claims", "invoice-triage"), "", "It files every invoice twice.", "Eve Adams", 12
    ),
    "sheet page": views.SheetPage(SHEET),
    "page of a request to accept": views.RequestPage(ACCEPT_REQUEST),
    "page of a request to resume": views.RequestPage(RESUME_REQUEST),
    "page of a request to change a policy": views.RequestPage(CHANGE_REQUEST),
    "page of a request to take over": views.RequestPage(HANDOVER_REQUEST),
    "page of a request that is another's": views.RequestPage(NOT_YOURS),
    "notice page": views.NoticePage("Not possible", "Breach 4 is already decided.", PROOF),
    "notice page with more to know": views.NoticePage(
        "Registered",
        "letters is registered as a draft.",
        PROOF,
        more=("A sample is drawn every Monday.", "It costs reviewers about 20 reviews a week."),
    ),
    "notice page that names who may": views.NoticePage(
        "Not done",
        "You cannot read the record: that takes an auditor.",
        PROOF,
        (Holding(Role.AUDITOR, (), ("Whoever runs this bot names auditors.",)),),
    ),
}


def filled(value: Any, say: Callable[[], str]) -> Any:  # noqa: ANN401 -- any value of a view
    """Give the value with every text within it replaced; choices are no texts."""
    if isinstance(value, Enum):
        return value
    if isinstance(value, str):
        return say()
    if isinstance(value, tuple):
        return tuple(filled(each, say) for each in value)
    if is_dataclass(value) and not isinstance(value, type):
        return replace(
            value, **{each.name: filled(getattr(value, each.name), say) for each in fields(value)}
        )
    return value
