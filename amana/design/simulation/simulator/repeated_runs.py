"""Several simulations: with other chances each, with one more post, of two versions."""

from collections.abc import Mapping, Sequence
from itertools import count
from math import sqrt
from statistics import fmean, stdev

from amana.design.pathway.pathway_model import Pathway
from amana.design.pathway.plain import Plain
from amana.design.simulation.simulator.simulated_figures import (
    Bands,
    ConfidenceBand,
    F,
    Figures,
    MarginalEffect,
    Progress,
    SimulationComparison,
    SimulationResult,
    SimulationRun,
    ignore_progress,
)
from amana.design.simulation.simulator.whole_simulation import Simulation


def simulate(
    pathway: Pathway, capacity: Plain, *, cases: int, seed: int
) -> SimulationRun:
    """Run one simulation of so many cases.

    The same seed gives the same run; and the same people, with the same answers, if
    only the capacity is another.
    """
    return Simulation(pathway, capacity, seed).run(cases)


def simulate_repeatedly(
    pathway: Pathway,
    capacity: Plain,
    *,
    cases: int = 2_000,
    replications: int = 10,
    seed: int = 1,
    progress: Progress = ignore_progress,
) -> SimulationResult:
    """Run several simulations with other chances each, and give the 95 % interval of
    their means.
    """
    runs = []
    for number in range(replications):
        runs.append(simulate(pathway, capacity, cases=cases, seed=seed + number))
        progress(number + 1, replications)
    return combine_runs(runs)


def try_one_more(
    pathway: Pathway,
    capacity: Plain,
    *,
    cases: int = 2_000,
    replications: int = 10,
    seed: int = 1,
    progress: Progress = ignore_progress,
) -> list[MarginalEffect]:
    """Try one more of each role and place, and sort what saves most waiting to the
    front. Where no one waits now, one more would change nothing, and isn't tried.
    """
    every = [("role", name) for name in capacity["staff"]]
    every += [("place", name) for name in capacity.get("places") or ()]
    done, of = count(1), replications * (1 + len(every))

    def seen(capacity: Plain) -> SimulationResult:
        return simulate_repeatedly(
            pathway,
            capacity,
            cases=cases,
            replications=replications,
            seed=seed,
            progress=lambda *_: progress(next(done), of),
        )

    now = seen(capacity)
    queues = {"role": now.roles, "place": now.places}
    waited = [
        (kind, name)
        for kind, name in every
        if name in queues[kind] and queues[kind][name][F.QUEUE].mean > 0
    ]
    # Fewer runs than the progress has announced so far: only now is it known what has a
    # queue.
    of = replications * (1 + len(waited))
    found = [
        MarginalEffect(
            kind, name, compute_change(now, seen(add_one_more(capacity, kind, name)))
        )
        for kind, name in waited
    ]
    return sorted(found, key=lambda one: one.whole[F.WAIT_MEAN].mean)


def compare_versions(
    before: tuple[Pathway, Plain],
    now: tuple[Pathway, Plain],
    *,
    cases: int = 2_000,
    replications: int = 10,
    seed: int = 1,
    progress: Progress = ignore_progress,
) -> SimulationComparison:
    """Compare two versions, each (pathway, capacity), with the same people."""
    done, of = count(1), 2 * replications
    one, other = (
        simulate_repeatedly(
            *version,
            cases=cases,
            replications=replications,
            seed=seed,
            progress=lambda *_: progress(next(done), of),
        )
        for version in (before, now)
    )
    return SimulationComparison(one, other, compute_change(one, other))


def add_one_more(capacity: Plain, kind: str, name: str) -> Plain:
    if kind == "role":
        staff = capacity["staff"]
        return {**capacity, "staff": {**staff, name: staff[name] + 1}}
    places = capacity["places"]
    more = {**places[name], "places": places[name]["places"] + 1}
    return {**capacity, "places": {**places, name: more}}


def combine_runs(runs: Sequence[SimulationRun]) -> SimulationResult:
    def bands(each: Sequence[Mapping[str, Figures]]) -> dict[str, Bands]:
        names = dict.fromkeys(name for run in each for name in run)
        return {
            name: compute_bands([run[name] for run in each if name in run])
            for name in names
        }

    ends = dict.fromkeys(end for run in runs for end in run.ends)
    return SimulationResult(
        cases=runs[0].cases,
        replications=len(runs),
        days=fmean(run.days for run in runs),
        steps=bands([run.steps for run in runs]),
        roles=bands([run.roles for run in runs]),
        places=bands([run.places for run in runs]),
        whole=compute_bands([run.whole for run in runs]),
        ends={
            end: compute_band([run.ends.get(end, 0.0) for run in runs]) for end in ends
        },
        runs=tuple(runs),
    )


def compute_bands(each: Sequence[Figures]) -> Bands:
    figures = dict.fromkeys(figure for run in each for figure in run)
    return {
        figure: compute_band([run[figure] for run in each if figure in run])
        for figure in figures
    }


def compute_change(before: SimulationResult, now: SimulationResult) -> Bands:
    """Compute the differences for the cases as a whole, run by run.

    The same people on both sides (common random numbers): otherwise chance alone would
    be larger than most effects.
    """
    return compute_bands(
        [
            {f: two.whole[f] - run.whole[f] for f in two.whole if f in run.whole}
            for run, two in zip(before.runs, now.runs, strict=True)
        ]
    )


def compute_band(values: Sequence[float]) -> ConfidenceBand:
    """Compute the mean and its 95 % interval, by Student's t."""
    mean = fmean(values)
    if len(values) < 2:
        return ConfidenceBand(mean, mean, mean)
    half = compute_student_t(len(values) - 1) * stdev(values) / sqrt(len(values))
    return ConfidenceBand(mean, mean - half, mean + half)


STUDENT = (
    *(12.706, 4.303, 3.182, 2.776, 2.571, 2.447, 2.365, 2.306, 2.262, 2.228),
    *(2.201, 2.179, 2.160, 2.145, 2.131, 2.120, 2.110, 2.101, 2.093, 2.086),
    *(2.080, 2.074, 2.069, 2.064, 2.060, 2.056, 2.052, 2.048, 2.045, 2.042),
)


NORMAL = 1.959964


def compute_student_t(freedom: int) -> float:
    """Return the 97.5 % point of Student's t; beyond the table by its expansion."""
    if freedom <= len(STUDENT):
        return STUDENT[freedom - 1]
    return NORMAL + (NORMAL**3 + NORMAL) / (4 * freedom)
