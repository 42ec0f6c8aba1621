"""An exercise is played another way from one of its moments (ADR 87)."""

from dataclasses import dataclass

from django.db import transaction
from django.utils.translation import gettext as _

from amana.academy.exercises import rules
from amana.academy.exercises.actions import require_no_other
from amana.academy.exercises.models import Exercise
from amana.academy.sandboxes.sandbox_folder import KeptMoment
from amana.errors import Refused
from amana.trust.access.models import User
from amana.trust.audit import log


def find_moment(exercise: Exercise, number: int) -> KeptMoment:
    """Find a moment that was kept. Raises Refused where there is none."""
    for moment in exercise.folder.list_moments():
        if moment.number == number:
            return moment
    raise Refused(_("This moment was not kept. Choose another one."))


@transaction.atomic
def replay_exercise(exercise: Exercise, number: int, *, by: User) -> Exercise:
    """Open an exercise that is what another one was at a moment; that one stays as it
    is. Its seats are free, and its clock stops there."""
    rules.lead.require(by, exercise)
    if exercise.is_alone:
        require_no_other(by)
    moment = find_moment(exercise, number)
    replay = Exercise.objects.create(
        cohort=exercise.cohort,
        scenario=exercise.scenario,
        language=exercise.language,
        mode=exercise.mode,
        replays=exercise,
        replayed_from=moment.at,
        opened_by=by,
    )
    log.record("replayed exercise", replay, by=by, of=str(exercise.pk))
    replay.folder.create_from(moment, exercise.folder)
    return replay


@dataclass(frozen=True)
class ComparedPlay:
    """One way in which an exercise was played, with its verdicts by criterion."""

    exercise: Exercise
    scores: dict[str, str]


def list_plays(exercise: Exercise, user: User) -> list[ComparedPlay]:
    """List the ways in which it was played, the first one first; of those that one may
    see, and whose installation is still there."""
    found, ways = [exercise.original], [exercise.original]
    while found:
        found = list(
            Exercise.objects.filter(replays__in=found).order_by("opened_at", "pk")
        )
        ways += found
    seen = rules.see.among(Exercise.objects.kept(), user)
    mine = seen.filter(pk__in=[way.pk for way in ways])
    known = set(mine.values_list("pk", flat=True))
    return [
        ComparedPlay(way, way.folder.read_scores()) for way in ways if way.pk in known
    ]
