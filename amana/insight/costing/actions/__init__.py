"""What can be done with costs: try a change, cost a mechanism, keep the ledger."""

from amana.insight.costing.actions.costings import (
    Assumed,
    Follows,
    Priced,
    add,
    add_consequence,
    alter,
    alter_consequence,
    assume,
    begin,
    change,
    remove,
    remove_consequence,
)
from amana.insight.costing.actions.ledger import (
    Granted,
    change_grant,
    name_fund,
    record_grant,
    record_money,
)
from amana.insight.costing.actions.trying import keep, what_if

__all__ = [
    "Assumed",
    "Follows",
    "Granted",
    "Priced",
    "add",
    "add_consequence",
    "alter",
    "alter_consequence",
    "assume",
    "begin",
    "change",
    "change_grant",
    "keep",
    "name_fund",
    "record_grant",
    "record_money",
    "remove",
    "remove_consequence",
    "what_if",
]
