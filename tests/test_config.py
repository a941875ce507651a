"""The settings: each that cannot be is named, in words of ours, with what it could be."""

import pytest

from bot.config import PROXIES, Misconfigured, proxies, read_config

SANDBOX = {"SLACK_API_URL": "http://127.0.0.1:8765/api/"}
ODD = ["", " ", "x", "nan", "-1", "[", "http://[", "https://[::1/", "0", "é", "x" * 10_000]
SETTINGS = [
    *("SLACK_BOT_TOKEN", "SLACK_APP_TOKEN", "SLACK_API_URL", "ANSWERABLE_LISTEN"),
    *("ANSWERABLE_ADMINS", "ANSWERABLE_AUDITORS", "ANSWERABLE_CLOCK"),
    *("ANSWERABLE_WITNESS_URL", "ANSWERABLE_CHANNEL_RATE", "ANSWERABLE_SIGNING_KEY_FILE"),
]
# What the library says of what it cannot read.
OTHERS_WORDS = ("Input should", "unable to parse", "Invalid ", "Value error", "validation error")


@pytest.fixture(autouse=True)
def nothing_set(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in SETTINGS:
        monkeypatch.delenv(name, raising=False)


def fault_of(monkeypatch: pytest.MonkeyPatch, **settings: str) -> str:
    """Give what is said of these settings; nothing if they can be."""
    for name, value in settings.items():
        monkeypatch.setenv(name, value)
    try:
        read_config()
    except Misconfigured as fault:
        return str(fault)
    return ""


@pytest.mark.parametrize("secret", [" ", "\t", "x\ny", "8f742231b10e8888abcd99yyyzzz85a5\n", "é"])
def test_a_signing_secret_that_can_be_none_is_refused_and_not_shown(
    monkeypatch: pytest.MonkeyPatch, secret: str
) -> None:
    fault = fault_of(monkeypatch, SLACK_SIGNING_SECRET=secret)
    assert fault.startswith("SLACK_SIGNING_SECRET: character ")
    assert "copy it again from Slack's page" in fault
    assert "8f74" not in fault


@pytest.mark.parametrize(
    ("setting", "value", "words"),
    [
        ("CHANNEL_RATE", "fast", "'fast' is no number of messages a second above 0 and up to 1000"),
        ("CHANNEL_RATE", "nan", "'nan' is no number of messages a second"),
        ("CHANNEL_RATE", "inf", "such as 1 or 0.5"),
        ("CHANNEL_RATE", "0", "above 0"),
        ("CHANNEL_RATE", "1000.5", "up to 1000"),
        ("CHANNEL_RATE", "", "'' is no number"),
        ("CLOCK", "cuckoo", "'cuckoo' is no clock: write system, or sandbox beside a sandbox"),
        ("CLOCK", "", "leave it unset"),
        ("CLOCK", "System", "'System' is no clock"),
    ],
)
def test_a_fault_is_told_in_our_words_with_an_example(
    monkeypatch: pytest.MonkeyPatch, setting: str, value: str, words: str
) -> None:
    told = fault_of(monkeypatch, **{f"ANSWERABLE_{setting}": value})
    assert told.startswith(f"ANSWERABLE_{setting}: ")
    assert words in told


@pytest.mark.parametrize(
    ("listen", "address"),
    [
        ("127.0.0.1:8080", ("127.0.0.1", 8080)),
        ("localhost:0", ("localhost", 0)),
        ("[::1]:18083", ("::1", 18083)),
        ("[::]:65535", ("::", 65_535)),
    ],
)
def test_where_to_listen_is_a_host_and_a_port(
    monkeypatch: pytest.MonkeyPatch, listen: str, address: tuple[str, int]
) -> None:
    monkeypatch.setenv("ANSWERABLE_LISTEN", listen)
    assert read_config().address == address


@pytest.mark.parametrize(
    "listen",
    [
        *("", "8080", ":18081", "127.0.0.1", "127.0.0.1:", "127.0.0.1:65536", "localhost:http"),
        *("::1:8080", "::1", "[::1]", "[]:8080", "[::1]8080", "http://127.0.0.1:8080"),
    ],
)
def test_whatever_else_to_listen_at_is_refused_with_how_to_write_it(
    monkeypatch: pytest.MonkeyPatch, listen: str
) -> None:
    assert fault_of(monkeypatch, ANSWERABLE_LISTEN=listen) == (
        f"ANSWERABLE_LISTEN: {listen!r} is not HOST:PORT, such as 127.0.0.1:8080 or, for IPv6, "
        "[::1]:8080"
    )


@pytest.mark.parametrize("setting", ["ANSWERABLE_SIGNING_KEY_FILE", "ANSWERABLE_DRAW_KEY_FILE"])
@pytest.mark.parametrize(("value", "example"), [("", "key"), (".", "key"), ("/", "/key")])
def test_a_key_file_that_is_none_is_named_with_an_example(
    monkeypatch: pytest.MonkeyPatch, setting: str, value: str, example: str
) -> None:
    told = fault_of(monkeypatch, **{setting: value})
    assert told == f"{setting} must name a file, such as {example}"


@pytest.mark.parametrize("value", ["http://[", "https://[::1/api/"])
def test_an_address_in_no_parts_is_named(monkeypatch: pytest.MonkeyPatch, value: str) -> None:
    told = fault_of(monkeypatch, SLACK_API_URL=value)
    assert told == f"SLACK_API_URL: {value!r} is no address such as https://slack.com/api/"
    told = fault_of(monkeypatch, **SANDBOX, ANSWERABLE_WITNESS_URL=value)
    assert told.startswith("ANSWERABLE_WITNESS_URL must be the https address")
    assert value not in told, "it is a secret"


@pytest.mark.parametrize("setting", SETTINGS)
@pytest.mark.parametrize("value", ODD)
def test_no_fault_is_told_in_words_of_a_library(
    monkeypatch: pytest.MonkeyPatch, setting: str, value: str
) -> None:
    told = fault_of(monkeypatch, **{setting: value})
    assert not [words for words in OTHERS_WORDS if words in told]
    assert setting in told or not told
    assert len(told) < 300


@pytest.mark.parametrize(
    ("url", "place"),
    [
        ("http://127.0.0.1:9", "127.0.0.1:9"),
        ("https://user:hidden@Proxy.example.org/", "Proxy.example.org"),
        ("user:hidden@proxy:3128", "proxy:3128"),
        ("127.0.0.1:9", "127.0.0.1:9"),
        ("http://user:hid@den@[::1]:3128", "[::1]:3128"),
        ("nonsense::", ""),
        ("http://[bad", ""),
        ("http://user:hid/den@127.0.0.1:9", ""),
        ("http://user:hid#den@127.0.0.1:9", ""),
        ("http://user:hidden", ""),
        ("socks5://user:hidden@127.0.0.1:9", ""),
    ],
)
def test_a_proxy_is_given_by_its_place_and_never_by_its_password(
    monkeypatch: pytest.MonkeyPatch, url: str, place: str
) -> None:
    for name in PROXIES:
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("HTTPS_PROXY", url)
    assert proxies() == {"HTTPS_PROXY": place}


@pytest.mark.parametrize("rate", ["1", "0.5", " 2 ", "1000"])
def test_a_rate_is_what_is_written(monkeypatch: pytest.MonkeyPatch, rate: str) -> None:
    assert fault_of(monkeypatch, ANSWERABLE_CHANNEL_RATE=rate) == ""
    assert read_config().channel_rate == float(rate)
