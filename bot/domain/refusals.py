"""What a person is told when the answer is no."""

from collections.abc import Mapping

from bot.domain.proof import Proof


class Refused(Exception):  # noqa: N818 -- the word of the product
    """A rule says no; the sentence says what happened and what to do, and is shown to the person.

    `rule` names the rule for the record. Raised inside a unit of work it is recorded there. In a
    form the sentence stands under `field`, or under the first one if it is about no field.
    """

    def __init__(self, rule: str, sentence: str, *, on: str = "", field: str = "") -> None:
        super().__init__(sentence)
        self.rule = rule
        self.sentence = sentence
        self.on = on
        self.field = field


class Invalid(Exception):  # noqa: N818 -- a finding about input, not a fault of the program
    """Input that cannot be taken: a sentence for each field, shown there and not recorded."""

    def __init__(self, errors: Mapping[str, str]) -> None:
        super().__init__("; ".join(f"{field}: {sentence}" for field, sentence in errors.items()))
        self.errors = dict(errors)


class Busy(Exception):  # noqa: N818 -- a state of the store, not a fault of the program
    """The store could not be written in time; nothing was recorded and trying again is safe."""


class Repeated(Exception):  # noqa: N818 -- a repeated delivery is no fault
    """This very delivery was carried out before, as `proof` shows; nothing was done now."""

    def __init__(self, proof: Proof) -> None:
        super().__init__(f"already recorded as #{proof.number}")
        self.proof = proof


def unknown_workflow(key: str) -> Refused:
    """Refuse a key that no workflow has. What was typed is said back and not recorded."""
    return Refused(
        "unknown workflow",
        f"There is no workflow “{key}”. `/answerable list` shows the registered ones.",
    )
