"""The frozen view each template receives: all that a template may know.

People are Slack user ids; times are aware UTC; texts are what somebody typed or a pipeline sent,
and count as hostile. A template has the name of its view in snake case.
"""

from bot.rendering.views.answers import (
    Away,
    Due,
    Dues,
    HeldShare,
    Help,
    ListedWorkflow,
    MeasuredLimit,
    Notice,
    OpenBreach,
    OwedNow,
    RoundDrawn,
    Verb,
    WorkflowList,
    WorkflowSheet,
)
from bot.rendering.views.attesting import AttestForm, AttestRequest
from bot.rendering.views.breaches import BreachCard, ConcernNotice, PastLimit, RaisedConcern
from bot.rendering.views.charts import CategoryChart, ChartView, TrendChart
from bot.rendering.views.drills import DrillForm, DrillRequest
from bot.rendering.views.home import (
    Home,
    HomeClosed,
    OwnedWorkflow,
    OwnPace,
    OwnPlants,
    Part,
    RequestPage,
    RequestView,
    SheetPage,
    ToTalkAbout,
    TroubledWorkflow,
)
from bot.rendering.views.messages import (
    AcceptRequest,
    Alone,
    Answerer,
    Barred,
    GateNotice,
    Held,
    Lent,
    Next,
    Reminder,
    ResumeRequest,
    ToConfirm,
    TooFew,
    Unanswered,
)
from bot.rendering.views.modals import (
    CarryOutForm,
    ConcernForm,
    DecideForm,
    DeclineRequestForm,
    JudgePage,
    NoticePage,
    OutputsPage,
    PauseForm,
    Precedent,
    PrecedentsPage,
    ResumeForm,
    ReviewDone,
    ReviewPage,
    Said,
    SettlePage,
    Unjudged,
    WrongOutput,
)
from bot.rendering.views.people import (
    AbsenceNotice,
    Absences,
    AwayToo,
    DeclineForm,
    DelegateForm,
    DutyRequest,
    HandoverForm,
    HandoverRequest,
    LossNotice,
    Meanwhile,
    NotYours,
    OwnerNeeded,
    RolesNotice,
    StandingAbsence,
    Vacancy,
    VacancyNotice,
    WaitingProposal,
)
from bot.rendering.views.policies import (
    ChangeForm,
    ChangeRequest,
    PolicyFields,
    PolicyNotice,
    RegisterForm,
    WaitingChange,
)
from bot.rendering.views.record import OpeningLine, PopulationLine, RecordView
from bot.rendering.views.reports import (
    Agreed,
    Confidence,
    Digest,
    Noticed,
    Overdue,
    Report,
    ReportedBreach,
    Stopped,
)
from bot.rendering.views.rounds import (
    JudgeRequest,
    ReviewRequest,
    RoundCard,
    RoundRequest,
    SecondRequest,
    SettleRequest,
    TwoLooks,
)
from bot.rendering.views.shares import (
    AnsweredItem,
    HandInForm,
    HandInShareForm,
    HandItemsForm,
    ReviewerNotice,
    SharePart,
    ShareRequest,
    SharesIn,
    SharesNotice,
)

__all__ = [
    "AbsenceNotice",
    "Absences",
    "AcceptRequest",
    "Agreed",
    "Alone",
    "Answerable",
    "AnsweredItem",
    "Answerer",
    "AttestForm",
    "AttestRequest",
    "Away",
    "AwayToo",
    "Barred",
    "BreachCard",
    "CarryOutForm",
    "CategoryChart",
    "ChangeForm",
    "ChangeRequest",
    "ChartView",
    "Climbing",
    "ConcernForm",
    "ConcernNotice",
    "Confidence",
    "DecideForm",
    "DeclineForm",
    "DeclineRequestForm",
    "DelegateForm",
    "Digest",
    "DrillForm",
    "DrillRequest",
    "Due",
    "Dues",
    "DutyRequest",
    "GateNotice",
    "HandInForm",
    "HandInShareForm",
    "HandItemsForm",
    "HandoverForm",
    "HandoverRequest",
    "Held",
    "HeldShare",
    "Help",
    "HoldingCard",
    "Home",
    "HomeClosed",
    "HomeView",
    "JudgePage",
    "JudgeRequest",
    "Lent",
    "ListedWorkflow",
    "LossNotice",
    "Meanwhile",
    "MeasuredLimit",
    "MessageView",
    "ModalView",
    "Next",
    "NotYours",
    "Notice",
    "NoticePage",
    "Noticed",
    "OpenBreach",
    "OpeningLine",
    "OutputsPage",
    "Overdue",
    "OwedNow",
    "OwnPace",
    "OwnPlants",
    "OwnedWorkflow",
    "OwnerNeeded",
    "Part",
    "PastLimit",
    "PauseForm",
    "PolicyFields",
    "PolicyNotice",
    "PopulationLine",
    "Precedent",
    "PrecedentsPage",
    "RaisedConcern",
    "RecordView",
    "RegisterForm",
    "Reminder",
    "Report",
    "ReportedBreach",
    "RequestPage",
    "RequestView",
    "ResumeForm",
    "ResumeRequest",
    "ReviewDone",
    "ReviewPage",
    "ReviewRequest",
    "ReviewerNotice",
    "RolesNotice",
    "RoundCard",
    "RoundDrawn",
    "RoundRequest",
    "Said",
    "SecondRequest",
    "SettlePage",
    "SettleRequest",
    "SharePart",
    "ShareRequest",
    "SharesIn",
    "SharesNotice",
    "SheetPage",
    "StandingAbsence",
    "Stopped",
    "ToConfirm",
    "ToTalkAbout",
    "TooFew",
    "TrendChart",
    "TroubledWorkflow",
    "TwoLooks",
    "Unanswered",
    "Unjudged",
    "Vacancy",
    "VacancyNotice",
    "Verb",
    "WaitingChange",
    "WaitingProposal",
    "WorkflowList",
    "WorkflowSheet",
    "WrongOutput",
]

# What says whom silence reaches next.
Climbing = (
    AcceptRequest
    | ReviewRequest
    | SecondRequest
    | SettleRequest
    | JudgeRequest
    | BreachCard
    | Reminder
    | DutyRequest
    | OwnerNeeded
    | HandoverRequest
    | AttestRequest
    | DrillRequest
)
# What says with whom something is now, of that a card.
HoldingCard = BreachCard | RoundCard | OwnerNeeded | AttestRequest | DrillRequest
# What has a button to answer it: `may_answer` is false where one reads it alone who may not.
Answerable = (
    AcceptRequest
    | BreachCard
    | DutyRequest
    | ResumeRequest
    | ChangeRequest
    | OwnerNeeded
    | HandoverRequest
    | AttestRequest
    | DrillRequest
)
MessageView = (
    AcceptRequest
    | RoundCard
    | ReviewRequest
    | SecondRequest
    | SettleRequest
    | JudgeRequest
    | BreachCard
    | ConcernNotice
    | Reminder
    | GateNotice
    | ResumeRequest
    | ChangeRequest
    | PolicyNotice
    | DutyRequest
    | NotYours
    | AbsenceNotice
    | LossNotice
    | Absences
    | OwnerNeeded
    | HandoverRequest
    | RolesNotice
    | VacancyNotice
    | AttestRequest
    | DrillRequest
    | ShareRequest
    | SharesNotice
    | SharesIn
    | ReviewerNotice
    | Notice
    | RoundDrawn
    | WorkflowList
    | WorkflowSheet
    | Dues
    | Help
    | Digest
    | Report
)
ModalView = (
    RegisterForm
    | ChangeForm
    | ReviewPage
    | ReviewDone
    | SettlePage
    | JudgePage
    | DecideForm
    | PauseForm
    | ResumeForm
    | CarryOutForm
    | ConcernForm
    | DelegateForm
    | HandoverForm
    | DeclineForm
    | DeclineRequestForm
    | AttestForm
    | DrillForm
    | HandItemsForm
    | HandInForm
    | HandInShareForm
    | NoticePage
    | SheetPage
    | RequestPage
    | OutputsPage
    | PrecedentsPage
)
HomeView = Home | HomeClosed
