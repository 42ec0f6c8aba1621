"""Load the areas of a file, all or none."""

from collections.abc import Mapping
from datetime import datetime

from django.db import transaction
from django.utils import timezone

from amana.design.directory.area_files import AreaPlan
from amana.design.directory.area_records import AreaRecord
from amana.design.directory.models import Area
from amana.design.directory.models.changes import record_change
from amana.design.directory.rules import keep_directory
from amana.trust.access.models import Role, User
from amana.trust.access.rules import Denied, has_role
from amana.trust.audit import log

AREA_KEEPERS = (Role.COORDINATOR, Role.ADMINISTRATOR)


def require_area_keeper(user: User) -> None:
    """Raise `Denied` for those who may not load areas."""
    if not has_role(user, AREA_KEEPERS):
        raise Denied(keep_directory, user)


@transaction.atomic
def load_areas(
    plan: AreaPlan, *, by: User | None, marks_left_out: bool = True
) -> AreaPlan:
    """Load the areas of a file without faults, or update them by their codes. `by` is
    None on the command line.

    None is removed: what the file leaves out is marked, if that is wanted, because
    services, sealed cases and figures of past years name areas by their codes."""
    if by is not None:
        require_area_keeper(by)
    assert not plan.faults
    now = timezone.now()
    known = {area.code: area for area in Area.objects.all()}
    for record in plan.records:
        write_area(record, known, now)
    move_parts(plan, known, now)
    if marks_left_out and plan.left_out:
        gone = Area.objects.filter(code__in=plan.left_out)
        gone.update(left_out_at=now, updated_at=now)
    log.record(
        "loaded areas",
        by=by,
        thing="areas",
        new=plan.new,
        changed=plan.changed,
        left_out=len(plan.left_out) if marks_left_out else 0,
    )
    record_change()
    return plan


def write_area(record: AreaRecord, known: dict[str, Area], now: datetime) -> None:
    above = known.get(record.above)
    # By code: services and cases refer to an area, so it must stay the same row.
    area = known.setdefault(record.code, Area(code=record.code))
    before = vars(area).copy()
    area.names = dict(record.names)
    area.above = above
    area.level = above.level + 1 if above else 0
    area.path = f"{above.path if above else ''}{area.code}/"
    # A plan without faults has a point for each.
    assert record.lat is not None
    assert record.lon is not None
    area.lat, area.lon = record.lat, record.lon
    area.geometry = dict(record.geometry or {})
    area.left_out_at = None
    if any(
        before.get(name) != value
        for name, value in vars(area).items()
        if name[0] != "_"
    ):
        area.updated_at = now
        area.save()


def move_parts(plan: AreaPlan, known: Mapping[str, Area], now: datetime) -> None:
    """Move areas that the file doesn't name along with the one that they are in."""
    named = {record.code for record in plan.records}
    for area in sorted(known.values(), key=lambda a: a.level):
        above = known.get(area.codes[-2]) if area.level else None
        if area.code in named or above is None:
            continue
        path = f"{above.path}{area.code}/"
        if (area.path, area.level) != (path, above.level + 1):
            area.path, area.level, area.updated_at = path, above.level + 1, now
            area.save()
