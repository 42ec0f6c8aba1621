"""The pieces of a mechanism that people write: where each stands, and what is asked."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any
from zoneinfo import available_timezones

from django.utils.translation import gettext_lazy as lazy

from amana.design.mechanism import outline as outlines
from amana.design.mechanism import sentences
from amana.design.mechanism.asked import ASKED
from amana.design.mechanism.closing_days import Holidays
from amana.design.mechanism.counting import (
    HowMany,
    Number,
    Numbers,
    Places,
    Shares,
    codes_at_the_start,
    given_codes,
    interruptions,
    messages_awaited,
)
from amana.design.mechanism.forms import (
    Ask,
    Awaited,
    Checked,
    Choices,
    Codes,
    Day,
    Gives,
    HowLong,
    InOrder,
    Line,
    One,
    Said,
    Several,
    Tick,
    Ways,
    Words,
    all_steps,
    lists,
    of_words,
    organisations,
    roles,
    roles_and_partners,
    steps_by_hand,
    sub_pathways,
    tables,
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


def as_it_stands(said: Any) -> Any:
    return said


@dataclass(frozen=True)
class Piece:
    """What one form writes: a place in a file, and the questions about it."""

    path: str
    place: Place
    asks: tuple[Ask, ...]
    title: Words
    whole: bool = False
    opened: Callable[[Any], Any] = as_it_stands
    """What stands there, as its questions ask for it."""
    closed: Callable[[Any], Any] = as_it_stands
    """The answers, as they are to stand there."""


@dataclass(frozen=True)
class Collection:
    """Pieces of one kind, each under a code: organisations, roles, words."""

    path: str
    place: Place
    asks: tuple[Ask, ...]
    one: Words
    """What one of them is called, on the page that adds one."""
    new: str
    """The code of one whose title can't be made into a code."""
    page: str
    """The page on which they stand."""
    whole: bool = False

    def piece(self, code: str, title: Words = "") -> Piece:
        return Piece(
            self.path, (*self.place, code), self.asks, title or self.one, self.whole
        )

    def taken(self, plain: Mapping[str, Any]) -> dict[str, Any]:
        found: Any = plain.get(self.path)
        for key in self.place:
            found = outlines.a_map(found).get(str(key))
        return outlines.a_map(found)


# --- steps


def forms_of(seen: Outline) -> Choices:
    return [(name, sentences.readable(name)) for name in seen.forms]


def instruments_of(seen: Outline) -> Choices:
    return [
        (name, sentences.readable(name))
        for path in seen.plain
        if path.startswith("screening/")
        for name in [path.removeprefix("screening/").removesuffix(".yaml")]
    ]


def questions(seen: Outline) -> Choices:
    return list(ASKED.items())


ENDS = "–"
NEXT = One(
    "next",
    lazy("What comes next"),
    hint=lazy("If nothing comes next, this branch ends here."),
    offer=all_steps,
    nothing=lazy("Nothing: it ends here"),
)

STEPS: dict[str, tuple[Ask, ...]] = {
    "do": (
        Said("do", lazy("What is done"), required=True),
        Said("how", lazy("How to do it well"), lines=3),
        One("role", lazy("Who does it"), required=True, offer=roles),
        HowLong(
            "due",
            lazy("By when"),
            hint=lazy("One time limit for all, or one for each urgency."),
        ),
        HowLong("remind", lazy("Reminder before deadline")),
        InOrder("late", lazy("Who is notified if late"), offer=roles),
        One("form", lazy("Form"), offer=forms_of, nothing=lazy("No form")),
        One(
            "screening",
            lazy("Screening instrument"),
            offer=instruments_of,
            nothing=lazy("No instrument"),
        ),
        Gives(
            "gives",
            lazy("What is recorded at the end"),
            hint=lazy(
                "Codes only, on which the pathway depends: nothing about a person."
            ),
        ),
        NEXT,
        Line(
            "end",
            lazy("If the case ends here, how"),
            hint=lazy("A short code, such as closed. Otherwise leave it empty."),
            code=True,
            most=60,
        ),
    ),
    "choose": (Ways("choose", lazy("Where it leads"), required=True),),
    "together": (
        Several(
            "together",
            lazy("Steps that start together"),
            required=True,
            offer=all_steps,
        ),
        One(
            "each",
            lazy("Once for each"),
            offer=lists,
            nothing=lazy("Once only"),
        ),
        NEXT,
    ),
    "decide": (
        One("decide", lazy("Table that decides"), required=True, offer=tables),
        Line(
            "gives",
            lazy("Name for its result"),
            required=True,
            code=True,
            most=60,
        ),
        NEXT,
    ),
    "tell": (
        One("tell", lazy("Who is notified"), required=True, offer=roles_and_partners),
        Line(
            "message",
            lazy("Message"),
            hint=lazy("A short code, such as transfer proposed."),
            required=True,
            code=True,
            most=60,
        ),
        NEXT,
    ),
    "wait": (Awaited("wait", lazy("What is expected")),),
    "part": (
        One("part", lazy("Part to go through"), required=True, offer=sub_pathways),
        NEXT,
    ),
}


def step_piece(seen: Outline, key: str) -> Piece:
    step = seen.steps[key]
    return Piece(PATHWAY, step.place, STEPS[step.kind], sentences.title_of(seen, key))


# --- collections


COLLECTIONS: dict[str, Collection] = {
    "organisations": Collection(
        MECHANISM,
        ("organisations",),
        (
            Line("name", lazy("Name"), required=True, most=200),
            One("sphere", lazy("Sphere"), required=True, offer=of_words(SPHERES)),
            One(
                "kind",
                lazy("Kind"),
                required=True,
                offer=of_words(sentences.KINDS_OF_ORGANISATION),
            ),
        ),
        one=lazy("Organisation"),
        new="organisation",
        page="who",
    ),
    "roles": Collection(
        MECHANISM,
        ("roles",),
        (
            Said("title", lazy("Name of the role"), required=True),
            Said("does", lazy("What it is for"), lines=3, required=True),
            Said("calls", lazy("Whom they call for help"), lines=2),
            Several(
                "who",
                lazy("Eligible organisations"),
                required=True,
                offer=organisations,
            ),
            One(
                "access_role",
                lazy("What they may do in Amana"),
                required=True,
                offer=of_words(ACCESS),
            ),
            One("sphere", lazy("Sphere"), required=True, offer=of_words(SPHERES)),
            Tick("may_refer", lazy("They may send referrals")),
            Codes(
                "certificates",
                lazy("Certificates that they must hold"),
                hint=lazy("Codes, separated by commas."),
            ),
        ),
        one=lazy("Role"),
        new="role",
        page="who",
    ),
    "partners": Collection(
        MECHANISM,
        ("partners",),
        (Said("partner", lazy("Who it is"), required=True),),
        one=lazy("Partner elsewhere"),
        new="partner",
        page="who",
        whole=True,
    ),
    "duties": Collection(
        MECHANISM,
        ("duties",),
        (
            Said("title", lazy("Activity"), required=True),
            Several("does", lazy("Who does it (R)"), required=True, offer=roles),
            One(
                "answers_for",
                lazy("Who is accountable (A)"),
                required=True,
                offer=roles,
            ),
            Several("is_asked", lazy("Who is consulted before (C)"), offer=roles),
            Several("is_told", lazy("Who is informed after (I)"), offer=roles),
        ),
        one=lazy("Activity"),
        new="work",
        page="duties",
    ),
    "interrupts": Collection(
        PATHWAY,
        ("interrupts",),
        (
            Line(
                "on",
                lazy("When this happens"),
                hint=lazy("A code, such as consent_withdrawn."),
                required=True,
                code=True,
                most=60,
            ),
            One("next", lazy("The case goes to"), required=True, offer=all_steps),
            Several("keeps", lazy("Steps that stay open"), offer=steps_by_hand),
        ),
        one=lazy("What may happen at any time"),
        new="interrupt",
        page="steps",
    ),
    "law": Collection(
        "law.yaml",
        (),
        (
            Said("instrument", lazy("Law, treaty or guideline"), required=True),
            Day(
                "ratified_on",
                lazy("Binding here since"),
                hint=lazy("Leave empty if it is not binding here."),
            ),
            Said("provision", lazy("Article or principle"), required=True),
            Said("obliges", lazy("What it requires of us"), lines=3, required=True),
            Several("honoured_by", lazy("Steps that honour it"), offer=steps_by_hand),
            Line("source", lazy("Where to read it"), required=True, most=500),
            # Honest about sources: until a person has compared it, readers see that it
            # is unchecked.
            Checked("checked", lazy("Someone has compared this with the source")),
            Said("note", lazy("What else readers should know"), lines=2),
        ),
        one=lazy("Provision"),
        new="provision",
        page="law",
    ),
    "glossary": Collection(
        "glossary.yaml",
        (),
        (
            Said("term", lazy("The word"), required=True),
            Said("means", lazy("What it means here"), lines=3, required=True),
            Line("source", lazy("Where this comes from")),
        ),
        one=lazy("Word"),
        new="word",
        page="glossary",
    ),
    "indicators": Collection(
        "indicators.yaml",
        ("indicators",),
        (
            Said("title", lazy("What it shows"), required=True),
            Said("counts", lazy("What is counted"), lines=2, required=True),
            Said("of", lazy("Out of what"), lines=2),
            Said("target", lazy("Target"), hint=lazy("Such as ≥ 90 %")),
            Codes("by", lazy("Split by"), hint=lazy("Codes, separated by commas.")),
            Several("steps", lazy("Steps it concerns"), offer=steps_by_hand),
            Several(
                "asks",
                lazy("Questions to the case’s team"),
                hint=lazy("Asked on a case’s outcomes page. Ask only what is used."),
                offer=questions,
            ),
            Line("source", lazy("Where this comes from"), required=True),
            Checked("checked", lazy("Someone has compared this with the source")),
        ),
        one=lazy("Indicator"),
        new="A01",
        page="indicators",
    ),
}


# --- pieces of which there is one


def zones(seen: Outline) -> Choices:
    return [(zone, zone.replace("_", " ")) for zone in sorted(available_timezones())]


ABOUT = Piece(
    MECHANISM,
    (),
    (
        Said("title", lazy("Name of the mechanism"), required=True),
        Said("notice", lazy("Notice on every printed page"), lines=2),
        Said("jurisdiction", lazy("Where it applies"), required=True),
        Day("review_on", lazy("Next full review")),
        HowLong(
            # Between the second person's confirmation and the removal, colleagues can
            # still stop it (ADR 53).
            "keys_taken_after",
            lazy("Delay before a colleague’s keys are removed"),
            hint=lazy(
                "Counted from a second person’s confirmation. One day if left empty."
            ),
            by_urgency=False,
        ),
        Several(
            "signed_by",
            lazy("Organisations that sign it"),
            hint=lazy("If none is ticked, all of them sign."),
            offer=organisations,
        ),
    ),
    lazy("The mechanism as a whole"),
)

CALENDAR = Piece(
    MECHANISM,
    ("calendar",),
    (
        One("zone", lazy("Time zone"), required=True, offer=zones),
        Several(
            "weekend",
            lazy("Days on which offices are closed"),
            offer=of_words(sentences.WEEKDAYS),
            # Offices that never close have an empty list; a missing one would not state
            # so.
            empty_list=True,
        ),
        Line("opens", lazy("Offices open at"), hint=lazy("Such as 08:00"), most=5),
        Line("closes", lazy("Offices close at"), hint=lazy("Such as 16:00"), most=5),
        Holidays("holidays", lazy("Holidays")),
    ),
    lazy("Working days and holidays"),
)

CLOCKS = {
    urgency: Piece(
        MECHANISM,
        ("clocks", urgency),
        tuple(
            HowLong(name, label, required=True, by_urgency=False)
            for name, label in sentences.CLOCK.items()
        ),
        label,
    )
    for urgency, label in sentences.URGENCY.items()
}

SHARING = Piece(
    MECHANISM,
    ("sharing",),
    tuple(
        Several(
            # Only what the ceiling of a sphere allows can be ticked: no mechanism,
            # however many sign it, may share more than that (ADR 9).
            sphere.value,
            sphere.label,
            hint=lazy("Nothing may ever be shared with it.")
            if not CEILING[sphere]
            else "",
            offer=of_words(
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
    "people": Piece(
        CAPACITY,
        (),
        (
            Number(
                "arrivals_per_day",
                lazy("People arriving per working day"),
                required=True,
            ),
            Number(
                "hours_a_day",
                lazy("Hours a day each post spends on this work"),
                most=24,
            ),
            Numbers(
                "staff",
                lazy("Staff, in full-time posts"),
                required=True,
                offer=roles,
                most=100_000,
            ),
            Places("places", lazy("Beds and places")),
        ),
        lazy("Arrivals, staff and places"),
    ),
    "work": Piece(
        CAPACITY,
        (),
        (
            Numbers(
                "work_hours",
                lazy("Hours of one person’s work at each step"),
                hint=lazy("All visits, calls and paperwork of the step together."),
                required=True,
                offer=steps_by_hand,
            ),
        ),
        lazy("Work per step"),
    ),
    "chances": Piece(
        CAPACITY,
        (),
        (
            Shares(
                "starts_with",
                lazy("How incoming cases differ"),
                hint=PER_CENT,
                among=codes_at_the_start,
            ),
            Shares(
                "chance",
                lazy("How often each answer occurs"),
                hint=PER_CENT,
                among=given_codes,
            ),
            HowMany("items", lazy("How many there are"), hint=PER_CENT, offer=lists),
            Shares(
                "answers",
                lazy("How often each expected message arrives"),
                hint=PER_CENT,
                among=messages_awaited,
                some_left=True,
            ),
            Numbers(
                "interrupts",
                lazy("How often this happens in a case"),
                hint=PER_CENT,
                offer=interruptions,
                percent=True,
            ),
        ),
        lazy("How often things happen"),
    ),
}
"""Of `capacity.yaml`: one file, asked for in three parts."""
