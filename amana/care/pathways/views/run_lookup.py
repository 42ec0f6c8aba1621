"""The course that an address means, as far as the user who asks may see it."""

from uuid import UUID

from amana.care.pathways.models import OpenTask, PathwayEvent, PathwayRun
from amana.care.pathways.rules import did_step, see_course
from amana.trust.access.http import Request


def get_course(request: Request, pk: UUID) -> PathwayRun:
    return see_course.find(PathwayRun.objects.for_page(), request.user, pk=pk)


def get_course_of_step(request: Request, pk: UUID, step: str) -> PathwayRun:
    """Get the course; also for a colleague of who has done the step, once it is due no
    more."""
    done = PathwayEvent.objects.filter(course=pk, step=step)
    due = OpenTask.objects.filter(course=pk, key=step)
    # Who comes second is told that a colleague was first; "page not found" would have
    # them search for the case.
    if did_step.among(done, request.user).exists() and not due.exists():
        return PathwayRun.objects.for_page().get(pk=pk)
    return get_course(request, pk)
