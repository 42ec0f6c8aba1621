"""In which cases it is time for a slip about life: worked out of their dates, each time
it is asked. Nothing is planned, so nothing has to be kept right."""

from datetime import datetime, timedelta

from django.db.models import Exists, OuterRef, Q, QuerySet
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from amana.care.cases import sections
from amana.care.cases.models import Case
from amana.insight.feedback.models import SlipOffer
from amana.insight.feedback.questions import SlipMoment
from amana.trust.access.models import User

MOMENTS = (
    (SlipMoment.M3, timedelta(days=91), timedelta(days=182)),
    (SlipMoment.M6, timedelta(days=182), timedelta(days=365)),
    (SlipMoment.M12, timedelta(days=365), timedelta(days=456)),
)
"""From how long after a case was opened a slip is due, and when it is too late for it:
when the next one is due, and after the last three months more."""

SAID = {
    SlipMoment.M3: _("A 3-month slip is due"),
    SlipMoment.M6: _("A 6-month slip is due"),
    SlipMoment.M12: _("A 12-month slip is due"),
}


def get_moment(case: Case, now: datetime) -> SlipMoment | None:
    """Get the slip for which it is time, by the case's dates alone."""
    age = now - case.opened_at
    return next((m for m, first, last in MOMENTS if first <= age < last), None)


def format_due_slip(case: Case) -> str:
    """Format which slip is due; empty when it is the time for none."""
    moment = get_moment(case, timezone.now())
    return str(SAID[moment]) if moment else ""


def find_lacking(now: datetime) -> QuerySet[Case]:
    """Find open cases in which it is time, and no colleague has recorded what became of
    the slip."""
    due = Q()
    for moment, first, last in MOMENTS:
        opened = Q(opened_at__lte=now - first, opened_at__gt=now - last)
        said = SlipOffer.objects.filter(case=OuterRef("pk"), moment=moment)
        due |= opened & ~Q(Exists(said))
    return Case.objects.open().filter(due)


def build_section(case: Case, user: User) -> dict[str, object]:
    """Describe it for the page of a case: asks the database only when it is time."""
    moment = get_moment(case, timezone.now())
    if moment is None or not case.is_open or not sections.may_work(case, user):
        return {"slip": ""}
    said = SlipOffer.objects.filter(case=case, moment=moment).exists()
    return {"slip": "" if said else SAID[moment]}
