"""All that is public, or that a key opens, for maps and for tables."""

from collections.abc import Callable, Iterable, Iterator
from functools import partial

from django.http import HttpResponseBase

from amana.exchange.directory_api import finding, formats
from amana.exchange.directory_api import parameters as asked
from amana.exchange.directory_api.answering import ApiRequest, answer_questions
from amana.exchange.directory_api.lists import stream_text
from amana.exchange.directory_api.records import Record
from amana.exchange.directory_api.views.hsds_pages import answer_directory

NARROWING = (asked.SEARCH, asked.TERM, asked.TAXONOMY, asked.ORGANIZATION)


@answer_questions(*NARROWING, whole=True)
def geojson(request: ApiRequest) -> HttpResponseBase:
    """Send the services as features of a map."""
    return _stream(request, formats.iterate_geojson, formats.GEOJSON_MEDIA)


@answer_questions(*NARROWING, whole=True)
def hxl(request: ApiRequest) -> HttpResponseBase:
    """Send who does what where, as a table with hashtags."""
    return _stream(request, formats.iterate_hxl, formats.HXL_MEDIA)


def _stream(
    request: ApiRequest, write: Callable[[Iterable[Record]], Iterator[str]], media: str
) -> HttpResponseBase:
    audience = request.caller.audience
    rows = finding.find_rows(request.question, audience)

    def build() -> HttpResponseBase:
        found = finding.iterate_records(rows, audience)
        # One that was restricted while this is written has no organisation any more.
        live = (record for record in found if "organization" in record)
        return stream_text(write(live), media)

    return answer_directory(request, partial(build))
