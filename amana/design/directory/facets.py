"""The list of services: its filters, and how many services each choice would leave."""

from collections import Counter
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass

import numpy as np
from django.utils import timezone
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from amana.design.directory import codes, folding
from amana.design.directory.catalogue import Catalogue
from amana.design.directory.matching.columns import Directory, Truths
from amana.design.directory.models import Area
from amana.design.directory.taxonomy import (
    Accessibility,
    LegalStatus,
    PersonGroup,
    ServiceGroup,
    Sex,
    search_terms,
)
from amana.ui.labels import format_list

type Labelled = str | Promise
type Option = tuple[str, Labelled]

WHO: dict[str, Labelled] = {
    "women": _("Women"),
    "men": _("Men"),
    "children": _("Children"),
    "families": _("Parents with children"),
    "lgbtiq": _("LGBTIQ+ people"),
    "disability": _("People with disabilities"),
    "undocumented": _("Undocumented people"),
}


LONGEST = 400
"""Characters of one answer."""
AREAS = ","
"""Between the codes of several areas."""


@dataclass(frozen=True)
class FacetFilters:
    """The filters of a list; empty means everything."""

    words: str = ""
    what: str = ""
    """A service type, or a group of types."""
    area: str = ""
    """Its code; or those of several, as a mark on the map holds them."""
    who: str = ""
    language: str = ""
    free: str = ""
    referrals: str = ""
    step_free: str = ""
    due: str = ""
    """Whose verification is due."""

    @classmethod
    def read(cls, query: Mapping[str, str]) -> "FacetFilters":
        names = cls.__dataclass_fields__
        # Cut, because an address can have any length, and every word is compared with
        # every service.
        return cls(**{n: query.get(n, "").strip()[:LONGEST] for n in names})

    @property
    def is_anything(self) -> bool:
        return self == FacetFilters()


def list_rows(directory: Directory) -> np.ndarray[tuple[int], np.dtype[np.intp]]:
    return np.arange(len(directory))


def match_open_to(directory: Directory, column: str, code: str) -> Truths:
    """Match services without this condition, or that take this code."""
    words, at = directory.codes[column], list_rows(directory)
    return words.none(at) | words.any_of({code}, at)


def match_words(catalogue: Catalogue, text: str) -> Truths:
    """Match each of the words, folded: in the service's own, or as a kind of help."""
    directory = catalogue.directory
    found = np.ones(len(directory), np.bool)
    for variants in folding.list_variants(text):
        named = [any(part in words for part in variants) for words in catalogue.words]
        kinds = search_terms.find_kinds(variants)
        of_kind = directory.codes["types"].any_of(kinds, list_rows(directory))
        found &= np.array(named, np.bool) | of_kind
    return found


def match_kind(catalogue: Catalogue, code: str) -> Truths:
    directory = catalogue.directory
    kinds = ServiceGroup(code).types if code in ServiceGroup.values else [code]
    return directory.codes["types"].any_of(kinds, list_rows(directory))


def match_area(catalogue: Catalogue, code: str) -> Truths:
    """Match services in the area, or in one of several, or in a part of them."""
    directory, codes = catalogue.directory, set(code.split(AREAS))
    inside = [
        not codes.isdisjoint(directory.above(known)) for known in directory.area.known
    ]
    return directory.area.where(inside, list_rows(directory))


def match_people(catalogue: Catalogue, code: str) -> Truths:
    directory = catalogue.directory
    adults = directory["age_max"] >= 18
    children = directory["age_min"] < 18
    open_for: dict[str, Callable[[], Truths]] = {
        "women": lambda: match_open_to(directory, "sexes", Sex.FEMALE) & adults,
        "men": lambda: match_open_to(directory, "sexes", Sex.MALE) & adults,
        "children": lambda: children,
        "families": lambda: adults & (directory["children_max"] > 0),
        "lgbtiq": lambda: match_group(directory, PersonGroup.LGBTIQ),
        "disability": lambda: match_group(directory, PersonGroup.DISABILITY),
        "undocumented": lambda: match_open_to(
            directory, "statuses", LegalStatus.UNDOCUMENTED
        ),
    }
    # An invented code matches nothing listed, instead of being ignored: the number has
    # to be that of the words on the page.
    return open_for[code]() if code in open_for else directory["ended"]


def match_group(directory: Directory, group: str) -> Truths:
    refused = directory.codes["not_groups"].any_of({group}, list_rows(directory))
    return match_open_to(directory, "groups", group) & ~refused


def match_language(catalogue: Catalogue, code: str) -> Truths:
    directory = catalogue.directory
    return directory.codes["languages"].any_of({code}, list_rows(directory))


def match_free(catalogue: Catalogue, _on: str) -> Truths:
    directory = catalogue.directory
    return ~directory["counts_places"] | (directory["free"] > 0)


def match_referrals(catalogue: Catalogue, _on: str) -> Truths:
    return np.asarray(catalogue.directory["accepts_referrals"], np.bool)


def match_step_free(catalogue: Catalogue, _on: str) -> Truths:
    directory = catalogue.directory
    return directory.codes["accessibility"].any_of(
        {Accessibility.STEP_FREE}, list_rows(directory)
    )


def match_due(catalogue: Catalogue, _on: str) -> Truths:
    today = timezone.localdate().toordinal()
    return np.asarray(catalogue.directory["verify_by"] < today, np.bool)


FACETS: dict[str, Callable[[Catalogue, str], Truths]] = {
    "words": match_words,
    "what": match_kind,
    "area": match_area,
    "who": match_people,
    "language": match_language,
    "free": match_free,
    "referrals": match_referrals,
    "step_free": match_step_free,
    "due": match_due,
}


def apply_facets(catalogue: Catalogue, wanted: FacetFilters) -> dict[str, Truths]:
    """Apply each facet that was used."""
    return {
        name: facet(catalogue, value)
        for name, facet in FACETS.items()
        if (value := getattr(wanted, name))
    }


def combine_masks(
    catalogue: Catalogue, visible: Truths, masks: Iterable[Truths]
) -> Truths:
    """Combine the rows that are listed for a person with all of these masks."""
    found = visible & ~catalogue.directory["ended"]
    for mask in masks:
        found &= mask
    return np.asarray(found, np.bool)


def find_fitting(catalogue: Catalogue, wanted: FacetFilters, visible: Truths) -> Truths:
    """Find the rows that the list shows."""
    return combine_masks(catalogue, visible, apply_facets(catalogue, wanted).values())


@dataclass(frozen=True)
class FacetChoice:
    """One option of a facet, with how many services it would leave."""

    value: str
    label: Labelled
    count: int
    chosen: bool
    depth: int = 0


def list_choices(
    catalogue: Catalogue, wanted: FacetFilters, visible: Truths
) -> dict[str, list[FacetChoice]]:
    """List the options of each facet that lead somewhere, and the one that is
    chosen."""
    found, masks = {}, apply_facets(catalogue, wanted)
    for name, options in OPTIONS.items():
        # Without the facet itself: its options are alternatives to what is chosen in
        # it.
        besides = [mask for facet, mask in masks.items() if facet != name]
        others = combine_masks(catalogue, visible, besides)
        chosen = getattr(wanted, name)
        of_area = count_areas(catalogue, others) if name == "area" else None
        counted = [
            FacetChoice(
                value,
                label,
                int((others & FACETS[name](catalogue, value)).sum())
                if of_area is None
                else of_area[value],
                value == chosen,
                depth,
            )
            for value, label, depth in options(catalogue)
        ]
        found[name] = [c for c in counted if c.count or c.chosen]
    if AREAS in wanted.area:
        count = int(combine_masks(catalogue, visible, masks.values()).sum())
        found["area"].insert(0, build_joint_choice(wanted.area, found["area"], count))
    return found


def build_joint_choice(codes: str, areas: list[FacetChoice], count: int) -> FacetChoice:
    """Build one option for areas that are chosen together."""
    wanted = codes.split(AREAS)
    names = [str(choice.label) for choice in areas if choice.value in wanted]
    return FacetChoice(codes, format_list(names), count, chosen=True)


def count_areas(catalogue: Catalogue, found: Truths) -> Counter[str]:
    """Count how many of these are in each area or in one of its parts."""
    directory = catalogue.directory
    known = directory.area.known
    # All at once: there may be hundreds of areas, and each would read every row.
    numbers = np.bincount(directory.area.number[found], minlength=len(known))
    counted: Counter[str] = Counter()
    for code, count in zip(known, numbers.tolist(), strict=True):
        for around in directory.above(code) if count else ():
            counted[around] += count
    return counted


type Options = list[tuple[str, Labelled, int]]


def list_kinds(catalogue: Catalogue) -> Options:
    known = catalogue.directory.codes["types"].bit
    options: Options = []
    for group in ServiceGroup:
        kinds = [kind for kind in group.types if kind in known]
        options += [(group.value, group.label, 0)] if kinds else []
        options += [(kind.value, kind.label, 1) for kind in kinds]
    return options


def list_areas(catalogue: Catalogue) -> Options:
    above = catalogue.directory.above
    known = frozenset[str]().union(*map(above, catalogue.directory.area.known))
    areas = Area.objects.filter(code__in=known).for_choice()
    return [(a.code, a.name, a.level) for a in areas]


def list_languages(catalogue: Catalogue) -> Options:
    known = catalogue.directory.codes["languages"].bit
    names = [(code, codes.format_language(code)) for code in known]
    names.sort(key=lambda option: option[1].casefold())
    return [(code, name, 0) for code, name in names]


def list_people(_catalogue: Catalogue) -> Options:
    return [(code, label, 0) for code, label in WHO.items()]


OPTIONS: dict[str, Callable[[Catalogue], Options]] = {
    "what": list_kinds,
    "area": list_areas,
    "who": list_people,
    "language": list_languages,
}


def sort_found(catalogue: Catalogue, found: Truths) -> list[int]:
    """Sort the ids of the rows that were found, as lists show them."""
    order = catalogue.order
    ids: list[int] = catalogue.directory["id"][order[found[order]]].tolist()
    return ids
