"""What we do when something happens in other rooms: the case goes on by itself where
a colleague has just done, elsewhere, what a step asks for. Where it can't, what the
colleague did stands all the same: a consent taken back, a referral, a closure. Not
even a mistake of ours undoes it: it is written down, shown, and caught up with."""

import logging
from collections.abc import Callable, Iterator, Mapping, Sequence
from functools import wraps
from typing import Any, cast
from uuid import UUID

from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.dispatch import receiver

from amana.care.cases.events import (
    case_closed,
    case_kept,
    case_opened,
    case_transferred,
    case_transferring,
    gate_asked,
    mechanism_changed,
)
from amana.care.cases.gate import SafetyGate
from amana.care.cases.models import Case
from amana.care.consent.events import consent_ended, consent_given
from amana.care.consent.models import Consent
from amana.care.pathways import (
    actions,
    catching,
    sealed,
    sections,
    status,
    tasks,
    version_moves,
)
from amana.care.pathways.catching import WITHDRAWN
from amana.care.pathways.events import batch_waiting
from amana.care.pathways.gating import GATE, read_result
from amana.care.pathways.models import PathwayRun
from amana.care.pathways.rules import do_step
from amana.care.referrals.events import (
    referral_answered,
    referral_completed,
    referral_confirmed,
    referral_ended,
    referral_met,
    referral_sent,
)
from amana.care.referrals.models import Referral
from amana.care.screening.events import screening_finished
from amana.care.screening.models import Screening
from amana.design.mechanism.actions import MoveProgress, UnplacedRecord
from amana.design.mechanism.choosing import find_version_of
from amana.design.mechanism.events import (
    asked_how_far,
    asked_what_cannot_move,
    version_in_force,
)
from amana.design.mechanism.models import Version
from amana.design.pathway.pathway_model import Do, Pathway
from amana.errors import Refused
from amana.trust.access.models import User
from amana.trust.operation import queue

problems = logging.getLogger(__name__)

CONSENT = "consent"
"""The form of the step that a recorded consent stands for."""


def record_if_missed(follow: Callable[..., None]) -> Callable[..., None]:
    """Wrap a reaction, so that it undoes nothing of what it follows. Each action is
    whole by itself or undone.

    Everywhere else a mistake in the program undoes the act in which it shows. Here the
    act is a person's safety, and a consent stays taken back whatever we do with it."""

    @wraps(follow)
    def followed(**happened: Any) -> None:
        try:
            with transaction.atomic():
                follow(**happened)
        except (Refused, PermissionDenied) as no:
            problems.error("%s: %s", follow.__name__, type(no.__cause__ or no))
        except Exception as mistake:
            what, case = follow.__name__, get_case_id(happened)
            problems.error("%s could not follow: %s", what, type(mistake))
            catching.record_missed(case, what, mistake, by=happened.get("by"))

    return followed


def get_case_id(happened: Mapping[str, Any]) -> UUID:
    """Return the id of the case to which something happened, or to whose thing."""
    if "case" in happened:
        return cast("UUID", happened["case"].pk)
    if "consents" in happened:
        return cast("UUID", happened["consents"][0].case_id)
    things = (happened.get(name) for name in ("consent", "screening", "referral"))
    return next(cast("UUID", thing.case_id) for thing in things if thing is not None)


@receiver(case_opened)
@record_if_missed
def begin_with_case(
    case: Case, by: User, age_group: str, gate: SafetyGate, **kwargs: Any
) -> None:
    """Begin the pathway with what is known at the door; where the mechanism wants to
    know more, the case's page asks for it."""
    version = find_version_of(case.mechanism_id)
    if version is None:
        return
    pathway = version.pack.pathway
    known = {"age_group": age_group, "urgency": case.urgency}
    data = choose_fitting(pathway.starts_with, known)
    if data is None:
        return
    course = actions.begin_pathway(case, data=data, by=by)
    pass_gate(course, gate, by=by)


@receiver(mechanism_changed)
@record_if_missed
def follow_mechanism(case: Case, version: Version, by: User, **kwargs: object) -> None:
    """Have the case go on in the other mechanism, or set it aside for who can choose
    where. Until then it goes on by the way that it followed, with every deadline."""
    if course := find_running(case):
        version_moves.move_to_mechanism(course, version, by=by)


@receiver(gate_asked)
@record_if_missed
def react_to_gate(case: Case, by: User, gate: SafetyGate, **kwargs: object) -> None:
    if course := find_running(case):
        pass_gate(course, gate, by=by)


def pass_gate(course: PathwayRun, gate: SafetyGate, *, by: User) -> None:
    """Do the step of the safety gate, once its questions establish danger or safety.

    What isn't established leaves the step due."""
    if (known := read_result(gate)) is not None:
        finish_steps_by(course, known, by=by, form=GATE)


def choose_fitting(
    asked: Mapping[str, tuple[str, ...]], known: Mapping[str, Any]
) -> dict[str, object] | None:
    """Choose what is asked for, of what is known; None where something is missing, or
    isn't one of its codes."""
    found = {name: known.get(name) for name in asked}
    fits = all(found[name] in codes for name, codes in asked.items())
    return found if fits else None


def finish_steps_by(
    course: PathwayRun,
    known: Mapping[str, Any],
    *,
    by: User,
    form: str = "",
    screening: str = "",
) -> None:
    """Do each step due that asks for just this form or screening, if all that it
    leaves is known, and `by` may do it. What an authority decides it decides itself."""
    for key, step in iterate_due_steps(course):
        asks = (form and step.form == form) or (
            screening and step.screening == screening
        )
        data = choose_fitting(step.gives, known) if asks else None
        if data is not None and may_do(course, key, by):
            actions.finish_step(course, key, data=data, by=by)


def iterate_due_steps(course: PathwayRun, dues: Any = None) -> Iterator[tuple[str, Do]]:
    pathway: Pathway = status.get_pathway(course)
    for due in (course.dues.all() if dues is None else dues).order_by("pk"):
        step = pathway.steps.get(due.step)
        if isinstance(step, Do):
            yield due.key, step


def may_do(course: PathwayRun, key: str, by: User) -> bool:
    due = do_step.among(course.dues.filter(key=key), by).first()
    return due is not None and not actions.is_decision(course, due)


def find_running(case: Any) -> PathwayRun | None:
    """Find the running course of a case, or of its id; asked unless it came along with
    the case."""
    if isinstance(case, Case) and Case.course.is_cached(case):
        course = sections.get_course(case)
        return course if course is not None and course.ended_at is None else None
    rows = PathwayRun.objects.running().select_related("case", "version__mechanism")
    return rows.filter(case=case).first()


@receiver(case_closed)
@record_if_missed
def close_pathway(case: Case, by: User, **kwargs: object) -> None:
    """End the pathway of a case whose work has ended, wherever it was."""
    if course := find_running(case):
        actions.end_with_case(course, by=by)


@receiver(case_transferring)
def move_in_words(case: Case, by: User, **kwargs: object) -> None:
    """Move what others wrote to this team into the case, before its key is
    elsewhere."""
    if course := find_running(case):
        sealed.move_in_words(course, by=by)


@receiver(case_transferred)
@receiver(case_kept)
@record_if_missed
def follow_to_whose_it_is(case: Case, by: User, **kwargs: object) -> None:
    if course := find_running(case):
        actions.follow_case(course, by=by)


# --- what the person agrees to


@receiver(consent_given)
@record_if_missed
def react_to_consent(consents: Sequence[Consent], by: User, **kwargs: object) -> None:
    """Do the step of consent once, however many teams she was read of."""
    if course := find_running(consents[0].case):
        finish_steps_by(course, {"agrees": "yes"}, by=by, form=CONSENT)


@receiver(consent_ended)
@record_if_missed
def react_to_withdrawal(consent: Consent, by: User | None, **kwargs: object) -> None:
    """React once nothing is agreed to any more; one consent of several leaves the
    others."""
    if by is None or consent.status != Consent.Status.WITHDRAWN:
        return
    if Consent.objects.live().filter(case=consent.case_id).exists():
        return
    pass_message(consent.case_id, WITHDRAWN, by=by)


def pass_message(case: object, message: str, *, by: User | None) -> None:
    """Pass a message to the case, if it waits for that, or is ever open to it."""
    if course := find_running(case):
        pass_to_course(course, message, by=by)


def pass_to_course(course: PathwayRun, message: str, *, by: User | None) -> None:
    if status.is_open_to(course, message):
        actions.record_signal(course, message, by=by)


# --- what was found


@receiver(screening_finished)
@record_if_missed
def react_to_screening(
    screening: Screening, gives: Mapping[str, str], by: User, **kwargs: Any
) -> None:
    course = find_running(screening.case_id)
    if course is not None:
        form = screening.rules.form
        finish_steps_by(course, gives, by=by, form=form, screening=screening.instrument)


# --- what others do


@receiver(referral_sent)
@record_if_missed
def react_to_referral(referral: Referral, by: User, **kwargs: object) -> None:
    """Give the role to the team that is asked for help, where several could play it in
    this case."""
    course = find_running(referral.case)
    if course is None:
        return
    open_to_choice = course.dues.filter(given=False, case__restricted=False)
    if asked := set(open_to_choice.values_list("role", flat=True)):
        teams = status.RoleTeams.of(course.version)
        for role in sorted(asked.intersection(teams.roles_of(referral.recipient_id))):
            actions.give_to_team(course, role, referral.recipient, by=by)
    pass_to_course(course, "referral_sent", by=by)


@receiver(referral_met)
@record_if_missed
def react_to_meeting(referral: Referral, by: User | None, **kwargs: object) -> None:
    """Finish the one step that asks a team for just that, once the person is with
    them."""
    course = find_running(referral.case_id)
    if course is None or by is None:
        return
    # With two such steps we can't know which was meant, so a colleague does them by
    # hand.
    dues = course.dues.filter(team=referral.recipient_id, own=False)
    steps = [key for key, step in iterate_due_steps(course, dues) if not step.gives]
    if len(steps) == 1 and may_do(course, steps[0], by):
        actions.finish_step(course, steps[0], by=by)


@receiver(referral_answered)
@receiver(referral_completed)
@receiver(referral_confirmed)
@receiver(referral_ended)
@record_if_missed
def react_to_answer(referral: Referral, by: User | None, **kwargs: object) -> None:
    """Pass on `referral_accepted` and the like, where a pathway waits for it."""
    pass_message(referral.case_id, f"referral_{referral.status}", by=by)


# --- another version


@receiver(version_in_force)
def begin_move(
    version: Version, was: Version | None, by: User, **kwargs: object
) -> None:
    if was is not None:
        version_moves.begin_move(version, by=by)


@receiver(batch_waiting)
def queue_batch(**kwargs: object) -> None:
    """Queue the next cases, unless that is in the queue already."""
    # One at a time is in the queue: a second would only wait for the lock of the first.
    task = tasks.move_cases
    is_queued = queue.find_waiting_tasks().filter(task_path=task.module_path).exists()
    if not is_queued:
        task.enqueue()


@receiver(asked_what_cannot_move)
def list_unplaced(version: Version, **kwargs: object) -> list[UnplacedRecord]:
    return [
        UnplacedRecord(what, why) for what, why in version_moves.count_stranded(version)
    ]


@receiver(asked_how_far)
def report_move(version: Version, by: User, **kwargs: object) -> MoveProgress | None:
    return version_moves.report_progress(version, by=by)
