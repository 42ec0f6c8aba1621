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
from amana.care.cases.gate import GateAnswer
from amana.care.cases.views.case_lookup import list_teams_to_open_in
from amana.care.cases.views.meeting import VERDICTS
from amana.care.meetings import actions
from amana.care.meetings.actions import ReceivedMeeting
from amana.care.meetings.kit import MeetingKit, render_data_script
from amana.care.meetings.models import Meeting
from amana.care.meetings.rules import set_meeting_aside, take_meeting
from amana.care.screening import labels
from amana.care.screening.keeping import build_draft_settings
from amana.care.screening.rules import conduct_screening
from amana.care.screening.views import ScreeningSetup, version_of
from amana.design.forms import pages
from amana.design.mechanism.choosing import list_versions_for_team
from amana.errors import Refused
from amana.trust.access.http import Request, slow_down
from amana.trust.access.models import Team
from amana.trust.vault.drafts import LARGEST, compute_owner_id
from amana.trust.vault.middleware import is_unlocked, require_recent_unlock
from amana.trust.vault.models import DraftKey
from amana.ui import languages
from amana.ui.http import done, read_json, show
from amana.ui.once import apply_once
from amana.ui.paging import find_page

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


def compress_page[**P](view: Page[P]) -> Page[P]:
    """Send as few bytes as gzip can."""

    @wraps(view)
    def packing(request: Request, /, *args: P.args, **kwargs: P.kwargs) -> HttpResponse:
        response = view(request, *args, **kwargs)
        patch_vary_headers(response, ["Accept-Encoding"])
        if "gzip" in request.headers.get("Accept-Encoding", ""):
            # Django's own middleware adds random bytes, which hide how long a page with
            # secrets is: this page has none, and has to be light.
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
@compress_page
def kit(request: Request) -> HttpResponse:
    """Send the whole meeting as one page, rendered without this request: no name and no
    form token is in it, so it may be kept, and compressed."""
    teams = list_teams_to_open_in(request.user)
    if not teams:
        raise Refused(_("Only colleagues who hold a team’s key can open a case."))
    language = (get_language() or "en").split("-")[0]
    made = MeetingKit(request.user, teams, language, compute_owner_id(request.user))
    drawn = render_to_string(
        KIT,
        {
            "LANGUAGE_CODE": language,
            "LANGUAGE_BIDI": languages.get_direction(language) == "rtl",
            "kit": made,
            "tables": render_data_script(made.tables()),
            "gate": GATE,
            "answers": list(GateAnswer),
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
@compress_page
def screening(request: Request, team: int, slug: str) -> HttpResponse:
    """Send the questions before there is a case, as a page that a device keeps."""
    teams = Team.objects.select_related("organisation")
    found = conduct_screening.find(teams, request.user, pk=team)
    versions = list_versions_for_team(found, retired=True)
    if not versions:
        raise Refused(_("No screening is in force"))
    version = next((v for v in versions if slug in v.pack.instruments), versions[0])
    asking = ScreeningSetup(version_of(request, version.pk, slug), slug, team=found)
    title = labels.localise_text(asking.rules.title)
    keeping = build_draft_settings(
        found,
        instrument=slug,
        version=version.pk,
        title=title,
        alone=True,
        by=request.user,
    )
    language = (get_language() or "en").split("-")[0]
    sheet = pages.render_form(
        None,
        pages.open_form(asking.form, paged="group"),
        to="",
        drafts=keeping,
        finish=_("Finish"),
    )
    drawn = render_to_string(
        SCREENING,
        {
            "LANGUAGE_CODE": language,
            "LANGUAGE_BIDI": languages.get_direction(language) == "rtl",
            "title": title,
            "about": labels.localise_text(asking.rules.about),
            "team": found,
            "sheet": sheet,
        },
    )
    return HttpResponse(INDENTATION.sub("\n", drawn))


@csp_override(MAY_KEEP)
@require_GET
def ready(request: Request) -> HttpResponse:
    """Show where someone makes their device ready, while there is a network."""
    return show(request, READY, {"whose": compute_owner_id(request.user)})


@require_GET
@never_cache
def enter(request: Request) -> HttpResponse:
    """Send who is signed in, for a page that was kept before, and what it shows when it
    can't send."""
    return JsonResponse(
        {
            "whose": compute_owner_id(request.user),
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
        taken = actions.receive_and_take(
            pk, sealed, key=key, device_now=device_now, by=request.user
        )
    # The device deletes it only when it hears that we have it, so a refusal is an
    # answer like any other.
    except Refused as no:
        return JsonResponse({"state": "refused", "words": str(no)})
    return JsonResponse(format_result(taken))


def format_result(taken: ReceivedMeeting) -> dict[str, object]:
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
        "url": build_result_address(taken),
        "link": format_result_link(taken),
    }


def build_result_address(taken: ReceivedMeeting) -> str:
    screening, case = taken.screening, taken.case
    if screening:
        return reverse("screening:result", args=[screening.pk])
    return reverse("cases:case", args=[case.pk]) if case else ""


def format_result_link(taken: ReceivedMeeting) -> str:
    if taken.screening or not taken.case:
        return _("See the result")
    return _("Open case %(reference)s") % {"reference": taken.case.reference}


def sent(request: Request) -> tuple[UUID, DraftKey, bytes, datetime]:
    said = read_json(request, at_most=LARGEST * 2)
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
    found = find_page(mine, request, key=("received_at", "pk"))
    supervised = set_meeting_aside.among(mine, request.user)
    theirs = set(supervised.values_list("pk", flat=True))
    return show(request, WAITING, {"meetings": found, "supervised": theirs})


@require_POST
@apply_once
@require_recent_unlock
def take_waiting(request: Request, pk: UUID) -> HttpResponse:
    """Open one, as if it were asked now: it may send."""
    meeting = take_meeting.find(Meeting.objects.all(), request.user, pk=pk)
    taken = actions.take_meeting_over(meeting, by=request.user)
    for sentence in taken.alike:
        messages.warning(request, sentence)
    return done(request, then=build_result_address(taken))


@require_POST
@apply_once
def set_aside(request: Request, pk: UUID) -> HttpResponse:
    """Delete one that can't be read, so that it does not wait for ever."""
    rows = Meeting.objects.waiting()
    meeting = set_meeting_aside.find(rows, request.user, pk=pk)
    actions.set_aside(meeting, by=request.user)
    return done(request, then="meetings:waiting")
