"""Free places: reported, booked, given back; answers timed."""

from statistics import median
from typing import NoReturn

from django.db import transaction
from django.db.models import F
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from amana.design.directory.actions.publishing import (
    ANSWERS_COUNTED,
    Said,
    record_availability,
)
from amana.design.directory.models import ResponseTime, Service
from amana.design.directory.models.changes import record_change
from amana.design.directory.rules import take_places, update_places
from amana.errors import Changed, Refused
from amana.trust.access.models.organisations import User
from amana.trust.audit import log


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
    record_availability(service, Said.SAID, by=by)
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
    record_availability(service, Said.BOOKED, by=by)
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
    record_availability(service, Said.GIVEN_BACK, by=by)
    record_change(service)
    log.record("gave back places", service, by=by, places=places)


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
