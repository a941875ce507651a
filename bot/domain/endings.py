"""How what somebody was asked has ended: words of its card and of a button pressed too late."""

from dataclasses import dataclass
from typing import Final

from bot.domain.record import Kind

_AGAIN: Final = "{by} has asked anew since, record #{entry}: nothing more is owed here."
_DECLINED: Final = "{by} has declined it, record #{entry}: nothing changes."
_WITHDRAWN: Final = "{by} has withdrawn it, record #{entry}: nothing changes."
# What took its place, or ended it, by the kind of entry.
_SETTLED: Final = {
    Kind.DECISION_RECORDED: "{by} has decided on breach {breach} since: {decision}, record "
    "#{entry}. Nothing more is owed here.",
    Kind.RESUME_REQUESTED: _AGAIN,
    Kind.CHANGE_REQUESTED: _AGAIN,
    Kind.POLICY_CHANGED: "{by} has changed the policy since, record #{entry}: nothing more is "
    "owed here.",
    Kind.HANDOVER_PROPOSED: "{by} has proposed or named other people since, record #{entry}: "
    "nothing more is owed here.",
    Kind.HANDOVER_ACCEPTED: "{by} has taken the workflow over since, record #{entry}: nothing more "
    "is owed here.",
    **dict.fromkeys(
        (Kind.RESUME_DECLINED, Kind.CHANGE_DECLINED, Kind.HANDOVER_DECLINED), _DECLINED
    ),
    **dict.fromkeys(
        (Kind.RESUME_WITHDRAWN, Kind.CHANGE_WITHDRAWN, Kind.HANDOVER_WITHDRAWN), _WITHDRAWN
    ),
    Kind.ROLES_CHANGED: "{asker} holds no role any more that may ask for it, since record "
    "#{entry}: nothing changes.",
    Kind.OBLIGATION_SUPERSEDED: "{asker} is no admin any more by the settings of this bot, record "
    "#{entry}: nothing changes.",
    Kind.GATE_CHANGED: "The workflow was paused since, record #{entry}: this is asked anew once it "
    "runs again, and nothing more is owed here.",
    Kind.PERSON_CHANGED: "{asker} is no full member of the workspace any more, record #{entry}: "
    "nothing changes.",
}
_OTHERWISE: Final = (
    "What came since, record #{entry}, has taken its place: nothing more is owed here."
)


@dataclass(frozen=True, slots=True)
class Settled:
    """What took the place of what was asked: the kind of entry, whose, and its number.

    A decision names its breach. `again` says who can ask anew where `asker` may not any more, and
    `newer` what can be done about what was asked anew, or how that has ended itself.
    """

    kind: Kind
    by: str
    entry: int
    breach: str = ""
    decision: str = ""
    asker: str = ""
    again: str = ""
    newer: str = ""

    @property
    def sentence(self) -> str:
        """Give what is said of it, with names in braces for who and what is filled in."""
        return _SETTLED.get(self.kind, _OTHERWISE)


def settled_in_words(came: Settled) -> str:
    """Say what took its place where nobody is named: whoever reads it may not know them."""
    return came.sentence.format(
        by="Somebody",
        asker="Whoever asked",
        entry=came.entry,
        breach=came.breach,
        decision=came.decision,
    )
