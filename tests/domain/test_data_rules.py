"""What of an output may be kept, and what may leave for Slack."""

from dataclasses import replace
from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.domain.data_rules import (
    MASKS,
    DataRules,
    blanked,
    is_link,
    leaving,
    read_hosts,
    read_masks,
    taken,
    text_fault,
)
from bot.domain.outputs import Output

ANY = DataRules(link_only=False, max_text=2_000, masks=(), link_hosts=())


def output(text: str = "", **more: str) -> Output:
    return Output("o-1", datetime(2026, 6, 1, tzinfo=UTC), text=text, **more)


@pytest.mark.parametrize(
    ("mask", "text", "left"),
    [
        ("email", "Write to ana.b+x@mail.example.com, please.", "Write to ▒▒▒, please."),
        ("email", "a@b and @home stay", "a@b and @home stay"),
        ("iban", "Pay to DE89 3704 0044 0532 0130 00 today", "Pay to ▒▒▒ today"),
        ("iban", "GB33BUKB20201555555555.", "▒▒▒."),
        ("iban", "AB12 is a gate", "AB12 is a gate"),
        ("card", "card 4111 1111 1111 1111!", "card ▒▒▒!"),
        ("card", "order 4111 1111 1111 1112", "order 4111 1111 1111 1112"),
        ("card", "4111 1111 1111 1111 123", "▒▒▒ 123"),
        ("card", "4111111111111111 12/27", "▒▒▒ 12/27"),
        ("card", "order 12-4111-1111-1111-1111, 2 3782 822463 10005", "order 12-▒▒▒, 2 ▒▒▒"),
        ("iban", "pay de89 3704 0044 0532 0130 00 now", "pay ▒▒▒ now"),
        (
            "iban",
            "so19 that this case word four time here",
            "so19 that this case word four time here",
        ),
        ("email", "john@exam\u200bple.com", "▒▒▒"),
        ("phone", "call +44 20 7946 0958 or (555) 234-5678", "call ▒▒▒ or ▒▒▒"),
        ("phone", "call 020 7946 0958", "call ▒▒▒"),
        (
            "phone",
            "on 2026-11-21 at 10:30, 1,234,567 times",
            "on 2026-11-21 at 10:30, 1,234,567 times",
        ),
        (
            "ORD-######",
            "ORD-123456, ord-654321, ORD-1234567",
            "▒▒▒, ▒▒▒, ORD-1234567",
        ),
        ("@@-##", "éa-12 but not 1a-12", "▒▒▒ but not 1a-12"),
        ("cust:*", "cust:a9Z cust: x", "▒▒▒ cust: x"),
        ("(##)", "(12)", "▒▒▒"),
    ],
)
def test_what_a_mask_fits_is_blanked_and_nothing_else(mask: str, text: str, left: str) -> None:
    assert blanked(text, (mask,)) == left


@given(
    st.text("aZé019@.+-() ", max_size=120),
    st.lists(st.sampled_from([*MASKS, "A-##", "@*"]), max_size=4),
)
def test_what_was_blanked_once_stays_as_it_is(text: str, masks: list[str]) -> None:
    once = blanked(text, masks)
    assert blanked(once, masks) == once


@pytest.mark.parametrize("mask", [*MASKS, "#" * 60, "@*", "a*#", "*@@@@@@"])
@pytest.mark.parametrize("piece", ["a", "1", "a.", "+1 ", "A1", "1-", "é", "@", "a@a."])
def test_no_text_keeps_a_mask_busy_for_ever(mask: str, piece: str) -> None:
    """With a repetition in a repetition, a text of this length would outlast everybody here."""
    assert isinstance(blanked(piece * 2_000, (mask,)), str)


def test_what_is_kept_is_blanked_and_what_leaves_follows_the_rules_of_now() -> None:
    asked = output("Mail ana@example.com about it", url="https://a.example/1")
    strict = DataRules(link_only=False, max_text=8, masks=("email",), link_hosts=())
    assert taken(asked, strict).text == "Mail ▒▒▒ about it"
    assert leaving(asked, strict).output.text == "Mail ▒▒▒"
    gone = DataRules(link_only=True, max_text=12, masks=(), link_hosts=())
    assert leaving(asked, gone).output == output("", url="https://a.example/1")
    assert leaving(asked, ANY).output == asked
    linked = replace(ANY, link_hosts=("a.example",))
    assert (leaving(asked, ANY).is_link, leaving(asked, linked).is_link) == (False, True)


def test_a_workflow_of_links_takes_no_text() -> None:
    rules = DataRules(link_only=True, max_text=2_000, masks=(), link_hosts=())
    assert "send url or digest alone" in text_fault(output("x"), rules)
    assert text_fault(output(url="https://a.example"), rules) == ""
    assert "the policy allows 2,000" in text_fault(output("x" * 2_001), ANY)


@pytest.mark.parametrize(
    ("url", "is_one"),
    [
        ("https://crm.example.com/case/1", True),
        ("http://CRM.example.com:8080/", True),
        ("https://a.wiki.example.com/", True),
        ("https://wiki.example.com/", False),
        ("https://crm.example.com.evil.test/", False),
        ("https://evilcrm.example.com/", False),
        ("https://crm.example.com@evil.test/", False),
        ("https://evil.test@crm.example.com/", False),
        ("https://evil.test\\@crm.example.com/", False),
        ("javascript://crm.example.com/%0aalert(1)", False),
        ("https://[crm.example.com/", False),
        ("https://crm.example.com/<!channel>", False),
        ("https://crm.example.com/\u202e", False),
        ("", False),
    ],
)
def test_i11_only_a_host_of_the_list_is_linked(url: str, *, is_one: bool) -> None:
    assert is_link(url, ("crm.example.com", "*.wiki.example.com")) is is_one


def test_what_people_write_is_read_line_by_line() -> None:
    assert read_masks(" Email\n\nORD-######\nemail\n") == ("email", "ORD-######")
    assert read_masks("") == ()
    assert read_hosts("CRM.example.com\n*.example.org") == ("crm.example.com", "*.example.org")


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("names", "or a shape such as"),
        ("*", "every word"),
        ("-*", "every word"),
        ("a*b*", "at most one *"),
        ("#" * 61, "at most 60"),
        ("\n".join(f"A-{n}#" for n in range(11)), "At most 10 lines"),
        ("a\u202e#", "cannot be seen"),
    ],
)
def test_a_mask_that_cannot_be_is_refused_with_its_line(text: str, words: str) -> None:
    with pytest.raises(ValueError, match=words.replace("*", r"\*")):
        read_masks(text)


@pytest.mark.parametrize("host", ["https://a.example", "localhost", "*", "*.com.", "a..b", "a b.c"])
def test_a_host_that_cannot_be_is_refused(host: str) -> None:
    with pytest.raises(ValueError, match="is no host"):
        read_hosts(host)
