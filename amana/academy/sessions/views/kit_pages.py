"""The kits of a course's sessions: what to print, each piece on a page, and slides to
show. Participants reach only what the room has come to, and what is for everyone."""

from uuid import UUID

from django.http import HttpResponse
from django.urls import reverse
from django.views.decorators.http import require_GET

from amana.academy.courses import pages
from amana.academy.courses.content import load_content
from amana.academy.courses.models import Version
from amana.academy.sessions import kit_sheets, session_kit
from amana.academy.sessions.models import Session
from amana.academy.sessions.rooms import get_room
from amana.academy.sessions.rules import read_kit, see_session
from amana.academy.sessions.session_kit import ShownKit, ShownKitPiece
from amana.academy.sessions.session_page import ShownSession
from amana.academy.sessions.views.finding import seat_of, seen
from amana.printing import print_process
from amana.printing.document import Document
from amana.trust.access.http import Request
from amana.trust.access.rules import NotAccessible
from amana.ui.http import send_file, show

KITS, KIT, PIECE, SLIDES, HANDOUT = (
    "sessions/kits.html",
    "sessions/kit.html",
    "sessions/kit_piece.html",
    "sessions/slides.html",
    "sessions/handout.html",
)


def find_kit(request: Request, slug: str, number: int, code: str) -> ShownKit:
    versions = Version.objects.for_page()
    place = {"course__slug": slug, "number": number}
    version = read_kit.find(versions, request.user, **place)
    module = load_content(version).module(code)
    if module is None or not module.kit:
        raise NotAccessible(read_kit, Version, place | {"module": code})
    return ShownKit(version, module)


def get_piece(kit: ShownKit, part: str) -> ShownKitPiece:
    found = kit.piece(part)
    if found is None:
        raise NotAccessible(read_kit, Version, {"part": part})
    return found


@require_GET
def kits(request: Request, slug: str) -> HttpResponse:
    """Show which sessions of a course have a kit, in its latest version."""
    versions = Version.objects.for_page().newest_first()
    version = read_kit.find(versions, request.user, course__slug=slug)
    course = load_content(version)
    context = {
        "slug": slug,
        "course_title": pages.format_text(course, course.title),
        "kits": session_kit.list_kits(version),
    }
    return show(request, KITS, context)


@require_GET
def kit(request: Request, slug: str, number: int, code: str) -> HttpResponse:
    """Show what to print of a kit, and how many."""
    found = find_kit(request, slug, number, code)
    context = {"slug": slug, "kit": found, "pieces": found.pieces}
    return show(request, KIT, context)


@require_GET
def piece(
    request: Request, slug: str, number: int, code: str, part: str
) -> HttpResponse:
    """Show a piece of a kit, with the ones before and after it."""
    found = find_kit(request, slug, number, code)
    shown = get_piece(found, part)
    parts = [known.part for known in found.module.kit]
    at = parts.index(part)
    context = {
        "slug": slug,
        "kit": found,
        "shown": shown,
        "before": found.piece(parts[at - 1]) if at else None,
        "after": found.piece(parts[at + 1]) if at + 1 < len(parts) else None,
    }
    return show(request, PIECE, context)


@require_GET
def slides(
    request: Request, slug: str, number: int, code: str, part: str
) -> HttpResponse:
    """Show slides one by one, for a projector or a shared screen."""
    found = find_kit(request, slug, number, code)
    shown = get_piece(found, part)
    if not shown.is_slides:
        raise NotAccessible(read_kit, Version, {"slides": part})
    context = {
        "kit": found,
        "shown": shown,
        "back": reverse("sessions:kit_piece", args=[*found.place, part]),
    }
    return show(request, SLIDES, context)


@require_GET
def kit_pdf(
    request: Request, slug: str, number: int, code: str, language: str
) -> HttpResponse:
    """Send the whole kit as PDF."""
    found = find_kit(request, slug, number, code)
    require_language(language, [known.code for known in found.languages])
    return send_pdf(request, kit_sheets.build_kit(found, language), f"{code}-kit")


@require_GET
def piece_pdf(
    request: Request, slug: str, number: int, code: str, part: str, language: str
) -> HttpResponse:
    """Send one piece of a kit as PDF."""
    found = find_kit(request, slug, number, code)
    shown = get_piece(found, part)
    require_language(language, [known.code for known in shown.languages])
    document = kit_sheets.build_piece(found, shown, language)
    return send_pdf(request, document, f"{code}-{part}")


def require_language(language: str, known: list[str]) -> None:
    if language not in known:
        raise NotAccessible(read_kit, Version, {"language": language})


def send_pdf(request: Request, document: Document, name: str) -> HttpResponse:
    made = print_process.print_document(document, "pdf", by=request.user.pk)
    return send_file(made, "application/pdf", f"{name}-{document.language}.pdf")


@require_GET
def handout(request: Request, pk: UUID, part: str) -> HttpResponse:
    """Show those who take part what is for everyone at a step that was reached."""
    found = seen(request, pk)
    room = get_room(found.pk)
    shown = session_kit.find_handout(found, part, room.step)
    if shown is None:
        seat = seat_of(request, found)
        number = seat.number if seat else None
        shown = session_kit.find_handed_piece(found, part, room, number)
    if shown is None:
        raise NotAccessible(see_session, Session, {"part": part})
    context = {
        "session": found,
        "shown": shown,
        "session_title": ShownSession(found, room).title,
    }
    return show(request, HANDOUT, context)
