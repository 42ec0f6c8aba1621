"""How many places a referral takes: the same when it is offered and when accepted."""

from amana.care.cases.person import number
from amana.care.referrals import letters
from amana.care.referrals.models import Referral
from amana.trust.access.models import User
from amana.trust.vault import disclosures
from amana.trust.vault.models import Disclosure

CHILDREN = "needs.dependants"


def places(referral: Referral, *, by: User) -> int:
    """Places of the service for the person and, where each child takes one, for the
    children of whom the recipient was told."""
    service = referral.service
    if not service.counts_places:
        return 0
    if not service.children_take_places:
        return service.places_for(None)
    return service.places_for(children_told(referral, by=by))


def children_told(referral: Referral, *, by: User) -> int | None:
    shared = Disclosure.objects.filter(pk=referral.disclosure).first()
    if shared is None or CHILDREN not in shared.fields:
        return None
    if not letters.readable(shared, by=by):
        return None
    told = disclosures.opened(shared, by=by, purpose="counting places")
    return number(told.get(CHILDREN))
