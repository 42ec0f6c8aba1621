"""A learner's practice installation, the way in, and handing in from it."""

from uuid import UUID

from django import forms
from django.contrib import messages
from django.http import HttpResponse, HttpResponseBase
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.cache import never_cache
from django.views.decorators.http import (
    require_GET,
    require_http_methods,
    require_POST,
)
from django_htmx.http import HttpResponseClientRedirect

from amana.academy.assessment.models import MOST_WORDS
from amana.academy.courses import pages
from amana.academy.courses.content import load_content
from amana.academy.courses.models import Enrolment
from amana.academy.courses.pages import ShownAssignment
from amana.academy.courses.rules import learn
from amana.academy.courses.views import find_enrolment
from amana.academy.installations import (
    actions,
    handing_in,
    rules,
    sections,
    work_checking,
)
from amana.academy.installations.models import PracticeInstallation, PracticePlace
from amana.academy.installations.work_checking import CheckedWork
from amana.academy.sandboxes import processes, relay
from amana.academy.sandboxes.passing import (
    describe_progress,
    pass_body_on,
    pass_in,
)
from amana.errors import Refused
from amana.trust.access.http import Request, posted
from amana.trust.access.rules import NotAccessible
from amana.ui.http import asks_for_part, done, show
from amana.ui.once import answer_unless_done, apply_once

HOME, CLOSE, STARTS, HAND_IN = (
    *("installations/home.html", "installations/close.html"),
    *("installations/starts.html", "installations/hand_in.html"),
)


def find_installation(request: Request, pk: UUID) -> PracticeInstallation:
    kept = PracticeInstallation.objects.kept().for_page()
    return rules.practise.find(kept, request.user, pk=pk)


def find_place(request: Request, slug: str) -> PracticePlace:
    """Find the place of a learner of a course. Raises NotAccessible where they have
    none."""
    place = actions.find_place(find_enrolment(request, slug))
    if place is None:
        raise NotAccessible(learn, Enrolment, {"practice": slug})
    return place


def get_own_place(request: Request, found: PracticeInstallation) -> PracticePlace:
    places = found.places.select_related("enrolment__version__course")
    return places.filter(enrolment__person=request.user).order_by("number")[0]


# --- one's own


@require_GET
@never_cache
def home(request: Request, slug: str) -> HttpResponse:
    """Show one's practice installation, or offer to open or join one."""
    enrolment = find_enrolment(request, slug)
    course = load_content(enrolment.version)
    place = actions.find_place(enrolment)
    context = {
        "course": course,
        "title": pages.format_text(course, course.title),
        "place": place,
        "others": place.installation.places.count() - 1 if place else 0,
        "inside": work_checking.build_inside_url(place, "") if place else "",
        "kept_days": actions.KEPT.days,
    }
    return show(request, HOME, context)


@require_POST
@apply_once
def open_installation(request: Request, slug: str) -> HttpResponse:
    actions.open_installation(find_enrolment(request, slug), by=request.user)
    return done(request, then=reverse("installations:home", args=[slug]))


@require_POST
def join(request: Request, slug: str) -> HttpResponse:
    enrolment = find_enrolment(request, slug)
    code = request.POST.get("code", "")
    actions.join_installation(enrolment, code, by=request.user)
    return done(request, then=reverse("installations:home", args=[slug]))


@require_POST
def leave(request: Request, slug: str) -> HttpResponse:
    actions.leave(find_place(request, slug), by=request.user)
    return done(request, then=reverse("installations:home", args=[slug]))


@require_http_methods(["GET", "POST"])
def close(request: Request, slug: str) -> HttpResponse:
    """Close it, once it was confirmed."""
    place = find_place(request, slug)
    rules.close_installation.require(request.user, place.installation)
    if request.method == "POST":
        actions.close(place.installation, by=request.user)
        messages.success(request, _("Your practice installation is closed."))
        return done(request, then=reverse("installations:home", args=[slug]))
    return show(request, CLOSE, {"slug": slug, "place": place})


# --- the way in


@pass_body_on
def inside(request: Request, pk: UUID, page: str = "") -> HttpResponseBase:
    """Pass the request on to the installation, as one's own account there."""
    found = find_installation(request, pk)
    place = get_own_place(request, found)
    actions.note_visit(found)
    passed = pass_in(request, found, account=place.account, page=page)
    return passed or show_start(request, place, request.path)


def show_start(request: Request, place: PracticePlace, then: str) -> HttpResponse:
    """Show how far it is built, on a page that asks again by itself."""
    # 503, so that no part of a page is replaced by it, and no form is lost.
    whole = request.method == "GET" and not asks_for_part(request)
    status = 200 if whole else 503
    return show(request, STARTS, describe_start(place, then), status=status)


def describe_start(place: PracticePlace, then: str) -> dict[str, object]:
    return describe_progress(place.installation.folder) | {
        "place": place,
        "slug": place.enrolment.version.course.slug,
        "then": then,
    }


@require_GET
def lead_out(request: Request, pk: UUID) -> HttpResponse:
    """Lead from the pages inside back to the installation's page in the course."""
    place = get_own_place(request, find_installation(request, pk))
    return redirect("installations:home", place.enrolment.version.course.slug)


@require_GET
def progress(request: Request, pk: UUID) -> HttpResponse:
    """Show how far it is, and lead on once its process answers."""
    found = find_installation(request, pk)
    place = get_own_place(request, found)
    then = choose_next(place, request.GET.get("then", ""))
    if processes.ensure_running(found):
        return HttpResponseClientRedirect(then)
    return show(request, STARTS, describe_start(place, then), part="starting")


def choose_next(place: PracticePlace, wanted: str) -> str:
    """Choose where it leads on: to a page of it or of its course's work, and to no
    other."""
    slug = place.enrolment.version.course.slug
    known = (
        f"{place.installation.prefix}/",
        reverse("installations:home", args=[slug]),
    )
    return (
        wanted
        if wanted.startswith(known)
        else work_checking.build_inside_url(place, "")
    )


# --- handing in


class PageForm(forms.Form):
    words = forms.CharField(
        label=gettext_lazy("The page that comes with it"),
        help_text=gettext_lazy("Write so that no one can be identified."),
        widget=forms.Textarea(attrs={"rows": 12}),
        max_length=MOST_WORDS,
        required=False,
    )


def find_assignment(place: PracticePlace, code: str) -> ShownAssignment:
    course = load_content(place.enrolment.version)
    module = course.module(code)
    found = pages.build_assignment(course, module) if module else None
    if found is None or not found.in_practice:
        raise NotAccessible(learn, Enrolment, {"assignment": code})
    return found


@require_http_methods(["GET", "POST"])
@answer_unless_done
def hand_in(request: Request, slug: str, code: str) -> HttpResponse:
    """Check what was made for a module, and hand it in as what it is."""
    place = find_place(request, slug)
    assignment = find_assignment(place, code)
    form = PageForm(posted(request))
    words = form.cleaned_data["words"] if form.is_valid() else ""
    try:
        # Before the transaction begins: no one could write while it is taken out and
        # read.
        content = work_checking.take_out(request, place, code)
    except relay.Busy as error:
        raise Refused(str(place.installation.sandbox_kind.is_busy)) from error
    except relay.NotAnswering as error:
        answers = processes.ensure_running(place.installation)
        # What was written is shown again; nothing is lost by a page that starts.
        if request.method == "POST":
            return show_page_again(request, form, assignment, slug, code)
        if answers:  # it runs, and something in it is wrong: to wait would not help
            raise Refused(
                _("What you made can’t be taken out right now. Try again in a minute.")
            ) from error
        return show_start(request, place, request.path)
    checked = work_checking.check(place, code, content, words, by=request.user.pk)
    if form.is_bound and form.is_valid() and "hand_in" in request.POST:
        return keep(request, place, code, checked, words)
    context = {
        "form": form,
        "assignment": assignment,
        "slug": slug,
        "panel": {"checks": sections.list_results(checked.results)},
        "is_met": checked.is_met,
        "back": reverse("courses:assignment", args=[slug, code]),
    }
    return show(request, HAND_IN, context, status=422 if form.errors else 200)


def show_page_again(
    request: Request, form: PageForm, assignment: ShownAssignment, slug: str, code: str
) -> HttpResponse:
    """Show what was written once more, where the installation has to start first: it
    ends after half an hour without a visit, and a page takes as long to write."""
    messages.warning(
        request,
        _("What you made can’t be taken out yet. Your words are here: check again."),
    )
    context = {
        "form": form,
        "assignment": assignment,
        "slug": slug,
        "panel": {"checks": ()},
        "is_met": True,
        "back": reverse("courses:assignment", args=[slug, code]),
    }
    return show(request, HAND_IN, context, status=503)


@apply_once
def keep(
    request: Request, place: PracticePlace, code: str, checked: CheckedWork, words: str
) -> HttpResponse:
    work = handing_in.submit_made_work(place, code, checked, words, by=request.user)
    messages.success(request, _("Your work is handed in."))
    return done(request, then=reverse("assessment:work", args=[work.pk]))
