"""What was found wrong with the log is told at once, to people, on paths of which SQL
takes away only one: a row, a notification, and mail."""

from django.db import transaction
from django.dispatch import receiver
from django.utils import timezone

from amana.trust.access import tasks
from amana.trust.access.models import Membership, User
from amana.trust.audit import log
from amana.trust.audit.anchor import DoubtKind
from amana.trust.audit.events import log_doubted
from amana.trust.witness.events import found_wrong
from amana.trust.witness.models import Finding
from amana.trust.witness.rules import READERS


@transaction.atomic
def notify_finding(what: Finding.What) -> Finding:
    """Record a finding, and notify everyone who answers for the log; it names no
    one."""
    finding = Finding.objects.create(what=what, at=timezone.now())
    people = list_people_to_notify()
    log.record("found log wrong", finding, by=None, what=what.value)
    found_wrong.send(Finding, finding=finding, users=people)
    tasks.notify_once_committed([person.pk for person in people], urgent=True)
    return finding


def list_people_to_notify() -> list[User]:
    held = Membership.objects.holding(READERS).filter(user__is_active=True)
    return list(User.objects.filter(pk__in=held.values("user")).order_by("pk"))


@receiver(log_doubted, dispatch_uid="witness: log in doubt")
def react_to_doubt(kind: DoubtKind, **kwargs: object) -> None:
    notify_finding(Finding.What(kind))
