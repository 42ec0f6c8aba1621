"""Codes as sentences: conditions, reasons, questions."""

from amana.design.directory.labels.code_labels import (
    format_day,
    format_languages,
    list_labels,
    lower_first,
)
from amana.design.directory.labels.field_labels import (
    OF_AREAS,
    format_field_label,
    format_field_value,
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
    list_all_conditions,
    list_conditions,
)

__all__ = [
    "OF_AREAS",
    "SHORT",
    "describe_people",
    "describe_totals",
    "format_advantage",
    "format_count",
    "format_count_time",
    "format_day",
    "format_distance",
    "format_drawback",
    "format_field_label",
    "format_field_value",
    "format_free_places",
    "format_languages",
    "format_opening",
    "format_question",
    "format_reason",
    "format_time_limit",
    "list_all_conditions",
    "list_conditions",
    "list_labels",
    "lower_first",
]
