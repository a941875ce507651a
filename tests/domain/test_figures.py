"""Numbers from outside: exact, in one spelling, or refused."""

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.domain.figures import MAX_PLACES, counted, figure_text, read_figure


@pytest.mark.parametrize(
    ("text", "spelled"),
    [
        ("0", "0"),
        ("-0.00", "0"),
        ("0e99", "0"),
        ("12.50", "12.5"),
        ("+007", "7"),
        ("1e3", "1000"),
        ("1200", "1200"),
        ("0.30000000000000004", "0.30000000000000004"),
        ("-2.5E-3", "-0.0025"),
        ("5.", "5"),
        ("1e-30", "0." + 29 * "0" + "1"),
        ("9.9999999999999999e29", "99999999999999999" + 13 * "0"),
    ],
)
def test_a_number_has_one_spelling(text: str, spelled: str) -> None:
    assert figure_text(read_figure(text)) == spelled


@pytest.mark.parametrize(
    "text",
    ["", " 1", "1 ", "1,5", "1_000", ".5", "NaN", "Infinity", "-inf", "0x10", "1e", "٣", "--1",
     "1e30", "9e-31", "1e99999", "123456789012345678", "0." + "1" * 18, "1" * 61, "0" * 61],
)  # fmt: skip
def test_what_is_no_number_or_beyond_all_sense_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match="must be a number of at most 17 significant digits"):
        read_figure(text)


@given(st.floats(allow_nan=False, allow_infinity=False))
def test_every_float_of_a_sane_size_is_taken_exactly(number: float) -> None:
    if number and not 10.0**-MAX_PLACES <= abs(number) < 10.0**MAX_PLACES:
        return
    assert read_figure(repr(number)) == Decimal(repr(number))


@given(
    st.decimals(allow_nan=False, allow_infinity=False, places=9, min_value=-9999, max_value=9999)
)
def test_the_spelling_is_read_as_the_same_number(number: Decimal) -> None:
    read = read_figure(f"{number:f}")
    assert read == number
    assert read_figure(figure_text(read)) == read
    assert figure_text(read_figure(figure_text(read))) == figure_text(read)


def test_one_of_a_thing_is_not_told_as_several() -> None:
    assert [counted(number, "output") for number in (0, 1, 2_000)] == [
        "0 outputs",
        "1 output",
        "2,000 outputs",
    ]
    assert [counted(number, "entry", "entries") for number in (1, 44)] == ["1 entry", "44 entries"]
