"""What can be done with costs: try a change, cost a mechanism, keep the ledger."""

from amana.insight.costing.actions.costings import (
    Assumed,
    Priced,
    add,
    alter,
    assume,
    begin,
    change,
    remove,
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
    "Granted",
    "Priced",
    "add",
    "alter",
    "assume",
    "begin",
    "change",
    "change_grant",
    "keep",
    "name_fund",
    "record_grant",
    "record_money",
    "remove",
    "what_if",
]
