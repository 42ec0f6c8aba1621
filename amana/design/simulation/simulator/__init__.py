"""Where a mechanism will queue: invented cases that go through the same pathway that
real ones go through, with as many people and places as `capacity.yaml` says.

    run = simulate(pathway, pack.capacity, cases=10_000, seed=1)
    run.roles["authority"]["wait_p90"]         # days

    seen = simulate_repeatedly(pathway, pack.capacity, cases=2_000, replications=10)
    seen.roles["authority"]["wait_p90"].low    # of the 95 % interval

    try_one_more(pathway, pack.capacity, …)    # what one more post or place changes
    compare_versions(before, now, …)           # two versions, with the same people

What is assumed, so that it can be shown with the figures: people come by chance, on
working days, `arrivals_per_day` on average. Work takes a time that is distributed
exponentially around its mean, as do stays. Who is more urgent is served first, others
in the order in which they came. A post gives `hours_a_day` of its opening hours to this
work (8 without it). Holidays are not counted. A message that is waited for comes at any
moment before the wait ends with equal chance, or within 14 days. A step without hours
of work takes none, and a role without staff keeps no one waiting. An interrupt comes at
one of the first dozen steps of a case, or else when it would end. The first tenth of
the cases only fills the mechanism and is not counted.

Times are in days of the calendar, waiting is from the moment that a step is due until
a person takes it up, shares are from 0 to 1.
"""

from amana.design.simulation.simulator.repeated_runs import (
    compare_versions,
    compute_band,
    compute_student_t,
    simulate,
    simulate_repeatedly,
    try_one_more,
)
from amana.design.simulation.simulator.simulated_figures import (
    Bands,
    ConfidenceBand,
    EndlessRun,
    MarginalEffect,
    Progress,
    SimulatedFigure,
    SimulationComparison,
    SimulationResult,
)
from amana.design.simulation.simulator.simulated_queues import (
    ResourceQueue,
    compute_quantile,
)
from amana.design.simulation.simulator.simulated_stages import ANSWER_DAYS
from amana.design.simulation.simulator.whole_simulation import WARM_UP, Simulation
from amana.design.simulation.simulator.working_week import (
    WEEK,
    Workweek,
    convert_to_days,
)

__all__ = [
    "ANSWER_DAYS",
    "WARM_UP",
    "WEEK",
    "Bands",
    "ConfidenceBand",
    "EndlessRun",
    "MarginalEffect",
    "Progress",
    "ResourceQueue",
    "SimulatedFigure",
    "Simulation",
    "SimulationComparison",
    "SimulationResult",
    "Workweek",
    "compare_versions",
    "compute_band",
    "compute_quantile",
    "compute_student_t",
    "convert_to_days",
    "simulate",
    "simulate_repeatedly",
    "try_one_more",
]
