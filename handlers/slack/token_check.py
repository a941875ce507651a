"""Whether Slack takes the bot's token: asked now and then, however little there is to say."""

from dataclasses import dataclass, field
from typing import Final

import structlog
from slack_sdk import WebClient
from slack_sdk.errors import SlackApiError

from bot.clock import Clock
from handlers.slack.errors import SHUT_OUT, name_of

log = structlog.get_logger()

EVERY: Final = 60.0  # seconds: Slack bears hundreds a minute


@dataclass
class TokenCheck:
    """Asks Slack with a client that tells what it hears of the token, as it does of every call.

    Without this a token that was revoked at night would be noticed by the first who is not served.
    """

    client: WebClient
    clock: Clock
    _due_at: float = field(init=False)

    def __post_init__(self) -> None:
        self._due_at = self.clock.elapsed() + EVERY  # a start has asked just now

    def look(self) -> None:
        """Ask if it is time to. It never raises."""
        now = self.clock.elapsed()
        if now < self._due_at:
            return
        self._due_at = now + EVERY
        try:
            self.client.auth_test()
        except SlackApiError as error:
            if name_of(error) not in SHUT_OUT:  # that is said by whoever hears it
                log.info("slack does not say whether it lets us in", error=name_of(error))
        except OSError as error:
            log.info("slack does not say whether it lets us in", error=type(error).__name__)
        except Exception:
            log.exception("the token was not asked about")
