"""What a case's sealed records may hold, field by field: the words of a consent.

`fields.yaml` has the fields, and the lists that they choose from. A consent names
fields as `compartment.field`; a disclosure carries exactly those.
What a field holds follows from its kind:

    line, text     words                       yes_no        "yes", "no", "unsure" or ""
    number         a whole number, or ""       choice        one code, or ""
    date           "2003-05-01" or "2003"      choices       a list of codes
    companions     see `companions.py`
"""

from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Literal

from django.db import models
from django.utils.translation import gettext

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
from amana.reviewed_files import FileCodes, Text, name_codes, read_reviewed
from amana.trust.vault.compartments import Compartment as C
from amana.ui.labels import format_list
from amana.ui.typed import parse_small_int

Kind = Literal[
    "line", "text", "number", "date", "yes_no", "choice", "choices", "companions"
]
Choices = Sequence[tuple[str, Text]]


FILE = Path(__file__).with_suffix(".yaml")


def read_fields(file: Path) -> Any:
    """Read the fields, and the lists that they choose from. Raises FaultyFile."""
    return read_reviewed(file, {"compartment": C.values})


READ = read_fields(FILE)
CODES = READ["codes"]


class YesNo(FileCodes):
    """An answer is never required; in doubt the person gets the better protection."""

    vars().update(name_codes(CODES["yes_no"]))


class Sex(FileCodes):
    """As the person describes it; the codes are the directory's."""

    vars().update(name_codes(CODES["sex"]))


class Flag(FileCodes):
    """What may have happened. Several can be so at once, and none excludes another."""

    vars().update(name_codes(CODES["flag"]))


class ContactChannel(FileCodes):
    """How a person can be reached without danger."""

    vars().update(name_codes(CODES["contact_channel"]))


class GuardianState(FileCodes):
    vars().update(name_codes(CODES["guardian_state"]))


class Assent(FileCodes):
    """What the child answered; by age: up to 11 informed, from 12 asked, from 15
    heard."""

    vars().update(name_codes(CODES["assent"]))


@dataclass(frozen=True)
class RecordField:
    """One field of a compartment's `record` document."""

    compartment: C
    name: str
    label: Text
    kind: Kind = "line"
    choices: Callable[[], Choices] | None = None
    hint: Text = ""
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


LISTS: Mapping[str, Callable[[], Choices]] = {
    "sex": build_choices(Sex),
    "flag": build_choices(Flag),
    "contact_channel": build_choices(ContactChannel),
    "guardian_state": build_choices(GuardianState),
    "assent": build_choices(Assent),
    "accessibility": build_choices(Accessibility),
    "exploitation": build_choices(Exploitation),
    "legal_status": build_choices(LegalStatus),
    "place_trait": build_choices(PlaceTrait),
    "required_document": build_choices(RequiredDocument),
    "countries": list_countries,
    "languages": list_languages,
}
OFTEN: Mapping[str, Callable[[], Collection[str]]] = {
    "common_languages": list_common_languages
}


def build_field(compartment: C, name: str, entry: Mapping[str, Any]) -> RecordField:
    return RecordField(
        compartment=compartment,
        name=name,
        label=entry["label"],
        kind=entry.get("kind", "line"),
        choices=LISTS[entry["choices"]] if "choices" in entry else None,
        hint=entry.get("hint", ""),
        of_need=entry.get("of_need", False),
        often=OFTEN[entry["often"]] if "often" in entry else tuple,
    )


FIELDS: dict[str, RecordField] = {
    field.key: field
    for part, entries in READ["fields"].items()
    for field in (build_field(C(part), *entry) for entry in entries.items())
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
