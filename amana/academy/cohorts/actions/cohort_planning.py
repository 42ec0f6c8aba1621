"""Actions: open a cohort, change it, cancel it."""

import hashlib
import json
from collections.abc import Collection
from dataclasses import dataclass, field, fields
from datetime import date
from decimal import Decimal

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from amana.academy.cohorts.actions.places import fill_places, lock_cohort
from amana.academy.cohorts.events import cohort_cancelled
from amana.academy.cohorts.models import AdmissionRule, Cohort, CohortMode
from amana.academy.cohorts.rules import STAFF, lead_cohort
from amana.academy.cohorts.rules import open_cohort as may_open
from amana.academy.cohorts.states import OPEN, ApplicationStatus
from amana.academy.cohorts.tasks import notify_applicant
from amana.academy.courses.models import Version
from amana.errors import Changed, Refused
from amana.trust.access.models import Membership, User
from amana.trust.access.rules import Denied, has_role
from amana.trust.audit import log


@dataclass(frozen=True)
class CohortPlan:
    """The details of a cohort, before and after it is opened."""

    name: str
    starts_on: date
    ends_on: date
    open_until: date
    capacity: int
    mode: str = CohortMode.ONLINE
    place: str = ""
    time_zone: str = "UTC"
    fee: Decimal = Decimal(0)
    currency: str = ""
    scholarships: int = 0
    language: str = "en"
    track: str = ""
    entry: str = AdmissionRule.PUBLIC
    facilitators: Collection[User] = field(default=())

    @property
    def columns(self) -> dict[str, object]:
        names = (
            column.name for column in fields(self) if column.name != "facilitators"
        )
        return {name: getattr(self, name) for name in names}

    @property
    def fingerprint(self) -> str:
        led = sorted(facilitator.pk for facilitator in self.facilitators)
        said = [str(value) for value in (*self.columns.values(), led)]
        return hashlib.sha256(json.dumps(said).encode()).hexdigest()


def build_plan(cohort: Cohort) -> CohortPlan:
    """Build the plan of a cohort as it is stored."""
    names = [
        column.name for column in fields(CohortPlan) if column.name != "facilitators"
    ]
    columns = {name: getattr(cohort, name) for name in names}
    return CohortPlan(**columns, facilitators=list(cohort.facilitators.all()))


@transaction.atomic
def open_cohort(version: Version, plan: CohortPlan, *, by: User) -> Cohort:
    """Open a cohort: from now on people may apply for a place in it. A trainer who
    opens it leads it, alone or with those whom the plan names. Raises `Refused` where
    the plan is not valid."""
    if not has_role(by, STAFF):
        raise Denied(may_open, version)
    cohort = Cohort(version=version, opened_by=by, **plan.columns)
    _check(cohort, plan)
    cohort.save(force_insert=True)
    cohort.facilitators.set(plan.facilitators)
    if not lead_cohort.permits(by, cohort):
        cohort.facilitators.add(by)  # or the cohort would be lost to its opener
    log.record("opened cohort", cohort, by=by, version=version.pk)
    return cohort


@transaction.atomic
def change_cohort(
    cohort: Cohort, plan: CohortPlan, *, by: User, seen: str | None = None
) -> None:
    """Change dates or places; people on the waiting list move up when there are more
    places. `seen` is the fingerprint of the plan on which the change was made. Raises
    `Changed` where it has changed since, and `Refused` where fewer places remain than
    people have."""
    lead_cohort.require(by, cohort)
    # First the lock, then the comparison: otherwise another change could be saved
    # between the two and be overwritten.
    found = lock_cohort(cohort)
    if seen is not None and seen != build_plan(found).fingerprint:
        raise Changed(_("Someone else has changed this in the meantime."))
    for name, value in plan.columns.items():
        setattr(found, name, value)
    _check(found, plan)
    # Under the same lock, so no place is offered between this check and the new number.
    if found.free_places() < 0:
        raise Refused(_("More people than that already have a place."))
    found.save()
    found.facilitators.set(plan.facilitators)
    log.record("changed cohort", found, by=by)
    fill_places(found, by=by)


@transaction.atomic
def cancel_cohort(cohort: Cohort, *, by: User) -> None:
    """Cancel a cohort. Its learners continue the course on their own. Raises `Changed`
    where it was cancelled already."""
    lead_cohort.require(by, cohort)
    free = Cohort.objects.standing().filter(pk=cohort.pk)
    if not free.update(cancelled_at=timezone.now()):
        raise Changed(_("This cohort was already cancelled."))
    # While everyone still has their place: receivers look up whom it concerns.
    cohort_cancelled.send(Cohort, cohort=cohort, by=by)
    for application in cohort.applications.filter(status__in=sorted(OPEN)):
        application.move(ApplicationStatus.WITHDRAWN)
        notify_applicant.enqueue(str(application.pk))
    log.record("cancelled cohort", cohort, by=by)


def _check(cohort: Cohort, plan: CohortPlan) -> None:
    try:
        cohort.full_clean(exclude=["version", "opened_by"])
    except ValidationError as error:
        raise Refused(" ".join(error.messages)) from error
    # The choice on the form may be old: facilitators see who takes part, so their role
    # is checked when it is saved.
    staff = Membership.objects.holding(STAFF).values_list("user", flat=True)
    if not {facilitator.pk for facilitator in plan.facilitators} <= set(staff):
        raise Refused(
            _(
                "One of the people you chose is not, or is no longer, a "
                "trainer or a coordinator."
            )
        )
