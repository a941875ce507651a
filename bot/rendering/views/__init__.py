"""The frozen view each template receives: all that a template may know.

People are Slack user ids; times are aware UTC; texts are what somebody typed or a pipeline sent,
and count as hostile. A template has the name of its view in snake case.
"""

from bot.rendering.views.answers import (
    Due,
    Dues,
    Help,
    ListedWorkflow,
    Notice,
    OpenBreach,
    Verb,
    WorkflowList,
    WorkflowSheet,
)
from bot.rendering.views.messages import (
    AcceptRequest,
    BreachCard,
    GateNotice,
    Next,
    Reminder,
    ResumeRequest,
    ReviewRequest,
    RoundCard,
    SecondRequest,
    SettleRequest,
    TwoLooks,
)
from bot.rendering.views.modals import (
    CarryOutForm,
    DecideForm,
    NoticePage,
    PauseForm,
    RegisterForm,
    ResumeForm,
    ReviewDone,
    ReviewPage,
    Said,
    SettlePage,
)
from bot.rendering.views.record import OpeningLine, PopulationLine, RecordView

__all__ = [
    "AcceptRequest",
    "BreachCard",
    "CarryOutForm",
    "DecideForm",
    "Due",
    "Dues",
    "GateNotice",
    "Help",
    "ListedWorkflow",
    "MessageView",
    "ModalView",
    "Next",
    "Notice",
    "NoticePage",
    "OpenBreach",
    "OpeningLine",
    "PauseForm",
    "PopulationLine",
    "RecordView",
    "RegisterForm",
    "Reminder",
    "ResumeForm",
    "ResumeRequest",
    "ReviewDone",
    "ReviewPage",
    "ReviewRequest",
    "RoundCard",
    "Said",
    "SecondRequest",
    "SettlePage",
    "SettleRequest",
    "TwoLooks",
    "Verb",
    "WorkflowList",
    "WorkflowSheet",
]

MessageView = (
    AcceptRequest
    | RoundCard
    | ReviewRequest
    | SecondRequest
    | SettleRequest
    | BreachCard
    | Reminder
    | GateNotice
    | ResumeRequest
    | Notice
    | WorkflowList
    | WorkflowSheet
    | Dues
    | Help
)
ModalView = (
    RegisterForm
    | ReviewPage
    | ReviewDone
    | SettlePage
    | DecideForm
    | PauseForm
    | ResumeForm
    | CarryOutForm
    | NoticePage
)
