"""Pages to look something up: the words of a course, the plan of a live session."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from django.http import HttpResponse
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as lazy
from django.views.decorators.http import require_GET

from amana.academy.courses import pages
from amana.academy.courses.content import content_of
from amana.academy.courses.engine.course import Course
from amana.academy.courses.models import Enrolment
from amana.academy.courses.rules import learn
from amana.academy.courses.views import around, enrolled, module_in
from amana.trust.access.http import Request
from amana.trust.access.rules import NotAmong
from amana.ui.http import show

GLOSSARY, LIVE = "courses/glossary.html", "courses/live.html"

KINDS: dict[str, str | Promise] = {
    "present": lazy("Together"),
    "poll": lazy("Poll"),
    "breakout": lazy("In groups"),
    "discussion": lazy("Discussion"),
    "exit": lazy("Before leaving"),
}


@dataclass(frozen=True)
class Word:
    term: str
    meaning: str
    language: pages.InLanguage
    source: str


@require_GET
def glossary(request: Request, slug: str) -> HttpResponse:
    """Show the terms that the course uses, in the order of the alphabet."""
    content = content_of(enrolled(request, slug).version)
    words = sorted(words_of(content), key=lambda word: word.term.casefold())
    context = {
        "course": content,
        "title": pages.said(content, content.title),
        "words": words,
    }
    return show(request, GLOSSARY, context)


def words_of(course: Course) -> list[Word]:
    return [
        Word(
            pages.said(course, term.term),
            pages.said(course, term.meaning),
            pages.InLanguage(pages.spoken(course, term.meaning).language),
            str(course.sources.get(term.source, {}).get("title", "")),
        )
        for term in course.glossary
    ]


@dataclass(frozen=True)
class LiveStep:
    begins: int
    """Minutes after the beginning."""
    minutes: int
    title: str
    kind: str | Promise
    task: str
    low_bandwidth: str


@require_GET
def live(request: Request, slug: str, code: str) -> HttpResponse:
    """Show what happens in the live session of a module, and its equal without one."""
    content = content_of(enrolled(request, slug).version)
    found = module_in(content, code)
    plan = found.live
    if not plan:
        raise NotAmong(learn, Enrolment, {"live": code})
    context = around(content, found) | {
        "title": in_words(content, plan["title"]),
        "about": in_words(content, plan.get("about", "")),
        "minutes": plan["minutes"],
        "materials": plan.get("materials", []),
        "steps": steps_of(content, plan),
    }
    return show(request, LIVE, context)


def steps_of(course: Course, plan: Mapping[str, Any]) -> list[LiveStep]:
    steps, begins = [], 0
    for step in plan["steps"]:
        said = {
            key: in_words(course, step[key])
            for key in ("title", "task", "low_bandwidth")
        }
        kind = KINDS[step["kind"]]
        steps.append(LiveStep(begins, step["minutes"], kind=kind, **said))
        begins += step["minutes"]
    return steps


def in_words(course: Course, text: Any) -> str:
    """Format a text; what is given once is in the course's first language."""
    return pages.said(course, text) if isinstance(text, Mapping) else str(text)
