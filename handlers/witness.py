"""Has checkpoints seen outside: the newest is posted where the bot cannot take it back."""

from dataclasses import dataclass, field
from functools import partial
from http.client import HTTPException
from typing import Final, Protocol

import structlog

from bot.clock import Clock
from bot.domain.notes import parse_checkpoint, parse_note
from bot.domain.refusals import Busy
from bot.usecases import Deps, witness
from handlers.postponed import Postponed
from handlers.web import post_json

log = structlog.get_logger()

PAUSE: Final = 60.0  # seconds between two posts
TIMEOUT: Final = 10  # seconds; nobody waits for it

SENTENCE: Final = (
    "The record {origin} has {size:,} entries. Keep this checkpoint where the record's operator "
    "cannot reach it: `answerable verify EXPORT --checkpoint FILE` tells whether a later export "
    "fits it.\n```\n{note}```"
)


class Sender(Protocol):
    """Says something where the witness reads. Raises OSError if it is not known to have arrived."""

    def __call__(self, text: str, /) -> None: ...


@dataclass
class Witness:
    """Posts the newest checkpoint once the log has grown, at most once a minute.

    Not through the outbox: that something was sent is an entry there, and every entry makes a
    checkpoint that nobody has seen.
    """

    deps: Deps
    clock: Clock
    send: Sender
    _free_at: float | None = field(default=None)
    _postponed: Postponed = field(default_factory=partial(Postponed, "witness postponed"))

    def look(self) -> None:
        """Post what nobody has seen yet, unless something was posted just now. It never raises."""
        now = self.clock.elapsed()
        if self._free_at is not None and now < self._free_at:
            return
        try:
            if self._post_news():
                self._free_at = now + PAUSE
            self._postponed.is_over()
        except Busy as busy:
            self._postponed.tell(busy)
        except OSError as error:  # its words name no address: a webhook's is a secret
            log.warning("not witnessed", error=str(error))
            self._free_at = now + PAUSE
        except Exception:
            log.exception("witness failed")
            self._free_at = now + PAUSE

    def _post_news(self) -> bool:
        checkpoint = witness.take_for_witness(self.deps)
        if checkpoint is None:
            return False
        self.send(_said(checkpoint.note))
        witness.record_witnessed(self.deps, checkpoint)
        return True


@dataclass(frozen=True, slots=True)
class Webhook:
    """Posts to an incoming webhook, and to no other place that it may point to."""

    url: str

    def __call__(self, text: str, /) -> None:
        """Post a text. Raises OSError unless it is known to have arrived."""
        try:
            post_json(self.url, {"text": text}, TIMEOUT)  # https by the settings, or this machine
        except HTTPException as error:
            raise ConnectionError(type(error).__name__) from error


def _said(note: str) -> str:
    head = parse_checkpoint(parse_note(note).text)
    return SENTENCE.format(origin=head.origin, size=head.size, note=note)
