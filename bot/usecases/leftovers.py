"""What has served its purpose and is no part of the record: cleared away after a while."""

from datetime import timedelta
from typing import Final

from bot.domain.people import SYSTEM
from bot.usecases import Deps

# Slack repeats what was not answered for an hour; the rest is for whoever looks into a fault.
KEPT: Final = timedelta(days=30)


def clear_leftovers(deps: Deps) -> bool:
    """Clear some of what is older than 30 days away, and tell whether there was any.

    That is what was sent or given up long ago, and which of Slack's deliveries were carried out.
    A batch at a time, so that nobody waits long for the seat; of the record nothing goes.
    """
    before = deps.store.clock.now() - KEPT
    with deps.store.read(deps.workspace) as reading:
        found = reading.leftovers.find(before, int(KEPT.total_seconds()))
    if not found:
        return False
    with deps.store.begin(deps.workspace, SYSTEM) as work:
        gone = work.leftovers.clear(found)
    return gone > 0
