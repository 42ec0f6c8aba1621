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
from amana.design.directory.catalogue import current
from amana.design.directory.facets import Wanted
from amana.trust.access.http import Request
from amana.trust.access.models import KEYHOLDERS, Membership, Organisation, Team, User
from amana.trust.access.rules import see_membership, see_organisation, see_team
from amana.ui import navigation

EACH = 8
"""So many of a kind; one who finds more adds a word."""


@dataclass(frozen=True)
class Result:
    """One thing that was found."""

    label: str
    url: str
    note: str = ""
    reference: str = ""
    agrees: list[str] = field(default_factory=list)
    is_closed: bool = False


@dataclass(frozen=True)
class Group:
    """What was found of one kind, and the page on which one goes on looking."""

    title: str
    icon: str
    results: list[Result]
    all: str = ""


def everything_like(text: str, request: Request) -> list[Group]:
    """Search for what fits every word, kind by kind; only kinds of which there is
    something.
    """
    user, words = request.user, text.split()
    groups = [
        Group(_("Cases"), "cases", cases_like(text, user)),
        Group(_("Services"), "place", services_like(text, user)),
        Group(_("People and teams"), "people", people_like(words, user)),
        Group(_("Pages"), "page", pages_like(text, request)),
    ]
    return [group for group in groups if group.results]


def cases_like(text: str, user: User) -> list[Result]:
    """Search the cards of cases that one sees."""
    # No one else has keys for any card, so no query is needed to find nothing.
    if not user.roles & KEYHOLDERS:
        return []
    return [
        Result(
            found.name or _("No name given"),
            reverse("cases:case", args=[found.case.pk]),
            reference=found.case.reference,
            agrees=[str(word) for word in found.agrees],
            is_closed=not found.case.is_open,
        )
        for found in finding.cases_like(text, by=user)[:EACH]
    ]


def services_like(text: str, user: User) -> list[Result]:
    """Search by name, organisation, kind in any language, or place."""
    with current() as catalogue:
        visible = catalogue.visible(user)
        found = facets.fitting(catalogue, Wanted(words=text), visible)
        ids = facets.in_order(catalogue, found)[:EACH]
    return [
        Result(
            service.called,
            reverse("directory:service", args=[service.pk]),
            note=service.organisation.name,
        )
        for service in listing.rows(ids, user=user)
    ]


def people_like(words: list[str], user: User) -> list[Result]:
    """Search colleagues, teams and organisations whose pages one may open."""
    places = see_membership.among(Membership.objects.active(), user)
    people = places.filter(all_in("user__name", words), user__is_active=True)
    seen = people.select_related("user", "team__organisation").order_by("user__name")
    # A person may have a place in several teams: more rows are read than are shown.
    by_person = {place.user_id: place for place in seen[: 3 * EACH]}
    teams = see_team.among(Team.objects.filter(all_in("name", words)), user)
    houses = see_organisation.among(
        Organisation.objects.filter(all_in("name", words)), user
    )
    results = [
        Result(place.user.name, team_page(place.team_id), note=str(place.team))
        for place in by_person.values()
    ]
    results += [
        Result(team.name, team_page(team.pk), note=str(team.organisation))
        for team in teams.select_related("organisation").order_by("name")[:EACH]
    ]
    results += [
        Result(house.name, reverse("access:organisation", args=[house.pk]))
        for house in houses.order_by("name")[:EACH]
    ]
    return results[:EACH]


def team_page(team: int) -> str:
    return reverse("access:team", args=[team])


def all_in(column: str, words: Iterable[str]) -> Q:
    found = Q()
    for word in words:
        found &= Q(**{f"{column}__icontains": word})
    return found


def pages_like(text: str, request: HttpRequest) -> list[Result]:
    """Search the navigation's entries that this person has, in their language."""
    words = text.casefold().split()
    entries = [*navigation.every(request), *navigation.personal(request)]
    found = {
        entry.url: Result(str(entry.label), entry.url)
        for entry in entries
        if all(word in str(entry.label).casefold() for word in words)
    }
    return list(found.values())[:EACH]
