"""What scripts answer for seats that no one plays: to referrals, to requests for help,
and to screenings that were handed over."""

from amana.academy.exercises.engine import staging
from amana.academy.exercises.engine.exercise_log import ExerciseLog
from amana.academy.exercises.engine.scenario import Scenario
from amana.academy.exercises.engine.staging import AnsweredEvent, ScriptedAct
from amana.care.cases.actions import StatedNeed
from amana.care.cases.models.case_record import Urgency
from amana.care.referrals import actions as referrals
from amana.care.referrals.models import Referral, ReferralStage
from amana.care.referrals.states import DeclineReason
from amana.care.requests import actions as requests
from amana.care.requests.models import Enquiry
from amana.care.requests.states import EnquiryAnswer
from amana.care.screening import actions as screenings
from amana.care.screening.models import Screening, ScreeningOutcome
from amana.errors import Refused
from amana.sandbox import agency_accounts, agency_places, country
from amana.sandbox.here import FOLDER
from amana.sandbox.stage import Stage
from amana.trust.access.models import Role, User

RECEIVED, DECLINED = "referral.received", "referral.declined"


def list_scripted_acts(
    scenario: Scenario,
    log: ExerciseLog,
    stage: Stage,
    *,
    again: AnsweredEvent | None = None,
) -> list[ScriptedAct]:
    """List what scripts have to answer by now; `again`: what was noted as answered and
    may not have been."""
    return staging.list_scripted_acts(
        scenario,
        log,
        empty=sorted(scenario.seats.keys() - FOLDER.read_played()),
        answered=stage.scripted - {again},
        places=count_all_places(scenario, stage),
    )


def count_all_places(scenario: Scenario, stage: Stage) -> dict[str, int]:
    """Count what each agency that has places has left."""
    counted = {
        code: agency_places.count_places(code, stage) for code in scenario.agencies
    }
    return {code: left for code, left in counted.items() if left is not None}


def play_script(stage: Stage, act: ScriptedAct) -> None:
    """Answer for a seat that no one plays, by the action that a player would take.
    What the engine refuses is noted for those who lead the exercise."""
    account = country.get_stand_in_account(act.seat.agency, Role.FOCAL_POINT)
    by = agency_accounts.get_user(account)
    try:
        match act.event.act:
            case "help.asked":
                answer_enquiry(act, by=by)
            case staging.HANDED:
                take_screening(act, by=by)
            case _:
                answer_referral(act, by=by)
    except Refused as no:
        stage.note(f"{act.seat.code}: {no}")


def answer_referral(act: ScriptedAct, *, by: User) -> None:
    referral = Referral.objects.get(pk=act.event.keys["referral"])
    if referral.stage != ReferralStage.ANSWER:
        return  # its players answered before they left
    match act.reaction.do:
        case "referral.received":
            referrals.acknowledge(referral, by=by)
        case "referral.declined":
            referrals.decline(referral, reason=get_reason(act), by=by)
        case _:
            # Counted by the agency as a whole: see `keep_places`.
            referrals.accept(referral, by=by, places=0)


def answer_enquiry(act: ScriptedAct, *, by: User) -> None:
    enquiry = Enquiry.objects.get(pk=act.event.keys["enquiry"])
    if enquiry.state is not EnquiryAnswer.ASKED:
        return  # another team was faster, or its time is over
    if act.reaction.do == DECLINED:
        requests.decline(enquiry, reason=get_reason(act), by=by)
    elif act.reaction.do != RECEIVED:  # a request is not acknowledged
        requests.accept(enquiry, by=by, places=0)


def take_screening(act: ScriptedAct, *, by: User) -> None:
    """Take a screening on, with one need that the agency can meet; one that declines
    puts the person in touch with another service."""
    screening = Screening.objects.get(pk=act.event.keys["screening"])
    if not screening.is_waiting:
        return
    service = agency_places.list_services(act.seat.agency).first()
    if act.reaction.do == DECLINED or service is None:
        screenings.end_screening(screening, outcome=ScreeningOutcome.ELSEWHERE, by=by)
    elif act.reaction.do != RECEIVED:
        urgency = screening.urgency or Urgency.U2
        needs = [StatedNeed(service.types[0], urgency)]
        team = screening.team
        screenings.open_case(screening, team=team, records={}, needs=needs, by=by)


def get_reason(act: ScriptedAct) -> DeclineReason:
    return DeclineReason(act.reaction.reason or DeclineReason.NO_CAPACITY)
