"""Who proposes figures, who signs them, and a year that has some."""

from datetime import date, timedelta

from django.utils import timezone

from amana import given
from amana.insight.facts.models import Observation
from amana.insight.measure import actions as measure
from amana.insight.measure.models import ProtectedTable
from amana.insight.release import actions
from amana.insight.release.contents import ReleaseTable
from amana.insight.release.models import Release
from amana.trust.access.models import Role, User
from tests.worlds import kept

YEAR = timezone.localdate().year - 1
PRESUMED = ReleaseTable("I03", "all")
BY_SEX = ReleaseTable("I03", "all", ("sex",))


def screened(result: str, sex: str, many: int) -> int:
    return given.store_facts(
        Observation(
            kind="screening", result=result, sex=sex, month=date(YEAR, 1 + n % 12, 1)
        )
        for n in range(many)
    )


@kept
def analyst(db: None) -> User:
    return given.make_worker(role=Role.ANALYST)


@kept
def officer(db: None) -> User:
    return given.make_worker(role=Role.DATA_PROTECTION_OFFICER)


@kept
def stranger(db: None) -> User:
    return given.make_worker()


@kept
def counted(db: None) -> None:
    """A year whose figures were drawn up: too few of another gender to be shown."""
    for sex, many in (("female", 120), ("male", 80), ("other", 4)):
        screened("presumed", sex, many)
        screened("not_presumed", sex, many // 2)
    measure.prepare_protected_tables()


@kept
def proposed(counted: None, analyst: User) -> Release:
    return actions.propose(YEAR, [PRESUMED, BY_SEX], by=analyst)


@kept
def published(proposed: Release, officer: User) -> Release:
    actions.sign(proposed, by=officer)
    return proposed


@kept
def both(db: None) -> User:
    """An analyst who is data-protection officer too."""
    user = given.make_worker(role=Role.ANALYST)
    given.join_team(user, given.make_team(), role=Role.DATA_PROTECTION_OFFICER)
    return user


def next_month() -> None:
    """The sheets are drawn up once more, with what came meanwhile."""
    ProtectedTable.objects.update(made_at=timezone.now() - timedelta(days=32))
    measure.prepare_protected_tables()
