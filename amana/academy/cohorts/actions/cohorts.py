"""Open a cohort, change it, call it off."""

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

from amana.academy.cohorts.actions.places import fill, locked
from amana.academy.cohorts.events import cohort_cancelled
from amana.academy.cohorts.models import Cohort, Entry, Mode
from amana.academy.cohorts.rules import STAFF, lead_cohort
from amana.academy.cohorts.rules import open_cohort as may_open
from amana.academy.cohorts.states import OPEN, Status
from amana.academy.cohorts.tasks import tell
from amana.academy.courses.models import Version
from amana.errors import Changed, Refused
from amana.trust.access.models import Membership, User
from amana.trust.access.rules import Denied, holds
from amana.trust.audit import log


@dataclass(frozen=True)
class Plan:
    """What a cohort is, before and while it is one."""

    name: str
    starts_on: date
    ends_on: date
    open_until: date
    capacity: int
    mode: str = Mode.ONLINE
    place: str = ""
    time_zone: str = "UTC"
    fee: Decimal = Decimal(0)
    currency: str = ""
    scholarships: int = 0
    language: str = "en"
    entry: str = Entry.PUBLIC
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


def plan_of(cohort: Cohort) -> Plan:
    """As it is kept."""
    names = [column.name for column in fields(Plan) if column.name != "facilitators"]
    columns = {name: getattr(cohort, name) for name in names}
    return Plan(**columns, facilitators=list(cohort.facilitators.all()))


@transaction.atomic
def open_cohort(version: Version, plan: Plan, *, by: User) -> Cohort:
    """From now on people may ask for a place in it."""
    if not holds(by, STAFF):
        raise Denied(may_open, version)
    cohort = Cohort(version=version, opened_by=by, **plan.columns)
    _check(cohort, plan)
    cohort.save(force_insert=True)
    cohort.facilitators.set(plan.facilitators)
    log.record("opened cohort", cohort, by=by, version=version.pk)
    return cohort


@transaction.atomic
def change_cohort(
    cohort: Cohort, plan: Plan, *, by: User, seen: str | None = None
) -> None:
    """Other dates or places; who waits moves up when there are more places. `seen` is
    the fingerprint of the plan on which the change was made."""
    lead_cohort.require(by, cohort)
    found = locked(cohort)
    if seen is not None and seen != plan_of(found).fingerprint:
        raise Changed(_("Someone else has changed this in the meantime."))
    for name, value in plan.columns.items():
        setattr(found, name, value)
    _check(found, plan)
    if found.free_places() < 0:
        raise Refused(_("More people than that already have a place."))
    found.save()
    found.facilitators.set(plan.facilitators)
    log.record("changed cohort", found, by=by)
    fill(found, by=by)


@transaction.atomic
def cancel_cohort(cohort: Cohort, *, by: User) -> None:
    """It does not take place. Whoever learns by the course goes on with it alone."""
    lead_cohort.require(by, cohort)
    free = Cohort.objects.standing().filter(pk=cohort.pk)
    if not free.update(cancelled_at=timezone.now()):
        raise Changed(_("This cohort was already cancelled."))
    cohort_cancelled.send(Cohort, cohort=cohort, by=by)
    for application in cohort.applications.filter(status__in=sorted(OPEN)):
        application.move(Status.WITHDRAWN)
        tell.enqueue(str(application.pk))
    log.record("cancelled cohort", cohort, by=by)


def _check(cohort: Cohort, plan: Plan) -> None:
    try:
        cohort.full_clean(exclude=["version", "opened_by"])
    except ValidationError as error:
        raise Refused(" ".join(error.messages)) from error
    staff = Membership.objects.holding(STAFF).values_list("user", flat=True)
    if not {facilitator.pk for facilitator in plan.facilitators} <= set(staff):
        raise Refused(
            _(
                "One of the people you chose is not, or is no longer, a "
                "trainer or a coordinator."
            )
        )
