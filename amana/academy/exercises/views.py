"""The exercises of one's cohorts; one of them, with who plays what; and the way in."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.http import HttpResponse, HttpResponseBase
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import (
    require_GET,
    require_http_methods,
    require_POST,
)
from django_htmx.http import HttpResponseClientRedirect

from amana.academy.cohorts.models import Cohort
from amana.academy.exercises import actions, rules
from amana.academy.exercises.accounts import CONTROL, MOST_OBSERVERS, OBSERVER_SEAT
from amana.academy.exercises.engine.scenario import Scenario
from amana.academy.exercises.forms import ModeForm
from amana.academy.exercises.labels import choose_text
from amana.academy.exercises.models import Exercise, PlayMode
from amana.academy.exercises.shipped_scenarios import load_scenarios
from amana.academy.sandboxes import processes
from amana.academy.sandboxes.passing import (
    describe_progress,
    pass_body_on,
    pass_in,
)
from amana.errors import Refused
from amana.trust.access.http import Request, posted
from amana.ui.http import asks_for_part, done, show
from amana.ui.once import apply_once

HOME, EXERCISE, CLOSE, STARTS = (
    *("scenarios/home.html", "scenarios/exercise.html", "scenarios/close.html"),
    "scenarios/starts.html",
)


@require_GET
def home(request: Request) -> HttpResponse:
    """Show the exercises of one's cohorts, and what can be opened."""
    cohorts = Cohort.objects.standing().for_list()
    led = list(rules.open_exercise.among(cohorts, request.user)[:50])
    kept = Exercise.objects.kept().for_list()
    scenarios = load_scenarios()
    alone = rules.play_alone.among(cohorts, request.user)[:50]
    context = {
        "alone": PlayMode.ALONE,
        "mine": list(alone),
        "exercises": [
            (exercise, choose_text(scenarios[exercise.scenario].scenario.title))
            for exercise in rules.see.among(kept, request.user)[:50]
            if exercise.scenario in scenarios
        ],
        "led": led,
        "offered": [
            (
                code,
                choose_text(shipped.scenario.title),
                choose_text(shipped.scenario.about),
                # Each form of the page has ids of its own.
                [(to, ModeForm(auto_id=f"id_{code}_{to.pk}_%s")) for to in led],
            )
            for code, shipped in scenarios.items()
        ],
    }
    return show(request, HOME, context)


@require_POST
@apply_once
def open_exercise(request: Request, cohort: int, code: str) -> HttpResponse:
    found = rules.play_alone.find(Cohort.objects.for_list(), request.user, pk=cohort)
    form = ModeForm(posted(request))
    # None is chosen for them: who wants to play alone would open one for all.
    if not form.is_valid():
        raise Refused(_("Choose how the exercise is played."))
    mode = form.cleaned_data["mode"]
    exercise = actions.open_exercise(found, code, mode=mode, by=request.user)
    return done(request, then=reverse("scenarios:exercise", args=[exercise.pk]))


# --- an exercise


@dataclass(frozen=True)
class ShownSeat:
    code: str
    title: str
    players: int
    most: int
    is_mine: bool
    has_script: bool
    is_kept: bool
    """It stays with those who play, though no one acts there now."""

    @property
    def watches(self) -> bool:
        return self.code == OBSERVER_SEAT

    @property
    def is_full(self) -> bool:
        return self.players >= self.most


def find_exercise(request: Request, pk: UUID) -> Exercise:
    kept = Exercise.objects.kept().for_list()
    return rules.see.find(kept, request.user, pk=pk)


@require_GET
@never_cache
def exercise(request: Request, pk: UUID) -> HttpResponse:
    """Show what is played, the seats, and the way in."""
    found = find_exercise(request, pk)
    scenario = actions.get_scenario(found.scenario).scenario
    mine = found.seats.filter(person=request.user).first()
    leads = rules.lead.permits(request.user, found)
    context = {
        "exercise": found,
        "title": choose_text(scenario.title),
        "about": choose_text(scenario.about),
        "notice": choose_text(scenario.notice),
        "care": choose_text(scenario.care),
        "word": choose_text(scenario.stop_word),
        "objectives": [choose_text(words) for words in scenario.objectives.values()],
        "seats": list_seats(found, scenario, mine.seat if mine else ""),
        "leads": leads,
        "held": found.held,
        "may_record": rules.record.permits(request.user, found),
        "steps": found.held.steps.for_list() if found.held else (),
        "has_moments": bool(found.folder.list_moments()),
        "has_ways": found.replays is not None or found.replayed_by.exists(),
        "replayed_from": get_place_time(scenario, found.replayed_from),
        "may_print": rules.open_exercise.among(
            Cohort.objects.standing(), request.user
        ).exists(),
        "may_enter": leads or mine is not None,
        "inside": get_first_page(found),
    }
    return show(request, EXERCISE, context)


def get_place_time(scenario: Scenario, at: datetime | None) -> datetime | None:
    """Get a time of an exercise as clocks show it where it is set: without a zone, or a
    page would show it in its reader's."""
    return at and at.astimezone(scenario.start.tzinfo).replace(tzinfo=None)


def get_first_page(found: Exercise) -> str:
    """Get the address of one's seat, or of the board, inside."""
    return found.prefix + "/exercise/"


def list_seats(found: Exercise, scenario: Scenario, mine: str) -> list[ShownSeat]:
    taken = list(found.seats.values_list("seat", flat=True))
    return [
        *(
            ShownSeat(
                code=seat.code,
                title=choose_text(seat.title),
                players=taken.count(seat.code),
                most=seat.most,
                is_mine=seat.code == mine,
                has_script=bool(seat.script),
                is_kept=seat.code in found.kept_seats and seat.code not in taken,
            )
            for seat in scenario.seats.values()
        ),
        *list_observers_seat(found, taken, is_mine=mine == OBSERVER_SEAT),
    ]


def list_observers_seat(
    found: Exercise, taken: list[str], *, is_mine: bool
) -> list[ShownSeat]:
    """List the place of those who watch; none where one plays alone."""
    if found.is_alone:
        return []
    return [
        ShownSeat(
            code=OBSERVER_SEAT,
            title=_("Observers"),
            players=taken.count(OBSERVER_SEAT),
            most=MOST_OBSERVERS,
            is_mine=is_mine,
            has_script=False,
            is_kept=False,
        ),
    ]


@require_POST
def take_seat(request: Request, pk: UUID) -> HttpResponse:
    found = find_exercise(request, pk)
    actions.take_seat(found, request.POST.get("seat", ""), by=request.user)
    return done(request, then=reverse("scenarios:exercise", args=[pk]))


@require_POST
def free_seat(request: Request, pk: UUID) -> HttpResponse:
    found = rules.lead.find(Exercise.objects.kept().for_list(), request.user, pk=pk)
    actions.release_seat(found, request.POST.get("seat", ""), by=request.user)
    return done(request, then=reverse("scenarios:exercise", args=[pk]))


@require_POST
def leave_seat(request: Request, pk: UUID) -> HttpResponse:
    actions.leave_seat(find_exercise(request, pk), by=request.user)
    return done(request, then=reverse("scenarios:exercise", args=[pk]))


@require_http_methods(["GET", "POST"])
def close(request: Request, pk: UUID) -> HttpResponse:
    """Close it, once it was confirmed."""
    found = rules.lead.find(Exercise.objects.kept().for_list(), request.user, pk=pk)
    if request.method == "POST":
        actions.close_exercise(found, by=request.user)
        return done(request, then=reverse("scenarios:exercise", args=[pk]))
    return show(request, CLOSE, {"exercise": found})


# --- the way in


@pass_body_on
def inside(request: Request, pk: UUID, page: str = "") -> HttpResponseBase:
    """Pass the request on to the exercise, in the seat that one plays; without one, as
    who leads it."""
    found = find_exercise(request, pk)
    seat = found.seats.filter(person=request.user).first()
    if seat is None:
        rules.lead.require(request.user, found)
    account = seat.account if seat else CONTROL
    passed = pass_in(request, found, account=account, page=page)
    return passed or show_start(request, found)


def show_start(request: Request, found: Exercise) -> HttpResponse:
    """Show how far the exercise is built, on a page that asks again by itself."""
    # 503, so that no part of a page is replaced by it, and no form is lost.
    whole = request.method == "GET" and not asks_for_part(request)
    status = 200 if whole else 503
    return show(request, STARTS, describe_start(found), status=status)


def describe_start(found: Exercise) -> dict[str, object]:
    more = {"exercise": found, "inside": get_first_page(found)}
    return describe_progress(found.folder) | more


@require_GET
def progress(request: Request, pk: UUID) -> HttpResponse:
    """Show how far it is, and lead in once its process answers: for those who go in."""
    found = find_exercise(request, pk)
    if not found.seats.filter(person=request.user).exists():
        rules.lead.require(request.user, found)
    if processes.ensure_running(found):
        return HttpResponseClientRedirect(get_first_page(found))
    return show(request, STARTS, describe_start(found), part="starting")
