"""Begin a conversation, say something, stop. All of it stays with the learner."""

from django.db import transaction
from django.utils.translation import gettext as _

from amana.academy.courses.content import content_of
from amana.academy.courses.engine import telling
from amana.academy.courses.engine.course import Interview
from amana.academy.courses.models import Enrolment
from amana.academy.courses.rules import learn
from amana.academy.interviews.models import Run
from amana.academy.interviews.rules import practise
from amana.errors import Changed, Refused
from amana.trust.access.models import User
from amana.trust.audit import log


@transaction.atomic
def begin(enrolment: Enrolment, module: str, name: str, *, by: User) -> Run:
    """Begin from the start; a learner who is in the middle of one continues there."""
    learn.require(by, enrolment)
    if found(enrolment, module, name) is None:
        raise Refused(_("There is no such interview in this course."))
    # The constraint `run_one_at_a_time` makes one conversation of two tabs that begin
    # it.
    run, new = Run.objects.get_or_create(enrolment=enrolment, module=module, name=name)
    if new:
        log.record("began interview", run, by=by)
    return run


@transaction.atomic
def say(run: Run, at: int, *, turn: int, by: User) -> telling.Scene:
    """Choose one of the things that can be said now; `turn` is how many were said
    before. Raises `Changed` when the conversation has moved on."""
    practise.require(by, run)
    if turn != len(run.chosen):
        raise Changed(_("You have already answered here. This is where it led."))
    try:
        scene = telling.play(interview_of(run).story, [*run.chosen, at])
    except telling.Broken:
        raise Refused(_("This answer is not possible here.")) from None
    before, after = run.chosen, [*run.chosen, at]
    # Compared and set in one statement: of two tabs the second is refused, and not
    # added to a conversation that it doesn't show.
    if not Run.objects.filter(pk=run.pk, chosen=before).update(chosen=after):
        raise Changed(_("You have already answered here. This is where it led."))
    run.chosen = after
    log.record("went on in interview", run, by=by)
    return scene


@transaction.atomic
def stop(run: Run, *, by: User) -> None:
    """Stop at any time; nothing of it is kept."""
    practise.require(by, run)
    log.record("stopped interview", run, by=by)
    run.delete()


def found(enrolment: Enrolment, module: str, name: str) -> Interview | None:
    of = content_of(enrolment.version).module(module)
    return of.interview(name) if of else None


def interview_of(run: Run) -> Interview:
    interview = found(run.enrolment, run.module, run.name)
    assert interview is not None  # the version stays as it is
    return interview


def scene_of(run: Run) -> telling.Scene:
    return telling.play(interview_of(run).story, run.chosen)
