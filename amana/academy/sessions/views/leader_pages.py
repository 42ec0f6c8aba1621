"""The board of those who lead a session; here, and only here, seats have names."""

from collections.abc import Callable
from uuid import UUID

from django.http import HttpResponse, QueryDict
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import (
    require_GET,
    require_http_methods,
    require_POST,
)

from amana.academy.sessions import actions, attendance, session_feedback
from amana.academy.sessions.actions.kit_acts import SMALLEST_GROUP
from amana.academy.sessions.engine.room_state import ALL, RoomState
from amana.academy.sessions.forms import CaptionsForm
from amana.academy.sessions.models import Session
from amana.academy.sessions.rooms import get_room
from amana.academy.sessions.rules import lead_session
from amana.academy.sessions.session_page import ShownSession
from amana.academy.sessions.views.finding import led
from amana.errors import Refused
from amana.trust.access.http import Request, posted
from amana.trust.access.models import User
from amana.trust.access.rules import NotAccessible
from amana.ui.http import done, show
from amana.ui.once import apply_once, read_key
from amana.ui.typed import parse_small_int

LEAD, PACK, CAPTIONS = (
    "sessions/lead.html",
    "sessions/pack.html",
    "sessions/captions.html",
)


@require_GET
def lead(request: Request, pk: UUID) -> HttpResponse:
    found = led(request, pk)
    now = get_room(found.pk)
    shown = ShownSession(found, now)
    context = {
        "session": found,
        "shown": shown,
        "room": now,
        "steps": shown.steps,
        "current": next((step for step in shown.steps if step.current), None),
        "seats": list_seats(found, now),
        "notes": list_notes(found, shown),
        "tickets": [text for _seat, text in sorted(now.tickets.items())],
        "results": session_feedback.list_results(found, now),
        "smallest": SMALLEST_GROUP,
    }
    return show(request, LEAD, context, part="board")


def list_seats(session: Session, room: RoomState) -> list[dict[str, object]]:
    """List raised hands first, in the order in which they went up; then by number."""
    seats: list[dict[str, object]] = [
        {
            "number": seat.number,
            "name": seat.person.name,
            "present": seat.present,
            "hand": room.hands.get(seat.number),
            "active": seat.number in room.active,
            "group": room.group_of(seat.number),
        }
        for seat in session.seats.for_list()
    ]
    last = room.number + 1
    return sorted(seats, key=lambda one: (one["hand"] or last, one["number"]))


def list_notes(session: Session, shown: ShownSession) -> list[dict[str, object]]:
    boards = {ALL: _("Everyone’s notes")} | {
        group.board: _("Group %(number)s") % {"number": group.number}
        for group in shown.groups
    }
    newest = session.notes.newest_of_each(boards)
    return [
        {"board": board, "title": title, "note": newest.get(board)}
        for board, title in boards.items()
    ]


type Do = Callable[[Session, QueryDict, User, UUID], None]


def do_open(session: Session, said: QueryDict, by: User, id: UUID) -> None:
    actions.open_room(session, by=by, id=id)


def do_close(session: Session, said: QueryDict, by: User, id: UUID) -> None:
    actions.close_room(session, by=by, id=id)


def do_step(session: Session, said: QueryDict, by: User, id: UUID) -> None:
    actions.go_to_step(session, parse_whole_number(said, "place"), by=by, id=id)


def do_prolong(session: Session, said: QueryDict, by: User, id: UUID) -> None:
    actions.extend_step(session, parse_whole_number(said, "minutes"), by=by, id=id)


def do_ask(session: Session, said: QueryDict, by: User, id: UUID) -> None:
    actions.ask(session, said.get("poll", ""), by=by, id=id)


def do_stop(session: Session, said: QueryDict, by: User, id: UUID) -> None:
    actions.stop_asking(session, said.get("poll", ""), by=by, id=id)


def do_divide(session: Session, said: QueryDict, by: User, id: UUID) -> None:
    actions.divide(session, parse_whole_number(said, "size"), by=by, id=id)


def do_gather(session: Session, said: QueryDict, by: User, id: UUID) -> None:
    actions.gather(session, by=by, id=id)


def do_slide(session: Session, said: QueryDict, by: User, id: UUID) -> None:
    actions.show_slide(session, parse_whole_number(said, "number"), by=by, id=id)


def do_hand_out(session: Session, said: QueryDict, by: User, id: UUID) -> None:
    # What is no number becomes a group that there is not, and is refused as such.
    groups = [parse_small_int(number) or 0 for number in said.getlist("group")]
    actions.share_with_groups(session, said.get("part", ""), groups, by=by, id=id)


def do_feedback(session: Session, said: QueryDict, by: User, id: UUID) -> None:
    actions.open_feedback(session, by=by, id=id)


def do_end_feedback(session: Session, said: QueryDict, by: User, id: UUID) -> None:
    actions.close_feedback(session, by=by, id=id)


DOES: dict[str, Do] = {
    "open": do_open,
    "close": do_close,
    "step": do_step,
    "prolong": do_prolong,
    "ask": do_ask,
    "stop": do_stop,
    "divide": do_divide,
    "gather": do_gather,
    "slide": do_slide,
    "hand-out": do_hand_out,
    "feedback": do_feedback,
    "end-feedback": do_end_feedback,
}


def parse_whole_number(said: QueryDict, name: str) -> int:
    number = parse_small_int(said.get(name, ""))
    if number is None:
        raise Refused(_("Type a whole number."))
    return number


@require_POST
def do(request: Request, pk: UUID, kind: str) -> HttpResponse:
    found = led(request, pk)
    if kind not in DOES:
        raise NotAccessible(lead_session, Session, {"kind": kind})
    # The form's key is the event's id: what is sent twice happens once.
    DOES[kind](found, request.POST, request.user, read_key(request))
    # Back to the slides, else each would have to be looked for again.
    at = "#slides" if kind == "slide" else ""
    return done(request, then=reverse("sessions:lead", args=[pk]) + at)


@require_http_methods(["GET", "POST"])
@apply_once
def captions(request: Request, pk: UUID) -> HttpResponse:
    found = led(request, pk)
    form = CaptionsForm(posted(request), request.FILES or None)
    if request.method == "POST" and form.is_valid():
        language, file = form.cleaned_data["language"], form.cleaned_data["file"]
        blob = file.read()
        actions.add_captions(
            found, language, blob, by=request.user, id=read_key(request)
        )
        return done(request, then=reverse("sessions:session", args=[pk]))
    context = {"session": found, "form": form}
    return show(request, CAPTIONS, context, status=422 if form.is_bound else 200)


@require_GET
def pack(request: Request, pk: UUID) -> HttpResponse:
    """Show all that a facilitator needs to lead it without a screen."""
    found = led(request, pk)
    shown = ShownSession(found)
    context = {
        "session": found,
        "shown": shown,
        "steps": shown.steps,
        "polls": [shown.poll(poll) for poll in shown.plan.polls],
        "roster": attendance.list_participants(found),
        "blank": range(6),
    }
    return show(request, PACK, context)
