"""How many open cases each worker of a team has, and how much of it is overdue."""

from dataclasses import dataclass, field

from django.db.models import Count, Q
from django.utils import timezone

from amana.care.cases.models import Assignment, Case, Urgency
from amana.care.cases.rules import supervise_case
from amana.trust.access.models import KEYHOLDERS, Membership, Team, User


@dataclass
class Workload:
    """The open cases that one worker leads or supports, by urgency; counts only."""

    worker: int
    name: str
    is_member: bool = True
    """Whether they still belong to the team; who has left may still be assigned."""
    by_urgency: dict[str, int] = field(default_factory=dict)
    overdue: int = 0

    @property
    def total(self) -> int:
        return sum(self.by_urgency.values())

    @property
    def counts(self) -> list[tuple[Urgency, int]]:
        return [(urgency, self.by_urgency.get(urgency, 0)) for urgency in Urgency]


def count_workload(team: Team, *, by: User) -> list[Workload]:
    """Count the open cases of each worker of a team, the fullest first.

    Members without a case are among them. Only cases that `by` supervises are counted:
    restricted ones only where `by` is named. Two queries.
    """
    loads = {
        user: Workload(user, name)
        for user, name in Membership.objects.holding(KEYHOLDERS)
        .filter(team=team, user__is_active=True)
        .order_by("user__name", "user")
        .values_list("user", "user__name")
    }
    supervised = supervise_case.among(Case.objects.open().filter(team=team), by)
    counted = (
        Assignment.objects.lasting()
        .filter(case__in=supervised)
        .values("worker", "worker__name", "case__urgency")
        .annotate(
            cases=Count("pk"),
            overdue=Count("pk", filter=Q(case__due_at__lt=timezone.now())),
        )
        .order_by("worker", "case__urgency")
    )
    for row in counted:
        # A person who has left the team may still be assigned: without this, their
        # cases would be missing from the counts.
        load = loads.setdefault(
            row["worker"], Workload(row["worker"], row["worker__name"], False)
        )
        load.by_urgency[row["case__urgency"]] = row["cases"]
        load.overdue += row["overdue"]
    return sorted(loads.values(), key=lambda load: (-load.total, load.name))
