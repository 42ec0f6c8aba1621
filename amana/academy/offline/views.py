"""Learning without a network: what is kept, what is sent, what is brought."""

from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.exceptions import BadRequest
from django.http import HttpResponse, JsonResponse
from django.middleware.csrf import get_token
from django.urls import reverse
from django.utils.crypto import salted_hmac
from django.utils.csp import CSP
from django.utils.translation import gettext as _
from django.views.decorators.csp import csp_override
from django.views.decorators.http import (
    require_GET,
    require_http_methods,
    require_POST,
)

from amana.academy.courses import actions as learning
from amana.academy.courses import pages
from amana.academy.courses.content import load_content
from amana.academy.courses.engine.course_content import Module
from amana.academy.courses.models import Attempt, Enrolment
from amana.academy.courses.retakes import load_retakes
from amana.academy.courses.rules import learn, take_test
from amana.academy.courses.views import (
    build_module_context,
    find_enrolment,
    get_lesson,
    get_module,
)
from amana.academy.offline import actions, stick
from amana.academy.offline.books import Book, render_page
from amana.academy.offline.forms import ProgressForm
from amana.academy.offline.page_shelves import DeviceShelf
from amana.language_folders import list_complete_languages
from amana.trust.access.http import Request, posted
from amana.trust.access.rules import NotAccessible
from amana.ui.http import read_json, send_file, show
from amana.ui.languages import choose_complete_language

WORKER = Path(__file__).parent / "worker.js"
KEEP, BRING = "offline/keep.html", "offline/bring.html"
LARGEST = 512 * 1024
ROOM = "amana/academy/offline"
LANGUAGES = list_complete_languages(ROOM)
"""Those in which a module can be kept: its pages are texts of this room."""

MAY_KEEP: dict[str, Any] = {**settings.SECURE_CSP, "worker-src": [CSP.SELF]}
"""Only the page on which a learner chooses to keep a module may start the worker."""


# --- the pages that are kept: the same for every learner of this version


def book_of(request: Request, pk: int, language: str) -> Book:
    enrolments = learn.among(Enrolment.objects.for_page(), request.user)
    enrolment = enrolments.filter(version=pk).first()
    if enrolment is None or language not in LANGUAGES:
        raise NotAccessible(learn, Enrolment, {"version": pk})
    course = load_content(enrolment.version)
    return Book(
        course,
        enrolment.version.sha256,
        language,
        DeviceShelf(pk, language, course.slug),
    )


@require_GET
def module(request: Request, pk: int, language: str, code: str) -> HttpResponse:
    book = book_of(request, pk, language)
    found = get_module(book.course, code)
    has_test = find_begun(request, pk, found) is not None
    return HttpResponse(book.module_page(found, has_test=has_test))


@require_GET
def lesson(
    request: Request, pk: int, language: str, code: str, part: str
) -> HttpResponse:
    book = book_of(request, pk, language)
    found = get_module(book.course, code)
    return HttpResponse(book.lesson_page(found, get_lesson(found, part)))


@require_GET
def test(request: Request, pk: int, language: str, code: str) -> HttpResponse:
    book = book_of(request, pk, language)
    found = get_module(book.course, code)
    begun = find_begun(request, pk, found)
    if begun is None:
        raise NotAccessible(learn, Enrolment, {"test": code})
    drawn = learning.list_question_ids(begun)
    return HttpResponse(book.test_page(found, drawn, seed=str(begun.seed)))


def find_begun(request: Request, pk: int, module: Module) -> Attempt | None:
    """Find one's own open attempt at a test whose questions may be kept on a device
    (ADR 14)."""
    if module.test.online_only:
        return None
    begun = take_test.among(Attempt.objects.open(), request.user)
    begun = begun.filter(enrolment__version=pk, module=module.code)
    return begun.select_related("enrolment__version").first()


@require_GET
def kept(request: Request) -> HttpResponse:
    """Show what this device keeps: the browser knows it, and we don't."""
    language = choose_complete_language(ROOM)
    page = render_page(
        "kept",
        language,
        DeviceShelf(0, language, ""),
        title=_("Modules on this device"),
        academy=reverse("courses:home"),
    )
    return HttpResponse(page)


@require_GET
def worker(request: Request) -> HttpResponse:
    response = HttpResponse(
        WORKER.read_text(), content_type="text/javascript; charset=utf-8"
    )
    response.headers["Cache-Control"] = "no-cache"
    return response


# --- keeping


@csp_override(MAY_KEEP)
@require_GET
def keep(request: Request, slug: str, code: str) -> HttpResponse:
    enrolment = find_enrolment(request, slug)
    content = load_content(enrolment.version)
    found = get_module(content, code)
    language = choose_complete_language(ROOM)
    device = DeviceShelf(enrolment.version_id, language, slug)
    context = build_module_context(content, found) | {
        "title": pages.format_text(content, found.title),
        "sha256": enrolment.version.sha256,
        "language": language,
        "owner": owner_of(request),
        "url": device.module(code),
        "list": reverse("offline:list", args=[enrolment.version_id, language, code]),
        "attempt": reverse("offline:attempt", args=[slug, code]),
    }
    return show(request, KEEP, context)


@require_GET
def listed(request: Request, pk: int, language: str, code: str) -> HttpResponse:
    """List what has to be kept so that a module works without a network."""
    book = book_of(request, pk, language)
    found = get_module(book.course, code)
    shelf = book.shelf
    home = [shelf.home, *shelf.styles, *shelf.scripts]
    has_test = find_begun(request, pk, found) is not None
    addresses = list_addresses(book, found, has_test=has_test)
    return JsonResponse({"home": home, "pages": addresses})


def list_addresses(book: Book, module: Module, *, has_test: bool) -> list[str]:
    shelf = book.shelf
    pages_ = [shelf.module(module.code)]
    pages_ += [shelf.lesson(module.code, lesson.part) for lesson in module.lessons]
    if has_test:
        pages_.append(shelf.test(module.code))
    figures = [shelf.figure(module.code, name) for name in module.figures]
    return [*pages_, *figures, *shelf.styles]


@require_POST
def attempt(request: Request, slug: str, code: str) -> HttpResponse:
    """Begin a test there; send who keeps the module, and which questions they
    answer."""
    enrolment = find_enrolment(request, slug)
    found = get_module(load_content(enrolment.version), code)
    told: dict[str, object] = {"owner": owner_of(request)}
    if not found.test.online_only and may_begin(enrolment, code):
        begun = learning.begin_test(enrolment, code, by=request.user)
        told |= {"attempt": begun.pk, "drawn": learning.list_question_ids(begun)}
    return JsonResponse(told)


def may_begin(enrolment: Enrolment, code: str) -> bool:
    """Check whether the test is open, or can be begun: else the module is kept without
    it."""
    # An attempt that is open counts already, so it may be continued on any device.
    is_open = enrolment.attempts.open().filter(module=code).exists()
    return is_open or load_retakes(enrolment, code).is_open


def owner_of(request: Request) -> str:
    """Compute what distinguishes people of one device, and shows nothing else of
    them."""
    # With the server's secret: who finds the device can't try which user it is.
    made = salted_hmac(
        "amana.academy.offline", str(request.user.pk), algorithm="sha256"
    )
    return made.hexdigest()[:20]


# --- sending and bringing


@require_GET
def enter(request: Request) -> HttpResponse:
    """Send who is signed in, for a page that was kept before."""
    return JsonResponse({"owner": owner_of(request), "token": get_token(request)})


@require_POST
def told(request: Request) -> HttpResponse:
    """Record what a device sends; answer for each thing: taken, known before, or
    refused and why."""
    sent = read_json(request, at_most=LARGEST)
    try:
        version, events = str(sent["version"]), list(sent["events"])
    except (ValueError, KeyError, TypeError) as error:
        raise BadRequest("This is no list of what was learned.") from error
    if len(events) > actions.MOST:
        raise BadRequest("More at once than this takes.")
    results = actions.record_all(version, events, by=request.user)
    return JsonResponse(
        {"results": [{"id": r.id, "state": r.state, "why": r.why} for r in results]}
    )


@require_http_methods(["GET", "POST"])
def bring(request: Request) -> HttpResponse:
    """Record a file from a stick: each thing in it counts once, however often it
    comes."""
    form = ProgressForm(posted(request), request.FILES or None)
    context: dict[str, object] = {"form": form}
    if request.method == "GET":
        return show(request, BRING, context)
    if not form.is_valid():
        return show(request, BRING, context, status=422)
    results = [
        result
        for version, events in form.cleaned_data["file"]
        for result in actions.record_all(version, events, by=request.user)
    ]
    counted = {
        state: sum(result.state == state for result in results)
        for state in ("taken", "known", "refused")
    }
    reasons = sorted({result.why for result in results if result.why})
    return show(request, BRING, context | {"counted": counted, "reasons": reasons})


@require_GET
def bundle(request: Request, slug: str) -> HttpResponse:
    """Send the course as a zip for a stick, in the language of the page."""
    enrolment = find_enrolment(request, slug)
    content = load_content(enrolment.version)
    zipped = stick.write_zip(
        content, enrolment.version.sha256, choose_complete_language(ROOM)
    )
    return send_file(zipped, "application/zip", f"{slug}.zip")
