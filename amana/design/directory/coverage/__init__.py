"""How far the services reach: for each need, in each region, for each group of people.

A service passes one stage after another (`CoverageStage`): it works for the region,
takes the
group, is near enough, asks for no papers, costs nothing, is understood, is open. What
is left at the end is what people there can really use, and where nothing is left, the
stage that took the last one is the reason.

Places are shared: a house for the whole country is not there for each region again. So
`Supply.ratio` divides each service's places among all needs that it may meet, in
proportion to their size, and adds up in each region what its people get of them: the
"two-step floating catchment area" (Luo and Wang, 2003).

Of a hidden place nothing finer than its region is used here; of one that only its own
team sees, no place at all. So nothing finer can result."""

from amana.design.directory.coverage.coverage_counts import compute_supply
from amana.design.directory.coverage.supply import (
    AT_NIGHT,
    BANDS,
    EXCLUDING,
    MONTH,
    NOBODY,
    SHARING,
    CoverageAssumptions,
    CoverageStage,
    PopulationGroup,
    Regions,
    Supply,
    estimate_days,
)

__all__ = [
    "AT_NIGHT",
    "BANDS",
    "EXCLUDING",
    "MONTH",
    "NOBODY",
    "SHARING",
    "CoverageAssumptions",
    "CoverageStage",
    "PopulationGroup",
    "Regions",
    "Supply",
    "compute_supply",
    "estimate_days",
]
