"""What an answer to an output is on record: its facts, and apart from them what was typed."""

from typing import Final

from bot.domain.record import Kind
from bot.domain.rounds import DrawnItem, Look, Round
from bot.domain.verdicts import Judgement

DRAFTED: Final = {Look.FIRST: Kind.DRAFT_SAVED, Look.SECOND: Kind.SECOND_DRAFT_SAVED}


def words_said(judgement: Judgement) -> dict[str, str]:
    """Give what somebody typed with an answer, by what it is, for the record."""
    said = {"correction": judgement.correction, "reason": judgement.reason}
    return {name: words for name, words in said.items() if words}


def copy_facts(item: DrawnItem) -> dict[str, object]:
    """Give whose answer it is, by position, where it is said of a copy."""
    return {"copy_of": item.copy_of} if item.is_copy else {}


def judgement_facts(round_: Round, item: DrawnItem, judgement: Judgement) -> dict[str, object]:
    """Give what an answer to an output is on record, without the words of it."""
    facts: dict[str, object] = {
        "workflow": round_.workflow,
        "round": round_.number,
        "output": item.output.output_id,
        "answer": judgement.answer,
    }
    facts |= copy_facts(item)
    if judgement.why:
        facts["why"] = judgement.why
    if judgement.severity:
        facts["severity"] = judgement.severity
    return facts
