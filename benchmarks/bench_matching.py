"""Matching one person to 562 and to 50,000 services, with all reasons and the funnel.

The peer is the brute-force oracle of the tests, on the same directory and people.
"""

import random
from itertools import cycle

from amana.design.directory.matching import match_services
from amana.design.directory.tests import directories, oracle
from benchmarks.bench import RESULTS, bench

TOWNS = 60


def measure(size: int, at_most_ms: float) -> None:
    rng = random.Random(size)
    tree = directories.areas(rng)
    towns = [(rng.uniform(2, 10), rng.uniform(5, 15)) for _ in range(TOWNS)]
    services = [
        directories.a_service(rng, number + 1, tree, rng.choice(towns))
        for number in range(size)
    ]
    directory = directories.directory_of(services, tree)
    people = [
        directories.a_person(rng, tree, rng.choice(towns))
        | {"within_km": 40.0, "place": directories.near(rng, rng.choice(towns))}
        for _ in range(50)
    ]
    asked = cycle([directories.person_of(person) for person in people])
    plain = cycle(people)

    @bench(f"The oracle over {size:,} services", at_most_ms=60_000, times=3)
    def _oracle() -> None:
        oracle.answer(services, tree, next(plain))

    peer = f"brute-force oracle {RESULTS[-1].ms:.0f} ms"

    @bench(
        f"Matching over {size:,} services", at_most_ms=at_most_ms, times=100, peer=peer
    )
    def _ours() -> None:
        match_services(directory, next(asked))


measure(562, 5)
measure(50_000, 15)
