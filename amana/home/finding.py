"""One search for everything: cases, services, people and teams, pages.

Each kind is found through the rule of its own room, and nothing of what was looked for
is kept: a name is compared with the cards that the person's own keys open, in this
request (`vault.cards`), and the log has that they searched, and which cases came."""

from collections.abc import Iterable
from dataclasses import dataclass, field

from django.db.models import Q
from django.http import HttpRequest
from django.urls import reverse
from django.utils.translation import gettext as _

from amana.care.cases import finding
from amana.design.directory import facets, listing
from amana.design.directory.catalogue import open_catalogue
from amana.design.directory.facets import FacetFilters
from amana.trust.access.http import Request
from amana.trust.access.models import KEYHOLDERS, Membership, Organisation, Team, User
from amana.trust.access.rules import see_membership, see_organisation, see_team
from amana.ui import navigation

EACH = 8
"""So many of a kind; one who finds more adds a word."""


@dataclass(frozen=True)
class SearchResult:
    """One thing that was found."""

    label: str
    url: str
    note: str = ""
    reference: str = ""
    agrees: list[str] = field(default_factory=list)
    is_closed: bool = False


@dataclass(frozen=True)
class ResultGroup:
    """What was found of one kind, and the page on which one goes on looking."""

    title: str
    icon: str
    results: list[SearchResult]
    all: str = ""


def search_everything(text: str, request: Request) -> list[ResultGroup]:
    """Search for what fits every word, kind by kind; only kinds of which there is
    something.
    """
    user, words = request.user, text.split()
    groups = [
        ResultGroup(_("Cases"), "cases", search_cases(text, user)),
        ResultGroup(_("Services"), "place", search_services(text, user)),
        ResultGroup(_("People and teams"), "people", search_people(words, user)),
        ResultGroup(_("Pages"), "page", search_pages(text, request)),
    ]
    return [group for group in groups if group.results]


def search_cases(text: str, user: User) -> list[SearchResult]:
    """Search the cards of cases that one sees."""
    # No one else has keys for any card, so no query is needed to find nothing.
    if not user.roles & KEYHOLDERS:
        return []
    return [
        SearchResult(
            found.name or _("No name given"),
            reverse("cases:case", args=[found.case.pk]),
            reference=found.case.reference,
            agrees=[str(word) for word in found.agrees],
            is_closed=not found.case.is_open,
        )
        for found in finding.find_cases(text, by=user)[:EACH]
    ]


def search_services(text: str, user: User) -> list[SearchResult]:
    """Search by name, organisation, kind in any language, or place."""
    with open_catalogue() as catalogue:
        visible = catalogue.visible(user)
        found = facets.find_fitting(catalogue, FacetFilters(words=text), visible)
        ids = facets.sort_found(catalogue, found)[:EACH]
    return [
        SearchResult(
            service.called,
            reverse("directory:service", args=[service.pk]),
            note=service.organisation.name,
        )
        for service in listing.load_rows(ids, user=user)
    ]


def search_people(words: list[str], user: User) -> list[SearchResult]:
    """Search colleagues, teams and organisations whose pages one may open."""
    places = see_membership.among(Membership.objects.active(), user)
    people = places.filter(
        build_words_filter("user__name", words), user__is_active=True
    )
    seen = people.select_related("user", "team__organisation").order_by("user__name")
    # A person may have a place in several teams: more rows are read than are shown.
    by_person = {place.user_id: place for place in seen[: 3 * EACH]}
    teams = see_team.among(Team.objects.filter(build_words_filter("name", words)), user)
    houses = see_organisation.among(
        Organisation.objects.filter(build_words_filter("name", words)), user
    )
    results = [
        SearchResult(
            place.user.name, build_team_url(place.team_id), note=str(place.team)
        )
        for place in by_person.values()
    ]
    results += [
        SearchResult(team.name, build_team_url(team.pk), note=str(team.organisation))
        for team in teams.select_related("organisation").order_by("name")[:EACH]
    ]
    results += [
        SearchResult(house.name, reverse("access:organisation", args=[house.pk]))
        for house in houses.order_by("name")[:EACH]
    ]
    return results[:EACH]


def build_team_url(team: int) -> str:
    return reverse("access:team", args=[team])


def build_words_filter(column: str, words: Iterable[str]) -> Q:
    found = Q()
    for word in words:
        found &= Q(**{f"{column}__icontains": word})
    return found


def search_pages(text: str, request: HttpRequest) -> list[SearchResult]:
    """Search the navigation's entries that this person has, in their language."""
    words = text.casefold().split()
    entries = [*navigation.list_entries(request), *navigation.list_personal(request)]
    found = {
        entry.url: SearchResult(str(entry.label), entry.url)
        for entry in entries
        if all(word in str(entry.label).casefold() for word in words)
    }
    return list(found.values())[:EACH]
