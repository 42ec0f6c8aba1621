"""Actions on services: publish, edit, verify, report places, end."""

from datetime import datetime
from statistics import median
from typing import Any, NoReturn, TypedDict, Unpack

from django.db import transaction
from django.db.models import PROTECT, F
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from amana.design.directory import addresses
from amana.design.directory.addresses import Address
from amana.design.directory.events import address_hidden
from amana.design.directory.models import (
    Area,
    Availability,
    HiddenAddress,
    ResponseTime,
    Service,
)
from amana.design.directory.models.changes import record_change
from amana.design.directory.models.services import VERIFIED_FOR
from amana.design.directory.rules import (
    edit_service,
    keep_directory,
    publish_for_team,
    see_hidden_address,
    take_places,
    update_places,
)
from amana.errors import Changed, Refused
from amana.trust.access.models import Team, User
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
    service = _new(team, fields, by=by)
    log.record("published service", service, by=by)
    return service


def _new(team: Team, fields: ServiceFields, *, by: User, **more: Any) -> Service:
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
        address_hidden.send(Service, service=service)
    if service.places_said_at:
        _report(service, Said.SAID, by=by)
    record_change(service)
    return service


def _take_address(values: dict[str, Any]) -> Address | None:
    """Take the address out of what will be stored in the clear."""
    found = {name: values.pop(name) for name in ADDRESS if values.get(name)}
    for name in ADDRESS:
        values.pop(name, None)
    return Address(found.pop("address", ""), **found) if found else None


def _with_unit(values: dict[str, Any]) -> dict[str, Any]:
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
    _hold(service, service.version if seen is None else seen)
    names = _set(service, fields, by=by)
    log.record("edited service", service, by=by, fields=sorted(names))


def _hold(service: Service, seen: int) -> None:
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


def _set(service: Service, fields: ServiceFields, *, by: User) -> list[str]:
    values: dict[str, Any] = dict(fields)
    hidden = values.get("hidden", service.hidden)
    at = _take_address(values) if hidden else None
    if hidden:
        # In the clear nothing may remain; a constraint refuses it too.
        values |= {"address": "", "lat": None, "lon": None}
    before = (service.places_free, service.places_total)
    for name, value in values.items():
        setattr(service, name, value)
    _fit_places(service)
    places = {"places_free", "places_total", "counts_places", "places_said_at"}
    if before != (service.places_free, service.places_total):
        service.places_said_at = timezone.now() if service.counts_places else None
    service.clean_fields(exclude=FROM_ELSEWHERE)
    service.save(update_fields={*values, *places})
    if at:
        addresses.seal_address(service, at)
    if hidden:
        address_hidden.send(Service, service=service)
    else:
        HiddenAddress.objects.filter(service=service).delete()
    if before != (service.places_free, service.places_total):
        _report(service, Said.SAID, by=by)
    record_change(service)
    return list(values)


def _fit_places(service: Service) -> None:
    if not service.counts_places:
        service.places_total = 0
    service.places_free = min(service.places_free, service.places_total)


def _report(service: Service, kind: Said, *, by: User | None) -> None:
    """Store it in the history; of a safe house by the day."""
    now = timezone.now()
    Availability.objects.create(
        # The minute in which a place was taken is the minute in which someone arrived.
        at=_day_of(now) if service.hidden else now,
        service=service,
        kind=kind,
        free=service.places_free,
        total=service.places_total,
        by=by,
    )


def _day_of(moment: datetime) -> datetime:
    here = timezone.localtime(moment)
    return here.replace(hour=0, minute=0, second=0, microsecond=0)


@transaction.atomic
def verify_service(service: Service, *, by: User) -> None:
    """Record that the service was asked, and that all of this is still true."""
    edit_service.require(by, service)
    service.verified_at, service.verified_by = timezone.now(), by
    service.verify_by = timezone.localdate() + VERIFIED_FOR
    service.save(update_fields=["verified_at", "verified_by", "verify_by"])
    record_change(service)
    log.record("verified service", service, by=by)


@transaction.atomic
def report_places(
    service: Service, free: int, *, by: User, was: int | None = None
) -> None:
    """Report how many places are free now; `was` is the number that the person saw
    before. Raises `Changed` where another number was reported since, and `Refused`
    where there are not so many places."""
    update_places.require(by, service)
    if not service.counts_places:
        raise Refused(_("This service does not count its places."))
    now = timezone.now()
    mine = Service.objects.filter(pk=service.pk, counts_places=True)
    if was is not None:
        # The same number is fine too: two colleagues who report the same agree.
        mine = mine.filter(places_free__in=(was, free))
    enough = mine.filter(places_total__gte=free)
    if free < 0 or not enough.update(places_free=free, places_said_at=now):
        _why_not(service, free, was)
    service.places_free, service.places_said_at = free, now
    _report(service, Said.SAID, by=by)
    record_change(service)
    log.record("said free places", service, by=by, free=free)


def _why_not(service: Service, free: int, was: int | None) -> NoReturn:
    service.refresh_from_db(fields=["places_free", "places_total"])
    if was is not None and service.places_free != was:
        raise Changed(
            _("Someone else updated the count first. Places free now: %(free)s.")
            % {"free": service.places_free}
        )
    raise Refused(
        _("It has %(total)s places, so %(free)s can’t be free.")
        % {"total": service.places_total, "free": free}
    )


@transaction.atomic
def book_places(service: Service, *, places: int = 1, by: User) -> int:
    """Book places for a person who was accepted; return how many. Raises `Refused`
    where too few are free. A count that was never made has none to book."""
    take_places.require(by, service)
    if not service.counts_places:
        return 0
    counted = Service.objects.filter(pk=service.pk, places_said_at__isnull=False)
    # In the UPDATE itself, so that no place is given twice, whatever the copy in memory
    # has (ADR 6).
    free = counted.filter(places_free__gte=places)
    if not free.update(places_free=F("places_free") - places):
        if not counted.exists():
            return 0
        raise Refused(
            ngettext(
                "“%(service)s” no longer has a place free. Put the person on the "
                "waiting list, or update the number of places free first.",
                "“%(service)s” no longer has %(places)s places free. Put the person "
                "on the waiting list, or update the number of places free first.",
                places,
            )
            % {"service": service.called, "places": places}
        )
    service.refresh_from_db(fields=["places_free"])
    _report(service, Said.BOOKED, by=by)
    record_change(service)
    log.record("booked places", service, by=by, places=places)
    return places


@transaction.atomic
def give_back_places(service: Service, *, places: int = 1, by: User | None) -> None:
    """Give places back when a person has left, or has not come."""
    if by is not None:
        take_places.require(by, service)
    taken = Service.objects.filter(
        # Never beyond the total: the team may have reported a new count since.
        pk=service.pk,
        places_total__gte=F("places_free") + places,
    )
    if not taken.update(places_free=F("places_free") + places):
        return
    service.refresh_from_db(fields=["places_free"])
    _report(service, Said.GIVEN_BACK, by=by)
    record_change(service)
    log.record("gave back places", service, by=by, places=places)


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
    others = Service.objects.filter(pk=service.pk).exclude(status=to)
    if not others.update(status=to, version=F("version") + 1):
        raise Changed(
            _("“%(service)s” is already “%(status)s”.")
            % {"service": service.called, "status": to.label}
        )
    service.refresh_from_db(fields=["status", "version"])
    record_change(service)
    log.record(did, service, by=by)


@transaction.atomic
def move_service(
    service: Service, *, to: Team, by: User, seen: int | None = None
) -> None:
    """Make another team of the organisation responsible for the service.

    Referrals that are under way stay with the team that was asked: what is shared is
    sealed to it, and its clocks continue. A secret address goes along, so a member who
    can open it has to move it. Raises `Refused` outside the organisation, or where the
    address can't be opened."""
    edit_service.require(by, service)
    publish_for_team.require(by, to)
    if to.organisation_id != service.organisation_id:
        raise Refused(_("A service can only be moved within its organisation."))
    if to.pk == service.team_id:
        raise Changed(
            _("“%(service)s” already belongs to this team.")
            % {"service": service.called}
        )
    _hold(service, service.version if seen is None else seen)
    # Opened under the old team's key, before the service names the new one.
    at = _taken_along(service, by=by)
    was, service.team = service.team_id, to
    service.save(update_fields=["team"])
    if at:
        addresses.seal_address(service, at)
    record_change(service)
    log.record("moved service", service, by=by, origin=was, to=to.pk)


def _taken_along(service: Service, *, by: User) -> Address | None:
    """Open the address of a safe house for a member who knows it anyway."""
    if not HiddenAddress.objects.filter(service=service).exists():
        return None
    if not see_hidden_address.permits(by, service):
        raise Refused(
            _("Its address is secret, so a member of its own team has to move it.")
        )
    return addresses.open_address(service, by=by)


@transaction.atomic
def record_answer(
    service: Service, *, took_minutes: int, promised_minutes: int, by: User | None
) -> None:
    """Record how long an answer took; nothing of whom it was about."""
    ResponseTime.objects.create(
        service=service,
        took_minutes=took_minutes,
        # At least a minute, because lateness divides by it.
        promised_minutes=max(1, promised_minutes),
    )
    latest = ResponseTime.objects.latest_of(service, ANSWERS_COUNTED)
    service.lateness = round(
        median(answer.took_minutes / answer.promised_minutes for answer in latest), 4
    )
    service.save(update_fields=["lateness"])
    record_change(service)
    log.record("counted answer", service, by=by)


@transaction.atomic
def import_service(
    team: Team,
    *,
    origin: str,
    origin_id: str,
    by: User,
    **fields: Unpack[ServiceFields],
) -> tuple[Service, bool]:
    """Publish or update a service from another directory; return whether anything is
    different.

    The same again changes nothing, and writes nothing."""
    service = Service.objects.filter(origin=origin, origin_id=origin_id).first()
    if service is None:
        keep_directory.require(by, team)
        service = _new(team, fields, by=by, origin=origin, origin_id=origin_id)
        log.record("took in service", service, by=by)
        return service, True
    keep_directory.require(by, service)
    # No change, no version: otherwise every import would overtake people who are
    # editing.
    if not _differs(service, fields):
        return service, False
    _hold(service, service.version)
    names = _set(service, fields, by=by)
    log.record("took in service", service, by=by, fields=sorted(names))
    return service, True


def _differs(service: Service, fields: ServiceFields) -> bool:
    said = Service(**fields)
    said.clean_fields(
        exclude=[f.name for f in Service._meta.fields if f.name not in fields]
    )
    return any(getattr(service, name) != getattr(said, name) for name in fields)


@transaction.atomic
def remove_imported_service(service: Service, *, by: User) -> None:
    """Undo the import of a service: delete it, or end it where it is in use."""
    keep_directory.require(by, service)
    # Before the row goes, because the event names it.
    log.record("took back service", service, by=by)
    if _in_use(service):
        Service.objects.filter(pk=service.pk).update(status=Status.ENDED)
        record_change(service)
        return
    service.delete()
    record_change()


def _in_use(service: Service) -> bool:
    """Check whether other rooms point to it, by the relations that protect it."""
    return any(
        relation.related_model._default_manager.filter(
            **{relation.field.name: service}
        ).exists()
        for relation in Service._meta.related_objects
        if relation.on_delete is PROTECT
    )
