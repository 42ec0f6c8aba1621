"""That a safe place to stay exists in a region, and not a word more (ADR 92).

A house that chose to be public and hides its address is named nowhere. Where it is, is
told of a region or of the country at most, and only where enough others offer help that
the region says nothing: the rest of the country, whose regions are too small each,
counts as one. Which regions those are, and whom one can ask, follows from what
is listed alone. So of all hidden houses one bit leaves for each of these regions."""

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from amana.design.directory import facets
from amana.design.directory.catalogue import Catalogue, open_catalogue
from amana.design.directory.matching.columns import Truths
from amana.design.directory.models import Area, Service
from amana.design.directory.taxonomy import ServiceGroup, ServiceType
from amana.design.public_directory.help_query import HelpQuery
from amana.design.public_directory.listed import find_listed, mask_chosen, mask_listed

LEAST_SERVICES = 8
LEAST_ORGANISATIONS = 4
"""Listed in a region that may be named. One of the organisations may run the house:
then there are still three others."""
LEAST_REGIONS = 3
"""Of the rest of a country."""
REGIONLESS = ("", "", "")
"""A country without regions on file: all that is said of it is that it is there."""

ASKED = (ServiceType.CM1, ServiceType.CM2, ServiceType.CM3, ServiceType.MH7)
"""Kinds of services through which one asks for a safe place."""
MOST_ASKED = 2
LOOKED_AT = 20

type RegionKey = tuple[str, str]
"""The code of a country and of a region in it; of the rest of the country, an empty
one."""
type Places = NDArray[np.intp]


@dataclass(frozen=True)
class SafePlaceNotice:
    """That there is a safe place to stay, and whom to ask."""

    region: Area | None
    """None: somewhere in the country."""
    through: tuple[Service, ...]


def find_safe_place(query: HelpQuery) -> SafePlaceNotice | None:
    """Find what may be said of safe places to who looks for this; None: nothing."""
    if query.need and not query.need.startswith(ServiceGroup.SH):
        return None
    with open_catalogue() as catalogue:
        listed = mask_listed(catalogue)
        told = find_told_regions(catalogue, listed)
        here = find_region(catalogue.directory.areas, query.place)
        # A house in another country is of no use to who chose this one.
        if not any(query.place is None or key[0] == here[0] for key in told):
            return None
        named = here if here[1] and here in told else (here[0], "")
        ids = find_whom_to_ask(catalogue, listed, named)
    return SafePlaceNotice(
        region=Area.objects.defer("geometry").filter(code=named[1]).first()
        if named[1]
        else None,
        through=load_with_phones(ids),
    )


def find_region(areas: Mapping[str, str], place: Area | None) -> RegionKey:
    return find_region_key(areas, place.code) if place else ("", "")


def find_region_key(areas: Mapping[str, str], code: str) -> RegionKey:
    """Find the country and the region (level 1) that an area is in."""
    chain = [code] if code in areas else []
    while chain and areas.get(chain[-1]):
        chain.append(areas[chain[-1]])
    country = chain[-1] if chain else ""
    return country, chain[-2] if len(chain) > 1 else ""


def find_told_regions(catalogue: Catalogue, listed: Truths) -> set[RegionKey]:
    """Find the regions of which it may be said that a hidden house is there, and
    where one is."""
    tellable = find_tellable_regions(catalogue, listed)
    # A house that chose the network or its team alone is no reason for the sentence.
    # One that takes no one for now is: else the sentence would go when a person came.
    houses = mask_chosen(catalogue) & catalogue.directory["hidden"]
    houses &= facets.match_kind(catalogue, ServiceGroup.SH)
    found = set()
    for key in list_keys(catalogue, houses):
        place = key if key in tellable else (key[0], "")
        if place in tellable:
            found.add(place)
    return found


def list_keys(catalogue: Catalogue, rows: Truths) -> set[RegionKey]:
    directory = catalogue.directory
    numbers = np.unique(directory.area.number[rows]).tolist()
    return {
        find_region_key(directory.areas, directory.area.known[number])
        for number in numbers
    }


def find_tellable_regions(catalogue: Catalogue, listed: Truths) -> set[RegionKey]:
    """Find the regions with enough help listed, and the rests of countries that have
    enough taken together."""
    directory = catalogue.directory
    keys = [find_region_key(directory.areas, code) for code in directory.area.known]
    named = {key for key in count_enough(catalogue, listed, keys) if key[1]}
    small = find_small_regions(directory.areas, named)
    # What is listed for the whole country lies in none of these, and would make a rest
    # of one region look large.
    counts = [
        key not in named and (bool(key[1]) or key[0] not in small) for key in keys
    ]
    left = listed & directory.area.where(counts, np.arange(len(directory)))
    rests = count_enough(catalogue, left, [(key[0], "") for key in keys])
    return named | {
        rest for rest in rests if len(small.get(rest[0], REGIONLESS)) >= LEAST_REGIONS
    }


def find_small_regions(
    areas: Mapping[str, str], named: set[RegionKey]
) -> dict[str, set[str]]:
    """Find for each country that has regions those that are not named, whether or not
    anything is listed in them: a reader can tell that a house has to be in one."""
    small: dict[str, set[str]] = {}
    for code, above in areas.items():
        if above and not areas.get(above):
            others = small.setdefault(above, set())
            if (above, code) not in named:
                others.add(code)
    return small


def count_enough(
    catalogue: Catalogue, listed: Truths, keys: list[RegionKey]
) -> set[RegionKey]:
    """Find the keys under which enough services of enough organisations are listed;
    `keys` has one for each known area."""
    if not keys:
        return set()
    directory = catalogue.directory
    # By arrays and not row by row: a directory may have a million services.
    names = sorted(set(keys))
    place = {key: number for number, key in enumerate(names)}
    at: Places = np.array([place[key] for key in keys], np.intp)
    regions = at[directory.area.number[listed]]
    services = np.bincount(regions, minlength=len(names))
    pairs = np.unique(np.stack([regions, directory["organisation"][listed]]), axis=1)
    organisations = np.bincount(pairs[0], minlength=len(names))
    enough = (services >= LEAST_SERVICES) & (organisations >= LEAST_ORGANISATIONS)
    return {name for name, is_enough in zip(names, enough, strict=True) if is_enough}


# --- whom to ask


def find_whom_to_ask(catalogue: Catalogue, listed: Truths, key: RegionKey) -> list[int]:
    """Find listed services that refer people on: those in the region first. Nothing of
    a hidden house decides about them, or who is left out would say whose it is."""
    directory = catalogue.directory
    rows = np.arange(len(directory))
    asked = listed & directory.codes["types"].any_of(ASKED, rows)
    asked &= np.asarray(directory["accepts_referrals"], np.bool)
    country, region = key
    here = [
        (not country or country in directory.above(code) or not code)
        for code in directory.area.known
    ]
    near = [region in directory.above(code) for code in directory.area.known]
    in_country = asked & directory.area.where(here, rows)
    in_region = in_country & directory.area.where(near, rows)
    first = facets.sort_found(catalogue, in_region)
    return [*first, *facets.sort_found(catalogue, in_country & ~in_region)][:LOOKED_AT]


def load_with_phones(ids: list[int]) -> tuple[Service, ...]:
    """Load the first of these services that can be called."""
    rows = find_listed().for_list().exclude(phone="").in_bulk(ids)
    return tuple(rows[pk] for pk in ids if pk in rows)[:MOST_ASKED]
