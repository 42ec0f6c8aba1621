"""An offline pack: chosen, sealed on the device, read there without a network."""

import json
from typing import Any
from uuid import UUID

from django.conf import settings
from django.contrib.auth.decorators import login_not_required
from django.core.exceptions import BadRequest
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.template.loader import render_to_string
from django.utils.csp import CSP
from django.utils.html import json_script
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.csp import csp_override
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from amana.care.cases.models import Case
from amana.care.cases.rules import work_on_case
from amana.care.cases.views import case_lists
from amana.care.cases.views.case import load_overview, open_case
from amana.care.meetings.views import WORKER, compress_page
from amana.care.packs import actions, content, pack_exports
from amana.care.packs.models import HOURS, MOST_CASES, OfflinePack
from amana.care.packs.rules import READERS, revoke_pack, see_pack
from amana.trust.access import sessions
from amana.trust.access.http import Request, slow_down, within_limit
from amana.trust.access.models import KEYHOLDERS
from amana.trust.access.rules import NotAccessible, has_role
from amana.trust.exports import views as exports
from amana.trust.exports.models import Export
from amana.trust.exports.rules import take_export
from amana.trust.vault.keys import get_keyring
from amana.ui import languages
from amana.ui.http import done, show
from amana.ui.once import apply_once
from amana.ui.paging import find_page

READER, MAKE, CHOOSE, LIST = (
    "packs/reader.html",
    "packs/make.html",
    "packs/choose.html",
    "packs/list.html",
)
MAY_KEEP: dict[str, Any] = {**settings.SECURE_CSP, "worker-src": [CSP.SELF]}


# --- on the device


@require_GET
def worker(request: Request) -> HttpResponse:
    """Serve the same program as the meeting's, for a cache and a scope of its own."""
    response = HttpResponse(
        WORKER.read_text(), content_type="text/javascript; charset=utf-8"
    )
    response.headers["Cache-Control"] = "no-cache"
    return response


@csp_override(MAY_KEEP)
@require_GET
def reader(request: Request) -> HttpResponse:
    """Show where a pack is opened, with a network; without one the device has the
    page."""
    return HttpResponse(render_reader())


@csp_override(MAY_KEEP)
@require_GET
@compress_page
def kept(request: Request) -> HttpResponse:
    """Serve the same page, to be kept: it names no one and holds nothing."""
    return HttpResponse(render_reader())


def render_reader() -> str:
    language = (get_language() or "en").split("-")[0]
    return render_to_string(
        READER,
        {
            "LANGUAGE_CODE": language,
            "LANGUAGE_BIDI": languages.get_direction(language) == "rtl",
            "sentences": json_script(list_sentences(), "sentences"),
        },
    )


def list_sentences() -> dict[str, str]:
    """List what the script shows, in the language of the page."""
    return {
        "wrong": _("This phrase is not right. Tries left:"),
        "over": _("There is no pack on this device, or it has expired."),
        "clock": _("This device’s clock was set back. Correct it, then open the pack."),
        "until": _("Opens until"),
        "cannot": _("This browser can’t keep anything safely."),
    }


@csrf_exempt
@login_not_required
@require_POST
@never_cache
def contact(request: HttpRequest) -> HttpResponse:
    """Answer a device with a network that asks whether it may keep its pack, or reports
    that nothing is left of it."""
    if not within_limit(request, "pack"):
        return JsonResponse({"state": "later"}, status=429)
    try:
        asked = json.loads(request.body[:1000])
        pk, secret = UUID(asked["pack"]), str(asked["secret"])
        secret.encode()  # JSON may hold half a letter
        gone = bool(asked.get("gone"))
    except (ValueError, KeyError, TypeError, AttributeError) as error:
        raise BadRequest("This is no pack.") from error
    # By a secret and without a session: a worker who was suspended can't sign in any
    # more, and their pack has to end all the same (ADR 64).
    found = OfflinePack.objects.select_related("by", "export").filter(pk=pk).first()
    keeps = found is not None and actions.answer_device(found, secret, gone=gone)
    return JsonResponse({"state": "keep" if keeps else "gone"})


# --- taking one


@require_http_methods(["GET", "POST"])
def choose(request: Request) -> HttpResponse:
    """Choose up to twenty of one's own cases."""
    if not has_role(request.user, KEYHOLDERS):
        raise NotAccessible(work_on_case, Case, {})
    get_keyring(request.user)  # names are sealed
    mine = work_on_case.among(Case.objects.filter(closed_at=None), request.user)
    chosen = exports.parse_ids(request.POST.getlist("pick"))
    error = ""
    if request.method == "POST":
        if chosen and len(chosen) <= MOST_CASES:
            return exports.show_reason_page(request, pack_exports.PACK, chosen)
        error = _("Choose between 1 and 20 cases.")
    rows = case_lists.list_rows(list(mine.order_by("due_at", "pk")[:200]), request.user)
    context = {"rows": rows, "error": error, "most": MOST_CASES}
    return show(request, CHOOSE, context, status=422 if error else 200)


def make(request: Request, export: Export) -> HttpResponse:
    """Show the page on which the device is given its phrases: they never leave it."""
    context = {"export": export, "hours": HOURS, "count": len(export.taken)}
    response = show(request, MAKE, context)
    response._csp_config = MAY_KEEP  # type: ignore[attr-defined]
    return response


@require_POST
@never_cache
def fill(request: Request) -> HttpResponse:
    """Send the cases as text, for the device to seal at once; and the pack's
    secrets."""
    slow_down(request, "reference")
    try:
        pk = UUID(request.POST.get("export", ""))
    except ValueError as error:
        raise BadRequest("There is no such export.") from error
    export = take_export.find(Export.objects.all(), request.user, pk=pk)
    hours = request.POST.get("hours", "")
    taken = actions.take_pack(
        export,
        hours=int(hours) if hours.isdecimal() else 0,
        browser=sessions.label_browser(request.headers.get("User-Agent", "")),
        by=request.user,
    )
    cases = []
    for pk in pack_exports.find_cases(request.user, export.things):
        opened = open_case(request, pk, purpose="offline pack")
        cases.append(content.read_sheet(opened.head() | load_overview(opened, request)))
    return JsonResponse(
        {
            "pack": str(taken.pack.pk),
            "left": (taken.pack.until - taken.pack.taken_at).total_seconds() * 1000,
            "contact": taken.contact,
            "duress": taken.duress,
            "cases": cases,
        }
    )


# --- which are out


@require_GET
def packs(request: Request) -> HttpResponse:
    if not has_role(request.user, READERS):
        raise NotAccessible(see_pack, OfflinePack, {})
    seen = see_pack.among(OfflinePack.objects.for_list(), request.user)
    shown = find_page(seen, request, key=("-taken_at", "-pk"))
    ours = revoke_pack.among(
        OfflinePack.objects.filter(pk__in=[pack.pk for pack in shown]), request.user
    )
    context = {
        "packs": shown,
        "revocable": set(ours.values_list("pk", flat=True)),
        "takes": has_role(request.user, KEYHOLDERS),
    }
    return show(request, LIST, context)


@require_POST
@apply_once
def revoke(request: Request, pk: UUID) -> HttpResponse:
    found = revoke_pack.find(OfflinePack.objects.all(), request.user, pk=pk)
    actions.revoke(found, by=request.user)
    return done(request, then="packs:list")
