"""Inputs that Django does not have."""

from collections.abc import Mapping
from datetime import date
from typing import Any, Unpack, override

from django import forms
from django.utils.datastructures import MultiValueDict
from django.utils.translation import gettext_noop

from amana.ui.form_options import FieldOptions, Label

PARTS = ("day", "month", "year")

NOTHING_CHOSEN = gettext_noop("- Select an option -")
"""Django's own words in an empty choice, which its Arabic lacks: ours has them."""


def build_day_field(label: Label, **options: Unpack[FieldOptions]) -> forms.DateField:
    """Build a field for a date near today, in the browser's own calendar."""
    look = forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")
    return forms.DateField(label=label, widget=look, **options)


class DayInput(forms.Widget):
    """A remembered date, such as a birth, as three small boxes (GOV.UK's pattern).

    For a date near today `build_day_field` is easier.
    """

    template_name = "ui/widgets/day.html"
    use_fieldset = True

    @override
    def id_for_label(self, id_: str | None, index: str | None = None) -> str:
        return f"{id_}_day" if id_ else ""

    @override
    def value_from_datadict(
        self,
        data: Mapping[str, Any],
        files: MultiValueDict[str, Any] | None,
        name: str,
    ) -> str | None:
        day, month, year = (data.get(f"{name}_{part}", "").strip() for part in PARTS)
        if not (day or month or year):
            return None
        # Also of a date that does not exist: the field says so, and shows again what
        # was typed.
        return f"{year}-{month}-{day}"

    @override
    def value_omitted_from_data(
        self,
        data: Mapping[str, Any],
        files: MultiValueDict[str, Any] | None,
        name: str,
    ) -> bool:
        return not any(f"{name}_{part}" in data for part in PARTS)

    @override
    def get_context(
        self, name: str, value: object, attrs: dict[str, object] | None
    ) -> dict[str, object]:
        context = super().get_context(name, value, attrs)
        shown = value.isoformat() if isinstance(value, date) else str(value or "--")
        year, month, day = [*shown.split("-", 2), "", ""][:3]
        context["parts"] = dict(zip(PARTS, (day, month, year), strict=True))
        return context
