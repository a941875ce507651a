"""I11 said: who is mentioned in a quoted message is a name there, and mentioned by nothing."""

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any, cast

import pytest
from slack_sdk import WebClient
from slack_sdk.errors import SlackApiError
from slack_sdk.web import SlackResponse

from handlers.slack.people import Directory
from handlers.slack.quoted import MOST_ASKED, SOMEBODY, Names, as_read, author_of

NAMES = {"U0DANA": "Dana Okafor", "U0TOMAS": "Tomás Herrera"}


@dataclass
class Slack:
    """Answers `users.info` about those with a name; a silent one lets everybody wait."""

    is_silent: bool = False
    asked: list[str] = field(default_factory=list)

    def users_info(self, user: str) -> dict[str, Any]:
        self.asked.append(user)
        if self.is_silent:
            raise TimeoutError
        if user not in NAMES:
            raise SlackApiError("no", cast("SlackResponse", {"error": "user_not_found"}))
        return {"user": {"id": user, "name": "x", "profile": {"real_name": NAMES[user]}}}


class Elapsed:
    def elapsed(self) -> float:
        return 0.0


def names_of(slack: Slack) -> Callable[[str], str]:
    return Names(Directory(cast("WebClient", slack), "T0", Elapsed(), lambda _: None)).of


@pytest.mark.parametrize(
    ("text", "read"),
    [
        ("The bot told <@U0DANA> so.", "The bot told @Dana Okafor so."),
        ("<@U0DANA|dana> and <@U0DANA>", "@Dana Okafor and @Dana Okafor"),
        ("&lt;@U0DANA&gt; &amp;amp;", "<@U0DANA> &amp;"),
        ("<@U0NOBODY>: hello", f"@{SOMEBODY}: hello"),
        ("<!channel> <https://a.example|b>", "<!channel> <https://a.example|b>"),
    ],
)
def test_mentions_are_read_as_names_and_all_else_as_it_was_typed(text: str, read: str) -> None:
    assert as_read(text, names_of(Slack())) == read


def test_a_name_from_outside_makes_no_mention_of_its_own() -> None:
    assert as_read("<@U0DANA>", lambda _: "<!channel>") == "@<!channel>", "typed, never markup"


def test_who_wrote_it_is_a_name_and_a_program_is_none() -> None:
    of = names_of(Slack())
    assert author_of("U0TOMAS", of) == "Tomás Herrera"
    assert author_of("B0ROBOT", of) == "a program"
    assert author_of("", of) == ""


def test_few_are_asked_and_nobody_once_slack_is_silent() -> None:
    slack = Slack()
    many = " ".join(f"<@U{number}>" for number in range(9))
    as_read(many, names_of(slack))
    assert len(slack.asked) == MOST_ASKED

    silent = Slack(is_silent=True)
    assert SOMEBODY in as_read(many, names_of(silent))
    assert len(silent.asked) == 1
