"""A sampling plan: how many outputs of a round are drawn, as people agree on it and write it.

A plan is a number, a share of the outputs of a round, or what reviewers have time for. It is
understood whole or refused with a sentence.
"""

import re
from dataclasses import dataclass, replace
from datetime import timedelta
from fractions import Fraction
from typing import Final

from bot.domain.figures import WHOLE_BP, counted, percent

MAX_SAMPLE: Final = 360
MAX_TIGHTEN: Final = 3
USUAL_MOST: Final = MAX_SAMPLE // MAX_TIGHTEN
USUAL_SECONDS: Final = 180
LONGEST: Final = 3_600  # seconds for one output
MAX_MINUTES: Final = 10_000
WEEK: Final = timedelta(weeks=1)
EXAMPLES: Final = (
    "20 · 30 % of the outputs of a round, at least 10, at most 60 · 120 minutes a week"
)
_SHOWN: Final = 60
_MINUTE: Final = 60


@dataclass(frozen=True, slots=True)
class Plan:
    """How much of a round is drawn.

    With neither `share_bp` nor `minutes` it is `sample` outputs. A share is of the outputs of a
    round, in basis points, of them at least `sample` and at most `most`. `minutes` are those that
    reviewers have in a week. `item_seconds` is what one output is thought to take.
    """

    sample: int
    share_bp: int = 0
    most: int = 0
    minutes: int = 0
    item_seconds: int = USUAL_SECONDS

    @property
    def is_share(self) -> bool:
        return self.share_bp > 0

    @property
    def is_by_minutes(self) -> bool:
        return self.minutes > 0

    def at_least(self, fewest: int) -> "Plan":
        """Give the plan by which no round has fewer drawn than this, if so many come."""
        most = max(self.most, fewest) if self.is_share else self.most
        return replace(self, sample=max(self.sample, fewest), most=most)

    def usual(self, period: timedelta, item_seconds: int) -> int:
        """Give how many outputs of a round of this length are drawn if nothing is amiss.

        Of a share it is how many at most. `item_seconds` is what one takes as far as is known.
        """
        if self.is_share:
            return self.most
        if not self.is_by_minutes:
            return self.sample
        available = self.minutes * _MINUTE * _microseconds(period)
        each = item_seconds * _microseconds(WEEK)
        return max(self.sample, min(available // each, MAX_SAMPLE))

    def size(self, population: int, usual: int, said: int) -> int:
        """Give how many of a frozen population are drawn, where so many were said before at most.

        `said` is `usual`, or several times as many while there is cause to look closer.
        """
        if not self.is_share:
            return said
        share = -(-population * self.share_bp // WHOLE_BP)
        return said // usual * min(usual, max(self.sample, share))

    @property
    def in_words(self) -> str:
        """Give the plan as the object of a sentence: people review …."""
        if self.is_share:
            of = f"{percent(self.share_bp)} % of the outputs of a round"
            return f"{of}, at least {self.sample:,}, at most {self.most:,}"
        if self.is_by_minutes:
            return f"as many outputs as {self.minutes:,} minutes a week allow"
        return f"{counted(self.sample, 'output')} a round"

    def __str__(self) -> str:
        """Give the plan as it may be written."""
        if self.is_by_minutes:
            written = f"{self.minutes} minutes a week"
        else:
            written = self.in_words if self.is_share else str(self.sample)
        each = self.item_seconds
        return written if each == USUAL_SECONDS else f"{written}, {duration(each)} each"


_SHARE: Final = re.compile(
    r"(?P<share>[^%]*)%\s*(?P<of>.*?)"
    r"(?:,? (?:and )?at least (?P<least>[0-9]{1,6}))?(?:,? (?:and )?at most (?P<most>[0-9]{1,6}))?"
)
_OF: Final = re.compile(
    r"of (?:the |all )?outputs(?: (?:of|in) (?:a|the|each|every) (?:round|period))?"
)
_TIME: Final = re.compile(
    r"(?P<count>[0-9]{1,6}(?:\.[0-9]{1,2})?) ?(?P<unit>hours?|h|minutes?|min) "
    r"(?:a|per|each|every) week"
)
_EACH: Final = re.compile(
    r"(?P<rest>.*?),? (?:at )?(?P<count>[0-9]{1,6}(?:\.[0-9]{1,2})?) ?"
    r"(?P<unit>hours?|h|minutes?|min|seconds?|s) each"
)
_COUNT: Final = re.compile(
    r"(?P<count>[0-9]{1,9})(?: outputs?)?(?: (?:a|per|each|every|in a) round)?"
)
_SECONDS_IN: Final = {"h": 3_600, "m": 60, "s": 1}


def read_plan(text: str) -> Plan:
    """Give the plan that is written. Raises ValueError, in a sentence for whoever wrote it."""
    phrase = re.sub(r"(?<=[0-9]),(?=[0-9]{3}\b)", "", " ".join(text.lower().split())).rstrip(" .;,")
    each = _EACH.fullmatch(phrase)
    seconds = _seconds(each) if each else Fraction(USUAL_SECONDS)
    if not (seconds == int(seconds) and 1 <= seconds <= LONGEST):
        raise ValueError("Give from 1 second to 60 minutes each for an output, in whole seconds.")
    rest = each["rest"].rstrip(" ,") if each else phrase
    if form := _COUNT.fullmatch(rest):
        return Plan(int(form["count"]), item_seconds=int(seconds))
    if form := _TIME.fullmatch(rest):
        minutes = _seconds(form) / _MINUTE
        if minutes != int(minutes) or not minutes:
            raise ValueError("Give at least one minute a week, in whole minutes.")
        return Plan(1, minutes=int(minutes), item_seconds=int(seconds))
    if form := _SHARE.fullmatch(rest):
        return _share(form, int(seconds))
    raise ValueError(f"“{text.strip()[:_SHOWN]}” is no plan. Write for example: {EXAMPLES}.")


def plan_fault(plan: Plan, tighten: int) -> str:
    """Give a sentence if there cannot be such a plan, else an empty string."""
    if not 1 <= plan.sample <= MAX_SAMPLE:
        what = "outputs to review in a round"
        return f"Give a whole number from 1 to {MAX_SAMPLE} ({what})."
    if plan.is_share:
        return _share_fault(plan, tighten)
    if plan.minutes > MAX_MINUTES:
        return f"Give at most {MAX_MINUTES:,} minutes a week: those of all reviewers together."
    return ""


def weaker_plan(old: Plan, new: Plan) -> bool:
    """Tell whether the new plan may draw fewer of some round than the old one did.

    What reviewers have time for depends on how fast they are: another sort of plan may be fewer.
    """
    if old.is_by_minutes or new.is_by_minutes:
        return new.minutes < old.minutes or not old.is_by_minutes or _is_slower(old, new)
    of_old, of_new = _bounds(old), _bounds(new)
    is_less = of_new[0] < of_old[0] or of_new[2] < of_old[2]
    return is_less or (of_new[1] < of_old[1] and of_new[0] < of_old[2])


def told_weaker(old: Plan, new: Plan) -> tuple[str, ...]:
    """Say, after “it …”, how the new plan is weaker, if it is."""
    if not weaker_plan(old, new):
        return ()
    if _is_number(old) and _is_number(new):
        return (f"reviews {new.sample:,} instead of {counted(old.sample, 'output')} a round",)
    return (f"reviews {new}, which may be fewer than {old}",)


def _is_number(plan: Plan) -> bool:
    return not (plan.is_share or plan.is_by_minutes)


def _is_slower(old: Plan, new: Plan) -> bool:
    return new.item_seconds > old.item_seconds


def _bounds(plan: Plan) -> tuple[int, int, int]:
    return plan.sample, plan.share_bp, plan.most if plan.is_share else plan.sample


def _share(form: re.Match[str], seconds: int) -> Plan:
    share = _basis_points(form["share"])
    if not _OF.fullmatch(form["of"]):
        raise ValueError(_of_what(form["share"].strip()[:_SHOWN], form["of"].strip(" ,")[:_SHOWN]))
    least, most = int(form["least"] or 1), int(form["most"] or USUAL_MOST)
    return Plan(least, share_bp=share, most=most, item_seconds=seconds)


def _of_what(share: str, of: str) -> str:
    asked = f"“{share} % {of}”" if of else f"{share} %, but of what?"
    return (
        f"{asked} A plan's share is of the outputs of a round, read after they were produced: "
        f"write “{share} % of the outputs of a round”. Below, a floor sees to each category. "
        "Nothing is used unread only while the gate is at review_all."
    )


def _basis_points(text: str) -> int:
    form = re.fullmatch(r"([0-9]{1,3})(?:\.([0-9]{1,2}))?", text.strip())
    share = int(form[1]) * 100 + int((form[2] or "").ljust(2, "0")) if form else 0
    if not 0 < share < WHOLE_BP:
        raise ValueError(
            "Give a share above 0 % and below 100 %, with at most two decimals. To have all read "
            f"that can be, write how many these are at most, such as {USUAL_MOST}."
        )
    return share


def _share_fault(plan: Plan, tighten: int) -> str:
    if not 0 < plan.share_bp < WHOLE_BP:
        return "Give a share above 0 % and below 100 %."
    most = MAX_SAMPLE // max(tighten, 1)
    if plan.most > most:
        times = f": {tighten} times as many are reviewed with cause to look closer" * (tighten > 1)
        return f"Give at most {most} as the most outputs of a round{times}."
    if plan.most < plan.sample:
        return f"At least {plan.sample:,} and at most {plan.most:,} leave nothing in between."
    return ""


def _seconds(form: re.Match[str]) -> Fraction:
    return Fraction(form["count"]) * _SECONDS_IN[form["unit"][0]]


def duration(seconds: int) -> str:
    """Give a length of time as it may be written, in whole minutes or else seconds."""
    if seconds % _MINUTE:
        return counted(seconds, "second")
    return counted(seconds // _MINUTE, "minute")


def _microseconds(length: timedelta) -> int:
    return length // timedelta(microseconds=1)
