"""Who costs the mechanism in force, who only reads it, and who has nothing to do with
it."""

from datetime import date

from django.conf import settings

from amana import given
from amana.design.mechanism import actions as mechanisms
from amana.design.mechanism.models import Version
from amana.insight.costing import actions
from amana.insight.costing.models import Costing, Fund, Grant
from amana.insight.costing.scenario_outcomes import ScenarioOutcome
from amana.insight.costing.tests.costs import granted, tried
from amana.trust.access.models import Role, User
from tests.worlds import kept


@kept
def coordinator(db: None) -> User:
    return given.make_worker(role=Role.COORDINATOR, name="Coordinator")


@kept
def analyst(db: None) -> User:
    return given.make_worker(role=Role.ANALYST, name="Analyst")


@kept
def authority(db: None) -> User:
    return given.make_worker(role=Role.AUTHORITY, name="Authority")


@kept
def stranger(db: None) -> User:
    return given.make_worker(role=Role.SUPERVISOR, name="Stranger")


@kept
def version(coordinator: User) -> Version:
    return mechanisms.adopt_shipped(
        settings.ROOT / "mechanisms/example", by=coordinator
    )


@kept
def beds(version, analyst: User) -> ScenarioOutcome:
    return tried(version, analyst)


@kept
def costing(analyst: User) -> Costing:
    return actions.begin_costing(
        "National mechanism", currency="EUR", first_year=2027, years=2, by=analyst
    )


@kept
def ministry(analyst: User) -> Fund:
    return actions.add_fund(
        "Ministry of Social Affairs", kind="ministry", domestic=True, by=analyst
    )


@kept
def grant(ministry: Fund, analyst: User) -> Grant:
    what = granted(ministry, starts_on=date(2027, 1, 1), ends_on=date(2028, 12, 31))
    return actions.record_grant(what, by=analyst)
