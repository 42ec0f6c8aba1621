"""Screen a person, see what the answers may be signs of, and continue with it."""

from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.forms import BaseFormSet
from django.http import HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import (
    require_GET,
    require_http_methods,
    require_POST,
)

from amana.care.cases.finding import FoundCase, find_known_people
from amana.care.cases.forms import IntakeForm, NeedForm
from amana.care.cases.models import Case
from amana.care.cases.rules import (
    TAKERS,
    open_cases_in,
    work_on_case,
)
from amana.care.cases.views.meeting import (
    a_new_set,
    a_set,
    copy_as_typed,
    has_need,
    judged_unlike,
    list_filled,
    say_opened,
    with_one_more,
)
from amana.care.screening import (
    actions,
    exporting,
    intake,
    labels,
    results,
    screening_lists,
)
from amana.care.screening.already import map_known_answers
from amana.care.screening.forms import (
    AssessFindingsForm,
    EndScreeningForm,
    ScreeningHandoverForm,
)
from amana.care.screening.keeping import build_draft_settings
from amana.care.screening.models import HandoverBasis, Screening, ScreeningOutcome
from amana.care.screening.results import ScreeningResult
from amana.care.screening.rules import (
    conduct_screening,
    follow_screening,
    hold_screening,
    judge_screening,
    read_screening,
    see_screening,
)
from amana.care.screening.teams import (
    find_colleagues,
    find_receiving_teams,
    group_parts_by_sphere,
)
from amana.design.forms import pages
from amana.design.mechanism import find_current_version
from amana.design.mechanism.models import Version
from amana.design.mechanism.rules import read_version
from amana.trust.access.http import Request
from amana.trust.access.models import Team
from amana.trust.access.rules import NotAccessible, has_role
from amana.trust.exports import views as exports
from amana.trust.exports.models import Export
from amana.trust.vault.middleware import warn_about_omitted_records
from amana.ui.http import done, show
from amana.ui.once import apply_once

HOME, RESULT, FILL = (
    "screening/home.html",
    "screening/result.html",
    "screening/fill.html",
)
JUDGE, HAND_OVER, OPEN = (
    "screening/judge.html",
    "screening/hand_over.html",
    "screening/open.html",
)
PRINT, STATE, END = (
    "screening/print.html",
    "screening/state.html",
    "screening/end.html",
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


# --- asking


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
    newer = find_current_version()
    if request.method == "GET" and newer and is_outdated(asking, newer):
        return redirect("screening:begin", team, newer.pk, slug)
    return ask(request, asking)


@require_http_methods(["GET", "POST"])
def in_case(request: Request, case: UUID, version: int, slug: str) -> HttpResponse:
    cases = Case.objects.select_related("team__organisation")
    found = work_on_case.find(cases, request.user, pk=case)
    asking = ScreeningSetup(version_of(request, version, slug), slug, case=found)
    newer = find_current_version()
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


# --- the result


def screening_seen(request: Request, pk: UUID) -> Screening:
    return see_screening.find(screening_lists.find_screenings(), request.user, pk=pk)


def screening_held(request: Request, pk: UUID) -> Screening:
    return hold_screening.find(screening_lists.find_screenings(), request.user, pk=pk)


@require_GET
def result(request: Request, pk: UUID) -> HttpResponse:
    screening = screening_seen(request, pk)
    may_read = read_screening.permits(request.user, screening)
    if screening.ended_at or not may_read:
        return show(
            request, STATE, {"screening": screening, "title": format_title(screening)}
        )
    opened = results.open_result(screening, by=request.user)
    return show(request, RESULT, about(request, opened))


@require_GET
def printed(request: Request, pk: UUID) -> HttpResponse:
    screening = read_screening.find(
        screening_lists.find_screenings(), request.user, pk=pk
    )
    if screening.ended_at:
        return redirect("screening:result", pk)
    return exports.show_reason_page(request, exporting.SCREENING, [pk])


def on_paper(request: Request, export: Export) -> HttpResponse:
    rows, pk = screening_lists.find_screenings(), export.taken[0]
    screening = read_screening.find(rows, request.user, pk=pk)
    # Under its own purpose: the log distinguishes a look from a sheet that leaves the
    # house.
    opened = results.open_result(screening, by=request.user, purpose="print")
    return show(request, PRINT, about(request, opened) | {"export": export})


def about(request: Request, opened: ScreeningResult) -> dict[str, Any]:
    """Collect what the page of a result shows."""
    screening, user = opened.screening, request.user
    return {
        "screening": screening,
        "case": screening.case,
        "title": format_title(screening),
        "about": labels.localise_text(opened.instrument.about),
        "result": opened,
        "follows": labels.list_next_steps(opened, opened.concluded),
        "flags": labels.list_flags(opened),
        "not_raised": labels.list_unraised_flags(opened),
        "elements": labels.list_elements(opened),
        "signs": labels.group_signs(opened),
        "missing": labels.list_unanswered(opened),
        "closed": [part.label for part in sorted(opened.closed)],
        "answers": pages.render_answers(opened.filled),
        "judgement": opened.judgement,
        "earlier": opened.judgements[:-1],
        "may_judge": judge_screening.permits(user, screening),
        "holds": screening.is_waiting,
        "may_open": screening.is_waiting
        and open_cases_in.permits(user, screening.team),
        "follows_only": follow_screening.permits(user, screening),
    }


def format_title(screening: Screening) -> str:
    return labels.localise_text(screening.rules.title)


@require_http_methods(["GET", "POST"])
@apply_once
def judge(request: Request, pk: UUID) -> HttpResponse:
    screening = judge_screening.find(
        screening_lists.find_screenings(), request.user, pk=pk
    )
    if screening.ended_at:
        return redirect("screening:result", pk)
    opened = results.open_result(screening, by=request.user)
    form = AssessFindingsForm(request.POST or None, result=opened)
    if form.is_bound and form.is_valid():
        actions.review_screening(
            screening,
            verdicts=form.verdicts,
            words=form.cleaned_data["words"],
            replacing=form.cleaned_data["replacing"],
            by=request.user,
        )
        messages.success(request, _("Review saved. The answers are kept too."))
        return done(request, then=reverse("screening:result", args=[pk]))
    context = about(request, opened) | {"form": form}
    return show(request, JUDGE, context, status=422 if form.is_bound else 200)


# --- handing over


@require_http_methods(["GET", "POST"])
@apply_once
def hand_over(request: Request, pk: UUID) -> HttpResponse:
    screening = screening_held(request, pk)
    form = ScreeningHandoverForm(
        request.POST or None,
        teams=find_receiving_teams(screening),
        colleagues=find_colleagues(screening, request.user),
    )
    if form.is_bound and form.is_valid():
        to = form.cleaned_data["to"]
        actions.hand_screening_over(
            screening,
            to=to,
            basis=HandoverBasis(form.cleaned_data["basis"]),
            decided_with=form.cleaned_data["decided_with"],
            by=request.user,
        )
        messages.success(
            request,
            _("Handed over to %(team)s. No one in your team can read it any more.")
            % {"team": to},
        )
        return done(request, then=reverse("screening:result", args=[pk]))
    context = {
        "screening": screening,
        "title": format_title(screening),
        "form": form,
        "spheres": group_parts_by_sphere(results.list_asked_parts(screening)),
    }
    return show(request, HAND_OVER, context, status=422 if form.is_bound else 200)


# --- into a case


@require_http_methods(["GET", "POST"])
def open_case(request: Request, pk: UUID) -> HttpResponse:
    """Begin a case with what was answered, unless the person is known already."""
    screening = screening_held(request, pk)
    teams = [open_cases_in.find(find_teams(), request.user, pk=screening.team_id)]
    go = request.POST.get("go", "")
    if request.method == "GET":
        opened = results.open_result(screening, by=request.user)
        form = IntakeForm(teams=teams, initial=intake.build_initial_values(opened))
        return show_intake(
            request,
            screening,
            form,
            a_new_set(request, intake.list_initial_needs(opened)),
        )
    form, needs = IntakeForm(request.POST, teams=teams), a_set(request)
    if go == "add_need":
        needs = with_one_more(request)
        return show_intake(request, screening, copy_as_typed(form), needs)
    if not (form.is_valid() and needs.is_valid() and has_need(form, needs)):
        return show_intake(request, screening, form, needs, status=422)
    if go != "someone_else":
        # After the form is valid, since names have to be compared as they will be
        # stored; and before the action, which a person may still turn into adding to
        # that case.
        alike = find_known_people(form.records, by=request.user)
        warn_about_omitted_records(request)
        if alike:
            return show_intake(request, screening, form, needs, alike=alike)
    return opened_case(request, screening, form, needs)


@apply_once
def opened_case(
    request: Request,
    screening: Screening,
    form: IntakeForm,
    needs: BaseFormSet[NeedForm],
) -> HttpResponse:
    case = actions.open_case(
        screening,
        team=form.cleaned_data["team"],
        records=form.records,
        needs=[need.asked for need in list_filled(needs)],
        unlike=judged_unlike(request),
        by=request.user,
    )
    say_opened(request, case)
    return done(request, then=reverse("cases:case", args=[case.pk]))


def find_teams() -> Any:
    return Team.objects.select_related("organisation")


def show_intake(
    request: Request,
    screening: Screening,
    form: IntakeForm,
    needs: BaseFormSet[NeedForm],
    *,
    alike: list[FoundCase] | None = None,
    status: int = 200,
) -> HttpResponse:
    context = {
        "screening": screening,
        "title": format_title(screening),
        "form": form,
        "needs": needs,
        "alike": alike or [],
        "mine": [found.case for found in alike or [] if found.seen],
    }
    return show(request, OPEN, context, status=status)


@require_POST
@apply_once
def add_to_case(request: Request, pk: UUID, case: UUID) -> HttpResponse:
    screening = screening_held(request, pk)
    found = work_on_case.find(Case.objects.all(), request.user, pk=case)
    actions.add_screening_to_case(screening, case=found, by=request.user)
    messages.success(request, _("The screening is in the case now."))
    return done(request, then=reverse("cases:case", args=[case]))


@require_http_methods(["GET", "POST"])
@apply_once
def end(request: Request, pk: UUID) -> HttpResponse:
    """End without a case: record the outcome, and destroy what was answered."""
    screening = screening_held(request, pk)
    form = EndScreeningForm(request.POST or None)
    if form.is_bound and form.is_valid():
        outcome = ScreeningOutcome(form.cleaned_data["outcome"])
        actions.end_screening(screening, outcome=outcome, by=request.user)
        messages.success(request, _("Screening ended. The answers are destroyed."))
        return done(request, then=reverse("screening:home"))
    context = {"screening": screening, "title": format_title(screening), "form": form}
    return show(request, END, context, status=422 if form.is_bound else 200)
