"""The sheet of an observer: for each seat, what is looked for, and how far it was
seen."""

from django.http import HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from amana.errors import Refused
from amana.sandbox import observing, playing, rules
from amana.sandbox.forms import ObserverSheetForm
from amana.sandbox.here import STAGE
from amana.sandbox.page_stamps import answer_unchanged, build_clock, read_stamp
from amana.trust.access.http import Request, posted
from amana.ui.http import done, show

OBSERVE, FINISH = "sandbox/observe.html", "sandbox/finish.html"


@require_http_methods(["GET", "POST"])
def observe(request: Request) -> HttpResponse:
    """Show the sheet of a seat, and keep what is marked on it."""
    rules.observe_exercise.require(request.user, request.user)
    stage, stamp = STAGE, read_stamp(STAGE)
    if unchanged := answer_unchanged(request, stage, stamp):
        return unchanged
    scenario = playing.load_scenario()
    account = rules.get_account(request.user)
    seat = scenario.seats.get(request.GET.get("seat", ""))
    if seat is None:
        # An observer who comes in finds a sheet at once.
        seat = next(iter(scenario.seats.values()))
    marked = {
        observed: mark
        for (by, of, observed), mark in stage.marks.items()
        if (by, of) == (account, seat.code)
    }
    form = ObserverSheetForm(
        posted(request), sheet=observing.list_sheet(), marked=marked
    )
    here = f"{reverse('sandbox:observe')}?seat={seat.code}"
    if form.is_valid():
        # What stays open is marked later: an observer saves again and again.
        require_marking(request)
        for observed, mark in form.list_marks():
            stage.mark(account, seat.code, observed, mark)
        return done(request, then=here)
    context = build_clock(stage) | {
        "stamp": stamp,
        "form": form,
        "here": here,
        "chosen": seat.code,
        "title": playing.say(seat.title),
        "seats": [(s.code, playing.say(s.title)) for s in scenario.seats.values()],
        "has_finished": observing.has_finished(stage, request.user),
        "care": playing.say(scenario.care),
        "word": playing.say(scenario.stop_word),
    }
    status = 422 if form.is_bound else 200
    return show(request, OBSERVE, context, part="news", status=status)


@require_http_methods(["GET", "POST"])
def finish(request: Request) -> HttpResponse:
    """Finish marking, once it was confirmed."""
    rules.observe_exercise.require(request.user, request.user)
    if request.method == "POST":
        STAGE.finish_marking(rules.get_account(request.user))
        return redirect("sandbox:observe")
    return show(request, FINISH, {})


def require_marking(request: Request) -> None:
    if observing.has_finished(STAGE, request.user):
        raise Refused(_("You have finished marking. Your marks stay as they are."))
