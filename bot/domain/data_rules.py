"""What of an output may be kept and may leave for Slack: a policy's rules about data."""

import re
from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass, replace
from typing import Final
from urllib.parse import urlsplit

from bot.domain.lookalikes import foreign_letter, lookalike
from bot.domain.outputs import Output

MAX_MASKS: Final = 10
MAX_MASK: Final = 60
MAX_HOSTS: Final = 20
BLANK: Final = "▒▒▒"  # nothing that a mask fits
_HOST: Final = re.compile(r"(?:\*\.)?(?:[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?\.)+[a-z0-9-]{2,63}")
_LETTER: Final = "[^\\W\\d_]"
_OF_SHAPE: Final = {"#": "[0-9]", "@": _LETTER, "*": "[^\\W_]{1,64}"}


@dataclass(frozen=True, slots=True)
class DataRules:
    """What may be kept of an output and be shown in Slack.

    With `link_only` no text is taken at all. `masks` name what is blanked in a text: one of
    `MASKS`, or a shape in which `#` stands for a digit, `@` for a letter and `*` for a run of
    letters and digits. `link_hosts` are the hosts to which an output's address is a link; any other
    address is shown as the text it is.
    """

    link_only: bool
    max_text: int
    masks: tuple[str, ...]
    link_hosts: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Leaving:
    """An output as it may be shown, and whether its address may be a link."""

    output: Output
    is_link: bool


def taken(output: Output, rules: DataRules) -> Output:
    """Give the output as it is kept: its text blanked where a mask fits."""
    return replace(output, text=blanked(output.text, rules.masks))


def leaving(output: Output, rules: DataRules) -> Leaving:
    """Give what of an output may leave for Slack now, whatever was allowed when it was taken."""
    text = "" if rules.link_only else blanked(output.text, rules.masks)[: rules.max_text]
    return Leaving(replace(output, text=text), is_link(output.url, rules.link_hosts))


def text_fault(output: Output, rules: DataRules) -> str:
    """Give a sentence if the text of this output may not be taken, else an empty string."""
    if output.text and rules.link_only:
        return "text is not taken for this workflow: send url or digest alone"
    if len(output.text) > rules.max_text:
        return f"text has {len(output.text):,} characters; the policy allows {rules.max_text:,}"
    return ""


def is_link(url: str, hosts: Collection[str]) -> bool:
    """Tell whether an address leads, without a user or a hidden host, to a host of the list."""
    try:
        parts = urlsplit(url)
        host = (parts.hostname or "").lower()
    except ValueError:
        return False
    is_plain = url.isascii() and url.isprintable() and not set(url) & set(' "<>\\|')
    if parts.scheme not in {"https", "http"} or "@" in parts.netloc or not is_plain:
        return False
    return any(_is_on(host, each) for each in hosts)


def read_masks(text: str) -> tuple[str, ...]:
    """Give what people wrote as masks, one a line. Raises ValueError with what is wrong."""
    masks = dict.fromkeys(_named(line) for line in _lines(text))
    if len(masks) > MAX_MASKS:
        raise ValueError(f"At most {MAX_MASKS} lines.")
    for mask in masks:
        if mask not in MASKS and (fault := _mistaken(mask) or _shape_fault(mask)):
            raise ValueError(f"“{mask}”: {fault}")
    return tuple(masks)


def read_hosts(text: str) -> tuple[str, ...]:
    """Give what people wrote as hosts, one a line. Raises ValueError with what is wrong."""
    hosts = tuple(line.casefold() for line in _lines(text))
    if len(hosts) > MAX_HOSTS:
        raise ValueError(f"At most {MAX_HOSTS} lines.")
    for host in hosts:
        if not _HOST.fullmatch(host):
            odd = foreign_letter(host)
            how = f"“{host}” is no host: write crm.example.com, or *.example.com."
            raise ValueError(f"{how} {odd}".strip())
    return hosts


def blanked(text: str, masks: Sequence[str]) -> str:
    """Give the text with everything blanked that a mask fits, so that none fits any more.

    Characters that only hide something from a mask are taken out, if there is any mask.
    """
    if masks:
        text = text.translate(_HIDING)
    while (after := _blanked_once(text, masks)) != text:
        text = after
    return text


def _blanked_once(text: str, masks: Sequence[str]) -> str:
    for mask in masks:
        text = MASKS[mask](text) if mask in MASKS else _shape(mask).sub(BLANK, text)
    return text


def _lines(text: str) -> tuple[str, ...]:
    return tuple(dict.fromkeys(line.strip() for line in text.splitlines() if line.strip()))


def _is_on(host: str, allowed: str) -> bool:
    if allowed.startswith("*."):
        return host.endswith(allowed[1:])
    return host == allowed


def _named(line: str) -> str:
    return line.casefold() if line.casefold() in MASKS else line


def _shape_fault(mask: str) -> str:
    if len(mask) > MAX_MASK:
        return f"at most {MAX_MASK} characters."
    if not mask.isprintable():
        return "it holds a character that cannot be seen."
    if not any(letter in _OF_SHAPE for letter in mask):
        return f"write {', '.join(MASKS)}, or a shape such as ORD-###### (# digit, @ letter)."
    if mask.count("*") > 1:
        return "at most one * in a line."
    if not any(letter.isalnum() or letter in "#@" for letter in mask):
        return "it would blank every word."
    return ""


def _mistaken(mask: str) -> str:
    odd = lookalike(mask)
    return f"it would find nothing that is meant. {odd}" if odd else ""


def _shape(mask: str) -> re.Pattern[str]:
    inner = "".join(_OF_SHAPE.get(letter) or re.escape(letter) for letter in mask)
    return re.compile(rf"(?<![^\W_]){inner}(?![^\W_])", re.IGNORECASE)


def _all(pattern: str) -> Callable[[str], str]:
    compiled = re.compile(pattern)
    return lambda text: compiled.sub(BLANK, text)


def _ibans(text: str) -> str:
    """Blank what looks like one, and in small letters what is one by its check digits."""
    return _SMALL_IBAN.sub(_without_iban, _IBAN.sub(BLANK, text))


def _without_iban(found: re.Match[str]) -> str:
    written = found[0]
    ends = (len(written), *(gap.start() for gap in reversed([*re.finditer(" ", written)])))
    end = next((end for end in ends if _is_iban(written[:end])), 0)
    return BLANK + written[end:] if end else written


def _is_iban(written: str) -> bool:
    """Tell whether length and check digits are right (ISO 13616-1, ISO/IEC 7064 MOD 97-10)."""
    plain = written.replace(" ", "")
    turned = plain[4:] + plain[:4]
    return 15 <= len(plain) <= 34 and int("".join(str(int(c, 36)) for c in turned)) % 97 == 1  # noqa: PLR2004


def _cards(text: str) -> str:
    for pattern in _CARDS:
        text = pattern.sub(lambda found: BLANK if _is_card(found[0]) else found[0], text)
    return text


def _is_card(written: str) -> bool:
    """Tell whether the check digit is right (ISO/IEC 7812-1, annex B)."""
    digits = [int(letter) for letter in written if letter.isdigit()]
    doubled = (sum(divmod(2 * digit, 10)) for digit in digits[-2::-2])
    return (sum(digits[-1::-2]) + sum(doubled)) % 10 == 0


_HIDING: Final = dict.fromkeys(map(ord, "\u00ad\u200b\u2060\ufeff"))
_IBAN: Final = re.compile(
    r"(?<![A-Za-z0-9])[A-Z]{2}[0-9]{2}(?: ?[A-Z0-9]{4}){2,7}(?: ?[A-Z0-9]{1,4})?(?![A-Za-z0-9])"
)
_SMALL_IBAN: Final = re.compile(
    r"(?<![A-Za-z0-9])[A-Za-z]{2}[0-9]{2}(?: ?[A-Za-z0-9]{1,4}){3,9}(?![A-Za-z0-9])"
)
# As cards are written, the longer way first: what stands beside one must not hide it.
_CARDS: Final = tuple(
    re.compile(rf"(?<![0-9]){written}(?![0-9])")
    for written in (
        r"[0-9]{4}([ -])[0-9]{4}\1[0-9]{4}\1[0-9]{4}\1[0-9]{3}",
        r"[0-9]{4}([ -])[0-9]{4}\1[0-9]{4}\1[0-9]{4}",
        r"[0-9]{4}([ -])[0-9]{6}\1[0-9]{4,5}",
        r"[0-9]{13,19}",
    )
)
# What has a shape of its own. Every repetition is bounded: no text makes one of these slow.
MASKS: Final[dict[str, Callable[[str], str]]] = {
    "email": _all(r"(?<![\w.+%-])[\w.+%-]{1,64}@[\w-]{1,63}(?:\.[\w-]{1,63}){1,8}"),
    "iban": _ibans,
    "card": _cards,
    "phone": _all(
        r"(?<![\w+])(?:\+|\(?0)[0-9]{0,3}(?:[ ()/.-]{0,2}[0-9]){6,14}(?![0-9])"
        r"|(?<![\w+-])\(?[2-9][0-9]{2}\)?[ .-]{1,2}[0-9]{3}[ .-][0-9]{4}(?![0-9])"
    ),
}
