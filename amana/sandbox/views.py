"""A player's desk, and the board of those who lead the exercise."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from django.contrib import messages
from django.forms import Form
from django.http import HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from amana.academy.exercises import labels
from amana.academy.exercises.engine import staging
from amana.academy.exercises.engine.exercise_log import ExerciseLog
from amana.academy.exercises.engine.scenario import Inject, Seat
from amana.care.referrals.models import Referral, ReferralStage
from amana.errors import Refused
from amana.given import PASSPHRASE
from amana.sandbox import act_log, directing, playing, rules, scoring
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
from amana.sandbox.stage import Stage
from amana.trust.access.http import Request, posted
from amana.ui.http import done, show
from amana.ui.labels import format_list

DESK, BOARD, END, SCORES, TIMELINE = (
    *("sandbox/desk.html", "sandbox/board.html", "sandbox/end.html"),
    *("sandbox/scores.html", "sandbox/timeline.html"),
)


# --- what is shown


@dataclass(frozen=True)
class ReceivedInject:
    """An inject as it is read: what it says, from whom, and when it came."""

    code: str
    text: str
    sender: str
    at: datetime | None
    readers: str = ""

    @property
    def is_played(self) -> bool:
        return self.at is not None


def build_inject(inject: Inject, stage: Stage) -> ReceivedInject:
    seats = playing.load_scenario().seats
    text = playing.say(inject.text)
    if not text and inject.do:
        text = str(labels.ACTS[inject.do.act])
    return ReceivedInject(
        inject.code,
        text,
        playing.say(inject.sender),
        stage.played.get(inject.code),
        ", ".join(playing.say(seats[code].title) for code in inject.seats),
    )


def list_received(seat: Seat | None, stage: Stage) -> list[ReceivedInject]:
    """List what has come to a seat, the latest first; to all of them for who leads."""
    found = [
        build_inject(inject, stage)
        for inject in playing.load_scenario().injects.values()
        if inject.code in stage.played
        and inject.text
        and (seat is None or seat.code in inject.seats)
    ]
    return sorted(found, key=lambda inject: inject.at or stage.now(), reverse=True)


def list_to_come(stage: Stage) -> list[tuple[ReceivedInject, datetime | None]]:
    """List what was not played yet, with when it is due; None: it waits for what has
    not happened. The next one comes first."""
    scenario, log = playing.load_scenario(), act_log.read_log()
    found = [
        (
            build_inject(inject, stage),
            staging.find_due_time(scenario, log, inject, stage.played),
        )
        for inject in scenario.injects.values()
        if inject.code not in stage.played
    ]
    return sorted(
        found, key=lambda waiting: (waiting[1] is None, waiting[1] or stage.now())
    )


@dataclass(frozen=True)
class KnownFact:
    """What a person discloses, when, and whether all that they wait for was done."""

    tells: str
    when: str
    is_open: bool


def list_known(log: ExerciseLog) -> list[tuple[str, list[KnownFact]]]:
    """List what each person knows; who plays alone reads only what was disclosed."""
    everyone = []
    for person in playing.load_scenario().people.values():
        disclosed = staging.list_disclosed(person, log)
        facts = [
            KnownFact(
                playing.say(known.tells),
                format_list([str(labels.KNOWN_WHEN[w]) for w in sorted(known.when)]),
                known in disclosed,
            )
            for known in person.knows
        ]
        everyone.append((person.name, facts))
    return everyone


def list_disclosed(log: ExerciseLog) -> list[tuple[str, list[KnownFact]]]:
    """List what people have disclosed by now, to who plays alone."""
    known = [
        (name, [fact for fact in facts if fact.is_open])
        for name, facts in list_known(log)
    ]
    return [(name, facts) for name, facts in known if facts]


def build_clock(stage: Stage) -> dict[str, object]:
    return {"now": stage.now(), "stage": stage, "runs": stage.speed > 0}


# --- a desk


@require_GET
def desk(request: Request) -> HttpResponse:
    """Show a player's seat, and what has come to it."""
    seat = rules.find_seat(request.user)
    if seat is None:
        return redirect("sandbox:board")
    stage, scenario = STAGE, playing.load_scenario()
    context = build_clock(stage) | {
        "seat": playing.say(seat.title),
        "brief": playing.say(seat.brief),
        "care": playing.say(scenario.care),
        "word": playing.say(scenario.stop_word),
        "received": list_received(seat, stage),
        "people": [
            (person, playing.say(person.looks), playing.say(person.says))
            for person in scenario.people.values()
        ],
        "groups": [playing.say(group.looks) for group in scenario.groups.values()],
        "passphrase": PASSPHRASE,
        "is_alone": playing.is_alone(),
        "disclosed": list_disclosed(act_log.read_log()) if playing.is_alone() else [],
        "act": ActForm(by=request.user),
        "about": PersonForm(by=request.user),
    }
    return show(request, DESK, context, part="news")


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
    stage, scenario = lead(request), playing.load_scenario()
    played = FOLDER.read_played()
    waiting = Referral.objects.filter(stage=ReferralStage.ANSWER)
    waiting = waiting.select_related("sender", "recipient")
    context = build_clock(stage) | {
        "speeds": SPEEDS,
        "hours": HOURS,
        "scripted_speed": playing.get_usual_speed(),
        "is_alone": playing.is_alone(),
        "received": list_received(None, stage),
        "to_come": list_to_come(stage),
        "seats": [
            (playing.say(seat.title), seat.code in played, bool(seat.script))
            for seat in scenario.seats.values()
        ],
        "waiting": waiting.order_by("due_at")[:50],
        "note": NoteForm(),
        "people": list_known(act_log.read_log()),
    }
    return show(request, BOARD, context, part="news")


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
        "debrief": [playing.say(question.ask) for question in scenario.debrief],
        "leads": rules.lead_exercise.permits(request.user, request.user),
    }
    return show(request, SCORES, context)


@require_GET
def timeline(request: Request) -> HttpResponse:
    """Show what was done and what came, in its order; of one seat or of all."""
    stage, scenario = read_afterwards(request), playing.load_scenario()
    seat = scenario.seats.get(request.GET.get("seat", ""))
    context = build_clock(stage) | {
        "moments": scoring.list_moments(act_log.read_log(), stage, seat),
        "seats": [(s.code, playing.say(s.title)) for s in scenario.seats.values()],
        "chosen": seat.code if seat else "",
        "leads": rules.lead_exercise.permits(request.user, request.user),
    }
    return show(request, TIMELINE, context)
