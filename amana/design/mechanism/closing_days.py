"""The question about public holidays: single days, and countries whose days count."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from functools import cache
from typing import Any, override

import holidays
from django import forms
from django.utils.translation import gettext as _

from amana.design.directory.codes import country_name
from amana.design.mechanism import outline as outlines
from amana.design.mechanism.forms import Ask, Choices, Unclear, Words
from amana.design.mechanism.outline import Outline

MOST = 400


@dataclass(frozen=True)
class Holidays(Ask):
    @override
    def inputs(self, seen: Outline, now: Any) -> dict[str, forms.Field]:
        days, countries = parted(now)
        chosen = countries or [""]
        asked: dict[str, forms.Field] = {
            f"{self.name}_country_{number}": forms.ChoiceField(
                label=_("Public holidays of a country"),
                help_text=_("As observed in that country every year."),
                required=False,
                choices=offered(country),
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
    def shown(self, seen: Outline, now: Any) -> dict[str, Any]:
        days, countries = parted(now)
        said: dict[str, Any] = {
            f"{self.name}_country_{number}": country
            for number, country in enumerate(countries, start=1)
        }
        return said | {f"{self.name}_days": "\n".join(days)}

    @override
    def said(self, answers: Mapping[str, Any], seen: Outline, now: Any) -> Any:
        before_days, before_countries = parted(now)
        numbers = range(1, len(before_countries or [""]) + 1)
        typed = [answers.get(f"{self.name}_country_{number}") for number in numbers]
        countries = list(dict.fromkeys(str(country) for country in typed if country))
        at = f"{self.name}_days"
        lines = str(answers.get(at) or "").split()
        days = sorted({day_of(at, line) for line in lines})
        if len(days) > MOST:
            raise Unclear(at, _("At most %(most)s days.") % {"most": MOST})
        # Order and spelling of the file are kept while nothing has changed, so that the
        # comparison of two versions names no change here.
        if set(days) == set(before_days) and countries == before_countries:
            return now
        return [*({"country": country} for country in countries), *days] or None

    @override
    def legend(self) -> Words:
        return self.label


def parted(now: Any) -> tuple[list[str], list[str]]:
    """Separate the days in the file from the countries whose holidays count."""
    listed = outlines.a_list(now)
    days = [str(holiday) for holiday in listed if not isinstance(holiday, Mapping)]
    return days, [
        str(holiday.get("country", ""))
        for holiday in listed
        if isinstance(holiday, Mapping)
    ]


def day_of(at: str, said: str) -> str:
    try:
        return date.fromisoformat(said).isoformat()
    except ValueError as error:
        raise Unclear(
            at,
            _("“%(said)s” is not a date. Write it like this: 2027-05-01.")
            % {"said": said[:30]},
        ) from error


def offered(now: str) -> Choices:
    known = countries_known()
    named: list[tuple[str, str]] = [(code, country_name(code)) for code in known]
    # A country that the library no longer knows is still offered: saving the form must
    # not drop it unseen.
    if now and now not in known:
        named.append((now, now))
    return [("", _("No country")), *sorted(named, key=lambda one: one[1])]


@cache
def countries_known() -> tuple[str, ...]:
    return tuple(holidays.list_supported_countries(include_aliases=False))
