"""What may be shown of an output, by the rules about data that are in force."""

from dataclasses import replace

from bot.domain.data_rules import Leaving, leaving
from bot.domain.outputs import Output, unsaid
from bot.domain.registry import Workflow
from bot.domain.rounds import DrawnItem, Round
from bot.usecases.steps.obligations import policy_of
from store.unit_of_work import Work


def to_show(work: Work, workflow: Workflow, round_: Round, output: Output) -> Leaving:
    """Give what may leave for Slack of an output that was taken into this round."""
    if workflow.policy == round_.policy and not output.url:
        return Leaving(output, is_link=False)  # it was taken under the very rules of now
    return leaving(output, policy_of(work, workflow).data)


def to_judge_by(work: Work, workflow: Workflow, round_: Round, output: Output) -> Leaving:
    """Give the same of an output that is to be judged: without the AI's word if that is hidden."""
    shown = to_show(work, workflow, round_, output)
    return replace(shown, output=unsaid(shown.output)) if is_hidden(work, round_) else shown


def trigger_shown(work: Work, round_: Round, item: DrawnItem) -> str:
    """Give why an output is asked besides the draw; that it is, where why is not to be seen."""
    return "hidden" if item.trigger and is_hidden(work, round_) else item.trigger


def is_hidden(work: Work, round_: Round) -> bool:
    """Tell whether reviewers of a round are not to see what the AI says besides its output."""
    return work.workflows.policy(round_.workflow, round_.policy).hides_answer
