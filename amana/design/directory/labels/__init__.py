"""Codes as sentences: conditions, reasons, questions."""

from amana.design.directory.labels.code_labels import (
    format_languages,
    list_labels,
    lower_first,
)
from amana.design.directory.labels.match_labels import (
    SHORT,
    describe_people,
    describe_totals,
    format_advantage,
    format_count,
    format_count_time,
    format_distance,
    format_drawback,
    format_free_places,
    format_opening,
    format_question,
    format_reason,
    format_time_limit,
    list_conditions,
)

__all__ = [
    "SHORT",
    "describe_people",
    "describe_totals",
    "format_advantage",
    "format_count",
    "format_count_time",
    "format_distance",
    "format_drawback",
    "format_free_places",
    "format_languages",
    "format_opening",
    "format_question",
    "format_reason",
    "format_time_limit",
    "list_conditions",
    "list_labels",
    "lower_first",
]
