"""What a case's sealed records may hold, field by field: the words of a consent.

A consent names fields as `compartment.field`; a disclosure carries exactly those.
What a field holds follows from its kind:

    line, text     words                       yes_no        "yes", "no", "unsure" or ""
    number         a whole number, or ""       choice        one code, or ""
    date           "2003-05-01" or "2003"      choices       a list of codes
    companions     see `companions.py`
"""

from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass
from typing import Literal

from django.db import models
from django.utils.functional import Promise
from django.utils.translation import gettext, pgettext_lazy
from django.utils.translation import gettext_lazy as _

from amana.care.cases import companions
from amana.design.directory.codes import list_countries, list_languages
from amana.design.directory.common_languages import list_common_languages
from amana.design.directory.taxonomy import (
    Accessibility,
    Exploitation,
    LegalStatus,
    PlaceTrait,
    RequiredDocument,
)
from amana.trust.vault.compartments import Compartment as C
from amana.ui.labels import format_list
from amana.ui.typed import parse_small_int

Kind = Literal[
    "line", "text", "number", "date", "yes_no", "choice", "choices", "companions"
]
Choices = Sequence[tuple[str, str | Promise]]


class YesNo(models.TextChoices):
    """An answer is never required; in doubt the person gets the better protection."""

    YES = "yes", _("Yes")
    NO = "no", _("No")
    UNSURE = "unsure", _("Unsure")


class Sex(models.TextChoices):
    """As the person describes it; the codes are the directory's."""

    FEMALE = "female", _("Woman or girl")
    MALE = "male", _("Man or boy")
    OTHER = "other", _("Another gender")


class Flag(models.TextChoices):
    """What may have happened. Several can be so at once, and none excludes another."""

    TRAFFICKING = "trafficking", _("Trafficking")
    SMUGGLING = "smuggling", _("Smuggling")
    AGGRAVATED_SMUGGLING = "aggravated_smuggling", _("Smuggling, with danger or abuse")
    GBV = "gbv", _("Gender-based violence")
    ASYLUM = "asylum", _("May need asylum")
    CHILD = "child", _("Child")
    LABOUR = "labour", _("Labour exploitation")
    HEALTH = "health", _("Health")


class ContactChannel(models.TextChoices):
    """How a person can be reached without danger."""

    CALL = "call", _("Call")
    MESSAGE = "message", _("Written message")
    VISIT = "visit", _("Meet in person")
    THROUGH = "through", _("Through someone they trust")
    NONE = "none", _("They contact us; we never contact them")


class GuardianState(models.TextChoices):
    HERE = "here", _("A parent or guardian is here")
    ELSEWHERE = "elsewhere", _("There is one, elsewhere")
    NEEDED = "needed", _("None: one has to be appointed")
    APPOINTED = "appointed", _("Appointed by an authority")


class Assent(models.TextChoices):
    """What the child answered; by age: up to 11 informed, from 12 asked, from 15
    heard."""

    INFORMED = "informed", _("Informed, in words they understand")
    AGREES = "agrees", _("Agrees")
    DISAGREES = "disagrees", _("Does not agree")
    NOT_ASKED = "not_asked", _("Not asked yet")


@dataclass(frozen=True)
class RecordField:
    """One field of a compartment's `record` document."""

    compartment: C
    name: str
    label: str | Promise
    kind: Kind = "line"
    choices: Callable[[], Choices] | None = None
    hint: str | Promise = ""
    of_need: bool = False
    """Not in the record: each need has its own, in a document (`Need.document`)."""
    often: Callable[[], Collection[str]] = tuple
    """Codes out of many that are common here."""

    @property
    def key(self) -> str:
        return f"{self.compartment}.{self.name}"

    def said(self, value: object) -> str:
        """Format the value for display."""
        if value in (None, "", []):
            return ""
        if self.kind == "companions":
            return companions.format_companions(value)
        if self.kind == "yes_no":
            return label_code(value, list(YesNo.choices))
        if self.kind == "choice" and self.choices:
            return label_code(value, self.choices())
        if self.kind == "choices" and self.choices and isinstance(value, list):
            offered = self.choices()
            return format_list(label_code(code, offered) for code in value)
        return str(value)


def label_code(code: object, offered: Choices) -> str:
    return next((str(label) for value, label in offered if value == code), str(code))


def build_choices(choices: type[models.TextChoices]) -> Callable[[], Choices]:
    return lambda: list(choices.choices)


FIELDS: dict[str, RecordField] = {
    field.key: field
    for field in (
        RecordField(C.IDENTITY, "name", _("What they want to be called")),
        RecordField(
            C.IDENTITY,
            "other_names",
            _("Other names, and names of parents"),
            hint=_(
                "The names of the father, grandfather and mother help you find a "
                "case again."
            ),
        ),
        RecordField(
            C.IDENTITY,
            "birth_date",
            _("Date or year of birth"),
            "date",
            hint=_("For example 2003-05-01, or just 2003."),
        ),
        RecordField(C.IDENTITY, "age", _("Age"), "number"),
        RecordField(
            C.IDENTITY,
            "child",
            _("May be under 18"),
            "yes_no",
            hint=_("If in doubt, the person is treated as a child."),
        ),
        RecordField(
            C.IDENTITY, "sex", _("Sex or gender"), "choice", build_choices(Sex)
        ),
        RecordField(
            C.IDENTITY, "nationality", _("Nationality"), "choices", list_countries
        ),
        RecordField(
            C.IDENTITY,
            "languages",
            _("Languages spoken"),
            "choices",
            list_languages,
            often=list_common_languages,
        ),
        RecordField(
            C.IDENTITY,
            "guardian",
            _("Who the guardian is"),
            hint=_("If the person is a child."),
        ),
        RecordField(
            C.IDENTITY,
            "guardian_state",
            _("Guardian status"),
            "choice",
            build_choices(GuardianState),
        ),
        RecordField(
            C.IDENTITY,
            "guardian_suspect",
            _("The guardian may be involved in the harm"),
            "yes_no",
            hint=_(
                "This guardian can’t agree to anything for the child. Requests that "
                "depend on their consent end."
            ),
        ),
        RecordField(
            C.IDENTITY, "assent", _("Child’s assent"), "choice", build_choices(Assent)
        ),
        RecordField(C.IDENTITY, "origin", _("Place of origin")),
        RecordField(
            C.CONTACT,
            "channel",
            _("Safe way to make contact"),
            "choice",
            build_choices(ContactChannel),
        ),
        RecordField(C.CONTACT, "number", _("Number or address for contact")),
        RecordField(C.CONTACT, "hours", _("When contact is safe")),
        RecordField(C.CONTACT, "who", _("Who may answer")),
        RecordField(
            C.CONTACT,
            "code_word",
            _("Code word"),
            hint=_("The words we use first, and their answer if it is safe."),
        ),
        RecordField(C.CONTACT, "never", _("What must never be done")),
        RecordField(
            C.NEEDS,
            "words",
            _("What is needed, in the person’s words"),
            "text",
            of_need=True,
        ),
        RecordField(
            C.NEEDS,
            "area",
            _("Where they are now"),
            hint=_("Town or area, and the spot if it helps: “Tamra, gate 3”."),
        ),
        RecordField(C.NEEDS, "companions", _("Who is with them"), "companions"),
        RecordField(
            C.NEEDS,
            "disability",
            _("Disability or communication needs"),
            "choices",
            build_choices(Accessibility),
        ),
        RecordField(C.NEEDS, "interpreter", _("Interpreter wanted")),
        RecordField(C.NEEDS, "safety", _("Safety information for hosts"), "text"),
        RecordField(
            C.NEEDS, "wishes", _("Wishes: areas, people or places to avoid"), "text"
        ),
        RecordField(
            C.NEEDS,
            "refuses",
            _("Types of place not wanted"),
            "choices",
            build_choices(PlaceTrait),
        ),
        RecordField(
            C.NEEDS,
            "prefers",
            _("Types of place preferred"),
            "choices",
            build_choices(PlaceTrait),
        ),
        RecordField(
            C.NARRATIVE, "account", _("What happened, in the person’s words"), "text"
        ),
        RecordField(
            C.NARRATIVE,
            "risks",
            _("Risks, and the person’s view of them"),
            "text",
        ),
        RecordField(
            C.NARRATIVE,
            "flags",
            _("Flags: what may have happened"),
            "choices",
            build_choices(Flag),
            hint=_("Tick all that may apply."),
        ),
        RecordField(
            C.NARRATIVE,
            "exploitation",
            _("Forms of exploitation mentioned"),
            "choices",
            build_choices(Exploitation),
        ),
        RecordField(C.HEALTH, "summary", _("Health needs"), "text"),
        RecordField(C.HEALTH, "medicines", _("Medicines and allergies"), "text"),
        RecordField(C.HEALTH, "pregnancy", _("Pregnancy"), "yes_no"),
        RecordField(C.LEGAL, "situation", _("Legal situation"), "text"),
        RecordField(
            C.LEGAL, "proceedings", _("Proceedings, charges and dates"), "text"
        ),
        RecordField(
            C.MIGRATION,
            "status",
            _("Migration status"),
            "choice",
            build_choices(LegalStatus),
        ),
        RecordField(
            C.MIGRATION,
            "documents",
            _("Identity and travel documents they have"),
            "choices",
            build_choices(RequiredDocument),
        ),
        RecordField(C.MIGRATION, "documents_held", _("Documents held by someone else")),
        RecordField(
            C.MIGRATION,
            "removal",
            pgettext_lazy(
                "date on which someone is detained or sent away",
                "Detention or removal date",
            ),
        ),
        RecordField(C.EVIDENCE, "items", _("Items of evidence"), "text"),
    )
}


def list_fields(compartment: C) -> list[RecordField]:
    """List the fields that the record of a part holds."""
    return [
        field
        for field in FIELDS.values()
        if field.compartment is compartment and not field.of_need
    ]


def list_field_names(parts: Collection[C], keys: Collection[str]) -> list[str]:
    """List the names of these fields for a reader of `parts`; of any other part only
    that there is something."""
    known = [field for key, field in FIELDS.items() if key in keys]
    names = [str(field.label) for field in known if field.compartment in parts]
    # The name of a field already reveals something: "Pregnancy", "Detention date".
    return names + [format_some_of(part) for part in list_closed_parts(parts, keys)]


def list_closed_parts(parts: Collection[C], keys: Collection[str]) -> list[C]:
    """List the parts of these fields, without `parts`."""
    theirs = {C(key.partition(".")[0]) for key in keys}
    return [part for part in C if part in theirs and part not in parts]


def format_some_of(part: C) -> str:
    return gettext("%(part)s: some details") % {"part": part.label}


@dataclass(frozen=True)
class FieldText:
    """A field and its value, formatted for display."""

    field: RecordField
    words: str


def list_filled_fields(compartment: C, record: Mapping[str, object]) -> list[FieldText]:
    """List what a record holds, field by field, without what is empty."""
    said = [FieldText(f, f.said(record.get(f.name))) for f in list_fields(compartment)]
    return [line for line in said if line.words]


def compute_age_group(identity: Mapping[str, object], *, said_at_gate: str) -> str:
    """Compute the age group of a new case, as a code. In doubt the person is not taken
    for an adult."""
    age = parse_small_int(str(identity.get("age") or "").strip())
    said = identity.get("child") or said_at_gate
    if (age is not None and age < 18) or said == YesNo.YES:
        # Known from the gate alone it stays "unsure": "Could they be under 18?" asks
        # about a possibility, the record about an age.
        return "child" if identity.get("child") or age is not None else "unsure"
    if age is not None or said == YesNo.NO:
        return "unsure" if said == YesNo.UNSURE else "adult"
    return "unsure"


def may_be_child(identity: Mapping[str, object]) -> bool:
    """Ask whether the person may be under 18: it is recorded, suspected or in doubt.
    This is the presumption of minority."""
    age = parse_small_int(str(identity.get("age") or "").strip())
    if identity.get("child") in (YesNo.YES, YesNo.UNSURE):
        return True
    return age is not None and age < 18
