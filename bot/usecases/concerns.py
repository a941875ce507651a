"""Anybody in the workspace says what goes wrong in a workflow: its owner answers for that."""

from dataclasses import dataclass

from bot.domain.authority import Act, authorise
from bot.domain.breaches import Breach, Cause
from bot.domain.concerns import Concern, require_room
from bot.domain.escalation import next_rung
from bot.domain.obligations import ObligationKind, obligation_id
from bot.domain.people import Actor, Role
from bot.domain.proof import Proof
from bot.domain.reasons import MAX_REASON, require_words
from bot.domain.record import Kind
from bot.domain.refusals import Refused
from bot.domain.registry import Workflow, WorkflowState, roles_of
from bot.domain.unseen import says_nothing
from bot.domain.verdicts import Severity
from bot.rendering import views
from bot.usecases import Deps
from bot.usecases.steps.breaches import open_breach
from bot.usecases.steps.stand_ins import presence_for
from bot.usecases.steps.workflows import named, require_live, workflow_for
from store.reading import Reading
from store.unit_of_work import Work

_DETAIL = "Somebody in this workspace raised a concern of severity {severity}."
MOST_LISTED = 100  # what Slack lets one choose from


@dataclass(frozen=True, slots=True)
class Raise:
    """What somebody sees go wrong. `is_named`: the owner is to be shown who raised it.

    `author` is the name of who wrote the message it is about, if it is about one.
    """

    workflow: str
    words: str
    severity: Severity
    is_named: bool
    author: str = ""


@dataclass(frozen=True, slots=True)
class Raised:
    """The breach a concern has opened, now or, if it is not new, when it was first raised.

    `asked` says who is asked to acknowledge it, as it was when it was raised now.
    """

    breach: int
    is_new: bool
    receipt: Proof
    asked: str = ""


def open_concern(
    deps: Deps, actor: Actor, key: str = "", quoted: str = "", author: str = ""
) -> views.ConcernForm:
    """Give the form to any full member: about one workflow, or to choose among the live ones.

    `quoted` is the text of a message it is about, `author` the name of who wrote that.
    """
    with deps.store.read(deps.workspace, actor) as reading:
        _admit(deps, actor, named(reading, key))
        if key:
            require_live(reading.workflows.get(key))
        live = _live(reading)
        if not live:
            raise Refused(
                "no live workflow",
                "No workflow is live here, so nobody answers for one yet. `/answerable list` "
                "shows those that are registered.",
            )
    others = [each for each in live if each != key]
    listed = sorted([*([key] if key else []), *others][:MOST_LISTED])
    return views.ConcernForm(tuple(listed), key, quoted, author, len(live) - len(listed))


def raise_concern(deps: Deps, actor: Actor, asked: Raise) -> Raised:
    """Open a breach for the owner to answer for, whoever raises it.

    The same words again, while their breach is not closed, give what the first time gave.
    """
    with deps.store.begin(deps.workspace, actor) as work:
        workflow = workflow_for(work, actor, asked.workflow)
        role = _admit(deps, actor, workflow.name)
        words = require_words(_with_author(asked), "words")
        mine = _unsettled(work, actor, workflow)
        known = next((c for c in mine if work.log.words(c.entry, "words") == words), None)
        if known is None:
            work.once()
            require_live(workflow)
            require_room(workflow.name, asked.severity, mine.values())
        concern = known or _open(work, workflow, asked, words, role)
        work.point_at(Kind.CONCERN_RAISED, concern.name)
        whom = "" if known else _who_is_asked(deps, work, workflow, concern.breach)
    return Raised(concern.breach, known is None, work.receipt, whom)


def _who_is_asked(deps: Deps, work: Work, workflow: Workflow, breach: int) -> str:
    """Say who is asked to acknowledge a breach that has just been opened."""
    owed = work.obligations.get(obligation_id(ObligationKind.ACKNOWLEDGE, workflow.key, breach))
    presence = presence_for(work, workflow, owed)
    owner = workflow.roles.owner
    if presence.there((owner,)) == (owner,):
        return "Its owner is asked to acknowledge it."
    if presence.there((owner,)):
        return "Its owner is away: whoever stands in for them is asked to acknowledge it."
    why = "has left" if owner in presence.gone else "is away, and nobody stands in"
    match next_rung(owed, workflow.roles, presence).role:
        case Role.BACKUP:
            return f"Its owner {why}: the backup is asked to acknowledge it."
        case Role.ADMIN if not presence.there(tuple(deps.circle.admins)):
            return f"Its owner {why}, and nobody else can be asked now."
        case role:
            others = "the admins are" if role is Role.ADMIN else "the steward is"
            return f"Its owner {why}, and the backup cannot be asked either: {others} told at once."


def _with_author(asked: Raise) -> str:
    """Give the words with who wrote what they are about; that tells of who raised it, too."""
    if says_nothing(asked.words) or not (asked.author and asked.is_named):
        return asked.words
    about = f"{asked.words.strip()}\n(about a message written by {asked.author})"
    return about if len(about) <= MAX_REASON else asked.words


def _admit(deps: Deps, actor: Actor, on: str) -> Role:
    return authorise(Act.RAISE_CONCERN, actor, roles_of(actor, deps.circle), on=on)


def _live(reading: Reading) -> tuple[str, ...]:
    everything = reading.workflows.all()
    return tuple(each.key for each in everything if each.state is WorkflowState.LIVE)


def _unsettled(work: Work, actor: Actor, workflow: Workflow) -> dict[Concern, Breach]:
    """Give this person's concerns whose breaches are not closed, with those breaches."""
    standing = {each.number: each for each in work.breaches.not_closed(workflow.key)}
    raised = work.concerns.of_person(workflow.key, actor.user_id)
    return {each: standing[each.breach] for each in raised if each.breach in standing}


def _open(work: Work, workflow: Workflow, asked: Raise, words: str, role: Role) -> Concern:
    number = work.breaches.next_number(workflow.key)
    name = f"concern/{workflow.key}/{number}"
    facts = {
        "workflow": workflow.key,
        "breach": number,
        "severity": asked.severity,
        "named": asked.is_named,
    }
    seq = work.record(
        Kind.CONCERN_RAISED,
        name,
        facts,
        words={"words": words},
        role=role,
        policy=workflow.policy,
    )
    concern = Concern(workflow.key, number, work.actor.user_id, asked.is_named, asked.severity, seq)
    work.concerns.add(concern)
    open_breach(
        work,
        workflow,
        Cause.CONCERN_RAISED,
        _DETAIL.format(severity=asked.severity),
        is_critical=asked.severity is Severity.CRITICAL,
        because=seq,
    )
    return concern
