"""Public pages: which courses there are, when, and a person who answers.

What a visitor asks is in the body of a form, never in an address. Only the network
address of the visitor is kept, for an hour, to limit how often one can ask."""

from collections.abc import Callable
from functools import wraps

from django.conf import settings
from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.http import urlencode
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_GET, require_http_methods

from amana.academy.cohorts import actions, answers
from amana.academy.cohorts.catalogue import (
    CoursePage,
    find_course_page,
    list_offered_courses,
)
from amana.academy.cohorts.contact import read_contact
from amana.academy.cohorts.forms import ApplyForm, CourseQuestionForm, HelpForm
from amana.academy.cohorts.models import Application, Cohort
from amana.academy.cohorts.rules import see_public_cohort
from amana.academy.courses.models import Version
from amana.academy.courses.pages import get_page_language
from amana.errors import Refused
from amana.trust.access.http import posted, signed_in, within_limit
from amana.trust.access.rules import NotAccessible
from amana.ui.http import choose_shell, show
from amana.ui.once import apply_once

CATALOGUE, COURSE = "cohorts/catalogue.html", "cohorts/course.html"
ASK, APPLY, SENT = "cohorts/ask.html", "cohorts/apply.html", "cohorts/sent.html"
HELP = "cohorts/help.html"

type View = Callable[..., HttpResponse]


def limit_rate(limit: str) -> Callable[[View], View]:
    """Limit how often an address may post to a view. Goes outside the transaction of
    `apply_once`: what is rolled back was never counted."""

    def decorate(view: View) -> View:
        @wraps(view)
        def take(request: HttpRequest, *args: object, **kwargs: object) -> HttpResponse:
            asks = request.method == "POST"
            if asks and not within_limit(request, limit):
                raise Refused(_("Too many tries. Please wait before the next one."))
            return view(request, *args, **kwargs)

        return take

    return decorate


def around(request: HttpRequest) -> dict[str, object]:
    """Collect what each public page needs: its frame, and how to reach the academy."""
    return {
        "shell": choose_shell(request),
        "issuer": settings.ISSUER_NAME,
        "contact": read_contact(),
        "help_form": HelpForm(),
    }


@login_not_required
@require_GET
def catalogue(request: HttpRequest) -> HttpResponse:
    context = around(request) | {"courses": list_offered_courses()}
    return show(request, CATALOGUE, context)


@login_not_required
@require_GET
def course(request: HttpRequest, slug: str) -> HttpResponse:
    context = {"page": get_page(slug), "alone": find_way_alone(request, slug)}
    return show(request, COURSE, around(request) | context)


def find_way_alone(request: HttpRequest, slug: str) -> str:
    """Find where a person takes the course on their own; nothing where only those who
    have an account can."""
    page = reverse("courses:course", args=[slug])
    if signed_in(request) is not None:
        return page
    door = reverse("learners:door")
    return f"{door}?{urlencode({'next': page})}" if settings.OPEN_TO_LEARNERS else ""


def get_page(slug: str) -> CoursePage:
    found = find_course_page(slug)
    if found is None:
        raise NotAccessible(see_public_cohort, Version, {"course": slug})
    return found


@login_not_required
@never_cache
@limit_rate("enquiry")
@sensitive_post_parameters()
@require_http_methods(["GET", "POST"])
@apply_once
def ask(request: HttpRequest, slug: str = "") -> HttpResponse:
    """Ask a person; about one course, or about anything."""
    user, page = signed_in(request), get_page(slug) if slug else None
    form = CourseQuestionForm(user, posted(request))
    if form.is_valid():
        from_help = request.POST.get("from") == "help"
        actions.ask_academy(
            form.said,
            course=page.row if page else None,
            source=Application.Source.HELP if from_help else Application.Source.FORM,
            by=user,
        )
        return redirect("cohorts:sent")
    context = around(request) | {"form": form, "page": page}
    return show(request, ASK, context, status=422 if form.is_bound else 200)


@login_not_required
@never_cache
@limit_rate("enquiry")
@sensitive_post_parameters()
@require_http_methods(["GET", "POST"])
@apply_once
def apply(request: HttpRequest, pk: int) -> HttpResponse:
    """Apply for the dates of one cohort."""
    rows = Cohort.objects.public().for_list()
    cohort = rows.filter(pk=pk).first()
    if cohort is None:
        raise NotAccessible(see_public_cohort, Cohort, {"pk": pk})
    user = signed_in(request)
    form = ApplyForm(user, cohort, posted(request))
    if form.is_valid():
        actions.apply_for_cohort(cohort, form.said, by=user)
        # A visitor has no page of their own, and must not leave what they typed on the
        # screen of a shared device.
        return redirect("cohorts:mine" if user else "cohorts:sent")
    context = around(request) | {
        "form": form,
        "cohort": cohort,
        "page": get_page(cohort.version.course.slug),
    }
    return show(request, APPLY, context, status=422 if form.is_bound else 200)


@login_not_required
@require_GET
def sent(request: HttpRequest) -> HttpResponse:
    return show(request, SENT, around(request))


@login_not_required
@never_cache
@limit_rate("help")
@sensitive_post_parameters()
@require_http_methods(["GET", "POST"])
def assistance(request: HttpRequest) -> HttpResponse:
    """Answer from the manual and the lists of questions; otherwise offer to ask a
    person."""
    form = HelpForm(posted(request))
    # Posted, so it appears in no address, history or log; it is searched in this
    # process and not kept (ADR 15).
    asked = form.cleaned_data["question"].strip() if form.is_valid() else ""
    found = answers.list_answers(asked, get_page_language()) if asked else []
    context = around(request) | {
        "form": form,
        "asked": asked,
        "answers": found
        or ([] if asked else answers.list_usual_answers(get_page_language())),
        "person": CourseQuestionForm(signed_in(request), initial={"message": asked}),
    }
    return show(request, HELP, context, part="answers")
