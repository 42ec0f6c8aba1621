"""Which sessions there are, for those who take part and those who plan them."""

from uuid import UUID

from django.db.models import Q
from django.http import HttpResponse
from django.urls import reverse
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from amana.academy.cohorts.models import Cohort
from amana.academy.sessions import actions
from amana.academy.sessions.forms import OwnPollForm, SessionForm
from amana.academy.sessions.models import WEEK, CalendarKey, Session
from amana.academy.sessions.rooms import get_room
from amana.academy.sessions.rules import (
    attend_session,
    lead_session,
    plan_session,
    see_session,
)
from amana.academy.sessions.session_page import ShownSession
from amana.academy.sessions.views.finding import led, seen
from amana.errors import Changed, Refused
from amana.trust.access.http import Request, posted
from amana.trust.access.models import User
from amana.ui.http import done, show
from amana.ui.lists import ListDefinition, ListSort, NumberedPart, build_parts_list
from amana.ui.meanwhile import show_both
from amana.ui.once import apply_once

MINE, SESSION = "sessions/mine.html", "sessions/session.html"
PLAN, CANCEL = "sessions/plan.html", "sessions/cancel.html"
POLLS = "sessions/polls.html"


def define_list(user: User) -> ListDefinition[object]:
    def led_this_week() -> Q:
        soon = Session.objects.coming_within(WEEK)
        return Q(pk__in=lead_session.among(soon, user).values("pk"))

    return build_parts_list(
        ListSort("next", gettext_lazy("Soonest first"), ("starts_at", "pk")),
        NumberedPart(
            "led", gettext_lazy("Led by you in the next 7 days"), led_this_week
        ),
    )


@require_GET
def mine(request: Request) -> HttpResponse:
    """Show one's own sessions, the next first, and the address for one's calendar."""
    wanted = define_list(request.user).read(request.GET, None, here=request.path)
    seen = see_session.among(Session.objects.for_page().upcoming(), request.user)
    found = seen.filter(wanted.where())
    running = Cohort.objects.for_list().standing().upcoming()
    context = {
        "wanted": wanted,
        "sessions": [ShownSession(session) for session in found],
        "cohorts": plan_session.among(running, request.user),
        "key": CalendarKey.objects.filter(person=request.user).first(),
    }
    return show(request, MINE, context)


@require_GET
def session(request: Request, pk: UUID) -> HttpResponse:
    """Show when and where, and the whole plan as text: the same tasks without the
    room.
    """
    found = seen(request, pk)
    context = {
        "session": found,
        "shown": ShownSession(found, get_room(found.pk)),
        "leads": lead_session.permits(request.user, found),
        "attends": attend_session.permits(request.user, found),
    }
    return show(request, SESSION, context)


@require_http_methods(["GET", "POST"])
@apply_once
def plan(request: Request, pk: int) -> HttpResponse:
    cohort = plan_session.find(Cohort.objects.for_list(), request.user, pk=pk)
    form = SessionForm(posted(request), cohort=cohort)
    if request.method == "POST" and form.is_valid():
        made = actions.plan(cohort, form.planned_module, by=request.user, **form.said)
        return done(request, then=reverse("sessions:session", args=[made.pk]))
    context = {"form": form, "cohort": cohort}
    return show(request, PLAN, context, status=422 if form.is_bound else 200)


@require_http_methods(["GET", "POST"])
@apply_once
def change(request: Request, pk: UUID) -> HttpResponse:
    found = led(request, pk)
    form = SessionForm(posted(request), cohort=found.cohort, instance=found)
    status = 422
    if request.method == "POST" and form.is_valid():
        said, seen_as = form.said, form.cleaned_data["seen"]
        try:
            actions.change(found, seen=seen_as, by=request.user, **said)
        # What was typed is shown next to what a colleague saved: no work is lost.
        except Changed as changed:
            stands = led(request, pk)
            now = SessionForm(cohort=stands.cohort, instance=stands)
            show_both(form, now, str(changed))
            status = 409
        except Refused as no:
            form.add_error(None, str(no))
        else:
            return done(request, then=reverse("sessions:session", args=[pk]))
    context = {"form": form, "cohort": found.cohort, "session": found}
    return show(request, PLAN, context, status=status if form.is_bound else 200)


@require_http_methods(["GET", "POST"])
@apply_once
def polls(request: Request, pk: UUID) -> HttpResponse:
    """Show the polls that were added to a session, and add one."""
    found = led(request, pk)
    form = OwnPollForm(posted(request))
    if form.is_valid():
        try:
            actions.add_poll(found, **form.cleaned_data, by=request.user)
        except Refused as reason:
            form.add_error("options", str(reason))
        else:
            return done(request, then=reverse("sessions:polls", args=[pk]))
    shown = ShownSession(found, get_room(found.pk))
    context = {"form": form, "session": found, "shown": shown}
    return show(request, POLLS, context, status=422 if form.is_bound else 200)


@require_POST
@apply_once
def remove_poll(request: Request, pk: UUID, code: str) -> HttpResponse:
    actions.remove_poll(led(request, pk), code, by=request.user)
    return done(request, then=reverse("sessions:polls", args=[pk]))


@require_http_methods(["GET", "POST"])
@apply_once
def cancel(request: Request, pk: UUID) -> HttpResponse:
    found = led(request, pk)
    if request.method == "POST":
        actions.cancel(found, by=request.user)
        return done(request, then=reverse("sessions:session", args=[pk]))
    return show(request, CANCEL, {"session": found, "shown": ShownSession(found)})
