"""A workflow that somebody or something named."""

from bot.domain.authority import require_member
from bot.domain.people import Actor, Circle, Role
from bot.domain.refusals import Refused
from bot.domain.registry import IS_RETIRED, Workflow, WorkflowState, roles_of
from store.reading import Reading
from store.unit_of_work import Work


def workflow_for(work: Work, actor: Actor, key: str) -> Workflow:
    """Give the workflow of this key, or refuse: outsiders first, who learn of no workflow."""
    found = work.workflows.find(key)
    require_member(actor, _name(work, found))
    return found or work.workflows.get(key)  # which says what there is


def named(reading: Reading, key: str) -> str:
    """Give how the record names what somebody named: the workspace, if it is no workflow here."""
    return _name(reading, reading.workflows.find(key))


def require_live(workflow: Workflow) -> None:
    """Refuse what only a live workflow takes, saying why this one is not."""
    if workflow.state is WorkflowState.LIVE:
        return
    is_draft = workflow.state is WorkflowState.DRAFT
    why = "its owner has not accepted yet." if is_draft else f"it {IS_RETIRED}"
    raise Refused("workflow not live", f"{workflow.key} is not live: {why}", on=workflow.name)


def workspace_roles(work: Work, actor: Actor, circle: Circle) -> frozenset[Role]:
    """Give somebody's roles in what is about all workflows: the steward of any of them is one."""
    stewards = {workflow.roles.steward for workflow in work.workflows.all()}
    own = {Role.STEWARD} if actor.user_id in stewards else set()
    return roles_of(actor, circle) | own


def _name(reading: Reading, found: Workflow | None) -> str:
    return found.name if found else f"workspace/{reading.workspace}"
