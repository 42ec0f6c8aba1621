"""What cases do when others act."""

from typing import Any

from django.dispatch import receiver
from django.utils import timezone

from amana.care.cases import card
from amana.care.cases.models import Assignment, Case
from amana.trust.access.events import membership_ended
from amana.trust.access.models import KEYHOLDERS, Membership, Team, User
from amana.trust.audit import log
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


def end_work(worker: User, *, team: Team, by: User) -> None:
    """Somebody leaves a team, and so works on none of its cases. What they led is led
    by whoever of the others has worked on it longest; part of the act that ends their
    place."""
    theirs = Assignment.objects.current().filter(worker=worker, case__team=team)
    for one in theirs.select_related("case"):
        case = one.case
        Assignment.objects.filter(pk=one.pk).update(ended_at=timezone.now())
        log.record("ended assignment", case, by=by, case=case.pk, worker=worker.pk)
        if one.part == Assignment.Part.LEAD:
            _lead_on(case, by=by)


def _lead_on(case: Case, *, by: User) -> None:
    others = case.assignments.current().filter(worker__in=card.people_of(case))
    successor = others.order_by("since", "pk").first()
    if successor is None or case.assignments.leading().exists():
        return
    case.assignments.filter(pk=successor.pk).update(part=Assignment.Part.LEAD)
    log.record(
        "assigned",
        case,
        by=by,
        case=case.pk,
        worker=successor.worker_id,
        part=Assignment.Part.LEAD,
    )
