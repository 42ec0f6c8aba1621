"""One page of the list of services, with its facets."""

from collections.abc import Mapping
from dataclasses import dataclass
from urllib.parse import urlencode

from amana.design.directory import facets
from amana.design.directory.catalogue import open_catalogue
from amana.design.directory.facets import FacetChoice, FacetFilters
from amana.design.directory.models import Service
from amana.design.directory.rules import see_service
from amana.trust.access.models import User
from amana.ui.typed import parse_small_int

ON_A_PAGE = 25
AFTER = "after"


@dataclass(frozen=True)
class ServiceListing:
    """What was found, what could be chosen instead, and one page of rows."""

    wanted: FacetFilters
    total: int
    choices: dict[str, list[FacetChoice]]
    items: list[Service]
    previous: str = ""
    next: str = ""


def read_listing(query: Mapping[str, str], *, user: User) -> ServiceListing:
    wanted = FacetFilters.read(query)
    ids, choices = search_services(wanted, user=user)
    start = find_start(query.get(AFTER, ""), ids)
    asked = {k: v for k, v in query.items() if k != AFTER}

    def link(start: int) -> str:
        # The id before the page, not a number of a page: what was published meanwhile
        # moves nothing.
        after = {AFTER: str(ids[start - 1])} if start > 0 else {}
        return "?" + urlencode(asked | after)

    end = start + ON_A_PAGE
    return ServiceListing(
        wanted=wanted,
        total=len(ids),
        choices=choices,
        items=load_rows(ids[start:end], user=user),
        previous=link(max(0, start - ON_A_PAGE)) if start else "",
        next=link(end) if end < len(ids) else "",
    )


def search_services(
    wanted: FacetFilters, *, user: User
) -> tuple[list[int], dict[str, list[FacetChoice]]]:
    with open_catalogue() as catalogue:
        visible = catalogue.visible(user)
        found = facets.find_fitting(catalogue, wanted, visible)
        return facets.sort_found(catalogue, found), facets.list_choices(
            catalogue, wanted, visible
        )


def find_start(cursor: str, ids: list[int]) -> int:
    """Find where the page begins; an old or invented cursor means the first page."""
    pk = parse_small_int(cursor)
    return ids.index(pk) + 1 if pk in ids else 0


def load_rows(ids: list[int], *, user: User) -> list[Service]:
    """Load these services, through the rule and in this order."""
    found = see_service.among(Service.objects.for_list(), user).in_bulk(ids)
    # A service may have been restricted since the ids were found: then it is missing
    # here.
    return [found[pk] for pk in ids if pk in found]
