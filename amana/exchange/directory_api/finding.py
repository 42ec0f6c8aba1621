"""What answers a question: which services, places and organisations, in which order."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import lru_cache
from math import asin, cos, radians, sin, sqrt
from uuid import UUID

from django.conf import settings
from django.db.models import Q, QuerySet

from amana.design.directory.models import Service
from amana.design.directory.models.services import ServiceQuerySet
from amana.exchange.directory_api import records
from amana.exchange.directory_api.models import (
    Audience,
    PublishedPlace,
    PublishedService,
)
from amana.exchange.directory_api.models import PublishedServiceQuerySet as Rows
from amana.exchange.directory_api.parameters import Question
from amana.exchange.directory_api.publication import load_services
from amana.exchange.directory_api.records import Record
from amana.exchange.directory_api.rules import find_given
from amana.exchange.directory_api.taxonomy_terms import (
    TAXONOMY_ID,
    filter_by_term,
    map_terms,
)
from amana.exchange.hsds.writing import build_id
from amana.trust.access.models import Organisation

BATCH = 200
"""Entries of a stream that are read at once: by their number, not by an open question
to the database, which a slow reader would hold up for all."""

WORDS = 10
EARTH = 6_371_000.0
SEARCHED = (
    "name",
    "name_en",
    "name_fr",
    "name_ar",
    "description",
    "organisation__name",
)
AREAS_SEARCHED = tuple(f"area__names__{code}" for code, _name in settings.LANGUAGES)
"""Of a service whose address is secret, an answer would tell in which area it is."""


# --- which services


def find_services(question: Question, audience: Audience) -> ServiceQuerySet:
    """Find the services that fit, but for when they changed."""
    found = find_given(audience)
    for word in question.search.split()[:WORDS]:
        in_area = match_word(word, AREAS_SEARCHED) & Q(hidden=False)
        found = found.filter(match_word(word, SEARCHED) | in_area)
    if question.taxonomy_term_id:
        term = map_terms().get(str(question.taxonomy_term_id))
        found = filter_by_term(found, term) if term else found.none()
        # What is held back can't be asked for either.
        if term and term.field not in records.ATTRIBUTES_OF_HIDDEN:
            found = found.filter(hidden=False)
    if question.taxonomy_id and str(question.taxonomy_id) != TAXONOMY_ID:
        found = found.none()
    if question.organization_id:
        organisation = find_organisation_number(question.organization_id, audience)
        found = found.filter(organisation=organisation)
    return found


def match_word(word: str, fields: Iterable[str]) -> Q:
    """Match a word in any of these, whatever its case: SQLite folds only A to Z."""
    # No text in the database holds it, and PostgreSQL would refuse the question.
    word = word.replace("\0", "\N{REPLACEMENT CHARACTER}")
    forms = {word} if word.isascii() else {word, word.lower(), word.upper()}
    forms |= set() if word.isascii() else {word.capitalize()}
    found = Q()
    for name in fields:
        for form in forms:
            found |= Q(**{f"{name}__icontains": form})
    return found


def find_rows(question: Question, audience: Audience) -> Rows:
    """Find the rows of the register that answer, in the order of their numbers."""
    rows = PublishedService.objects.of(audience)
    fits = Q(withdrawn_at=None)
    if question.narrows:
        services = find_services(question, audience).order_by().values("pk")
        fits &= Q(service__in=services)
    if question.modified_after:
        # Withdrawals whatever the filter: nothing is left of them that it could find,
        # and a copy must learn of each.
        rows = rows.filter(modified_at__gte=question.modified_after)
        fits |= Q(withdrawn_at__isnull=False)
    return rows.filter(fits).order_by("service")


def find_row(public_id: UUID, audience: Audience) -> PublishedService | None:
    return PublishedService.objects.of(audience).filter(public_id=public_id).first()


def is_place_public(row: PublishedService) -> bool:
    """Check that a service is given out and has no secret address."""
    open_ = Service.objects.filter(pk=row.service, hidden=False)
    return row.withdrawn_at is None and open_.exists()


# --- as records


def load_records(rows: Iterable[PublishedService], audience: Audience) -> list[Record]:
    """Load these services as records, each with when it changed; what is given out no
    more as what is left of it. One question to the database."""
    wanted = list(rows)
    found = load_services(
        # Through the rule once more: since the register was read, a service may have
        # been restricted.
        find_given(audience).filter(
            pk__in=[row.service for row in wanted if row.withdrawn_at is None]
        )
    ).in_bulk()
    return [
        records.stamp_record(
            records.build_service(service, audience), row, hidden=service.hidden
        )
        if (service := found.get(row.service))
        else records.build_tombstone(row)
        for row in wanted
    ]


def shape_record(record: Record, question: Question) -> Record:
    if question.minimal:
        return records.minimise_record(record)
    return record if question.full else records.shorten_record(record)


def iterate_rows(rows: Rows) -> Iterator[list[PublishedService]]:
    """Iterate all rows in batches, each by a question of its own."""
    after = 0
    while batch := list(rows.filter(service__gt=after)[:BATCH]):
        yield batch
        after = batch[-1].service


def iterate_records(rows: Rows, audience: Audience) -> Iterator[Record]:
    for batch in iterate_rows(rows):
        yield from load_records(batch, audience)


# --- places


@dataclass(frozen=True)
class PlaceList:
    """The places that answer, in their order: by number, or the nearest first."""

    places: QuerySet[PublishedPlace]
    nearest: list[int] | None = None

    def count(self) -> int:
        return self.places.count() if self.nearest is None else len(self.nearest)

    def slice(self, start: int, end: int) -> list[PublishedPlace]:
        if self.nearest is None:
            return list(self.places[start:end])
        wanted = self.nearest[start:end]
        found = self.places.in_bulk(wanted)
        return [found[pk] for pk in wanted if pk in found]

    def iterate(self) -> Iterator[list[PublishedPlace]]:
        """Iterate all places in batches, each by a question of its own."""
        if self.nearest is None:
            after = 0
            while batch := list(self.places.filter(pk__gt=after)[:BATCH]):
                yield batch
                after = batch[-1].pk
            return
        for start in range(0, len(self.nearest), BATCH):
            yield self.slice(start, start + BATCH)


def find_places(question: Question, audience: Audience) -> PlaceList:
    rows = find_rows(question, audience).given().order_by().values("service")
    places = PublishedPlace.objects.filter(audience=audience, service__in=rows)
    places = places.order_by("pk")
    if question.near is None:
        return PlaceList(places)
    return PlaceList(
        places, sort_by_distance(places, question.near, question.proximity)
    )


def sort_by_distance(
    places: QuerySet[PublishedPlace], point: tuple[float, float], within: int
) -> list[int]:
    """Sort the places that are within so many metres, the nearest first."""
    lat, _lon = point
    degrees = within / 111_000 + 0.01
    # A band of latitude, by which the database leaves out most; the rest is computed.
    band = places.filter(lat__range=(lat - degrees, lat + degrees))
    # In Python and not in SQL: SQLite may be built without sines.
    near = []
    for pk, lat_there, lon_there in band.values_list("pk", "lat", "lon"):
        if lat_there is None or lon_there is None:
            continue
        far = compute_distance(point, (lat_there, lon_there))
        if far <= within:
            near.append((far, pk))
    return [pk for _far, pk in sorted(near)]


def compute_distance(one: tuple[float, float], other: tuple[float, float]) -> float:
    """Compute the metres between two points on the globe."""
    (lat1, lon1), (lat2, lon2) = one, other
    north, south = radians(lat1), radians(lat2)
    across = sin(radians(lon2 - lon1) / 2) ** 2 * cos(north) * cos(south)
    return 2 * EARTH * asin(sqrt(min(1.0, sin((south - north) / 2) ** 2 + across)))


def load_places(
    places: list[PublishedPlace], audience: Audience, *, full: bool
) -> list[Record]:
    """Load these places as records, with their services. Two questions."""
    numbers = {place.service for place in places}
    rows = PublishedService.objects.of(audience).given().filter(service__in=numbers)
    services = {service["id"]: service for service in load_records(rows, audience)}
    found = []
    for place in places:
        service = services.get(build_id("service", place.service), {})
        for nested in service.get("service_at_locations", ()):
            if nested["id"] == str(place.public_id):
                found.append(records.build_place(service, nested, full=full))
    return found


# --- organisations


@lru_cache(maxsize=50_000)
def compute_organisation_id(number: int) -> str:
    return build_id("organisation", number)


def find_organisations(
    question: Question, audience: Audience
) -> QuerySet[Organisation]:
    """Find the organisations of which anything is given that fits."""
    fitting = Question(
        taxonomy_term_id=question.taxonomy_term_id, taxonomy_id=question.taxonomy_id
    )
    services = find_services(fitting, audience).order_by()
    found = Organisation.objects.filter(pk__in=services.values("organisation"))
    for word in question.search.split()[:WORDS]:
        found = found.filter(match_word(word, ["name"]))
    return found.order_by("pk")


def find_organisation_number(public_id: UUID, audience: Audience) -> int | None:
    """Find an organisation by its public id; None where nothing of it is given."""
    # By trying: an id can't be turned back into its number, and a table of ids would be
    # one more to keep true for a few hundred rows.
    numbers = find_organisations(Question(), audience).values_list("pk", flat=True)
    wanted = str(public_id)
    return next((n for n in numbers if compute_organisation_id(n) == wanted), None)


def load_organisations(
    organisations: Iterable[Organisation],
    audience: Audience,
    *,
    full: bool,
    services: bool,
) -> list[Record]:
    """Load organisations as records; `full` with their places, `services` with all
    that they offer."""
    several = list(organisations)
    offered: dict[str, list[Record]] = {}
    if full or services:
        numbers = [organisation.pk for organisation in several]
        rows = PublishedService.objects.of(audience).given()
        theirs = Service.objects.filter(organisation__in=numbers).values("pk")
        for record in load_records(rows.filter(service__in=theirs), audience):
            if "organization_id" in record:
                offered.setdefault(record["organization_id"], []).append(record)
    return [
        _build_organisation(organisation, offered, full=full, services=services)
        for organisation in several
    ]


def _build_organisation(
    organisation: Organisation,
    offered: dict[str, list[Record]],
    *,
    full: bool,
    services: bool,
) -> Record:
    record = records.build_organisation(organisation)
    theirs = offered.get(record["id"], [])
    if full and (locations := records.gather_locations(theirs)):
        record["locations"] = locations
    if services:
        record["services"] = theirs
    return record
