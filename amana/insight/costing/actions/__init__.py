"""What can be done with costs: try a change, cost a mechanism, keep the ledger."""

from amana.insight.costing.actions.costing_inputs import (
    AssumptionValues,
    ConsequenceValues,
    IngredientValues,
    add_consequence,
    add_ingredient,
    begin_costing,
    change_consequence,
    change_costing,
    change_ingredient,
    record_assumptions,
    remove_consequence,
    remove_ingredient,
)
from amana.insight.costing.actions.grants import (
    GrantValues,
    add_fund,
    change_grant,
    record_grant,
    record_money,
)
from amana.insight.costing.actions.scenario_trials import keep_scenario, try_change

__all__ = [
    "AssumptionValues",
    "ConsequenceValues",
    "GrantValues",
    "IngredientValues",
    "add_consequence",
    "add_fund",
    "add_ingredient",
    "begin_costing",
    "change_consequence",
    "change_costing",
    "change_grant",
    "change_ingredient",
    "keep_scenario",
    "record_assumptions",
    "record_grant",
    "record_money",
    "remove_consequence",
    "remove_ingredient",
    "try_change",
]
