"""A first meeting without a network: what the device keeps, and what it sends."""

import base64
import binascii
import gzip
import re
from collections.abc import Callable
from datetime import UTC, datetime
from functools import wraps
from pathlib import Path
from typing import Any, Concatenate
from uuid import UUID

from django.conf import settings
from django.contrib import messages
from django.core.exceptions import BadRequest
from django.http import HttpResponse, JsonResponse
from django.middleware.csrf import get_token
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils.cache import patch_vary_headers
from django.utils.csp import CSP
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.csp import csp_override
from django.views.decorators.http import require_GET, require_POST

from amana.care.cases.gate import STEPS as GATE
from amana.care.cases.gate import Answer
from amana.care.cases.views.found import teams_to_open_in
from amana.care.cases.views.meeting import VERDICTS
from amana.care.meetings import actions
from amana.care.meetings.actions import Taken
from amana.care.meetings.kit import Kit, as_script
from amana.care.meetings.models import Meeting
from amana.care.meetings.rules import set_meeting_aside, take_meeting
from amana.care.screening import words
from amana.care.screening.keeping import kept_on_device
from amana.care.screening.rules import screen_in_team
from amana.care.screening.views import Asking, version_of
from amana.design.forms import pages
from amana.design.mechanism import current
from amana.errors import Refused
from amana.trust.access.http import Request, slow_down
from amana.trust.access.models import Team
from amana.trust.vault.drafts import LARGEST, whose
from amana.trust.vault.http import is_unlocked, recently_unlocked
from amana.trust.vault.models import DraftKey
from amana.ui import languages
from amana.ui.http import done, sent_as_json, show
from amana.ui.once import once
from amana.ui.paging import page

WORKER = Path(__file__).parent / "worker.js"
KIT, READY = "meetings/kit.html", "meetings/ready.html"
WAITING, SCREENING = "meetings/waiting.html", "meetings/screening.html"
INDENTATION = re.compile(r"\n\s+")
"""Says nothing, and is half a kilobyte of what a slow network has to carry."""
PICTURES = ("told", "until", "decide", "words")
"""Of the steps of a consent."""
MAY_KEEP: dict[str, Any] = {**settings.SECURE_CSP, "worker-src": [CSP.SELF]}
"""Only pages of the meeting may start its worker."""


type Page[**P] = Callable[Concatenate[Request, P], HttpResponse]


def packed[**P](view: Page[P]) -> Page[P]:
    """Send as few bytes as gzip can."""

    @wraps(view)
    def packing(request: Request, /, *args: P.args, **kwargs: P.kwargs) -> HttpResponse:
        response = view(request, *args, **kwargs)
        patch_vary_headers(response, ["Accept-Encoding"])
        if "gzip" in request.headers.get("Accept-Encoding", ""):
            # Django's own middleware adds random bytes, which hide how long a page with
            # secrets is: this page has none, and has to fit into 60 kB.
            response.content = gzip.compress(response.content, 9, mtime=0)
            response.headers["Content-Encoding"] = "gzip"
        return response

    return packing


@require_GET
def worker(request: Request) -> HttpResponse:
    response = HttpResponse(
        WORKER.read_text(), content_type="text/javascript; charset=utf-8"
    )
    response.headers["Cache-Control"] = "no-cache"
    return response


@csp_override(MAY_KEEP)
@require_GET
@packed
def kit(request: Request) -> HttpResponse:
    """Send the whole meeting as one page, rendered without this request: no name and no
    form token is in it, so it may be kept, and compressed."""
    teams = teams_to_open_in(request.user)
    if not teams:
        raise Refused(_("Only colleagues who hold a team’s key can open a case."))
    language = (get_language() or "en").split("-")[0]
    made = Kit(request.user, teams, language, whose(request.user))
    drawn = render_to_string(
        KIT,
        {
            "LANGUAGE_CODE": language,
            "LANGUAGE_BIDI": languages.direction(language) == "rtl",
            "kit": made,
            "tables": as_script(made.tables()),
            "gate": GATE,
            "answers": list(Answer),
            "pictures": PICTURES,
            "verdicts": [
                (result.value, declined, verdict, result)
                for (result, declined), verdict in VERDICTS.items()
            ],
        },
    )
    return HttpResponse(INDENTATION.sub("\n", drawn))


@csp_override(MAY_KEEP)
@require_GET
@packed
def screening(request: Request, team: int, slug: str) -> HttpResponse:
    """Send the questions before there is a case, as a page that a device keeps."""
    teams = Team.objects.select_related("organisation")
    found = screen_in_team.find(teams, request.user, pk=team)
    version = current()
    if version is None:
        raise Refused(_("No screening is in force"))
    asking = Asking(version_of(request, version.pk, slug), slug, team=found)
    title = words.here(asking.rules.title)
    keeping = kept_on_device(
        found,
        instrument=slug,
        version=version.pk,
        title=title,
        alone=True,
        by=request.user,
    )
    language = (get_language() or "en").split("-")[0]
    sheet = pages.drawn(
        None,
        pages.begun(asking.form, paged="group"),
        to="",
        drafts=keeping,
        finish=_("Finish"),
    )
    drawn = render_to_string(
        SCREENING,
        {
            "LANGUAGE_CODE": language,
            "LANGUAGE_BIDI": languages.direction(language) == "rtl",
            "title": title,
            "about": words.here(asking.rules.about),
            "team": found,
            "sheet": sheet,
        },
    )
    return HttpResponse(INDENTATION.sub("\n", drawn))


@csp_override(MAY_KEEP)
@require_GET
def ready(request: Request) -> HttpResponse:
    """Show where someone makes their device ready, while there is a network."""
    return show(request, READY, {"whose": whose(request.user)})


@require_GET
@never_cache
def enter(request: Request) -> HttpResponse:
    """Send who is signed in, for a page that was kept before, and what it shows when it
    can't send."""
    return JsonResponse(
        {
            "whose": whose(request.user),
            "token": get_token(request),
            "unlocked": is_unlocked(request),
            "words": {
                "others": _(
                    "A colleague recorded this. It is sent when they sign in here."
                ),
                "not_yours": _(
                    "You can no longer send for this team. It stays on this device: "
                    "ask your supervisor."
                ),
                "not_taken": _(
                    "The server could not take it. It stays on this device. Try again "
                    "later."
                ),
            },
        }
    )


@require_POST
@never_cache
def take(request: Request) -> HttpResponse:
    """Take a meeting that a device sends, and answer what was done with it."""
    pk, key, sealed, device_now = sent(request)
    try:
        slow_down(request, "meeting")
        taken = actions.bring(
            pk, sealed, key=key, device_now=device_now, by=request.user
        )
    # The device deletes it only when it hears that we have it, so a refusal is an
    # answer like any other.
    except Refused as no:
        return JsonResponse({"state": "refused", "words": str(no)})
    return JsonResponse(told(taken))


def told(taken: Taken) -> dict[str, Any]:
    """Format the result, for whichever page has sent it."""
    left = [*taken.alike, *taken.left]
    if taken.state == "waits":
        return {
            "state": "waits",
            "words": _("Sent. Unlock to open it; until then it waits for your team."),
            "url": f"{reverse('vault:unlock')}?next={reverse('meetings:waiting')}",
            "link": _("Unlock"),
        }
    words = _("This was sent before. Nothing was done twice.")
    if taken.state == "taken":
        words = _("Sent. The screening is there.")
        if taken.screening is None:
            words = _("Sent. The case is open.")
    if taken.left:
        words = f"{words}\n{_('This could not be done:')}"
    return {
        "state": taken.state,
        "words": words,
        "left": left,
        "url": url_of(taken),
        "link": link_to(taken),
    }


def url_of(taken: Taken) -> str:
    screening, case = taken.screening, taken.case
    if screening:
        return reverse("screening:result", args=[screening.pk])
    return reverse("cases:case", args=[case.pk]) if case else ""


def link_to(taken: Taken) -> str:
    if taken.screening or not taken.case:
        return _("See the result")
    return _("Open case %(reference)s") % {"reference": taken.case.reference}


def sent(request: Request) -> tuple[UUID, DraftKey, bytes, datetime]:
    said = sent_as_json(request, at_most=LARGEST * 2)
    try:
        pk, key = UUID(said["id"]), UUID(said["key"])
        sealed = base64.b64decode(said["sealed"], validate=True)
        device_now = datetime.fromtimestamp(float(said["now"]) / 1000, tz=UTC)
    except (
        *(ValueError, KeyError, TypeError, AttributeError, OverflowError),
        *(OSError, binascii.Error),
    ) as error:
        raise BadRequest("This is no meeting.") from error
    found = DraftKey.objects.select_related("team", "team_key").filter(pk=key).first()
    if found is None:
        raise BadRequest("There is no such key.")
    return pk, found, sealed, device_now


@require_GET
def waiting(request: Request) -> HttpResponse:
    """List meetings that were sent while no one of the team had unlocked."""
    rows = Meeting.objects.waiting().select_related("team__organisation", "met_by")
    mine = take_meeting.among(rows, request.user)
    found = page(mine, request, key=("received_at", "pk"))
    supervised = set_meeting_aside.among(mine, request.user)
    theirs = set(supervised.values_list("pk", flat=True))
    return show(request, WAITING, {"meetings": found, "supervised": theirs})


@require_POST
@once
@recently_unlocked
def take_waiting(request: Request, pk: UUID) -> HttpResponse:
    """Open one, as if it were asked now: it may send."""
    meeting = take_meeting.find(Meeting.objects.all(), request.user, pk=pk)
    taken = actions.take(meeting, by=request.user)
    for sentence in taken.alike:
        messages.warning(request, sentence)
    return done(request, then=url_of(taken))


@require_POST
@once
def set_aside(request: Request, pk: UUID) -> HttpResponse:
    """Delete one that can't be read, so that it does not wait for ever."""
    rows = Meeting.objects.waiting()
    meeting = set_meeting_aside.find(rows, request.user, pk=pk)
    actions.set_aside(meeting, by=request.user)
    return done(request, then="meetings:waiting")
