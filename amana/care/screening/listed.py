"""The lists of the pages: which screenings can be begun, and where the others are."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from django.db.models import QuerySet
from django.urls import reverse
from django.utils.translation import gettext as _

from amana.care.cases import panels
from amana.care.cases.models import Case
from amana.care.cases.panels import Entry
from amana.care.screening.models import Screening
from amana.care.screening.rules import (
    follow_screening,
    keep_screening,
    receive_screening,
    screen_in_team,
)
from amana.care.screening.words import here
from amana.design.mechanism import current
from amana.design.mechanism.models import Version
from amana.trust.access.kept import kept
from amana.trust.access.models import Team, User

MOST = 50
"""The length of a list; nothing waits so long that there are more."""


def whole() -> QuerySet[Screening]:
    return Screening.objects.for_list().select_related("case__team__organisation")


@dataclass(frozen=True)
class Offer:
    """A screening that can be begun."""

    title: str
    about: str
    url: str
    team: Team | None = None
    kept_at: str = ""
    """Where a device that was made ready keeps it."""


def offers_before_a_case(user: User) -> list[Offer]:
    """List what can be begun for each team whose key the person holds; a person who
    holds several keys chooses."""
    version = current()
    if version is None:
        return []
    teams = screen_in_team.among(Team.objects.select_related("organisation"), user)
    return [
        Offer(
            title,
            about,
            reverse("screening:begin", args=[team.pk, version.pk, slug]),
            team,
            reverse("meetings:screening", args=[team.pk, slug]),
        )
        for team in teams.order_by("name")
        for slug, title, about in instruments(version)
    ]


def offers_in(case: Case) -> list[Offer]:
    version = panels.in_force(case)
    if version is None:
        return []
    return [
        Offer(
            title, about, reverse("screening:in_case", args=[case.pk, version.pk, slug])
        )
        for slug, title, about in instruments(version)
    ]


def instruments(version: Version) -> Iterable[tuple[str, str, str]]:
    """Yield the name, title and description of each instrument, the shortest first."""
    found = version.pack.instruments.items()
    # The short one is for the colleague who meets the person first, often at the
    # roadside.
    by_length = sorted(found, key=lambda one: len(one[1].signs))
    for slug, instrument in by_length:
        yield slug, here(instrument.title), here(instrument.about)


@dataclass(frozen=True)
class Line:
    screening: Screening
    title: str


def lines(screenings: QuerySet[Screening]) -> list[Line]:
    return titled(screenings[:MOST])


def titled(screenings: Iterable[Screening]) -> list[Line]:
    return [Line(screening, here(screening.rules.title)) for screening in screenings]


def kept_by(user: User) -> list[Line]:
    return lines(keep_screening.among(Screening.objects.here().for_list(), user))


def handed_to(user: User) -> list[Line]:
    return lines(receive_screening.among(Screening.objects.handed().for_list(), user))


def followed_by(user: User) -> list[Line]:
    """List what became of those that the person handed over, the latest first."""
    followed = follow_screening.among(Screening.objects.for_list(), user)
    return lines(followed.order_by("-handed_at", "pk"))


# --- on the page of a case


def of_case(case: Case) -> QuerySet[Screening]:
    """Find the screenings of a case, the latest first."""
    found = Screening.objects.filter(case=case).for_list()
    return found.select_related("judged_by").order_by("-screened_at", "pk")


@kept(Case)
def in_case(case: Case) -> QuerySet[Screening]:
    # Prepared (ADR 22), because every page of a case asks for it.
    found = Screening.objects.filter(case=case).select_related("version")
    return found.order_by("-screened_at", "pk")


def panel(case: Case, user: User) -> dict[str, Any]:
    may_screen = case.is_open and panels.may_work(case, user)
    return {
        "screenings": titled(in_case.of(case).first(MOST)),
        "offers": offers_in(case) if may_screen else [],
    }


def entries(case: Case, user: User) -> Iterable[Entry]:
    for screening in of_case(case)[:MOST]:
        url = reverse("screening:result", args=[screening.pk])
        name = screening.screened_by.name
        yield Entry(screening.screened_at, _("Screened"), name, url)
        if screening.judged_at and screening.judged_by:
            text = _("Reviewed a screening result")
            yield Entry(screening.judged_at, text, screening.judged_by.name, url)
