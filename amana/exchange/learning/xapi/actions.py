"""Agree that a record store hears of one's learning; end it; keep what it was told."""

from collections.abc import Iterable

from django.conf import settings
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from amana.academy.courses.models import Event
from amana.errors import Refused
from amana.exchange.learning.xapi.models import SharingAgreement, StatementDelivery
from amana.exchange.learning.xapi.rules import manage_own_sharing
from amana.trust.access.models import User
from amana.trust.audit import log


@transaction.atomic
def agree_to_share(*, by: User) -> SharingAgreement:
    """Agree from now on; who has agreed already continues under the same name."""
    if not settings.LRS_URL:
        raise Refused(_("No learning record store is set up here."))
    sharing, new = SharingAgreement.objects.open().get_or_create(
        person=by, store=settings.LRS_URL, ended_at=None
    )
    if new:
        log.record("agreed to tell learning", sharing, by=by)
    return sharing


@transaction.atomic
def end_sharing(sharing: SharingAgreement, *, by: User) -> None:
    manage_own_sharing.require(by, sharing)
    now = timezone.now()
    if not SharingAgreement.objects.open().filter(pk=sharing.pk).update(ended_at=now):
        raise Refused(_("This has already ended."))
    sharing.ended_at = now
    log.record("ended telling learning", sharing, by=by)


@transaction.atomic
def record_deliveries(
    told: Iterable[tuple[SharingAgreement, Event]], *, refused: bool, by: User | None
) -> None:
    """Record that the store received these; twice does no harm."""
    rows = [
        StatementDelivery(sharing=sharing, event=event, refused=refused)
        for sharing, event in told
    ]
    # Two runs at once may send the same statements; a store keeps them once, and so do
    # we.
    StatementDelivery.objects.bulk_create(rows, ignore_conflicts=True)
    log.record("told record store", by=by, statements=len(rows), refused=refused)
