"""A workflow is ended for good: what is owed of it is settled, and no seed stays secret."""

from dataclasses import replace

from bot.domain.breaches import Breach, BreachState
from bot.domain.gate import GateState, decision_on
from bot.domain.obligations import ObligationState
from bot.domain.people import Role
from bot.domain.registry import Workflow, WorkflowState, named_roles
from bot.domain.requests import RequestKind
from bot.domain.rounds import RoundState
from bot.usecases import Deps, closing, draws
from bot.usecases.steps.breaches import record_closed
from bot.usecases.steps.gate import tighten_gate
from bot.usecases.steps.obligations import end
from bot.usecases.steps.proposals import supersede_handover
from bot.usecases.steps.requests import supersede_requests
from bot.usecases.steps.vacancies import show_vacancies_anew
from store.unit_of_work import Work


def retire(
    deps: Deps, work: Work, workflow: Workflow, breach: Breach, role: Role, reason: str
) -> Workflow:
    """End the workflow: whatever is still owed for it is superseded by this decision, on record."""
    because = breach.entry
    for owed in work.obligations.open_of_workflow(workflow.key):
        end(work, owed, ObligationState.SUPERSEDED, role=role, because=because)
    for other in work.breaches.not_closed(workflow.key):
        if other.number != breach.number:
            superseded = replace(other, state=BreachState.CLOSED)
            record_closed(work, workflow, superseded, role, because)
    supersede_handover(work, workflow, because)
    retired = replace(workflow, state=WorkflowState.RETIRED)
    work.workflows.save(retired)
    _close_rounds(deps, work, retired, role)
    supersede_requests(work, workflow, *RequestKind, because=because)
    left = {user_id for _, user_id in named_roles(workflow.roles)} & work.people.gone().keys()
    show_vacancies_anew(work, left)
    cause = decision_on(breach.number)
    return tighten_gate(work, retired, GateState.RETIRED, cause, role, reason.strip())


def _close_rounds(deps: Deps, work: Work, workflow: Workflow, role: Role) -> None:
    """Close what is still open or under review; nobody reviews it, but no seed stays secret."""
    for round_ in work.rounds.not_closed(workflow.key):
        is_open = round_.state is RoundState.OPEN
        drawing = draws.reveal(deps, work, workflow, round_, role) if is_open else None
        closing.close_round(work, workflow, drawing.round if drawing else round_, role)
