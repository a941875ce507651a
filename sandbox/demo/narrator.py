"""Tells the story while it happens: one heading a step, who does what, and what people see."""

import sys
import textwrap
from dataclasses import dataclass
from datetime import datetime
from io import TextIOWrapper
from typing import IO, Final

WIDTH: Final = 100
INDENT: Final = " " * 6
RESET: Final = "\033[0m"
BOLD, DIM, RED, GREEN, BLUE = (f"\033[{number}m" for number in (1, 2, 31, 32, 34))


@dataclass(frozen=True, slots=True)
class Narrator:
    """Writes for people; in colour only if a terminal shows it."""

    out: IO[str]
    has_colours: bool

    def heading(self, number: int, total: int, title: str) -> None:
        self._say(f"\n{self._in(DIM, f'{number:2}/{total}')}  {self._in(BOLD, title)}")

    def time(self, now: datetime) -> None:
        self._say(self._in(BLUE, f"{INDENT}{now:%A %d %B %Y, %H:%M} UTC"))

    def does(self, who: str, what: str) -> None:
        self._paragraph(f"{who} {what}")

    def sees(self, where: str, text: str) -> None:
        """Show a message where it stands, whole."""
        self._paragraph(f"{where} │ {text}", DIM)

    def finds(self, fact: str) -> None:
        self._paragraph(f"✓ {fact}", GREEN)

    def fails(self, title: str, reason: str) -> None:
        self._say(self._in(RED, f"\nFailed at “{title}”: expected {reason}"))

    def line(self, text: str = "") -> None:
        self._say(text)

    def _paragraph(self, text: str, colour: str = "") -> None:
        lines = textwrap.wrap(
            _harmless(text),
            WIDTH,
            initial_indent=INDENT,
            subsequent_indent=INDENT + "  ",
            break_long_words=False,
            break_on_hyphens=False,
        )
        for line in lines:
            self._say(self._in(colour, line))

    def _in(self, colour: str, text: str) -> str:
        return f"{colour}{text}{RESET}" if self.has_colours and colour else text

    def _say(self, text: str) -> None:
        self.out.write(text + "\n")
        self.out.flush()


def _harmless(text: str) -> str:
    """Show what a terminal might obey as an escape: customers write all sorts of things."""
    return "".join(each if each.isprintable() else ascii(each)[1:-1] for each in text)


def on_screen() -> Narrator:
    """Give a narrator for this terminal, or for the file its output goes to."""
    if isinstance(sys.stdout, TextIOWrapper):
        sys.stdout.reconfigure(errors="replace")
    return Narrator(sys.stdout, sys.stdout.isatty())
