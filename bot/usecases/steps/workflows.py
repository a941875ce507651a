"""A workflow that somebody named."""

from bot.domain.authority import require_member
from bot.domain.people import Actor
from bot.domain.registry import Workflow
from store.unit_of_work import Work


def workflow_for(work: Work, actor: Actor, key: str) -> Workflow:
    """Give the workflow of this key, or refuse: outsiders first, who learn of no workflow."""
    require_member(actor, f"workspace/{work.workspace}")
    return work.workflows.get(key)
