"""The pieces of a mechanism that people write: where each stands, and what is asked."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any
from zoneinfo import available_timezones

from django.utils.translation import gettext_lazy as lazy

from amana.design.mechanism import labels
from amana.design.mechanism import outline as outlines
from amana.design.mechanism.asked import ASKED
from amana.design.mechanism.closing_days import HolidaysInput
from amana.design.mechanism.counting import (
    ListLengthInput,
    NumberInput,
    NumbersInput,
    PlacesInput,
    SharesInput,
    list_awaited_messages,
    list_given_codes,
    list_interrupts,
    list_starting_codes,
)
from amana.design.mechanism.forms import (
    BranchesInput,
    CalendarDateInput,
    ChoiceInput,
    Choices,
    ChoicesInput,
    ClockInput,
    CodesInput,
    LineInput,
    OrderedInput,
    OutputsInput,
    PieceInput,
    SignalsInput,
    TickInput,
    TranslatedInput,
    VerifiedInput,
    Words,
    list_hand_step_choices,
    list_list_choices,
    list_organisation_choices,
    list_recipient_choices,
    list_role_choices,
    list_step_choices,
    list_sub_pathway_choices,
    list_table_choices,
    make_offer,
)
from amana.design.mechanism.outline import Outline
from amana.design.mechanism.writing import Place
from amana.trust.access.models import Role, Sphere
from amana.trust.vault.compartments import CEILING, Compartment

MECHANISM, PATHWAY = "mechanism.yaml", "pathway.yaml"
CAPACITY = "capacity.yaml"

SPHERES: dict[str, Words] = {sphere.value: sphere.label for sphere in Sphere}
ACCESS: dict[str, Words] = {
    role.value: role.label
    for role in (
        Role.SCREENER,
        Role.CASE_WORKER,
        Role.SUPERVISOR,
        Role.FOCAL_POINT,
        Role.COORDINATOR,
        Role.AUTHORITY,
    )
}


def keep_value(said: Any) -> Any:
    return said


@dataclass(frozen=True)
class PackPiece:
    """What one form writes: a place in a file, and the questions about it."""

    path: str
    place: Place
    asks: tuple[PieceInput, ...]
    title: Words
    whole: bool = False
    opened: Callable[[Any], Any] = keep_value
    """What stands there, as its questions ask for it."""
    closed: Callable[[Any], Any] = keep_value
    """The answers, as they are to stand there."""


@dataclass(frozen=True)
class PieceCollection:
    """Pieces of one kind, each under a code: organisations, roles, words."""

    path: str
    place: Place
    asks: tuple[PieceInput, ...]
    one: Words
    """What one of them is called, on the page that adds one."""
    new: str
    """The code of one whose title can't be made into a code."""
    page: str
    """The page on which they stand."""
    whole: bool = False

    def piece(self, code: str, title: Words = "") -> PackPiece:
        return PackPiece(
            self.path, (*self.place, code), self.asks, title or self.one, self.whole
        )

    def taken(self, plain: Mapping[str, Any]) -> dict[str, Any]:
        found: Any = plain.get(self.path)
        for key in self.place:
            found = outlines.read_map(found).get(str(key))
        return outlines.read_map(found)


# --- steps


def list_form_choices(seen: Outline) -> Choices:
    return [(name, labels.format_code_without_words(name)) for name in seen.forms]


def list_instrument_choices(seen: Outline) -> Choices:
    return [
        (name, labels.format_code_without_words(name))
        for path in seen.plain
        if path.startswith("screening/")
        for name in [path.removeprefix("screening/").removesuffix(".yaml")]
    ]


def list_question_choices(seen: Outline) -> Choices:
    return list(ASKED.items())


ENDS = "–"
NEXT = ChoiceInput(
    "next",
    lazy("What comes next"),
    hint=lazy("If nothing comes next, this branch ends here."),
    offer=list_step_choices,
    nothing=lazy("Nothing: it ends here"),
)

STEPS: dict[str, tuple[PieceInput, ...]] = {
    "do": (
        TranslatedInput("do", lazy("What is done"), required=True),
        TranslatedInput("how", lazy("How to do it well"), lines=3),
        ChoiceInput(
            "role", lazy("Who does it"), required=True, offer=list_role_choices
        ),
        ClockInput(
            "due",
            lazy("By when"),
            hint=lazy("One time limit for all, or one for each urgency."),
        ),
        ClockInput("remind", lazy("Reminder before deadline")),
        OrderedInput("late", lazy("Who is notified if late"), offer=list_role_choices),
        ChoiceInput(
            "form", lazy("Form"), offer=list_form_choices, nothing=lazy("No form")
        ),
        ChoiceInput(
            "screening",
            lazy("Screening instrument"),
            offer=list_instrument_choices,
            nothing=lazy("No instrument"),
        ),
        OutputsInput(
            "gives",
            lazy("What is recorded at the end"),
            hint=lazy(
                "Codes only, on which the pathway depends: nothing about a person."
            ),
        ),
        NEXT,
        LineInput(
            "end",
            lazy("If the case ends here, how"),
            hint=lazy("A short code, such as closed. Otherwise leave it empty."),
            code=True,
            most=60,
        ),
    ),
    "choose": (BranchesInput("choose", lazy("Where it leads"), required=True),),
    "together": (
        ChoicesInput(
            "together",
            lazy("Steps that start together"),
            required=True,
            offer=list_step_choices,
        ),
        ChoiceInput(
            "each",
            lazy("Once for each"),
            offer=list_list_choices,
            nothing=lazy("Once only"),
        ),
        NEXT,
    ),
    "decide": (
        ChoiceInput(
            "decide",
            lazy("Table that decides"),
            required=True,
            offer=list_table_choices,
        ),
        LineInput(
            "gives",
            lazy("Name for its result"),
            required=True,
            code=True,
            most=60,
        ),
        NEXT,
    ),
    "tell": (
        ChoiceInput(
            "tell", lazy("Who is notified"), required=True, offer=list_recipient_choices
        ),
        LineInput(
            "message",
            lazy("Message"),
            hint=lazy("A short code, such as transfer proposed."),
            required=True,
            code=True,
            most=60,
        ),
        NEXT,
    ),
    "wait": (SignalsInput("wait", lazy("What is expected")),),
    "part": (
        ChoiceInput(
            "part",
            lazy("Part to go through"),
            required=True,
            offer=list_sub_pathway_choices,
        ),
        NEXT,
    ),
}


def build_step_piece(seen: Outline, key: str) -> PackPiece:
    step = seen.steps[key]
    return PackPiece(
        PATHWAY, step.place, STEPS[step.kind], labels.format_step_title(seen, key)
    )


# --- collections


COLLECTIONS: dict[str, PieceCollection] = {
    "organisations": PieceCollection(
        MECHANISM,
        ("organisations",),
        (
            LineInput("name", lazy("Name"), required=True, most=200),
            ChoiceInput(
                "sphere", lazy("Sphere"), required=True, offer=make_offer(SPHERES)
            ),
            ChoiceInput(
                "kind",
                lazy("Kind"),
                required=True,
                offer=make_offer(labels.KINDS_OF_ORGANISATION),
            ),
        ),
        one=lazy("Organisation"),
        new="organisation",
        page="who",
    ),
    "roles": PieceCollection(
        MECHANISM,
        ("roles",),
        (
            TranslatedInput("title", lazy("Name of the role"), required=True),
            TranslatedInput("does", lazy("What it is for"), lines=3, required=True),
            TranslatedInput("calls", lazy("Whom they call for help"), lines=2),
            ChoicesInput(
                "who",
                lazy("Eligible organisations"),
                required=True,
                offer=list_organisation_choices,
            ),
            ChoiceInput(
                "access_role",
                lazy("What they may do in Amana"),
                required=True,
                offer=make_offer(ACCESS),
            ),
            ChoiceInput(
                "sphere", lazy("Sphere"), required=True, offer=make_offer(SPHERES)
            ),
            TickInput("may_refer", lazy("They may send referrals")),
            CodesInput(
                "certificates",
                lazy("Certificates that they must hold"),
                hint=lazy("Codes, separated by commas."),
            ),
        ),
        one=lazy("Role"),
        new="role",
        page="who",
    ),
    "partners": PieceCollection(
        MECHANISM,
        ("partners",),
        (TranslatedInput("partner", lazy("Who it is"), required=True),),
        one=lazy("Partner elsewhere"),
        new="partner",
        page="who",
        whole=True,
    ),
    "duties": PieceCollection(
        MECHANISM,
        ("duties",),
        (
            TranslatedInput("title", lazy("Activity"), required=True),
            ChoicesInput(
                "does", lazy("Who does it (R)"), required=True, offer=list_role_choices
            ),
            ChoiceInput(
                "answers_for",
                lazy("Who is accountable (A)"),
                required=True,
                offer=list_role_choices,
            ),
            ChoicesInput(
                "is_asked", lazy("Who is consulted before (C)"), offer=list_role_choices
            ),
            ChoicesInput(
                "is_told", lazy("Who is informed after (I)"), offer=list_role_choices
            ),
        ),
        one=lazy("Activity"),
        new="work",
        page="duties",
    ),
    "interrupts": PieceCollection(
        PATHWAY,
        ("interrupts",),
        (
            LineInput(
                "on",
                lazy("When this happens"),
                hint=lazy("A code, such as consent_withdrawn."),
                required=True,
                code=True,
                most=60,
            ),
            ChoiceInput(
                "next", lazy("The case goes to"), required=True, offer=list_step_choices
            ),
            ChoicesInput(
                "keeps", lazy("Steps that stay open"), offer=list_hand_step_choices
            ),
        ),
        one=lazy("What may happen at any time"),
        new="interrupt",
        page="steps",
    ),
    "law": PieceCollection(
        "law.yaml",
        (),
        (
            TranslatedInput(
                "instrument", lazy("Law, treaty or guideline"), required=True
            ),
            CalendarDateInput(
                "ratified_on",
                lazy("Binding here since"),
                hint=lazy("Leave empty if it is not binding here."),
            ),
            TranslatedInput("provision", lazy("Article or principle"), required=True),
            TranslatedInput(
                "obliges", lazy("What it requires of us"), lines=3, required=True
            ),
            ChoicesInput(
                "honoured_by",
                lazy("Steps that honour it"),
                offer=list_hand_step_choices,
            ),
            LineInput("source", lazy("Where to read it"), required=True, most=500),
            # Honest about sources: until a person has compared it, readers see that it
            # is unchecked.
            VerifiedInput("checked", lazy("Someone has compared this with the source")),
            TranslatedInput("note", lazy("What else readers should know"), lines=2),
        ),
        one=lazy("Provision"),
        new="provision",
        page="law",
    ),
    "glossary": PieceCollection(
        "glossary.yaml",
        (),
        (
            TranslatedInput("term", lazy("The word"), required=True),
            TranslatedInput(
                "means", lazy("What it means here"), lines=3, required=True
            ),
            LineInput("source", lazy("Where this comes from")),
        ),
        one=lazy("Word"),
        new="word",
        page="glossary",
    ),
    "indicators": PieceCollection(
        "indicators.yaml",
        ("indicators",),
        (
            TranslatedInput("title", lazy("What it shows"), required=True),
            TranslatedInput("counts", lazy("What is counted"), lines=2, required=True),
            TranslatedInput("of", lazy("Out of what"), lines=2),
            TranslatedInput("target", lazy("Target"), hint=lazy("Such as ≥ 90 %")),
            CodesInput(
                "by", lazy("Split by"), hint=lazy("Codes, separated by commas.")
            ),
            ChoicesInput(
                "steps", lazy("Steps it concerns"), offer=list_hand_step_choices
            ),
            ChoicesInput(
                "asks",
                lazy("Questions to the case’s team"),
                hint=lazy("Asked on a case’s outcomes page. Ask only what is used."),
                offer=list_question_choices,
            ),
            LineInput("source", lazy("Where this comes from"), required=True),
            VerifiedInput("checked", lazy("Someone has compared this with the source")),
        ),
        one=lazy("Indicator"),
        new="A01",
        page="indicators",
    ),
}


# --- pieces of which there is one


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
