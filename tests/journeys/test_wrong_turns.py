"""Whatever goes wrong for a person: one clear sentence, one outcome, nothing half-written."""

import json
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from typing import Final

import pytest

from tests.journeys import story
from tests.stage import Stage
from tests.workspace import (
    ADMIN,
    AUDITOR,
    BACKUP,
    CHANNEL,
    DEACTIVATED,
    GUEST,
    MEMBER,
    OWNER,
    STEWARD,
    STRANGER,
    Json,
    Slack,
    shown,
)

KEY: Final = "claims"
HOSTILE: Final = (
    "<!channel> <@U0MAREK> <#C0GENERAL> <https://evil.example|pay here> https://evil.example "
    "{{ 7*7 }} {% raw %} *bold* `code` \u202etxet\u202c \u2028 next &lt;!here&gt; =1+1"
)


@pytest.fixture(scope="module")
def slack(stage: Stage) -> Slack:
    """A workspace in which a round was judged, and a critical breach waits."""
    story.live(stage, KEY, sample="4")
    story.sampled(stage, KEY, 6)
    story.review(stage.slack, KEY, story.first_is(story.CRITICAL))
    stage.until_recorded("breach.opened", f"breach/{KEY}/1")
    stage.until_sent()
    return stage.slack


@pytest.mark.parametrize(
    ("typed", "words"),
    [
        ("regster", "Did you mean `/answerable register`?"),
        ("<!channel> now", "/answerable help"),
        ("confirm claims", "Did you mean `/answerable due`?"),
        ("Decide claims", "Did you mean `/answerable due`?"),
        ("forget it", "There is no verb “forget”. Answerable keeps"),
        ("show\u00a0claims", "*claims* is live"),
        ("pause", "/answerable pause KEY"),
        ("show nothing-like-it", "There is no workflow"),
        ("pause <!channel>", "There is no workflow"),
        ("resume claims", "there is nothing to resume"),
        ("sample claims", "nothing to draw from"),
    ],
)
def test_what_cannot_be_meant_is_answered_with_what_can(
    slack: Slack, typed: str, words: str
) -> None:
    assert words in story.told(slack, OWNER, typed)


@pytest.mark.parametrize("verb", ["list", "due", "delegate", "export", "help"])
def test_i4_words_after_a_verb_that_takes_none_are_refused_and_nothing_is_done(
    stage: Stage, slack: Slack, verb: str
) -> None:
    done = slack.command(ADMIN, f"{verb} since 2099-01-01")
    alone = f"Nothing was done: write `/answerable {verb}` with nothing after it."
    assert alone in done["ephemeral"]
    assert ("answerable export --help" in done["ephemeral"]) is (verb == "export")
    assert done["view"] is None
    assert not stage.entries("export.made")


def test_i4_who_registers_for_another_is_told_that_first_and_all_else_with_it(slack: Slack) -> None:
    form = slack.command(MEMBER, "register")["view"]
    [owner] = [each for each in form["blocks"] if each["block_id"] == "owner"]
    assert "yourself. Only an admin names somebody else." in owner["hint"]["text"]

    wrong = story.registration(KEY, backup=OWNER, masks="ORD-\u2217", cadence="every blue moon")
    done = slack.submit(MEMBER, form, wrong)

    assert done["errors"].keys() == {"owner", "key", "backup", "masks", "cadence"}
    assert "Register a workflow you will own yourself" in done["errors"]["owner"]
    assert "U+2217 (asterisk operator)" in done["errors"]["masks"]


@pytest.mark.parametrize(
    ("who", "words"),
    [
        (GUEST, "Guests of this workspace"),
        (DEACTIVATED, "This account is deactivated"),
        (STRANGER, "Only members of this workspace"),
    ],
)
@pytest.mark.parametrize("typed", ["", "list", "show claims", "register", "pause claims", "export"])
def test_people_from_outside_see_and_do_nothing(
    stage: Stage, slack: Slack, who: str, words: str, typed: str
) -> None:
    before = len(stage.entries("refused"))
    done = slack.command(who, typed, force=True)
    assert words in done["ephemeral"]
    assert "Dana" not in done["ephemeral"]
    assert done["view"] is None
    rules = [each["facts"]["rule"] for each in stage.entries("refused")]
    assert any("may not act: " in rule for rule in rules)
    assert len(rules) in {before, before + 1}, "equal refusals of a minute are counted in one"


@pytest.mark.parametrize(
    ("who", "action_id", "words"),
    [
        (GUEST, "acknowledge", "Guests of this workspace"),
        (STRANGER, "acknowledge", "Only members of this workspace"),
        (MEMBER, "acknowledge", "takes the owner or the backup"),
        (STEWARD, "acknowledge", "takes the owner or the backup"),
        (MEMBER, "pause", "You cannot close the gate"),
    ],
)
def test_a_button_is_pressed_by_somebody_it_is_not_for(
    stage: Stage, slack: Slack, who: str, action_id: str, words: str
) -> None:
    done = slack.press(who, action_id, f"Breach 1 of {KEY}", channel=CHANNEL)
    assert done["view"] is None
    slack.until_told(who, words)
    assert not stage.entries("breach.acknowledged")


@pytest.mark.parametrize(
    ("act", "words"),
    [
        (lambda slack: slack.command(BACKUP, "sample claims"), "owner, the steward or an admin"),
        (lambda slack: slack.command(MEMBER, "resume claims"), "You cannot resume"),
        (lambda slack: story.register(slack, "mine", by=MEMBER), "ask an admin"),
    ],
)
def test_a_command_of_somebody_without_the_role_is_refused_where_they_look(
    slack: Slack, act: Callable[[Slack], Json], words: str
) -> None:
    done = act(slack)
    assert words in f"{done['ephemeral']} {done.get('errors')}"


def test_a_stale_button_does_nothing_and_says_so(stage: Stage, slack: Slack) -> None:
    answered = next(each for each in slack.messages(OWNER) if "ound 1 of claims" in shown(each))
    before = len(stage.entries("verdict.recorded", "draft.saved"))
    done = slack.click(OWNER, answered, "review", stale=True)
    assert done["view"] is None
    slack.until_told(OWNER, "handed in already")
    assert len(stage.entries("verdict.recorded", "draft.saved")) == before
    [accepted] = [each for each in slack.messages(OWNER) if "Who answers for claims" in shown(each)]
    slack.click(OWNER, accepted, "accept", stale=True)
    slack.until_told(OWNER, "You answer for claims now")
    assert len(stage.entries("ownership.accepted")) == 1


def test_clicks_twice_and_at_once_are_one_outcome(stage: Stage, slack: Slack) -> None:
    card = slack.message_with("acknowledge", f"Breach 1 of {KEY}", channel=CHANNEL)
    with ThreadPoolExecutor(6) as people:
        clicks = [
            people.submit(slack.click, who, card, "acknowledge", channel=CHANNEL)
            for who in (OWNER, BACKUP) * 3
        ]
        assert all(click.result()["acked"] for click in clicks)
    [taken] = stage.entries("breach.acknowledged")
    stage.until_sent()
    said = [slack.whispers(who)[-1]["text"] for who in (OWNER, BACKUP)]
    assert sorted(text.split()[0] for text in said) == ["Breach", "You"], said
    assert taken["role"] in {"owner", "backup"}
    assert len(stage.entries("obligation.opened", on=f"obligation/decide/{KEY}/1")) == 1


def test_a_redelivered_command_click_or_form_changes_nothing(stage: Stage, slack: Slack) -> None:
    story.register(slack, "letters", sample="4")
    accepted = story.accept(slack, "letters")
    drawn = _sampled(stage, "letters")
    view = slack.press(OWNER, "review", "ound 1 of letters")["view"]
    page = slack.submit(OWNER, view, story.page_values(view, story.CORRECT))
    form = slack.command(OWNER, "pause letters")["view"]
    paused = slack.submit(OWNER, form, {"reason": "Twice said."})
    stage.until_sent()
    before = _without_told(stage)
    for delivery in (accepted, drawn, page, paused):
        again = slack.post("redeliver", envelope_id=delivery["envelope_id"])
        assert again["acked"], again
    stage.until_sent()
    assert _without_told(stage) == before
    assert "recorded already" in json.dumps(again["response"])


def test_two_open_forms_of_two_people_make_one_pause(stage: Stage, slack: Slack) -> None:
    forms = {who: slack.command(who, f"pause {KEY}")["view"] for who in (OWNER, BACKUP)}
    with ThreadPoolExecutor(2) as people:
        sent = [
            people.submit(slack.submit, who, form, {"reason": f"So says {who}."})
            for who, form in forms.items()
        ]
        answers = [each.result() for each in sent]
    assert sorted(bool(each["errors"]) for each in answers) == [False, True]
    [late] = [each["errors"] for each in answers if each["errors"]]
    assert late == {"reason": f"{KEY} is paused already."}, "inside the form, at a field"
    changes = stage.entries("gate.changed", on=f"workflow/{KEY}")
    assert [each["facts"]["to"] for each in changes] == ["run", "paused"]


def test_slack_that_fails_meanwhile_leaves_nothing_half_done(stage: Stage, slack: Slack) -> None:
    before = _without_told(stage)
    slack.fault("views.open", "error", error="internal_error")
    said = slack.command(ADMIN, "register")["ephemeral"]
    assert "Slack is having trouble" in said
    assert "Nothing was recorded: if there is none, try again" in said
    slack.fault("users.info", "500")
    done = slack.command(AUDITOR, "list")  # of whom Slack was never asked
    assert "Slack is having trouble and did not answer. Nothing was recorded" in done["ephemeral"]
    slack.mend()
    assert _without_told(stage) == before


def test_hostile_text_stays_text_wherever_it_is_shown(stage: Stage, slack: Slack) -> None:
    start = slack.get("log")["last"]
    story.live(stage, "hostile", sample="4", floor="0", purpose=HOSTILE)
    secret = story.token(stage, "hostile")
    ids = ["<!channel>{{7*7}}", "<https://evil.example|x>", "=cmd|calc", "<@U0MAREK>"]
    outputs = [
        story.output(0, "hostile", output_id=each, text=HOSTILE, category="<!here> {{ x }}")
        for each in ids
    ]
    unseen = story.output(0, "hostile", output_id="unseen", category="<!here>\u202e")
    taken = story.report(stage, secret, [*outputs, unseen])
    assert (taken["accepted"], taken["rejected"][0]["index"]) == (4, 4)
    assert "drawn" in slack.command(OWNER, "sample hostile")["ephemeral"]
    said = {"verdict": "corrected", "why": "error", "severity": "critical", "correction": HOSTILE}
    story.review(slack, "ound 1 of hostile", lambda _page: said)
    slack.press(OWNER, "acknowledge", "Breach 1 of hostile")
    form = slack.press(STEWARD, "decide", "Breach 1 of hostile")["view"]
    slack.submit(STEWARD, form, {"decision": "pause", "reason": HOSTILE})
    form = slack.command(OWNER, "resume hostile")["view"]
    slack.submit(OWNER, form, {"reason": HOSTILE})
    for typed in ("show hostile", "list", "", HOSTILE, f"show {HOSTILE}"):
        slack.command(OWNER, typed)
    stage.until_sent()

    texts = [text for each in slack.log(start) for text in _said(each)]
    assert any("{{ 7*7 }}" in text and "\\u202e" in text for text in texts), "it is shown"
    for text in texts:
        assert not any(mark in text for mark in "\u202e\u202c\u2028"), text
    for text in _mrkdwn(slack.log(start)):
        marks = ("<!channel", "<!here", "<http", "<#C0GENERAL", "<@U0MAREK")
        assert not any(mark in text for mark in marks), text
    stage.exported("hostile.zip")


def test_only_what_slack_was_made_to_do_wrong_went_wrong(stage: Stage) -> None:
    wrong = stage.complaints()
    asked_for = [each for each in wrong if "internal_error" in each]
    assert len(asked_for) == len(wrong) == 4, wrong


def _sampled(stage: Stage, key: str) -> Json:
    secret = story.token(stage, key)
    story.report(stage, secret, [story.output(number, key) for number in range(6)])
    drawn = stage.slack.command(OWNER, f"sample {key}")
    story.report(stage, secret, [story.output(number, key) for number in range(6, 9)])
    return drawn


def _without_told(stage: Stage) -> int:
    """Count the entries besides those of what was merely said or refused."""
    query = "select count(*) from entry where kind not in ('message.shown', 'refused')"
    return int(stage.rows(query)[0][0])


def _said(entry: Json) -> Iterator[str]:
    """Give every text the bot has put before people."""
    if entry["direction"] in {"web_api", "response_url"}:
        yield from _texts(entry["request"])
    elif entry["direction"] == "ack":
        yield from _texts(entry["response"] or entry["request"])


def _texts(part: object) -> Iterator[str]:
    if isinstance(part, str):
        yield part
    elif isinstance(part, list):
        for each in part:
            yield from _texts(each)
    elif isinstance(part, dict):
        for name, value in part.items():
            if name not in {"value", "private_metadata", "trigger_id", "token"}:
                yield from _texts(value)


def _mrkdwn(log: list[Json]) -> Iterator[str]:
    """Give every text of the bot's in which Slack reads markup."""
    for entry in log:
        if entry["direction"] in {"web_api", "response_url", "ack"}:
            for part in (entry["request"], entry["response"]):
                yield from _marked(part)


def _marked(part: object) -> Iterator[str]:
    if isinstance(part, list):
        for each in part:
            yield from _marked(each)
    elif isinstance(part, dict):
        if part.get("type") == "mrkdwn" or ("type" not in part and "blocks" in part):
            yield str(part.get("text", ""))
        for value in part.values():
            yield from _marked(value)
