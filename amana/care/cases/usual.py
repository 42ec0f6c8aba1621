"""What is usual: how urgent a kind of need is, and which kinds a team is asked first:
by the groups that it records most, for the kinds themselves are sealed."""

from collections.abc import Collection
from datetime import timedelta

from django.db.models import Count
from django.utils import timezone

from amana.care.cases.models import Need, Urgency
from amana.design.directory.taxonomy import ICONS, ServiceGroup, ServiceType
from amana.trust.access.models import Team

T = ServiceType

EMERGENCIES = frozenset({T.SH1, T.HE1, T.HE3, T.MH7, T.PR1, T.CP4, T.SO1})
"""Tonight's safety, life, and care that comes too late after hours (after rape: HIV 72
hours, pregnancy five days; WHO 2013)."""
WITHIN_A_DAY = frozenset(
    {
        *(T.SH2, T.SH5, T.SH6, T.SH7, T.SH8, T.SH9, T.SH14),
        *(T.HE13, T.MH1, T.CP1, T.CP6, T.PR2, T.PR3, T.PR4, T.PR5),
        *(T.BA1, T.BA3, T.BA7, T.LA1, T.LA3, T.LG3, T.LG9, T.SO2, T.AC3),
    }
)
"""A bed, food, an interpreter, a lawyer for a person who is detained."""
ROUTINE_GROUPS = frozenset({ServiceGroup.ED, ServiceGroup.LV, ServiceGroup.SP})
ROUTINE = frozenset({T.SH4, T.SH15, T.HE7, T.LG8, T.RR5, T.RR6})

FIRST_OFFERED = (
    *(T.SH1, T.HE2, T.BA1, T.LG4, T.LA1),
    *(T.HE1, T.MH2, T.BA5, T.SH2, T.CP1),
)
"""What most people need in the first hours: offered first until a team has its own."""
AS_MANY = len(FIRST_OFFERED)
OF_ITS_OWN = {T.SH2: "bed", T.HE1: "warning", T.BA5: "transport"}
"""Kinds whose picture is not that of their group."""
LATELY = timedelta(days=90)


def get_usual_urgency(service_type: str) -> Urgency:
    """Return the urgency that a need of this kind has unless the person's situation
    differs.

    The same steps as the gate's own needs; to be reviewed with each mechanism."""
    kind = ServiceType(service_type)
    if kind in EMERGENCIES:
        return Urgency.U0
    if kind in WITHIN_A_DAY:
        return Urgency.U1
    if kind in ROUTINE or kind.group in ROUTINE_GROUPS:
        return Urgency.U3
    return Urgency.U2


def list_frequent_needs(teams: Collection[Team]) -> list[ServiceType]:
    """List the kinds of need to offer first, `AS_MANY` of them: the usual ones of the
    groups that these teams recorded most in the last months, then the others that are
    usual."""
    # Counted by group, because a row doesn't hold the exact kind (ADR 62).
    recorded = (
        Need.objects.filter(
            case__team__in=[team.pk for team in teams],
            raised_at__gt=timezone.now() - LATELY,
        )
        .values("group")
        .annotate(times=Count("pk"))
        .order_by("-times", "group")[:AS_MANY]
    )
    own = [
        kind
        for row in recorded
        for kind in list_first_kinds(ServiceGroup(row["group"]))
    ]
    return list(dict.fromkeys([*own, *FIRST_OFFERED]))[:AS_MANY]


def list_first_kinds(group: ServiceGroup) -> list[ServiceType]:
    """List the kinds that most people need of a group; where few need any of them, its
    first kind."""
    return [kind for kind in FIRST_OFFERED if kind.group is group] or group.types[:1]


def list_tiles(teams: Collection[Team]) -> list[tuple[ServiceType, str]]:
    """List the kinds that these teams record most, each with its icon."""
    return [
        (kind, OF_ITS_OWN.get(kind) or ICONS[ServiceGroup(kind.group)])
        for kind in list_frequent_needs(teams)
    ]
