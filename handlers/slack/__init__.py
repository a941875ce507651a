"""Slack's side of the product: each feature registers its own listeners."""

from concurrent.futures import Executor
from typing import Final

from slack_bolt import App
from slack_bolt.authorization import AuthorizeResult

from handlers.slack import (
    absences,
    breaches,
    bygone,
    commands,
    concerns,
    events,
    gate,
    handovers,
    home,
    registry,
    requests,
    second_looks,
    shares,
    skips,
    verdicts,
)
from handlers.slack.parts import SlackParts
from handlers.slack.timed import Answered, TimedApp

# Bolt asks one listener after the other: what people wait for most often comes first.
FEATURES: Final = (
    *(
        verdicts,
        second_looks,
        shares,
        skips,
        breaches,
        gate,
        requests,
        handovers,
        registry,
        absences,
        commands,
    ),
    concerns,
    home,
    events,
    bygone,  # last: it takes whatever is left
)
CONCURRENCY: Final = 32


def build(slack: SlackParts, executor: Executor, answered: Answered) -> App:
    """Give the Bolt app with every feature registered. It commits before it acknowledges.

    How it answered is noted in `answered`.

    Whoever brings it a request has made sure that Slack sent it. Bolt's own filter drops all
    events of this app, the one that tells of its posts included: so it is off, and only events
    named in `events` are listened to. And left to itself Bolt asks Slack at the first request who
    it is, and acknowledges that request unheard if Slack fails just then.
    """
    known = AuthorizeResult(
        enterprise_id=None, team_id=slack.deps.workspace, bot_token=slack.client.token
    )
    app = TimedApp(
        answered,
        name="answerable",  # else Bolt walks the stack for one, and reads all sources on it
        client=slack.client,
        authorize=lambda: known,
        process_before_response=True,
        ignoring_self_events_enabled=False,
        listener_executor=executor,
        request_verification_enabled=False,
    )
    for feature in FEATURES:
        feature.register(app, slack)
    return app
