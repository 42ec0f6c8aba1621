"""Who came: the code at the door, and the list that was signed on paper."""

from uuid import UUID, uuid5

import segno
from django.conf import settings
from django.http import HttpResponse, QueryDict
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods

from amana.academy.sessions import actions, attendance, doors
from amana.academy.sessions.forms import RoomCodeForm
from amana.academy.sessions.session_page import ShownSession
from amana.academy.sessions.views.finding import led, seen
from amana.errors import Refused
from amana.trust.access.http import Request, posted, within_limit
from amana.ui.http import done, show
from amana.ui.once import apply_once, read_key
from amana.ui.typed import parse_small_int

ATTENDANCE, DOOR, ARRIVE = (
    "sessions/attendance.html",
    "sessions/door.html",
    "sessions/arrive.html",
)


@require_http_methods(["GET", "POST"])
@apply_once
def attendance_page(request: Request, pk: UUID) -> HttpResponse:
    found = led(request, pk)
    came = attendance.list_attendance(found)
    if request.method == "POST":
        for line in came:
            # What is on the list already isn't added again each time that the page is
            # saved.
            typed = parse_minutes(request.POST, line)
            if typed is not None and typed != line.listed:
                key = uuid5(read_key(request), str(line.person.pk))
                actions.list_on_paper(
                    found, line.person, typed, by=request.user, id=key
                )
        return done(request, then=reverse("sessions:attendance", args=[pk]))
    context = {"session": found, "shown": ShownSession(found), "came": came}
    return show(request, ATTENDANCE, context)


def parse_minutes(said: QueryDict, one: attendance.AttendanceRecord) -> int | None:
    """Parse what was typed on this person's line; None if nothing was. Raises
    `Refused`.
    """
    text = said.get(f"minutes-{one.person.pk}", "").strip()
    if not text:
        return None
    typed = parse_small_int(text)
    if typed is None:
        raise Refused(_("Type a whole number."))
    return typed


@require_GET
def door(request: Request, pk: UUID) -> HttpResponse:
    """Show the code on a screen where people come in; new each minute."""
    found = led(request, pk)
    context = {
        "session": found,
        "shown": ShownSession(found),
        "pin": doors.compute_pin(found),
        # A second later than the code changes, or the old one would be shown once more.
        "again": doors.count_seconds_left() + 1,
    }
    return show(request, DOOR, context, part="code")


@require_GET
def square(request: Request, pk: UUID) -> HttpResponse:
    """Draw what a telephone reads: the address of the page below, with the code."""
    found = led(request, pk)
    page = reverse("sessions:arrive", args=[pk])
    address = f"{settings.ADDRESS}{page}?code={doors.compute_token(found)}"
    drawn = segno.make(address, error="m", micro=False)
    drawing = drawn.svg_inline(scale=8, border=4, light="#fff", dark="#000")
    drawing = drawing.replace("<svg ", '<svg xmlns="http://www.w3.org/2000/svg" ', 1)
    return HttpResponse(drawing, content_type="image/svg+xml")


@require_http_methods(["GET", "POST"])
def arrive(request: Request, pk: UUID) -> HttpResponse:
    found = seen(request, pk)
    form = RoomCodeForm(posted(request), initial={"code": request.GET.get("code", "")})
    if request.method == "POST" and form.is_valid():
        # A program can try all codes of six digits within a short time.
        if not within_limit(request, "arrive", user=request.user):
            raise Refused(_("Too many tries. Wait a minute."))
        actions.arrive(found, form.cleaned_data["code"], by=request.user)
        return done(request, then=reverse("sessions:session", args=[pk]))
    context = {
        "session": found,
        "shown": ShownSession(found),
        "form": form,
        "scanned": "code" in request.GET,
    }
    return show(request, ARRIVE, context, status=422 if form.is_bound else 200)
