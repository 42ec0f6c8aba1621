"""The lists of the pages: which screenings can be begun, and where the others are."""

from collections.abc import Iterable
from dataclasses import dataclass

from django.db.models import QuerySet
from django.urls import reverse
from django.utils.translation import gettext as _

from amana.care.cases import sections
from amana.care.cases.models import Case
from amana.care.cases.sections import TimelineEntry
from amana.care.screening.labels import localise_text
from amana.care.screening.models import Screening
from amana.care.screening.rules import (
    conduct_screening,
    follow_screening,
    keep_screening,
    receive_screening,
)
from amana.design.mechanism.choosing import list_versions_for_team
from amana.design.mechanism.models import Version
from amana.trust.access.models import Team, User
from amana.trust.access.prepared import prepare_query

MOST = 50
"""The length of a list; nothing waits so long that there are more."""


def find_screenings() -> QuerySet[Screening]:
    return Screening.objects.for_list().select_related("case__team__organisation")


@dataclass(frozen=True)
class AvailableScreening:
    """A screening that can be begun."""

    title: str
    about: str
    url: str
    team: Team | None = None
    kept_at: str = ""
    """Where a device that was made ready keeps it."""


def list_team_offers(user: User) -> list[AvailableScreening]:
    """List what can be begun for each team whose key the person holds; a person who
    holds several keys chooses."""
    teams = conduct_screening.among(Team.objects.select_related("organisation"), user)
    return [
        AvailableScreening(
            title,
            about,
            reverse("screening:begin", args=[team.pk, version.pk, slug]),
            team,
            reverse("meetings:screening", args=[team.pk, slug]),
        )
        for team in teams.order_by("name")
        for version in list_versions_for_team(team, retired=True)
        for slug, title, about in iterate_instruments(version)
    ]


def list_case_offers(case: Case) -> list[AvailableScreening]:
    version = sections.find_version_in_force(case)
    if version is None:
        return []
    return [
        AvailableScreening(
            title, about, reverse("screening:in_case", args=[case.pk, version.pk, slug])
        )
        for slug, title, about in iterate_instruments(version)
    ]


def iterate_instruments(version: Version) -> Iterable[tuple[str, str, str]]:
    """Yield the name, title and description of each instrument, the shortest first."""
    found = version.pack.instruments.items()
    # The short one is for the colleague who meets the person first, often at the
    # roadside.
    by_length = sorted(found, key=lambda one: len(one[1].signs))
    for slug, instrument in by_length:
        yield slug, localise_text(instrument.title), localise_text(instrument.about)


@dataclass(frozen=True)
class ScreeningRow:
    screening: Screening
    title: str


def build_lines(screenings: QuerySet[Screening]) -> list[ScreeningRow]:
    return add_titles(screenings[:MOST])


def add_titles(screenings: Iterable[Screening]) -> list[ScreeningRow]:
    return [
        ScreeningRow(screening, localise_text(screening.rules.title))
        for screening in screenings
    ]


def list_kept_screenings(user: User) -> list[ScreeningRow]:
    return build_lines(keep_screening.among(Screening.objects.here().for_list(), user))


def list_handed_screenings(user: User) -> list[ScreeningRow]:
    return build_lines(
        receive_screening.among(Screening.objects.handed().for_list(), user)
    )


def list_followed_screenings(user: User) -> list[ScreeningRow]:
    """List what became of those that the person handed over, the latest first."""
    followed = follow_screening.among(Screening.objects.for_list(), user)
    return build_lines(followed.order_by("-handed_at", "pk"))


# --- on the page of a case


def find_case_screenings(case: Case) -> QuerySet[Screening]:
    """Find the screenings of a case, the latest first."""
    found = Screening.objects.filter(case=case).for_list()
    return found.select_related("judged_by").order_by("-screened_at", "pk")


@prepare_query(Case)
def find_screenings_in_case(case: Case) -> QuerySet[Screening]:
    # Prepared (ADR 22), because every page of a case asks for it.
    found = Screening.objects.filter(case=case).select_related("version")
    return found.order_by("-screened_at", "pk")


def build_section(case: Case, user: User) -> dict[str, object]:
    may_screen = case.is_open and sections.may_work(case, user)
    return {
        "screenings": add_titles(find_screenings_in_case.of(case).first(MOST)),
        "offers": list_case_offers(case) if may_screen else [],
    }


def iterate_entries(case: Case, user: User) -> Iterable[TimelineEntry]:
    for screening in find_case_screenings(case)[:MOST]:
        url = reverse("screening:result", args=[screening.pk])
        name = screening.screened_by.name
        yield TimelineEntry(screening.screened_at, _("Screened"), name, url)
        if screening.judged_at and screening.judged_by:
            text = _("Reviewed a screening result")
            yield TimelineEntry(
                screening.judged_at, text, screening.judged_by.name, url
            )
