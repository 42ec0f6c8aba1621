"""Sessions for one's own calendar program."""

from uuid import UUID

from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse
from django.utils import translation
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_POST

from amana.academy.sessions import actions, calendars
from amana.academy.sessions.models import CalendarKey
from amana.academy.sessions.rules import see_session
from amana.academy.sessions.views.finding import seen
from amana.trust.access.http import Request, within_limit
from amana.trust.access.rules import NotAccessible
from amana.ui.http import done, send_file
from amana.ui.once import apply_once

CALENDAR = "text/calendar"


@login_not_required
@never_cache
@require_GET
def feed(request: HttpRequest, key: UUID) -> HttpResponse:
    """Give the calendar to any program that has the address: course and place. A new
    address ends the old one.
    """
    # A calendar program signs in nowhere: the address is the key, and must not be
    # guessed.
    if not within_limit(request, "calendar"):
        return HttpResponse(status=429)
    keys = CalendarKey.objects.select_related("person")
    found = keys.filter(key=key, person__is_active=True).first()
    if found is None:
        raise NotAccessible(see_session, CalendarKey, {})
    with translation.override(found.person.language):
        return send_file(calendars.build_feed(found.person), CALENDAR, "academy.ics")


@require_POST
@apply_once
def renew(request: Request) -> HttpResponse:
    actions.renew_calendar(by=request.user)
    return done(request, then="sessions:mine")


@require_GET
def invitation(request: Request, pk: UUID) -> HttpResponse:
    """Give the one entry, to people whose calendar follows no address."""
    found = calendars.build_invitation(seen(request, pk), request.user)
    return send_file(found, CALENDAR, "session.ics")
