"""The endpoints of HSDS 3.1, by GET alone."""

from collections.abc import Callable, Iterator
from functools import partial
from uuid import UUID

from django.conf import settings
from django.http import HttpResponseBase
from django.urls import reverse

from amana.exchange.directory_api import finding
from amana.exchange.directory_api import parameters as asked
from amana.exchange.directory_api.answering import (
    ApiRequest,
    answer_questions,
    answer_unless_same,
)
from amana.exchange.directory_api.lists import Record, answer_json, answer_list
from amana.exchange.directory_api.openapi import build_document
from amana.exchange.directory_api.parameters import Question, parse_id
from amana.exchange.directory_api.problems import NotListed
from amana.exchange.directory_api.publication import get_last_modified
from amana.exchange.directory_api.records import shorten_record
from amana.exchange.directory_api.taxonomy_terms import (
    TAXONOMY_ID,
    build_taxonomy,
    map_terms,
)
from amana.trust.access.models import Organisation

VERSION = "3.1"
PROFILE = "https://docs.openreferral.org/"
FIXED = "as long as the program"
"""The version of an answer that no change of the directory changes."""


def answer_directory(
    request: ApiRequest, build: Callable[[], HttpResponseBase]
) -> HttpResponseBase:
    """Answer with what changes when anything that the caller is given changes."""
    at = get_last_modified(request.caller.audience)
    version = at.isoformat() if at else "nothing yet"
    return answer_unless_same(request, build, version=version, changed_at=at)


def answer_fixed(
    request: ApiRequest, build: Callable[[], HttpResponseBase]
) -> HttpResponseBase:
    return answer_unless_same(request, build, version=FIXED, changed_at=None)


def read_id(said: str, what: str) -> UUID:
    """Read the id of an address. Raises `NotListed` where it is none."""
    try:
        return parse_id(said)
    except ValueError as error:
        raise _not_listed(what) from error


def _not_listed(what: str) -> NotListed:
    return NotListed(f"There is no {what} with this id here, or none for this key.")


# --- the API itself


@answer_questions()
def about(request: ApiRequest) -> HttpResponseBase:
    """Tell which version of HSDS this is, and where it is described."""
    found = {
        "version": VERSION,
        "profile": PROFILE,
        "openapi_url": settings.ADDRESS + reverse("directory_api:openapi"),
    }
    return answer_fixed(request, partial(answer_json, found))


@answer_questions()
def openapi(request: ApiRequest) -> HttpResponseBase:
    """Describe the API for programs."""
    return answer_fixed(request, partial(answer_json, build_document()))


@answer_questions()
def missing(request: ApiRequest) -> HttpResponseBase:
    """Say that there is no such address."""
    raise NotListed(
        f"There is no such address. {reverse('directory_api:openapi')}"
        " lists those there are."
    )


# --- services


@answer_questions(*asked.SERVICES)
def services(request: ApiRequest) -> HttpResponseBase:
    return answer_directory(request, partial(_list_services, request))


def _list_services(request: ApiRequest) -> HttpResponseBase:
    question, audience = request.question, request.caller.audience
    rows = finding.find_rows(question, audience)

    def page(start: int, end: int) -> list[Record]:
        found = finding.load_records(rows[start:end], audience)
        return [finding.shape_record(record, question) for record in found]

    def stream() -> Iterator[Record]:
        for record in finding.iterate_records(rows, audience):
            yield finding.shape_record(record, question)

    return answer_list(question, total=rows.count, page=page, stream=stream)


@answer_questions()
def service(request: ApiRequest, code: str) -> HttpResponseBase:
    """Give one service with everything nested in it; of one that was withdrawn, that
    it was."""
    row = finding.find_row(read_id(code, "service"), request.caller.audience)
    if row is None:
        raise _not_listed("service")

    def build() -> HttpResponseBase:
        [record] = finding.load_records([row], request.caller.audience)
        return answer_json(record)

    version = row.modified_at.isoformat()
    # The record of a secret place leaves the hour out: so does the header.
    at = row.modified_at if finding.is_place_public(row) else None
    return answer_unless_same(request, build, version=version, changed_at=at)


# --- places


@answer_questions(*asked.PLACES)
def service_at_locations(request: ApiRequest) -> HttpResponseBase:
    return answer_directory(request, partial(_list_places, request))


def _list_places(request: ApiRequest) -> HttpResponseBase:
    question, audience = request.question, request.caller.audience
    places = finding.find_places(question, audience)

    def page(start: int, end: int) -> list[Record]:
        found = places.slice(start, end)
        return finding.load_places(found, audience, full=question.full)

    def stream() -> Iterator[Record]:
        for batch in places.iterate():
            yield from finding.load_places(batch, audience, full=question.full)

    return answer_list(question, total=places.count, page=page, stream=stream)


@answer_questions()
def service_at_location(request: ApiRequest, code: str) -> HttpResponseBase:
    public_id, audience = read_id(code, "place"), request.caller.audience
    # Through the rows that are given, so that no place of a withdrawn service is found.
    places = finding.find_places(Question(), audience).places
    found = finding.load_places(
        list(places.filter(public_id=public_id)), audience, full=True
    )
    if not found:
        raise _not_listed("place")
    return answer_directory(request, partial(answer_json, found[0]))


# --- organisations


@answer_questions(*asked.ORGANISATIONS)
def organizations(request: ApiRequest) -> HttpResponseBase:
    return answer_directory(request, partial(_list_organisations, request))


def _list_organisations(request: ApiRequest) -> HttpResponseBase:
    question, audience = request.question, request.caller.audience
    found = finding.find_organisations(question, audience)

    def load(some: list[Organisation]) -> list[Record]:
        return finding.load_organisations(
            some,
            audience,
            full=question.full or question.full_service,
            services=question.full_service,
        )

    def page(start: int, end: int) -> list[Record]:
        return load(list(found[start:end]))

    def stream() -> Iterator[Record]:
        after = 0
        while some := list(found.filter(pk__gt=after)[: finding.BATCH]):
            yield from load(some)
            after = some[-1].pk

    return answer_list(question, total=found.count, page=page, stream=stream)


@answer_questions(asked.FULL_SERVICE)
def organization(request: ApiRequest, code: str) -> HttpResponseBase:
    public_id, audience = read_id(code, "organisation"), request.caller.audience
    number = finding.find_organisation_number(public_id, audience)
    if number is None:
        raise _not_listed("organisation")

    def build() -> HttpResponseBase:
        found = Organisation.objects.filter(pk=number)
        [record] = finding.load_organisations(found, audience, full=True, services=True)
        if not request.question.full_service:
            record["services"] = [shorten_record(s) for s in record["services"]]
        return answer_json(record)

    return answer_directory(request, partial(build))


# --- taxonomies


@answer_questions(*asked.TAXONOMIES)
def taxonomies(request: ApiRequest) -> HttpResponseBase:
    return answer_fixed(request, partial(_list_fixed, request, [build_taxonomy()]))


@answer_questions()
def taxonomy(request: ApiRequest, code: str) -> HttpResponseBase:
    if str(read_id(code, "taxonomy")) != TAXONOMY_ID:
        raise _not_listed("taxonomy")
    return answer_fixed(request, partial(answer_json, build_taxonomy()))


@answer_questions(*asked.TERMS)
def taxonomy_terms(request: ApiRequest) -> HttpResponseBase:
    question = request.question
    terms = list(map_terms().values())
    if question.taxonomy_id and str(question.taxonomy_id) != TAXONOMY_ID:
        terms = []
    if question.top_only:
        terms = [term for term in terms if not term.parent]
    if question.parent_id:
        over = map_terms().get(str(question.parent_id))
        code = over.code if over else "no term"
        terms = [term for term in terms if term.parent == code]
    found = [term.record() for term in terms]
    return answer_fixed(request, partial(_list_fixed, request, found))


@answer_questions()
def taxonomy_term(request: ApiRequest, code: str) -> HttpResponseBase:
    term = map_terms().get(str(read_id(code, "term")))
    if term is None:
        raise _not_listed("term")
    record = term.record() | {"taxonomy_detail": build_taxonomy()}
    return answer_fixed(request, partial(answer_json, record))


def _list_fixed(request: ApiRequest, found: list[Record]) -> HttpResponseBase:
    words = request.question.search.casefold().split()
    fitting = [record for record in found if _holds(record, words)]
    return answer_list(
        request.question,
        total=lambda: len(fitting),
        page=lambda start, end: fitting[start:end],
        stream=lambda: fitting,
    )


def _holds(record: Record, words: list[str]) -> bool:
    text = f"{record['name']}\n{record['description']}\n{record.get('code', '')}"
    return all(word in text.casefold() for word in words)
