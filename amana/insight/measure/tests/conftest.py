"""A country whose mechanism wrote facts for a year, and those who read figures."""

import random
from datetime import date

from amana import given
from amana.insight.facts.models import Observation
from amana.insight.measure import actions
from amana.trust.access.models import Role
from tests.worlds import kept

YEAR = 2025
TODAY = date(2026, 2, 10)


@kept
def office(db):
    return given.make_organisation(name="Coordination Office")


@kept
def analyst(office):
    return given.make_worker(of=given.make_team(of=office), role=Role.ANALYST)


@kept
def coordinator(office):
    return given.make_worker(of=given.make_team(of=office), role=Role.COORDINATOR)


@kept
def worker(office):
    return given.make_worker(of=given.make_team(of=office))


@kept
def facts(db):
    """Referrals that were accepted or not; 7 are of people of another gender."""
    chance = random.Random(5)
    sexes = ["female"] * 240 + ["male"] * 180 + ["other"] * 7 + [""] * 50
    made = [
        Observation(
            kind="acceptance",
            result="declined" if n % 3 == 0 else "accepted",
            reason="no_capacity" if n % 3 == 0 else "",
            sex=sex,
            month=date(YEAR, chance.randint(1, 12), 1),
            agency=("dar-amal", "haven", "clinic", "office")[n % 4 if n % 7 else 0],
            topic=("SH2", "HE2")[n % 2],
        )
        for n, sex in enumerate(sexes)
    ]
    made += [
        Observation(kind="directory", result=result, month=date(YEAR, 6, 1))
        for result in ("fresh", "fresh", "fresh", "stale")
    ]
    return Observation.objects.bulk_create(made)


@kept
def sheets(facts):
    return actions.prepare_protected_tables(TODAY)
