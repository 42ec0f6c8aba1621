"""How many places a referral takes: the same when it is offered and when accepted."""

from amana.care.cases import companions
from amana.care.cases.companions import Companion, count_adults, count_children
from amana.care.referrals import referral_messages
from amana.care.referrals.models import Referral
from amana.design.directory.models import Service
from amana.trust.access.models import User
from amana.trust.vault import disclosures
from amana.trust.vault.models import Disclosure

COMPANIONS = "needs.companions"


def count_places(referral: Referral, *, by: User) -> int:
    """Count the places of the service for the person and for the companions of whom the
    recipient was informed."""
    if not referral.service.counts_places:
        return 0
    return count_places_for(referral.service, read_companions(referral, by=by))


def count_places_for(service: Service, along: tuple[Companion, ...] | None) -> int:
    return service.places_for(count_children(along), count_adults(along))


def read_companions(referral: Referral, *, by: User) -> tuple[Companion, ...] | None:
    """Read who comes along; None where the recipient was not informed, or `by` has no
    key."""
    shared = Disclosure.objects.filter(pk=referral.disclosure).first()
    if shared is None or COMPANIONS not in shared.fields:
        return None
    if not referral_messages.can_read(shared, by=by):
        return None
    told = disclosures.open_disclosure(shared, by=by, purpose="counting places")
    return companions.read_companions(told.get(COMPANIONS))
