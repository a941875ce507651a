"""Slack's side of the product: each feature registers its own listeners."""

from concurrent.futures import ThreadPoolExecutor
from typing import Final

from slack_bolt import App

from handlers.slack import breaches, commands, events, gate, registry, verdicts
from handlers.slack.parts import SlackParts

# Bolt asks one listener after the other: what people wait for most often comes first.
FEATURES: Final = (verdicts, breaches, gate, registry, commands, events)
CONCURRENCY: Final = 32


def build(slack: SlackParts) -> App:
    """Give the Bolt app with every feature registered. It commits before it acknowledges.

    Bolt's own filter drops all events of this app, the one that tells of its posts included: so it
    is off, and only events named in `events` are listened to.
    """
    app = App(
        client=slack.client,
        process_before_response=True,
        ignoring_self_events_enabled=False,
        listener_executor=ThreadPoolExecutor(CONCURRENCY, "slack"),
        token_verification_enabled=False,
        request_verification_enabled=False,
        ssl_check_enabled=False,
        url_verification_enabled=False,
    )
    for feature in FEATURES:
        feature.register(app, slack)
    return app
