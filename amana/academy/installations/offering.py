"""Offers work that passed to those who learn afterwards, as a toolkit."""

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from amana.academy.installations import rules
from amana.academy.installations.models import MachineCheck, OfferedToolkit
from amana.errors import Changed, Refused
from amana.trust.access.models import User
from amana.trust.audit import log


@transaction.atomic
def offer_toolkit(
    work: MachineCheck, title: str, about: str, *, shows_name: bool, by: User
) -> OfferedToolkit:
    """Offer one's work, with or without one's name. Offered again after it was taken
    back, it waits again."""
    rules.offer_work.require(by, work)
    if not title.strip():
        raise Refused(_("Give it a title."))
    if OfferedToolkit.objects.standing().filter(work=work).exists():
        raise Refused(_("You have already offered this work."))
    said = {
        "title": title.strip(),
        "about": about.strip(),
        "author": by.name if shows_name else "",
        "offered_at": timezone.now(),
        "accepted_at": None,
        "accepted_by": None,
        "withdrawn_at": None,
    }
    offer, _new = OfferedToolkit.objects.update_or_create(work=work, defaults=said)
    log.record("offered toolkit", offer, by=by)
    return offer


@transaction.atomic
def accept_toolkit(offer: OfferedToolkit, *, by: User) -> None:
    """Accept what someone else has offered: those who take the course see it."""
    rules.accept_toolkit.require(by, offer)
    waiting = OfferedToolkit.objects.waiting().filter(pk=offer.pk)
    if not waiting.update(accepted_at=timezone.now(), accepted_by=by):
        raise Changed(_("This was accepted or withdrawn in the meantime."))
    log.record("accepted toolkit", offer, by=by)


@transaction.atomic
def withdraw_toolkit(offer: OfferedToolkit, *, by: User) -> None:
    """Take back what one has offered: no one else sees it any more."""
    rules.withdraw_toolkit.require(by, offer)
    standing = OfferedToolkit.objects.standing().filter(pk=offer.pk)
    if not standing.update(withdrawn_at=timezone.now()):
        raise Changed(_("You have already withdrawn this."))
    log.record("withdrew toolkit", offer, by=by)
