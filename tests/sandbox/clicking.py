"""Somebody at the sandbox's page who has nothing but a mouse and a keyboard."""

from playwright.sync_api import Locator, Page, expect

APP = "Messages with the app"


class Hands:
    """What one person does on the page, playing everybody."""

    def __init__(self, page: Page) -> None:
        self.page = page
        self.modal = page.locator("#modal")
        self.messages = page.locator("#messages")

    def act_as(self, user: str, place: str) -> None:
        """Become somebody and go where they read."""
        self.page.locator("#actor").select_option(user)
        button = self.page.locator("#side li button", has_text=place)
        if not button.is_visible():  # on a phone the menu closes with each choice
            self.page.locator("#menu").click()
        button.click()
        shown = f"{user} {button.get_attribute('data-place')}"
        expect(self.messages).to_have_attribute("data-shows", shown)

    def write(self, text: str) -> None:
        field = self.page.locator("#text")
        field.fill(text)
        field.press("Enter")
        expect(field).to_have_value("")

    def message(self, *words: str) -> Locator:
        """Give the newest message to everybody that says all this."""
        found = self.messages.locator("article:not(.whisper)")
        for each in words:
            found = found.filter(has_text=each)
        return found.last

    def hears(self, words: str) -> None:
        """See what was said last to this person alone."""
        expect(self.messages.locator(".whisper").last).to_contain_text(words)

    def press(self, label: str, *words: str) -> None:
        """Press a button in the newest message that has it and says all this."""
        button = self.page.get_by_role("button", name=label, exact=True)
        self.message(*words).filter(has=button).get_by_role(
            "button", name=label, exact=True
        ).click()

    def opens(self, title: str) -> None:
        expect(self.modal.locator("h2")).to_have_text(title)

    def fill(self, **fields: str) -> None:
        """Fill in the modal's fields, named by the ids of their blocks."""
        for name, value in fields.items():
            field = self.modal.locator(f'[data-block^="{name}"]').locator("input, select, textarea")
            if field.evaluate("each => each.matches('select')"):
                field.select_option(value)
            else:
                field.fill(value)

    def choose(self, label: str) -> None:
        self.modal.get_by_label(label).check()

    def submit(self) -> None:
        self.modal.locator("footer .primary").click()

    def leave(self) -> None:
        """Close a modal that asks nothing any more."""
        expect(self.modal.locator("footer .primary")).to_have_count(0)
        self.modal.locator("footer button").first.click()
        expect(self.modal).to_be_hidden()
