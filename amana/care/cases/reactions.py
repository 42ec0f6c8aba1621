"""What cases do when others act."""

from typing import Any

from django.dispatch import receiver

from amana.care.cases.actions.people import end_work
from amana.care.cases.models import Case
from amana.trust.access.events import membership_ended
from amana.trust.access.models import KEYHOLDERS, Membership, User
from amana.trust.vault import documents


@receiver(membership_ended)
def take_cases(
    sender: type[Membership], membership: Membership, by: User, **about: Any
) -> None:
    """Who leaves a team works on none of its cases any more, and loses those that
    were kept to them in person."""
    places = Membership.objects.holding(KEYHOLDERS).filter(
        user=membership.user_id, team=membership.team_id
    )
    if places.exclude(pk=membership.pk).exists():
        return
    user = membership.user
    end_work(user, team=membership.team, by=by)
    kept = Case.objects.filter(team=membership.team_id, restricted=True)
    if (
        Membership.objects.filter(user=user, ended_at=None)
        .exclude(pk=membership.pk)
        .exists()
    ):
        documents.end_hold(list(kept.values_list("pk", flat=True)), of=user)
