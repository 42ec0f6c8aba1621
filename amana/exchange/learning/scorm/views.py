"""Lessons as SCORM packages, for those who publish courses."""

from django.http import HttpResponse
from django.views.decorators.http import require_GET

from amana.exchange.learning.lessons import taking
from amana.exchange.learning.scorm.writing import Edition, build_package
from amana.trust.access.http import Request


@require_GET
def module(request: Request, slug: str, code: str, edition: Edition) -> HttpResponse:
    """Send all lessons of a module."""
    return packed(request, taking.read_taken(request, slug, code), edition)


@require_GET
def lesson(
    request: Request, slug: str, code: str, part: str, edition: Edition
) -> HttpResponse:
    """Send one lesson alone."""
    return packed(request, taking.read_taken(request, slug, code, part), edition)


def packed(
    request: Request, taken: taking.CourseLessons, edition: Edition
) -> HttpResponse:
    made = build_package(
        taken.course,
        taken.lessons,
        edition=edition,
        title=taken.title,
        language=taken.language,
        score=taken.score,
    )
    name = f"scorm-{edition.version.split()[0]}"
    return taking.send_package(taken, made, name, request)
