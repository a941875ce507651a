"""Checkpoints, keys and proofs in the formats of C2SP, held to its published examples."""

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat
from hypothesis import given
from hypothesis import strategies as st

from bot.domain import notes

# The example of Go's package sumdb/note.
VKEY = "example.com/foo+530d903a+AekyeRrm56hApGFkyQR4ZCbV54Id2LKaANYcrnKv3U2k"
SIGNED = (
    "This is an example message.\n\n— example.com/foo "
    "Uw2QOkn8srV1yJGh2VYRlL1Tnagv1YEq6TfXppzi2ONncAlTgK7Ztg1ERYNZXsYjOBH3mFXmRKuwHjG1Yu72IneyaQM=\n"
)
# The example of the page tlog-checkpoint.
CHECKPOINT = "example.com/behind-the-sofa\n20852163\nCsUYapGGPo4dkMgIAUqom/Xajj7h2fB2MPA3j2jxq2I=\n"
PRIVATE = Ed25519PrivateKey.from_private_bytes(bytes(range(32)))
PUBLIC = PRIVATE.public_key().public_bytes(Encoding.Raw, PublicFormat.Raw)
ROOT = bytes(range(32))


def test_a_published_note_and_its_key_are_read() -> None:
    key, note = notes.parse_vkey(VKEY), notes.parse_note(SIGNED)
    (signature,) = note.signatures

    assert (signature.name, signature.key_id) == (key.name, notes.key_id(key.name, key.public_key))
    public_key = Ed25519PublicKey.from_public_bytes(key.public_key)
    public_key.verify(signature.signature, note.text.encode())
    assert notes.vkey(key.name, key.public_key) == VKEY


def test_a_published_checkpoint_is_read_and_written() -> None:
    head = notes.parse_checkpoint(CHECKPOINT)

    assert (head.origin, head.size) == ("example.com/behind-the-sofa", 20_852_163)
    assert notes.checkpoint_text(head.origin, head.size, head.root) == CHECKPOINT


@given(size=st.integers(0, 2**60), root=st.binary(min_size=32, max_size=32))
def test_a_signed_checkpoint_says_what_was_signed(size: int, root: bytes) -> None:
    text = notes.checkpoint_text("answerable/T1", size, root)
    note = notes.parse_note(notes.sign_note(text, "answerable/T1", PUBLIC, PRIVATE.sign))

    assert note.text == text
    assert notes.parse_checkpoint(note.text) == notes.TreeHead("answerable/T1", size, root)
    PRIVATE.public_key().verify(note.signatures[0].signature, text.encode())


def test_a_note_may_hold_empty_lines_and_several_signatures() -> None:
    note = notes.sign_note("one\n\ntwo\n", "a", PUBLIC, PRIVATE.sign)
    signed_twice = note + note.rpartition("\n\n")[2]

    assert notes.parse_note(signed_twice).text == "one\n\ntwo\n"
    assert len(notes.parse_note(signed_twice).signatures) == 2


@pytest.mark.parametrize(
    "spoiled",
    [
        SIGNED.replace("—", "-"),
        SIGNED.replace("\n\n", "\n"),
        SIGNED[:-1],
        SIGNED.replace("example.com/foo", "example.com foo"),
        SIGNED.replace("an example", "an\texample"),
        SIGNED.replace("example.com", "example+com"),
        SIGNED.replace("— ", ""),
        SIGNED.rpartition("\n\n")[2],
        SIGNED.replace("aQM=", "aQN="),
        SIGNED.replace("aQM=", "aQM"),
        SIGNED.partition("—")[0],
        SIGNED.partition("—")[0] + "— example.com/foo Uw2QOg==\n",
        SIGNED + SIGNED.rpartition("\n\n")[2] * notes.MAX_SIGNATURES,
    ],
)
def test_what_is_no_signed_note_is_refused(spoiled: str) -> None:
    with pytest.raises(ValueError, match=r".+"):
        notes.parse_note(spoiled)


@pytest.mark.parametrize(
    "spoiled",
    [
        CHECKPOINT.replace("20852163", "020852163"),
        CHECKPOINT.replace("20852163", "+20852163"),
        CHECKPOINT.replace("20852163", "-1"),
        CHECKPOINT.replace("20852163", "\N{ARABIC-INDIC DIGIT TWO}"),
        CHECKPOINT.replace("q2I=", "q2J="),
        CHECKPOINT.replace("CsUY", ""),
        CHECKPOINT.replace("example.com", "exam ple.com"),
        CHECKPOINT + "an extension\n",
        CHECKPOINT + "\n",
        CHECKPOINT[:-1],
        "\n0\n" + CHECKPOINT.split("\n")[2] + "\n",
        "",
    ],
)
def test_a_checkpoint_has_one_spelling(spoiled: str) -> None:
    with pytest.raises(ValueError, match=r".+"):
        notes.parse_checkpoint(spoiled)


@pytest.mark.parametrize(
    "spoiled",
    [
        VKEY.replace("530d903a", "530d903b"),
        VKEY.replace("530d903a", "530D903A"),
        VKEY.replace("foo", "bar"),
        VKEY.replace("+Ae", "+Be"),
        VKEY[:-4],
        "example.com/foo",
        "",
    ],
)
def test_what_is_no_verifier_key_is_refused(spoiled: str) -> None:
    with pytest.raises(ValueError, match=r".+"):
        notes.parse_vkey(spoiled)


@pytest.mark.parametrize(
    "name", ["", "with space", "with+plus", "with\u00a0space", "line\n", "bell\a"]
)
def test_a_key_or_log_needs_a_name_that_a_note_can_hold(name: str) -> None:
    with pytest.raises(ValueError, match="cannot name"):
        notes.checkpoint_text(name, 1, ROOT)
    with pytest.raises(ValueError, match="cannot name"):
        notes.vkey(name, PUBLIC)


def test_what_cannot_be_signed_is_refused() -> None:
    with pytest.raises(ValueError, match="newline"):
        notes.sign_note("no end", "a", PUBLIC, PRIVATE.sign)
    with pytest.raises(ValueError, match="32 bytes"):
        notes.sign_note("text\n", "a", PUBLIC[:-1], PRIVATE.sign)
    with pytest.raises(ValueError, match="root of 31"):
        notes.checkpoint_text("a", 1, ROOT[:-1])
    with pytest.raises(ValueError, match="tree of -1"):
        notes.checkpoint_text("a", -1, ROOT)


def test_a_proof_is_one_text_with_its_checkpoint() -> None:
    note = notes.sign_note(CHECKPOINT, "example.com/behind-the-sofa", PUBLIC, PRIVATE.sign)

    lines = notes.proof_text(7, [ROOT], note).split("\n")
    assert lines[:4] == [
        "c2sp.org/tlog-proof@v1",
        "index 7",
        "AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8=",
        "",
    ]
    assert "\n".join(lines[4:]) == note
