"""What changed, the newest first; and the stream that updates open pages."""

from django.http import HttpResponse, HttpResponseBase
from django.shortcuts import redirect
from django.urls import reverse
from django.views.decorators.http import require_GET, require_POST

from amana.care.referrals import calendars
from amana.notifications import actions, unread
from amana.notifications.kinds import KINDS
from amana.notifications.models import Notification
from amana.notifications.rules import read_notification
from amana.notifications.stream import WAITING, build_message, count_badges
from amana.trust.access.http import Request
from amana.ui import badges
from amana.ui.http import done, show
from amana.ui.once import apply_once
from amana.ui.streams import CAN_GO_ON, open_stream

LIST, GONE = "notifications/list.html", "notifications/gone.html"


@require_GET
def notifications(request: Request) -> HttpResponse:
    # The page asks for its list again when the stream says that a number changed.
    request.by_itself = bool(request.htmx)  # type: ignore[attr-defined]
    entries = unread.list_entries(request.user)
    new = [entry for entry in entries if not entry.is_read]
    context = {"entries": entries, "has_unread": bool(new)}
    return show(request, LIST, context, part="list")


@require_GET
def follow(request: Request, pk: int) -> HttpResponse:
    """Follow a notification to what it is about."""
    mine = read_notification.among(Notification.objects.to_read(), request.user)
    found = mine.filter(pk=pk).first()
    page = find_page(found, request) if found else ""
    # The same answer as for a number that was never given: a list of such answers tells
    # nothing about what was restricted.
    if found is None or not page:
        return show(request, GONE, status=404)
    actions.mark_read([found], by=request.user)
    return redirect(page)


def find_page(notification: Notification, request: Request) -> str:
    kind = next(kind for kind in KINDS if notification.what in kind.whats)
    id = unread.get_object_id(notification, kind.by_number)
    return kind.page_of(id, request.user, calendars.get_today())


@require_POST
@apply_once
def read_all(request: Request) -> HttpResponse:
    """Mark as read all that the page shows."""
    shown = [entry.notification for entry in unread.list_entries(request.user)]
    actions.mark_read(shown, by=request.user)
    return done(request, then=reverse("notifications:list"))


@require_GET
def stream(request: Request) -> HttpResponseBase:
    """Send one's own numbers: what a page has missed; where the server can, the answer
    continues with what comes."""
    request.by_itself = True  # type: ignore[attr-defined]
    since = request.headers.get("Last-Event-ID", request.GET.get("since", ""))
    key = str(request.user.pk)
    since = parse_version(since)
    if CAN_GO_ON in request.headers:
        return open_stream(WAITING, key, since, b"")
    version, missed = build_message(count_badges(request.user))
    return open_stream(WAITING, key, version, b"" if version == since else missed)


def parse_version(said: str) -> str:
    """Parse a version that we wrote."""
    names = [part.partition("=") for part in said.split(",")]
    numbers = badges.BADGES | badges.MARKS
    ours = all(n in numbers and c.isascii() and c.isdigit() for n, _, c in names)
    # It goes into a header of the answer, between other words: a space or a line break
    # would be read as something else.
    return said if ours else "-"
