"""Names and numbers of a costing in words."""

from decimal import Decimal
from fractions import Fraction

from django.utils.translation import gettext as _

from amana.design.simulation.simulator import ConfidenceBand
from amana.insight.costing.engine.ingredients import CostSwing, PriceBasis
from amana.insight.costing.engine.ingredients import PricedIngredient as Priced
from amana.insight.costing.models import CostCentre, DriverChoice, Ingredient


def get_scenario_names() -> dict[str, str]:
    return {"low": _("Low"), "likely": _("Likely"), "high": _("High")}


def build_priced(one: Ingredient) -> Priced:
    return Priced(
        name=one.title,
        centre=one.centre,
        basis=PriceBasis(one.basis),
        price=one.price,
        quantity=one.quantity,
        share=one.share,
        fixed=one.fixed,
        payer=one.payer.title if one.payer else "",
    )


def label_centre(centre: str) -> str:
    return str(CostCentre(centre).label)


def label_swing(swing: CostSwing) -> str:
    """Label a driver without the remark on its unit; a price by its name."""
    if swing.name in DriverChoice.values:
        return str(DriverChoice(swing.name).label)
    return _("Price: %(what)s") % {"what": swing.name}


def convert_to_percent(share: Decimal) -> Decimal:
    return share * 100


def build_exact_band(amount: Decimal) -> ConfidenceBand:
    thousands = float(amount) / 1000
    return ConfidenceBand(thousands, thousands, thousands)


def round_units(value: Fraction) -> Decimal:
    return Decimal(round(value))


def round_tenths(value: Fraction) -> Decimal:
    return Decimal(round(value * 10)) / 10
