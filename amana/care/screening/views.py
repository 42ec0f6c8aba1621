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

from amana.care.cases.finding import Found, known_already
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
    as_typed,
    filled,
    has_need,
    judged_unlike,
    say_opened,
    with_one_more,
)
from amana.care.screening import actions, exporting, intake, listed, results, words
from amana.care.screening.already import already_answered
from amana.care.screening.forms import EndForm, HandOverForm, JudgeForm
from amana.care.screening.keeping import kept_on_device
from amana.care.screening.models import Basis, Outcome, Screening
from amana.care.screening.results import Result
from amana.care.screening.rules import (
    follow_screening,
    hold_screening,
    judge_screening,
    read_screening,
    screen_in_team,
    see_screening,
)
from amana.care.screening.teams import by_sphere, colleagues_of, teams_for
from amana.design.forms import pages
from amana.design.mechanism import current
from amana.design.mechanism.models import Version
from amana.design.mechanism.rules import read_version
from amana.trust.access.http import Request
from amana.trust.access.models import Team
from amana.trust.access.rules import NotAmong, holds
from amana.trust.exports import views as exports
from amana.trust.exports.models import Export
from amana.trust.vault.http import say_left_out
from amana.ui.http import done, show
from amana.ui.once import once

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
        "offers": listed.offers_before_a_case(user),
        "mine": listed.kept_by(user),
        "handed": listed.handed_to(user),
        "answers": holds(user, TAKERS),
        "followed": listed.followed_by(user),
    }
    return show(request, HOME, context)


# --- asking


@dataclass(frozen=True)
class Asking:
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
    found = screen_in_team.find(teams, request.user, pk=team)
    asking = Asking(version_of(request, version, slug), slug, team=found)
    # Only when the page is opened: answers that are posted belong to the version that
    # asked them.
    newer = current()
    if request.method == "GET" and newer and is_outdated(asking, newer):
        return redirect("screening:begin", team, newer.pk, slug)
    return ask(request, asking)


@require_http_methods(["GET", "POST"])
def in_case(request: Request, case: UUID, version: int, slug: str) -> HttpResponse:
    cases = Case.objects.select_related("team__organisation")
    found = work_on_case.find(cases, request.user, pk=case)
    asking = Asking(version_of(request, version, slug), slug, case=found)
    newer = current()
    if request.method == "GET" and newer and is_outdated(asking, newer):
        return redirect("screening:in_case", case, newer.pk, slug)
    return ask(request, asking)


def version_of(request: Request, pk: int, slug: str) -> Version:
    """Find the version with which the page was drawn: answers that were given offline
    are read by it, though another one may be in force by now."""
    versions = Version.objects.select_related("mechanism")
    found = read_version.find(versions, request.user, pk=pk)
    if not found.is_fixed or slug not in found.pack.instruments:
        raise NotAmong(read_version, Version, {"pk": pk, "instrument": slug})
    return found


def is_outdated(asking: Asking, newer: Version) -> bool:
    return newer.pk != asking.version.pk and asking.slug in newer.pack.instruments


def ask(request: Request, asking: Asking) -> HttpResponse:
    known = (
        already_answered(asking.case, asking.form, by=request.user)
        if asking.case
        else {}
    )
    answers = {name: told.answer for name, told in known.items()}
    taken = pages.take(request, asking.form, answers=answers, paged="group")
    if taken.finished:
        return keep(request, asking, taken)
    title = words.here(asking.rules.title)
    context = {
        "about": words.here(asking.rules.about),
        "case": asking.case,
        "team": asking.team,
        "known": known,
    }
    return pages.show(
        request,
        taken,
        to=request.path,
        title=title,
        template=FILL,
        context=context,
        drafts=kept_on_device(
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


@once
def keep(request: Request, asking: Asking, taken: pages.Taken) -> HttpResponse:
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
            made = actions.screen(
                asking.team,
                answers=answers,
                instance=instance,
                by=request.user,
                **asking.kept,
            )
    return done(request, then=reverse("screening:result", args=[made.pk]))


# --- the result


def screening_seen(request: Request, pk: UUID) -> Screening:
    return see_screening.find(listed.whole(), request.user, pk=pk)


def screening_held(request: Request, pk: UUID) -> Screening:
    return hold_screening.find(listed.whole(), request.user, pk=pk)


@require_GET
def result(request: Request, pk: UUID) -> HttpResponse:
    screening = screening_seen(request, pk)
    may_read = read_screening.permits(request.user, screening)
    if screening.ended_at or not may_read:
        return show(
            request, STATE, {"screening": screening, "title": title_of(screening)}
        )
    opened = results.opened(screening, by=request.user)
    return show(request, RESULT, about(request, opened))


@require_GET
def printed(request: Request, pk: UUID) -> HttpResponse:
    screening = read_screening.find(listed.whole(), request.user, pk=pk)
    if screening.ended_at:
        return redirect("screening:result", pk)
    return exports.ask(request, exporting.SCREENING, [pk])


def on_paper(request: Request, export: Export) -> HttpResponse:
    rows, pk = listed.whole(), export.taken[0]
    screening = read_screening.find(rows, request.user, pk=pk)
    # Under its own purpose: the log distinguishes a look from a sheet that leaves the
    # house.
    opened = results.opened(screening, by=request.user, purpose="print")
    return show(request, PRINT, about(request, opened) | {"export": export})


def about(request: Request, opened: Result) -> dict[str, Any]:
    """Collect what the page of a result shows."""
    screening, user = opened.screening, request.user
    return {
        "screening": screening,
        "case": screening.case,
        "title": title_of(screening),
        "about": words.here(opened.instrument.about),
        "result": opened,
        "follows": words.follows(opened, opened.concluded),
        "flags": words.flags(opened),
        "not_raised": words.not_raised(opened),
        "elements": words.elements(opened),
        "signs": words.signs(opened),
        "missing": words.missing(opened),
        "closed": [part.label for part in sorted(opened.closed)],
        "answers": pages.read(opened.filled),
        "judgement": opened.judgement,
        "earlier": opened.judgements[:-1],
        "may_judge": judge_screening.permits(user, screening),
        "holds": screening.is_waiting,
        "may_open": screening.is_waiting
        and open_cases_in.permits(user, screening.team),
        "follows_only": follow_screening.permits(user, screening),
    }


def title_of(screening: Screening) -> str:
    return words.here(screening.rules.title)


@require_http_methods(["GET", "POST"])
@once
def judge(request: Request, pk: UUID) -> HttpResponse:
    screening = judge_screening.find(listed.whole(), request.user, pk=pk)
    if screening.ended_at:
        return redirect("screening:result", pk)
    opened = results.opened(screening, by=request.user)
    form = JudgeForm(request.POST or None, result=opened)
    if form.is_bound and form.is_valid():
        actions.judge(
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
@once
def hand_over(request: Request, pk: UUID) -> HttpResponse:
    screening = screening_held(request, pk)
    form = HandOverForm(
        request.POST or None,
        teams=teams_for(screening),
        colleagues=colleagues_of(screening, request.user),
    )
    if form.is_bound and form.is_valid():
        to = form.cleaned_data["to"]
        actions.hand_over(
            screening,
            to=to,
            basis=Basis(form.cleaned_data["basis"]),
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
        "title": title_of(screening),
        "form": form,
        "spheres": by_sphere(results.parts_asked(screening)),
    }
    return show(request, HAND_OVER, context, status=422 if form.is_bound else 200)


# --- into a case


@require_http_methods(["GET", "POST"])
def open_case(request: Request, pk: UUID) -> HttpResponse:
    """Begin a case with what was answered, unless the person is known already."""
    screening = screening_held(request, pk)
    teams = [open_cases_in.find(whole_teams(), request.user, pk=screening.team_id)]
    go = request.POST.get("go", "")
    if request.method == "GET":
        opened = results.opened(screening, by=request.user)
        form = IntakeForm(teams=teams, initial=intake.known_of(opened))
        return show_intake(
            request, screening, form, a_new_set(request, intake.needs_of(opened))
        )
    form, needs = IntakeForm(request.POST, teams=teams), a_set(request)
    if go == "add_need":
        needs = with_one_more(request)
        return show_intake(request, screening, as_typed(form), needs)
    if not (form.is_valid() and needs.is_valid() and has_need(form, needs)):
        return show_intake(request, screening, form, needs, status=422)
    if go != "someone_else":
        # After the form is valid, since names have to be compared as they will be
        # stored; and before the action, which a person may still turn into adding to
        # that case.
        alike = known_already(form.records, by=request.user)
        say_left_out(request)
        if alike:
            return show_intake(request, screening, form, needs, alike=alike)
    return opened_case(request, screening, form, needs)


@once
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
        needs=[need.asked for need in filled(needs)],
        unlike=judged_unlike(request),
        by=request.user,
    )
    say_opened(request, case)
    return done(request, then=reverse("cases:case", args=[case.pk]))


def whole_teams() -> Any:
    return Team.objects.select_related("organisation")


def show_intake(
    request: Request,
    screening: Screening,
    form: IntakeForm,
    needs: BaseFormSet[NeedForm],
    *,
    alike: list[Found] | None = None,
    status: int = 200,
) -> HttpResponse:
    context = {
        "screening": screening,
        "title": title_of(screening),
        "form": form,
        "needs": needs,
        "alike": alike or [],
        "mine": [found.case for found in alike or [] if found.seen],
    }
    return show(request, OPEN, context, status=status)


@require_POST
@once
def add_to_case(request: Request, pk: UUID, case: UUID) -> HttpResponse:
    screening = screening_held(request, pk)
    found = work_on_case.find(Case.objects.all(), request.user, pk=case)
    actions.add_to_case(screening, case=found, by=request.user)
    messages.success(request, _("The screening is in the case now."))
    return done(request, then=reverse("cases:case", args=[case]))


@require_http_methods(["GET", "POST"])
@once
def end(request: Request, pk: UUID) -> HttpResponse:
    """End without a case: record the outcome, and destroy what was answered."""
    screening = screening_held(request, pk)
    form = EndForm(request.POST or None)
    if form.is_bound and form.is_valid():
        outcome = Outcome(form.cleaned_data["outcome"])
        actions.end(screening, outcome=outcome, by=request.user)
        messages.success(request, _("Screening ended. The answers are destroyed."))
        return done(request, then=reverse("screening:home"))
    context = {"screening": screening, "title": title_of(screening), "form": form}
    return show(request, END, context, status=422 if form.is_bound else 200)
