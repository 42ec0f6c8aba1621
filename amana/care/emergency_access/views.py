"""Pages: opening a case that is not one's own in an emergency, and its review."""

from datetime import timedelta

from django.http import HttpResponse
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods

from amana.care.cases.models import Case
from amana.care.cases.rules import see_case
from amana.care.emergency_access import actions
from amana.care.emergency_access.forms import OpenForm, ReviewForm
from amana.care.emergency_access.models import LASTS, EmergencyAccess
from amana.care.emergency_access.rules import (
    ANSWERING,
    open_in_emergency,
    review_emergency_access,
    see_emergency_access,
)
from amana.trust.access.http import Request, posted, slow_down
from amana.trust.access.models import KEYHOLDERS
from amana.trust.access.rules import NotAmong, holds
from amana.trust.vault.http import recently_unlocked
from amana.ui.http import done, show, written
from amana.ui.once import once
from amana.ui.paging import page

OPEN = "emergency_access/open.html"


@require_GET
def accesses(request: Request) -> HttpResponse:
    """Show all accesses that the person answers for, the newest first."""
    if not holds(request.user, ANSWERING):
        raise NotAmong(see_emergency_access, EmergencyAccess, {})
    every = EmergencyAccess.objects.for_list()
    seen = see_emergency_access.among(every, request.user)
    shown = page(seen, request, key=("-opened_at", "-pk"))
    return show(request, "emergency_access/list.html", {"accesses": shown})


@recently_unlocked
@require_http_methods(["GET", "POST"])
def open_case(request: Request) -> HttpResponse:
    if not holds(request.user, KEYHOLDERS):
        raise NotAmong(open_in_emergency, Case, {})
    # References are short, and could be tried one after another.
    if request.method == "POST":  # outside the transaction: what failed counts too
        slow_down(request, "reference")
    return _open(request)


@once
def _open(request: Request) -> HttpResponse:
    form = OpenForm(posted(request))
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
        "answers": holds(request.user, ANSWERING),
        "sees_case": see_case.permits(request.user, found.case),
    }
    return show(request, "emergency_access/access.html", context)


@require_http_methods(["GET", "POST"])
@once
def review(request: Request, pk: int) -> HttpResponse:
    every = EmergencyAccess.objects.all()
    found = review_emergency_access.find(every, request.user, pk=pk)
    return written(
        request,
        "emergency_access/review.html",
        ReviewForm(posted(request)),
        lambda said: actions.review(found, **said, by=request.user),
        title=_("Review an emergency access"),
        back=reverse("emergency_access:access", args=[found.pk]),
    )
