"""What happened, as statements of xAPI 1.0.3.

A statement has the id of its event, so a store keeps once what it is sent twice. No one
is named in it. That a practice question was answered is told, how it was answered is
not: practice is never graded."""

from typing import Any

from django.conf import settings
from django.urls import reverse

from amana.academy.courses.content import content_of
from amana.academy.courses.engine import marking
from amana.academy.courses.engine.course import Course, Module, Words
from amana.academy.courses.models import Event, Verb
from amana.exchange.xapi.models import Sharing

type Json = dict[str, Any]

VERBS = {
    "completed": "http://adlnet.gov/expapi/verbs/completed",
    "answered": "http://adlnet.gov/expapi/verbs/answered",
    "passed": "http://adlnet.gov/expapi/verbs/passed",
    "failed": "http://adlnet.gov/expapi/verbs/failed",
}
TOLD = (Verb.READ, Verb.ANSWERED, Verb.SUBMITTED)
"""What is sent: how a learner began or reviews is between them and the course."""
KINDS = {
    kind: f"http://adlnet.gov/expapi/activities/{kind}"
    for kind in ("course", "module", "lesson", "question", "assessment")
}


def statement(event: Event, sharing: Sharing) -> Json:
    course = content_of(event.enrolment.version)
    verb, thing, result = told(event, course)
    said: Json = {
        # The event's own id, by which a store recognises what it is sent twice (ADR
        # 18).
        "id": str(event.pk),
        "actor": actor(sharing),
        "verb": {"id": VERBS[verb], "display": {"en": verb}},
        "object": thing,
        "timestamp": event.received_at.isoformat(),
        "context": {
            "platform": "Amana",
            "contextActivities": {"grouping": [whole(course)]},
        },
    }
    return said | ({"result": result} if result else {})


def actor(sharing: Sharing) -> Json:
    account = {"homePage": settings.ADDRESS, "name": str(sharing.pseudonym)}
    return {"objectType": "Agent", "account": account}


def told(event: Event, course: Course) -> tuple[str, Json, Json]:
    if event.verb == Verb.READ:
        return "completed", lesson(course, event.object), {"completion": True}
    if event.verb == Verb.ANSWERED:
        # How it was answered stays here: practice is never graded.
        return "answered", question(course, event.object), {}
    module = course.module(event.object)
    attempt = event.attempt
    assert module is not None and attempt is not None  # noqa: PT018 — it was handed in
    came_to = marking.result(module, str(attempt.seed), event.result["answers"])
    return (
        "passed" if came_to.passed else "failed",
        assessment(course, module),
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


def whole(course: Course) -> Json:
    url = reverse("courses:course", args=[course.slug])
    return thing("course", url, course.title)


def lesson(course: Course, path: str) -> Json:
    module, _slash, part = path.partition("/")
    found = next(lesson for lesson in course.lessons if lesson.path == path)
    titles = {language: text.title for language, text in found.texts.items()}
    return thing(
        "lesson", reverse("courses:lesson", args=[course.slug, module, part]), titles
    )


def question(course: Course, id: str) -> Json:
    module = next(module for module in course.modules if id in module.questions)
    asked = module.questions[id].texts
    titles = {language: text.text for language, text in asked.items()}
    url = reverse("courses:module", args=[course.slug, module.code])
    return thing("question", f"{url}#{id}", titles)


def assessment(course: Course, module: Module) -> Json:
    url = reverse("courses:test", args=[course.slug, module.code])
    return thing("assessment", url, module.test.title)


def thing(kind: str, path: str, name: Words) -> Json:
    definition = {"type": KINDS[kind], "name": dict(name)}
    return {"id": f"{settings.ADDRESS}{path}", "definition": definition}
