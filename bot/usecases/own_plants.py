"""Read-only: what somebody noticed of what was planted, computed for their Home alone."""

from collections import defaultdict
from datetime import datetime

from bot.domain.rounds import DrawnItem
from bot.rendering import views
from bot.usecases.own_pace import LATELY, MOST_TOLD
from store.reading import Reading


def own_plants(reading: Reading, user_id: str, now: datetime) -> tuple[views.OwnPlants, ...]:
    """Give by workflow what somebody answered of what was planted in rounds closed lately."""
    answered: defaultdict[str, list[tuple[DrawnItem, bool]]] = defaultdict(list)
    for workflow, policy, item in reading.plants.answered_by(user_id, now - LATELY):
        whys = reading.workflows.policy(workflow, policy).error_whys
        is_found = bool(item.verdict and item.verdict.is_error(whys))
        answered[workflow].append((item, is_found))
    told = (
        views.OwnPlants(
            workflow,
            len(items),
            tuple(item.output.output_id for item, is_found in items if not is_found),
        )
        for workflow, items in answered.items()
    )
    return tuple(told)[:MOST_TOLD]
