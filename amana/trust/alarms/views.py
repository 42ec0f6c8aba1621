"""Alarms, for those who oversee and those who lead a team."""

from datetime import timedelta

from django.db.models import Q
from django.http import HttpResponse
from django.urls import reverse
from django.utils import timezone
from django.utils.http import urlencode
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext_lazy
from django.views.decorators.http import require_GET, require_http_methods

from amana.trust.access.http import Request, posted
from amana.trust.access.rules import NotAccessible, has_role
from amana.trust.alarms import actions, timer_runs
from amana.trust.alarms.forms import SettleForm
from amana.trust.alarms.models import Alarm, AlteredRecord, LogPosition
from amana.trust.alarms.rules import READERS, see_alarm, see_altered, settle_alarm
from amana.trust.oversight.rules import OVERSEERS
from amana.ui.http import answer_form, show
from amana.ui.labels import format_list
from amana.ui.lists import ListSort, NumberedPart, build_parts_list
from amana.ui.once import apply_once
from amana.ui.paging import find_page

LISTED = build_parts_list(
    ListSort("newest", gettext_lazy("Latest first"), ("-raised_at", "-pk")),
    NumberedPart(
        "open",
        pgettext_lazy("alarms or data breaches", "Open"),
        lambda: Q(pk__in=Alarm.objects.open().values("pk")),
    ),
)
SHOWN = 50
"""The last ones; all of them are in the log."""
LOOKED = timedelta(minutes=10)
"""After so long without a look the timer doesn't run."""


@require_GET
def alarms(request: Request) -> HttpResponse:
    """Show every alarm that they may see, and whether the log is being watched at
    all.
    """
    if not has_role(request.user, READERS):
        raise NotAccessible(see_alarm, Alarm, {})
    user = request.user
    seen = see_alarm.among(Alarm.objects.for_list(), user)
    wanted = LISTED.read(request.GET, None, here=request.path)
    watch, now = LogPosition.objects.first(), timezone.now()
    records = see_altered.among(AlteredRecord.objects.select_related("found_by"), user)
    return show(
        request,
        "alarms/list.html",
        {
            "wanted": wanted,
            "altered": records.order_by("-found_at", "-pk")[:SHOWN],
            "alarms": find_page(seen.filter(wanted.where()), request, key=wanted.key),
            "watch": watch,
            "is_silent": watch is None or watch.at < now - LOOKED,
            "missed": timer_runs.find_missed(now),
        },
    )


@require_GET
def alarm(request: Request, pk: int) -> HttpResponse:
    found = see_alarm.find(Alarm.objects.for_list(), request.user, pk=pk)
    settles = settle_alarm.permits(request.user, found)
    context = {
        "alarm": found,
        "settles": settles,
        "told": format_list(found.told.order_by("name").values_list("name", flat=True)),
        "oversees": has_role(request.user, OVERSEERS),
        "events": f"{reverse('audit:log')}?{urlencode(build_log_query(found))}",
    }
    return show(request, "alarms/alarm.html", context)


def build_log_query(alarm: Alarm) -> dict[str, str]:
    """Build what narrows the log to that person's day."""
    day = {"since": alarm.on.isoformat(), "until": alarm.on.isoformat()}
    if alarm.user_id is None:
        return {"did": "failed to sign in"} | day
    return {"person": str(alarm.user_id)} | day


@require_http_methods(["GET", "POST"])
@apply_once
def settle(request: Request, pk: int) -> HttpResponse:
    found = settle_alarm.find(Alarm.objects.all(), request.user, pk=pk)
    return answer_form(
        request,
        "alarms/settle.html",
        # How often it was when the page was drawn: what happened since was not
        # reviewed.
        SettleForm(posted(request), initial={"seen": found.count}),
        lambda said: actions.settle(found, **said, by=request.user),
        title=_("Resolve the alarm"),
        back=reverse("alarms:alarm", args=[found.pk]),
    )
