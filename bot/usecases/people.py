"""What Slack says of people: who has left can answer for nothing."""

from bot.domain.people import SYSTEM, Person, Standing
from bot.domain.record import Kind
from bot.usecases import Deps


def note_standing(deps: Deps, person: Person) -> None:
    """Remember what somebody is to the workspace now, so that rungs they hold are passed at once.

    Remembered are people who have acted, and people who have left, so that nobody names them.
    """
    with deps.store.begin(deps.workspace, SYSTEM) as work:
        if not work.people.pseudonym_or_none(person.user_id):
            if person.standing is not Standing.DEACTIVATED:
                return
            work.introduce(person.user_id, Standing.MEMBER)
        if work.people.set_standing(person.user_id, person.standing):
            work.record(
                Kind.PERSON_CHANGED,
                f"person/{work.people.pseudonym_or_none(person.user_id)}",
                {"standing": person.standing},
            )
