"""Finds services for a visitor, and what they could choose instead.

All numbers are of what is listed, so a hidden place changes none of them."""

from collections.abc import Iterable
from dataclasses import dataclass

import numpy as np

from amana.design.directory import codes, facets, folding
from amana.design.directory.catalogue import Catalogue, open_catalogue
from amana.design.directory.facets import FacetChoice
from amana.design.directory.listing import find_start
from amana.design.directory.matching.columns import Truths
from amana.design.directory.models import Area, Service
from amana.design.directory.taxonomy import ServiceGroup
from amana.design.public_directory.help_query import HelpQuery
from amana.design.public_directory.listed import find_listed, mask_listed

MOST_PLACES = 40
"""Areas on one page; others are found by their names."""
MOST_LANGUAGES = 60
"""The commonest."""
MOST_NAMED = 8
"""Areas that a search by words names."""


@dataclass(frozen=True)
class ListedHelp:
    """A service of a list, and whether it is elsewhere but comes, or answers calls."""

    service: Service
    from_elsewhere: bool


@dataclass(frozen=True)
class FoundHelp:
    """One page of what was found."""

    total: int
    items: list[ListedHelp]
    previous: str = ""
    """The cursor of the page before; "0" is the first page."""
    next: str = ""


@dataclass(frozen=True)
class HelpChoices:
    """What could be chosen, each with the number of services."""

    groups: list[FacetChoice]
    kinds: list[FacetChoice]
    """Of the chosen group."""
    languages: list[FacetChoice]
    places: list[FacetChoice]
    """The parts of the chosen area, or the regions."""
    more_places: bool
    """Whether there are parts that are not among them."""


def find_help(query: HelpQuery, *, after: str = "", on_a_page: int) -> FoundHelp:
    """Find what fits: first what is in the area, then what reaches it."""
    with open_catalogue() as catalogue:
        inside, reaching = split_by_place(catalogue, query)
        first = facets.sort_found(catalogue, inside)
        ids = first + facets.sort_found(catalogue, reaching)
    # By the id before the page, as in the list of colleagues: what is published
    # meanwhile moves nothing.
    start = find_start(after, ids)
    end = start + on_a_page
    rows = find_listed().for_list().in_bulk(ids[start:end])
    near = set(first)
    return FoundHelp(
        total=len(ids),
        # One may have been hidden since the ids were found: then it is missing here.
        items=[
            ListedHelp(rows[pk], pk not in near) for pk in ids[start:end] if pk in rows
        ],
        previous=format_cursor(ids, start - on_a_page) if start else "",
        next=format_cursor(ids, end) if end < len(ids) else "",
    )


def format_cursor(ids: list[int], start: int) -> str:
    """Format the id before a page; "0" for the first one."""
    return str(ids[start - 1]) if start > 0 else "0"


def count_help(query: HelpQuery) -> int:
    """Count what `find_help` finds."""
    with open_catalogue() as catalogue:
        return int(sum(found.sum() for found in split_by_place(catalogue, query)))


def split_by_place(catalogue: Catalogue, query: HelpQuery) -> tuple[Truths, Truths]:
    """Find the rows in the area, and those elsewhere that come to people there or help
    them from afar."""
    found = combine(catalogue, build_masks(catalogue, query).values())
    if query.place is None:
        return found, np.zeros(len(found), np.bool)
    inside = facets.match_area(catalogue, query.place.code)
    return found & inside, found & ~inside & match_reaching(catalogue, query.place)


def match_reaching(catalogue: Catalogue, place: Area) -> Truths:
    """Match services of the same country that come to people or help them from afar,
    and surely serve this area."""
    directory = catalogue.directory
    rows = np.arange(len(directory))
    no, unsure = directory.covered(place.code)
    serves = [not a and not b for a, b in zip(no, unsure, strict=True)]
    country = [
        not code or place.codes[0] in directory.above(code)
        for code in directory.area.known
    ]
    return np.asarray(
        directory["comes_to_you"]
        & directory.coverage.where(serves, rows)
        & directory.area.where(country, rows),
        np.bool,
    )


def build_masks(catalogue: Catalogue, query: HelpQuery) -> dict[str, Truths]:
    """Build a mask for each thing that is asked for, but the area."""
    masks = {}
    if query.need:
        masks["need"] = facets.match_kind(catalogue, query.need)
    if query.speaks:
        masks["speaks"] = facets.match_language(catalogue, query.speaks)
    if query.words:
        masks["words"] = facets.match_words(catalogue, query.words)
    return masks


def combine(catalogue: Catalogue, masks: Iterable[Truths]) -> Truths:
    found = mask_listed(catalogue)
    for mask in masks:
        found = found & mask
    return found


# --- what could be chosen


def list_choices(query: HelpQuery) -> HelpChoices:
    with open_catalogue() as catalogue:
        masks = build_masks(catalogue, query)
        if query.place:
            masks["area"] = facets.match_area(catalogue, query.place.code)

        def without(name: str) -> Truths:
            return combine(catalogue, [m for k, m in masks.items() if k != name])

        groups, kinds = list_needs(catalogue, query, without("need"))
        languages = list_languages(catalogue, query, without("speaks"))
        counted = facets.count_areas(catalogue, without("area"))
    places = list_places(query, counted)
    return HelpChoices(
        groups, kinds, languages, places[:MOST_PLACES], len(places) > MOST_PLACES
    )


def list_needs(
    catalogue: Catalogue, query: HelpQuery, found: Truths
) -> tuple[list[FacetChoice], list[FacetChoice]]:
    """List the groups, and the kinds of the chosen one, that lead somewhere."""
    groups, kinds = [], []
    here = query.need.rstrip("0123456789")
    for group in ServiceGroup:
        count = int((found & facets.match_kind(catalogue, group)).sum())
        if count:
            chosen = group.value == here
            groups.append(FacetChoice(group.value, group.label, count, chosen))
    for kind in ServiceGroup(here).types if here else ():
        count = int((found & facets.match_kind(catalogue, kind)).sum())
        if count:
            chosen = kind.value == query.need
            kinds.append(FacetChoice(kind.value, kind.label, count, chosen))
    return groups, kinds


def list_languages(
    catalogue: Catalogue, query: HelpQuery, found: Truths
) -> list[FacetChoice]:
    known = catalogue.directory.codes["languages"].bit
    choices = [
        FacetChoice(code, codes.format_language(code), count, code == query.speaks)
        for code in known
        if (count := int((found & facets.match_language(catalogue, code)).sum()))
    ]
    # A list of all languages of the world would be a heavy page.
    choices.sort(key=lambda choice: (-choice.count, choice.value))
    return sort_by_label(choices[:MOST_LANGUAGES])


def list_places(query: HelpQuery, counted: dict[str, int]) -> list[FacetChoice]:
    """List the parts of the chosen area that have services; at first those of the
    country, or the countries where there are several."""
    areas = Area.objects.defer("geometry")
    # A level at a time: all districts of a country would be a heavy page.
    if query.place:
        parts = [*areas.filter(above=query.place)]
    else:
        countries = [*areas.filter(level=0)]
        alone = len(countries) == 1
        parts = [*areas.filter(above=countries[0])] if alone else countries
    choices = [
        FacetChoice(area.code, area.name, counted[area.code], False)
        for area in parts
        if counted[area.code]
    ]
    return sort_by_label(choices)


def sort_by_label(choices: list[FacetChoice]) -> list[FacetChoice]:
    return sorted(choices, key=lambda choice: str(choice.label).casefold())


def find_places_by_name(words: str) -> list[Area]:
    """Find areas by their names in any language, the widest first; whether or not
    anything is there."""
    variants = folding.list_variants(words)
    if not variants:
        return []
    named = Area.objects.order_by("level", "code").values_list("pk", "names")
    found = [
        pk
        for pk, names in named.iterator()
        if folding.match_variants(variants, folding.fold_text(" ".join(names.values())))
    ][:MOST_NAMED]
    areas = Area.objects.select_related("above").defer("geometry", "above__geometry")
    rows = areas.in_bulk(found)
    return [rows[pk] for pk in found]
