"""What people do on the page: complete commands, answer in threads, review, choose, move time."""

from collections.abc import Iterator

import pytest
from playwright.sync_api import Locator, Page, expect

from tests.sandbox.browser import Visit
from tests.sandbox.clicking import APP, Hands
from tests.sandbox.sandbox_bench import Json, Sandbox, SmallApp, running

USER, ROOM = "U0DANA", "C0AIWATCH"


@pytest.fixture(scope="module")
def answered(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Sandbox, SmallApp]]:
    with running(tmp_path_factory.mktemp("keys"), "--channel-rate", "500") as sandbox:
        app = SmallApp(sandbox)
        sandbox.post("say", user=USER, channel=ROOM, text="the first question")
        yield sandbox, app
        app.close()


@pytest.fixture
def sandbox(answered: tuple[Sandbox, SmallApp]) -> Sandbox:
    return answered[0]


@pytest.fixture
def app(answered: tuple[Sandbox, SmallApp]) -> SmallApp:
    answered[1].heard.clear()
    return answered[1]


def options(page: Page) -> list[str]:
    return page.locator("#completions li b").all_inner_texts()


def test_a_command_is_completed_by_keys(sandbox: Sandbox, app: SmallApp, visit: Visit) -> None:
    page = visit(sandbox.url)
    field = page.locator("#text")
    field.press_sequentially("/a")
    assert options(page) == ["/answerable"]
    expect(field).to_have_attribute("aria-expanded", "true")
    field.press("Tab")
    expect(field).to_have_value("/answerable ")
    expect(field).to_be_focused()
    assert options(page) == ["form", "later", "other"]
    field.press("ArrowUp")
    field.press("ArrowUp")
    chosen = page.locator("#completions [aria-selected=true]")
    expect(chosen).to_have_text("later")
    expect(field).to_have_attribute("aria-activedescendant", str(chosen.get_attribute("id")))
    field.press("Enter")
    expect(field).to_have_value("/answerable later ")
    assert app.of("command") == [], "it is taken, not sent"
    field.press("Enter")
    expect(field).to_have_value("")
    assert app.of("command")[0]["text"] == "later"


def test_what_was_typed_is_sent_whatever_is_offered(
    sandbox: Sandbox, app: SmallApp, visit: Visit
) -> None:
    page = visit(sandbox.url)
    field = page.locator("#text")
    field.press_sequentially("/answerable la")
    assert options(page) == ["later"]
    field.press("Escape")
    expect(page.locator("#completions")).to_be_hidden()
    expect(field).to_have_value("/answerable la")
    field.press_sequentially("t")
    field.press("Enter")
    expect(field).to_have_value("")
    assert app.of("command")[0]["text"] == "lat"


def test_a_thread_is_answered_by_keys_alone(sandbox: Sandbox, visit: Visit) -> None:
    page = visit(sandbox.url)
    first = page.locator("article", has_text="the first question").first
    page.locator("#messages").focus()
    for _ in range(page.locator("#messages article").count()):
        page.keyboard.press("ArrowUp")
    expect(first).to_be_focused()
    answer = first.get_by_role("button", name="↩ Answer")
    while not answer.evaluate("each => each === document.activeElement"):
        page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    expect(page.locator("#text")).to_be_focused()
    page.keyboard.type("an answer")
    page.keyboard.press("Enter")
    expect(page.locator(".reply").last).to_contain_text("an answer")
    expect(page.locator("#answering")).to_be_hidden()
    said = sandbox.rows("messages", channel=ROOM)
    assert said[-1]["thread_ts"] == said[0]["ts"]


def test_commands_do_not_go_into_a_thread(sandbox: Sandbox, app: SmallApp, visit: Visit) -> None:
    hands = Hands(visit(sandbox.url))
    hands.press("↩ Answer", "the first question")
    hands.page.keyboard.type("/answerable other ")
    hands.page.keyboard.press("Enter")
    expect(hands.page.locator("#notice")).to_contain_text("do not work in threads")
    expect(hands.page.locator("#text")).to_have_value("/answerable other ")
    assert app.of("command") == []
    hands.page.keyboard.press("Escape")
    expect(hands.page.locator("#answering")).to_be_hidden()


def test_a_modal_is_handed_in_page_by_page_without_a_mouse(
    sandbox: Sandbox, app: SmallApp, visit: Visit
) -> None:
    hands = Hands(visit(sandbox.url))
    hands.write("/answerable form")
    first = hands.modal.locator(".content input")
    expect(first).to_be_focused()
    hands.page.keyboard.type("update")
    hands.page.keyboard.press("Control+Enter")
    hands.opens("Second")
    expect(first).to_be_focused()
    hands.page.keyboard.type("clear")
    hands.page.keyboard.press("Meta+Enter")
    expect(hands.modal).to_be_hidden()
    expect(hands.page.locator("#text")).to_be_focused()
    assert len(app.of("form")) == 2


def test_a_modal_is_handed_in_once_however_often_it_is_pressed(
    sandbox: Sandbox, app: SmallApp, visit: Visit
) -> None:
    hands = Hands(visit(sandbox.url))
    hands.write("/answerable form")
    hands.fill(why="clear")
    hands.modal.locator("form").evaluate("form => { form.requestSubmit(); form.requestSubmit(); }")
    expect(hands.modal).to_be_hidden()
    assert len(app.of("form")) == 1
    expect(hands.page.locator("#notice")).to_be_hidden()


def post_actions(sandbox: Sandbox, *elements: Json) -> None:
    block = {"type": "actions", "block_id": "acts", "elements": list(elements)}
    done = sandbox.api("chat.postMessage", channel=ROOM, text="Choose", blocks=[block]).json()
    assert done["ok"], str(done)


def test_an_overflow_menu_is_used_by_keys(sandbox: Sandbox, app: SmallApp, visit: Visit) -> None:
    choices = [
        {"value": name, "text": {"type": "plain_text", "text": name.title()}}
        for name in ("show", "mute", "leave")
    ]
    post_actions(sandbox, {"type": "overflow", "action_id": "go", "options": choices})
    page = visit(sandbox.url)
    opener = page.get_by_role("button", name="More actions")
    opener.press("ArrowDown")
    page.keyboard.press("ArrowUp")
    expect(page.get_by_role("menuitem", name="Leave")).to_be_focused()
    page.keyboard.press("Escape")
    expect(opener).to_be_focused()
    assert app.of("action") == []
    opener.press("Enter")
    page.keyboard.press("ArrowDown")
    page.keyboard.press("Enter")
    expect(opener).to_be_focused()
    sandbox.until(lambda: app.of("action"))
    assert app.of("action")[0]["actions"][0]["selected_option"]["value"] == "mute"


def buttons(*names: str) -> list[Json]:
    """Give a block for each name, with a button that has it as its value."""
    return [
        {
            "type": "section",
            "text": {"type": "mrkdwn", "text": name},
            "accessory": {
                "type": "button",
                "action_id": "go",
                "value": name,
                "text": {"type": "plain_text", "text": f"Answer {name}"},
            },
        }
        for name in names
    ]


def focused(page: Page) -> Locator:
    return page.locator(":focus")


def test_a_message_whose_button_is_gone_keeps_the_focus(sandbox: Sandbox, visit: Visit) -> None:
    said = sandbox.api("chat.postMessage", channel=ROOM, text="a", blocks=buttons("a", "b")).json()
    page = visit(sandbox.url)
    page.get_by_role("button", name="Answer b").press("Enter")
    for left in (buttons("c", "b"), buttons("c")):
        sandbox.api("chat.update", channel=ROOM, ts=said["ts"], text="c", blocks=left)
        expect(page.locator(f'[data-ts="{said["ts"]}"]')).to_contain_text("Answer c")
        if len(left) > 1:
            expect(focused(page)).to_have_text("Answer b")
    expect(focused(page)).to_have_attribute("data-ts", said["ts"])


def test_the_home_keeps_the_focus_at_what_is_owed_next(sandbox: Sandbox, visit: Visit) -> None:
    def publish(*owed: str) -> None:
        home = {"type": "home", "blocks": buttons(*owed)}
        assert sandbox.api("views.publish", user_id=USER, view=home).json()["ok"]

    publish("one", "two", "three")
    page = visit(sandbox.url)
    page.locator("#app button", has_text="Home").click()
    page.get_by_role("button", name="Answer two").press("Enter")
    publish("zero", "two", "three")
    expect(page.locator("#messages")).to_contain_text("zero")
    expect(focused(page)).to_have_text("Answer two")
    publish("zero", "three")
    expect(focused(page)).to_contain_text("three")
    page.keyboard.press("Tab")
    expect(focused(page)).to_have_text("Answer three")


@pytest.mark.usefixtures("app")
def test_the_focus_comes_back_from_a_modal_to_the_message_that_changed_meanwhile(
    sandbox: Sandbox, visit: Visit
) -> None:
    said = sandbox.api("chat.postMessage", channel=ROOM, text="d", blocks=buttons("d")).json()
    page = visit(sandbox.url)
    page.get_by_role("button", name="Answer d").focus()
    sandbox.post("command", user=USER, channel=ROOM, text="form")
    expect(page.locator("#modal")).to_be_visible()
    sandbox.api("chat.update", channel=ROOM, ts=said["ts"], text="answered", blocks=[])
    expect(page.locator(f'[data-ts="{said["ts"]}"]')).to_contain_text("answered")
    page.keyboard.press("Escape")
    expect(page.locator("#modal")).to_be_hidden()
    expect(focused(page)).to_have_attribute("data-ts", said["ts"])


@pytest.mark.usefixtures("app")
def test_what_answers_a_press_is_brought_into_view(sandbox: Sandbox, visit: Visit) -> None:
    sandbox.api("chat.postMessage", channel=ROOM, text="e", blocks=buttons("e"))
    for number in range(40):
        sandbox.post("say", user="U0BEN", channel=ROOM, text=f"chatter {number}")
    page = visit(sandbox.url)
    page.locator("#messages").evaluate(
        "box => new Promise(heard => { box.onscroll = heard; box.scrollTop = 0; })"
    )

    def whisper(text: str) -> Locator:
        sandbox.api("chat.postEphemeral", channel=ROOM, user=USER, text=text)
        return page.locator(".whisper", has_text=text)

    expect(whisper("nobody asked")).to_be_attached()
    expect(page.locator("#newer")).to_be_visible()
    expect(page.locator(".whisper", has_text="nobody asked")).not_to_be_in_viewport()
    button = page.get_by_role("button", name="Answer e")
    button.press("Enter")
    expect(whisper("only a steward decides this")).to_be_in_viewport()
    expect(button).to_be_focused()


def test_what_has_consequences_is_asked_again(
    sandbox: Sandbox, app: SmallApp, visit: Visit
) -> None:
    def plain(text: str) -> Json:
        return {"type": "plain_text", "text": text}

    asked = {
        "title": plain("Stop it?"),
        "text": {"type": "mrkdwn", "text": f"<@{USER}> is told."},
        "confirm": plain("Stop"),
        "deny": plain("Leave it"),
    }
    stop = {"type": "button", "action_id": "go", "text": plain("Stop it"), "confirm": asked}
    post_actions(sandbox, stop)
    page = visit(sandbox.url)
    dialog = page.locator("#confirm")
    for answer in ("Escape", "Leave it", "Stop"):
        page.get_by_role("button", name="Stop it").click()
        expect(dialog).to_contain_text("@Dana Okafor is told.")
        if answer == "Escape":
            page.keyboard.press("Escape")
        else:
            dialog.get_by_role("button", name=answer, exact=True).click()
        expect(dialog).to_be_hidden()
        assert answer == "Stop" or app.of("action") == []
    sandbox.until(lambda: app.of("action"))
    assert len(app.of("action")) == 1


def test_the_clock_goes_where_a_message_points(sandbox: Sandbox, visit: Visit) -> None:
    now = sandbox.get("world")["clock"]["now"]
    for moment in (now - 60, now + 7200, now + 3600):
        text = f"due <!date^{moment}^{{time}}|then>"
        sandbox.api("chat.postMessage", channel=ROOM, text=text)
    page = visit(sandbox.url)
    page.get_by_role("button", name="To the next time named").click()
    expect(page.locator("#now")).to_contain_text("1 Jun 2026, 04:00")
    page.get_by_role("button", name="+4 business hours").click()
    expect(page.locator("#now")).to_contain_text("1 Jun 2026, 13:00")
    page.get_by_role("button", name="To the next time named").click()
    expect(page.locator("#notice")).to_contain_text("still to come")


def test_whoever_has_something_new_is_one_press_away(sandbox: Sandbox, visit: Visit) -> None:
    page = visit(sandbox.url)
    expect(page.locator("#news")).to_be_empty()
    sandbox.say_buttons("U0BEN")
    page.locator("#news").get_by_role("button", name="Ben Lindqvist").click()
    expect(page.locator("#actor")).to_have_value("U0BEN")
    expect(page.locator("#place")).to_have_text(APP)
    expect(page.locator("#news")).to_be_empty()
