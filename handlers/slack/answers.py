"""Answers where a person is looking: to Slack's own address, and nowhere else it may point to."""

from dataclasses import dataclass
from http.client import HTTPException
from typing import Final
from urllib.error import HTTPError
from urllib.parse import SplitResult, urlsplit

from bot.config import LOOPBACK
from bot.domain.messages import Lost, Undeliverable
from bot.rendering.render import Rendered
from handlers.web import post_json

SLACK_ANSWERS: Final = "https://hooks.slack.com"
MOST_OF_A_REFUSAL: Final = 100


@dataclass(frozen=True, slots=True)
class AnswerAddress:
    """Whose address answers may go to: Slack's, or beside a sandbox that sandbox's alone."""

    base: str = SLACK_ANSWERS

    def require(self, url: str) -> None:
        """Raise Undeliverable unless this is an address below the base, letter by letter."""
        ours, theirs = urlsplit(self.base), _split(url)
        is_same = (theirs.scheme, theirs.netloc) == (ours.scheme, ours.netloc)
        if not (is_same or _is_same_sandbox(ours, theirs)):
            raise Undeliverable(f"an answer may not go to {theirs.hostname}")


def send_answer(url: str, rendered: Rendered, timeout: float) -> None:
    """Show something to one person. Raises Lost if it may have arrived, Undeliverable if not."""
    body = {
        "text": rendered.text,
        "response_type": "ephemeral",
        "replace_original": False,
        **({"blocks": rendered.blocks} if rendered.blocks else {}),
    }
    try:
        post_json(url, body, timeout)
    except HTTPError as refusal:
        said = refusal.read(MOST_OF_A_REFUSAL).decode("utf-8", "replace")
        raise Undeliverable(f"the answer was refused: {refusal.code} {said}") from refusal
    except (OSError, HTTPException) as error:
        raise Lost(type(error).__name__) from error


def _split(url: str) -> SplitResult:
    try:
        return urlsplit(url)
    except ValueError:
        return SplitResult("", "", "", "", "")


def _is_same_sandbox(ours: SplitResult, theirs: SplitResult) -> bool:
    """Tell whether both name the same port of this machine, by whichever of its names."""
    if ours.hostname not in LOOPBACK or theirs.hostname not in LOOPBACK:
        return False
    return theirs.scheme == ours.scheme and _port(theirs) == _port(ours) and not theirs.username


def _port(address: SplitResult) -> int | None:
    try:
        return address.port
    except ValueError:
        return -1
