"""When a course is published, its certificates are defined; when something counts, what
is due is issued."""

from django.dispatch import receiver

from amana.academy.assessment import certification, tasks
from amana.academy.assessment.events import work_judged
from amana.academy.assessment.models import HandIn
from amana.academy.courses.events import course_published, learned
from amana.academy.courses.models import Enrolment, Version


@receiver(course_published, dispatch_uid="assessment: define certificates")
def react_to_course_published(version: Version, **_more: object) -> None:
    certification.define_achievements(version)


@receiver(learned, dispatch_uid="assessment: certify who learned")
def react_to_learned(enrolment: Enrolment, **_more: object) -> None:
    tasks.certify.enqueue(enrolment.pk)


@receiver(work_judged, dispatch_uid="assessment: certify whose work passed")
def react_to_work_judged(hand_in: HandIn, **_more: object) -> None:
    tasks.certify.enqueue(hand_in.enrolment_id)
