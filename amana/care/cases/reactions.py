"""What cases do when others act."""

from typing import Any

from django.dispatch import receiver

from amana.care.cases.models import Case
from amana.trust.access.events import membership_ended
from amana.trust.access.models import KEYHOLDERS, Membership
from amana.trust.vault import documents


@receiver(membership_ended)
def take_restricted_cases(
    sender: type[Membership], membership: Membership, **about: Any
) -> None:
    """Who leaves a team loses its restricted cases, which they held in person."""
    places = Membership.objects.holding(KEYHOLDERS).filter(
        user=membership.user_id, team=membership.team_id
    )
    if places.exclude(pk=membership.pk).exists():
        return
    kept = Case.objects.filter(team=membership.team_id, restricted=True)
    user = membership.user
    if (
        Membership.objects.filter(user=user, ended_at=None)
        .exclude(pk=membership.pk)
        .exists()
    ):
        documents.end_hold(list(kept.values_list("pk", flat=True)), of=user)
