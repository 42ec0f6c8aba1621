"""A player's desk, and the board of those who lead the exercise."""

from datetime import timedelta

from django.conf import settings
from django.contrib import messages
from django.forms import Form
from django.http import HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from amana.academy.exercises.engine.scenario import Seat
from amana.errors import Refused
from amana.given import PASSPHRASE
from amana.sandbox import (
    act_log,
    directing,
    inject_labels,
    knowledge_labels,
    moments,
    observing,
    playing,
    results,
    rules,
    scoring,
)
from amana.sandbox.awaited_answers import list_awaited
from amana.sandbox.forms import (
    HOURS,
    SPEEDS,
    ActForm,
    ForwardForm,
    NoteForm,
    PersonForm,
    SpeedForm,
)
from amana.sandbox.here import FOLDER, STAGE
from amana.sandbox.page_stamps import answer_unchanged, build_clock, read_stamp
from amana.sandbox.stage import Stage
from amana.trust.access.http import Request, posted
from amana.trust.access.models import User
from amana.ui.http import asks_for_part, done, show

DESK, BOARD, END, SCORES, TIMELINE = (
    *("sandbox/desk.html", "sandbox/board.html", "sandbox/end.html"),
    *("sandbox/scores.html", "sandbox/timeline.html"),
)


# --- a desk


@require_GET
def desk(request: Request) -> HttpResponse:
    """Show a player's seat, and what has come to it."""
    seat = rules.find_seat(request.user)
    if rules.observe_exercise.permits(request.user, request.user):
        return redirect("sandbox:observe")
    if seat is None:
        return redirect("sandbox:board")
    stage, stamp = STAGE, read_stamp(STAGE)
    if unchanged := answer_unchanged(request, stage, stamp):
        return unchanged
    context = build_clock(stage) | {
        "stamp": stamp,
        "received": inject_labels.list_received(seat, stage),
    }
    if not asks_for_part(request):
        context |= build_desk(seat, request.user)
    return show(request, DESK, context, part="news")


def build_desk(seat: Seat, user: User) -> dict[str, object]:
    """Build what does not change while the page is open."""
    scenario = playing.load_scenario()
    return {
        "seat": playing.say(seat.title),
        "brief": playing.say(seat.brief),
        "care": playing.say(scenario.care),
        "word": playing.say(scenario.stop_word),
        "people": [
            (person, playing.say(person.looks), playing.say(person.says))
            for person in scenario.people.values()
        ],
        "groups": [playing.say(group.looks) for group in scenario.groups.values()],
        "passphrase": PASSPHRASE,
        "is_alone": playing.is_alone(),
        "disclosed": knowledge_labels.list_disclosed(act_log.read_log())
        if playing.is_alone()
        else [],
        "act": ActForm(by=user),
        "about": PersonForm(by=user),
    }


@require_POST
def add_act(request: Request) -> HttpResponse:
    """Record what a player did without the engine."""
    form = ActForm(posted(request), by=request.user)
    if not form.is_valid():
        raise Refused(" ".join(_list_errors(form)))
    keys = dict(form.cleaned_data)
    act, basis, fields = keys.pop("act"), keys.pop("basis", ""), keys.pop("fields")
    act_log.record_act(act, keys, basis=basis, fields=fields, by=request.user)
    messages.success(request, _("Noted."))
    return done(request, then=reverse("sandbox:desk"))


def _list_errors(form: Form) -> list[str]:
    return [str(error) for errors in form.errors.values() for error in errors]


@require_POST
def record_person(request: Request) -> HttpResponse:
    """Record which invented person a case is about."""
    form = PersonForm(posted(request), by=request.user)
    if not form.is_valid():
        raise Refused(" ".join(_list_errors(form)))
    act_log.record_person(
        form.cleaned_data["case"], form.cleaned_data["person"], by=request.user
    )
    messages.success(request, _("Noted."))
    return done(request, then=reverse("sandbox:desk"))


@require_POST
def stop(request: Request) -> HttpResponse:
    """Stop the exercise for everyone: a player has used the word."""
    STAGE.stop()
    return done(request, then=reverse("sandbox:desk"))


# --- the board


def lead(request: Request) -> Stage:
    """Return what those who lead the exercise direct; no one else does."""
    rules.lead_exercise.require(request.user, request.user)
    return STAGE


@require_GET
def board(request: Request) -> HttpResponse:
    """Show how far the exercise is, who waits for whom, and what is still to come."""
    stage = lead(request)
    stamp = read_stamp(stage, with_log=True)
    if unchanged := answer_unchanged(request, stage, stamp):
        return unchanged
    awaited = list_awaited()
    context = build_clock(stage) | {
        # Without a word from anyone, what is not late yet becomes late.
        "stamp": stamp.until_first(a.until for a in awaited if not a.is_late),
        "awaited": awaited,
        "received": inject_labels.list_received(None, stage),
    }
    if not asks_for_part(request):
        context |= build_board(stage)
    return show(request, BOARD, context, part="news")


def build_board(stage: Stage) -> dict[str, object]:
    """Build what is read anew only with the whole page."""
    scenario, log = playing.load_scenario(), act_log.read_log()
    played = FOLDER.read_played()
    return {
        "speeds": SPEEDS,
        "hours": HOURS,
        "usual_speed": playing.get_usual_speed(),
        "is_alone": playing.is_alone(),
        "to_come": inject_labels.list_to_come(log, stage),
        "seats": [
            (playing.say(seat.title), seat.code in played, bool(seat.script))
            for seat in scenario.seats.values()
        ],
        "note": NoteForm(),
        "people": knowledge_labels.list_known(log),
    }


def answer_on_board(request: Request) -> HttpResponse:
    return done(request, then=reverse("sandbox:board"))


@require_POST
def set_speed(request: Request) -> HttpResponse:
    """Let the clock run at a speed; 0 stops it."""
    stage, form = lead(request), SpeedForm(posted(request))
    if form.is_valid():
        stage.set_speed(form.cleaned_data["speed"])
    return answer_on_board(request)


@require_POST
def move_forward(request: Request) -> HttpResponse:
    """Move the clock forward; what comes due meanwhile comes now."""
    stage, form = lead(request), ForwardForm(posted(request))
    if form.is_valid():
        stage.move_to(stage.now() + timedelta(hours=form.cleaned_data["hours"]))
    return answer_on_board(request)


@require_POST
def play_inject(request: Request, code: str) -> HttpResponse:
    """Play an inject now, whatever it waits for."""
    stage = lead(request)
    inject = playing.load_scenario().injects.get(code)
    if inject is not None:
        if code not in stage.played:
            moments.keep_moment(stage, [code])
        directing.play_inject(stage, inject)
    return answer_on_board(request)


@require_POST
def add_note(request: Request) -> HttpResponse:
    """Note something for the debrief, with the time of the exercise."""
    stage, form = lead(request), NoteForm(posted(request))
    if form.is_valid():
        stage.note(form.cleaned_data["text"])
    return answer_on_board(request)


@require_http_methods(["GET", "POST"])
def end(request: Request) -> HttpResponse:
    """End the exercise, once it was confirmed: its clock stops for good."""
    stage = lead(request)
    if request.method == "POST":
        stage.end()
        results.keep_scores(act_log.read_log())
        return answer_on_board(request)
    return show(request, END, build_clock(stage))


# --- afterwards


def read_afterwards(request: Request) -> Stage:
    """Return how far it is, for those who lead, and for all once it has ended."""
    stage = STAGE
    if stage.ended_at is None:
        rules.lead_exercise.require(request.user, request.user)
    return stage


@require_GET
def scores(request: Request) -> HttpResponse:
    """Show what the log shows of each criterion, with the acts that show it."""
    stage, scenario = read_afterwards(request), playing.load_scenario()
    context = build_clock(stage) | {
        "scores": scoring.list_scores(act_log.read_log()),
        "observed": observing.show_observed(stage),
        "debrief": [playing.say(question.ask) for question in scenario.debrief],
        "leads": rules.lead_exercise.permits(request.user, request.user),
    }
    return show(request, SCORES, context)


@require_GET
def timeline(request: Request) -> HttpResponse:
    """Show what was done and what came, in its order; of one seat or of all."""
    stage, scenario = read_afterwards(request), playing.load_scenario()
    seat, log = scenario.seats.get(request.GET.get("seat", "")), act_log.read_log()
    context = build_clock(stage) | {
        "moments": scoring.list_moments(log, stage, seat),
        "replay": settings.FORCE_SCRIPT_NAME.removesuffix("in") + "replay/",
        "not_come": inject_labels.list_to_come(log, stage) if seat is None else [],
        "seats": [(s.code, playing.say(s.title)) for s in scenario.seats.values()],
        "chosen": seat.code if seat else "",
        "leads": rules.lead_exercise.permits(request.user, request.user),
    }
    return show(request, TIMELINE, context)
