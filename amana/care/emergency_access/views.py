"""Pages: opening a case that is not one's own in an emergency, and its review."""

from datetime import timedelta

from django.http import HttpResponse
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods

from amana.care.cases.models import Case
from amana.care.cases.rules import see_case
from amana.care.emergency_access import actions
from amana.care.emergency_access.forms import EmergencyAccessForm, EmergencyReviewForm
from amana.care.emergency_access.models import LASTS, EmergencyAccess
from amana.care.emergency_access.rules import (
    ANSWERING,
    open_in_emergency,
    review_emergency_access,
    see_emergency_access,
)
from amana.trust.access.http import Request, posted, slow_down
from amana.trust.access.models import KEYHOLDERS
from amana.trust.access.rules import NotAccessible, has_role
from amana.trust.vault.middleware import require_recent_unlock
from amana.ui.http import answer_form, done, show
from amana.ui.once import apply_once
from amana.ui.paging import find_page

OPEN = "emergency_access/open.html"


@require_GET
def accesses(request: Request) -> HttpResponse:
    """Show all accesses that the person answers for, the newest first."""
    if not has_role(request.user, ANSWERING):
        raise NotAccessible(see_emergency_access, EmergencyAccess, {})
    every = EmergencyAccess.objects.for_list()
    seen = see_emergency_access.among(every, request.user)
    shown = find_page(seen, request, key=("-opened_at", "-pk"))
    return show(request, "emergency_access/list.html", {"accesses": shown})


@require_recent_unlock
@require_http_methods(["GET", "POST"])
def open_case(request: Request) -> HttpResponse:
    if not has_role(request.user, KEYHOLDERS):
        raise NotAccessible(open_in_emergency, Case, {})
    # References are short, and could be tried one after another.
    if request.method == "POST":  # outside the transaction: what failed counts too
        slow_down(request, "reference")
    return _open(request)


@apply_once
def _open(request: Request) -> HttpResponse:
    form = EmergencyAccessForm(posted(request))
    if form.is_valid():
        opened = actions.open_case(**form.cleaned_data, by=request.user)
        if opened is not None:
            return done(request, then=reverse("cases:case", args=[opened.case_id]))
        form.add_error(
            "reference",
            _(
                "No case of your team with this reference can be opened this way. A "
                "restricted case opens only for the people named."
            ),
        )
    context = {"form": form, "hours": LASTS // timedelta(hours=1)}
    return show(request, OPEN, context, status=422 if form.errors else 200)


@require_GET
def access(request: Request, pk: int) -> HttpResponse:
    every = EmergencyAccess.objects.for_list()
    found = see_emergency_access.find(every, request.user, pk=pk)
    context = {
        "access": found,
        "reviews": review_emergency_access.permits(request.user, found),
        "answers": has_role(request.user, ANSWERING),
        "sees_case": see_case.permits(request.user, found.case),
    }
    return show(request, "emergency_access/access.html", context)


@require_http_methods(["GET", "POST"])
@apply_once
def review(request: Request, pk: int) -> HttpResponse:
    every = EmergencyAccess.objects.all()
    found = review_emergency_access.find(every, request.user, pk=pk)
    return answer_form(
        request,
        "emergency_access/review.html",
        EmergencyReviewForm(posted(request)),
        lambda said: actions.review_access(found, **said, by=request.user),
        title=_("Review an emergency access"),
        back=reverse("emergency_access:access", args=[found.pk]),
    )
