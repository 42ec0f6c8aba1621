"""Label codes on a page, in its language."""

from collections.abc import Mapping
from functools import cache

from django.utils.functional import Promise
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as lazy

from amana.design.directory.models import Area
from amana.design.pathway.pathway_model import choose_words as in_language
from amana.insight.facts import codes
from amana.insight.facts.actions import build_agency_code
from amana.insight.facts.kinds import REASONS, TOPICS
from amana.insight.measure import observation_columns
from amana.insight.measure.engine.definitions import Text
from amana.trust.access.models import Organisation

type Words = str | Promise

GROUPS: Mapping[str, Words] = {
    "reached": lazy("Who is reached"),
    "safe": lazy("Safe from the first day"),
    "answered": lazy("Answered in time"),
    "helped": lazy("Helped as needed"),
    "lasting": lazy("Help that lasts"),
    "fair": lazy("Fair, and by free choice"),
    "system": lazy("The mechanism itself"),
}
"""Where indicators stand, in plain words."""

OTHER_TOPICS: Mapping[str, Words] = {
    "outcome": lazy("Outcome"),
    "feedback": lazy("Question"),
}
QUARTERS = ("1", "2", "3", "4")


def format_text(text: Text) -> str:
    return in_language(text, (get_language() or "en")[:2], "en")


def label_dimension(name: str, kind: str = "") -> str:
    """Label what observations are split by; what a topic is depends on their kind."""
    if name == "topic" and kind in OTHER_TOPICS:
        return str(OTHER_TOPICS[kind])
    return _("Kind of help") if name == "topic" else str(codes.NAMES[name])


def map_labels(dim: str) -> Mapping[str, Words]:
    """Map the codes of a dimension to their labels, in their own order."""
    if dim == "area":
        return map_areas()
    if dim == "agency":
        return map_agencies()
    if dim == "quarter":
        return {code: format_quarter(code) for code in QUARTERS}
    if dim in codes.DIMENSIONS:
        return dict(codes.DIMENSIONS[dim].choices)
    return {"topic": TOPICS, "reason": REASONS}[dim]


def label_code(dim: str, code: str) -> str:
    """Label one code; the empty one is labelled as unknown."""
    return str(map_labels(dim).get(code, code)) if code else _("Not known")


def map_areas() -> Mapping[str, str]:
    # Without their shapes, which are by far the largest part of the rows.
    level = Area.objects.filter(level=observation_columns.AREA_LEVEL).defer("geometry")
    return {area.code: area.name for area in level.order_by("code")}


def map_agencies() -> Mapping[str, str]:
    admitted = Organisation.objects.admitted().order_by("name")
    return {
        build_agency_code(organisation): organisation.name for organisation in admitted
    }


def label_quarter(code: str) -> str:
    first = 3 * int(code) - 2
    return f"{label_month(first)}–{label_month(first + 2)}"


def format_quarter(code: str) -> str:
    first = 3 * int(code) - 2
    names = map_month_names()
    ends = {"first": names[first], "last": names[first + 2]}
    return _("%(first)s to %(last)s") % ends


def map_month_names() -> Mapping[int, str]:
    return _month_names((get_language() or "en")[:2])


@cache
def _month_names(language: str) -> Mapping[int, str]:
    from babel.dates import get_month_names

    return dict(get_month_names("wide", "stand-alone", language))


def label_month(number: int) -> str:
    from babel.dates import get_month_names

    language = (get_language() or "en")[:2]
    return str(get_month_names("abbreviated", "stand-alone", language)[number])
