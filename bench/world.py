"""Who is in the workspace of the benches: owners, and those who stand beside them."""

from collections.abc import Sequence

AT_ONCE = 8
CHANNEL = "C0BENCH"
OWNERS = [f"U0OWNER{number}" for number in range(AT_ONCE)]
STAFF = ["U0ADMIN", "U0BACKUP", "U0STEWARD", "U0BUILDER"]


def world(owners: Sequence[str] = OWNERS) -> dict[str, object]:
    """Give the workspace as the sandbox takes it."""
    people = [*owners, *STAFF]
    return {
        "team": {"id": "T0BENCH", "name": "Bench", "domain": "bench"},
        "bot": {"id": "B0BENCH", "user_id": "U0BOT", "name": "answerable"},
        "app_id": "A0BENCH",
        "tokens": {
            "bot": "xoxb-sandbox-bench",
            "app": "xapp-sandbox-bench",
            "signing_secret": "sandbox-secret",
        },
        "users": [
            *(
                {"id": each, "name": each.lower(), "real_name": each, "tz": "UTC"}
                for each in people
            ),
            {"id": "U0BOT", "name": "answerable", "real_name": "Answerable", "is_bot": True},
        ],
        "channels": [{"id": CHANNEL, "name": "bench", "members": [*people, "U0BOT"]}],
    }
