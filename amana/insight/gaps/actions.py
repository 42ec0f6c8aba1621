"""What can be done about gaps: plan what is done, and keep what was found."""

from collections.abc import Iterable
from datetime import date
from decimal import Decimal

from django.db import transaction
from django.utils.translation import gettext as _

from amana.errors import Refused
from amana.insight.gaps.finding import Gap
from amana.insight.gaps.models import GapPlan, KeptGap, build_rows
from amana.insight.gaps.rules import PLANNERS, plan_gaps
from amana.trust.access.models import Organisation, User
from amana.trust.access.rules import Denied, has_role
from amana.trust.audit import log


def require_planner(by: User) -> None:
    if not has_role(by, PLANNERS):
        raise Denied(plan_gaps, by)


@transaction.atomic
def record_plan(
    gap: Gap,
    *,
    status: GapPlan.Status,
    owner: Organisation | None = None,
    cost: Decimal | None = None,
    currency: str = "",
    due_on: date | None = None,
    note: str = "",
    by: User,
) -> GapPlan:
    """Record who closes a gap, by when, and what it costs; earlier plans stay. Raises
    `Refused` without an organisation for a plan to act, or without the currency of a
    cost."""
    require_planner(by)
    if status in (GapPlan.Status.PLANNED, GapPlan.Status.STARTED) and owner is None:
        raise Refused(_("Choose the responsible organisation."))
    # The form offers admitted organisations alone; this holds for any other caller too.
    if owner is not None and owner.admitted_at is None:
        raise Refused(_("This organisation is not part of the mechanism yet."))
    if cost is not None and not currency:
        raise Refused(_("Enter the currency."))
    need, area, group = gap.key
    made = GapPlan.objects.create(
        need=need,
        area=area,
        group=group,
        status=status,
        owner=owner,
        cost=cost,
        currency=currency if cost is not None else "",
        due_on=due_on,
        note=note.strip(),
        by=by,
    )
    log.record("planned for a gap", made, by=by, status=status.value)
    return made


@transaction.atomic
def record_year_gaps(year: int, gaps: Iterable[Gap], *, by: User) -> int:
    """Record what was found in a year, once, for the next one to compare. Raises
    `Refused` when the year is recorded already, or nothing was found."""
    require_planner(by)
    if KeptGap.objects.filter(year=year).exists():
        raise Refused(_("This year’s gaps are already saved."))
    found = build_rows(year, ((gap.key, gap.kind) for gap in gaps))
    if not found:
        raise Refused(_("There are no gaps to save."))
    KeptGap.objects.bulk_create(found)
    log.record("kept gaps", by=by, year=year, number=len(found))
    return len(found)
