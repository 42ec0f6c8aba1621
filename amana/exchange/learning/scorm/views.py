"""Lessons as SCORM packages, for those who publish courses."""

from django.http import HttpResponse
from django.views.decorators.http import require_GET

from amana.exchange.learning.lessons import taking
from amana.exchange.learning.scorm.writing import build_package
from amana.trust.access.http import Request


@require_GET
def module(request: Request, slug: str, code: str) -> HttpResponse:
    """Send all lessons of a module."""
    return packed(request, taking.read_taken(request, slug, code))


@require_GET
def lesson(request: Request, slug: str, code: str, part: str) -> HttpResponse:
    """Send one lesson alone."""
    return packed(request, taking.read_taken(request, slug, code, part))


def packed(request: Request, taken: taking.CourseLessons) -> HttpResponse:
    made = build_package(
        taken.course,
        taken.lessons,
        title=taken.title,
        language=taken.language,
        score=taken.score,
    )
    return taking.send_package(taken, made, "scorm", request)
