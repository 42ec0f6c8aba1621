"""Forms for a person who loads a file of areas."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from django import forms
from django.conf import settings
from django.core.files.uploadedfile import UploadedFile
from django.utils.translation import get_language_info, gettext_lazy
from django.utils.translation import gettext as _

from amana.design.directory.area_files import LONGEST_CODE, LONGEST_NAME
from amana.exchange.areas.area_mapping import (
    BY_BEGINNING,
    STEPS,
    AreaColumns,
    AreaMapping,
    AreaTable,
)
from amana.exchange.sources.source_tables import (
    MAIN,
    SourceFile,
    SourceTable,
    join_texts,
)

LARGEST = 50 * 1024 * 1024
NONE = "-"
"""The choice of nothing: one is always made, so that no field is optional."""
EXAMPLES = 3


class AreaFileForm(forms.Form):
    file = forms.FileField(
        label=gettext_lazy("File"),
        help_text=gettext_lazy(
            "GeoJSON, a table (CSV, XLSX) with p-codes, or a zip of these; up to 50 "
            "MB. Nothing changes until you confirm."
        ),
    )

    def clean_file(self) -> UploadedFile[bytes]:
        file: UploadedFile[bytes] = self.cleaned_data["file"]
        if file.size and file.size > LARGEST:
            raise forms.ValidationError(_("The file is larger than 50 MB."))
        return file


@dataclass
class TableFields:
    """The fields of one table, as a page shows them."""

    name: object
    rows: int
    own: list[forms.BoundField]
    above: list[forms.BoundField]
    """Of the areas above, where they have no rows of their own."""
    is_above_used: bool


class AreaMappingForm(forms.Form):
    """Which column of each table is the code, the name in each language, and the code
    of the area above."""

    root_code = forms.CharField(
        label=gettext_lazy("Code of the country"),
        max_length=LONGEST_CODE,
        required=False,
        help_text=gettext_lazy("For areas that have no area above them in the file."),
    )
    root_name = forms.CharField(
        label=gettext_lazy("Name of the country"),
        max_length=LONGEST_NAME,
        required=False,
        help_text=gettext_lazy("If it is in neither the file nor the directory."),
    )
    is_complete = forms.BooleanField(
        label=gettext_lazy("The file names all areas of its levels"),
        required=False,
        help_text=gettext_lazy(
            "Areas that are here and not in the file are then marked. None is deleted."
        ),
    )

    def __init__(
        self, file: SourceFile, mapping: AreaMapping, data: Any = None
    ) -> None:
        super().__init__(
            data,
            initial={
                "root_code": mapping.root_code,
                "root_name": mapping.root_name,
                "is_complete": mapping.is_complete,
            },
        )
        self.file, self.mapping = file, mapping
        for number, table in enumerate(file.tables):
            columns = mapping.tables.get(table.name, AreaTable())
            choices = list_columns(table)
            for step in range(STEPS):
                self.add_step(number, step, columns, choices)
            for name, label in PLACE.items():
                held = getattr(columns, name)
                self.add_choice(f"{name}-{number}", label, choices, held)

    def add_step(
        self, number: int, step: int, columns: AreaTable, choices: list[tuple[str, str]]
    ) -> None:
        held = columns.steps[step] if step < len(columns.steps) else AreaColumns()
        if step:
            # Values are shown once: a sheet may have hundreds of columns.
            choices = [
                (choice, choice if choice != NONE else text) for choice, text in choices
            ]
        code_choices = choices
        if step == 1:
            beginning = _("The beginning of its own code")
            code_choices = [*choices[:1], (BY_BEGINNING, beginning), *choices[1:]]
        label = CODE_LABELS[step]
        self.add_choice(f"code-{number}-{step}", label, code_choices, held.code)
        for code, language in list_page_languages():
            name = format_name_label(step, language)
            field = f"name-{number}-{step}-{code}"
            self.add_choice(field, name, choices, held.names.get(code, ""))

    def add_choice(
        self, name: str, label: object, choices: list[tuple[str, str]], held: str
    ) -> None:
        known = held in {choice for choice, _label in choices}
        self.fields[name] = forms.ChoiceField(
            label=str(label), choices=choices, initial=held if known else NONE
        )

    def iterate_tables(self) -> Iterator[TableFields]:
        for number, table in enumerate(self.file.tables):
            above = [
                self[name]
                for s in range(2, STEPS)
                for name in self.list_names(number, s)
            ]
            above = [
                *(self[name] for name in self.list_names(number, 1)[1:]),
                *above,
            ]
            own = [*self.list_names(number, 0), f"code-{number}-1"]
            yield TableFields(
                _("The file") if table.name == MAIN else table.name,
                len(table.rows),
                [self[name] for name in (*own, *(f"{n}-{number}" for n in PLACE))],
                above,
                any(field.value() != NONE for field in above),
            )

    def list_names(self, number: int, step: int) -> list[str]:
        names = [
            f"name-{number}-{step}-{code}" for code, _name in list_page_languages()
        ]
        return [f"code-{number}-{step}", *names]

    def build_mapping(self) -> AreaMapping:
        """Build the mapping that was entered."""
        said = self.cleaned_data
        tables = {
            table.name: self.build_table(number)
            for number, table in enumerate(self.file.tables)
        }
        root = said["root_code"].strip(), said["root_name"].strip()
        return AreaMapping(tables, *root, said["is_complete"])

    def build_table(self, number: int) -> AreaTable:
        steps = [self.build_step(number, step) for step in range(STEPS)]
        while len(steps) > 1 and not steps[-1].code:
            steps.pop()
        place = {name: self.get_choice(f"{name}-{number}") for name in PLACE}
        return AreaTable(tuple(steps), **place)

    def build_step(self, number: int, step: int) -> AreaColumns:
        names = {
            code: column
            for code, _language in list_page_languages()
            if (column := self.get_choice(f"name-{number}-{step}-{code}"))
        }
        return AreaColumns(self.get_choice(f"code-{number}-{step}"), names)

    def get_choice(self, field: str) -> str:
        chosen: str = self.cleaned_data[field]
        return "" if chosen == NONE else chosen


PLACE = {
    "lat": gettext_lazy("Latitude of its middle"),
    "lon": gettext_lazy("Longitude of its middle"),
    "level": gettext_lazy("Level, only checked"),
}
CODE_LABELS = (
    gettext_lazy("Code"),
    gettext_lazy("Code of the area above"),
    gettext_lazy("Code of the area two levels above"),
    gettext_lazy("Code of the area three levels above"),
)
NAME_LABELS = (
    gettext_lazy("Name (%(language)s)"),
    gettext_lazy("Name of the area above (%(language)s)"),
    gettext_lazy("Name two levels above (%(language)s)"),
    gettext_lazy("Name three levels above (%(language)s)"),
)


def format_name_label(step: int, language: str) -> str:
    return str(NAME_LABELS[step]) % {"language": language}


def list_page_languages() -> list[tuple[str, str]]:
    """List the languages of the pages, each by its own name."""
    return [
        (code, str(get_language_info(code)["name_translated"]))
        for code, _name in settings.LANGUAGES
    ]


def list_columns(table: SourceTable) -> list[tuple[str, str]]:
    """List the columns of a table, each with some of its values."""
    choices = [(NONE, _("Not used"))]
    for column in table.columns:
        if column.startswith("@"):
            continue
        values = [join_texts(v, "; ")[:40] for v in table.iterate_values(column)]
        some = list(dict.fromkeys(values))[:EXAMPLES]
        choices.append(
            (column, f"{column}: {', '.join(some)}"[:160] if some else column)
        )
    return choices
