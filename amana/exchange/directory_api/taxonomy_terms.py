"""Our vocabulary as HSDS has taxonomies: one taxonomy, and a term for each code that a
service may carry. Numbers and words travel as terms too (`children_max:2`); there is no
end to these, so they are in no list."""

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache

from django.db import models
from django.db.models import Q, TextField
from django.db.models.functions import Cast
from django.utils import translation

from amana.design.directory.codes import CodesField, format_country, list_countries
from amana.design.directory.models import Service
from amana.design.directory.models.services import ServiceQuerySet
from amana.design.directory.taxonomy import ServiceGroup
from amana.exchange.hsds import SWITCHES, TAXONOMY
from amana.exchange.hsds.writing import build_id
from amana.exchange.rows import CODES

LANGUAGE = "en"
"""In which all is written here for every reader: an answer has one text for
its ETag."""

TAXONOMY_ID = build_id("taxonomy", TAXONOMY)
COUNTRIES = ("nationalities", "not_nationalities")
CHOICES = ("referral_method", "next_step", "feedback")
GROUPED = "types"


@dataclass(frozen=True)
class TaxonomyTerm:
    """A code, or what stands over several."""

    code: str
    name: str
    field: str
    values: tuple[str, ...]
    """The values of the field that it stands for."""
    parent: str = ""
    """The code of the term over it."""

    @property
    def id(self) -> str:
        return build_id("term", self.code)

    def record(self) -> dict[str, object]:
        found: dict[str, object] = {
            "id": self.id,
            "code": self.code,
            "name": self.name,
            "description": self.name,
            "taxonomy": TAXONOMY,
            "taxonomy_id": TAXONOMY_ID,
            "language": LANGUAGE,
        }
        return found | (
            {"parent_id": build_id("term", self.parent)} if self.parent else {}
        )


def build_taxonomy() -> dict[str, object]:
    return {
        "id": TAXONOMY_ID,
        "name": TAXONOMY,
        "description": (
            "What services offer, for whom, what they ask of a person, and how they "
            "answer referrals. A code is field:value."
        ),
        "version": "1",
    }


@cache
def map_terms() -> dict[str, TaxonomyTerm]:
    """Map the id of each term to it, in the order of the lists."""
    with translation.override(LANGUAGE):
        return {term.id: term for term in _iterate_terms()}


@cache
def map_records() -> dict[str, dict[str, object]]:
    """Map the id of each term to its record; every service has some of them."""
    return {id_: term.record() for id_, term in map_terms().items()}


def _iterate_terms() -> Iterator[TaxonomyTerm]:
    # Areas are no taxonomy: they are in `service_areas`.
    for name in sorted(CODES - {"languages", "coverage", *COUNTRIES}):
        yield from _iterate_codes(name)
    # By the CLDR of the day: a country that is new there has a term with the next
    # upgrade.
    for name in COUNTRIES:
        codes = [code for code, _name in list_countries()]
        yield _head(name, codes)
        for code in codes:
            yield _term(name, code, format_country(code), name)
    for name in CHOICES:
        choices = _get_field(name).flatchoices
        yield _head(name, [str(value) for value, _label in choices])
        for value, label in choices:
            yield _term(name, str(value), str(label), name)
    for name in SWITCHES:
        yield _term(name, "true", _label(name), "")


def _iterate_codes(name: str) -> Iterator[TaxonomyTerm]:
    field = _get_field(name)
    assert isinstance(field, CodesField)
    assert field.words is not None
    words = list(field.words)
    yield _head(name, [word.value for word in words])
    if name != GROUPED:
        for word in words:
            yield _term(name, word.value, str(word.label), name)
        return
    for group in ServiceGroup:
        over, kinds = f"{name}:{group.value}", group.types
        values = tuple(kind.value for kind in kinds)
        yield TaxonomyTerm(over, str(group.label), name, values, name)
        for kind in kinds:
            yield _term(name, kind.value, str(kind.label), over)


def _head(name: str, values: list[str]) -> TaxonomyTerm:
    return TaxonomyTerm(name, _label(name), name, tuple(values))


def _term(name: str, value: str, label: str, parent: str) -> TaxonomyTerm:
    return TaxonomyTerm(f"{name}:{value}", label, name, (value,), parent)


def _get_field(name: str) -> "models.Field[object, object]":
    field = Service._meta.get_field(name)
    assert isinstance(field, models.Field)
    return field


def _label(name: str) -> str:
    return str(_get_field(name).verbose_name)


def filter_by_term(services: ServiceQuerySet, term: TaxonomyTerm) -> ServiceQuerySet:
    """Filter those that carry the term, or one under it."""
    if term.field in SWITCHES:
        return services.filter(**{term.field: True})
    if term.field in CHOICES:
        return services.filter(**{f"{term.field}__in": term.values})
    # As text, because SQLite has no "contains" for JSON; a code stands in quotes, so
    # none is found in another.
    found = services.annotate(coded=Cast(term.field, TextField()))
    # Of a whole field: any code. An empty list has no quotes, and neither has null.
    if not term.parent:
        return found.filter(coded__contains='"')
    wanted = Q()
    for value in term.values:
        wanted |= Q(coded__contains=f'"{value}"')
    return found.filter(wanted)
