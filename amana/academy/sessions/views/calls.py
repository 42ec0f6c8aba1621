"""Seeing each other: browser to browser in a small group, or at another service."""

from uuid import UUID

from django.http import HttpResponse, JsonResponse
from django.shortcuts import redirect
from django.views.decorators.http import require_GET, require_http_methods

from amana.academy.sessions import actions, bigbluebutton
from amana.academy.sessions.models import CallSignal, Session, VideoService
from amana.academy.sessions.rules import lead_session, see_session
from amana.academy.sessions.views.finding import seat_of, seen
from amana.trust.access.http import Request, within_limit
from amana.trust.access.rules import NotAccessible
from amana.ui.once import read_key
from amana.ui.typed import parse_small_int


@require_http_methods(["GET", "POST"])
def letters(request: Request, pk: UUID) -> HttpResponse:
    """Give one's own signals, after the one with that number; or send one to another
    person.
    """
    found = seen(request, pk)
    if request.method == "POST":
        if not within_limit(request, "letter"):
            return HttpResponse(status=429)
        to = parse_small_int(request.POST.get("to", "")) or 0
        text = request.POST.get("text", "")
        actions.send_signal(found, to, text, by=request.user, id=read_key(request))
        return HttpResponse(status=204)
    after = parse_small_int(request.GET.get("after", "")) or 0
    mine = CallSignal.objects.filter(to=seat_of(request, found), pk__gt=after)
    rows = mine.order_by("pk").values_list("pk", "sender__number", "text")
    return JsonResponse({"letters": list(rows)})


@require_GET
def video(request: Request, pk: UUID) -> HttpResponse:
    """Send the person, by their click, to the BigBlueButton of this installation, under
    their number.
    """
    found = seen(request, pk)
    if found.video != VideoService.BIGBLUEBUTTON or found.cancelled_at:
        raise NotAccessible(see_session, Session, {"video": found.video})
    leads, seat = lead_session.permits(request.user, found), seat_of(request, found)
    # Names stay here: the other service gets a participant's number only.
    called = request.user.name if leads else str(seat.number if seat else "–")
    return redirect(bigbluebutton.get_entry_address(found, called=called, leads=leads))
