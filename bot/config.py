"""The settings: the only place where the environment is read. Secrets are never printed."""

import os
import re
from collections.abc import Iterable, Mapping
from difflib import get_close_matches
from enum import StrEnum
from math import nan
from pathlib import Path
from typing import Annotated, Final, Self
from urllib.parse import SplitResult, urlsplit

from pydantic import (
    AfterValidator,
    BeforeValidator,
    Field,
    SecretStr,
    ValidationError,
    model_validator,
)
from pydantic_settings import BaseSettings, NoDecode, SettingsConfigDict

PREFIX: Final = "ANSWERABLE_"
ALIKE: Final = 0.65  # of 1: `ADMIN` and `DB_URL` are, `PORT` and `SERVICE_HOST` are not
SLACK: Final = "https://slack.com/api/"
SANDBOX: Final = "http://127.0.0.1:8765/api/"  # where one may be
MAX_PORT: Final = 65_535
MOST_A_SECOND: Final = 1_000
NO_WAY_OUT: Final = (
    "SLACK_BOT_TOKEN is not set: it takes the bot token (xoxb-…) of *OAuth & Permissions*"
)
NO_WAY_IN: Final = "set SLACK_APP_TOKEN for Socket Mode, SLACK_SIGNING_SECRET for HTTP, or both"
PROXIES: Final = ("HTTPS_PROXY", "https_proxy", "HTTP_PROXY", "http_proxy")
# With a user and a password before the host, or none.
_PROXY: Final = re.compile(
    r"(?:https?://)?(?:[^/?#]*@)?((?:[a-z0-9._-]+|\[[0-9a-f:.]+\])(?::[0-9]+)?)/?", re.IGNORECASE
)
_PLACE: Final = re.compile(r"(?:\[[^][]+\]|[^][:/]+):(?P<port>[0-9]{1,5})")
_USER_ID: Final = re.compile(r"[UW][A-Z0-9]{1,30}")
_NOWHERE: Final = urlsplit("")
LOOPBACK: Final = frozenset({"127.0.0.1", "localhost", "::1"})


class ClockKind(StrEnum):
    SYSTEM = "system"
    SANDBOX = "sandbox"


class Misconfigured(Exception):  # noqa: N818 -- said to the operator in one line
    """A setting cannot be; the message names it and says what to do."""


def _listed(value: object) -> object:
    return (
        frozenset(filter(None, map(str.strip, value.split(","))))
        if isinstance(value, str)
        else value
    )


def _are_user_ids(value: frozenset[str]) -> frozenset[str]:
    """Give ids as Slack writes them: a name would reach nobody, and nothing would say so."""
    odd = sorted(each for each in value if not _USER_ID.fullmatch(each))
    if odd:
        raise ValueError(
            f"{odd[0][:40]!r} is no Slack user id such as U012AB3CD: in Slack it is in the menu of "
            "a person's profile, as *Copy member ID*"
        )
    return value


def _of_the_bot(value: SecretStr) -> SecretStr:
    """Refuse a token of another sort: Slack would only say that it is not allowed."""
    if value.get_secret_value().startswith(("xapp-", "xoxp-")):
        sort = "an app-level token (xapp-…)" if _is_of_app(value) else "a person's token (xoxp-…)"
        raise ValueError(
            f"it holds {sort}. Set it to the bot token (xoxb-…) of *OAuth & Permissions*; an "
            "app-level token belongs into SLACK_APP_TOKEN"
        )
    return value


def _of_the_app(value: SecretStr) -> SecretStr:
    if value.get_secret_value().startswith("xox"):
        raise ValueError(
            "it holds no app-level token. Set it to the one (xapp-…) of *Basic Information*; a bot "
            "token (xoxb-…) belongs into SLACK_BOT_TOKEN"
        )
    return value


def _is_of_app(value: SecretStr) -> bool:
    return value.get_secret_value().startswith("xapp-")


def _fits_a_header(value: SecretStr) -> SecretStr:
    """Give what can be sent as a header; what was pasted from a document often cannot."""
    odd = _odd_place(value.get_secret_value())
    if odd:
        raise ValueError(
            f"character {odd} of it can be in no token (a dash, dots, a blank or a quotation mark "
            "that some program put in?): copy it again from Slack's page"
        )
    return value


def _fits_an_address(value: str) -> str:
    odd = _odd_place(value)
    if odd:
        raise ValueError(f"character {odd} of it can be in no address: type it again")
    return value


def _splits(value: str) -> str:
    """Give an address whose parts can be told; the library says of others neither which nor how."""
    if _parts(value) is None:
        raise ValueError(f"{value[:80]!r} is no address such as {SLACK}")
    return value


def _parts(url: str) -> SplitResult | None:
    """Give the parts of an address, or None if it is none."""
    try:
        return urlsplit(url)
    except ValueError:
        return None


def _a_place(value: str) -> str:
    """Give where to listen; in any other form a host or a port would be guessed."""
    place = _PLACE.fullmatch(value)
    if place is None or int(place["port"]) > MAX_PORT:
        raise ValueError(
            f"{value[:80]!r} is not HOST:PORT, such as 127.0.0.1:8080 or, for IPv6, [::1]:8080"
        )
    return value


def _a_clock(value: object) -> object:
    if value not in [each.value for each in ClockKind]:
        raise ValueError(
            f"{str(value)[:40]!r} is no clock: write system, or sandbox beside a sandbox, or leave "
            "it unset"
        )
    return value


def _a_rate(value: object) -> object:
    """Refuse what is no number of messages a second, before it is said in other words than ours."""
    try:
        rate = float(str(value))
    except ValueError:
        rate = nan
    if not 0 < rate <= MOST_A_SECOND:  # nor is it so of what is no number
        raise ValueError(
            f"{str(value)[:40]!r} is no number of messages a second above 0 and up to "
            f"{MOST_A_SECOND}, such as 1 or 0.5"
        )
    return rate


def _odd_place(text: str) -> int:
    """Give the place, from 1, of the first character that is not plain and visible; 0 if none."""
    return next((place for place, each in enumerate(text, 1) if not "!" <= each <= "~"), 0)


Token = Annotated[SecretStr, AfterValidator(_fits_a_header)]
Address = Annotated[str, AfterValidator(_fits_an_address)]
UserIds = Annotated[
    frozenset[str], NoDecode, BeforeValidator(_listed), AfterValidator(_are_user_ids)
]


class Config(BaseSettings):
    """Everything the environment says. A value that cannot be raises pydantic's ValidationError."""

    model_config = SettingsConfigDict(env_prefix=PREFIX, extra="ignore", frozen=True)

    bot_token: Annotated[Token, AfterValidator(_of_the_bot)] = Field(
        default=SecretStr(""), validation_alias="SLACK_BOT_TOKEN"
    )
    app_token: Annotated[Token, AfterValidator(_of_the_app)] = Field(
        default=SecretStr(""), validation_alias="SLACK_APP_TOKEN"
    )
    signing_secret: Annotated[SecretStr, AfterValidator(_fits_a_header)] = Field(
        default=SecretStr(""), validation_alias="SLACK_SIGNING_SECRET"
    )
    slack_api_url: Annotated[Address, AfterValidator(_splits)] = Field(
        default=SLACK, validation_alias="SLACK_API_URL"
    )
    database_url: str = "sqlite:///answerable.db"
    listen: Annotated[Address, AfterValidator(_a_place)] = "127.0.0.1:8080"
    signing_key_file: Path = Path("answerable-signing.key")
    draw_key_file: Path = Path("answerable-draw.key")
    admins: UserIds = frozenset()
    auditors: UserIds = frozenset()
    clock: Annotated[ClockKind, BeforeValidator(_a_clock)] = ClockKind.SYSTEM
    witness_url: SecretStr = SecretStr("")
    channel_rate: Annotated[float, BeforeValidator(_a_rate)] = 1.0

    @property
    def is_loopback(self) -> bool:
        return urlsplit(self.slack_api_url).hostname in LOOPBACK

    @property
    def has_bot_token(self) -> bool:
        return bool(self.bot_token.get_secret_value())

    @property
    def has_socket(self) -> bool:
        """Tell whether Slack comes in over a socket that we open: an app-level token is set."""
        return bool(self.app_token.get_secret_value())

    @property
    def has_signing_secret(self) -> bool:
        """Tell whether Slack comes in by HTTP."""
        return bool(self.signing_secret.get_secret_value())

    @property
    def address(self) -> tuple[str, int]:
        host, _, port = self.listen.rpartition(":")
        return host.strip("[]"), int(port)

    @model_validator(mode="after")
    def _has_a_key_for_each(self) -> Self:
        named = {
            "ANSWERABLE_SIGNING_KEY_FILE": self.signing_key_file,
            "ANSWERABLE_DRAW_KEY_FILE": self.draw_key_file,
        }
        for setting, path in named.items():
            if not path.name:
                raise ValueError(f"{setting} must name a file, such as {path / 'key'}")
        if self.signing_key_file.resolve() == self.draw_key_file.resolve():
            raise ValueError(
                "ANSWERABLE_SIGNING_KEY_FILE and ANSWERABLE_DRAW_KEY_FILE name one file: give each "
                "key its own, or who may tell draws could sign the record"
            )
        return self

    @model_validator(mode="after")
    def _witness_is_reached_in_private(self) -> Self:
        url = self.witness_url.get_secret_value()
        address = _parts(url) or _NOWHERE
        is_own = self.is_loopback and address.scheme == "http" and address.hostname in LOOPBACK
        is_private = address.scheme == "https" and address.hostname
        if url and (_odd_place(url) or not (is_own or is_private)):
            raise ValueError(
                "ANSWERABLE_WITNESS_URL must be the https address of an incoming webhook, or, "
                "beside a sandbox, an address of this machine, such as http://127.0.0.1:8090/"
            )
        return self

    @model_validator(mode="after")
    def _speaks_to_slack_or_to_this_machine(self) -> Self:
        if self.slack_api_url == SLACK:
            if self.clock is ClockKind.SANDBOX:
                raise ValueError(
                    "ANSWERABLE_CLOCK=sandbox needs a SLACK_API_URL on this machine, such as "
                    f"{SANDBOX}"
                )
            return self
        if not self.is_loopback:
            raise ValueError(
                f"SLACK_API_URL must be {SLACK} or an address of this machine, such as {SANDBOX}"
            )
        for name, token in (
            ("SLACK_BOT_TOKEN", self.bot_token),
            ("SLACK_APP_TOKEN", self.app_token),
        ):
            if token.get_secret_value() and "sandbox" not in token.get_secret_value():
                raise ValueError(f"{name} looks real; it is not sent to {self.slack_api_url}")
        return self


def read_config() -> Config:
    """Give the settings, or raise Misconfigured with one line a person can act on."""
    _refuse_misspelt(os.environ)
    try:
        return Config()
    except ValidationError as error:
        first = error.errors(include_input=False)[0]
        named = ".".join(_variable(str(part)) for part in first["loc"])
        sentence = str(first["msg"]).removeprefix("Value error, ")
        raise Misconfigured(f"{named}: {sentence}" if named else sentence) from None


def _refuse_misspelt(names: Iterable[str]) -> None:
    """Refuse a name that is almost a setting's: nothing would read it, and nothing would say so.

    Only almost: a cluster sets names of its own for a service that is called like this one.
    """
    fields = Config.model_fields.items()
    known = [name.upper() for name, field in fields if field.validation_alias is None]
    for name in sorted(each for each in names if each.startswith(PREFIX)):
        meant = get_close_matches(name.removeprefix(PREFIX), known, 1, ALIKE)
        if meant and name != PREFIX + meant[0]:
            raise Misconfigured(f"{name} is no setting: is {PREFIX}{meant[0]} meant?")


def proxies() -> Mapping[str, str]:
    """Give the proxies that the environment names, each by host and port and nothing else.

    Of what is no address of one that is empty: any of it may be a password.
    """
    found = {name: os.environ.get(name, "").strip() for name in PROXIES}
    read = {name: _PROXY.fullmatch(url) for name, url in found.items() if url}
    return {name: place[1] if place else "" for name, place in read.items()}


def _variable(field: str) -> str:
    """Give the environment's name for a field; those with a name of their own say it themselves."""
    return field if field.isupper() else f"{PREFIX}{field.upper()}"
