"""What is asked of those who plan: a change to try, a costing, the ledger."""

from amana.insight.costing.forms.costing_forms import (
    AssumptionsForm,
    ConsequenceForm,
    CostingForm,
    IngredientForm,
    ScenarioForm,
    build_typed,
    build_typed_consequence,
    convert_to_typed,
    list_places,
)
from amana.insight.costing.forms.fund_forms import (
    FundForm,
    GrantForm,
    MoneyForm,
    strip_zeros,
)

__all__ = [
    "AssumptionsForm",
    "ConsequenceForm",
    "CostingForm",
    "FundForm",
    "GrantForm",
    "IngredientForm",
    "MoneyForm",
    "ScenarioForm",
    "build_typed",
    "build_typed_consequence",
    "convert_to_typed",
    "list_places",
    "strip_zeros",
]
