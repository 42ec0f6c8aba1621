"""Services on a map, as numbers on areas: never more marks than a person can read, and
of a hidden place never more than its area.

Areas are counted in the directory in memory. At each zoom the finest areas whose names
don't overlap are shown, so that a country shows its regions and a region its towns.
Single places appear only at close zoom, and only those that have given their location
(ADR 44)."""

from amana.design.directory.clusters.map_bounds import (
    APART,
    MOST,
    MOST_LISTED,
    WORLD,
    AreaCounts,
    Cluster,
    MapBounds,
    count_services,
    list_choices,
)
from amana.design.directory.clusters.map_marks import (
    build_merged_mark,
    choose_marks,
    compute_pixel,
    is_touching,
    list_entries,
    merge_marks,
)

__all__ = [
    "APART",
    "MOST",
    "MOST_LISTED",
    "WORLD",
    "AreaCounts",
    "Cluster",
    "MapBounds",
    "build_merged_mark",
    "choose_marks",
    "compute_pixel",
    "count_services",
    "is_touching",
    "list_choices",
    "list_entries",
    "merge_marks",
]
