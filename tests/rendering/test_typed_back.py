"""What a form shows to be typed can be typed: letter by letter as it stands there."""

import re
from dataclasses import replace

import pytest

from bot.domain.cadences import read_cadence
from bot.domain.data_rules import blanked, read_hosts, read_masks
from bot.domain.limits import read_limits
from bot.rendering.render import home, message, modal
from bot.rendering.views import Notice
from tests.rendering.judge import Json, objects, texts
from tests.rendering.samples import MESSAGES, MODALS, OPEN_BREACH
from tests.rendering.test_home import HOMES

LOOK_ALIKES = set("\u2217\u02cd\u223c\u02cb\u2039\u203a")


def hint(name: str) -> str:
    [block] = [
        each for each in modal(MODALS["register form"])["blocks"] if each["block_id"] == name
    ]
    return str(block["hint"]["text"])


def plain_texts(shown: object) -> str:
    return "".join(texts(shown, "plain_text"))


@pytest.mark.parametrize("name", [*MESSAGES, *MODALS, *HOMES])
def test_no_plain_text_of_ours_has_a_look_alike(name: str) -> None:
    shown: list[Json] = [
        *(message(MESSAGES[name]).blocks if name in MESSAGES else []),
        *([modal(MODALS[name])] if name in MODALS else []),
        *([home(HOMES[name])] if name in HOMES else []),
    ]
    found = plain_texts(shown)
    assert not LOOK_ALIKES & set(found)
    assert not re.search("&(amp|lt|gt);", found)


def test_a_mask_as_the_form_shows_it_blanks_what_it_says() -> None:
    shown = hint("masks")
    assert "* letters and digits" in shown
    shape = re.search(r"ORD-#+", shown)
    assert shape is not None
    masks = read_masks(f"{shape[0]}\nCASE-*")
    assert blanked("ORD-123456 and CASE-a1", masks) == "▒▒▒ and ▒▒▒"


def test_limits_as_the_form_shows_them_are_understood() -> None:
    shown = hint("limits").partition("Such as: ")[2].partition(". Without")[0]
    assert [each.name for each in read_limits(shown.replace(" · ", "\n"))] == [
        *("latency_p95", "volume_eu")
    ]


def test_hosts_and_rhythms_as_the_form_shows_them_are_understood() -> None:
    named = hint("link_hosts").partition("such as ")[2].partition(". Any")[0]
    assert read_hosts(named.replace(" or ", "\n")) == ("crm.example.com", "*.example.com")
    rhythms = hint("cadence").partition("Such as: ")[2].partition(". Five")[0].split(" · ")
    assert all(read_cadence(each).rule for each in rhythms)


def test_names_in_sentences_stand_in_code() -> None:
    named = "No value of latency_p95 was reported."
    card = message(replace(OPEN_BREACH, detail=named))
    assert "`latency_p95`" in card.text
    assert any("`latency_p95`" in text for text in texts(card.blocks, "mrkdwn"))
    notice = message(Notice("latency_p95 at most 2.5 every hour."))
    assert "`latency_p95` at most 2.5" in str(list(objects(notice.blocks)))
