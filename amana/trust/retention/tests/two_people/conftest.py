"""A case, its time, and two people of two teams."""

from datetime import timedelta

from django.utils import timezone

from amana import given
from amana.care.cases.models import Case
from amana.care.cases.retention import ADULTS
from amana.trust.access.models import Role
from amana.trust.retention import holds
from amana.trust.retention.models import Hold
from tests.worlds import kept


@kept
def beside(officer):
    """Another officer, of the same team."""
    team = officer.memberships.get().team
    return given.make_worker(of=team, role=Role.DATA_PROTECTION_OFFICER)


@kept
def case(worker):
    return given.make_case(worked_on_by=worker)


def is_there(case):
    return Case.objects.filter(pk=case.pk).exists()


def a_hold(case, by, **days):
    said = days or {"review_on": timezone.localdate() + timedelta(days=90)}
    return holds.set_hold(ADULTS, case, reason=Hold.Reason.COURT, by=by, **said)
