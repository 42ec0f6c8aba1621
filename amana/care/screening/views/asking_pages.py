"""Begin a screening and ask its questions."""

from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.http import HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods

from amana.care.cases.models.case_record import Case
from amana.care.cases.rules import TAKERS, work_on_case
from amana.care.screening import actions, labels, screening_lists
from amana.care.screening.already import map_known_answers
from amana.care.screening.keeping import build_draft_settings
from amana.care.screening.models import Screening
from amana.care.screening.rules import conduct_screening
from amana.design.forms import pages
from amana.design.mechanism.choosing import find_version_of
from amana.design.mechanism.models.versions import Version
from amana.design.mechanism.rules import read_version
from amana.trust.access.http import Request
from amana.trust.access.models.organisations import Team
from amana.trust.access.rules import NotAccessible, has_role
from amana.ui.http import done, show
from amana.ui.once import apply_once

HOME, RESULT, FILL = (
    "screening/home.html",
    "screening/result.html",
    "screening/fill.html",
)


@require_GET
def home(request: Request) -> HttpResponse:
    """Show what can be begun, what is with me, what was handed to us, and what became
    of the others."""
    user = request.user
    context = {
        "offers": screening_lists.list_team_offers(user),
        "mine": screening_lists.list_kept_screenings(user),
        "handed": screening_lists.list_handed_screenings(user),
        "answers": has_role(user, TAKERS),
        "followed": screening_lists.list_followed_screenings(user),
    }
    return show(request, HOME, context)


@dataclass(frozen=True)
class ScreeningSetup:
    """With which instrument of which version is asked, and whose key it is sealed
    to."""

    version: Version
    slug: str
    team: Team | None = None
    case: Case | None = None

    @property
    def rules(self) -> Any:
        return self.version.pack.instruments[self.slug]

    @property
    def form(self) -> Any:
        return self.version.pack.forms[self.rules.form]

    @property
    def keeper(self) -> Team:
        """Whose key the answers are sealed to."""
        found = self.case.team if self.case else self.team
        assert found
        return found

    @property
    def kept(self) -> dict[str, Any]:
        return {"version": self.version, "instrument": self.slug}


@require_http_methods(["GET", "POST"])
def begin(request: Request, team: int, version: int, slug: str) -> HttpResponse:
    """Ask the questions of an instrument before there is a case."""
    teams = Team.objects.select_related("organisation")
    found = conduct_screening.find(teams, request.user, pk=team)
    asking = ScreeningSetup(version_of(request, version, slug), slug, team=found)
    # Only when the page is opened: answers that are posted belong to the version that
    # asked them.
    newer = find_version_of(asking.version.mechanism_id)
    if request.method == "GET" and newer and is_outdated(asking, newer):
        return redirect("screening:begin", team, newer.pk, slug)
    return ask(request, asking)


@require_http_methods(["GET", "POST"])
def in_case(request: Request, case: UUID, version: int, slug: str) -> HttpResponse:
    cases = Case.objects.select_related("team__organisation")
    found = work_on_case.find(cases, request.user, pk=case)
    asking = ScreeningSetup(version_of(request, version, slug), slug, case=found)
    newer = find_version_of(asking.version.mechanism_id)
    if request.method == "GET" and newer and is_outdated(asking, newer):
        return redirect("screening:in_case", case, newer.pk, slug)
    return ask(request, asking)


def version_of(request: Request, pk: int, slug: str) -> Version:
    """Find the version with which the page was drawn: answers that were given offline
    are read by it, though another one may be in force by now."""
    versions = Version.objects.select_related("mechanism")
    found = read_version.find(versions, request.user, pk=pk)
    if not found.is_fixed or slug not in found.pack.instruments:
        raise NotAccessible(read_version, Version, {"pk": pk, "instrument": slug})
    return found


def is_outdated(asking: ScreeningSetup, newer: Version) -> bool:
    return newer.pk != asking.version.pk and asking.slug in newer.pack.instruments


def ask(request: Request, asking: ScreeningSetup) -> HttpResponse:
    known = (
        map_known_answers(asking.case, asking.form, by=request.user)
        if asking.case
        else {}
    )
    answers = {name: told.answer for name, told in known.items()}
    taken = pages.take_answers(request, asking.form, answers=answers, paged="group")
    if taken.finished:
        return keep(request, asking, taken)
    title = labels.localise_text(asking.rules.title)
    context = {
        "about": labels.localise_text(asking.rules.about),
        "case": asking.case,
        "team": asking.team,
        "known": known,
    }
    return pages.show_form(
        request,
        taken,
        to=request.path,
        title=title,
        template=FILL,
        context=context,
        drafts=build_draft_settings(
            asking.keeper,
            instrument=asking.slug,
            version=asking.version.pk,
            title=title,
            case=asking.case,
            by=request.user,
        ),
        finish=_("See the result"),
        given=known,
    )


@apply_once
def keep(
    request: Request, asking: ScreeningSetup, taken: pages.PageResult
) -> HttpResponse:
    """Store what was finished, perhaps offline and a while ago; sent twice, it is
    stored once."""
    instance = UUID(taken.instance_id.removeprefix("uuid:"))
    # By the id that the browser gave, because the form's own key is gone once the page
    # was loaded again.
    made = Screening.objects.filter(screened_by=request.user, instance=instance).first()
    if made is None:
        answers = taken.filled.answers
        if asking.case:
            made = actions.screen_case(
                asking.case,
                answers=answers,
                instance=instance,
                by=request.user,
                **asking.kept,
            )
        else:
            assert asking.team
            made = actions.screen_person(
                asking.team,
                answers=answers,
                instance=instance,
                by=request.user,
                **asking.kept,
            )
    return done(request, then=reverse("screening:result", args=[made.pk]))
