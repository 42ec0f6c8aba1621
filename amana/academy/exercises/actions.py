"""An exercise: opened for a cohort, played seat by seat, closed, and forgotten."""

from datetime import timedelta

from django.db import IntegrityError, transaction
from django.utils import timezone, translation
from django.utils.translation import gettext as _

from amana.academy.cohorts.models import Cohort
from amana.academy.exercises import rules
from amana.academy.exercises.accounts import MOST_OBSERVERS, OBSERVER_SEAT
from amana.academy.exercises.engine.criteria import Verdict
from amana.academy.exercises.models import Exercise, ExerciseSeat, PlayMode
from amana.academy.exercises.shipped_scenarios import ShippedScenario, load_scenarios
from amana.academy.held_exercises.actions import ExerciseReport, add_to_register
from amana.academy.held_exercises.models import HeldExercise
from amana.academy.sandboxes import processes
from amana.errors import Changed, Refused
from amana.trust.access.models import User
from amana.trust.audit import log

KEPT = timedelta(days=30)
"""So long after it was closed, what was done in an exercise can be read."""
LEFT_OPEN = timedelta(days=180)
"""After so long an exercise that no one closed is closed."""


def get_scenario(code: str) -> ShippedScenario:
    """Get a scenario that can be played. Raises Refused."""
    found = load_scenarios().get(code)
    if found is None:
        raise Refused(_("There is no such scenario."))
    return found


@transaction.atomic
def open_exercise(
    cohort: Cohort, code: str, *, mode: PlayMode = PlayMode.ROOM, by: User
) -> Exercise:
    """Open an exercise; its installation is built when someone first comes in. Raises
    Refused where one plays alone already."""
    if mode == PlayMode.ALONE:
        rules.play_alone.require(by, cohort)
        require_no_other(by)
    else:
        rules.open_exercise.require(by, cohort)
    shipped = get_scenario(code)
    scenario = shipped.scenario
    wanted = translation.get_language() or ""
    language = wanted if wanted in scenario.languages else scenario.languages[0]
    exercise = Exercise.objects.create(
        cohort=cohort, scenario=code, language=language, mode=mode, opened_by=by
    )
    log.record("opened exercise", exercise, by=by, scenario=code, mode=mode)
    exercise.folder.create(
        shipped.content,
        shipped.mechanism,
        areas=shipped.areas,
        plan={
            "language": language,
            "start": scenario.start.isoformat(),
            "zone": str(scenario.start.tzinfo),
            "mode": mode,
        },
    )
    return exercise


def require_no_other(person: User) -> None:
    """Refuse a second exercise to one who plays alone: each is an installation."""
    mine = Exercise.objects.kept().filter(opened_by=person, mode=PlayMode.ALONE)
    if mine.filter(closed_at=None).exists():
        raise Refused(_("You already play an exercise alone. Close that one first."))


@transaction.atomic
def take_seat(exercise: Exercise, code: str, *, by: User) -> ExerciseSeat:
    """Take a seat, in the place of the one that one had. Raises Refused where all its
    accounts are taken, and Changed where someone else was faster."""
    rules.see.require(by, exercise)
    require_open(exercise)
    # Who sits down after its end has played nothing, and would be certified for it.
    if exercise.folder.read_log_head() is not None:
        raise Refused(_("This exercise has ended."))
    most = get_most(exercise, code)
    # They would lose the board, or what one plays alone, and could not go back.
    if code == OBSERVER_SEAT and rules.lead.permits(by, exercise):
        raise Refused(_("You lead this exercise, so you can’t observe it."))
    require_not_watching(exercise, by)
    exercise.seats.filter(person=by).delete()
    taken = exercise.seats.filter(seat=code).values_list("number", flat=True)
    number = find_free_number(most, set(taken))
    try:
        with transaction.atomic():
            found = ExerciseSeat.objects.create(
                exercise=exercise, person=by, seat=code, number=number
            )
    except IntegrityError as error:
        raise Changed(_("Someone else took this place a moment ago.")) from error
    if exercise.is_at_a_table and code != OBSERVER_SEAT:
        keep_seats(exercise, {*exercise.kept_seats, code})
    log.record("took seat in exercise", exercise, by=by, seat=code)
    announce_seats(exercise)
    return found


@transaction.atomic
def leave_seat(exercise: Exercise, *, by: User) -> None:
    """Leave the seat that one has. Around one screen it stays with those who play."""
    rules.see.require(by, exercise)
    require_open(exercise)
    require_not_watching(exercise, by)
    exercise.seats.filter(person=by).delete()
    log.record("left seat in exercise", exercise, by=by)
    announce_seats(exercise)


@transaction.atomic
def release_seat(exercise: Exercise, code: str, *, by: User) -> None:
    """Release all places at a seat: its players have gone, and its script answers.
    Raises Refused where no one plays it."""
    rules.lead.require(by, exercise)
    require_open(exercise)
    if code == OBSERVER_SEAT:
        raise Refused(
            _("What observers have marked is theirs, so they keep their place.")
        )
    gone, _each = exercise.seats.filter(seat=code).delete()
    if not gone and code not in exercise.kept_seats:
        raise Refused(_("No one plays this seat."))
    keep_seats(exercise, {*exercise.kept_seats} - {code})
    log.record("freed seat in exercise", exercise, by=by, seat=code)
    announce_seats(exercise)


def require_not_watching(exercise: Exercise, user: User) -> None:
    """Refuse another seat to an observer, once there may be marks: who has watched
    plays no seat, and no one else continues their sheet."""
    watches = exercise.seats.filter(person=user, seat=OBSERVER_SEAT).exists()
    if watches and exercise.folder.is_built:
        raise Refused(
            _("You observe this exercise, and keep that place until its end.")
        )


def keep_seats(exercise: Exercise, codes: set[str]) -> None:
    exercise.kept_seats = sorted(codes)
    exercise.save(update_fields=["kept_seats"])


def get_most(exercise: Exercise, code: str) -> int:
    """Get how many accounts a seat has, or the place of those who watch. Raises
    Refused."""
    # No scenario has to provide for them.
    if code == OBSERVER_SEAT:
        return MOST_OBSERVERS
    seat = get_scenario(exercise.scenario).scenario.seats.get(code)
    if seat is None:
        raise Refused(_("There is no such seat in this exercise."))
    return seat.most


def find_free_number(most: int, taken: set[int]) -> int:
    free = next((n for n in range(1, most + 1) if n not in taken), None)
    if free is None:
        raise Refused(_("All %(most)s places at this seat are taken.") % {"most": most})
    return free


def announce_seats(exercise: Exercise) -> None:
    """Have scripts answer for the seats that no one plays, and for no others."""

    def write() -> None:
        # Those who watch play no seat: scripts still answer for all others.
        seats = list(exercise.seats.all())
        taken = {seat.seat for seat in seats if seat.seat != OBSERVER_SEAT}
        exercise.folder.write_played(taken | set(exercise.kept_seats))
        exercise.folder.write_observers(
            [seat.account for seat in seats if seat.seat == OBSERVER_SEAT]
        )

    # Asked once committed: what is rolled back was never played, and of two who take
    # seats at once the later one knows of both.
    transaction.on_commit(write)


@transaction.atomic
def close_exercise(exercise: Exercise, *, by: User) -> None:
    """Close it: seats stay as they are. Its pages can be read for 30 days more."""
    rules.lead.require(by, exercise)
    require_open(exercise)
    _close(exercise)
    log.record("closed exercise", exercise, by=by)


def _close(exercise: Exercise) -> None:
    still = Exercise.objects.filter(pk=exercise.pk, closed_at=None)
    if not still.update(closed_at=timezone.now()):
        raise Changed(_("Someone else has already closed this exercise."))
    transaction.on_commit(exercise.folder.close)


@transaction.atomic
def record_outcome(
    exercise: Exercise, report: ExerciseReport, *, by: User
) -> HeldExercise:
    """Record in the register what was learned from it, once. Steps are agreed there."""
    rules.record.require(by, exercise)
    # The figures count it, so it was played.
    if not exercise.seats.exclude(seat=OBSERVER_SEAT).exists():
        raise Refused(_("No one has taken a seat in this exercise yet."))
    if report.held_on < timezone.localdate(exercise.opened_at):
        raise Refused(_("Choose a day between the exercise’s opening and today."))
    held = add_to_register(report, by=by)
    if not Exercise.objects.filter(pk=exercise.pk, held=None).update(held=held):
        raise Changed(_("What was learned from this exercise is already recorded."))
    return held


@transaction.atomic
def keep_result(exercise: Exercise) -> Exercise:
    """Keep what an exercise that has ended came to, once, for when its installation is
    removed; return it as it then is."""
    head = None if exercise.log_root else exercise.folder.read_log_head()
    if head is None:
        return exercise
    size, root = head
    # What never came up, or whose time had not run out, shows nothing of conduct.
    verdicts = list(exercise.folder.read_scores().values())
    met = verdicts.count(Verdict.MET)
    Exercise.objects.filter(pk=exercise.pk, log_root="").update(
        ended_on=timezone.localdate(),
        log_size=size,
        log_root=root,
        criteria_met=met,
        criteria_tested=met + verdicts.count(Verdict.ABSENT),
    )
    log.record("kept result of exercise", exercise, by=None, root=root)
    exercise.refresh_from_db()
    return exercise


def require_open(exercise: Exercise) -> None:
    if exercise.closed_at is not None:
        raise Refused(_("This exercise is closed."))


def forget_old() -> None:
    """Close what was left open, and remove the installations whose time is over."""
    now = timezone.now()
    for exercise in Exercise.objects.filter(
        closed_at=None, opened_at__lt=now - LEFT_OPEN
    ):
        _close(exercise)
    for exercise in Exercise.objects.kept().filter(log_root=""):
        keep_result(exercise)
    over = Exercise.objects.kept().filter(closed_at__lt=now - KEPT)
    for exercise in over:
        # What is not here may be on another server, where this timer runs another day.
        is_long_over = exercise in over.filter(closed_at__lt=now - 2 * KEPT)
        if exercise.folder.path.exists() or is_long_over:
            forget(exercise)


def forget(exercise: Exercise) -> None:
    """Remove the installation of one. First from the disk: what is left there must not
    be thought gone. Raises OSError or StillRunning where something stays."""
    # In no transaction: no one could write on SQLite until its process has ended.
    if exercise.folder.path.exists():
        processes.stop(exercise.folder)
        exercise.folder.remove()
    _note_forgotten(exercise)


@transaction.atomic
def _note_forgotten(exercise: Exercise) -> None:
    Exercise.objects.filter(pk=exercise.pk).update(forgotten_at=timezone.now())
    log.record("forgot exercise", exercise, by=None)
