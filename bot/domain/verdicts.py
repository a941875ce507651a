"""What a reviewer answers on one drawn output."""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Final

from bot.domain.reasons import MAX_REASON
from bot.domain.unseen import says_nothing

MAX_CORRECTION: Final = 1_000


class Answer(StrEnum):
    """What is said of an output. `skipped`, that it cannot be judged, is no verdict."""

    CORRECT = "correct"
    CORRECTED = "corrected"
    WRONG = "wrong"
    SKIPPED = "skipped"


class Why(StrEnum):
    """Why an output was not simply correct."""

    ERROR = "error"
    UNUSABLE = "unusable"
    PREFERENCE = "preference"
    POLICY = "policy"


class Severity(StrEnum):
    MINOR = "minor"
    MAJOR = "major"
    CRITICAL = "critical"


@dataclass(frozen=True, slots=True)
class Judgement:
    """One reviewer's answer. `why` and `severity` are set exactly when it is not `correct`.

    Of what is `skipped` there is a reason instead, and nothing else.
    """

    answer: Answer
    why: Why | None = None
    severity: Severity | None = None
    correction: str = ""
    reason: str = ""

    def is_error(self, error_whys: tuple[Why, ...]) -> bool:
        return self.why in error_whys

    @property
    def is_override(self) -> bool:
        return self.answer in {Answer.CORRECTED, Answer.WRONG}

    @property
    def is_skip(self) -> bool:
        return self.answer is Answer.SKIPPED

    @property
    def is_critical(self) -> bool:
        return self.severity is Severity.CRITICAL


def judgement_faults(judgement: Judgement) -> Mapping[str, str]:
    """Give a sentence for each field that does not fit the answer: empty if it is complete."""
    if judgement.is_skip:
        return _skip_faults(judgement)
    faults = _verdict_faults(judgement)
    if judgement.reason:
        faults["reason"] = "You wrote why it cannot be judged: choose that, or clear this."
    return faults


def _verdict_faults(judgement: Judgement) -> dict[str, str]:
    faults: dict[str, str] = {}
    if judgement.answer is Answer.CORRECT:
        if judgement.why:
            faults["why"] = "A correct output needs no why: clear it, or change the verdict."
        if judgement.severity:
            faults["severity"] = "A correct output has no severity: clear it."
        if judgement.correction:
            faults["correction"] = "You wrote a correction: choose “corrected”, or clear it."
        return faults
    if not judgement.why:
        faults["why"] = "Say why it was not simply correct."
    if not judgement.severity:
        faults["severity"] = "Say how bad it would have been."
    if judgement.answer is Answer.CORRECTED and says_nothing(judgement.correction):
        faults["correction"] = "Write what it should have been."
    if len(judgement.correction) > MAX_CORRECTION:
        faults["correction"] = f"At most {MAX_CORRECTION:,} characters."
    return faults


def _skip_faults(judgement: Judgement) -> Mapping[str, str]:
    said = {
        "why": judgement.why,
        "severity": judgement.severity,
        "correction": judgement.correction,
    }
    faults = {
        field: "What cannot be judged has none: clear it, or choose a verdict."
        for field, value in said.items()
        if value
    }
    if says_nothing(judgement.reason):
        faults["reason"] = "Say why it cannot be judged: a second person is asked about it."
    elif len(judgement.reason) > MAX_REASON:
        faults["reason"] = f"At most {MAX_REASON:,} characters."
    return faults
