"""Forgetting somebody: what names them or was typed by them is erased, on record."""

from collections.abc import Iterable, Iterator
from dataclasses import asdict, dataclass, is_dataclass

from bot.domain.forgetting import is_theirs, names, require_free, require_user_id
from bot.domain.messages import Message
from bot.domain.people import Actor, Role
from bot.domain.reasons import require_words
from bot.domain.record import Kind
from bot.domain.refusals import Refused
from bot.domain.registry import named_roles
from bot.usecases import Deps, showing
from store.forgetting import Opened
from store.reading import Reading
from store.unit_of_work import Work


@dataclass(frozen=True, slots=True)
class Forgotten:
    """What became of somebody: how many openings were erased, and which messages showed them.

    `updated` are brought up to date in place; `unreached` stand in their own conversation.
    """

    number: int
    openings: int
    updated: int
    unreached: int


@dataclass(frozen=True, slots=True)
class _Traces:
    """Where somebody is to be found, in a record of so many entries."""

    size: int
    opened: tuple[Opened, ...]
    showing: tuple[Message, ...]


def forget_person(deps: Deps, actor: Actor, user_id: str, reason: str) -> Forgotten:
    """Erase a person: their id, what they typed, and what others typed that has their id in it.

    The record verifies as before and says that it was done. Refused while they hold a role or owe
    something. Backups, exports and what Slack itself keeps are out of reach.
    """
    require_user_id(user_id)
    why = require_words(reason)
    traces = _look(deps, user_id)
    with deps.store.begin(deps.workspace, actor) as work:
        _require_forgettable(deps, work, user_id, traces)
        pseudonym = work.people.pseudonym_or_none(user_id)
        theirs = (*traces.opened, *_openings_of(work, user_id, traces.size))
        unreached = sum(1 for each in work.forgetting.shown() if each.to == user_id)
        seq = work.record(
            Kind.PERSON_FORGOTTEN,
            f"person/{pseudonym}" if pseudonym else f"workspace/{deps.workspace}",
            {"openings": len(theirs)},
            words={"reason": why},
            role=Role.OPERATOR,
        )
        for each in theirs:
            work.erase(each.entry.seq, each.field, because=seq)
        work.forgetting.take_out(user_id)
        updated = _bring_up_to_date(work, (*traces.showing, *work.forgetting.under_way()))
    # After the commit: what was erased is not to lie on in the database's journal.
    deps.store.scrub()
    return Forgotten(seq, len(theirs), updated, unreached)


def _look(deps: Deps, user_id: str) -> _Traces:
    """Find somebody before the seat is taken: reading all of a record takes its time."""
    with deps.store.read(deps.workspace) as reading:
        head = reading.log.head_or_none()
        opened = tuple(_openings_of(reading, user_id, 0))
        shown = [each for each in reading.forgetting.shown() if each.to != user_id]
    said = {each.value for each in opened}
    return _Traces(
        size=head.size if head else 0,
        opened=opened,
        showing=tuple(each for each in shown if _shows(showing.view_of(deps, each), user_id, said)),
    )


def _openings_of(reading: Reading, user_id: str, since: int) -> Iterator[Opened]:
    pseudonym = reading.people.pseudonym_or_none(user_id)
    for each in reading.forgetting.opened_from(since):
        is_by_them = each.entry.actor == pseudonym
        if is_theirs(each.field, each.value, user_id, is_by_them=is_by_them):
            yield each


def _require_forgettable(deps: Deps, work: Work, user_id: str, traces: _Traces) -> None:
    require_free(user_id, work.workflows.all(), deps.circle)
    _require_not_to_be(work, user_id)
    if any(user_id in {each.person, each.delegate} for each in work.absences.not_over(work.now)):
        raise Refused(
            "still away or standing in",
            f"{user_id} is away, or stands in for somebody, for now: that has to end first. "
            "Nothing was erased.",
        )
    handed = [each.name for each in work.shares.with_reviewers() if each.reviewer == user_id]
    if handed:
        raise Refused(
            "still has outputs to review",
            f"{user_id} still has outputs to review ({', '.join(handed)}): the owner has to take "
            "them back first. Nothing was erased.",
        )
    owed = work.forgetting.open_obligations_of(user_id)
    if owed:
        raise Refused(
            "still owes something",
            f"{user_id} still owes {', '.join(owed)}: that has to end first. Nothing was erased.",
        )
    if not traces.opened and not work.forgetting.has_rows_of(user_id):
        raise Refused("nobody known", f"Nothing in the record is of {user_id}: nothing was erased.")


def _require_not_to_be(work: Work, user_id: str) -> None:
    """Refuse to forget whom an open proposal names: by its acceptance nobody would be in a role."""
    to_be = [
        f"{role} of {proposed.workflow}"
        for proposed in work.handovers.still_open()
        for role, named in named_roles(proposed.roles)
        if named == user_id
    ]
    if to_be:
        raise Refused(
            "to hold a role",
            f"{user_id} is to be {', '.join(to_be)}: the proposal has to end first, or to give way "
            "to another. Nothing was erased.",
        )


def _bring_up_to_date(work: Work, messages: Iterable[Message]) -> int:
    """Queue an update of each message, once; give how many."""
    cases = {each.case: each for each in messages}
    for each in cases.values():
        work.outbox.put(each)
    return len(cases)


def _shows(view: object, user_id: str, said: set[str]) -> bool:
    return any(text in said or names(text, user_id) for text in _texts(view))


def _texts(value: object) -> Iterator[str]:
    """Give every text in a view, however deep."""
    if isinstance(value, str):
        yield value
    elif is_dataclass(value) and not isinstance(value, type):
        yield from _texts(tuple(asdict(value).values()))
    elif isinstance(value, dict):
        yield from _texts(tuple(value.values()))
    elif isinstance(value, list | tuple):
        for each in value:
            yield from _texts(each)
