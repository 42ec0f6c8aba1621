"""Costings, the ledger of who pays, and what was tried."""

from amana.insight.costing.models.costings import (
    Assumption,
    Basis,
    Centre,
    Consequence,
    Costing,
    Driver,
    Ingredient,
)
from amana.insight.costing.models.ledger import Fund, Grant, Money
from amana.insight.costing.models.scenarios import Kind, Scenario

__all__ = [
    "Assumption",
    "Basis",
    "Centre",
    "Consequence",
    "Costing",
    "Driver",
    "Fund",
    "Grant",
    "Ingredient",
    "Kind",
    "Money",
    "Scenario",
]
