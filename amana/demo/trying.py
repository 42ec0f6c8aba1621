"""What was tried around a table, what went wrong with data, and what was done about it:
invented, through the same doors as at work."""

from datetime import timedelta

from django.utils import timezone

from amana.academy.held_exercises import actions as exercises
from amana.demo.country import DemoCountry
from amana.design.mechanism.models import Version
from amana.trust.access.models import Role, User
from amana.trust.oversight import actions as oversight
from amana.trust.oversight.actions import BreachAssessment
from amana.trust.oversight.models import Breach

HELD = (
    (
        "Nineteen people on a fishing boat",
        "table",
        300,
        ["border", "humanitarian", "health", "law_enforcement"],
        "Nobody knew who calls the interpreter, so nineteen people waited for three "
        "hours. The hospital asked everybody the same questions once more.",
    ),
    (
        "A girl of fifteen in a domestic household",
        "roles",
        95,
        ["humanitarian", "health", "legal", "law_enforcement"],
        "A guardian was asked for on the second day. The shelter heard her age last.",
    ),
)
STEPS = (
    (0, "A list of interpreters at the gate", "Border Guard", 60, 48),
    (0, "One sheet of what was asked already", "Central Hospital", 90, 131),
    (0, "A second boat with blankets", "National Coordination Office", 120, None),
    (1, "A guardian on call at night", "Ministry of Social Affairs", 60, 55),
    (1, "Ask for the age first", "Dar Amal", 200, None),
)
"""Of which exercise; what, by whom; due and done so many days after it."""


def try_out(country: DemoCountry) -> str:
    """Hold the exercises and keep the register; return the line of progress."""
    hold_exercises(country.coordinator)
    office = country.teams["National Coordination Office"]
    keep_register(country.who(office, Role.DATA_PROTECTION_OFFICER))
    return "Exercises and incidents"


def hold_exercises(by: User) -> None:
    today = timezone.localdate()
    version = Version.objects.in_force().get()
    held = [
        exercises.record_exercise(
            exercises.ExerciseReport(
                title, form, today - timedelta(days=days), spheres, learned, version
            ),
            by=by,
        )
        for title, form, days, spheres, learned in HELD
    ]
    for number, words, office, due, done in STEPS:
        exercise = held[number]
        step = exercises.agree_step(
            exercise,
            words,
            office=office,
            due_on=exercise.held_on + timedelta(days=due),
            by=by,
        )
        if done is not None:
            on = exercise.held_on + timedelta(days=done)
            exercises.finish_step(step, seen_by="Seen on a visit", done_on=on, by=by)


def keep_register(by: User) -> None:
    """Record one breach that was reported in time, one late, one that was none, and one
    whose hours run.
    """
    now = timezone.now()
    R, P = Breach.Risk, Breach.People
    for days, kind, risk, people, words in (
        (210, "sent", R.SOME, P.FEW, "A printed referral lay in another team’s tray."),
        (120, "lost", R.HIGH, P.TENS, "A telephone was left on a bus. It was locked."),
        (60, "look", R.SOME, P.FEW, "A case was opened that nobody there worked on."),
        (1, "gone", R.SOME, P.UNKNOWN, "The shelter’s line was down for a night."),
    ):
        found_at = now - timedelta(days=days)
        about = BreachAssessment(kind, risk, people)
        breach = oversight.record_breach(words, about, found_at=found_at, by=by)
        if kind == "look":
            oversight.strike_breach(breach, why="She stood in for a colleague.", by=by)
        elif kind != "gone":
            notify_and_close(breach, by=by)


def notify_and_close(breach: Breach, *, by: User) -> None:
    """Report and close a breach. A loss that could do grave harm was reported to the
    people too, and a day late.
    """
    grave = breach.risk == Breach.Risk.HIGH
    at = breach.found_at + timedelta(hours=95 if grave else 30)
    why = "It was not clear for two days what was on it." if grave else ""
    oversight.record_notification(breach, at=at, why_late=why, by=by)
    if grave:
        on = timezone.localdate(breach.found_at) + timedelta(days=5)
        oversight.record_people_told(breach, on=on, by=by)
    done = "It was wiped from afar." if grave else "The tray has a lock now."
    oversight.close_breach(breach, done=done, by=by)
