"""The floor of `ack.py`: a Bolt app as its documentation begins, which only acknowledges."""

import os
from threading import Event

from slack_bolt import Ack, App
from slack_bolt.adapter.socket_mode import SocketModeHandler
from slack_sdk import WebClient


def main() -> None:
    client = WebClient(os.environ["SLACK_BOT_TOKEN"], base_url=os.environ["SLACK_API_URL"])
    app = App(client=client)

    @app.action("press")
    def press(ack: Ack) -> None:
        ack()

    SocketModeHandler(app, os.environ["SLACK_APP_TOKEN"]).connect()  # type: ignore[no-untyped-call] # the SDK's
    button = {
        "type": "button",
        "action_id": "press",
        "text": {"type": "plain_text", "text": "Press"},
    }
    client.chat_postMessage(
        channel="C0BENCH", text="Press", blocks=[{"type": "actions", "elements": [button]}]
    )
    Event().wait()


if __name__ == "__main__":
    main()
