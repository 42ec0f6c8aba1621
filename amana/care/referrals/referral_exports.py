"""Which referrals may be exported: those that one answers, or has sent."""

from collections.abc import Iterable, Mapping
from uuid import UUID

from amana.care.referrals.models import Referral
from amana.care.referrals.rules import see_referral
from amana.trust.access.models import User

REFERRALS = "referrals"


def find_referrals(user: User, chosen: Iterable[UUID]) -> Mapping[UUID, UUID]:
    seen = see_referral.among(Referral.objects.all(), user)
    ordered = seen.filter(pk__in=list(chosen)).order_by("due_at", "pk")
    return dict(ordered.values_list("pk", "case"))
