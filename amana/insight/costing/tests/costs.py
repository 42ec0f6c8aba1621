"""What tests of costs say, where they do not care."""

from decimal import Decimal
from typing import Any

from amana.design.mechanism.models import Version
from amana.insight.costing import actions
from amana.insight.costing.models import Fund
from amana.insight.costing.scenario_outcomes import ScenarioOutcome
from amana.trust.access.models import User


def tried(version: Version, by: User, **said: Any) -> ScenarioOutcome:
    asked: dict[str, Any] = {
        "kind": "place",
        "name": "housing",
        "more": Decimal(20),
        "price": Decimal(30),
        "currency": "EUR",
    }
    return actions.try_change(version, **asked | said, by=by)


def granted(fund: Fund, **said: Any) -> actions.GrantValues:
    known: dict[str, Any] = {"title": "Shelter line", "currency": "EUR"}
    return actions.GrantValues(fund=fund, **known | said)
