"""Inputs of countries, hours and areas."""

import re
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from amana.design.directory import codes
from amana.design.directory.facets import FacetChoice
from amana.design.directory.models import Area
from amana.ui.labels import format_list

SPAN = re.compile(r"\s*(\d{1,2})[:.](\d{2})\s*[-–—]\s*(\d{1,2})[:.](\d{2})\s*")


MIDNIGHT = 24 * 60


WITHIN = [
    (0, gettext_lazy("No time promised")),
    (1, gettext_lazy("1 hour")),
    (4, gettext_lazy("4 hours")),
    (24, gettext_lazy("1 day")),
    (72, gettext_lazy("3 days")),
    (168, gettext_lazy("1 week")),
    (336, gettext_lazy("2 weeks")),
    (720, gettext_lazy("1 month")),
]


PLAIN = """
    name name_en name_fr name_ar
    description visibility area hidden address lat lon arrival modalities sexes
    statuses exploitation groups not_groups documents needs_police needs_identified
    own_assessment conditions coverage_note accessibility traits costs cost_note
    hours_note max_stay_days accepts_referrals referral_method information_needed
    contact_role phone email website next_step feedback counts_places unit places_total
    children_take_places waiting_list wait_days verify_by funded_until
""".split()  # noqa: SIM905 — names of fields, as one reads them
"""Fields that are asked as the model describes them."""


def list_area_choices(*, empty: str = "") -> list[tuple[str, str]]:
    """List every area, each below the one that it is in."""
    areas = Area.objects.for_choice()
    named = [(area.code, "\u2003" * area.level + area.name) for area in areas]
    return ([("", empty)] if empty else []) + named


class CountriesField(forms.CharField):
    """Names or codes of countries, as people type them."""

    def clean(self, value: object) -> list[str]:
        words = [w.strip() for w in re.split(r"[,;،\n]", super().clean(value))]
        names = {name.casefold(): code for code, name in codes.list_countries()}
        found = []
        for word in filter(None, words):
            code = names.get(word.casefold(), word.upper())
            if not codes.is_country(code):
                raise ValidationError(
                    _("This country is not known: %(word)s."), params={"word": word}
                )
            found.append(code)
        return sorted(set(found))

    def prepare_value(self, value: object) -> object:
        if isinstance(value, list):
            return format_list(codes.format_country(code) for code in value)
        return value


class HoursField(forms.CharField):
    """The hours of one day: "08:30–12:00, 13:00–16:00"."""

    def clean(self, value: object) -> list[tuple[int, int]]:
        found = []
        for part in filter(str.strip, re.split(r"[,;،]", super().clean(value))):
            match = SPAN.fullmatch(part)
            opens, closes = parse_times(match) if match else (MIDNIGHT, 0)
            if opens >= MIDNIGHT or closes > MIDNIGHT:
                raise ValidationError(
                    _("“%(part)s” can’t be read. Enter it like this: 08:30–16:00."),
                    params={"part": part.strip()},
                )
            found.append((opens, closes))
        return found


def parse_times(match: re.Match[str]) -> tuple[int, int]:
    hour, minute, to_hour, to_minute = map(int, match.groups())
    if minute > 59 or to_minute > 59:
        return MIDNIGHT, 0
    return hour * 60 + minute, to_hour * 60 + to_minute


def is_filled(form: forms.BaseForm, *names: str) -> bool:
    """Check whether one of these fields has a value, or an error."""
    return any(form[name].value() or form[name].errors for name in names)


def label_choice(choice: FacetChoice) -> tuple[str, str]:
    return (choice.value, f"{'\u2003' * choice.depth}{choice.label} ({choice.count})")


YES_NO: list[tuple[str, Any]] = [
    ("", gettext_lazy("Not known")),
    ("yes", gettext_lazy("Yes")),
    ("no", gettext_lazy("No")),
]


def build_yes_no_field(label: Any) -> forms.ChoiceField:
    return forms.ChoiceField(
        label=label, choices=YES_NO, required=False, widget=forms.RadioSelect
    )


def build_choices_field(label: Any, words: Any) -> forms.MultipleChoiceField:
    return forms.MultipleChoiceField(
        label=label,
        choices=words.choices,
        required=False,
        widget=forms.CheckboxSelectMultiple,
    )


def parse_answer(word: str) -> bool | None:
    return {"yes": True, "no": False}.get(word)
