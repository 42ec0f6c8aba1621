"""The register of what is given out, brought up to the directory before each answer.

The directory numbers its changes in the order of their commits (ADR 6). The register
follows these numbers: it writes each changed service as each audience is given it, and
where that is another text than before, it is modified now. So `modified_after` misses
nothing, whatever changed (the name of an area, too), and a count of beds that is not
given out changes nothing. What an audience is given no more is withdrawn in the same
way."""

from collections.abc import Iterable
from datetime import datetime, timedelta
from functools import cache
from time import monotonic
from uuid import UUID

from django.db import IntegrityError, transaction
from django.db.models import F, Max
from django.utils import timezone

from amana.design.directory.models import Change, Service
from amana.design.directory.models.services import ServiceQuerySet
from amana.exchange.directory_api import records
from amana.exchange.directory_api.models import (
    Audience,
    PublicationState,
    PublishedPlace,
    PublishedService,
)
from amana.exchange.directory_api.rules import find_given
from amana.exchange.hsds.writing import build_id

BATCH = 500
"""Services that are written in one transaction: others who write wait no longer."""
PATIENCE = 8.0
"""Seconds that one request may spend on it."""


class NotReady(Exception):
    """More has changed than one request can follow; what it did is kept."""


@cache
def get_program() -> str:
    return records.compute_fingerprint()


def load_services(services: ServiceQuerySet) -> ServiceQuerySet:
    """Load what writing needs, without the heavy shapes of areas."""
    return (
        services.for_list()
        .select_related("area__above")
        .defer("area__geometry", "area__above__geometry")
    )


def bring_up_to_date() -> None:
    """Bring the register up to the directory's last change. Raises `NotReady` where
    that takes longer than a request should; the next one goes on from there."""
    until = monotonic() + PATIENCE
    while not is_current():
        follow_batch()
        if monotonic() > until:
            if is_current():
                return
            # What was done is committed, batch by batch: the next request goes on.
            raise NotReady


def is_current() -> bool:
    """Check whether the register has followed every change. Two queries."""
    state = PublicationState.objects.filter(pk=1).first()
    if state is None or state.read_to is not None:
        return False
    if state.written_by != get_program():
        return False
    return (state.number, state.stamp) == _last_change()


def _last_change() -> tuple[int, int]:
    newest = Change.objects.order_by("-number").values_list("number", "stamp")
    return newest.first() or (0, 0)


@transaction.atomic
def follow_batch() -> None:
    """Follow the next changes, or read the next services where all is read anew."""
    state = _lock_state()
    if state.read_to is None:
        news = _find_news(state)
        if news is not None:
            _follow_changes(state, news)
            return
        # First the number: what changes while all is read is read once more after it.
        state.number, state.stamp = _last_change()
        state.written_by, state.read_to = get_program(), 0
    _read_on(state)


def _lock_state() -> PublicationState:
    # An UPDATE locks the row until the commit on both databases: of two requests the
    # second finds the work done.
    locked = PublicationState.objects.filter(pk=1).update(number=F("number"))
    if not locked:
        try:
            with transaction.atomic():
                PublicationState.objects.create()
        except IntegrityError:
            pass
        return _lock_state()
    return PublicationState.objects.get(pk=1)


type News = list[tuple[int, int, int | None]]


def _find_news(state: PublicationState) -> News | None:
    """Find the changes since; None where all must be read anew."""
    if state.written_by != get_program():
        return None
    changes = Change.objects.filter(number__gte=state.number).order_by("number")
    found: News = list(changes.values_list("number", "stamp", "service")[: BATCH + 1])
    if found[:1] and found[0][:2] == (state.number, state.stamp):
        found = found[1:]
    elif state.number:
        # Forgotten already, or rolled back: what lies between is not known.
        return None
    return None if any(service is None for _, _, service in found) else found


def _follow_changes(state: PublicationState, news: News) -> None:
    if not news:
        return
    changed = {service for _, _, service in news if service is not None}
    write_rows(changed)
    state.number, state.stamp, _service = news[-1]
    state.save(update_fields=["number", "stamp"])


def _read_on(state: PublicationState) -> None:
    after = state.read_to or 0
    pks = list(
        Service.objects.filter(pk__gt=after)
        .order_by("pk")
        .values_list("pk", flat=True)[:BATCH]
    )
    # Those of the register between them too: a service that was deleted has no other
    # trace, and its change went with it.
    rows = PublishedService.objects.given().filter(service__gt=after)
    full = len(pks) == BATCH
    if full:
        rows = rows.filter(service__lte=pks[-1])
    write_rows({*pks, *rows.values_list("service", flat=True)})
    state.read_to = pks[-1] if full else None
    state.save()


# --- the rows of some services


def write_rows(pks: Iterable[int]) -> None:
    """Write what each audience is given of these services now."""
    wanted = set(pks)
    # What everyone is given is a part of what a key opens, so each is built once.
    everything = load_services(find_given(Audience.NETWORK).filter(pk__in=wanted))
    built = {service.pk: records.build_whole(service) for service in everything}
    now = _next_moment()
    for audience in Audience:
        pks_given = find_given(audience).filter(pk__in=built)
        given = {
            pk: records.narrow_record(built[pk], audience)
            for pk in pks_given.values_list("pk", flat=True)
            if pk in built
        }
        _write_given(audience, given, now)
        _withdraw(audience, wanted - given.keys(), now)


def _next_moment() -> datetime:
    """Choose a moment after all that were given, whatever the clock did."""
    # A clock that was set back would else hide the next changes from every program.
    last = PublishedService.objects.aggregate(last=Max("modified_at"))["last"]
    now = timezone.now()
    return now if last is None else max(now, last + timedelta(microseconds=1))


def _write_given(
    audience: Audience, given: dict[int, records.Record], now: datetime
) -> None:
    known = PublishedService.objects.of(audience).given().filter(service__in=given)
    digests = dict(known.values_list("service", "digest"))
    rows, places = [], []
    for service, record in given.items():
        digest = records.digest_service(record)
        if digests.get(service) == digest:
            continue
        rows.append(_build_row(audience, service, digest, now))
        places += _build_places(audience, service, record)
    _save_rows(rows)
    _save_places(audience, {row.service for row in rows}, places)


def _build_row(
    audience: Audience, service: int, digest: str, now: datetime
) -> PublishedService:
    return PublishedService(
        audience=audience,
        service=service,
        public_id=UUID(build_id("service", service)),
        digest=digest,
        modified_at=now,
    )


def _build_places(
    audience: Audience, service: int, record: records.Record
) -> list[PublishedPlace]:
    return [
        PublishedPlace(
            audience=audience,
            service=service,
            public_id=UUID(place["id"]),
            lat=place["location"].get("latitude"),
            lon=place["location"].get("longitude"),
        )
        for place in record.get("service_at_locations", ())
    ]


def _withdraw(audience: Audience, pks: set[int], now: datetime) -> None:
    rows = PublishedService.objects.of(audience).given().filter(service__in=pks)
    # Only what was given: a row for another service would reveal that there is one.
    gone = list(rows)
    for row in gone:
        row.digest, row.modified_at, row.withdrawn_at = "", now, now
    _save_rows(gone)
    _save_places(audience, {row.service for row in gone}, [])


def _save_rows(rows: list[PublishedService]) -> None:
    # The same statement for new rows and old ones.
    for row in rows:
        row.pk = None
    PublishedService.objects.bulk_create(
        rows,
        update_conflicts=True,
        unique_fields=["audience", "service"],
        update_fields=["digest", "modified_at", "withdrawn_at"],
    )


def _save_places(
    audience: Audience, services: set[int], places: list[PublishedPlace]
) -> None:
    if not services:
        return
    # All of a service's places anew: which of them moved is not asked.
    PublishedPlace.objects.filter(audience=audience, service__in=services).delete()
    PublishedPlace.objects.bulk_create(places)


def get_last_modified(audience: Audience) -> datetime | None:
    """Get when what this audience is given last changed."""
    rows = PublishedService.objects.of(audience)
    last: datetime | None = rows.aggregate(last=Max("modified_at"))["last"]
    return last
