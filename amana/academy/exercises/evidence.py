"""What a certificate has of exercises: what was played, and the hash of its log."""

from collections.abc import Iterator
from datetime import date

from django.utils.translation import gettext as _

from amana.academy.courses.engine.certifications import Certification
from amana.academy.courses.models import Enrolment
from amana.academy.credentials.engine.documents import Evidence
from amana.academy.exercises.accounts import OBSERVER_SEAT
from amana.academy.exercises.actions import keep_result
from amana.academy.exercises.labels import choose_text
from amana.academy.exercises.models import Exercise, ExerciseSeat, PlayMode
from amana.academy.exercises.shipped_scenarios import load_scenarios


def iterate_evidence(enrolment: Enrolment, one: Certification) -> Iterator[Evidence]:
    """Yield the exercises of this learner's cohorts in which they had a seat, and which
    were played to their end."""
    for seat in find_seats(enrolment):
        exercise = keep_result(seat.exercise)
        if exercise.log_root:
            yield build_evidence(exercise, seat)


def find_seats(enrolment: Enrolment) -> list[ExerciseSeat]:
    """Find the seats from which they played with others, once; who observes plays none,
    and alone one could try a moment again until it goes well."""
    seats = ExerciseSeat.objects.filter(
        person=enrolment.person_id,
        exercise__cohort__version=enrolment.version_id,
        exercise__replays=None,
    ).exclude(seat=OBSERVER_SEAT)
    seats = seats.exclude(exercise__mode=PlayMode.ALONE)
    return list(seats.select_related("exercise").order_by("exercise__opened_at", "pk"))


def build_evidence(exercise: Exercise, seat: ExerciseSeat) -> Evidence:
    shipped = load_scenarios().get(exercise.scenario)
    title, role = exercise.scenario, seat.seat
    if shipped:
        title = choose_text(shipped.scenario.title)
        played = shipped.scenario.seats.get(seat.seat)
        role = choose_text(played.title) if played else role
    return Evidence(
        name=title,
        genre="exercise",
        sha256=exercise.log_root,
        narrative=describe_play(exercise, role),
    )


def describe_play(exercise: Exercise, role: str) -> str:
    """Describe what was played, and what the hash is of."""
    met = _(
        "Criteria of conduct that came up: %(tested)s; met by those who played: "
        "%(met)s."
    ) % {"tested": exercise.criteria_tested, "met": exercise.criteria_met}
    of_log = _(
        "The hash is the root over the %(size)s entries of the exercise’s log."
    ) % {"size": exercise.log_size}
    seat = _("Played the seat “%(seat)s”.") % {"seat": role}
    return f"{seat} {met} {of_log}"


def has_passed_since(enrolment: Enrolment, day: date) -> bool:
    """Check whether they have played an exercise to its end since a day, in which three
    of four criteria that came up were met."""
    # Kept now, since the installation may be removed before the certificate ends.
    played = [keep_result(seat.exercise) for seat in find_seats(enrolment)]
    return any(
        exercise.is_passed and exercise.ended_on and exercise.ended_on >= day
        for exercise in played
    )
