"""A published release of a year with a number of inhabitants, split in several ways."""

from datetime import date

from amana import given
from amana.insight.facts.models import Observation
from amana.insight.measure import actions as measure
from amana.insight.measure.models import CountryNumber
from amana.insight.release import actions
from amana.insight.release.contents import ReleaseTable
from amana.insight.release.models import Release
from amana.insight.release.tests.conftest import YEAR, analyst, officer, stranger
from amana.trust.access.models import Role, User
from tests.worlds import kept

__all__ = ["analyst", "officer", "stranger"]

INHABITANTS = 4_000_000
SPLITS = ((), ("sex",), ("age_band",), ("exploitation",), ("sex", "quarter"))


def found(sex: str, age_band: str, form: str, many: int) -> int:
    """Trafficked people who were found in the year."""
    return given.store_facts(
        Observation(
            kind="screening",
            result="presumed",
            status="trafficking",
            sex=sex,
            age_band=age_band,
            exploitation=form,
            month=date(YEAR, 1 + n % 12, 1),
        )
        for n in range(many)
    )


@kept
def out(analyst: User, officer: User) -> Release:
    for sex, band, form, many in (
        ("female", "18-24", "sexual", 220),
        ("female", "25-59", "domestic", 80),
        ("male", "25-59", "labour", 300),
        ("male", "12-17", "begging", 60),
        ("other", "18-24", "sexual", 4),
        ("", "25-59", "labour", 30),
    ):
        found(sex, band, form, many)
    measure.record_country_number(
        CountryNumber.What.INHABITANTS,
        year=YEAR,
        number=INHABITANTS,
        source="Invented",
        by=given.make_worker(role=Role.COORDINATOR),
    )
    measure.prepare_protected_tables()
    chosen = [ReleaseTable("I04", "all", by) for by in SPLITS]
    release = actions.propose(YEAR, chosen, by=analyst)
    actions.sign(release, by=officer)
    return release
