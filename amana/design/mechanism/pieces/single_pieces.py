"""Pieces of which there is one: about, calendar, clocks, counts."""

from zoneinfo import available_timezones

from django.utils.translation import gettext_lazy as lazy

from amana.design.mechanism import labels
from amana.design.mechanism.closing_days import HolidaysInput
from amana.design.mechanism.counting.case_inputs import (
    ListLengthInput,
    PlacesInput,
    SharesInput,
    list_awaited_messages,
    list_given_codes,
    list_interrupts,
    list_starting_codes,
)
from amana.design.mechanism.counting.number_inputs import NumberInput, NumbersInput
from amana.design.mechanism.forms.choices import (
    list_hand_step_choices,
    list_list_choices,
    list_organisation_choices,
    list_role_choices,
    make_offer,
)
from amana.design.mechanism.forms.inputs import Choices
from amana.design.mechanism.forms.pathway_questions import ClockInput
from amana.design.mechanism.forms.piece_questions import (
    CalendarDateInput,
    ChoiceInput,
    ChoicesInput,
    LineInput,
    TranslatedInput,
)
from amana.design.mechanism.outline import Outline
from amana.design.mechanism.pieces.piece import CAPACITY, MECHANISM, PackPiece
from amana.trust.access.models.organisations import Sphere
from amana.trust.vault.compartments import CEILING, Compartment


def list_zone_choices(seen: Outline) -> Choices:
    return [(zone, zone.replace("_", " ")) for zone in sorted(available_timezones())]


ABOUT = PackPiece(
    MECHANISM,
    (),
    (
        TranslatedInput("title", lazy("Name of the mechanism"), required=True),
        TranslatedInput("notice", lazy("Notice on every printed page"), lines=2),
        TranslatedInput("jurisdiction", lazy("Where it applies"), required=True),
        CalendarDateInput("review_on", lazy("Next full review")),
        ClockInput(
            # Between the second person's confirmation and the removal, colleagues can
            # still stop it (ADR 53).
            "keys_taken_after",
            lazy("Delay before a colleague’s keys are removed"),
            hint=lazy(
                "Counted from a second person’s confirmation. One day if left empty."
            ),
            by_urgency=False,
        ),
        ChoicesInput(
            "signed_by",
            lazy("Organisations that sign it"),
            hint=lazy("If none is ticked, all of them sign."),
            offer=list_organisation_choices,
        ),
    ),
    lazy("The mechanism as a whole"),
)


CALENDAR = PackPiece(
    MECHANISM,
    ("calendar",),
    (
        ChoiceInput("zone", lazy("Time zone"), required=True, offer=list_zone_choices),
        ChoicesInput(
            "weekend",
            lazy("Days on which offices are closed"),
            offer=make_offer(labels.WEEKDAYS),
            # Offices that never close have an empty list; a missing one would not state
            # so.
            empty_list=True,
        ),
        LineInput("opens", lazy("Offices open at"), hint=lazy("Such as 08:00"), most=5),
        LineInput(
            "closes", lazy("Offices close at"), hint=lazy("Such as 16:00"), most=5
        ),
        HolidaysInput("holidays", lazy("Holidays")),
    ),
    lazy("Working days and holidays"),
)


CLOCKS = {
    urgency: PackPiece(
        MECHANISM,
        ("clocks", urgency),
        tuple(
            ClockInput(name, label, required=True, by_urgency=False)
            for name, label in labels.CLOCK.items()
        ),
        label,
    )
    for urgency, label in labels.URGENCY.items()
}


SHARING = PackPiece(
    MECHANISM,
    ("sharing",),
    tuple(
        ChoicesInput(
            # Only what the ceiling of a sphere allows can be ticked: no mechanism,
            # however many sign it, may share more than that (ADR 9).
            sphere.value,
            sphere.label,
            hint=lazy("Nothing may ever be shared with it.")
            if not CEILING[sphere]
            else "",
            offer=make_offer(
                {
                    compartment.value: compartment.label
                    for compartment in Compartment
                    if compartment in CEILING[sphere]
                }
            ),
            # An empty list is a statement here: nothing is shared with this sphere.
            empty_list=True,
        )
        for sphere in Sphere
    ),
    lazy("Who shares what"),
)


PER_CENT = lazy("In per cent: how often this happens out of 100 times.")


COUNTS = {
    "people": PackPiece(
        CAPACITY,
        (),
        (
            NumberInput(
                "arrivals_per_day",
                lazy("People arriving per working day"),
                required=True,
            ),
            NumberInput(
                "hours_a_day",
                lazy("Hours a day each post spends on this work"),
                most=24,
            ),
            NumbersInput(
                "staff",
                lazy("Staff, in full-time posts"),
                required=True,
                offer=list_role_choices,
                most=100_000,
            ),
            PlacesInput("places", lazy("Beds and places")),
        ),
        lazy("Arrivals, staff and places"),
    ),
    "work": PackPiece(
        CAPACITY,
        (),
        (
            NumbersInput(
                "work_hours",
                lazy("Hours of one person’s work at each step"),
                hint=lazy("All visits, calls and paperwork of the step together."),
                required=True,
                offer=list_hand_step_choices,
            ),
        ),
        lazy("Work per step"),
    ),
    "chances": PackPiece(
        CAPACITY,
        (),
        (
            SharesInput(
                "starts_with",
                lazy("How incoming cases differ"),
                hint=PER_CENT,
                among=list_starting_codes,
            ),
            SharesInput(
                "chance",
                lazy("How often each answer occurs"),
                hint=PER_CENT,
                among=list_given_codes,
            ),
            ListLengthInput(
                "items",
                lazy("How many there are"),
                hint=PER_CENT,
                offer=list_list_choices,
            ),
            SharesInput(
                "answers",
                lazy("How often each expected message arrives"),
                hint=PER_CENT,
                among=list_awaited_messages,
                some_left=True,
            ),
            NumbersInput(
                "interrupts",
                lazy("How often this happens in a case"),
                hint=PER_CENT,
                offer=list_interrupts,
                percent=True,
            ),
        ),
        lazy("How often things happen"),
    ),
}
"""Of `capacity.yaml`: one file, asked for in three parts."""
