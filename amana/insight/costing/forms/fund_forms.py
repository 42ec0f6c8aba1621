"""Funds, grants and money."""

from decimal import Decimal
from typing import Unpack

from django import forms
from django.core.validators import RegexValidator
from django.db.models import QuerySet
from django.utils import timezone
from django.utils.translation import gettext_lazy as lazy
from django.utils.translation import pgettext_lazy

from amana.design.directory.models import Service
from amana.insight.costing.actions import GrantValues
from amana.insight.costing.models import CostCentre, Fund, Grant
from amana.insight.costing.models.ledger import MOST
from amana.ui.form_options import FieldOptions, FormOptions, Label, Posted
from amana.ui.widgets import build_day_field

HUNDRED = Decimal(100)


def build_currency_field() -> forms.CharField:
    return forms.CharField(
        label=lazy("Currency"),
        help_text=lazy("Three letters, such as EUR."),
        max_length=3,
        validators=[RegexValidator(r"^[A-Z]{3}$", lazy("Three capital letters."))],
        widget=forms.TextInput(attrs={"dir": "ltr", "autocomplete": "off"}),
    )


def build_amount_field(
    label: Label, **options: Unpack[FieldOptions]
) -> forms.DecimalField:
    return forms.DecimalField(
        label=label, min_value=0, max_value=MOST, decimal_places=2, **options
    )


def build_source_field(help_text: Label = "") -> forms.CharField:
    return forms.CharField(
        label=lazy("Source"), max_length=300, required=False, help_text=help_text
    )


def strip_zeros(value: Decimal) -> Decimal:
    """Strip zeros that no one typed."""
    return value.quantize(Decimal(1)) if value == int(value) else value.normalize()


class FundForm(forms.Form):
    title = forms.CharField(
        label=lazy("Institution or budget line"),
        help_text=lazy("An office, never the name of a person."),
        max_length=160,
    )
    kind = forms.ChoiceField(label=lazy("Kind"), choices=Fund.Kind)
    domestic = forms.BooleanField(
        label=lazy("The money comes from this country"), required=False
    )


class GrantForm(forms.Form):
    fund = forms.ModelChoiceField(
        label=lazy("Who pays"), queryset=Fund.objects.order_by("title")
    )
    title = forms.CharField(label=lazy("Purpose"), max_length=200)
    currency = build_currency_field()
    starts_on = build_day_field(pgettext_lazy("a day", "From"))
    ends_on = build_day_field(lazy("Until"))
    service = forms.ModelChoiceField(
        label=lazy("Service in the directory"),
        queryset=Service.objects.none(),
        required=False,
        empty_label=lazy("No particular service"),
    )
    source = build_source_field(
        lazy("Where this is set out: a law, an agreement, a letter.")
    )

    def __init__(
        self,
        data: Posted = None,
        *,
        services: QuerySet[Service],
        **options: Unpack[FormOptions],
    ) -> None:
        super().__init__(data, **options)
        self.fields["service"].queryset = services  # type: ignore[attr-defined]

    @property
    def granted(self) -> GrantValues:
        return GrantValues(**self.cleaned_data)


class MoneyForm(forms.Form):
    year = forms.TypedChoiceField(label=lazy("Year"), coerce=int)
    centre = forms.ChoiceField(label=lazy("Spent on"), choices=CostCentre.choices)
    committed = build_amount_field(lazy("Committed"))
    spent = build_amount_field(lazy("Spent so far"), initial=0)

    def __init__(
        self, data: Posted = None, *, grant: Grant, **options: Unpack[FormOptions]
    ) -> None:
        super().__init__(data, **options)
        years = range(grant.starts_on.year, grant.ends_on.year + 1)
        field = self.fields["year"]
        field.choices = [(year, year) for year in years]  # type: ignore[attr-defined]
        this = timezone.localdate().year
        field.initial = this if this in years else years[0]
