import re
from datetime import UTC, date, datetime, timedelta, timezone

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.domain.gate import GateState
from bot.rendering.mrkdwn import (
    Literal,
    Mrkdwn,
    channel,
    clip,
    code,
    escape,
    fit,
    literal,
    mention,
    plain,
    prose,
    say,
    size,
    visible,
    when,
)

NOON = datetime(2026, 6, 1, 9, 0, tzinfo=UTC)
TOKEN = re.compile(r"<[^<>]*>|&(?:amp|lt|gt);")


def test_control_characters_of_slack_are_escaped() -> None:
    assert escape("<!channel> & <@U1>") == "&lt;!channel&gt; &amp; &lt;@U1&gt;"


def test_marks_are_shown_but_do_nothing() -> None:
    assert not set("*_~`") & set(escape("*a* _b_ ~c~ `d`"))


@pytest.mark.parametrize("text", [":tada:", ":+1:", "a:b:c:", "https://evil.example"])
def test_an_emoji_or_an_address_stays_text(text: str) -> None:
    assert not re.search(r":[\w+'-]+:|://", escape(text))


def test_a_time_of_day_keeps_its_colon() -> None:
    assert escape("at 09:00 UTC") == "at 09:00 UTC"


def test_a_value_is_one_line_so_that_it_cannot_start_a_quote() -> None:
    assert escape("a\n> b\r\nc") == "a &gt; b c"


@pytest.mark.parametrize(
    ("hidden", "shown"),
    [
        ("a\u202eb", r"a\u202eb"),
        ("a\u200bb", r"a\u200bb"),
        ("a\u2066b", r"a\u2066b"),
        ("a\ufeffb", r"a\ufeffb"),
        ("a\x00b", r"a\u0000b"),
        ("a\ud800b", r"a\ud800b"),
        ("a\U000e0041b", r"a\U000e0041b"),
        ("a\u3164b", r"a\u3164b"),
    ],
)
def test_hidden_characters_are_shown_as_escapes(hidden: str, shown: str) -> None:
    assert escape(hidden) == shown
    assert literal(hidden, 100) == shown


@pytest.mark.parametrize("separator", ["\u2028", "\u2029", "\x1b", "\x85"])
def test_separators_are_escapes_where_lines_are_kept(separator: str) -> None:
    assert literal(f"a{separator}b\n\tc", 100) == f"a\\u{ord(separator):04x}b\n\tc"


def test_a_mention_is_of_a_person_only() -> None:
    assert mention("UADA1") == "<@UADA1>"
    assert mention("") == "nobody"
    assert mention("!channel") == "!channel"
    assert mention("UADA1>\n<!here") == "UADA1&gt; &lt;!here"


def test_prose_shows_a_time_as_any_other_and_what_is_no_time_as_it_is() -> None:
    shown = "<!date^1780304400^{date_short_pretty} at {time}|2026-06-01 09:00 UTC>"
    assert prose("Round 4 was due 2026-06-01 09:00 UTC.") == f"Round 4 was due {shown}."
    for none in ("2026-02-30 09:00 UTC", "12026-06-01 09:00 UTC", "2026-06-01 09:00 UTCs"):
        assert prose(none) == none


def test_a_day_is_written_as_the_days_of_times_are() -> None:
    assert say("By {day}, {plain}.", day=date(2026, 6, 1), plain="2026-06-01") == (
        "By 1 Jun 2026, 2026-06-01."
    )


def test_a_channel_is_of_a_channel_only() -> None:
    assert channel("C1") == "<#C1>"
    assert channel("") == "no channel"
    assert channel("C1|x") == "C1|x"


def test_a_time_is_shown_in_the_readers_zone_with_utc_to_fall_back_on() -> None:
    expected = "<!date^1780304400^{date_short_pretty} at {time}|2026-06-01 09:00 UTC>"
    assert when(NOON) == expected
    assert when(NOON.astimezone(timezone(timedelta(hours=5, minutes=30)))) == expected


def test_a_sentence_escapes_values_and_keeps_markup() -> None:
    said = say(
        "*{who}* {bad} {gate} {n:,} {at} {user:person} {key:code}",
        who=Mrkdwn("<@U1>"),
        bad="<!here>",
        gate=GateState.REVIEW_ALL,
        n=1_240,
        at=NOON,
        user="U2",
        key="a_b`c",
    )
    assert said == f"*<@U1>* &lt;!here&gt; review all 1,240 {when(NOON)} <@U2> `a_b\u02cbc`"


def test_a_sentence_without_its_value_is_an_error() -> None:
    with pytest.raises(KeyError):
        say("{missing}")


def test_braces_of_a_value_are_not_read_again() -> None:
    assert say("{a}", a="{b} {0} {a.__class__}") == "{b} {0} {a.ˍˍclassˍˍ}"


def test_a_value_in_a_sentence_is_cut() -> None:
    assert size(say("{a}", a="<" * 5_000)) <= 200


def test_prose_keeps_commands_of_ours_in_code_and_nothing_else() -> None:
    said = prose("Try `/answerable show key` or `rm -rf` now.")
    assert said == "Try `/answerable show key` or \u02cbrm -rf\u02cb now."
    said = prose("Its `answerable doctor` says so; `answerable; rm -rf` does not.")
    assert said == "Its `answerable doctor` says so; \u02cbanswerable; rm -rf\u02cb does not."
    said = prose("Type `/invite @Answerable` there, not `/invite @channel`.")
    assert said == "Type `/invite @Answerable` there, not \u02cb/invite @channel\u02cb."


def test_prose_keeps_names_letter_by_letter_so_that_they_can_be_typed_back() -> None:
    assert prose("No value of latency_p95 came (eu_west_1).") == (
        "No value of `latency_p95` came (`eu_west_1`)."
    )
    assert prose("Set `ANSWERABLE_ADMINS`, not `x_y`z.") == ("Set `ANSWERABLE_ADMINS`, not `x_y`z.")
    assert prose("_a_ b_c_ __d__") == "ˍaˍ bˍcˍ ˍˍdˍˍ"


@pytest.mark.parametrize("text", ["*.example.com", "a_b ~c~ `d` & e"])
def test_plain_text_has_every_mark_as_it_is_typed(text: str) -> None:
    assert plain(text, 100) == text
    assert plain(say("{text}", text=text), 100) == text


@given(st.text(), st.integers(min_value=1, max_value=60))
def test_i11_plain_text_mentions_nobody_and_hides_nothing(text: str, most: int) -> None:
    shown = plain(text, most)
    assert size(shown) <= most
    assert not set("<>") & set(shown)
    assert visible(shown) == shown


def test_code_is_never_empty() -> None:
    assert code("") == "` `"


@given(st.text(), st.integers(min_value=1, max_value=60))
def test_a_fitted_text_fits_and_cuts_no_escape_in_two(text: str, most: int) -> None:
    fitted = fit(text, most)
    assert size(fitted) <= most
    assert "&" not in TOKEN.sub("", fitted)


PIECES = st.lists(st.sampled_from(["<@U1>", "<!x|a&amp;b>", "&amp;", "a", "\U0001d4b3"]))


@given(PIECES, st.integers(1, 40))
def test_as_much_is_kept_as_fits_with_the_ellipsis(pieces: list[str], most: int) -> None:
    fitting = max(n for n in range(len(pieces) + 1) if size("".join(pieces[:n])) < most)
    whole, kept = "".join(pieces), "".join(pieces[:fitting])
    assert clip(Mrkdwn(whole), most) == (whole if size(whole) <= most else f"{kept}…")


@given(PIECES, st.integers(1, 40))
def test_a_token_is_kept_whole_or_not_at_all(pieces: list[str], most: int) -> None:
    clipped = clip(Mrkdwn("".join(pieces)), most)
    assert size(clipped) <= most
    rest = TOKEN.sub("", clipped)
    assert not set("<>&") & set(rest)


@given(st.text(), st.integers(min_value=1, max_value=60))
def test_a_literal_fits_and_has_nothing_hidden(text: str, most: int) -> None:
    cut = literal(text, most)
    assert isinstance(cut, Literal)
    assert size(cut) <= most
    assert visible(cut, keep="\n\t") == cut


@pytest.mark.parametrize(("text", "expected"), [("", 0), ("é", 1), ("\U0001d4b3", 2)])
def test_a_length_counts_utf16_code_units(text: str, expected: int) -> None:
    assert size(text) == expected


@given(st.text())
def test_what_is_visible_stays_as_it_is(text: str) -> None:
    assert visible(visible(text)) == visible(text)
