"""`/answerable <verb>`: the table of verbs. Help derives from it."""

from collections.abc import Callable
from dataclasses import dataclass, replace
from difflib import get_close_matches
from typing import Final

from slack_bolt import App

from bot.domain.moments import utc_text
from bot.domain.obligations import ObligationKind
from bot.domain.requests import Request
from bot.rendering.views import (
    Help,
    MessageView,
    Notice,
    PauseForm,
    RequestPage,
    ResumeForm,
    RoundDrawn,
    Verb,
)
from bot.usecases import (
    concerns,
    digests,
    gate,
    handovers,
    questions,
    record,
    reports,
    sampling,
    watching,
)
from handlers.slack import absences, registry
from handlers.slack.edge import on_command
from handlers.slack.parts import Body, Command, SlackParts
from handlers.slack.windows import open_modal


def register(app: App, slack: SlackParts) -> None:
    def answer(command: Command, body: Body) -> MessageView | None:
        # By any blank: what is pasted may have one that does not break.
        verb, rest = [*command.rest.split(maxsplit=1), "", ""][:2]
        known = VERBS.get(verb.lower() or "due")
        if known is None:
            return _unknown(verb)
        rest = rest.strip() if known.keeps_case else rest.strip().lower()
        actor = replace(command.actor, doing=verb.lower() or "due")
        asked = Command(actor, command.channel, rest)
        if known.needs_key and not asked.rest:
            return Notice(f"Name a workflow: `/answerable {known.usage}`.")
        if known.stands_alone and asked.rest:
            return _alone(known)
        return known.do(slack, asked, str(body["trigger_id"]))

    on_command(app, slack, answer)


def _register(slack: SlackParts, command: Command, trigger_id: str) -> MessageView | None:
    questions.require_reader(slack.deps, command.actor)
    open_modal(slack, trigger_id, registry.open_register(slack, command))
    return None


def _list(slack: SlackParts, command: Command, _trigger_id: str) -> MessageView | None:
    return questions.list_workflows(slack.deps, command.actor)


def _show(slack: SlackParts, command: Command, _trigger_id: str) -> MessageView | None:
    return questions.show_workflow(slack.deps, command.actor, command.rest)


def _due(slack: SlackParts, command: Command, _trigger_id: str) -> MessageView | None:
    return questions.list_dues(slack.deps, command.actor)


def _sample(slack: SlackParts, command: Command, _trigger_id: str) -> MessageView | None:
    sampled = sampling.sample_now(slack.deps, command.actor, command.rest)
    if sampled.is_drawn:
        return RoundDrawn(
            workflow=sampled.round.workflow,
            number=sampled.round.number,
            channel=sampled.channel,
            owner=sampled.owner,
            is_owner=command.actor.user_id == sampled.owner,
            proof=sampled.receipt,
            has_left=sampled.has_left,
        )
    said = (
        f"The round of {command.rest} is closed and nothing is drawn: the bot's draw key is "
        "not the one the round is committed to. That is a breach; tell whoever runs this bot."
    )
    return Notice(said, sampled.receipt)


def _pause(slack: SlackParts, command: Command, trigger_id: str) -> MessageView | None:
    workflow = gate.open_pause(slack.deps, command.actor, command.rest)
    open_modal(slack, trigger_id, PauseForm(workflow.key, workflow.gate.state))
    return None


def _resume(slack: SlackParts, command: Command, trigger_id: str) -> MessageView | None:
    found = gate.open_resume(slack.deps, command.actor, command.rest)
    if isinstance(found, Request):
        about = (ObligationKind.CONFIRM, found.workflow, found.number)
        asked = questions.show_request(slack.deps, command.actor, *about)
        open_modal(slack, trigger_id, RequestPage(asked))
        return None
    form = ResumeForm(found.key, found.gate, found.open_breaches)
    open_modal(slack, trigger_id, form)
    return None


def _delegate(slack: SlackParts, command: Command, trigger_id: str) -> MessageView | None:
    standing = absences.standing_absences(slack, command.actor)
    if standing is None:
        open_modal(slack, trigger_id, absences.absence_form(slack, command.actor))
    return standing


def _handover(slack: SlackParts, command: Command, trigger_id: str) -> MessageView | None:
    open_modal(slack, trigger_id, handovers.open_handover(slack.deps, command.actor, command.rest))
    return None


def _watch(slack: SlackParts, command: Command, _trigger_id: str) -> MessageView | None:
    key = command.rest
    receipt = watching.watch_here(slack.deps, command.actor, key, command.channel)
    sentence = (
        f"{key} is watched in this channel now. What is open is on its way here. If nothing comes, "
        f"type `/invite @Answerable` here, then `/answerable watch {key}` again."
    )
    return Notice(sentence, receipt)


def _concern(slack: SlackParts, command: Command, trigger_id: str) -> MessageView | None:
    form = concerns.open_concern(slack.deps, command.actor, command.rest)
    open_modal(slack, trigger_id, form)
    return None


def _report(slack: SlackParts, command: Command, _trigger_id: str) -> MessageView | None:
    receipt = reports.request_report(slack.deps, command.actor, command.rest)
    sentence = f"The report on {command.rest} is on its way to you in a direct message."
    return Notice(sentence, receipt)


def _digest(slack: SlackParts, command: Command, _trigger_id: str) -> MessageView | None:
    if command.rest.lower() == "off":
        receipt = digests.stop_digest(slack.deps, command.actor)
        return Notice("No digest is posted any more.", receipt)
    zone = slack.directory.person(command.actor.user_id).zone
    about = (command.channel, command.rest, zone)
    placed = digests.place_digest(slack.deps, command.actor, *about)
    sentence = (
        f"The digest of all workflows is posted here {placed.cadence} ({placed.zone}); next: "
        f"{utc_text(placed.next_at)}. Answerable has to be in this channel for that: if it is not, "
        "type `/invite @Answerable` here."
    )
    return Notice(sentence, placed.receipt)


def _export(slack: SlackParts, command: Command, _trigger_id: str) -> MessageView | None:
    receipt = record.request_export(slack.deps, command.actor)
    return Notice("The record is on its way to you in a direct message.", receipt)


def _help(_slack: SlackParts, _command: Command, _trigger_id: str) -> MessageView | None:
    return Help(_rows())


@dataclass(frozen=True, slots=True)
class KnownVerb:
    """One verb: how it is written, what it does in a sentence, and what carries it out.

    `otherwise` says where to find what people look for in words after a verb that takes none.
    """

    usage: str
    sentence: str
    do: Callable[[SlackParts, Command, str], MessageView | None]
    needs_key: bool = False
    keeps_case: bool = False
    otherwise: str = ""

    @property
    def stands_alone(self) -> bool:
        return " " not in self.usage


VERBS: Final = {
    "register": KnownVerb(
        "register [KEY]",
        "register a workflow that you will own (an admin: for its owner); for one that is, change "
        "its policy",
        _register,
    ),
    "list": KnownVerb("list", "see all workflows", _list),
    "show": KnownVerb("show KEY", "see one workflow", _show, needs_key=True),
    "due": KnownVerb("due", "see what you owe", _due),
    "sample": KnownVerb("sample KEY", "end the open round now and draw", _sample, needs_key=True),
    "pause": KnownVerb("pause KEY", "stop a workflow at once", _pause, needs_key=True),
    "resume": KnownVerb(
        "resume KEY",
        "ask to let it run again, or see that somebody asked: confirm, decline, or withdraw your "
        "own",
        _resume,
        needs_key=True,
    ),
    "delegate": KnownVerb("delegate", "say when you are away, and who stands in", _delegate),
    "handover": KnownVerb(
        "handover KEY", "hand a workflow over, or change its people", _handover, needs_key=True
    ),
    "watch": KnownVerb(
        "watch KEY", "make this channel the one where a workflow is watched", _watch, needs_key=True
    ),
    "concern": KnownVerb(
        "concern [KEY]", "say what goes wrong in a workflow; its owner has to answer", _concern
    ),
    "report": KnownVerb(
        "report KEY", "get the figures and charts of a workflow", _report, needs_key=True
    ),
    "digest": KnownVerb(
        "digest [WHEN]",
        "have all workflows summed up in this channel, weekly",
        _digest,
        keeps_case=True,
    ),
    "export": KnownVerb(
        "export",
        "get the record (auditors, stewards, admins)",
        _export,
        otherwise="It sends the whole record. Whoever runs Answerable can take a part of it at the "
        "console: `answerable export --help` says how.",
    ),
    "help": KnownVerb("help", "see this list", _help),
}


# Words of buttons, and no verbs: what is owed is listed with them.
_BUTTONS: Final = frozenset(
    {
        "accept",
        "acknowledge",
        "answer",
        "attest",
        "confirm",
        "decide",
        "decline",
        "drill",
        "review",
    }
)


def _rows() -> tuple[Verb, ...]:
    return tuple(Verb(name, verb.usage, verb.sentence) for name, verb in VERBS.items())


def _alone(verb: KnownVerb) -> Notice:
    sentence = f"Nothing was done: write `/answerable {verb.usage}` with nothing after it."
    return Notice(f"{sentence} {verb.otherwise}".strip())


def _unknown(verb: str) -> Help:
    meant = "due" if verb.lower() in _BUTTONS else ""
    nearest = [meant] if meant else get_close_matches(verb.lower(), VERBS, n=1)
    return Help(_rows(), unknown=verb[:40], nearest=nearest[0] if nearest else "")
