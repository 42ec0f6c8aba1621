"""What the gallery shows: realistic, invented, and as hostile as people can be."""

from datetime import timedelta
from typing import get_args

from django import forms
from django.db.models import Q
from django.http import HttpRequest, QueryDict
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from amana.ui.lists import (
    ListColumn,
    ListDefinition,
    ListFilter,
    ListRequest,
    ListSort,
    offer_codes,
)
from amana.ui.paging import Page
from amana.ui.templatetags.ui_tags import Icon
from amana.ui.widgets import DayInput

HOSTILE = (
    '<script>alert("x")</script> \u202egpj.exe \u2066 '
    "Wolfeschlegelsteinhausenbergerdorff" * 3
)


class SampleForm(forms.Form):
    words = forms.CharField(
        label=gettext_lazy("What does the person need?"),
        help_text=gettext_lazy("In the person’s own words."),
        widget=forms.Textarea,
    )
    urgency = forms.ChoiceField(
        label=gettext_lazy("How soon?"),
        widget=forms.RadioSelect,
        choices=[
            ("U0", gettext_lazy("Now: life or safety is in danger")),
            ("U1", gettext_lazy("Within 24 hours")),
            ("U2", gettext_lazy("Within a week")),
        ],
        error_messages={"required": gettext_lazy("Choose how soon help is needed.")},
    )
    languages = forms.MultipleChoiceField(
        label=gettext_lazy("Languages"),
        required=False,
        widget=forms.CheckboxSelectMultiple,
        choices=[
            ("ar", gettext_lazy("Arabic")),
            ("fr", gettext_lazy("French")),
            ("ti", gettext_lazy("Tigrinya")),
        ],
    )
    area = forms.ChoiceField(
        label=gettext_lazy("Area"),
        choices=[("", "–"), ("n", gettext_lazy("North")), ("s", gettext_lazy("South"))],
    )
    born_on = forms.DateField(
        label=gettext_lazy("Date of birth"),
        required=False,
        widget=DayInput,
    )
    visit_on = forms.DateField(
        label=gettext_lazy("Day of the visit"),
        required=False,
        widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
    )
    file = forms.FileField(
        label=gettext_lazy("A document"),
        required=False,
        help_text=gettext_lazy("PDF or picture, at most 10 MB."),
    )
    understood = forms.BooleanField(
        label=gettext_lazy("The person has explained it in their own words.")
    )


class SampleFilter(forms.Form):
    find = forms.CharField(label=gettext_lazy("Word"), required=False)
    free = forms.BooleanField(label=gettext_lazy("With places free"), required=False)


def build_samples(request: HttpRequest) -> dict[str, object]:
    now = timezone.now()
    return {
        "hostile": HOSTILE,
        "form": SampleForm(auto_id="fresh_%s"),
        # Bound to a day that no February has, so that the gallery shows errors of each
        # kind.
        "wrong": SampleForm(build_mistaken_data(), auto_id="wrong_%s"),
        "filter": SampleFilter(auto_id="filter_%s"),
        "soon": now + timedelta(hours=3, minutes=20),
        "later": now + timedelta(days=5),
        "past": now - timedelta(hours=26),
        "before": now - timedelta(hours=30),
        "wanted": build_filtered_list(request),
        "page": Page([], previous="?before=x", next="?after=x"),
        "tones": ["plain", "good", "due", "late", "info"],
        "colours": COLOURS,
        "places": list_sample_places(),
        "icons": sorted(get_args(Icon)),
    }


def build_filtered_list(request: HttpRequest) -> ListRequest:
    """Build a list as `amana.ui.lists` draws it, filtered by the address."""
    urgency: ListFilter[None] = ListFilter(
        "urgency",
        gettext_lazy("Urgency"),
        offer_codes([("U0", gettext_lazy("Emergency")), ("U1", gettext_lazy("High"))]),
        lambda codes, _now: Q(urgency__in=codes),
        several=True,
    )
    by_deadline = ListSort("deadline", gettext_lazy("Deadline"), ("due_at", "pk"))
    columns = (
        ListColumn(gettext_lazy("Case")),
        ListColumn(gettext_lazy("Deadline"), by_deadline),
    )
    asked = QueryDict("urgency=U0", mutable=True)
    asked.update(request.GET)
    return ListDefinition((urgency,), columns).read(asked, None, here=request.path)


def build_mistaken_data() -> dict[str, str]:
    words = _("Somewhere to sleep tonight")
    return {"words": words, "born_on_day": "31", "born_on_month": "2"}


COLOURS = ["ink", "quiet", "teal", "good", "due", "late", "info"]


def list_sample_places() -> list[dict[str, object]]:
    return [
        {
            "name": _("Lake House, shelter for women"),
            "latitude": 32.55,
            "longitude": 35.85,
            "note": _("4 places free"),
            "url": "#map",
        },
        {
            "name": _("Legal aid at the old station"),
            "latitude": 31.95,
            "longitude": 35.93,
            "note": _("Mondays to Thursdays"),
            "url": "#map",
        },
        {"name": _("Clinic"), "latitude": 29.53, "longitude": 35.0, "note": ""},
    ]
