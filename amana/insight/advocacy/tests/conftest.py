"""A plan, who writes it, the authority that decides, and somebody outside."""

from datetime import date

from django.conf import settings

from amana import given
from amana.design.mechanism import actions as mechanisms
from amana.design.mechanism.models import Version
from amana.insight.advocacy import actions
from amana.insight.advocacy.models import PolicyPlan, Recommendation
from amana.insight.costing.tests.conftest import authority, coordinator, stranger
from amana.trust.access.models import Role, User
from tests.worlds import kept


@kept
def plan(coordinator: User) -> PolicyPlan:
    aim = actions.PolicyTarget(
        goal="Thirty days to rest for everybody",
        seen_by="Article 12 of the act",
        why="Nobody decides well in three days.",
        due_on=date(2027, 6, 30),
    )
    return actions.begin_plan(aim, by=coordinator)


@kept
def recommendation(coordinator: User) -> Recommendation:
    return actions.record_recommendation(
        "Give a period of rest that depends on nothing.",
        monitor="greta",
        source="Second report, paragraph 141",
        given_on=date(2025, 5, 20),
        by=coordinator,
    )


@kept
def version(coordinator: User) -> Version:
    return mechanisms.adopt_shipped(
        settings.ROOT / "mechanisms/example", by=coordinator
    )
