"""What happens by itself while an exercise runs: timers by its clock, injects that come
due, and scripts that answer for seats that no one plays."""

import logging
from collections.abc import Iterable

from django.db import close_old_connections
from django.db.models import QuerySet
from django.utils import timezone

from amana import given
from amana.academy.exercises.accounts import CONTROL
from amana.academy.exercises.engine import staging
from amana.academy.exercises.engine.exercise_log import ExerciseLog
from amana.academy.exercises.engine.scenario import ActPattern, Inject, Scenario
from amana.academy.exercises.engine.staging import ScriptedAct
from amana.care.consent import actions as consents
from amana.care.consent.models import Consent
from amana.care.referrals import actions as referrals
from amana.care.referrals.models import Referral, ReferralStage, ReferralStatus
from amana.care.referrals.states import DeclineReason
from amana.design.directory.models import Service
from amana.design.mechanism.models import RoleHolder
from amana.errors import Refused
from amana.sandbox import act_log, playing, world
from amana.sandbox.here import FOLDER
from amana.sandbox.server import UnixServer
from amana.sandbox.stage import Stage
from amana.sandbox.timers import run_timers
from amana.trust.access.models import Role, Team, User

problems = logging.getLogger(__name__)


def try_turn(stage: Stage) -> None:
    """Take a turn; what goes wrong in one ends that turn alone."""
    close_old_connections()
    try:
        if FOLDER.is_closed:
            stage.end()
        if stage.speed > 0 or stage.has_moved:
            stage.has_moved = False
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
    for due in staging.list_due_injects(scenario, log, played=stage.played):
        play_inject(stage, due.inject)
    for act in list_scripted_acts(scenario, log, stage):
        # Noted before it is done: a process that dies in between answers no one twice.
        if stage.answer(act.seat.code, act.event.number):
            play_script(stage, act)
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


# -- places


def keep_places(stage: Stage, agencies: Iterable[str]) -> None:
    """Have each service of these agencies offer what its agency has left: a scenario
    counts the places of an agency as one number, and not of each service."""
    for code in agencies:
        left = count_places(code, stage)
        if left is None:
            continue
        for service in list_services(code).exclude(places_free=left):
            world.set_places(service, left, by=get_user(CONTROL))


def count_places(code: str, stage: Stage) -> int | None:
    """Count how many places an agency has left: as many as the scenario gave it last,
    less those that were taken since. None: it has none that could run out."""
    scenario = playing.load_scenario()
    given, since = scenario.agencies[code].places, scenario.start
    for inject in scenario.injects.values():
        at = stage.played.get(inject.code)
        if code in inject.places and at is not None and at >= since:
            given, since = inject.places[code], at
    if given is None:
        return None
    taken = Referral.objects.filter(
        recipient__organisation__in=list_organisations(code),
        stage=ReferralStage.SERVICE,
        answered_at__gte=since,
    ).exclude(status=ReferralStatus.WAITLISTED)
    return max(0, given - taken.count())


def list_services(code: str) -> QuerySet[Service]:
    return Service.objects.filter(
        team__organisation__in=list_organisations(code)
    ).order_by("pk")


# -- scripts


def list_scripted_acts(
    scenario: Scenario, log: ExerciseLog, stage: Stage
) -> list[ScriptedAct]:
    return staging.list_scripted_acts(
        scenario,
        log,
        empty=sorted(scenario.seats.keys() - FOLDER.read_played()),
        answered=stage.scripted,
        places={
            code: left
            for code in scenario.agencies
            if (left := count_places(code, stage)) is not None
        },
    )


def play_script(stage: Stage, act: ScriptedAct) -> None:
    """Answer for a seat that no one plays, by the action that a player would take.
    What the engine refuses is written down for those who lead the exercise."""
    account = world.get_stand_in_account(act.seat.agency, Role.FOCAL_POINT)
    by = get_user(account)
    referral = Referral.objects.get(pk=act.event.keys["referral"])
    if referral.stage != ReferralStage.ANSWER:
        return  # its players answered before they left
    try:
        match act.reaction.do:
            case "referral.received":
                referrals.acknowledge(referral, by=by)
            case "referral.declined":
                reason = DeclineReason(act.reaction.reason or DeclineReason.NO_CAPACITY)
                referrals.decline(referral, reason=reason, by=by)
            case _:
                # Counted by the agency as a whole: see `keep_places`.
                referrals.accept(referral, by=by, places=0)
    except Refused as no:
        stage.note(f"{act.seat.code}: {no}")


# -- who


def get_user(account: str) -> User:
    """Get an account with its keys at hand."""
    user = User.objects.get(email=world.get_address(account))
    return given.unlock_user(user)


def get_agency(team: Team) -> str:
    """Get the code of the agency that a team is of; empty for all others."""
    codes = RoleHolder.objects.filter(organisation=team.organisation_id)
    return codes.values_list("code", flat=True).first() or ""


def get_stand_in(team: Team) -> User:
    account = world.get_stand_in_account(get_agency(team), Role.FOCAL_POINT)
    return get_user(account)


def list_organisations(agency: str) -> Iterable[int]:
    holders = RoleHolder.objects.filter(code=agency)
    return list(holders.values_list("organisation", flat=True))
