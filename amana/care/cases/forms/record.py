"""Inputs of a case's record, as its fields are described."""

import re
from collections.abc import Iterable, Mapping
from typing import Any, Unpack

from django import forms
from django.core.exceptions import ValidationError
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from amana.care.cases.companions import CompanionsField
from amana.care.cases.fields import RecordField, YesNo, list_fields
from amana.care.cases.widgets import MultiSelect
from amana.trust.vault.compartments import Compartment
from amana.ui.form_options import FormOptions, Posted

C = Compartment


LONGEST_LINE = 300


LONGEST_TEXT = 20_000


NOT_SAID = _("Not stated")


FEW = 3
"""So many choices are shown side by side; more are a drop-down list."""


MANY = 20
"""More choices than this are drop-down lists, not boxes."""


Text = forms.Textarea(attrs={"rows": 3})


class BirthField(forms.CharField):
    """A date, or only its year: people often know no more."""

    def clean(self, value: object) -> str:
        said = str(super().clean(value) or "").strip()
        if not said:
            return ""
        found = re.fullmatch(r"(\d{4})(?:-(\d{1,2})-(\d{1,2}))?", said)
        if not found:
            raise ValidationError(_("Enter a year, or a date such as 2003-05-01."))
        year, month, day = found.groups()
        today = timezone.localdate()
        if not today.year - 120 <= int(year) <= today.year:
            raise ValidationError(_("Enter a year within the last 120 years."))
        if month is None:
            return year
        try:
            return today.replace(int(year), int(month), int(day)).isoformat()
        except ValueError as error:
            raise ValidationError(
                _("This date does not exist. Check the day and month.")
            ) from error


def build_input(field: RecordField, value: object = None) -> forms.Field:
    """Build the input of one field of a record; an answer is never required of a
    person."""
    told: dict[str, Any] = {
        "label": field.label,
        "help_text": field.hint,
        "required": False,
    }
    offered = list(field.choices() if field.choices else YesNo.choices)
    if field.choices or field.kind == "yes_no":
        # A stored code that is no longer offered can still be chosen: without it,
        # saving the form would delete it silently.
        offered += [(code, code) for code in list_strays(value, offered)]
    if field.kind == "text":
        return forms.CharField(
            max_length=LONGEST_TEXT, widget=build_text_area(), **told
        )
    if field.kind == "companions":
        return CompanionsField(**told)
    if field.kind == "number":
        return forms.IntegerField(min_value=0, max_value=130, **told)
    if field.kind == "date":
        return BirthField(**told)
    if field.kind in ("choice", "yes_no"):
        if len(offered) > FEW:
            return forms.ChoiceField(choices=[("", NOT_SAID), *offered], **told)
        choices = [*offered, ("", NOT_SAID)]
        return forms.ChoiceField(choices=choices, widget=forms.RadioSelect, **told)
    if field.kind == "choices":
        many = len(offered) > MANY
        widget = (
            MultiSelect(often=field.often) if many else forms.CheckboxSelectMultiple()
        )
        return forms.MultipleChoiceField(choices=offered, widget=widget, **told)
    return forms.CharField(max_length=LONGEST_LINE, **told)


def build_text_area() -> forms.Textarea:
    return forms.Textarea(attrs={"rows": 3})


def convert_to_record(value: object) -> object:
    """Convert to what is sealed: a number to its digits, so that empty is always
    empty."""
    return str(value) if isinstance(value, int) else ("" if value is None else value)


class RecordForm(forms.Form):
    """One part's record, field by field."""

    def __init__(
        self,
        data: Posted = None,
        *,
        compartment: Compartment,
        record: Mapping[str, object],
        **kw: Unpack[FormOptions],
    ) -> None:
        kw["initial"] = dict(record)
        super().__init__(data, **kw)
        self.compartment = compartment
        for field in list_fields(compartment):
            self.fields[field.name] = build_input(field, record.get(field.name))

    @property
    def record(self) -> dict[str, object]:
        return {
            name: convert_to_record(value) for name, value in self.cleaned_data.items()
        }


def list_strays(value: object, offered: Iterable[tuple[str, object]]) -> list[str]:
    known = {code for code, _label in offered}
    values = value if isinstance(value, list) else [value]
    return [
        code for code in values if isinstance(code, str) and code not in known | {""}
    ]
