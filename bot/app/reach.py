"""What the doctor looks at of whether messages arrive: in channels, with people, at all."""

from collections.abc import Callable, Iterator
from typing import Final

from bot.config import Config
from bot.domain.figures import counted
from bot.domain.people import Circle
from bot.domain.registry import WorkflowState
from bot.domain.sampling import NO_KEY
from bot.usecases import Deps, people
from handlers.slack.advice import BOT_TOKEN, on_token
from handlers.slack.checkup import Check, fail
from handlers.slack.errors import OF_ONE_METHOD
from store.engine import Store
from store.reading import Reading
from store.tallies import NotTaken

MESSAGES: Final = "messages"
TRIES_IN_VAIN: Final = 3  # the first may meet a moment's trouble, and the one after it
LONG_WAIT: Final = 600  # seconds, as the alert has it: what Slack takes is there within a few
_NAMED: Final = 3


def check_reach(store: Store, config: Config, fault_of: Callable[[str], str]) -> Iterator[Check]:
    """Give one check of each channel and of each person whom nothing reaches, and of what waits.

    `fault_of` gives why nothing would arrive in a channel, as far as Slack tells.
    """
    waiting: list[Check] = []
    for workspace in store.workspaces():
        deps = Deps(store, workspace, Circle(config.admins, config.auditors), NO_KEY)
        named = people.named_people(deps)
        with store.read(workspace) as reading:
            yield from _channels(reading, fault_of)
            yield from _people(reading, named)
            if refused := reading.tallies.messages_refused(OF_ONE_METHOD):
                waiting.append(_refused(refused))
            elif found := reading.tallies.messages_not_taken(TRIES_IN_VAIN):
                waiting.append(_waiting(found))
            elif overdue := reading.tallies.messages_overdue(LONG_WAIT):
                waiting.append(_overdue(overdue))
    yield from (waiting or (Check(MESSAGES),))


def _channels(reading: Reading, fault_of: Callable[[str], str]) -> Iterator[Check]:
    """Judge each live workflow's channel by the last message to it, and by what Slack tells."""
    errors = reading.overview.failing_channels()
    for workflow in reading.workflows.all():
        if workflow.state is WorkflowState.LIVE:
            error = errors.get(workflow.key, "")
            fault = "" if error else fault_of(workflow.channel)
            yield _channel(workflow.key, workflow.channel, error, fault)


def _channel(key: str, channel: str, error: str, fault: str) -> Check:
    name = f"channel of {key}"
    if not (error or fault):
        return Check(name)
    lost = (
        f"the last message to {channel} did not arrive ({error}), and it is sent to people "
        "instead, where it can reach any"
    )
    unseen = f"nothing will arrive in {channel}: {fault}"
    return fail(
        name,
        f"{lost if error else unseen}: invite the bot to it, unarchive it, or type /answerable "
        f"watch {key} in another",
    )


def _people(reading: Reading, named: tuple[str, ...]) -> Iterator[Check]:
    """Judge everybody on whom something rests by the last message to them."""
    failing = reading.tallies.failing_people()
    for user_id in named:
        if lost := failing.get(user_id):
            were = "was" if lost.messages == 1 else "were"
            yield fail(
                f"messages to {user_id}",
                f"{counted(lost.messages, 'message')} {were} not delivered ({lost.error}), and "
                "none has been since: what they are asked for climbs to the next person. See that "
                "they are a member and take messages of this app, or name others with /answerable "
                "handover",
            )


def _refused(found: NotTaken) -> Check:
    """Say that Slack takes no post, whatever it says of the token: as of the last that was tried.

    No post is made to see it.
    """
    return fail(
        MESSAGES,
        f"Slack refuses the bot's posts ({found.error}), with "
        f"{counted(found.messages, 'message')} waiting{_to(found.to)}: nothing is lost. What to "
        f"do: {on_token(BOT_TOKEN, found.error)}",
    )


def _waiting(found: NotTaken) -> Check:
    """Say that Slack does not take what is to be said: it is kept, and goes on."""
    return fail(
        MESSAGES,
        f"{counted(found.messages, 'message')} waiting after {TRIES_IN_VAIN} tries or more "
        f"({found.error}){_to(found.to)}: nothing is lost, and each is tried again; look at "
        "Slack's own status, and at what the bot's log says of it",
    )


def _overdue(found: NotTaken) -> Check:
    """Say that something has not gone, and be it that Slack had too much or that no bot runs."""
    why = f" ({found.error})" if found.error else ""
    return fail(
        MESSAGES,
        f"{counted(found.messages, 'message')} waiting for more than {LONG_WAIT // 60} minutes"
        f"{why}{_to(found.to)}: nothing is lost, and whoever is asked by it does not know yet. See "
        "that `answerable serve` runs, what its log says of it, and Slack's own status",
    )


def _to(addressees: tuple[str, ...]) -> str:
    if not addressees:
        return ""
    more = len(addressees) - _NAMED
    return f" for {', '.join(addressees[:_NAMED])}{f' and {more} more' if more > 0 else ''}"
