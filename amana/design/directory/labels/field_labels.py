"""Fields of a service and their values, in the words of the page."""

from collections.abc import Callable, Mapping
from datetime import date
from types import MappingProxyType

from django.db import models
from django.utils.text import capfirst
from django.utils.translation import gettext as _

from amana.design.directory.codes import CodesField
from amana.design.directory.hours import format_hours
from amana.design.directory.labels.code_labels import (
    format_countries,
    format_day,
    format_labels,
    format_languages,
    format_list,
)
from amana.design.directory.models import Service

NOTHING = "–"

OF_AREAS = ("area", "coverage")
"""Fields that hold codes of areas."""

type FormatValue = Callable[[object], str]


def format_field_label(name: str) -> str:
    """Format what a field is called; its own name where the model has it no more."""
    known = {field.name: field for field in Service._meta.get_fields()}
    label = getattr(known.get(name), "verbose_name", name)
    return capfirst(str(label)) or name


def format_field_value(
    name: str, value: object, areas: Mapping[str, str] = MappingProxyType({})
) -> str:
    """Format a value as it is kept in the history, or in a proposal; `areas` has the
    names of areas by their codes."""
    if value in (None, "", []):
        return NOTHING
    if isinstance(value, bool):
        return _("Yes") if value else _("No")
    if name in OF_AREAS:
        codes = value if isinstance(value, list) else [value]
        return format_list(areas.get(str(code), str(code)) for code in codes)
    special = OWN_WORDS.get(name)
    if special is not None:
        return special(value)
    field = {f.name: f for f in Service._meta.concrete_fields}.get(name)
    return format_plain(field, value)


def format_plain(field: object, value: object) -> str:
    if isinstance(field, CodesField) and field.words and isinstance(value, list):
        known = [code for code in value if code in field.words.values]
        return format_labels(field.words, known)
    if isinstance(value, list):
        return format_list(value)
    if isinstance(field, models.DateField):
        return format_date(value)
    choices = dict(getattr(field, "flatchoices", None) or ())
    return str(choices.get(value, value))


def format_date(value: object) -> str:
    return format_day(
        value if isinstance(value, date) else date.fromisoformat(str(value))
    )


def format_opening_hours(value: object) -> str:
    return format_list(format_hours(value if isinstance(value, list) else None))


def format_codes(words: Callable[[list[str]], str]) -> FormatValue:
    return lambda value: words(
        [str(v) for v in value] if isinstance(value, list) else []
    )


OWN_WORDS: Mapping[str, FormatValue] = {
    "hours": format_opening_hours,
    "languages": format_codes(format_languages),
    "nationalities": format_codes(format_countries),
    "not_nationalities": format_codes(format_countries),
}
