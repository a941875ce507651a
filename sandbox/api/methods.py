"""Every method this Slack knows; all others are `unknown_method`."""

from sandbox.api import auth, chat, conversations, files, people, views
from sandbox.api.call import Method
from sandbox.sockets import Sockets


def table(sockets: Sockets) -> dict[str, Method]:
    return {
        **auth.methods(sockets),
        **chat.METHODS,
        **conversations.METHODS,
        **files.METHODS,
        **people.METHODS,
        **views.METHODS,
    }
