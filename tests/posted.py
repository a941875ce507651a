"""What is sent to people and channels, and how they read it."""

from worlds import World

from bot.domain.messages import MessageKind, Shown
from bot.rendering import views
from bot.rendering.render import Rendered, message
from bot.usecases import delivery, showing


def all_shown(world: World) -> dict[tuple[MessageKind, str], Rendered]:
    """Deliver all that waits and give what each person and channel is shown last of each kind.

    Of several messages that is the one of the newest entry, in whatever order they are updated.
    """
    found: dict[tuple[MessageKind, str], Rendered] = {}
    newest: dict[tuple[MessageKind, str], int] = {}
    while posting := delivery.claim_message(world.deps):
        about = posting.message
        where = about.kind, about.to
        if about.entry >= newest.get(where, about.entry):
            newest[where] = about.entry
            found[where] = message(showing.view_of(world.deps, about))
        place = posting.shown or Shown(f"D{about.to}", str(posting.id))
        delivery.record_shown(world.deps, posting, place, "")
    return found


def shown(world: World, kind: MessageKind, to: str) -> Rendered:
    """Deliver all that waits and give what this person or channel is shown last of this kind."""
    return all_shown(world)[kind, to]


def buttons(rendered: Rendered) -> list[str]:
    """Give what there is to press, as text to look for names in."""
    return [str(block) for block in rendered.blocks if block["type"] == "actions"]


def told(world: World) -> set[tuple[MessageKind, str]]:
    """Send what waits, and give which kinds of message reached whom."""
    found = set()
    while posting := delivery.claim_message(world.deps):
        showing.view_of(world.deps, posting.message)
        found.add((posting.message.kind, posting.message.to))
        delivery.record_shown(world.deps, posting, None, "")
    return found


def everything_is_posted(world: World) -> None:
    """Have what waits stand in Slack, so that it is brought up to date there."""
    while posting := delivery.claim_message(world.deps):
        shown = posting.shown or Shown("C1", f"{posting.id}.0")
        delivery.record_shown(world.deps, posting, shown, "")


def sent_views(world: World) -> dict[tuple[MessageKind, str], views.MessageView]:
    """Send what waits, and give the last of each kind to each reader as it was shown."""
    found = {}
    while posting := delivery.claim_message(world.deps):
        said = posting.message
        found[said.kind, said.to] = showing.view_of(world.deps, said)
        delivery.record_shown(world.deps, posting, None, "")
    return found
