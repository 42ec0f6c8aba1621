"""The question about public holidays: single days, and countries whose days count."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from functools import cache
from typing import override

import holidays
from django import forms
from django.utils.translation import gettext as _

from amana.design.directory.codes import format_country
from amana.design.mechanism import outline as outlines
from amana.design.mechanism.forms import Choices, PieceInput, UnclearAnswer, Words
from amana.design.mechanism.outline import Outline

MOST = 400


@dataclass(frozen=True)
class HolidaysInput(PieceInput):
    @override
    def inputs(self, seen: Outline, now: object) -> dict[str, forms.Field]:
        days, countries = split_days_and_countries(now)
        chosen = countries or [""]
        asked: dict[str, forms.Field] = {
            f"{self.name}_country_{number}": forms.ChoiceField(
                label=_("Public holidays of a country"),
                help_text=_("As observed in that country every year."),
                required=False,
                choices=list_country_choices(country),
            )
            for number, country in enumerate(chosen, start=1)
        }
        asked[f"{self.name}_days"] = forms.CharField(
            label=_("Single days"),
            help_text=_("One per line: year-month-day, such as 2027-05-01."),
            required=False,
            widget=forms.Textarea(
                {"rows": min(len(days) + 3, 16), "dir": "ltr", "autocomplete": "off"}
            ),
        )
        return asked

    @override
    def shown(self, seen: Outline, now: object) -> dict[str, object]:
        days, countries = split_days_and_countries(now)
        said: dict[str, object] = {
            f"{self.name}_country_{number}": country
            for number, country in enumerate(countries, start=1)
        }
        return said | {f"{self.name}_days": "\n".join(days)}

    @override
    def said(self, answers: Mapping[str, object], seen: Outline, now: object) -> object:
        before_days, before_countries = split_days_and_countries(now)
        numbers = range(1, len(before_countries or [""]) + 1)
        typed = [answers.get(f"{self.name}_country_{number}") for number in numbers]
        countries = list(dict.fromkeys(str(country) for country in typed if country))
        at = f"{self.name}_days"
        lines = str(answers.get(at) or "").split()
        days = sorted({parse_day(at, line) for line in lines})
        if len(days) > MOST:
            raise UnclearAnswer(at, _("At most %(most)s days.") % {"most": MOST})
        # Order and spelling of the file are kept while nothing has changed, so that the
        # comparison of two versions names no change here.
        if set(days) == set(before_days) and countries == before_countries:
            return now
        return [*({"country": country} for country in countries), *days] or None

    @override
    def legend(self) -> Words:
        return self.label


def split_days_and_countries(now: object) -> tuple[list[str], list[str]]:
    """Separate the days in the file from the countries whose holidays count."""
    listed = outlines.read_list(now)
    days = [str(holiday) for holiday in listed if not isinstance(holiday, Mapping)]
    return days, [
        str(holiday.get("country", ""))
        for holiday in listed
        if isinstance(holiday, Mapping)
    ]


def parse_day(at: str, said: str) -> str:
    try:
        return date.fromisoformat(said).isoformat()
    except ValueError as error:
        raise UnclearAnswer(
            at,
            _("“%(said)s” is not a date. Write it like this: 2027-05-01.")
            % {"said": said[:30]},
        ) from error


def list_country_choices(now: str) -> Choices:
    known = list_known_countries()
    named: list[tuple[str, str]] = [(code, format_country(code)) for code in known]
    # A country that the library no longer knows is still offered: saving the form must
    # not drop it unseen.
    if now and now not in known:
        named.append((now, now))
    return [("", _("No country")), *sorted(named, key=lambda one: one[1])]


@cache
def list_known_countries() -> tuple[str, ...]:
    return tuple(holidays.list_supported_countries(include_aliases=False))
