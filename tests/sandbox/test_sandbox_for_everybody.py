"""The page judged by axe-core in every state it has: nothing serious, nothing critical."""

from collections.abc import Callable, Iterator
from functools import cache

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page, ViewportSize, expect

from tests.pictures import catalogue, drawn
from tests.sandbox.browser import DESK, PHONE, Scheme, Visit
from tests.sandbox.clicking import Hands
from tests.sandbox.sandbox_bench import Json, Sandbox, SmallApp, running

USER, ROOM = "U0DANA", "C0AIWATCH"
GRAVE = {"serious", "critical"}


def plain(text: str) -> Json:
    return {"type": "plain_text", "text": text}


def option(value: str) -> Json:
    return {"value": value, "text": plain(value.title())}


OPTIONS = [option("now"), option("later")]
ELEMENTS: list[Json] = [
    {"type": "button", "action_id": "go", "text": plain("Go"), "style": "primary"},
    {
        "type": "button",
        "action_id": "stop",
        "text": plain("Stop"),
        "style": "danger",
        "confirm": {
            "title": plain("Stop it?"),
            "text": plain("Nothing runs until two people resume it."),
            "confirm": plain("Stop"),
            "deny": plain("Leave it"),
            "style": "danger",
        },
    },
    {"type": "overflow", "action_id": "more", "options": OPTIONS},
    {
        "type": "static_select",
        "action_id": "when",
        "placeholder": plain("When"),
        "options": OPTIONS,
    },
    {"type": "datepicker", "action_id": "day", "placeholder": plain("Which day")},
    {"type": "radio_buttons", "action_id": "one", "options": OPTIONS},
    {"type": "checkboxes", "action_id": "some", "options": OPTIONS},
    {"type": "users_select", "action_id": "who", "placeholder": plain("Who")},
]
WORDS = {"type": "rich_text_section", "elements": [{"type": "text", "text": "what was said"}]}
BLOCKS: list[Json] = [
    {"type": "header", "text": plain("Everything there is")},
    {
        "type": "section",
        "text": {
            "type": "mrkdwn",
            "text": f"*Bold*, `code`, <@{USER}>, <!date^1780311600^{{time}}|then>",
        },
        "fields": [plain("A"), plain("B")],
        "accessory": {"type": "overflow", "action_id": "beside", "options": OPTIONS},
    },
    {"type": "divider"},
    {"type": "context", "elements": [{"type": "mrkdwn", "text": "record #1, `root`"}]},
    {
        "type": "rich_text",
        "elements": [
            WORDS,
            {**WORDS, "type": "rich_text_quote"},
            {**WORDS, "type": "rich_text_preformatted"},
        ],
    },
    {"type": "actions", "block_id": "acts", "elements": ELEMENTS},
]
TABLE: Json = {
    "type": "table",
    "rows": [[{"type": "raw_text", "text": "a"}, {"type": "raw_text", "text": "b"}]],
}
LEFT = {"kind": "closed", "request": []}
GUIDE: Json = {
    "title": "First steps",
    "end": [{"text": "Done."}],
    "steps": [
        {
            "id": "say",
            "title": "Say something",
            "how": [
                {"text": "Write it.", "in_form": "."},
                {"type": "/answerable help"},
                {"run": "ls"},
            ],
            "signs": [{"kind": "message", "request": ["hello"]}],
        },
        {"id": "leave", "title": "Leave", "how": [{"text": "Go."}], "signs": [LEFT]},
    ],
}


@pytest.fixture(scope="module")
def full(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Sandbox]:
    """A sandbox in which everything that can be shown is shown, with a guide."""
    with running(tmp_path_factory.mktemp("full"), "--channel-rate", "500") as sandbox:
        first = sandbox.post("say", user=USER, channel=ROOM, text="A question")["ts"]
        sandbox.post("say", user="U0BEN", channel=ROOM, text="An answer", thread_ts=first)
        for target in (ROOM, USER):
            said = sandbox.api(
                "chat.postMessage", channel=target, text="All", blocks=[*BLOCKS, TABLE]
            ).json()
            assert said["ok"], str(said)
        home = {"type": "home", "blocks": BLOCKS}
        assert sandbox.api("views.publish", user_id=USER, view=home).json()["ok"]
        sandbox.post("guide", **GUIDE)
        app = SmallApp(sandbox)
        yield sandbox
        app.close()


def go_to(place: str) -> Callable[[Hands], None]:
    def state(hands: Hands) -> None:
        if hands.page.locator("#menu").is_visible():
            hands.page.locator("#menu").click()
        hands.act_as(USER, place)

    return state


def modal_with_errors(hands: Hands) -> None:
    hands.page.locator("#text").press("Escape")  # no command goes into a thread
    hands.write("/answerable form")
    hands.fill(why="errors")
    hands.submit()
    expect(hands.modal.get_by_role("alert")).to_have_text("Say more.")


def no_modal(hands: Hands) -> None:
    hands.page.keyboard.press("Escape")
    expect(hands.modal).to_be_hidden()


def confirmation(hands: Hands) -> None:
    hands.press("Stop", "Everything there is")
    expect(hands.page.locator("#confirm")).to_be_visible()


def no_confirmation(hands: Hands) -> None:
    hands.page.locator("#confirm").get_by_role("button", name="Leave it").click()


def overflow_menu(hands: Hands) -> None:
    hands.messages.get_by_role("button", name="More actions").first.press("ArrowDown")
    first = hands.messages.get_by_role("menuitem", name="Now").first
    expect(first).to_be_focused()
    expect(first).to_be_in_viewport(ratio=1)


def completions(hands: Hands) -> None:
    hands.page.locator("#text").press_sequentially("/")
    hands.page.locator("#text").press("ArrowDown")
    expect(hands.page.locator("#completions li").first).to_have_attribute("aria-selected", "true")


def answering_in_a_thread(hands: Hands) -> None:
    hands.page.locator("#text").fill("")
    hands.press("↩ Answer", "A question")
    expect(hands.page.locator("#answering")).to_be_visible()


def open_traffic(hands: Hands) -> None:
    hands.page.locator("#show-traffic").click()
    hands.page.locator("#entries details").first.click()


def open_guide(hands: Hands) -> None:
    hands.page.keyboard.press("Escape")
    if not hands.page.locator(
        "#steps"
    ).is_visible():  # on a desk it is back once the traffic is gone
        hands.page.locator("#show-guide").click()
    expect(hands.page.locator("#steps")).to_be_visible()


STATES: list[Callable[[Hands], None]] = [
    go_to("Home"),
    go_to("Messages with the app"),
    go_to("# ai-watch"),
    completions,
    answering_in_a_thread,
    modal_with_errors,
    no_modal,
    confirmation,
    no_confirmation,
    overflow_menu,
    open_traffic,
    open_guide,
]


@cache
def judge() -> Axe:
    return Axe()


def faults(page: Page) -> list[str]:
    """Give what axe-core finds grave, one a line, with where it is."""
    found = judge().run(page).response["violations"]
    return [
        f"{each['id']}: {node['target']} {node['failureSummary']}"
        for each in found
        if each["impact"] in GRAVE
        for node in each["nodes"]
    ]


@pytest.mark.parametrize(
    ("screen", "scheme"), [(DESK, "light"), (PHONE, "dark")], ids=["desk, light", "phone, dark"]
)
def test_no_state_of_the_page_has_a_grave_fault(
    full: Sandbox, visit: Visit, screen: ViewportSize, scheme: Scheme
) -> None:
    hands = Hands(visit(full.url, screen, scheme=scheme))
    found = {"at first": faults(hands.page)}
    for state in STATES:
        state(hands)
        found[state.__name__] = faults(hands.page)
    assert not [f"{name}: {fault}" for name, faulty in found.items() for fault in faulty]


# What the classes look like in either light was seen above; here it is what is written.
@pytest.mark.parametrize(("kind", "scheme"), [("homes", "dark"), ("modals", "light")])
def test_nothing_that_the_bot_shows_has_a_grave_fault(
    full: Sandbox, visit: Visit, kind: str, scheme: Scheme
) -> None:
    page = visit(full.url, scheme=scheme)
    drawn(page, catalogue()[kind])
    assert faults(page) == []


def test_nothing_that_the_bot_says_has_a_grave_fault(full: Sandbox, visit: Visit) -> None:
    page = visit(full.url)
    drawn(page, catalogue()["messages"][::2])  # neighbours differ in a word or two
    assert faults(page) == []
