"""What can be done with a data incident: record, assess, tell, close, forget."""

from dataclasses import dataclass
from datetime import date, datetime, timedelta

from django.db import transaction
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext as _

from amana.errors import Changed, Refused
from amana.trust.access.models import User
from amana.trust.access.rules import Denied, has_role
from amana.trust.audit import log
from amana.trust.oversight.events import breach_counted
from amana.trust.oversight.models import Breach
from amana.trust.oversight.rules import KEEPERS, keep_breach
from amana.trust.vault import erasure
from amana.years import require_recent

FIVE_YEARS = timedelta(days=1827)
"""Two of them can be leap years."""


@dataclass(frozen=True)
class BreachAssessment:
    """What is known of an incident so far, in codes."""

    kind: str
    risk: str
    people: str = Breach.People.UNKNOWN


@transaction.atomic
def record_breach(
    words: str,
    assessed: BreachAssessment,
    *,
    found_at: datetime,
    happened_on: date | None = None,
    by: User,
) -> Breach:
    """Record a breach. From `found_at` on the authority has to hear of it within 72
    hours (GDPR, Art. 33(1))."""
    if not has_role(by, KEEPERS):
        raise Denied(keep_breach, by)
    if found_at > timezone.now():
        raise Refused(_("This must not be in the future."))
    # A year of two digits would put the end of the 72 hours two thousand years back.
    require_recent(found_at.date())
    require_recent(happened_on)
    breach = Breach.objects.create(
        words=words,
        **vars(assessed),
        found_at=found_at,
        happened_on=happened_on,
        recorded_by=by,
    )
    _count(breach)
    log.record("recorded breach", breach, by=by, **vars(assessed))
    return breach


@transaction.atomic
def assess_breach(breach: Breach, assessed: BreachAssessment, *, by: User) -> None:
    """Record what is known by now of its risk, and of how many people it is about."""
    _require_open(breach, by)
    _change(breach, **vars(assessed))
    log.record("assessed breach", breach, by=by, **vars(assessed))


@transaction.atomic
def record_notification(
    breach: Breach, *, at: datetime, why_late: str = "", by: User
) -> None:
    """Record that the supervisory authority was told; after 72 hours also why only
    then."""
    _require_open(breach, by)
    if breach.notified_at:
        raise Changed(
            _("The time when the regulator was notified is already recorded.")
        )
    if not breach.found_at <= at <= timezone.now():
        raise Refused(_("Choose a time between the discovery and now."))
    late = breach.is_late(at)
    if late and not why_late.strip():
        raise Refused(_("This is more than 72 hours: give the reason."))
    _change(breach, notified_at=at, why_late=why_late.strip() if late else "")
    log.record("notified authority of breach", breach, by=by, late=late)


@transaction.atomic
def record_people_told(breach: Breach, *, on: date, by: User) -> None:
    """Record that those whose data it is were told."""
    _require_open(breach, by)
    if not timezone.localdate(breach.found_at) <= on <= timezone.localdate():
        raise Refused(_("Choose a day between the discovery and today."))
    _change(breach, people_told_on=on)
    log.record("told people of breach", breach, by=by)


@transaction.atomic
def close_breach(breach: Breach, *, done: str, why_not: str = "", by: User) -> None:
    """Close a breach with what was done; and, if someone who had to hear of it did not,
    with the reason."""
    _require_open(breach, by)
    if not done.strip():
        raise Refused(_("Describe what was done."))
    unheard = breach.is_unheard
    if unheard and not why_not.strip():
        raise Refused(
            _(
                "The regulator must be notified, and so must the people concerned if "
                "the harm could be serious. Record when they were notified, or give "
                "the reason why they weren’t."
            )
        )
    reason = why_not.strip() if unheard else ""
    _change(breach, done=done.strip(), why_not=reason, closed_at=timezone.now())
    log.record("closed breach", breach, by=by)


@transaction.atomic
def strike_breach(breach: Breach, *, why: str, by: User) -> None:
    """Strike a breach that turned out to be none: it stays in the register and is
    counted no more."""
    _require_open(breach, by)
    if not why.strip():
        raise Refused(_("Give the reason why it was not a data breach."))
    _change(breach, struck_at=timezone.now(), why_struck=why.strip())
    _count(breach)
    log.record("struck breach", breach, by=by)


@transaction.atomic
def forget_old_breaches() -> None:
    """Delete what was closed, or struck out, five years ago. The figures and the log
    keep that there was one."""
    long_ago = timezone.now() - FIVE_YEARS
    ended = Q(closed_at__lt=long_ago) | Q(struck_at__lt=long_ago)
    for breach in Breach.objects.filter(ended):
        # Before it is deleted, which takes its id.
        log.record("forgot breach", breach, by=None)
        breach.delete()
    erasure.clear_traces()


def _require_open(breach: Breach, by: User) -> None:
    keep_breach.require(by, breach)
    if not Breach.objects.open().filter(pk=breach.pk).exists():
        raise Changed(_("This data breach is already closed."))


def _change(breach: Breach, **values: object) -> None:
    Breach.objects.filter(pk=breach.pk).update(**values)
    for name, value in values.items():
        setattr(breach, name, value)


def _count(breach: Breach) -> None:
    for _receiver, figure in breach_counted.send(Breach, breach=breach):
        _change(breach, figure=figure)
