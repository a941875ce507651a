"""The draw: anyone can compute it again, nobody can steer it."""

import tracemalloc
from collections import Counter
from hashlib import sha256
from hmac import digest
from random import Random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot import verify
from bot.domain.sampling import Drawn, allocate, commitment, draw, population_root, seed_for
from bot.domain.sampling import Population as Frozen
from bot.domain.tree import EMPTY_ROOT, leaf_hash, node_hash

Population = list[tuple[str, str]]
Sizes = dict[str, int]

SEED = bytes(32)
categories = st.sampled_from(["invoice", "order", "überweisung", "rare"])
populations = st.dictionaries(st.text("abcdef", min_size=1, max_size=4), categories).map(
    lambda pairs: list(pairs.items())
)
sizes = st.dictionaries(st.text("abc", max_size=3), st.integers(0, 40), max_size=6)
samples = st.integers(0, 60)
floors = st.integers(0, 5)


def test_a_seed_is_bound_to_its_round_and_to_nothing_that_reads_alike() -> None:
    key = b"k" * 32
    expected = digest(key, b"answerable draw v1\0T1\0triage\0003", "sha256")

    assert seed_for(key, "T1", "triage", 3) == expected
    others = [("T1", "triage", 4), ("T1", "triage3", 3), ("T1t", "riage", 3), ("T", "1triage", 3)]
    assert len({expected, *(seed_for(key, *other) for other in others)}) == 5
    with pytest.raises(ValueError, match="zero byte"):
        seed_for(key, "T1\0triage", "x", 3)


def test_the_commitment_is_the_seeds_digest() -> None:
    assert commitment(SEED) == sha256(SEED).hexdigest()


def test_a_population_root_is_over_its_outputs_in_the_order_of_their_ids() -> None:
    pairs = [("b", "order"), ("a", "übrig")]
    leaves = [leaf_hash('["a","übrig"]'.encode()), leaf_hash(b'["b","order"]')]

    assert population_root(pairs) == node_hash(*leaves)
    assert population_root([]) == EMPTY_ROOT


def test_floors_come_first_and_the_rest_goes_by_size() -> None:
    assert allocate({"large": 900, "small": 90, "rare": 2}, 30, 5) == {
        "large": 23,
        "rare": 2,
        "small": 5,
    }
    assert allocate({"b": 10, "a": 10}, 5, 1) == {"a": 3, "b": 2}


@given(sizes, samples, floors)
def test_an_allocation_keeps_to_what_is_there(population: Sizes, sample: int, floor: int) -> None:
    taken = allocate(population, sample, floor)

    assert taken.keys() == {name for name, size in population.items() if size}
    assert all(min(floor, population[name]) <= count for name, count in taken.items())
    assert all(count <= population[name] for name, count in taken.items())
    floors_ = sum(min(floor, size) for size in population.values())
    assert sum(taken.values()) == max(min(sample, sum(population.values())), floors_)


@given(sizes, samples, floors)
def test_a_larger_sample_takes_from_no_category(population: Sizes, sample: int, floor: int) -> None:
    smaller, larger = (allocate(population, each, floor) for each in (sample, sample + 1))

    assert all(larger[name] >= count for name, count in smaller.items())


@given(sizes, samples, floors)
def test_the_verifier_allocates_alike(population: Sizes, sample: int, floor: int) -> None:
    counted = Counter({name: size for name, size in population.items() if size})

    assert verify.allocate(counted, sample, floor) == allocate(population, sample, floor)


@given(populations, samples, floors, st.randoms())
def test_the_order_in_which_outputs_came_changes_nothing(
    population: Population, sample: int, floor: int, random: Random
) -> None:
    shuffled = list(population)
    random.shuffle(shuffled)

    assert draw(SEED, shuffled, sample, floor) == draw(SEED, population, sample, floor)
    assert population_root(shuffled) == population_root(population)


@given(populations, samples, floors)
def test_a_smaller_draw_is_part_of_a_larger_one(
    population: Population, sample: int, floor: int
) -> None:
    smaller, larger = (draw(SEED, population, each, floor) for each in (sample, sample + 1))

    assert set(smaller) <= set(larger)


@given(populations, samples)
def test_without_a_floor_the_first_ranks_of_all_are_drawn(
    population: Population, sample: int
) -> None:
    drawn = draw(SEED, population, sample, 0)
    ranked = sorted(population, key=lambda each: digest(SEED, each[0].encode(), "sha256"))
    assert {(each.output_id, each.category) for each in drawn} == set(ranked[:sample])


def test_i8_without_a_floor_every_output_has_the_same_chance_however_few_are_like_it() -> None:
    population = [(f"{name}{n}", name) for name in "abcdefghijklmno" for n in range(4)]
    rare, draws = 0, 3_000
    for number in range(draws):
        seed = sha256(str(number).encode()).digest()
        rare += sum(each.category == "o" for each in draw(seed, population, 20, 0))
    assert rare / draws == pytest.approx(20 / 15, rel=0.05), "rounding favours no category"


@given(populations, samples, st.integers(1, 5))
def test_a_draw_takes_the_first_ranks_of_each_category(
    population: Population, sample: int, floor: int
) -> None:
    share = allocate(Counter(category for _, category in population), sample, floor)
    drawn = draw(SEED, population, sample, floor)

    def rank(name: str) -> bytes:
        return digest(SEED, name.encode(), "sha256")

    expected = []
    for category in sorted(share):
        names = sorted((name for name, other in population if other == category), key=rank)
        expected += [Drawn(name, category) for name in names[: share[category]]]
    assert list(drawn) == expected


def test_another_seed_draws_others() -> None:
    population = [(f"output-{number}", "any") for number in range(200)]

    assert draw(SEED, population, 20, 0) != draw(b"\x01" * 32, population, 20, 0)


def test_an_output_is_in_a_population_once() -> None:
    for ids in ("aa", "ba"):
        with pytest.raises(ValueError, match="twice"):
            list(Frozen().counted((each, "any") for each in ids))


@given(populations, samples, floors)
def test_what_is_drawn_from_and_frozen_in_one_pass_is_the_same(
    population: Population, sample: int, floor: int
) -> None:
    frozen = Frozen()
    drawn = draw(SEED, frozen.counted(sorted(population)), sample, floor)
    assert drawn == draw(SEED, population, sample, floor)
    assert frozen.root == population_root(population)
    assert (frozen.size, frozen.sizes) == (
        len(population),
        Counter(category for _, category in population),
    )


@pytest.mark.parametrize("floor", [0, 3])
def test_i7_of_a_large_population_the_same_is_drawn_and_next_to_nothing_kept(floor: int) -> None:
    names = [(f"output-{number:06}", "abc"[number % 3]) for number in range(30_000)]
    tracemalloc.start()
    drawn = draw(SEED, iter(names), 40, floor)
    _, most = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert most < 200_000, "bytes, whatever the population"
    assert len(drawn) == 40
    if not floor:
        ranked = sorted(names, key=lambda each: digest(SEED, each[0].encode(), "sha256"))
        assert {each.output_id for each in drawn} == {name for name, _ in ranked[:40]}
