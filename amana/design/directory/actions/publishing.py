"""Publish, change, pause, end and move a service; verify it."""

from datetime import datetime
from typing import Any, TypedDict, Unpack

from django.db import transaction
from django.db.models import F
from django.utils import timezone
from django.utils.translation import gettext as _

from amana.design.directory import addresses, history, placing
from amana.design.directory.addresses import Address
from amana.design.directory.events import address_hidden
from amana.design.directory.models import (
    Area,
    Availability,
    HiddenAddress,
    Service,
    ServiceChange,
)
from amana.design.directory.models.changes import record_change
from amana.design.directory.rules import edit_service, publish_for_team
from amana.errors import Changed, Refused
from amana.trust.access.models.organisations import Team, User
from amana.trust.audit import log

Status = Service.Status


Said = Availability.Kind


ANSWERS_COUNTED = 20
"""Only the latest answers count, so that a team can become better."""


class ServiceFields(TypedDict, total=False):
    """The fields that can be set; see the model for what each means."""

    name: str
    name_en: str
    name_fr: str
    name_ar: str
    types: list[str]
    description: str
    visibility: str
    area: Area | None
    hidden: bool
    address: str
    lat: float | None
    lon: float | None
    arrival: str
    modalities: list[str]
    coverage: list[str]
    coverage_note: str
    sexes: list[str]
    age_min: int
    age_max: int
    nationalities: list[str]
    not_nationalities: list[str]
    statuses: list[str]
    exploitation: list[str]
    groups: list[str]
    not_groups: list[str]
    children_max: int
    documents: list[str]
    needs_police: bool
    needs_identified: bool
    own_assessment: bool
    conditions: str
    languages: list[str]
    accessibility: list[str] | None
    traits: list[str]
    costs: bool
    cost_note: str
    hours: list[Any] | None
    hours_note: str
    zone: str
    max_stay_days: int
    accepts_referrals: bool
    referral_method: str
    information_needed: str
    contact_role: str
    phone: str
    email: str
    website: str
    next_step: str
    answers_within_hours: int
    feedback: str
    feedback_within_hours: int
    counts_places: bool
    unit: str
    places_total: int
    places_free: int
    children_take_places: bool
    waiting_list: bool
    wait_days: int | None
    verify_by: Any
    funded_until: Any
    status: str


ADDRESS = ("address", "lat", "lon")


FROM_ELSEWHERE = ("organisation", "team", "area", "verified_by")
"""Rows of other tables: the database itself checks that they exist."""


@transaction.atomic
def publish_service(
    team: Team, *, by: User, **fields: Unpack[ServiceFields]
) -> Service:
    publish_for_team.require(by, team)
    service = create_service(team, _with_area(fields, None), by=by)
    log.record("published service", service, by=by)
    return service


def create_service(
    team: Team, fields: ServiceFields, *, by: User, **more: Any
) -> Service:
    values: dict[str, Any] = dict(fields)
    at = _take_address(values) if values.get("hidden") else None
    if "places_total" in values:
        # A number of places implies that they are counted.
        values.setdefault("counts_places", True)
    service = Service(
        team=team, organisation_id=team.organisation_id, **_with_unit(values), **more
    )
    if service.counts_places and "places_free" in values:
        service.places_said_at = timezone.now()
    # `clean_fields` alone: constraints are the database's, which no caller can forget.
    service.clean_fields(exclude=FROM_ELSEWHERE)
    service.save(force_insert=True)
    if at:
        addresses.seal_address(service, at)
    if service.hidden:
        address_hidden.send(Service, services=[service])
    if service.places_said_at:
        record_availability(service, Said.SAID, by=by)
    record_change(service)
    return service


def _with_area(fields: ServiceFields, service: Service | None) -> ServiceFields:
    """Add the area that holds its coordinates, where no area is named. Of a hidden
    place none is added: its team decides how much of it others may know."""
    hidden = fields.get("hidden", service.hidden if service else False)
    named = "area" not in fields and service is not None and service.area_id
    if hidden or named or fields.get("area") is not None:
        return fields
    area = placing.find_area_at(fields.get("lat"), fields.get("lon"))
    return fields if area is None else {**fields, "area": area}


def _take_address(values: dict[str, Any]) -> Address | None:
    """Take the address out of what will be stored in the clear."""
    found = {name: values.pop(name) for name in ADDRESS if values.get(name)}
    for name in ADDRESS:
        values.pop(name, None)
    return Address(found.pop("address", ""), **found) if found else None


def _with_unit(values: dict[str, object]) -> dict[str, object]:
    """Add the unit of its places, unless it was given."""
    kinds = Service(types=values.get("types", [])).kinds
    return {"unit": kinds[0].unit} | values if kinds else values


@transaction.atomic
def change_service(
    service: Service,
    *,
    by: User,
    seen: int | None = None,
    **fields: Unpack[ServiceFields],
) -> None:
    """Change a service; `seen` is the version on which the change was made. Raises
    `Changed` where someone else has changed it since."""
    edit_service.require(by, service)
    lock_service(service, service.version if seen is None else seen)
    names = set_service_fields(service, _with_area(fields, service), by=by)
    log.record("edited service", service, by=by, fields=sorted(names))


def lock_service(service: Service, seen: int) -> None:
    """Lock the service, so that no one else changes it until the transaction ends.
    Raises `Changed` where its version is another one."""
    now = timezone.now()
    # The UPDATE locks the row and compares the version in one step, on SQLite too.
    mine = Service.objects.filter(pk=service.pk, version=seen)
    if not mine.update(version=F("version") + 1, updated_at=now):
        raise Changed(
            _("Someone else has changed “%(service)s” in the meantime.")
            % {"service": service.called}
        )
    service.version, service.updated_at = seen + 1, now
    # Places are changed without a new version, so the row that was read may be old in
    # these.
    service.refresh_from_db(fields=["places_free", "places_total", "hidden"])


def set_service_fields(
    service: Service,
    fields: ServiceFields,
    *,
    by: User,
    source: ServiceChange.Source = ServiceChange.Source.PERSON,
) -> list[str]:
    values: dict[str, Any] = dict(fields)
    hidden = values.get("hidden", service.hidden)
    at = _take_address(values) if hidden else None
    if hidden:
        # In the clear nothing may remain; a constraint refuses it too.
        values |= {"address": "", "lat": None, "lon": None}
    former = history.take_values(service, values)
    before = (service.places_free, service.places_total)
    for name, value in values.items():
        setattr(service, name, value)
    _fit_places(service)
    places = {"places_free", "places_total", "counts_places", "places_said_at"}
    if before != (service.places_free, service.places_total):
        service.places_said_at = timezone.now() if service.counts_places else None
    service.clean_fields(exclude=FROM_ELSEWHERE)
    service.save(update_fields={*values, *places})
    history.record_fields(service, former, by=by, source=source)
    _keep_address(service, at)
    if before != (service.places_free, service.places_total):
        record_availability(service, Said.SAID, by=by)
    record_change(service)
    return list(values)


def _keep_address(service: Service, at: Address | None) -> None:
    """Seal what was given of a secret address, or forget it where it is secret no
    more."""
    if at:
        addresses.seal_address(service, at)
    if service.hidden:
        history.forget_place(service)
        address_hidden.send(Service, services=[service])
    else:
        HiddenAddress.objects.filter(service=service).delete()


def _fit_places(service: Service) -> None:
    if not service.counts_places:
        service.places_total = 0
    service.places_free = min(service.places_free, service.places_total)


def record_availability(service: Service, kind: Said, *, by: User | None) -> None:
    """Store it in the history; of a safe house by the day."""
    now = timezone.now()
    Availability.objects.create(
        # The minute in which a place was taken is the minute in which someone arrived.
        at=get_day(now) if service.hidden else now,
        service=service,
        kind=kind,
        free=service.places_free,
        total=service.places_total,
        by=by,
    )


def get_day(moment: datetime) -> datetime:
    """Get the beginning of the day of a moment, as people here count days."""
    here = timezone.localtime(moment)
    return here.replace(hour=0, minute=0, second=0, microsecond=0)


def pause_service(service: Service, *, by: User) -> None:
    """Take no new people for now."""
    _turn(service, Status.PAUSED, "paused service", by=by)


def resume_service(service: Service, *, by: User) -> None:
    """Take people again, after a pause or an end."""
    _turn(service, Status.ACTIVE, "resumed service", by=by)


def end_service(service: Service, *, by: User) -> None:
    """End for good; open referrals stay with their teams."""
    _turn(service, Status.ENDED, "ended service", by=by)


@transaction.atomic
def _turn(service: Service, to: Status, did: str, *, by: User) -> None:
    edit_service.require(by, service)
    require_listed(service)
    set_status(service, to, by=by)
    log.record(did, service, by=by)


def require_listed(service: Service) -> None:
    """Require that its own team decides whether it is listed."""
    if service.merged_into_id:
        raise Refused(_("It was merged into another service. Undo that first."))
    if service.delistings.filter(lifted_at=None).exists():
        raise Refused(_("It was taken out of the directory. List it again first."))


def set_status(service: Service, to: Status, *, by: User) -> None:
    """Set the status. Raises `Changed` where another person did so first."""
    former = history.take_values(service, ["status"])
    others = Service.objects.filter(pk=service.pk).exclude(status=to)
    if not others.update(status=to, version=F("version") + 1):
        raise Changed(
            _("“%(service)s” is already “%(status)s”.")
            % {"service": service.called, "status": to.label}
        )
    service.refresh_from_db(fields=["status", "version"])
    history.record_fields(service, former, by=by)
    record_change(service)
