"""What can be done in a course: publish, begin, read, answer, take a test."""

from collections.abc import Mapping, Sequence
from uuid import UUID

from django.db import IntegrityError, transaction
from django.db.models import Max
from django.utils import timezone
from django.utils.translation import gettext as _

from amana.academy.courses import retakes
from amana.academy.courses.content import load_content
from amana.academy.courses.engine import course_content as courses
from amana.academy.courses.engine import marking, reading
from amana.academy.courses.engine.course_content import Module, Question
from amana.academy.courses.engine.marking import Given
from amana.academy.courses.events import course_published, learned
from amana.academy.courses.models import (
    Attempt,
    AttemptRequest,
    Course,
    Enrolment,
    Event,
    LearningVerb,
    Version,
)
from amana.academy.courses.rules import (
    PUBLISHERS,
    learn,
    publish_course,
    see_version,
    take_test,
)
from amana.design.mechanism.labels import format_fault
from amana.errors import Refused
from amana.faults import Fault
from amana.trust.access.models import User
from amana.trust.access.rules import Denied, has_role
from amana.trust.audit import log

SHOWN = 10
"""Faults that are shown at once; the command lists all."""


class FaultyCourse(Refused):
    """Files that make no course: refused as a whole."""

    def __init__(self, faults: Sequence[Fault]) -> None:
        self.faults = list(faults)
        first = "\n".join(format_placed_fault(fault) for fault in faults[:SHOWN])
        super().__init__(
            _("%(count)s to fix in this course:") % {"count": len(faults)}
            + f"\n{first}"
        )


def format_placed_fault(fault: Fault) -> str:
    """Format a fault with its place, in the reader's language."""
    place = f"{fault.file}:{fault.line}" if fault.line else fault.file
    words = format_fault(fault)
    return f"{place}: {words}" if place else words


@transaction.atomic
def publish_version(files: Mapping[str, bytes], *, by: User) -> Version:
    """Publish these files as the next version of their course. Raises `FaultyCourse`
    when
    they are none, and `Refused` when this wording is published already."""
    if not has_role(by, PUBLISHERS):
        raise Denied(publish_course, by)
    checked = reading.read_course(files)
    if checked.faults:
        raise FaultyCourse(checked.faults)
    slug = courses.build_course(checked.compiled).slug
    Course.objects.get_or_create(slug=slug)
    # Locked before the number is counted: two who publish at once would take the same.
    # Without the key, so that rows that refer to it can be added meanwhile.
    course = Course.objects.select_for_update(no_key=True).get(slug=slug)
    if course.versions.filter(sha256=checked.sha256).exists():
        raise Refused(_("This exact wording is already published."))
    latest = course.versions.aggregate(latest=Max("number"))["latest"] or 0
    version = Version.objects.create(
        course=course,
        number=latest + 1,
        sha256=checked.sha256,
        compiled=checked.compiled,
        published_by=by,
    )
    log.record("published course", version, by=by, sha256=version.sha256)
    course_published.send(Version, version=version, by=by)
    return version


@transaction.atomic
def begin_course(version: Version, *, by: User) -> Enrolment:
    """Begin to learn by this version, or continue."""
    see_version.require(by, version)
    enrolment, new = Enrolment.objects.get_or_create(person=by, version=version)
    if new:
        log.record("began course", enrolment, by=by, version=version.pk)
    return enrolment


@transaction.atomic
def choose_track(enrolment: Enrolment, track: str, *, by: User) -> None:
    """Learn for a sector, or for none: it comes first, and nothing is left out. Raises
    `Refused` for one that the course does not have."""
    learn.require(by, enrolment)
    if track and load_content(enrolment.version).track(track) is None:
        raise Refused(_("This course has no such track."))
    Enrolment.objects.filter(pk=enrolment.pk).update(track=track)
    enrolment.track = track
    log.record("chose track", enrolment, by=by)


@transaction.atomic
def record_read_lesson(enrolment: Enrolment, path: str, *, by: User, id: UUID) -> Event:
    """Record that a lesson was read to its end."""
    learn.require(by, enrolment)
    if path not in {lesson.path for lesson in load_content(enrolment.version).lessons}:
        raise Refused(_("There is no such lesson in this course."))
    event, new = record_event(id, enrolment, LearningVerb.READ, path)
    if new:
        log.record("read lesson", enrolment, by=by)
        learned.send(Enrolment, enrolment=enrolment)
    return event


@transaction.atomic
def record_answer(
    enrolment: Enrolment, question: str, given: Given, *, by: User, id: UUID
) -> Event:
    """Record an answer to a practice question: as often as one likes, and never
    graded."""
    learn.require(by, enrolment)
    # A question of a test is no practice: trying would tell which answer is right.
    asked = load_content(enrolment.version).practice.get(question)
    if asked is None or not marking.is_answer(asked, given):
        raise Refused(_("This is not an answer to that question."))
    event, new = record_event(
        id, enrolment, LearningVerb.ANSWERED, question, {"given": given}
    )
    if new:
        log.record("answered practice question", enrolment, by=by)
    return event


@transaction.atomic
def begin_test(enrolment: Enrolment, module: str, *, by: User) -> Attempt:
    """Begin a test with newly drawn questions, or continue an open one. Raises
    `Refused` for who took it within a day, or too often."""
    learn.require(by, enrolment)
    if load_content(enrolment.version).module(module) is None:
        raise Refused(_("There is no such module in this course."))
    # Locked: of two requests at once, one might find an attempt that the other submits,
    # and begin a second one on the same day.
    Enrolment.objects.select_for_update(no_key=True).get(pk=enrolment.pk)
    if not enrolment.attempts.open().filter(module=module).exists():
        retakes.require_open(enrolment, module)
    attempt, new = Attempt.objects.open().get_or_create(
        enrolment=enrolment, module=module, submitted_at=None
    )
    if new:
        log.record("began test", attempt, by=by)
    return attempt


@transaction.atomic
def submit_test(
    attempt: Attempt, answers: Mapping[str, Given], *, by: User, id: UUID
) -> Event:
    """Submit a test, once. What isn't answered is not right. Raises `Refused` for a
    test that was submitted before."""
    take_test.require(by, attempt)
    Enrolment.objects.select_for_update(no_key=True).get(pk=attempt.enrolment_id)
    if attempt.submitted_at is None and retakes.is_overtaken(attempt):
        raise Refused(
            _(
                "You have handed in another test of this module since you began this "
                "one, so it doesn’t count."
            )
        )
    module = get_module(attempt)
    asked = {name: module.questions[name] for name in list_question_ids(attempt)}
    for name, given in answers.items():
        if name not in asked or not marking.is_answer(asked[name], given):
            raise Refused(_("This is not an answer to that question."))
    result: dict[str, object] = {"answers": dict(answers)}
    event, new = record_event(
        id, attempt.enrolment, LearningVerb.SUBMITTED, attempt.module, result, attempt
    )
    if new:
        attempt.submitted_at = timezone.now()
        # One statement decides: of two submissions at once, one finds the attempt open.
        free = Attempt.objects.open().filter(pk=attempt.pk)
        if not free.update(submitted_at=attempt.submitted_at):
            raise Refused(_("This test has already been handed in."))
        log.record("handed in test", attempt, by=by)
        learned.send(Enrolment, enrolment=attempt.enrolment)
    return event


@transaction.atomic
def ask_for_attempts(enrolment: Enrolment, module: str, *, by: User) -> AttemptRequest:
    """Ask a person for further attempts at a test: a leader of the cohort, or a
    coordinator. Raises `Refused`
    while there are some."""
    learn.require(by, enrolment)
    if not retakes.load_retakes(enrolment, module).is_used_up:
        raise Refused(_("You can still take this test without asking anyone."))
    # In whatever version they asked: two would be answered by two talks.
    if waiting := retakes.find_requests(enrolment, module).waiting().first():
        return waiting
    request = AttemptRequest.objects.create(enrolment=enrolment, module=module)
    log.record("asked for attempts", enrolment, by=by)
    return request


def get_module(attempt: Attempt) -> Module:
    module = load_content(attempt.enrolment.version).module(attempt.module)
    assert module is not None  # it was there when the attempt began
    return module


def list_question_ids(attempt: Attempt) -> list[str]:
    return marking.choose_questions(get_module(attempt).test, str(attempt.seed))


def list_questions(attempt: Attempt) -> list[Question]:
    module = get_module(attempt)
    return [module.questions[name] for name in list_question_ids(attempt)]


def record_event(
    id: UUID,
    enrolment: Enrolment,
    verb: LearningVerb,
    object: str,
    result: Mapping[str, object] | None = None,
    attempt: Attempt | None = None,
) -> tuple[Event, bool]:
    """Record an event, and return whether it is new. Raises `Refused` when its id has
    other content."""
    said = {
        "enrolment_id": enrolment.pk,
        "verb": verb.value,
        "object": object,
        "result": dict(result or {}),
        "attempt_id": attempt.pk if attempt else None,
    }
    try:
        # A savepoint: the id comes from a device that may send an event again, and a
        # duplicate must not break the transaction around it.
        with transaction.atomic():
            return Event.objects.create(id=id, **said), True
    except IntegrityError as error:
        kept = Event.objects.filter(pk=id).first()
        if kept is None:
            raise Refused(_("This test has already been handed in.")) from error
        # The same id with other content is a fault of a device, or an attempt to change
        # what was answered (ADR 12).
        if any(getattr(kept, name) != value for name, value in said.items()):
            raise Refused(
                _("Something else has already been saved under this number.")
            ) from None
        return kept, False
