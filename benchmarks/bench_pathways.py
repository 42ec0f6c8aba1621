"""A pathway at work: where a case stands, one fact more, a whole pack checked, and ten
thousand cases foreseen, beside SimPy on the same pathway.

Pure: no database is asked. The pack is the national one that comes with Amana.
"""

import random
from datetime import datetime, timedelta
from itertools import cycle
from pathlib import Path
from typing import Any

from amana.design.mechanism import line
from amana.design.mechanism.documents.source import PrintSource, build_file_edition
from amana.design.mechanism.pack import files, reading
from amana.design.mechanism.pack.differences import list_differences
from amana.design.pathway.case import RunState, apply_fact, compute_state
from amana.design.pathway.conformance import measure_conformance
from amana.design.pathway.run_events import EventKind, RunEvent
from amana.design.pathway.tests.pathways import MONDAY, a_good_case, a_start, next_fact
from amana.design.simulation.simulator import simulate
from amana.design.simulation.tests.simpy_peer import Peer
from benchmarks.bench import RESULTS, bench

NATIONAL = Path(__file__).parents[1] / "mechanisms" / "example"
FACTS = 200
CASES = 10_000
read = files.read_folder(NATIONAL)
pack = reading.read_pack(read)[0]
assert pack is not None
pathway = pack.pathway
# SimPy's telling of the pathway knows no interrupts, so neither side has any here.
capacity: dict[str, Any] = {**pack.capacity, "interrupts": {}}


def a_long_case() -> list[RunEvent]:
    """A case that is opened again each time that it has ended."""
    rng, at = random.Random(1), MONDAY
    facts = [a_start(pathway, at, rng)]
    now = apply_fact(RunState(), pathway, facts[0])
    while len(facts) < FACTS:
        at += timedelta(hours=5)
        fact = next_fact(pathway, now, at, rng) if now.ended is None else again(at)
        at = max(at, fact.at)
        now = apply_fact(now, pathway, fact)
        facts.append(fact)
    return facts


def again(at: datetime) -> RunEvent:
    return RunEvent(EventKind.REOPENED, at, "meet", reason="new_facts", onward=True)


facts = a_long_case()
before = compute_state(pathway, facts[:-1])
usual = [a_good_case(pathway, random.Random(seed)) for seed in range(500)]
number_of_facts = sum(map(len, usual))
seeds = cycle(range(1, 1_000))


@bench(f"Where a case of {FACTS} facts stands", at_most_ms=1, times=100)
def _state() -> None:
    compute_state(pathway, facts)


@bench("One more fact of that case", at_most_ms=0.25, times=200)
def _apply() -> None:
    apply_fact(before, pathway, facts[-1])


@bench(f"500 cases, {number_of_facts:,} facts, beside their pathway", at_most_ms=200)
def _conformance() -> None:
    assert measure_conformance(pathway, usual).share == 1


@bench("The national pack, from its files to no fault", at_most_ms=1_000)
def _check() -> None:
    reading.read_pack(read)


@bench("The national pathway drawn as lines with stations", at_most_ms=25, times=20)
def _drawn() -> None:
    assert pack is not None
    line.build_lines(PrintSource(pack, "en", build_file_edition({})).seen, {})


@bench("What is different between two national packs", at_most_ms=20)
def _differences() -> None:
    assert pack is not None
    list_differences(pack, pack)


@bench(f"SimPy on the same pathway, {CASES:,} cases", at_most_ms=60_000, times=1)
def _simpy() -> None:
    Peer(pathway, capacity, next(seeds), CASES).run()


peer = f"SimPy {RESULTS[-1].ms:,.0f} ms"


@bench(f"{CASES:,} cases foreseen on one core", at_most_ms=1_000, times=3, peer=peer)
def _simulation() -> None:
    simulate(pathway, capacity, cases=CASES, seed=next(seeds))
