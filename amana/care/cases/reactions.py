"""What cases do when others act."""

from django.dispatch import receiver
from django.utils import timezone
from django.utils.translation import gettext as _

from amana.care.cases import card
from amana.care.cases.models import Assignment, Case
from amana.care.cases.rules import URGENT
from amana.errors import Refused
from amana.trust.access.events import membership_ended
from amana.trust.access.models import KEYHOLDERS, Membership, Role, Team, User
from amana.trust.access.tasks import notify_team
from amana.trust.audit import log
from amana.trust.vault import documents


@receiver(membership_ended)
def take_cases(
    sender: type[Membership], membership: Membership, by: User | None, **about: object
) -> None:
    """End the leaver's work on all cases of the team, and their access to those that
    were restricted to them by name."""
    places = Membership.objects.holding(KEYHOLDERS).filter(
        user=membership.user_id, team=membership.team_id
    )
    # A second place in the same team with keys, under another role, keeps the work.
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


def end_work(worker: User, *, team: Team, by: User | None) -> None:
    """End all work of a person who leaves a team, as a part of the act that ends their
    place. What they led is led by the colleague who has worked on it longest."""
    theirs = Assignment.objects.current().filter(worker=worker, case__team=team)
    for their in theirs.select_related("case"):
        case = their.case
        Assignment.objects.filter(pk=their.pk).update(ended_at=timezone.now())
        log.record("ended assignment", case, by=by, case=case.pk, worker=worker.pk)
        if their.part == Assignment.Part.LEAD:
            _lead_on(case, by=by)
        if _is_left_alone(case):
            _hand_to_supervisor(case, worker)


def _lead_on(case: Case, *, by: User | None) -> None:
    others = case.assignments.lasting().filter(worker__in=card.find_holders(case))
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


def _is_left_alone(case: Case) -> bool:
    """Ask whether the case continues and no colleague works on it."""
    # Emergency access of a day doesn't count. For a restricted case the answer is found
    # where its keys are (`documents.end_hold`, `about_cases_of`).
    staying = case.assignments.lasting().filter(worker__in=card.find_holders(case))
    return case.is_open and not case.restricted and not staying.exists()


def _hand_to_supervisor(case: Case, leaver: User) -> None:
    """Notify the supervisors, who can assign the case. Raises `Refused` where the team
    has none."""
    staying = Membership.objects.filter(team=case.team_id, user__is_active=True)
    staying = staying.exclude(user=leaver)
    if staying.holding([Role.SUPERVISOR]).exists():
        urgent = case.urgency in URGENT
        notify_team.enqueue(case.team_id, [Role.SUPERVISOR], urgent)
    # Refused, because the colleagues who stay hold its key but see only assigned cases:
    # none of them would ever find this one.
    elif staying.holding(KEYHOLDERS).exists():
        raise Refused(
            _(
                "No one else works on one of this colleague’s cases, and the team "
                "has no supervisor who could reassign it. Assign it to a colleague "
                "first, or give a colleague the supervisor role."
            )
        )
