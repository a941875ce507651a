"""Whether the promises were kept, judged from outside: by what was seen and by the export alone.

It shares no rule with the product: what is promised is said here again, in words of its own.
"""

from collections.abc import Callable, Iterator
from typing import Final

from tests.sim import checks_of_duties, checks_of_people, checks_of_posts, checks_of_the_record
from tests.sim.case import Case

RULES: Final[tuple[Callable[[Case], Iterator[str]], ...]] = (
    checks_of_the_record.i5_one_order,
    checks_of_the_record.i5_nobody_in_between,
    checks_of_the_record.i2_receipts_hold,
    checks_of_the_record.i2_exactly_once,
    checks_of_the_record.i2_outputs_taken_once,
    checks_of_the_record.i2_acks_hold,
    checks_of_duties.i1_owed,
    checks_of_duties.i3_climbs,
    checks_of_duties.i3_on_time,
    checks_of_duties.i3_consequences,
    checks_of_duties.i3_draws_are_on_time,
    checks_of_duties.i3_somebody_is_asked,
    checks_of_people.i4_each_for_themselves,
    checks_of_people.i4_second_person,
    checks_of_people.i4_within_roles,
    checks_of_people.i4_refusals_kept,
    checks_of_people.i10_stops,
    checks_of_people.i10_gates_are_as_recorded,
    checks_of_people.i10_paused_until_agreed,
    checks_of_posts.i2_posts_are_recorded,
    checks_of_posts.i2_posts_are_not_repeated,
    checks_of_posts.posts_keep_the_pace,
)


def violations(case: Case) -> list[str]:
    """Give every promise that was not kept, one a line, after the rule that says so."""
    return [f"{rule.__name__}: {line}" for rule in RULES for line in rule(case)]
