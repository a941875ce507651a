"""What cannot reach its channel reaches people all the same: the next route, at once."""

from collections.abc import Iterator, Mapping
from dataclasses import replace
from typing import Final

from bot.domain.absences import stand_ins
from bot.domain.breaches import Breach
from bot.domain.messages import (
    DAMAGED,
    MISSING_SCOPE,
    WITH_FILES,
    Message,
    MessageKind,
    Place,
    Posting,
)
from bot.domain.people import Circle
from bot.domain.presence import Presence
from bot.domain.registry import Workflow
from bot.usecases.steps.breaches import owed_next
from store.unit_of_work import Work

_REFUSED: Final = "Slack refused it. Tell whoever runs Answerable"
# How a copy begins, as long as nobody knows that its channel has taken anything since.
_NOT_THERE: Final = "This is for the channel of {}, and could not be shown there"
# What was to come with files, and what is left to do if it does not.
_AGAIN: Final[Mapping[MessageKind, tuple[str, str]]] = {
    MessageKind.EXPORT: (
        "the file with the record",
        (
            "ask again with `/answerable export`. Whoever runs Answerable can also take the record "
            "out at its console"
        ),
    ),
    MessageKind.REPORT: (
        "the report on KEY",
        (
            "ask again with `/answerable report KEY`, and tell whoever runs Answerable if it "
            "happens twice"
        ),
    ),
    MessageKind.DIGEST: (
        "the digest",
        (
            "tell whoever runs Answerable. The next one comes at its own time; "
            "`/answerable report` shows now how a workflow goes"
        ),
    ),
}


def instead_of(
    work: Work, circle: Circle, message: Message, error: str, why: str
) -> tuple[Message, ...]:
    """Give what to send instead of a message that cannot arrive; nothing if nothing can be.

    What was for a channel goes to the workflow's owner, and if it is critical to the steward. It
    also goes to whoever asked for what it shows, who named that channel, or takes back there what
    they asked for. If the workflow has moved, it goes to its channel of now. What went to a person
    for that reason, and cannot reach them either, goes to the next who answers for the workflow,
    unless they have it only because they asked for it. The digest goes to an admin. Whoever waits
    for a file is told that it does not come.
    """
    if message.kind in WITH_FILES:
        return _instead_of_files(work, circle, message, error, why)
    if not message.workflow:
        return ()
    workflow = work.workflows.get(message.workflow)
    if message.place is Place.CHANNEL:
        if message.to != workflow.channel:
            return (to_channel_of_now(work, message, workflow),)
        people = _people(work, circle, message, workflow)
        sentence = _sentence(workflow, error, why)
        return tuple(_to_person(message, user_id, sentence) for user_id in people)
    if message.place is Place.PERSON and message.sentence and why:
        return _passed_on(work, circle, message, workflow)
    return ()


def unheard_or_none(work: Work, posting: Posting) -> Breach | None:
    """Give the critical breach whose card this is, if nobody was shown what is owed of it now.

    None also while the card is on its way to somebody else.
    """
    message = posting.message
    if message.kind is not MessageKind.BREACH_CARD:
        return None
    breach = work.breaches.find(message.workflow, message.subject)
    owed = owed_next(work, breach) if breach and breach.is_critical else None
    if owed is None or work.outbox.has_shown(owed.id):
        return None
    about = message.kind, message.workflow, message.subject
    return None if work.outbox.has_another(posting.id, *about) else breach


def say_shown_there(work: Work, message: Message) -> None:
    """Have copies of what stands in its channel by now say no more that this is to be mended."""
    if message.place is not Place.CHANNEL or not work.outbox.has_failed(message.case):
        return  # the usual case: all that stands of a workflow need not be read
    for copy in work.outbox.copies(message.workflow):
        is_same = replace(copy, to=message.to).case == message.case
        if is_same and copy.sentence.startswith(_NOT_THERE.format(message.workflow)):
            sentence = when_it_came(message.workflow, "It stands there by now.")
            work.outbox.put(replace(copy, sentence=sentence))


def when_it_came(key: str, since: str) -> str:
    """Give what a copy says once its channel takes messages again, or is another one."""
    return f"This could not be shown in the channel of {key} when it came. {since}"


def _instead_of_files(
    work: Work, circle: Circle, message: Message, error: str, why: str
) -> tuple[Message, ...]:
    if message.place is Place.PERSON:
        return (_of_file(message, error),)
    admins = _presence(work, None).there(tuple(sorted(circle.admins)))[:1]
    return tuple(_to_person(message, each, _of_digest(error, why)) for each in admins)


def _passed_on(
    work: Work, circle: Circle, message: Message, workflow: Workflow
) -> tuple[Message, ...]:
    is_answering = message.to in _answering(work, circle, message, workflow)
    if not is_answering and message.to == _asked_by(work, message, workflow):
        return ()
    following = _after(message.to, _there(work, circle, workflow))
    return (replace(message, to=following),) if following else ()


def _sentence(workflow: Workflow, error: str, why: str) -> str:
    return (
        f"{_NOT_THERE.format(workflow.key)}{_for(error, why)}"
        f", or type `/answerable watch {workflow.key}` in another channel."
    )


def _of_digest(error: str, why: str) -> str:
    return (
        f"This could not be shown in the channel of the digest{_for(error, why)}, or type "
        "`/answerable digest` in another channel."
    )


def _of_file(message: Message, error: str) -> Message:
    """Give the word to whoever waits for a file, and to nobody else, that it may not come."""
    what, then = (each.replace("KEY", message.workflow) for each in _AGAIN[message.kind])
    word, _, which = error.partition(" ")
    if word == DAMAGED:
        sentence = (
            f"Answerable cannot send you {what}, as the record is damaged: {which}. Tell whoever "
            "runs Answerable, whose `answerable doctor` says what to do, and ask again when that "
            "is done."
        )
    elif word == MISSING_SCOPE:
        sentence = (
            f"Answerable cannot send you {what}, as it lacks Slack's scope {which}. Have an "
            f"admin of this workspace install the app again with it, and {then}."
        )
    else:
        sentence = (
            f"Slack did not take {what}, or did not say so ({_read(error)}). If it is not here, "
            f"{then}."
        )
    return Message(MessageKind.NOTICE, Place.PERSON, message.to, message.entry, sentence=sentence)


def _for(error: str, why: str) -> str:
    """Say why, in Slack's own word only where we know no better ones."""
    return f": {why}" if why else f" ({_read(error)}): {_REFUSED}"


def _read(error: str) -> str:
    return error.replace("_", " ")


def to_channel_of_now(work: Work, message: Message, workflow: Workflow) -> Message:
    """Give what was for the channel of before as it is for the one of now, and its thread there."""
    work.outbox.forget_shown(message.case)  # else every update would try the old channel first
    thread = message.thread and message.thread.removesuffix(message.to) + workflow.channel
    return replace(message, to=workflow.channel, thread=thread)


def _to_person(message: Message, user_id: str, sentence: str) -> Message:
    return replace(message, place=Place.PERSON, to=user_id, thread="", sentence=sentence)


def _people(work: Work, circle: Circle, message: Message, workflow: Workflow) -> tuple[str, ...]:
    people = _answering(work, circle, message, workflow)
    asked = _asked_by(work, message, workflow)
    if work.people.is_member(asked):
        people += (asked,)
    return tuple(dict.fromkeys(people))


def _answering(work: Work, circle: Circle, message: Message, workflow: Workflow) -> tuple[str, ...]:
    people = _there(work, circle, workflow)[:1]
    if _is_critical(work, message):
        people += _presence(work, workflow).there((workflow.roles.steward,))
    return people


def _asked_by(work: Work, message: Message, workflow: Workflow) -> str:
    """Give who registered, asked for or proposed what a message shows; empty if nobody did."""
    match message.kind:
        case MessageKind.ACCEPT_REQUEST:
            return work.people.user_of(work.entry(workflow.entry).actor)
        case MessageKind.REQUEST:
            return work.requests.get(workflow.key, message.subject).requested_by
        case MessageKind.HANDOVER_REQUEST:
            proposed = work.handovers.find(workflow.key, message.subject)
            return proposed.proposed_by if proposed else ""
        case _:
            return ""


def _is_critical(work: Work, message: Message) -> bool:
    owed = work.obligations.find(message.obligation) if message.obligation else None
    if message.kind is MessageKind.BREACH_CARD:
        breach = work.breaches.find(message.workflow, message.subject)
        return breach is not None and breach.is_critical
    return owed is not None and owed.is_critical


def _there(work: Work, circle: Circle, workflow: Workflow) -> tuple[str, ...]:
    """Give who answers for the workflow and is there, nearest first, each once."""
    presence = _presence(work, workflow)
    return tuple(
        dict.fromkeys(each for one in _named(workflow, circle) for each in presence.there((one,)))
    )


def _named(workflow: Workflow, circle: Circle) -> Iterator[str]:
    yield from (workflow.roles.owner, workflow.roles.backup, workflow.roles.steward)
    yield from sorted(circle.admins)


def _presence(work: Work, workflow: Workflow | None) -> Presence:
    gone, builder = work.people.gone(), workflow.roles.technical_owner if workflow else ""
    return Presence(gone, stand_ins(work.absences.in_force(work.now), gone, builder=builder))


def _after(user_id: str, people: tuple[str, ...]) -> str:
    """Give who comes after somebody; for somebody who is not among them, the first."""
    place = people.index(user_id) + 1 if user_id in people else 0
    return people[place] if place < len(people) else ""
