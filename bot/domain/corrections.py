"""What people did not leave as the AI had it: outputs to learn from."""

from dataclasses import dataclass
from datetime import datetime

from bot.domain.data_rules import DataRules, blanked, leaving
from bot.domain.outputs import Output
from bot.domain.rounds import Look, Round
from bot.domain.verdicts import Judgement


@dataclass(frozen=True, slots=True)
class Compared:
    """What came of a second look at an output. `differs` is None if it has no second verdict.

    `stands` is the look that a third person let stand, since `settled_at`, if somebody has.
    """

    differs: bool | None = None
    stands: Look | None = None
    settled_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class Correction:
    """A verdict of the first look that did not leave an output as it was, in a closed round.

    `judgement` has the correction as its reviewer wrote it, unless that `is_erased`. `trigger` is
    why the output was asked besides the draw, empty if it was drawn.
    """

    round: Round
    output: Output
    judgement: Judgement
    judged_at: datetime
    is_late: bool
    is_erased: bool
    compared: Compared
    trigger: str = ""

    @property
    def changed_at(self) -> datetime:
        """Give the time from which on it is as it is now."""
        times = (self.judged_at, self.round.closed_at, self.compared.settled_at)
        return max(each for each in times if each)


def facts_of(correction: Correction, rules: DataRules) -> dict[str, object]:
    """Give what of a correction may leave under these rules, by the names of its fields.

    The masks hold for what the reviewer wrote as well: a file goes where nobody forgets.
    """
    output = leaving(correction.output, rules).output
    said, compared = correction.judgement, correction.compared
    return {
        "workflow": correction.round.workflow,
        "round": correction.round.number,
        "output_id": output.output_id,
        "produced_at": _time(output.produced_at),
        "category": output.category,
        "confidence": output.confidence or None,
        "model_version": output.model_version or None,
        "text": output.text or None,
        "answer": said.answer,
        "why": said.why,
        "severity": said.severity,
        "correction": blanked(said.correction, rules.masks) or None,
        "erased": correction.is_erased,
        "judged_at": _time(correction.judged_at),
        "late": correction.is_late,
        "look": Look.FIRST,
        "triggered": correction.trigger or None,
        "second_look_differs": compared.differs,
        "stands": compared.stands,
    }


def _time(at: datetime) -> str:
    return at.isoformat().replace("+00:00", "Z")
