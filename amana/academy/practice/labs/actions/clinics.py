"""A clinic: a case is brought or opened, asked about, advised on, and a commitment is
made."""

from datetime import timedelta

from django.db import transaction
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext as _

from amana.academy import circle
from amana.academy.cohorts.models import Cohort
from amana.academy.cohorts.states import TAKES_PART
from amana.academy.practice.labs import rules, shipped_cases
from amana.academy.practice.labs.models import (
    NEXT,
    Clinic,
    ClinicMessage,
    ClinicStage,
    GivenAnswer,
)
from amana.errors import Changed, Refused
from amana.trust.access.models import User
from amana.trust.audit import log

KEPT_FOR = timedelta(days=30)
"""So long a circle can read its messages again."""

Kind = ClinicMessage.Kind

SPEAKS: dict[ClinicStage, dict[Kind, bool]] = {
    ClinicStage.TELLING: {},
    ClinicStage.QUESTIONS: {Kind.QUESTION: False, Kind.ANSWER: True},
    # While the circle advises, the presenter listens.
    ClinicStage.ADVICE: {Kind.ADVICE: False},
    ClinicStage.RESPONSE: {Kind.ANSWER: True},
    ClinicStage.COMMITMENT: {Kind.COMMITMENT: True},
    ClinicStage.CLOSED: {},
}
"""What may be written in a stage; True: by the case's presenter, else by others."""

GIVES = frozenset({ClinicStage.QUESTIONS, ClinicStage.RESPONSE})
"""When the answers of the course's case can be given."""


def list_kinds(clinic: Clinic, stage: ClinicStage, *, presents: bool) -> list[Kind]:
    """List what may be written in this stage by those who present the case, or by the
    others."""
    # No one has to act on a case of the course: there, each writes what changes at
    # their own desk.
    if clinic.case and stage == ClinicStage.COMMITMENT:
        return [] if presents else [Kind.COMMITMENT]
    return [kind for kind, own in SPEAKS[stage].items() if own is presents]


@transaction.atomic
def bring_case(cohort: Cohort, text: str, *, asks: str, by: User) -> Clinic:
    """Bring a case in which no one can be recognised, with a question to the circle:
    those who take part in the cohort today, and those who lead it."""
    rules.take_part.require(by, cohort)
    clinic = Clinic.objects.create(cohort=cohort, presenter=by)
    people = _begin(clinic, {"text": text, "asks": asks}, by=by)
    log.record("brought case to clinic", clinic, by=by, people=people)
    return clinic


@transaction.atomic
def open_case(cohort: Cohort, code: str, *, by: User) -> Clinic:
    """Open a clinic on a case of the course; those who lead the cohort present it."""
    rules.open_case.require(by, cohort)
    shipped_cases.get_case(cohort.version, code)
    clinic = Clinic.objects.create(
        cohort=cohort, presenter=by, case=code, stage=ClinicStage.TELLING
    )
    # The case itself is in the course. This first message shows who is in the circle.
    people = _begin(clinic, {"case": code}, by=by)
    log.record("opened case in clinic", clinic, by=by, people=people)
    return clinic


def _begin(clinic: Clinic, content: dict[str, str], *, by: User) -> int:
    """Begin the clinic's circle with its first message. Returns how many are in it."""
    # Fixed now: the key is wrapped for these people, and a person who joins the cohort
    # later is not in the circle (ADR 20).
    people = _circle_of(clinic.cohort) | {by}
    circle.begin(clinic.pk, people, by=by)
    _write(clinic, Kind.CASE, content, by)
    return len(people)


def _circle_of(cohort: Cohort) -> set[User]:
    seated = Q(applications__cohort=cohort, applications__status__in=sorted(TAKES_PART))
    found = User.objects.filter(seated | Q(facilitated=cohort), is_active=True)
    return set(found.distinct())


@transaction.atomic
def give_answer(clinic: Clinic, code: str, *, by: User) -> GivenAnswer:
    """Give the circle an answer of the course's case, for which it has asked."""
    rules.present.require(by, clinic)
    case = shipped_cases.load_case(clinic)
    if case is None or code not in case.answers:
        raise Refused(_("This answer is not in the case."))
    if _stage_held(clinic) not in GIVES:
        raise Changed(
            _("This does not belong to the current stage: the circle has moved on.")
        )
    given, new = GivenAnswer.objects.get_or_create(
        clinic=clinic, code=code, defaults={"by": by}
    )
    if not new:
        raise Changed(_("The circle already has this answer."))
    log.record("gave answer in clinic", clinic, by=by, answer=code)
    return given


@transaction.atomic
def write_message(clinic: Clinic, kind: Kind, text: str, *, by: User) -> ClinicMessage:
    """Write a message of a kind that this stage is for. Raises `Changed` when the
    circle has moved on."""
    rules.hear.require(by, clinic)
    stage = _stage_held(clinic)
    presents = rules.present.permits(by, clinic)
    if kind not in list_kinds(clinic, stage, presents=presents):
        raise Changed(
            _("This does not belong to the current stage: the circle has moved on.")
        )
    word = _write(clinic, kind, {"text": text}, by)
    log.record("spoke in clinic", clinic, by=by, kind=str(kind))
    return word


def _write(
    clinic: Clinic, kind: Kind, content: dict[str, str], by: User
) -> ClinicMessage:
    word = ClinicMessage.objects.create(clinic=clinic, kind=kind, by=by)
    circle.write(clinic.pk, build_word_name(word), content, by=by)
    return word


def build_word_name(word: ClinicMessage) -> str:
    return f"word {word.pk}"


@transaction.atomic
def advance(clinic: Clinic, *, to: ClinicStage, by: User) -> None:
    """Move on to the next stage, when those who present the case decide."""
    rules.present.require(by, clinic)
    was = next((stage for stage, then in NEXT.items() if then == to), None)
    closed_at = timezone.now() if to == ClinicStage.CLOSED else None
    free = Clinic.objects.filter(pk=clinic.pk, stage=was)
    if was is None or not free.update(stage=to, closed_at=closed_at):
        raise Changed(_("The circle has already moved on to the next stage."))
    clinic.stage, clinic.closed_at = to, closed_at
    log.record("moved clinic on", clinic, by=by, to=str(to))


@transaction.atomic
def destroy(clinic: Clinic, *, by: User) -> None:
    """Destroy the clinic with every word: those who present may, at any time."""
    rules.present.require(by, clinic)
    log.record("destroyed clinic", clinic, by=by)
    _destroy(clinic)


@transaction.atomic
def forget_old() -> int:
    """Destroy what was closed a month ago. Returns how many."""
    old = Clinic.objects.filter(closed_at__lt=timezone.now() - KEPT_FOR)
    found = list(old)
    for clinic in found:
        log.record("destroyed clinic", clinic, by=None)
        _destroy(clinic)
    return len(found)


def _destroy(clinic: Clinic) -> None:
    circle.destroy(clinic.pk)
    clinic.delete()


def _stage_held(clinic: Clinic) -> ClinicStage:
    """Lock the clinic, and return its stage, which stays so until we are done."""
    locked = Clinic.objects.select_for_update(no_key=True).filter(pk=clinic.pk)
    found = locked.first()
    if found is None:
        raise Refused(_("This clinic no longer exists."))
    return ClinicStage(found.stage)
