"""The exact bytes of entries, and the commitments in them."""

import json
import re
from base64 import b64encode
from dataclasses import replace
from hashlib import sha256
from hmac import digest

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.domain.record import (
    MAX_BODY,
    Entry,
    Kind,
    body,
    canonical,
    commit,
    entry_of,
    parse,
    parse_canonical,
)

ENTRY = Entry(
    v=1,
    seq=7,
    log="answerable/T1",
    id="id-7",
    ts="2026-11-02T08:00:00.000000Z",
    kind=Kind.VERDICT_RECORDED,
    actor="person-a",
    role="owner",
    on="round/triage/1",
    prior=None,
    policy=2,
    app="0.1.0",
    facts={"verdict": "wrong", "drawn": ["b", "a"], "late": False, "n": 3, "why": None},
)
BODY = (
    b'{"actor":"person-a","app":"0.1.0","facts":{"drawn":["b","a"],"late":false,"n":3,'
    b'"verdict":"wrong","why":null},"id":"id-7","kind":"verdict.recorded","log":"answerable/T1",'
    b'"on":"round/triage/1","policy":2,"prior":null,"role":"owner","seq":7,'
    b'"ts":"2026-11-02T08:00:00.000000Z","v":1}'
)

text = st.text(st.characters(exclude_categories=["Cs"]))
scalars = st.none() | st.booleans() | text | st.integers(-(2**53) + 1, 2**53 - 1)
keys = st.text(st.characters(max_codepoint=127), max_size=8)
values = st.recursive(
    scalars, lambda inner: st.lists(inner) | st.dictionaries(keys, inner), max_leaves=8
)


def test_an_entry_has_these_bytes_for_ever() -> None:
    assert body(ENTRY) == BODY
    assert parse(BODY) == ENTRY


@given(facts=st.dictionaries(keys, values, max_size=4))
def test_an_entry_comes_back_from_its_bytes(facts: dict[str, object]) -> None:
    entry = replace(ENTRY, facts=facts)

    assert parse(body(entry)) == entry_of(body(entry)) == entry


@given(values)
def test_a_value_has_one_spelling(value: object) -> None:
    spelled = canonical(value)

    assert parse_canonical(spelled) == value
    assert canonical(parse_canonical(spelled)) == spelled


@pytest.mark.parametrize(
    "fact",
    [
        0.5,
        float("nan"),
        2**53,
        -(2**53),
        "\ud800",
        {"ü": 1},
        {1: "one"},
        {"a", "b"},
        b"bytes",
        [[[[[[[[["too deep"]]]]]]]]],
    ],
)
def test_what_readers_could_read_differently_is_refused(fact: object) -> None:
    with pytest.raises(ValueError, match=r".+"):
        body(replace(ENTRY, facts={"fact": fact}))


@pytest.mark.parametrize(
    "changed",
    [
        {"v": 2},
        {"v": True},
        {"seq": -1},
        {"seq": True},
        {"prior": -1},
        {"policy": "1"},
        {"log": ""},
        {"id": ""},
        {"actor": ""},
        {"on": None},
        {"ts": "2026-11-02T08:00:00Z"},
        {"ts": "2026-11-02T08:00:00.000000+00:00"},
        {"facts": ["no", "object"]},
    ],
)
def test_an_entry_of_another_shape_is_refused(changed: dict[str, object]) -> None:
    spoiled = {**json.loads(BODY), **changed}

    with pytest.raises(ValueError, match=r".+"):
        parse(canonical(spoiled))
    with pytest.raises(ValueError, match=r".+"):
        body(replace(ENTRY, **changed))


@pytest.mark.parametrize(
    "spoiled",
    [
        BODY.replace(b'"v":1', b'"v":2'),
        BODY.replace(b'"v":1', b'"v":1.0'),
        BODY.replace(b'"seq":7', b'"seq":7,"seq":7'),
        BODY.replace(b'"seq":7', b'"seq": 7'),
        BODY.replace(b'"n":3', b'"n":-0'),
        BODY.replace(b"owner", rb"\u006fwner"),
        BODY.replace(b',"v":1', b""),
        BODY.replace(b'"v":1', b'"v":1,"w":1'),
        BODY.replace(b"verdict.recorded", b"verdict.invented"),
        BODY + b" ",
        b"\xef\xbb\xbf" + BODY,
        b"\xff",
        b"[]",
        canonical(sorted(json.loads(BODY))),
        b"[" * 60_000,
        BODY.replace(b'"verdict":"wrong"', b'"verdict":"' + b"w" * MAX_BODY + b'"'),
    ],
)
def test_bytes_that_the_product_would_not_write_are_no_entry(spoiled: bytes) -> None:
    with pytest.raises(ValueError, match=r".+"):
        parse(spoiled)


def test_an_entry_too_large_for_the_log_is_refused() -> None:
    with pytest.raises(ValueError, match="at most 65535"):
        body(replace(ENTRY, facts={"text": "w" * MAX_BODY}))


def test_every_kind_is_a_noun_and_a_verb_or_a_refusal() -> None:
    kinds = [str(kind) for kind in Kind if kind is not Kind.REFUSED]

    assert all(re.fullmatch(r"[a-z]+(_[a-z]+)?\.[a-z]+(_[a-z]+)?", kind) for kind in kinds)


@given(st.binary(min_size=32, max_size=32), text)
def test_a_commitment_is_to_one_value_under_one_salt(salt: bytes, value: str) -> None:
    committed = commit(salt, value)

    assert committed == b64encode(digest(salt, value.encode(), sha256)).decode()
    assert commit(salt, value + "x") != committed
