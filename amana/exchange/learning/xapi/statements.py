"""What happened, as statements of xAPI 1.0.3.

A statement has the id of its event, so a store keeps once what it is sent twice. No one
is named in it. That a practice question was answered is told, how it was answered is
not: practice is never graded."""

from typing import Any

from django.conf import settings
from django.urls import reverse

from amana.academy.courses.content import load_content
from amana.academy.courses.engine import marking
from amana.academy.courses.engine.certifications import Words
from amana.academy.courses.engine.course_content import CourseContent, Module
from amana.academy.courses.models import Event, LearningVerb
from amana.exchange.learning.xapi.models import SharingAgreement

type Json = dict[str, Any]

VERBS = {
    "completed": "http://adlnet.gov/expapi/verbs/completed",
    "answered": "http://adlnet.gov/expapi/verbs/answered",
    "passed": "http://adlnet.gov/expapi/verbs/passed",
    "failed": "http://adlnet.gov/expapi/verbs/failed",
}
TOLD = (LearningVerb.READ, LearningVerb.ANSWERED, LearningVerb.SUBMITTED)
"""What is sent: how a learner began or reviews is between them and the course."""
KINDS = {
    kind: f"http://adlnet.gov/expapi/activities/{kind}"
    for kind in ("course", "module", "lesson", "question", "assessment")
}


def build_statement(event: Event, sharing: SharingAgreement) -> Json:
    course = load_content(event.enrolment.version)
    verb, thing, result = build_statement_parts(event, course)
    said: Json = {
        # The event's own id, by which a store recognises what it is sent twice (ADR
        # 18).
        "id": str(event.pk),
        "actor": build_actor(sharing),
        "verb": {"id": VERBS[verb], "display": {"en": verb}},
        "object": thing,
        "timestamp": event.received_at.isoformat(),
        "context": {
            "platform": "Amana",
            "contextActivities": {"grouping": [build_course(course)]},
        },
    }
    return said | ({"result": result} if result else {})


def build_actor(sharing: SharingAgreement) -> Json:
    account = {"homePage": settings.ADDRESS, "name": str(sharing.pseudonym)}
    return {"objectType": "Agent", "account": account}


def build_statement_parts(
    event: Event, course: CourseContent
) -> tuple[str, Json, Json]:
    if event.verb == LearningVerb.READ:
        return "completed", build_lesson(course, event.object), {"completion": True}
    if event.verb == LearningVerb.ANSWERED:
        # How it was answered stays here: practice is never graded.
        return "answered", build_question(course, event.object), {}
    module = course.module(event.object)
    attempt = event.attempt
    assert module is not None and attempt is not None  # noqa: PT018 — it was handed in
    came_to = marking.mark_test(module, str(attempt.seed), event.result["answers"])
    return (
        "passed" if came_to.passed else "failed",
        build_assessment(course, module),
        {
            "completion": True,
            "success": came_to.passed,
            "score": {
                "scaled": round(len(came_to.right) / came_to.asked, 4),
                "raw": len(came_to.right),
                "min": 0,
                "max": came_to.asked,
            },
        },
    )


# --- things


def build_course(course: CourseContent) -> Json:
    url = reverse("courses:course", args=[course.slug])
    return build_activity("course", url, course.title)


def build_lesson(course: CourseContent, path: str) -> Json:
    module, _slash, part = path.partition("/")
    found = next(lesson for lesson in course.lessons if lesson.path == path)
    titles = {language: text.title for language, text in found.texts.items()}
    return build_activity(
        "lesson", reverse("courses:lesson", args=[course.slug, module, part]), titles
    )


def build_question(course: CourseContent, id: str) -> Json:
    module = next(module for module in course.modules if id in module.questions)
    asked = module.questions[id].texts
    titles = {language: text.text for language, text in asked.items()}
    url = reverse("courses:module", args=[course.slug, module.code])
    return build_activity("question", f"{url}#{id}", titles)


def build_assessment(course: CourseContent, module: Module) -> Json:
    url = reverse("courses:test", args=[course.slug, module.code])
    return build_activity("assessment", url, module.test.title)


def build_activity(kind: str, path: str, name: Words) -> Json:
    definition = {"type": KINDS[kind], "name": dict(name)}
    return {"id": f"{settings.ADDRESS}{path}", "definition": definition}
