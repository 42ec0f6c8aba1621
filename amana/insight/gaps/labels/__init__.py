"""Format gaps for display: what is wrong, what shows it, and how certain it is."""

from amana.insight.gaps.labels.gap_labels import (
    describe_barrier,
    describe_ending,
    describe_gap,
    format_area,
    format_estimate,
    format_group,
    format_hours,
    format_languages,
    format_note,
    format_number,
    format_people,
    list_groups,
)
from amana.insight.gaps.labels.supply_labels import (
    format_kinds,
    format_level,
    format_wait,
    list_decline_reasons,
    list_exclusions,
    list_funnel,
    list_shares,
    list_supply,
)

__all__ = [
    "describe_barrier",
    "describe_ending",
    "describe_gap",
    "format_area",
    "format_estimate",
    "format_group",
    "format_hours",
    "format_kinds",
    "format_languages",
    "format_level",
    "format_note",
    "format_number",
    "format_people",
    "format_wait",
    "list_decline_reasons",
    "list_exclusions",
    "list_funnel",
    "list_groups",
    "list_shares",
    "list_supply",
]
