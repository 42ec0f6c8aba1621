"""One page of the list of services, with its facets."""

from collections.abc import Mapping
from dataclasses import dataclass
from urllib.parse import urlencode

from amana.design.directory import facets
from amana.design.directory.catalogue import current
from amana.design.directory.facets import Choice, Wanted
from amana.design.directory.models import Service
from amana.design.directory.rules import see_service
from amana.trust.access.models import User
from amana.ui.typed import small_int

ON_A_PAGE = 25
AFTER = "after"


@dataclass(frozen=True)
class Listing:
    """What was found, what could be chosen instead, and one page of rows."""

    wanted: Wanted
    total: int
    choices: dict[str, list[Choice]]
    items: list[Service]
    previous: str = ""
    next: str = ""


def read(query: Mapping[str, str], *, user: User) -> Listing:
    wanted = Wanted.read(query)
    ids, choices = search(wanted, user=user)
    start = place_after(query.get(AFTER, ""), ids)
    asked = {k: v for k, v in query.items() if k != AFTER}

    def link(start: int) -> str:
        # The id before the page, not a number of a page: what was published meanwhile
        # moves nothing.
        after = {AFTER: str(ids[start - 1])} if start > 0 else {}
        return "?" + urlencode(asked | after)

    end = start + ON_A_PAGE
    return Listing(
        wanted=wanted,
        total=len(ids),
        choices=choices,
        items=rows(ids[start:end], user=user),
        previous=link(max(0, start - ON_A_PAGE)) if start else "",
        next=link(end) if end < len(ids) else "",
    )


def search(wanted: Wanted, *, user: User) -> tuple[list[int], dict[str, list[Choice]]]:
    with current() as catalogue:
        visible = catalogue.visible(user)
        found = facets.fitting(catalogue, wanted, visible)
        return facets.in_order(catalogue, found), facets.choices(
            catalogue, wanted, visible
        )


def place_after(cursor: str, ids: list[int]) -> int:
    """Find where the page begins; an old or invented cursor means the first page."""
    pk = small_int(cursor)
    return ids.index(pk) + 1 if pk in ids else 0


def rows(ids: list[int], *, user: User) -> list[Service]:
    """Load these services, through the rule and in this order."""
    found = see_service.among(Service.objects.for_list(), user).in_bulk(ids)
    # A service may have been restricted since the ids were found: then it is missing
    # here.
    return [found[pk] for pk in ids if pk in found]
