"""What a person is told when the answer is no."""

from collections.abc import Mapping, Sequence
from collections.abc import Set as AbstractSet
from difflib import get_close_matches
from typing import Final

from bot.domain.lookalikes import foreign_letter
from bot.domain.people import Role
from bot.domain.proof import Proof


class Refused(Exception):  # noqa: N818 -- the word of the product
    """A rule says no; the sentence says what happened and what to do, and is shown to the person.

    `rule` names the rule for the record. Raised inside a unit of work it is recorded there. In a
    form the sentence stands under `field`, or under the first one if it is about no field;
    `besides` has what else is wrong there, by field: nobody learns that one refusal at a time.
    `takes` are the roles that may do it, if it is a matter of those: who holds them is said too.
    """

    def __init__(
        self,
        rule: str,
        sentence: str,
        *,
        on: str = "",
        field: str = "",
        besides: Mapping[str, str] | None = None,
        takes: AbstractSet[Role] = frozenset(),
    ) -> None:
        super().__init__(sentence)
        self.rule = rule
        self.sentence = sentence
        self.on = on
        self.field = field
        self.besides = dict(besides or {})
        self.takes = takes


def require_not_over(over: Refused | None) -> None:
    """Refuse what has ended, by what is said of that: None while it is open."""
    if over:
        raise over


class Invalid(Exception):  # noqa: N818 -- a finding about input, not a fault of the program
    """Input that cannot be taken: a sentence for each field, shown there and not recorded."""

    def __init__(self, errors: Mapping[str, str]) -> None:
        super().__init__("; ".join(f"{field}: {sentence}" for field, sentence in errors.items()))
        self.errors = dict(errors)


class Busy(Exception):  # noqa: N818 -- a state of the store, not a fault of the program
    """The store could not be written in time; nothing was recorded and trying again is safe."""


class Away(Busy):
    """The database does not answer: nothing was recorded, and nothing can be read."""


class HeldElsewhere(Busy):
    """Another program holds the database, and did for as long as one waits for it."""


class Unwritable(Busy):
    """The database takes nothing in: it is read-only, full, or denies it. Nothing was recorded."""


class Damaged(Unwritable):
    """Something of the record is gone or is not what was recorded, and is needed: `where` says it.

    `sentence` is what people are told; it says itself to the operator, with what to do.
    """

    sentence: Final = (
        "The record is damaged, and this cannot be done. Nothing of yours was recorded: tell "
        "whoever runs this bot; its console's doctor says where, and what to do."
    )

    def __init__(self, where: str) -> None:
        self.where = where
        super().__init__(
            f"the record is damaged: {where}. Stop the bot, keep a copy of the database as it is, "
            "check the newest export that there is with `answerable verify`, and bring back a "
            "backup (docs/running.md, Keys and backups)"
        )


class CommitUnknown(Exception):  # noqa: N818 -- a state of the store, not a fault of the program
    """The database was lost in the act: it may be on record or not. Done again it counts once."""


class OtherClock(Busy):
    """The record goes by another clock than this program, so nothing is recorded: times never mix.

    It says to the operator what to set; who is asked in Slack never meets it.
    """

    def __init__(self, recorded: str, own: str) -> None:
        self.fault = f"this record goes by the {recorded} clock and this program by the {own} clock"
        self.advice = _HOW_TO_AGREE.get(recorded, "Use another database")
        super().__init__(f"{self.fault}: nothing was recorded. {self.advice}")


class Repeated(Exception):  # noqa: N818 -- a repeated delivery is no fault
    """This very delivery was carried out before, as `proof` shows; nothing was done now."""

    def __init__(self, proof: Proof) -> None:
        super().__init__(f"already recorded as #{proof.number}")
        self.proof = proof


_HOW_TO_AGREE: Final = {
    "sandbox": (
        "Run `export ANSWERABLE_CLOCK=sandbox` first, and export SLACK_API_URL and "
        "SLACK_BOT_TOKEN as its bot has them; a demo prints all these lines"
    ),
    "system": ("Run `unset ANSWERABLE_CLOCK` first, or export another ANSWERABLE_DATABASE_URL"),
}


MOST_NAMED: Final = 20
_MOST_SAID_BACK: Final = 63  # as long as a key can be
_NEAR: Final = 0.6


class UnknownWorkflow(Refused):
    """A key that no workflow has. What was typed is said back and not recorded.

    `in_full` is the sentence for whoever has no Slack at hand: it names the keys there are.
    """

    def __init__(self, key: str, known: Sequence[str]) -> None:
        odd = foreign_letter(key)
        typed = key if len(key) <= _MOST_SAID_BACK else f"{key[:_MOST_SAID_BACK]}…"
        said = f"There is no workflow “{typed}”.{f' {odd}' if odd else ''}{_meant(key, known)}"
        super().__init__(
            "unknown workflow", f"{said} `/answerable list` shows the registered ones."
        )
        more = f" and {len(known) - MOST_NAMED:,} more" if len(known) > MOST_NAMED else ""
        named = f"There is {', '.join(known[:MOST_NAMED])}{more}."
        self.in_full = f"{said} {named if known else 'None is registered yet: that takes Slack.'}"


def for_the_rest(button: str, of_what: str = "") -> str:
    """Say how to go on from a page that takes no answer any more, while others wait for one."""
    left = f"what is left of {of_what}" if of_what else "what is left"
    return f"Close this page and press {button} for {left}."


def _meant(key: str, known: Sequence[str]) -> str:
    """Ask whether a key was meant that is like what was typed; a reason is no part of one."""
    first, *more = key.split() or [""]
    near = [first] if first in known else get_close_matches(key[:_MOST_SAID_BACK], known, 1, _NEAR)
    if not near:
        return ""
    return f" Did you mean {near[0]}?{' Type the key alone.' if more else ''}"
