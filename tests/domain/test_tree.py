"""The tree of RFC 6962: its published roots, and proofs that hold for what is so only."""

from hashlib import sha256

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.domain.tree import (
    EMPTY_ROOT,
    Frontier,
    Tree,
    consistency_proof,
    inclusion_proof,
    leaf_hash,
    node_hash,
    root_of,
    verify_consistency,
    verify_inclusion,
)

# The inputs and roots by which the implementations of Certificate Transparency are tested.
INPUTS = [
    bytes.fromhex(each)
    for each in (
        "",
        "00",
        "10",
        "2021",
        "3031",
        "40414243",
        "5051525354555657",
        "606162636465666768696a6b6c6d6e6f",
    )
]
ROOTS = [
    "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855",
    "6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d",
    "fac54203e7cc696cf0dfcb42c92a1d9dbaf70ad9e621f4bd8d98662f00e3c125",
    "aeb6bcfe274b70a14fb067a5e5578264db0fa9b51af5e0ba159158f329e06e77",
    "d37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7",
    "4e3bbb1f7b478dcfe71fb631631519a3bca12c9aefca1612bfce4c13a86264d4",
    "76e67dadbcdf1e10e1b74ddc608abd2f98dfb16fbce75277b5232a127f2087ef",
    "ddb89be403809e325750d3d263cd78929c2942b7942a34b77e122c9594a74c8c",
    "5dc9da79a70659a9ad559cb701ded9a2ab9d823aad2f4960cfe370eff4604328",
]
LEAVES = [leaf_hash(each) for each in INPUTS]

sizes = st.integers(1, 70)


def grown(size: int) -> list[bytes]:
    return [leaf_hash(bytes([number])) for number in range(size)]


def flipped(hash_: bytes) -> bytes:
    return bytes([hash_[0] ^ 1]) + hash_[1:]


@pytest.mark.parametrize("size", range(9))
def test_the_published_roots_come_out(size: int) -> None:
    frontier = Frontier()
    for leaf in LEAVES[:size]:
        frontier = frontier.append(leaf)

    assert root_of(LEAVES[:size]).hex() == ROOTS[size]
    assert Tree(LEAVES[:size]).root.hex() == ROOTS[size]
    assert frontier.root().hex() == ROOTS[size]


def test_a_leaf_is_never_taken_for_a_node() -> None:
    left, right = LEAVES[:2]

    assert leaf_hash(left + right) != node_hash(left, right)
    assert sha256(b"").digest() == EMPTY_ROOT


@given(size=st.integers(0, 300))
def test_a_frontier_grows_to_the_same_root_after_any_rest(size: int) -> None:
    frontier = Frontier()
    leaves = [leaf_hash(size.to_bytes(2)) for size in range(size)]
    for leaf in leaves:
        frontier = Frontier.from_bytes(frontier.to_bytes()).append(leaf)

    assert frontier.size == size
    assert frontier.root() == root_of(leaves)


@pytest.mark.parametrize(
    "stored", [b"", b"\x00" * 7, b"\x00" * 7 + b"\x01", b"\x00" * 8 + b"\x00" * 32]
)
def test_bytes_that_are_no_frontier_are_refused(stored: bytes) -> None:
    with pytest.raises(ValueError, match="frontier"):
        Frontier.from_bytes(stored)


@given(st.data(), sizes)
def test_every_leaf_proves_its_place_and_no_other(data: st.DataObject, size: int) -> None:
    leaves = grown(size)
    index = data.draw(st.integers(0, size - 1))
    proof, root = inclusion_proof(leaves, index), root_of(leaves)

    assert verify_inclusion(leaves[index], index, size, proof, root)
    other = data.draw(st.integers(-1, size + 1).filter(lambda number: number != index))
    assert not verify_inclusion(leaves[index], other, size, proof, root)
    assert not verify_inclusion(flipped(leaves[index]), index, size, proof, root)
    assert not verify_inclusion(leaves[index], index, size, (*proof, leaves[0]), root)
    assert not verify_inclusion(leaves[index], index, size, proof, flipped(root))
    for at, node in enumerate(proof):
        spoiled = (*proof[:at], flipped(node), *proof[at + 1 :])
        assert not verify_inclusion(leaves[index], index, size, spoiled, root)
        assert not verify_inclusion(leaves[index], index, size, proof[:at], root)


@given(st.data(), sizes)
def test_a_tree_proves_that_it_only_grew(data: st.DataObject, size: int) -> None:
    leaves = grown(size)
    old = data.draw(st.integers(0, size))
    proof = consistency_proof(leaves, old, size)
    old_root, root = root_of(leaves[:old]), root_of(leaves)

    assert verify_consistency(old, size, old_root, root, proof)
    assert not verify_consistency(old, size, flipped(old_root), root, proof)
    assert not verify_consistency(old, size, old_root, root, (*proof, leaves[0]))
    assert not verify_consistency(size + 1, size, old_root, root, proof)
    if old:
        assert not verify_consistency(old, size, old_root, flipped(root), proof)
    for at, node in enumerate(proof):
        spoiled = (*proof[:at], flipped(node), *proof[at + 1 :])
        assert not verify_consistency(old, size, old_root, root, spoiled)
        assert not verify_consistency(old, size, old_root, root, proof[:at])


@given(st.data(), st.integers(2, 40))
def test_no_proof_covers_a_rewritten_past(data: st.DataObject, size: int) -> None:
    leaves = grown(size)
    old = data.draw(st.integers(1, size - 1))
    changed = data.draw(st.integers(0, old - 1))
    rewritten = [*leaves[:changed], flipped(leaves[changed]), *leaves[changed + 1 :]]

    proof = consistency_proof(rewritten, old, size)
    assert not verify_consistency(old, size, root_of(leaves[:old]), root_of(rewritten), proof)


def test_what_is_not_in_the_tree_has_no_proof() -> None:
    with pytest.raises(IndexError):
        inclusion_proof(LEAVES, 8)
    with pytest.raises(IndexError):
        inclusion_proof(LEAVES, -1)
    with pytest.raises(IndexError):
        consistency_proof(LEAVES, 3, 9)
    with pytest.raises(IndexError):
        consistency_proof(LEAVES, 4, 3)
