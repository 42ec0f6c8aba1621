"""What happens by itself while an exercise runs: timers by its clock, injects that come
due, and scripts that answer for seats that no one plays."""

import logging
from collections.abc import Iterable

from django.db import close_old_connections
from django.utils import timezone

from amana import given
from amana.academy.exercises.accounts import CONTROL
from amana.academy.exercises.engine import staging
from amana.academy.exercises.engine.exercise_log import ExerciseLog
from amana.academy.exercises.engine.scenario import Inject, Scenario
from amana.academy.exercises.engine.staging import ScriptedAct
from amana.care.referrals import actions as referrals
from amana.care.referrals.models import Referral
from amana.care.referrals.states import DeclineReason
from amana.design.directory.models import Service
from amana.design.mechanism.models import RoleHolder
from amana.errors import Refused
from amana.sandbox import act_log, playing, world
from amana.sandbox.here import FOLDER
from amana.sandbox.stage import Stage
from amana.trust.access.models import Role, User
from amana.trust.alarms import clockwork

problems = logging.getLogger(__name__)


def try_turn(stage: Stage) -> None:
    """Take a turn; what goes wrong in one is tried again in the next."""
    close_old_connections()
    try:
        if FOLDER.is_closed:
            stage.end()
        if stage.speed > 0:
            take_turn(stage)
    except Exception:
        problems.exception("A turn of the exercise failed.")


def take_turn(stage: Stage) -> None:
    """Do what is due by now. Called again and again; twice does no harm."""
    # First what ends by itself: injects and scripts depend on what is still open.
    run_timers()
    scenario, log = playing.load_scenario(), act_log.read_log()
    for due in staging.list_due_injects(scenario, log, played=stage.played):
        play_inject(stage, due.inject)
    for act in list_scripted_acts(scenario, log, stage):
        # Noted before it is done: a process that dies in between answers no one twice.
        if stage.answer(act.seat.code, act.event.number):
            play_script(stage, act)
    if timezone.now() >= scenario.length.after(scenario.start, log.calendar):
        stage.set_speed(0)


def run_timers() -> None:
    """Run the short timers; the long ones of the night erase and count, which no
    exercise lasts long enough for."""
    for timer in clockwork.find_due(timezone.now()):
        if not timer.is_beside and clockwork.claim(timer, timezone.now()):
            clockwork.run_timer(timer, problems.warning)


# -- injects


def play_inject(stage: Stage, inject: Inject) -> None:
    """Play an inject: its readers see it from now on."""
    if stage.play(inject.code):
        for agency, places in inject.places.items():
            set_free_places(agency, places)


def set_free_places(agency: str, places: int) -> None:
    control = get_user(CONTROL)
    services = Service.objects.filter(
        team__organisation__in=list_organisations(agency), counts_places=True
    )
    for number, service in enumerate(services.order_by("pk")):
        world.set_places(service, 0 if number else places, by=control)


# -- scripts


def list_scripted_acts(
    scenario: Scenario, log: ExerciseLog, stage: Stage
) -> list[ScriptedAct]:
    return staging.list_scripted_acts(
        scenario,
        log,
        empty=sorted(scenario.seats.keys() - FOLDER.read_played()),
        answered=stage.scripted,
        places={code: count_free_places(code) for code in scenario.agencies},
    )


def count_free_places(agency: str) -> int:
    services = Service.objects.filter(
        team__organisation__in=list_organisations(agency), counts_places=True
    )
    return sum(services.values_list("places_free", flat=True))


def play_script(stage: Stage, act: ScriptedAct) -> None:
    """Answer for a seat that no one plays, by the action that a player would take.
    What the engine refuses is written down for those who lead the exercise."""
    account = world.get_stand_in_account(act.seat.agency, Role.FOCAL_POINT)
    by = get_user(account)
    referral = Referral.objects.get(pk=act.event.keys["referral"])
    try:
        match act.reaction.do:
            case "referral.received":
                referrals.acknowledge(referral, by=by)
            case "referral.declined":
                reason = DeclineReason(act.reaction.reason or DeclineReason.NO_CAPACITY)
                referrals.decline(referral, reason=reason, by=by)
            case _:
                places = 1 if act.reaction.if_places else 0
                referrals.accept(referral, by=by, places=places)
    except Refused as no:
        stage.note(f"{act.seat.code}: {no}")


# -- who


def get_user(account: str) -> User:
    """Get an account with its keys at hand."""
    user = User.objects.get(email=world.get_address(account))
    return given.unlock_user(user)


def list_organisations(agency: str) -> Iterable[int]:
    holders = RoleHolder.objects.filter(code=agency)
    return list(holders.values_list("organisation", flat=True))
