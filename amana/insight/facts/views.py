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
    Kind,
)
from amana.insight.facts.models import Fact
from amana.insight.facts.rules import READERS, read_definitions
from amana.trust.access.http import Request
from amana.trust.access.rules import NotAmong, holds
from amana.ui.http import show

type Line = tuple[str | Promise, str]
"""What is said, and its codes in words."""


@dataclass(frozen=True)
class Definition:
    kind: Kind
    lines: list[Line]


@require_GET
def definitions(request: Request) -> HttpResponse:
    if not holds(request.user, READERS):
        raise NotAmong(read_definitions, Fact, {})
    context = {
        "groups": [
            (_("About people"), [defined(kind) for kind in OF_PEOPLE]),
            (_("About the mechanism"), [defined(kind) for kind in OF_THE_MECHANISM]),
        ],
        "dimensions": [
            (codes.NAMES[name], words.labels)
            for name, words in codes.DIMENSIONS.items()
        ],
        "bands": codes.Band.labels,
        "kinds": len(KINDS),
    }
    return show(request, "facts/definitions.html", context)


def defined(kind: Kind) -> Definition:
    return Definition(kind, list(lines(kind)))


def lines(kind: Kind) -> Iterator[Line]:
    if kind.results:
        yield codes.NAMES["result"], in_words(kind.results, codes.RESULTS)
    if kind.reasons == MOMENTS:
        yield _("When it was asked"), in_words(kind.reasons, REASONS)
    elif kind.reasons:
        yield codes.NAMES["reason"], in_words(kind.reasons, REASONS)
    if kind.topics == TYPES:
        yield codes.NAMES["topic"], _("The kind of service, as in the directory")
    elif kind.topics:
        yield codes.NAMES["topic"], in_words(kind.topics, TOPICS)
    if kind.timed:
        yield codes.NAMES["band"], _("How long it took, as one of the intervals below")
    if kind.numbered:
        yield codes.NAMES["number"], _("A whole number")


def in_words(some: Iterable[str], labels: Mapping[str, str | Promise]) -> str:
    """Format the labels of codes in a row."""
    # Not by commas: some labels have commas of their own.
    return " · ".join(str(labels[code]) for code in some)
