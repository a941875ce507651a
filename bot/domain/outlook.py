"""What a plan costs its reviewers and what it can see, told to whoever is to agree to it."""

from dataclasses import dataclass, replace
from datetime import datetime
from fractions import Fraction
from typing import Final

from bot.domain.bounds import upper_bound
from bot.domain.detector import weeks_to_prove
from bot.domain.figures import WHOLE_BP, counted, percent
from bot.domain.plans import MAX_SAMPLE, WEEK, duration
from bot.domain.policy import LimitBasis, Policy
from bot.domain.policy_in_words import told_each
from bot.domain.proving import outputs_to_prove
from bot.domain.sampling import second_looks_of
from bot.domain.weaker import AHEAD, strikes_ahead

WORSE: Final = {2: "twice", 4: "four times"}
MORE: Final = 3
LONG: Final = 40  # weeks, beyond which the figure overstates and nobody waits
_HOUR: Final = 3_600
_MINUTE: Final = 60


@dataclass(frozen=True, slots=True)
class Outlook:
    """A policy in figures: outputs drawn of a round, how often, and how long each takes.

    `fewest` and `most` differ only where they depend on how many arrive; `closer` is the most while
    there is cause to look closer, and `first` until a round has proven the limit, 0 if that is no
    more than else. `timed` answers took the median `item_seconds`; if 0 nobody has
    measured it.
    """

    limit_bp: int
    basis: LimitBasis
    fewest: int
    most: int
    closer: int
    rounds_a_week: Fraction
    item_seconds: int
    timed: int
    first: int = 0

    @property
    def expected(self) -> int:
        """Give the most that is drawn of a round without cause to look closer."""
        return max(self.most, self.first)

    def hours(self, drawn: int) -> float:
        """Give the hours a week that so many outputs a round take, second looks included."""
        looks = drawn + second_looks_of(drawn)
        return float(looks * self.item_seconds * self.rounds_a_week / _HOUR)

    def weeks(self, times: int, drawn: int) -> int:
        """Give in about how many weeks so many a round prove a rate of so many times the limit."""
        rate = times * self.limit_bp / WHOLE_BP
        rounds = weeks_to_prove(self.limit_bp, rate, float(drawn), self.basis)
        return max(1, round(max(1, round(rounds)) / self.rounds_a_week))


def outlook_of(policy: Policy, now: datetime, item_seconds: int = 0, timed: int = 0) -> Outlook:
    """Give the outlook of a sound policy, whose answers took so long as far as is known."""
    strikes, _ = strikes_ahead(policy.cadence, now)
    plan, each = policy.plan, item_seconds or policy.item_seconds
    usual = plan.usual(AHEAD / strikes, each)
    most = plan.size(policy.volume_max, usual, usual)
    proving = plan.at_least(policy.to_prove)
    usual_first = proving.usual(AHEAD / strikes, each)
    first = proving.size(policy.volume_max, usual_first, usual_first)
    outlook = Outlook(
        limit_bp=policy.limit_bp,
        basis=policy.limit_basis,
        fewest=plan.size(policy.volume_min, usual, usual),
        most=most,
        closer=max(first, min(first * policy.tighten, MAX_SAMPLE)),
        rounds_a_week=Fraction(strikes, AHEAD // WEEK),
        item_seconds=each,
        timed=timed,
        first=first if first > most else 0,
    )
    return _cut(outlook, policy.capacity) if policy.is_cut_to_time else outlook


def _cut(outlook: Outlook, minutes: int) -> Outlook:
    """Give the outlook where no more is drawn than there are minutes a week for."""
    more = range(outlook.closer, outlook.most, -1)
    fits = (each for each in more if outlook.hours(each) * _HOUR <= minutes * _MINUTE)
    return replace(outlook, closer=next(fits, outlook.most))


def cost_in_words(outlook: Outlook) -> str:
    """Say what it costs: reviews and hours a week, second looks included."""
    seconds = second_looks_of(outlook.most)
    first = (
        f", {_hours(outlook.hours(outlook.first))} until a round has proven the limit"
        if outlook.first > outlook.most
        else ""
    )
    closer = (
        f", up to {_hours(outlook.hours(outlook.closer))} while there is cause to look closer"
        if outlook.closer > outlook.expected
        else ""
    )
    return (
        f"about {_a_week(outlook, outlook.fewest, outlook.most)} a week and "
        f"{_figure(seconds * outlook.rounds_a_week)} second looks: "
        f"{_hours(outlook.hours(outlook.most))}{first}{closer}, at "
        f"{duration(outlook.item_seconds)} each {_source(outlook)}"
    )


def sight_in_words(outlook: Outlook) -> str:
    """Say how soon it proves what is clearly too much; empty if nothing can be so much."""
    said = [
        f"{name} the limit in {_weeks(outlook.weeks(times, outlook.fewest))}"
        for times, name in _possible(outlook)
    ]
    return ", ".join(said)


def told(policy: Policy, outlook: Outlook) -> tuple[str, ...]:
    """Say to whoever registers or changes a policy what it costs and what it can see.

    Each is a paragraph: the cost, what one round can show, and what several can.
    """
    cost = f"It costs reviewers {cost_in_words(outlook)}."
    said = (cost, _reach(policy, outlook.fewest), _patience(outlook))
    return tuple(each.strip() for each in said if each)


def _possible(outlook: Outlook) -> list[tuple[int, str]]:
    return [(times, name) for times, name in WORSE.items() if times * outlook.limit_bp < WHOLE_BP]


def _reach(policy: Policy, drawn: int) -> str:
    """Say what a round can show, if that is less than the limit asks for, or may be."""
    needed = outputs_to_prove(policy.limit_bp)
    said = ""
    if drawn < needed:
        best = 100 * upper_bound(0, drawn)
        said = (
            f" Know that {counted(drawn, 'output')} without an error show at most {best:.1f} %: "
            f"to prove a limit of {percent(policy.limit_bp)} % within one round takes {needed} "
            "if they are drawn purely at random."
        )
    if policy.proves_first:
        said += (
            f" At least {needed} are drawn of each round, if so many come, until one has proven it."
        )
    if policy.floor:
        said += (
            f" With at least {policy.floor} of each {told_each(policy)} each counts by its share: "
            "of several it takes many more, and the round's card says how little its draw could "
            "have shown."
        )
    return said


def _patience(outlook: Outlook) -> str:
    """Say how soon the rounds prove what is too much, and how much sooner with more reviews."""
    seen = sight_in_words(outlook)
    if not seen:
        return ""
    reviews, more = outlook.fewest, MORE * outlook.fewest
    times, name = next(iter(_possible(outlook)))
    soon = _weeks(outlook.weeks(times, more))
    return (
        f" With {_a_week(outlook, reviews, reviews)} a week the rounds prove an error rate of "
        f"{seen}; with {_figure(more * outlook.rounds_a_week)} a week {name} in {soon}."
    )


def _a_week(outlook: Outlook, fewest: int, most: int) -> str:
    low, high = (_figure(each * outlook.rounds_a_week) for each in (fewest, most))
    return (
        f"{high} review{'' if high == '1' else 's'}" if low == high else f"{low} to {high} reviews"
    )


def _weeks(weeks: int) -> str:
    if weeks > LONG:
        return "most of a year or more"
    return f"about {counted(weeks, 'week')}"


def _hours(hours: float) -> str:
    return f"{hours:.1f} hours" if hours >= 0.1 else "less than 0.1 hours"  # noqa: PLR2004


def _figure(figure: Fraction) -> str:
    return f"{float(figure):.1f}".removesuffix(".0")


def _source(outlook: Outlook) -> str:
    if outlook.timed:
        return f"as measured over {outlook.timed} answers"
    return "as the policy says; nobody has measured it yet"
