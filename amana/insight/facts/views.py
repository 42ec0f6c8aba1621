"""Show how each observation arises: what is behind a figure."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass

from django.http import HttpResponse
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET

from amana.insight.facts import codes
from amana.insight.facts.kinds import (
    KINDS,
    MOMENTS,
    OF_PEOPLE,
    OF_THE_MECHANISM,
    REASONS,
    TOPICS,
    TYPES,
    ObservationKind,
)
from amana.insight.facts.models import Observation
from amana.insight.facts.rules import READERS, read_definitions
from amana.trust.access.http import Request
from amana.trust.access.rules import NotAccessible, has_role
from amana.ui.http import show

type Line = tuple[str | Promise, str]
"""What is said, and its codes in words."""


@dataclass(frozen=True)
class KindDefinition:
    kind: ObservationKind
    lines: list[Line]


@require_GET
def definitions(request: Request) -> HttpResponse:
    if not has_role(request.user, READERS):
        raise NotAccessible(read_definitions, Observation, {})
    context = {
        "groups": [
            (_("About people"), [build_definition(kind) for kind in OF_PEOPLE]),
            (
                _("About the mechanism"),
                [build_definition(kind) for kind in OF_THE_MECHANISM],
            ),
        ],
        "dimensions": [
            (codes.NAMES[name], words.labels)
            for name, words in codes.DIMENSIONS.items()
        ],
        "bands": codes.Band.labels,
        "kinds": len(KINDS),
    }
    return show(request, "facts/definitions.html", context)


def build_definition(kind: ObservationKind) -> KindDefinition:
    return KindDefinition(kind, list(iterate_definition_lines(kind)))


def iterate_definition_lines(kind: ObservationKind) -> Iterator[Line]:
    if kind.results:
        yield codes.NAMES["result"], format_codes(kind.results, codes.RESULTS)
    if kind.reasons == MOMENTS:
        yield _("When it was asked"), format_codes(kind.reasons, REASONS)
    elif kind.reasons:
        yield codes.NAMES["reason"], format_codes(kind.reasons, REASONS)
    if kind.topics == TYPES:
        yield codes.NAMES["topic"], _("The kind of service, as in the directory")
    elif kind.topics:
        yield codes.NAMES["topic"], format_codes(kind.topics, TOPICS)
    if kind.timed:
        yield codes.NAMES["band"], _("How long it took, as one of the intervals below")
    if kind.numbered:
        yield codes.NAMES["number"], _("A whole number")


def format_codes(some: Iterable[str], labels: Mapping[str, str | Promise]) -> str:
    """Format the labels of codes in a row."""
    # Not by commas: some labels have commas of their own.
    return " · ".join(str(labels[code]) for code in some)
