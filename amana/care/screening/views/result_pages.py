"""The result: shown, printed, assessed, handed over."""

from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods

from amana.care.cases.rules import open_cases_in
from amana.care.screening import (
    actions,
    labels,
    results,
    screening_exports,
    screening_lists,
)
from amana.care.screening.forms import AssessFindingsForm, ScreeningHandoverForm
from amana.care.screening.models import HandoverBasis, Screening
from amana.care.screening.results import ScreeningResult
from amana.care.screening.rules import (
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
from amana.care.screening.views.asking_pages import RESULT
from amana.design.forms import pages
from amana.trust.access.http import Request
from amana.trust.exports import views as exports
from amana.trust.exports.models import Export
from amana.ui.http import done, show
from amana.ui.once import apply_once

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
    return exports.show_reason_page(request, screening_exports.SCREENING, [pk])


def on_paper(request: Request, export: Export) -> HttpResponse:
    rows, pk = screening_lists.find_screenings(), export.taken[0]
    screening = read_screening.find(rows, request.user, pk=pk)
    # Under its own purpose: the log distinguishes a look from a sheet that leaves the
    # house.
    opened = results.open_result(screening, by=request.user, purpose="print")
    return show(request, PRINT, about(request, opened) | {"export": export})


def about(request: Request, opened: ScreeningResult) -> dict[str, object]:
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
