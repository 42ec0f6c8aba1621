"""What can be done with costs: try a change, cost a mechanism, keep the ledger."""

from amana.insight.costing.actions.trying import keep, what_if

__all__ = ["keep", "what_if"]
