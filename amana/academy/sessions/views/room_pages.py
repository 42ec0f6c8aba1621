"""The room as a participant sees it. Every button is an ordinary form; a script only
spares the reload."""

from collections.abc import Callable
from uuid import UUID

from django.http import (
    HttpResponse,
    HttpResponseBase,
    QueryDict,
)
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import (
    require_GET,
    require_http_methods,
    require_POST,
)

from amana.academy.sessions import actions, session_feedback, session_kit
from amana.academy.sessions.actions.kit_acts import is_feedback_open
from amana.academy.sessions.engine.room_state import ALL
from amana.academy.sessions.forms import NoteForm
from amana.academy.sessions.models import Captions, Session
from amana.academy.sessions.plans import count_options
from amana.academy.sessions.rooms import get_room
from amana.academy.sessions.rules import attend_session, lead_session, see_session
from amana.academy.sessions.session_page import ShownSession
from amana.academy.sessions.stream import ROOMS, build_message
from amana.academy.sessions.views.finding import seat_of, seen
from amana.errors import Changed, Refused
from amana.trust.access.http import Request, posted
from amana.trust.access.models import User
from amana.trust.access.rules import NotAccessible
from amana.ui.http import done, show
from amana.ui.once import apply_once, read_key
from amana.ui.permissions import allow_device
from amana.ui.streams import open_stream
from amana.ui.typed import parse_small_int

ROOM, NOTE = "sessions/room.html", "sessions/note.html"
SLIDE, FEEDBACK = "sessions/slide.html", "sessions/feedback.html"


@require_GET
@allow_device("camera", "microphone", "autoplay")  # a call from browser to browser
def room(request: Request, pk: UUID) -> HttpResponse:
    found = seen(request, pk)
    if not attend_session.permits(request.user, found):
        return done(request, then=reverse("sessions:lead", args=[pk]))
    now, seat = get_room(found.pk), seat_of(request, found)
    inside = seat is not None and seat.present and now.is_open
    shown = ShownSession(found, now, seat)
    context = {"session": found, "shown": shown, "inside": inside, "room": now}
    if inside:
        context |= {"notes": list_readable_notes(found, shown), "steps": shown.steps}
    return show(request, ROOM, context, part="notes")


def list_readable_notes(
    session: Session, shown: ShownSession
) -> list[dict[str, object]]:
    """List what a person may read: everyone's notes, their own group's, and what groups
    show.
    """
    boards = {ALL: _("Everyone’s notes")}
    for group in shown.groups:
        if group.mine or group.reported:
            boards[group.board] = _("Group %(number)s") % {"number": group.number}
    newest = session.notes.newest_of_each(boards)
    own = shown.own_group
    return [
        {
            "board": board,
            "title": title,
            "note": newest.get(board),
            "writes": board == ALL or (own is not None and own.board == board),
            "reported": board in shown.room.reports,
        }
        for board, title in boards.items()
    ]


@require_GET
def slide(request: Request, pk: UUID) -> HttpResponse:
    """Show the slide that everyone sees now, for the page to put in place; to those who
    are in the room."""
    request.by_itself = True  # type: ignore[attr-defined]
    found = seen(request, pk)
    now, seat = get_room(found.pk), seat_of(request, found)
    # Who has left no longer takes part, and a closed room shows nothing.
    inside = seat is not None and seat.present and now.is_open
    if not inside and not lead_session.permits(request.user, found):
        raise NotAccessible(see_session, Session, {"pk": str(pk)})
    context = {"session": found, "slide": session_kit.find_slide(found, now.slide)}
    return show(request, SLIDE, context)


@require_http_methods(["GET", "POST"])
@apply_once
def feedback(request: Request, pk: UUID) -> HttpResponse:
    """Ask what people think of the session; only counts are kept."""
    found = seen(request, pk)
    piece, now = session_feedback.find_feedback(found), get_room(found.pk)
    if piece is None or not attend_session.permits(request.user, found):
        raise NotAccessible(attend_session, Session, {"pk": str(pk)})
    form = session_feedback.FeedbackForm(piece, posted(request))
    if form.is_valid():
        actions.give_feedback(found, form.choices, by=request.user)
        return done(request, then=f"{reverse('sessions:feedback', args=[pk])}?done=1")
    context = {
        "session": found,
        "piece": piece,
        "form": form,
        "open": is_feedback_open(found, now) and not has_given(found, request.user),
        "done": has_given(found, request.user) or "done" in request.GET,
    }
    return show(request, FEEDBACK, context, status=422 if form.is_bound else 200)


def has_given(session: Session, person: User) -> bool:
    return session.feedback_given.filter(person=person).exists()


@require_POST
@apply_once
def enter(request: Request, pk: UUID) -> HttpResponse:
    actions.enter_room(seen(request, pk), by=request.user)
    return done(request, then=reverse("sessions:room", args=[pk]))


@require_POST
def here(request: Request, pk: UUID) -> HttpResponse:
    """Record that the page is open, each minute by itself; it reports whether the
    person was active.
    """
    # A page that reports by itself must not keep an idle session unlocked.
    request.by_itself = not request.POST.get("moved")  # type: ignore[attr-defined]
    actions.record_presence(seen(request, pk), by=request.user)
    return HttpResponse(status=204)


@require_GET
def stream(request: Request, pk: UUID) -> HttpResponseBase:
    """Send what the page has missed; where the server can, the answer continues with
    what comes.
    """
    request.by_itself = True  # type: ignore[attr-defined]
    found = seen(request, pk)
    # The browser's own header, on a connection that was cut, is newer than the page's.
    said = request.headers.get("Last-Event-ID", request.GET.get("since", ""))
    since = parse_small_int(said) or 0
    now = get_room(found.pk)
    missed = build_message(now, count_options(found), since)
    return open_stream(ROOMS, str(found.pk), str(now.number), missed)


type Say = Callable[[Session, QueryDict, User, UUID], None]


def send_answer(session: Session, said: QueryDict, by: User, id: UUID) -> None:
    choice = parse_small_int(said.get("choice", ""))
    if choice is None:
        raise Refused(_("Choose one of the answers."))
    actions.answer_poll(session, said.get("poll", ""), choice, by=by, id=id)


def send_hand(session: Session, said: QueryDict, by: User, id: UUID) -> None:
    actions.raise_hand(session, said.get("up") == "1", by=by, id=id)


def send_pace(session: Session, said: QueryDict, by: User, id: UUID) -> None:
    actions.signal_pace(session, said.get("pace", ""), by=by, id=id)


def send_ticket(session: Session, said: QueryDict, by: User, id: UUID) -> None:
    actions.submit_ticket(session, said.get("text", ""), by=by, id=id)


def send_leave(session: Session, said: QueryDict, by: User, id: UUID) -> None:
    actions.leave(session, by=by)


SAYS: dict[str, Say] = {
    "answer": send_answer,
    "hand": send_hand,
    "pace": send_pace,
    "ticket": send_ticket,
    "leave": send_leave,
}


@require_POST
def say(request: Request, pk: UUID, kind: str) -> HttpResponse:
    """Record what a participant sends. The form's key is the event's id: sent twice, it
    is there once.
    """
    found = seen(request, pk)
    if kind not in SAYS:
        raise NotAccessible(see_session, Session, {"kind": kind})
    SAYS[kind](found, request.POST, request.user, read_key(request))
    return done(request, then=reverse("sessions:room", args=[pk]))


@require_http_methods(["GET", "POST"])
@apply_once
def note(request: Request, pk: UUID, part: str) -> HttpResponse:
    """Show one text for all who write it. The second to save sees both, and saves
    again.
    """
    found = seen(request, pk)
    shown = ShownSession(found, get_room(found.pk), seat_of(request, found))
    may = lead_session.permits(request.user, found) or part in {
        str(note["board"]) for note in list_readable_notes(found, shown)
    }
    if not may:
        raise NotAccessible(see_session, Session, {"part": part})
    theirs, status = None, 200
    form = NoteForm(posted(request), initial=get_current_note(found, part))
    if request.method == "POST" and form.is_valid():
        text, read = form.cleaned_data["text"], form.cleaned_data["seen"]
        try:
            actions.write_note(found, part, text, seen=read, by=request.user)
        except Changed:
            theirs, status = found.notes.filter(board=part).newest(), 409
            again = {"text": text, "seen": theirs.version if theirs else 0}
            form = NoteForm(initial=again)
        else:
            return done(request, then=reverse("sessions:room", args=[pk]))
    context = {"session": found, "shown": shown, "form": form, "theirs": theirs}
    return show(request, NOTE, context | {"part": part}, status=status)


def get_current_note(session: Session, board: str) -> dict[str, object]:
    newest = session.notes.filter(board=board).newest()
    return {
        "text": newest.text if newest else "",
        "seen": newest.version if newest else 0,
    }


@require_POST
@apply_once
def report(request: Request, pk: UUID, part: str) -> HttpResponse:
    """Show a group's notes to everyone."""
    actions.report_back(seen(request, pk), part, by=request.user, id=read_key(request))
    return done(request, then=reverse("sessions:room", args=[pk]))


@require_GET
def captions(request: Request, pk: UUID, language: str) -> HttpResponse:
    found = seen(request, pk).captions.filter(language=language).first()
    if found is None:
        raise NotAccessible(see_session, Captions, {"language": language})
    return HttpResponse(found.text, content_type="text/vtt; charset=utf-8")
