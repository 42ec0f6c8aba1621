"""Messages that say only that something waits. They hold ids; no task reads a case."""

from collections.abc import Iterator

from django.conf import settings
from django.tasks import task
from django.urls import reverse

from amana.care.consent.models import Destruction
from amana.trust.access.models import KEYHOLDERS, Membership, Team
from amana.trust.access.rules import uses_amana
from amana.trust.access.tasks import ask_each, ask_outside


@task
def tell_to_destroy(destruction_id: int) -> None:
    """Ask the recipient to look; unless they have confirmed meanwhile."""
    waiting = Destruction.objects.waiting().select_related("consent__recipient")
    destruction = waiting.filter(pk=destruction_id).first()
    if destruction is None:
        return
    team = destruction.consent.recipient
    if not uses_amana(team):
        if team.email:
            slip = reverse("referrals:slip")
            ask_outside(team.email, settings.LANGUAGE_CODE, where=slip, urgent=True)
        return
    ask_each(addresses(team), urgent=True)


def addresses(team: Team) -> Iterator[tuple[str, str]]:
    """The team's own; where it has none, those of its members."""
    if team.email:
        yield team.email, settings.LANGUAGE_CODE
        return
    members = Membership.objects.holding(KEYHOLDERS).filter(team=team)
    yield from members.values_list("user__email", "user__language").distinct()
