"""Scenarios, assumptions, ingredients and consequences."""

from collections.abc import Iterator
from decimal import Decimal
from typing import Any, Unpack

from django import forms
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as lazy

from amana.design.directory.models import Area
from amana.design.directory.taxonomy.service_types import ServiceType
from amana.design.mechanism.pack.pack_model import Pack
from amana.insight.costing import known
from amana.insight.costing.actions import (
    AssumptionValues,
    ConsequenceValues,
    IngredientValues,
)
from amana.insight.costing.engine.foreseen import WITHIN
from amana.insight.costing.forms.fund_forms import (
    HUNDRED,
    build_amount_field,
    build_currency_field,
    build_source_field,
    strip_zeros,
)
from amana.insight.costing.models import (
    Assumption,
    BasisChoice,
    Consequence,
    CostCentre,
    DriverChoice,
    Fund,
    Ingredient,
    ScenarioKind,
)
from amana.insight.costing.models.ledger import MOST
from amana.insight.costing.scenario_outcomes import format_place
from amana.ui.form_options import FormOptions, Label, Posted


class ScenarioForm(forms.Form):
    """More of something in the mechanism in force, and what one of it costs."""

    what = forms.ChoiceField(label=lazy("What would there be more of?"))
    more = forms.DecimalField(
        label=lazy("How many more"), min_value=Decimal("0.5"), max_value=500
    )
    price = build_amount_field(
        lazy("Price"),
        help_text=lazy("Place: per night. Post: per year. Hours: per hour."),
    )
    fixed = build_amount_field(lazy("Fixed costs per year"), initial=0)
    currency = build_currency_field()
    within = forms.IntegerField(
        label=lazy("Acceptable wait, in days"),
        min_value=0,
        max_value=90,
        initial=WITHIN,
    )
    arrivals = forms.DecimalField(
        label=lazy("People arriving per working day"),
        min_value=Decimal("0.1"),
        max_value=100,
    )
    type = forms.ChoiceField(
        label=lazy("Kind of service"),
        required=False,
        choices=[("", lazy("Not stated")), *ServiceType.choices],
    )
    area = forms.ModelChoiceField(
        label=lazy("Area"),
        queryset=Area.objects.filter(level=1).for_choice(),
        to_field_name="code",
        required=False,
        empty_label=lazy("The whole country"),
    )

    def __init__(
        self, data: Posted = None, *, pack: Pack, **options: Unpack[FormOptions]
    ) -> None:
        super().__init__(data, **options)
        self.fields["what"].choices = list_grouped_choices(pack)  # type: ignore[attr-defined]

    @property
    def asked(self) -> dict[str, Any]:
        """As `actions.try_change` takes it."""
        said = dict(self.cleaned_data)
        kind, _colon, name = said.pop("what").partition(":")
        return said | {"kind": kind, "name": name, "service_type": said.pop("type")}

    def clean(self) -> dict[str, object]:
        said = super().clean() or {}
        more = said.get("more")
        # Beds are whole; posts need not be (ADR 29).
        if (
            more
            and said.get("what", "").startswith(ScenarioKind.PLACE)
            and more != int(more)
        ):
            self.add_error("more", _("Enter a whole number of places."))
        return said


def list_grouped_choices(pack: Pack) -> list[tuple[str, list[tuple[str, str]]]]:
    """List the choices in groups."""
    staff = list(pack.capacity["staff"])
    there = {
        ScenarioKind.PLACE: list_places(pack),
        ScenarioKind.ROLE: staff,
        ScenarioKind.HOURS: staff,
    }
    return [
        (
            str(kind.label),
            # Each names its kind too: the group can't be seen once it is chosen.
            [
                (f"{kind}:{name}", f"{kind.label}: {format_place(pack, kind, name)}")
                for name in names
            ],
        )
        for kind, names in there.items()
        if names
    ]


def list_places(pack: Pack) -> list[str]:
    return list(pack.capacity.get("places") or ())


class CostingForm(forms.Form):
    title = forms.CharField(label=lazy("Subject of the costing"), max_length=200)
    currency = build_currency_field()
    first_year = forms.IntegerField(
        label=lazy("First year"), min_value=2000, max_value=2100
    )
    years = forms.TypedChoiceField(
        label=lazy("Number of years"),
        choices=[(n, n) for n in range(1, 6)],
        coerce=int,
        initial=3,
    )

    def __init__(self, data: Posted = None, **options: Unpack[FormOptions]) -> None:
        super().__init__(data, **options)
        self.fields["first_year"].initial = timezone.localdate().year + 1


class AssumptionsForm(forms.Form):
    """Each driver in three scenarios, and where it comes from."""

    def __init__(
        self,
        data: Posted = None,
        *,
        given: dict[str, Assumption],
        **options: Unpack[FormOptions],
    ) -> None:
        super().__init__(data, **options)
        said = known.map_hints()
        for driver in DriverChoice:
            one = given.get(driver)
            for scenario in ("low", "likely", "high"):
                self.fields[f"{driver}-{scenario}"] = forms.DecimalField(
                    label=SCENARIO_LABELS[scenario],
                    initial=convert_to_typed(driver, getattr(one, scenario))
                    if one
                    else None,
                    **get_limits(driver),
                )
            self.fields[f"{driver}-source"] = build_source_field(said.get(driver, ""))
            self.fields[f"{driver}-source"].initial = one.source if one else ""

    @property
    def drivers(self) -> Iterator[tuple[DriverChoice, list[forms.BoundField]]]:
        parts = ("low", "likely", "high", "source")
        for driver in DriverChoice:
            yield driver, [self[f"{driver}-{part}"] for part in parts]

    @property
    def assumed(self) -> dict[str, AssumptionValues]:
        said = self.cleaned_data

        def stored(driver: DriverChoice, scenario: str) -> Decimal:
            typed: Decimal = said[f"{driver}-{scenario}"]
            return typed / HUNDRED if driver.in_percent else typed

        return {
            driver: AssumptionValues(
                low=stored(driver, "low"),
                likely=stored(driver, "likely"),
                high=stored(driver, "high"),
                source=said[f"{driver}-source"],
            )
            for driver in DriverChoice
        }


SCENARIO_LABELS = {"low": lazy("Low"), "likely": lazy("Likely"), "high": lazy("High")}


MAY_FALL = frozenset(
    {
        DriverChoice.GROWTH,
        DriverChoice.SALARIES,
        DriverChoice.PRICES,
        DriverChoice.INFLATION,
    }
)


AT_MOST = {
    DriverChoice.IDENTIFIED: 1_000_000,
    DriverChoice.STAY: 3_650,
    DriverChoice.MONTHS: 120,
    DriverChoice.CASELOAD: 500,
    DriverChoice.UPTAKE: 100,
    DriverChoice.OCCUPANCY: 100,
}


def get_limits(driver: DriverChoice) -> dict[str, Any]:
    return {
        "min_value": -90 if driver in MAY_FALL else 0,
        "max_value": AT_MOST.get(driver, 1_000),
        "decimal_places": 2,
    }


def convert_to_typed(driver: DriverChoice, stored: Decimal) -> Decimal:
    return strip_zeros(stored * HUNDRED if driver.in_percent else stored)


class IngredientForm(forms.Form):
    title = forms.CharField(label=lazy("What it is"), max_length=120)
    centre = forms.ChoiceField(label=lazy("Spent on"), choices=CostCentre.choices)
    basis = forms.ChoiceField(
        label=lazy("Cost basis"),
        choices=BasisChoice.choices,
        widget=forms.RadioSelect,
    )
    price = build_amount_field(lazy("Unit price"))
    quantity = forms.DecimalField(
        label=lazy("How many"),
        help_text=lazy("Per person, night, post or year. A share of the rest: in %."),
        min_value=0,
        max_value=1_000_000,
        decimal_places=2,
        initial=1,
    )
    share = forms.DecimalField(
        label=lazy("People who need it, %"),
        help_text=lazy("Does not count for what is paid per year or once."),
        min_value=0,
        max_value=100,
        decimal_places=2,
        initial=100,
    )
    fixed = build_amount_field(
        lazy("Fixed costs per year"),
        help_text=lazy("For a shelter, paid however many people sleep there."),
        initial=0,
    )
    payer = forms.ModelChoiceField(
        label=lazy("Who would pay"),
        queryset=Fund.objects.order_by("title"),
        required=False,
        empty_label=lazy("No one yet"),
    )
    source = build_source_field(lazy("Where the price comes from."))

    @property
    def priced(self) -> IngredientValues:
        said = dict(self.cleaned_data)
        said["share"] /= HUNDRED
        if said["basis"] == BasisChoice.REST:
            said["quantity"] /= HUNDRED
        return IngredientValues(**said)


def build_typed(one: Ingredient) -> dict[str, object]:
    """Build the values of the form as the ingredient was typed."""
    rest = one.basis == BasisChoice.REST
    return {
        "title": one.title,
        "centre": one.centre,
        "basis": one.basis,
        "price": strip_zeros(one.price),
        "quantity": strip_zeros(one.quantity * HUNDRED if rest else one.quantity),
        "share": strip_zeros(one.share * HUNDRED),
        "fixed": strip_zeros(one.fixed),
        "payer": one.payer_id,
        "source": one.source,
    }


def build_percent_field(label: Label) -> forms.DecimalField:
    return forms.DecimalField(label=label, min_value=0, max_value=100, decimal_places=2)


class ConsequenceForm(forms.Form):
    """What follows from a need that stays unmet."""

    title = forms.CharField(
        label=lazy("Consequence"),
        help_text=lazy("A cost that others have to pay, such as a stay in hospital."),
        max_length=120,
    )
    need = forms.ChoiceField(
        label=lazy("When this help is missing"),
        required=False,
        choices=[("", lazy("Any kind of help")), *ServiceType.choices],
    )
    price = forms.DecimalField(
        label=lazy("Cost each time"),
        min_value=Decimal("0.01"),
        max_value=MOST,
        decimal_places=2,
    )
    low = build_percent_field(lazy("Of 100 unmet needs, how many lead to it: low"))
    likely = build_percent_field(lazy("Likely"))
    high = build_percent_field(lazy("High"))
    source = forms.CharField(
        label=lazy("Source"),
        help_text=lazy(
            "Accounts or a study from this country. No sum without a source."
        ),
        max_length=300,
    )

    @property
    def follows(self) -> ConsequenceValues:
        said = dict(self.cleaned_data)
        for name in ("low", "likely", "high"):
            said[name] /= HUNDRED
        return ConsequenceValues(**said)


def build_typed_consequence(one: Consequence) -> dict[str, str | Decimal]:
    """Build the values of the form as the consequence was typed."""
    shares = {
        n: strip_zeros(getattr(one, n) * HUNDRED) for n in ("low", "likely", "high")
    }
    said = {"title": one.title, "need": one.need, "source": one.source}
    return said | shares | {"price": strip_zeros(one.price)}
