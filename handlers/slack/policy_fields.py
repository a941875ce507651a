"""A policy as people fill it in: fields read whole, or a sentence under each that cannot be."""

import re
from collections.abc import Callable, Mapping
from dataclasses import replace
from datetime import timedelta
from typing import Final, TypeVar

from bot.domain.cadences import Cadence, in_words, read_cadence
from bot.domain.data_rules import read_hosts, read_masks
from bot.domain.figures import WHOLE_BP, percent
from bot.domain.hours import read_hours, written
from bot.domain.limits import read_limits, written_limits
from bot.domain.plans import Plan, read_plan
from bot.domain.policy import LimitBasis, Overflow, Policy
from bot.domain.refusals import Invalid
from bot.domain.strata import FloorBy
from bot.domain.triggers import Triggers, read_triggers
from bot.domain.verdicts import Why
from bot.rendering.views import PolicyFields

FIRST_VERSION: Final = 1
RUNS: Final = "runs"
WAITS: Final = "waits"
TAKEN: Final = "taken"
LINK_ONLY: Final = "link_only"
SHOWN: Final = "shown"
HIDDEN: Final = "hidden"
PROVES: Final = "proves"
USUAL: Final = "usual"
_GREATEST: Final = 999_999_999  # more than any field takes: the policy says how much each does
_PERCENTAGE: Final = re.compile(r"([-\u2212])?(\d+)(?:\.(\d{0,2}))?", re.ASCII)
_HOUR: Final = timedelta(hours=1)
_Read = TypeVar("_Read")


def fields_of_policy(policy: Policy) -> PolicyFields:
    """Give what a form's fields hold if it is filled in with this policy."""
    return PolicyFields(
        cadence=in_words(policy.cadence),
        zone=policy.zone,
        hours=policy.hours,
        holidays=policy.holidays_in,
        sample=str(policy.plan),
        floor=policy.floor,
        floor_by=policy.floor_by,
        tighten=str(policy.tighten),
        capacity=str(policy.capacity or ""),
        overflow=policy.overflow,
        limit=percent(policy.limit_bp),
        basis=policy.limit_basis,
        error_whys=policy.error_whys,
        volume_min=policy.volume_min,
        volume_max=policy.volume_max,
        limits=written_limits(policy.limits),
        while_degraded=RUNS if policy.runs_degraded else WAITS,
        grace=policy.delivery_grace // _HOUR,
        text=LINK_ONLY if policy.link_only else TAKEN,
        max_text=policy.max_text,
        masks="\n".join(policy.masks),
        link_hosts="\n".join(policy.link_hosts),
        answer=HIDDEN if policy.hides_answer else SHOWN,
        triggers=str(policy.triggers),
        proves=PROVES if policy.proves_first else USUAL,
    )


def policy_changed(fields: Mapping[str, str], before: Policy) -> Policy:
    """Give the version that follows `before`. Raises as `policy_filled_in` does."""
    return replace(policy_filled_in(fields), number=before.number + 1)


def policy_filled_in(fields: Mapping[str, str]) -> Policy:
    """Give the first policy that these fields make.

    Raises Invalid with a sentence for each field that is not understood.
    """
    policy, faults = policy_read(fields)
    if faults:
        raise Invalid(faults)
    return policy


def policy_read(fields: Mapping[str, str]) -> tuple[Policy, dict[str, str]]:
    """Give what these fields make, and a sentence for each that is not understood.

    With such a sentence the policy is none to be kept: the field is empty in it.
    """
    faults: dict[str, str] = {}
    cadence = _read(fields, "cadence", read_cadence, Cadence(""), faults)
    plan = _read(fields, "sample", read_plan, Plan(0), faults)
    triggers = _read(fields, "triggers", read_triggers, Triggers(), faults)
    policy = Policy(
        number=FIRST_VERSION,
        cadence=cadence.rule,
        zone=_zone(fields, cadence, faults),
        sample=plan.sample,
        share_bp=plan.share_bp,
        most=plan.most,
        minutes=plan.minutes,
        item_seconds=plan.item_seconds,
        capacity=_whole(fields, "capacity", faults) if fields.get("capacity", "").strip() else 0,
        overflow=Overflow(fields.get("overflow", Overflow.REVIEW_ALL)),  # as below
        floor=_whole(fields, "floor", faults),
        floor_by=FloorBy(fields.get("floor_by", FloorBy.CATEGORY)),  # as below
        tighten=_whole(fields, "tighten", faults),
        limit_bp=_basis_points(fields, faults),
        error_whys=_error_whys(fields, faults),
        volume_min=_whole(fields, "volume_min", faults),
        volume_max=_whole(fields, "volume_max", faults),
        hours=_read(fields, "hours", _hours, "", faults),
        holidays_in=fields["holidays"].strip().upper(),
        limits=_read(fields, "limits", read_limits, (), faults),
        runs_degraded=fields["while_degraded"] == RUNS,
        delivery_grace=_whole(fields, "grace", faults) * _HOUR,
        link_only=fields["text"] == LINK_ONLY,
        max_text=_whole(fields, "max_text", faults),
        masks=_read(fields, "masks", read_masks, (), faults),
        link_hosts=_read(fields, "link_hosts", read_hosts, (), faults),
        limit_basis=LimitBasis(fields.get("basis", LimitBasis.PER_WEEK)),  # as below
        hides_answer=fields.get("answer") == HIDDEN,  # a form of an earlier release has none
        proves_first=fields.get("proves") == PROVES,  # as above
        trigger_below_bp=triggers.below_bp,
        trigger_first=triggers.first,
        trigger_most=triggers.most,
    )
    return policy, faults


def _read(
    fields: Mapping[str, str],
    name: str,
    read: Callable[[str], _Read],
    none: _Read,
    faults: dict[str, str],
) -> _Read:
    """Give what a field says, or `none` and under the field why it is not understood."""
    try:
        return read(fields.get(name, ""))  # a form of an earlier release lacks some
    except ValueError as fault:
        faults[name] = str(fault)
        return none


def _zone(fields: Mapping[str, str], cadence: Cadence, faults: dict[str, str]) -> str:
    """Give the one zone of the workflow; naming two is a fault, never a choice of ours."""
    named = fields["zone"].strip()
    if named and cadence.zone and named != cadence.zone:
        faults["zone"] = f"Above it says {cadence.zone}: leave this empty, or name the same zone."
    return named or cadence.zone or "UTC"


def _hours(text: str) -> str:
    return written(read_hours(text))


def _error_whys(fields: Mapping[str, str], faults: dict[str, str]) -> tuple[Why, ...]:
    try:
        return tuple(sorted({Why(each) for each in fields["error_whys"].split()}))
    except ValueError:
        faults["error_whys"] = "Choose among these."
        return ()


def _whole(fields: Mapping[str, str], name: str, faults: dict[str, str]) -> int:
    written = fields[name].strip().replace(",", "")
    if written.isascii() and written.isdigit():
        digits = written.lstrip("0")
        return int(digits or "0") if len(digits) <= len(str(_GREATEST)) else _GREATEST
    faults[name] = "Write a whole number in digits, such as 20."
    return 0


def _basis_points(fields: Mapping[str, str], faults: dict[str, str]) -> int:
    """Give what is written as a percentage, or what is as impossible if it is out of range."""
    found = _PERCENTAGE.fullmatch(fields["limit"].strip().removesuffix("%").strip())
    if found is None:
        faults["limit"] = "Write a percentage with at most two decimals, such as 5 or 2.5."
        return 0
    sign, whole, part = found.groups(default="")
    if sign:
        return 0
    if len(whole.lstrip("0")) > 2:  # noqa: PLR2004 -- 100 % and more
        return WHOLE_BP
    return int(whole) * 100 + int(part.ljust(2, "0"))
