"""Costings, the ledger of who pays, and what was tried."""

from amana.insight.costing.models.costings import (
    Assumption,
    BasisChoice,
    Consequence,
    CostCentre,
    Costing,
    DriverChoice,
    Ingredient,
)
from amana.insight.costing.models.ledger import Fund, Grant, Money
from amana.insight.costing.models.scenarios import Scenario, ScenarioKind

__all__ = [
    "Assumption",
    "BasisChoice",
    "Consequence",
    "CostCentre",
    "Costing",
    "DriverChoice",
    "Fund",
    "Grant",
    "Ingredient",
    "Money",
    "Scenario",
    "ScenarioKind",
]
