"""The teams to which a screening can be handed over, and which of its parts go
along."""

from collections.abc import Collection

from django.db.models import Exists, OuterRef, Q, QuerySet

from amana.care.cases.rules import TAKERS
from amana.care.screening.models import Screening
from amana.trust.access.models import Membership, Sphere, Team, User
from amana.trust.vault.compartments import CEILING, Compartment
from amana.trust.vault.models import TeamKey

NEVER = [sphere for sphere, parts in CEILING.items() if not parts]
"""Spheres to which nothing is ever sent."""


def find_receiving_teams(screening: Screening) -> QuerySet[Team]:
    """Find teams of admitted organisations that have a key and a colleague who may
    answer."""
    sender = screening.team
    key = TeamKey.objects.filter(team=OuterRef("pk"), retired_at=None)
    # A team without anyone who answers would leave the person waiting for a reply that
    # no one can give.
    answers = Membership.objects.holding(TAKERS).filter(team=OuterRef("pk"))
    # Not even offered, because the ceiling leaves no part for them (ADR 9); but a
    # border office may hand over within its own organisation.
    never = Q(organisation__sphere__in=NEVER) & ~Q(organisation=sender.organisation_id)
    return (
        Team.objects.filter(Exists(key), Exists(answers))
        .filter(organisation__admitted_at__isnull=False)
        .exclude(never | Q(pk=sender.pk))
        .select_related("organisation")
        .order_by("organisation__name", "name")
    )


def find_colleagues(screening: Screening, user: User) -> QuerySet[User]:
    """Find the colleagues of the team with whom `user` can decide."""
    members = Membership.objects.active().filter(team=screening.team_id)
    people = User.objects.filter(is_active=True, pk__in=members.values("user"))
    return people.exclude(pk=user.pk).order_by("name")


def group_parts_by_sphere(
    parts: Collection[Compartment],
) -> list[tuple[str, list[Compartment]]]:
    """List for each kind of organisation which of these parts it can be given."""
    return [
        (str(sphere.label), [p for p in Compartment if p in parts and p in allowed])
        for sphere, allowed in CEILING.items()
        if sphere in Sphere and allowed
    ]
