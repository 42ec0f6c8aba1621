"""What happens by itself while an exercise runs: timers by its clock, injects that come
due, and scripts that answer for seats that no one plays."""

import logging

from django.db import close_old_connections
from django.utils import timezone

from amana.academy.exercises.accounts import CONTROL
from amana.academy.exercises.engine import staging
from amana.academy.exercises.engine.scenario import ActPattern, Inject
from amana.care.consent import actions as consents
from amana.care.consent.models import Consent
from amana.errors import Refused
from amana.sandbox import act_log, moments, playing, results, scripted_answers
from amana.sandbox.agency_accounts import get_agency, get_stand_in, get_user
from amana.sandbox.agency_places import keep_places
from amana.sandbox.here import FOLDER
from amana.sandbox.server import UnixServer
from amana.sandbox.stage import Stage
from amana.sandbox.timers import run_timers

problems = logging.getLogger(__name__)


def try_turn(stage: Stage) -> None:
    """Take a turn; what goes wrong in one ends that turn alone."""
    close_old_connections()
    try:
        if FOLDER.is_closed and stage.ended_at is None:
            stage.end()
            results.keep_scores(act_log.read_log())
        if stage.speed > 0 or stage.has_moved:
            stage.has_moved = False
            stage.keep_seen()
            take_turn(stage)
    except Exception:
        problems.exception("A turn of the exercise failed.")


def is_over(stage: Stage, pages: UnixServer) -> bool:
    """Check whether this process has nothing left to do: it was told to end, or no one
    has come for half an hour."""
    if FOLDER.over.exists():
        return True
    if not pages.is_left_alone:
        return False
    # What runs faster than life would be weeks on when someone comes back; an exercise
    # over days, by the hour, goes on without a visit.
    if stage.speed > 1:
        stage.set_speed(0)
    return stage.speed == 0


def take_turn(stage: Stage) -> None:
    """Do what is due by now. Called again and again; twice does no harm."""
    scenario = playing.load_scenario()
    # Those who play an agency say themselves what is free there.
    played = {scenario.seats[code].agency for code in FOLDER.read_played()}
    keep_places(stage, sorted(scenario.agencies.keys() - played))
    # First what ends by itself: injects and scripts depend on what is still open.
    run_timers()
    log = act_log.read_log()
    due = staging.list_due_injects(scenario, log, played=stage.played)
    if due:
        moments.keep_moment(stage, [found.inject.code for found in due])
    for found in due:
        play_inject(stage, found.inject)
    for act in scripted_answers.list_scripted_acts(scenario, log, stage):
        # Noted before it is done: a process that dies in between answers no one twice.
        if stage.answer(act.answered):
            scripted_answers.play_script(stage, act)
    if timezone.now() >= scenario.length.after(scenario.start, log.calendar):
        stage.set_speed(0)


# -- injects


def play_inject(stage: Stage, inject: Inject) -> None:
    """Play an inject: its readers see it from now on."""
    if stage.play(inject.code):
        keep_places(stage, inject.places)
        if inject.do:
            do_by_itself(stage, inject.do)


def do_by_itself(stage: Stage, what: ActPattern) -> None:
    """Do what comes about without a player: consent is withdrawn in the engine, where
    a case is of that person; all else is recorded."""
    found = act_log.find_cases(what.person) if what.act == "consent.withdrawn" else []
    for consent in Consent.objects.live().filter(case__in=found):
        by = get_stand_in(consent.case.team)
        if what.recipient in ("", get_agency(consent.recipient)):
            try:
                consents.withdraw(consent, by=by)
            except Refused as no:
                stage.note(str(no))
    keys = {"person": what.person, "recipient": what.recipient}
    keys = {name: value for name, value in keys.items() if value}
    act_log.record_act(what.act, keys, by=get_user(CONTROL))
