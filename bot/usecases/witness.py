"""The witness: someone outside who sees checkpoints, and the log that has to fit what they saw."""

from bot.domain.messages import Message, MessageKind, Place
from bot.domain.people import SYSTEM, Actor, Circle, Role
from bot.domain.proof import Proof
from bot.domain.reasons import require_words
from bot.domain.record import Kind
from bot.domain.refusals import Refused
from bot.domain.registry import WorkflowState
from bot.domain.witness import Shortened, require_grown
from bot.usecases import Deps
from store.reading import Reading
from store.record import Checkpoint
from store.unit_of_work import Work
from store.witness import Witnessed


def take_for_witness(deps: Deps) -> Checkpoint | None:
    """Give the newest checkpoint if nobody outside has seen it yet, or None.

    It is remembered beside the signing key before it leaves. If we crash in between, it is given
    again: to show a checkpoint twice does no harm, to have forgotten one that was seen would.
    Raises Shortened if the log is not what grew out of what was seen before.
    """
    with deps.store.read(deps.workspace) as reading:
        if not _has_news(reading):
            return None
    with deps.store.begin(deps.workspace, SYSTEM) as work:
        newest = work.log.last_checkpoint()
        deps.store.memory.keep(deps.workspace, newest.note)
    return newest


def record_witnessed(deps: Deps, checkpoint: Checkpoint) -> None:
    """Remember that this checkpoint was seen outside.

    It is no entry: an entry would make a new checkpoint, which would have to be seen in turn.
    """
    with deps.store.begin(deps.workspace, SYSTEM) as work:
        work.witness.note(Witnessed(checkpoint.size, checkpoint.root, work.now))


def is_whole(deps: Deps) -> bool:
    """Tell whether the log is what grew out of what was witnessed: only then is it recorded in.

    Raises Unwritable if it is less than what this process knows of it.
    """
    known = deps.store.known_size(deps.workspace)
    with deps.store.read(deps.workspace) as reading:
        head = reading.log.head_or_none()
        if _is_shortened(deps, reading):
            return False
        deps.store.require_kept(deps.workspace, head.size if head else 0, known)
    return True


def recover_log(deps: Deps, actor: Actor, reason: str) -> Proof:
    """Have the record go on from where it is though more was witnessed, and say so on record.

    The entries that were lost stay lost: whoever kept a checkpoint of them will find that.
    Refused if there is nothing to recover from.
    """
    why = require_words(reason)
    with deps.store.begin(deps.workspace, actor, is_recovery=True) as work:
        seen = deps.store.memory.last_or_none(deps.workspace)
        if seen is None:
            raise Refused(
                "nothing witnessed",
                "Nothing of this record was ever shown to a witness, so there is nothing to hold "
                "it against: nothing was changed. ANSWERABLE_WITNESS_URL names a witness.",
            )
        if not _is_shortened(deps, work):
            raise Refused(
                "nothing to recover", "The record fits what was witnessed: nothing was changed."
            )
        seq = work.record(
            Kind.LOG_RECOVERED,
            f"workspace/{deps.workspace}",
            {
                "witnessed_size": seen.size,
                "witnessed_root": seen.root.hex(),
                "kept_size": work.frontier.size,
                "kept_root": work.frontier.root().hex(),
            },
            words={"reason": why},
            role=Role.OPERATOR,
        )
        _tell_of_loss(work, deps.circle, seq)
    _take_as_seen(deps)
    return work.receipt


def _tell_of_loss(work: Work, circle: Circle, entry: int) -> None:
    """Tell stewards and admins: what stands in Slack says more than the record does now."""
    stewards = {
        each.roles.steward
        for each in work.workflows.all()
        if each.state is not WorkflowState.RETIRED
    }
    for user_id in sorted((stewards | circle.admins).difference(work.people.gone(), {""})):
        work.outbox.put(Message(MessageKind.LOSS_NOTICE, Place.PERSON, user_id, entry))


def _take_as_seen(deps: Deps) -> None:
    # If we crash before this, nothing is recorded still, and whoever asks again is heard again.
    with deps.store.read(deps.workspace) as reading:
        deps.store.memory.keep(deps.workspace, reading.log.last_checkpoint().note)


def _has_news(reading: Reading) -> bool:
    seen = reading.witness.last_or_none()
    return seen is None or seen.root != reading.log.last_checkpoint().root


def _is_shortened(deps: Deps, reading: Reading) -> bool:
    seen = deps.store.memory.last_or_none(deps.workspace)
    head = reading.log.head_or_none()
    if seen is None:
        return False
    try:
        require_grown(seen, head.size if head else 0, reading.log.root_at(seen.size))
    except Shortened:
        return True
    return False
