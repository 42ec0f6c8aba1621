"""Forms for a person who imports a file."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from hashlib import sha256
from typing import Any
from zoneinfo import available_timezones

from django import forms
from django.core.files.uploadedfile import UploadedFile
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext_lazy

from amana.design.directory.taxonomy import ServiceType
from amana.errors import Unreadable
from amana.exchange.imports.models import ImportRow
from amana.exchange.sources.columns import MEANINGS, Meaning, iterate_meanings
from amana.exchange.sources.guessing import INSIDE
from amana.exchange.sources.mapping import (
    LINK,
    THINGS,
    UNUSED,
    Codes,
    SourceMapping,
    TableMapping,
    Terms,
    parse_mapping,
)
from amana.exchange.sources.mapping import LONGEST as LONGEST_MAPPING
from amana.exchange.sources.sketching import SourceSketch, TableSketch
from amana.exchange.sources.source_tables import MAIN
from amana.exchange.sources.terms import (
    FoundTerm,
    list_choices,
    require_known_codes,
)

LARGEST = 50 * 1024 * 1024


class ServiceFileForm(forms.Form):
    """A file of services, and what it is called."""

    file = forms.FileField(
        label=_("File"),
        help_text=_(
            "A table (CSV, XLSX), JSON, GeoJSON, HSDS, or a zip of these; up to 50 MB. "
            "Nothing changes until you confirm."
        ),
    )
    origin = forms.SlugField(
        label=_("Name of the source"),
        max_length=60,
        help_text=_(
            "Short, and the same each time you upload a file from this source: "
            "“city-services”. What its columns mean is remembered under it."
        ),
    )
    mapping = forms.FileField(
        label=_("What its columns mean, as a file"),
        required=False,
        help_text=_("If someone gave you one for files of this layout."),
    )

    def clean_file(self) -> UploadedFile[bytes]:
        file: UploadedFile[bytes] = self.cleaned_data["file"]
        if file.size and file.size > LARGEST:
            raise forms.ValidationError(_("The file is larger than 50 MB."))
        return file

    def clean_mapping(self) -> SourceMapping | None:
        file: UploadedFile[bytes] | None = self.cleaned_data["mapping"]
        if file is None:
            return None
        try:
            mapping = parse_mapping(file.read(LONGEST_MAPPING + 1))
            require_known_codes(mapping)
        except Unreadable as error:
            raise forms.ValidationError(f"{error.where}: {error.what}") from error
        return mapping


class FixRowForm(forms.Form):
    """The fields that a row lacked, so that it can be placed after all."""

    name = forms.CharField(label=_("Name of the service"), max_length=200)
    organisation = forms.CharField(label=_("Organisation"), max_length=200)
    types = forms.MultipleChoiceField(
        label=_("What it offers"), choices=ServiceType, widget=forms.SelectMultiple
    )

    @classmethod
    def of(cls, row: ImportRow, data: object = None) -> "FixRowForm":
        initial = {
            "name": row.values.get("name", ""),
            "organisation": row.organisation,
            "types": row.values.get("types", []),
        }
        return cls(data, initial=initial)  # type: ignore[arg-type]


# -- what tables and columns mean ------------------------------------------------------

ROWS = {
    UNUSED: _("Nothing that is imported"),
    "service": _("A service, or something that only a service has"),
    "organisation": _("An organisation"),
    "place": _("A place or an address"),
    "phone": _("A telephone number"),
    "hours": _("Opening hours"),
    "language": _("A language spoken"),
    "served": _("An area whose people it serves"),
    "term": _("A kind of help"),
    LINK: _("Which of two other tables belong together"),
}
"""What a row of a table can be."""
GROUPS = {
    "service": _("The service"),
    "organisation": _("Its organisation"),
    "place": _("Where it is"),
    "phone": _("A telephone number"),
    "hours": _("Opening hours"),
    "language": _("Languages"),
    "served": _("Whom it serves"),
    "term": _("A kind of help"),
}
KINDS = "service.types"
NONE = "-"
"""The choice of nothing: one is always made, so that no field is optional."""
NAMES_ROW = "names:"
"""Before the table and column whose rows a column names."""
NO_CODE = "none"
"""The choice that a word means nothing to us."""
TERMS_AT_ONCE = 100


@dataclass
class ColumnPart:
    """One column, as a page shows it."""

    name: str
    examples: list[str]
    filled: int
    field: forms.BoundField
    kinds: forms.BoundField | None


@dataclass
class TablePart:
    """One table, as a page shows it."""

    name: object
    rows: int
    field: forms.BoundField
    used: list[ColumnPart]
    unused: list[ColumnPart]


class MappingForm(forms.Form):
    """What each table and each column of a file is."""

    def __init__(
        self,
        file: SourceSketch,
        mapping: SourceMapping,
        guess: Callable[[str, str], TableMapping],
        data: Any = None,
    ) -> None:
        """`guess` tells what the columns of a table mean, if it is this thing."""
        super().__init__(data)
        self.file, self.mapping, self.guess = file, mapping, guess
        self.fields["zone"] = forms.ChoiceField(
            label=_("Time zone of the opening hours"),
            choices=[(NONE, _("That of this installation")), *list_zones()],
            initial=mapping.zone or NONE,
        )
        for number, table in enumerate(file.tables):
            self.fields[f"table-{number}"] = forms.ChoiceField(
                label=_("What is one row?"),
                choices=[(thing or NONE, label) for thing, label in ROWS.items()],
                initial=mapping.get_table(table.name).thing or NONE,
            )
            for place, column in enumerate(self.list_columns(table)):
                self.add_column(f"{number}-{place}", table, column)

    def list_columns(self, table: TableSketch) -> list[str]:
        """List the columns that are asked for: none of a table that is not imported."""
        return table.columns if self.mapping.get_table(table.name).thing else []

    def add_column(self, key: str, table: TableSketch, column: str) -> None:
        mapped = self.mapping.get_table(table.name)
        meanings, link = mapped.columns.get(column, ()), mapped.links.get(column)
        held = name_link(self.file, link) if link else next(iter(meanings), "")
        self.fields[f"column-{key}"] = forms.ChoiceField(
            label=column,
            choices=list_meanings(mapped.thing, self.file, held),
            initial=held or NONE,
        )
        if held == "service.name":
            self.fields[f"kinds-{key}"] = forms.BooleanField(
                label=_("The name also shows the kind of help"),
                initial=KINDS in meanings,
                required=False,
            )

    def iterate_tables(self) -> Iterator[TablePart]:
        for number, table in enumerate(self.file.tables):
            parts = [
                self.build_column(f"{number}-{place}", table, column)
                for place, column in enumerate(self.list_columns(table))
            ]
            yield TablePart(
                _("The file") if table.name == MAIN else table.name,
                table.rows,
                self[f"table-{number}"],
                [part for part in parts if part.field.value() != NONE],
                [part for part in parts if part.field.value() == NONE],
            )

    def build_column(self, key: str, table: TableSketch, column: str) -> ColumnPart:
        kinds = f"kinds-{key}"
        return ColumnPart(
            column,
            table.examples[column],
            table.filled[column],
            self[f"column-{key}"],
            self[kinds] if kinds in self.fields else None,
        )

    def build_mapping(self) -> SourceMapping:
        """Build the mapping that was entered. Of a table that was not imported before
        the columns are guessed."""
        tables = {
            table.name: self.build_table(number, table)
            for number, table in enumerate(self.file.tables)
        }
        zone = self.get_choice("zone")
        return replace(self.mapping, tables=tables, zone=zone)

    def get_choice(self, field: str) -> str:
        """Get what was chosen; empty if it was nothing."""
        chosen: str = self.cleaned_data[field]
        return "" if chosen == NONE else chosen

    def build_table(self, number: int, table: TableSketch) -> TableMapping:
        before = self.mapping.get_table(table.name)
        thing = self.get_choice(f"table-{number}")
        if thing != before.thing:
            return self.guess(table.name, thing)
        columns: dict[str, tuple[str, ...]] = {}
        links: dict[str, tuple[str, str]] = {}
        for place, column in enumerate(self.list_columns(table)):
            said = self.get_choice(f"column-{number}-{place}")
            if said.startswith(NAMES_ROW):
                links[column] = self.read_link(said)
            elif said:
                kinds = self.cleaned_data.get(f"kinds-{number}-{place}")
                held = before.columns.get(column, ())
                columns[column] = add_meanings(said, held, kinds=kinds)
        return TableMapping(thing, columns, links)

    def read_link(self, said: str) -> tuple[str, str]:
        table, column = map(int, said.removeprefix(NAMES_ROW).split("-"))
        other = self.file.tables[table]
        return other.name, other.columns[column]


def name_link(file: SourceSketch, link: tuple[str, str]) -> str:
    """Name the choice of a link by places, since headings may hold any sign; empty
    where the file has no such column."""
    for number, table in enumerate(file.tables):
        if table.name == link[0] and link[1] in table.columns:
            return f"{NAMES_ROW}{number}-{table.columns.index(link[1])}"
    return ""


def add_meanings(
    said: str, held: tuple[str, ...], *, kinds: bool | None
) -> tuple[str, ...]:
    """Add to what was chosen for a column what a shared mapping gave it besides, and
    the kind of help where its box is ticked. None: there was no box."""
    others = held[1:] if held[:1] == (said,) else ()
    if kinds is not None:
        others = tuple(code for code in others if code != KINDS)
        others += (KINDS,) if kinds else ()
    return (said, *others)


def list_zones() -> list[tuple[str, str]]:
    return [(zone, zone) for zone in sorted(available_timezones()) if "/" in zone]


type Choices = list[tuple[Any, Any]]


def list_meanings(thing: str, file: SourceSketch, held: str) -> Choices:
    """List what a column of such a table can mean, and whose rows it can name."""
    near = INSIDE.get(thing, ())
    ordered = [*near, *(name for name in THINGS if name not in near)]
    groups: Choices = [(NONE, _("Not used"))]
    for name in ordered:
        choices = [(m.code, m.label) for m in iterate_meanings(name)]
        groups.append((GROUPS[name], choices))
    links = [
        (choice, f"{table.name}: {column}")
        for number, table in enumerate(file.tables)
        for place, column in enumerate(table.columns)
        if (choice := f"{NAMES_ROW}{number}-{place}") == held
        or (not table.above and column == table.key)
    ]
    if links:
        groups.append((_("Names a row of another table"), links))
    return groups


class TermsForm(forms.Form):
    """What their words mean, one decision a word; and which kinds of help services
    without one get by words in their names."""

    def __init__(
        self,
        terms: Sequence[FoundTerm],
        kinds: Mapping[str, int],
        accepted: Codes = (),
        data: Any = None,
    ) -> None:
        super().__init__(data)
        self.terms = terms[:TERMS_AT_ONCE]
        found = {kind: kinds.get(kind, 0) for kind in (*kinds, *accepted)}
        if found:
            self.fields["kinds"] = forms.MultipleChoiceField(
                label=_("Services without a kind of help"),
                choices=[
                    (kind, f"{ServiceType(kind).label} ({number})")
                    for kind, number in found.items()
                ],
                initial=list(accepted),
                required=False,
                widget=forms.CheckboxSelectMultiple,
                help_text=_(
                    "Words in their names and descriptions suggest these. Check some "
                    "of them before you accept a kind: a word can mean something else. "
                    "Each service gets a remark that its kind was found by words."
                ),
            )
        for term in self.terms:
            first = next(iter(term.shown), NONE if term.decided is None else NO_CODE)
            self.fields[name_field(term)] = forms.ChoiceField(
                label=term.word,
                choices=[
                    (NONE, _("Not decided")),
                    (NO_CODE, _("Means nothing here")),
                    *list_choices(term.field),
                ],
                initial=first,
                help_text=ngettext_lazy(
                    "%(n)s time in the file", "%(n)s times in the file", "n"
                )
                % {"n": term.times},
            )

    def iterate_fields(self) -> Iterator[tuple[str, list[forms.BoundField]]]:
        """Yield each field of a service with the words that may fill it."""
        found: dict[str, list[forms.BoundField]] = {}
        for term in self.terms:
            found.setdefault(term.field, []).append(self[name_field(term)])
        for name, fields in found.items():
            yield str(get_meaning(name).label), fields

    def build_terms(self) -> Terms:
        """Build what was decided; words of which nothing was chosen stay open."""
        found: dict[str, dict[str, Codes]] = {}
        for term in self.terms:
            said = self.cleaned_data[name_field(term)]
            if said != NONE:
                codes = () if said == NO_CODE else self.keep_others(term, said)
                found.setdefault(term.field, {})[term.word] = codes
        return found

    @staticmethod
    def keep_others(term: FoundTerm, said: str) -> Codes:
        """Keep what a shared mapping decided beyond the one code that a page asks."""
        return term.decided if term.decided and term.decided[0] == said else (said,)


def name_field(term: FoundTerm) -> str:
    """Name the field of a word by the word itself: a page that was opened before others
    were decided must not decide on another one."""
    key = f"{term.field}:{term.word}".encode()
    return f"term-{sha256(key).hexdigest()[:16]}"


def get_meaning(codes: str) -> Meaning:
    return next(m for m in MEANINGS.values() if m.codes == codes)
