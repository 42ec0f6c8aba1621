"""The list of services: its filters, and how many services each choice would leave."""

from collections import Counter
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass

import numpy as np
from django.utils import timezone
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from amana.design.directory import codes
from amana.design.directory.catalogue import Catalogue
from amana.design.directory.matching.columns import Directory, Truths
from amana.design.directory.models import Area
from amana.design.directory.taxonomy import (
    Accessibility,
    LegalStatus,
    PersonGroup,
    ServiceGroup,
    Sex,
)
from amana.ui.sentences import listed

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
class Wanted:
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
    def read(cls, query: Mapping[str, str]) -> "Wanted":
        names = cls.__dataclass_fields__
        # Cut, because an address can have any length, and every word is compared with
        # every service.
        return cls(**{n: query.get(n, "").strip()[:LONGEST] for n in names})

    @property
    def is_anything(self) -> bool:
        return self == Wanted()


def rows(directory: Directory) -> np.ndarray[tuple[int], np.dtype[np.intp]]:
    return np.arange(len(directory))


def open_to(directory: Directory, column: str, code: str) -> Truths:
    """Match services without this condition, or that take this code."""
    words, at = directory.codes[column], rows(directory)
    return words.none(at) | words.any_of({code}, at)


def words(catalogue: Catalogue, text: str) -> Truths:
    wanted = text.casefold().split()
    found = [all(word in words for word in wanted) for words in catalogue.words]
    return np.array(found, np.bool)


def what(catalogue: Catalogue, code: str) -> Truths:
    directory = catalogue.directory
    kinds = ServiceGroup(code).types if code in ServiceGroup.values else [code]
    return directory.codes["types"].any_of(kinds, rows(directory))


def area(catalogue: Catalogue, code: str) -> Truths:
    """Match services in the area, or in one of several, or in a part of them."""
    directory, codes = catalogue.directory, set(code.split(AREAS))
    inside = [
        not codes.isdisjoint(directory.above(known)) for known in directory.area.known
    ]
    return directory.area.where(inside, rows(directory))


def who(catalogue: Catalogue, code: str) -> Truths:
    directory = catalogue.directory
    adults = directory["age_max"] >= 18
    children = directory["age_min"] < 18
    open_for: dict[str, Callable[[], Truths]] = {
        "women": lambda: open_to(directory, "sexes", Sex.FEMALE) & adults,
        "men": lambda: open_to(directory, "sexes", Sex.MALE) & adults,
        "children": lambda: children,
        "families": lambda: adults & (directory["children_max"] > 0),
        "lgbtiq": lambda: in_group(directory, PersonGroup.LGBTIQ),
        "disability": lambda: in_group(directory, PersonGroup.DISABILITY),
        "undocumented": lambda: open_to(
            directory, "statuses", LegalStatus.UNDOCUMENTED
        ),
    }
    # An invented code matches nothing listed, instead of being ignored: the number has
    # to be that of the words on the page.
    return open_for[code]() if code in open_for else directory["ended"]


def in_group(directory: Directory, group: str) -> Truths:
    refused = directory.codes["not_groups"].any_of({group}, rows(directory))
    return open_to(directory, "groups", group) & ~refused


def language(catalogue: Catalogue, code: str) -> Truths:
    directory = catalogue.directory
    return directory.codes["languages"].any_of({code}, rows(directory))


def free(catalogue: Catalogue, _on: str) -> Truths:
    directory = catalogue.directory
    return ~directory["counts_places"] | (directory["free"] > 0)


def referrals(catalogue: Catalogue, _on: str) -> Truths:
    return np.asarray(catalogue.directory["accepts_referrals"], np.bool)


def step_free(catalogue: Catalogue, _on: str) -> Truths:
    directory = catalogue.directory
    return directory.codes["accessibility"].any_of(
        {Accessibility.STEP_FREE}, rows(directory)
    )


def due(catalogue: Catalogue, _on: str) -> Truths:
    today = timezone.localdate().toordinal()
    return np.asarray(catalogue.directory["verify_by"] < today, np.bool)


FACETS: dict[str, Callable[[Catalogue, str], Truths]] = {
    "words": words,
    "what": what,
    "area": area,
    "who": who,
    "language": language,
    "free": free,
    "referrals": referrals,
    "step_free": step_free,
    "due": due,
}


def asked(catalogue: Catalogue, wanted: Wanted) -> dict[str, Truths]:
    """Apply each facet that was used."""
    return {
        name: facet(catalogue, value)
        for name, facet in FACETS.items()
        if (value := getattr(wanted, name))
    }


def together(catalogue: Catalogue, visible: Truths, masks: Iterable[Truths]) -> Truths:
    """Combine the rows that are listed for a person with all of these masks."""
    found = visible & ~catalogue.directory["ended"]
    for mask in masks:
        found &= mask
    return np.asarray(found, np.bool)


def fitting(catalogue: Catalogue, wanted: Wanted, visible: Truths) -> Truths:
    """Find the rows that the list shows."""
    return together(catalogue, visible, asked(catalogue, wanted).values())


@dataclass(frozen=True)
class Choice:
    """One option of a facet, with how many services it would leave."""

    value: str
    label: Labelled
    count: int
    chosen: bool
    depth: int = 0


def choices(
    catalogue: Catalogue, wanted: Wanted, visible: Truths
) -> dict[str, list[Choice]]:
    """List the options of each facet that lead somewhere, and the one that is
    chosen."""
    found, masks = {}, asked(catalogue, wanted)
    for name, options in OPTIONS.items():
        # Without the facet itself: its options are alternatives to what is chosen in
        # it.
        besides = [mask for facet, mask in masks.items() if facet != name]
        others = together(catalogue, visible, besides)
        chosen = getattr(wanted, name)
        of_area = count_areas(catalogue, others) if name == "area" else None
        counted = [
            Choice(
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
        count = int(together(catalogue, visible, masks.values()).sum())
        found["area"].insert(0, several(wanted.area, found["area"], count))
    return found


def several(codes: str, areas: list[Choice], count: int) -> Choice:
    """Build one option for areas that are chosen together."""
    wanted = codes.split(AREAS)
    names = [str(choice.label) for choice in areas if choice.value in wanted]
    return Choice(codes, listed(names), count, chosen=True)


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


def kinds_known(catalogue: Catalogue) -> Options:
    known = catalogue.directory.codes["types"].bit
    options: Options = []
    for group in ServiceGroup:
        kinds = [kind for kind in group.types if kind in known]
        options += [(group.value, group.label, 0)] if kinds else []
        options += [(kind.value, kind.label, 1) for kind in kinds]
    return options


def areas_known(catalogue: Catalogue) -> Options:
    above = catalogue.directory.above
    known = frozenset[str]().union(*map(above, catalogue.directory.area.known))
    areas = Area.objects.filter(code__in=known).for_choice()
    return [(a.code, a.name, a.level) for a in areas]


def languages_known(catalogue: Catalogue) -> Options:
    known = catalogue.directory.codes["languages"].bit
    names = [(code, codes.language_name(code)) for code in known]
    names.sort(key=lambda option: option[1].casefold())
    return [(code, name, 0) for code, name in names]


def people(_catalogue: Catalogue) -> Options:
    return [(code, label, 0) for code, label in WHO.items()]


OPTIONS: dict[str, Callable[[Catalogue], Options]] = {
    "what": kinds_known,
    "area": areas_known,
    "who": people,
    "language": languages_known,
}


def in_order(catalogue: Catalogue, found: Truths) -> list[int]:
    """Sort the ids of the rows that were found, as lists show them."""
    order = catalogue.order
    ids: list[int] = catalogue.directory["id"][order[found[order]]].tolist()
    return ids
