"""What the report on a cohort counts of its live sessions."""

from collections.abc import Iterator

from django.utils import timezone
from django.utils.translation import gettext as _

from amana.academy.cohorts.cohort_report import ReportLine
from amana.academy.cohorts.models import Cohort
from amana.academy.sessions.attendance import was_present
from amana.academy.sessions.models import Participant, Session


def count_sessions(cohort: Cohort) -> Iterator[ReportLine]:
    """Count sessions that are over, and who was there for most of each."""
    held = Session.objects.standing().filter(cohort=cohort, ends_at__lt=timezone.now())
    seats = Participant.objects.filter(session__in=held).select_related("session")
    yield ReportLine(_("Live sessions held"), held.count())
    present = sum(was_present(seat) for seat in seats)
    yield ReportLine(_("Times someone attended one"), present)
