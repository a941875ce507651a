"""What a person is told when the answer is no."""

import pytest

from bot.domain.refusals import UnknownWorkflow


@pytest.mark.parametrize(
    ("typed", "meant"),
    [
        ("claims it sends the wrong letters", "Did you mean claims? Type the key alone."),
        ("claims letters", "Did you mean claims? Type the key alone."),
        ("claim", "Did you mean claims?"),
        ("“claims”", "Did you mean claims?"),
        ("nothing-like-it", ""),
        ("", ""),
    ],
)
def test_a_key_that_no_workflow_has_is_told_with_the_one_that_is_like_it(
    typed: str, meant: str
) -> None:
    refused = UnknownWorkflow(typed, ["claims", "invoices"])

    hint = f" {meant}" if meant else ""
    assert refused.sentence == (
        f"There is no workflow “{typed}”.{hint} `/answerable list` shows the registered ones."
    )


def test_of_a_key_that_is_too_long_for_one_only_the_beginning_is_said_back() -> None:
    refused = UnknownWorkflow("x" * 3_000, ["claims"])

    assert f"“{'x' * 63}…”" in refused.sentence
    assert len(refused.sentence) < 200
