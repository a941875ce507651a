"""The digest: placed in a channel by somebody, written at its cadence, stopped again."""

import re
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Final

from bot.domain.authority import Act, authorise
from bot.domain.cadences import DEFAULT_CADENCE, in_words, read_cadence
from bot.domain.calendar import next_occurrence, strike_after, zone_fault
from bot.domain.digests import KINDS, Digest, figures_of
from bot.domain.messages import Message, MessageKind, Place
from bot.domain.moments import utc_text
from bot.domain.people import SYSTEM, Actor, Role
from bot.domain.proof import Proof
from bot.domain.record import Kind
from bot.domain.refusals import Refused
from bot.usecases import Deps
from bot.usecases.steps.workflows import workspace_roles
from store.reading import Reading
from store.unit_of_work import Work

_CHANNEL: Final = re.compile(r"[CG][A-Z0-9]{1,30}")


@dataclass(frozen=True, slots=True)
class Placed:
    """A digest that has a place now: how often it comes, in words, and when it comes first."""

    cadence: str
    zone: str
    next_at: datetime
    receipt: Proof


def place_digest(deps: Deps, actor: Actor, channel: str, cadence: str, zone: str) -> Placed:
    """Have the digest posted in this channel, on record.

    `cadence` is in words, and if empty as it was so far, or weekly; `zone` is the one it is meant
    in unless it names one.
    """
    with deps.store.begin(deps.workspace, actor) as work:
        work.once()
        role = _authorise(deps, work, actor)
        before = work.digests.find()
        _refuse_now(before, cadence, on=_name(deps))
        if not _CHANNEL.fullmatch(channel):
            raise Refused(
                "no channel",
                "Type `/answerable digest` in the channel where the digest is to be posted.",
                on=_name(deps),
            )
        rule, zone = _wanted(before, cadence, zone, on=_name(deps))
        _refuse_same(before, channel, rule, zone, on=_name(deps))
        facts = {"channel": channel, "cadence": rule, "zone": zone}
        seq = work.record(Kind.DIGEST_PLACED, _name(deps), facts, role=role)
        since = before.since if before else seq
        digest = Digest(channel, rule, zone, next_occurrence(rule, zone, work.now), since)
        work.digests.save(digest)
    return Placed(in_words(rule), zone, digest.next_at, work.receipt)


def stop_digest(deps: Deps, actor: Actor) -> Proof:
    """Have no digest posted any more, one that waits included; what was posted stays."""
    with deps.store.begin(deps.workspace, actor) as work:
        work.once()
        role = _authorise(deps, work, actor)
        if work.digests.find() is None:
            raise Refused(
                "no digest", "No digest is posted: there is nothing to stop.", on=_name(deps)
            )
        work.record(Kind.DIGEST_STOPPED, _name(deps), {}, role=role)
        work.digests.remove()
        work.outbox.withdraw(kind=MessageKind.DIGEST)
    return work.receipt


def digests_due(reading: Reading, now: datetime) -> tuple[str, ...]:
    """Give the workspace if its digest is due now."""
    return (reading.workspace,) if reading.digests.is_due(now) else ()


def write_digest(deps: Deps, workspace: str) -> bool:
    """Write the digest if it is due, its sums on record; tell whether it was.

    However many of its times were missed, it is written once, for all that has happened since.
    """
    with deps.store.begin(workspace, SYSTEM) as work:
        digest = work.digests.find()
        if digest is None or digest.next_at > work.now:
            return False
        figures = figures_of(work.log.between(digest.since, work.last_number + 1, KINDS))
        standing = work.overview.open_breaches([each.key for each in work.workflows.all()])
        facts = {"channel": digest.channel, **figures.facts(), "open": sum(standing.values())}
        seq = work.record(Kind.DIGEST_WRITTEN, _name(deps), facts, prior=digest.since)
        next_at = strike_after(digest.cadence, digest.zone, work.now, digest.next_at)
        work.digests.save(replace(digest, next_at=next_at, since=seq))
        work.outbox.put(Message(MessageKind.DIGEST, Place.CHANNEL, digest.channel, seq))
    return True


def _authorise(deps: Deps, work: Work, actor: Actor) -> Role:
    held = workspace_roles(work, actor, deps.circle)
    return authorise(Act.PLACE_DIGEST, actor, held, on=_name(deps))


def _name(deps: Deps) -> str:
    return f"digest/{deps.workspace}"


def _wanted(before: Digest | None, words: str, zone: str, on: str) -> tuple[str, str]:
    """Give how often it is to come: who names no time changes none that was agreed on."""
    if before and not words.strip():
        return before.cadence, before.zone
    return _read(words, zone, on)


def _read(words: str, zone: str, on: str) -> tuple[str, str]:
    try:
        meant = read_cadence(words or DEFAULT_CADENCE)
    except ValueError as fault:
        sentence = f"{fault} To have no digest any more, type `/answerable digest off`."
        raise Refused("cadence not understood", sentence, on=on) from fault
    named = meant.zone or zone
    if unknown := zone_fault(named):
        raise Refused("unknown zone", unknown, on=on)
    return meant.rule, named


def _refuse_now(before: Digest | None, words: str, on: str) -> None:
    """Say of a digest that is wanted at once when one comes, and what there is before."""
    if words.strip().lower() != "now":
        return
    comes = (
        f"The next one comes at {utc_text(before.next_at)}."
        if before
        else "None is posted yet: `/answerable digest` has it posted in a channel every Monday."
    )
    raise Refused(
        "no digest at once",
        f"A digest comes at its own times, never in between. {comes} Of one workflow, "
        "`/answerable report KEY` shows now how it goes.",
        on=on,
    )


def _refuse_same(before: Digest | None, channel: str, rule: str, zone: str, on: str) -> None:
    if before and (before.channel, before.cadence, before.zone) == (channel, rule, zone):
        raise Refused(
            "digest placed already",
            f"The digest is posted in this channel already, {in_words(rule)} ({zone}); the next "
            f"one comes at {utc_text(before.next_at)}. Another time: `/answerable digest` and "
            "then, for example, every friday at 16:00. No more of it: `/answerable digest off`.",
            on=on,
        )
