"""A mechanism in the reader's language: its clocks, conditions, steps in words."""

from amana.design.mechanism.labels.clock_labels import (
    CLOCK,
    KIND,
    KINDS_OF_ORGANISATION,
    UNITS,
    URGENCY,
    WEEKDAYS,
    ClockText,
    Words,
    choose_words,
    format_clocks,
    format_code,
    format_code_without_words,
    format_ending,
    format_holiday,
    format_item,
    format_message,
    format_name,
    format_span,
    get_short_language,
    list_clocks,
)
from amana.design.mechanism.labels.condition_labels import (
    format_answers,
    format_condition,
)
from amana.design.mechanism.labels.step_labels import (
    FaultText,
    StepText,
    build_shown_step,
    build_way,
    format_branch_title,
    format_fault,
    format_part_title,
    format_role_title,
    format_step_title,
    list_shown_faults,
)

# --- clocks


# --- conditions


# --- steps


# --- faults


__all__ = [
    "CLOCK",
    "KIND",
    "KINDS_OF_ORGANISATION",
    "UNITS",
    "URGENCY",
    "WEEKDAYS",
    "ClockText",
    "FaultText",
    "StepText",
    "Words",
    "build_shown_step",
    "build_way",
    "choose_words",
    "format_answers",
    "format_branch_title",
    "format_clocks",
    "format_code",
    "format_code_without_words",
    "format_condition",
    "format_ending",
    "format_fault",
    "format_holiday",
    "format_item",
    "format_message",
    "format_name",
    "format_part_title",
    "format_role_title",
    "format_span",
    "format_step_title",
    "get_short_language",
    "list_clocks",
    "list_shown_faults",
]
