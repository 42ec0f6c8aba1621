"""What others may want to know of screenings."""

from django.dispatch import Signal

screening_finished = Signal()
"""Sent inside the action by which a person has reviewed a result in a case, or by
which a result that was reviewed before has come into one. Codes only, no word of an
answer:

    screening   the Screening: its `case`, its `instrument` (the code in the pack), its
                `version`, its `urgency`
    gives       what the result gives the pathway, by name, as the instrument's rules
                say it: {"presumed": "yes", "child": "yes", ...}; what a person has
                judged otherwise is in it already
    flags       each flag's result: {"trafficking": "yes" | "perhaps" | "no", ...}
    by          who reviewed it, or brought it in

A result can be judged again: then it is sent again, and the later one holds."""

screening_handed = Signal()
"""Sent with `screening` and `by` inside the action that handed it to another team."""
