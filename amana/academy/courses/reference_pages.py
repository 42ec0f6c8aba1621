"""Pages to look something up: the words of a course, the plan of a live session."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from django.http import HttpResponse
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as lazy
from django.views.decorators.http import require_GET

from amana.academy.courses import pages
from amana.academy.courses.content import load_content
from amana.academy.courses.engine.course_content import CourseContent
from amana.academy.courses.models import Enrolment
from amana.academy.courses.rules import learn
from amana.academy.courses.views import build_module_context, find_enrolment, get_module
from amana.trust.access.http import Request
from amana.trust.access.rules import NotAccessible
from amana.ui.http import show

GLOSSARY, LIVE = "courses/glossary.html", "courses/live.html"

KINDS: dict[str, str | Promise] = {
    "present": lazy("Whole group"),
    "poll": lazy("Poll"),
    "breakout": lazy("In groups"),
    "discussion": lazy("Discussion"),
    "exit": lazy("Before leaving"),
}


@dataclass(frozen=True)
class GlossaryWord:
    term: str
    meaning: str
    language: pages.TextLanguage
    source: str


@require_GET
def glossary(request: Request, slug: str) -> HttpResponse:
    """Show the terms that the course uses, in the order of the alphabet."""
    content = load_content(find_enrolment(request, slug).version)
    words = sorted(list_glossary(content), key=lambda word: word.term.casefold())
    context = {
        "course": content,
        "title": pages.format_text(content, content.title),
        "words": words,
    }
    return show(request, GLOSSARY, context)


def list_glossary(course: CourseContent) -> list[GlossaryWord]:
    return [
        GlossaryWord(
            pages.format_text(course, term.term),
            pages.format_text(course, term.meaning),
            pages.TextLanguage(pages.choose_text(course, term.meaning).language),
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
    content = load_content(find_enrolment(request, slug).version)
    found = get_module(content, code)
    plan = found.live
    if not plan:
        raise NotAccessible(learn, Enrolment, {"live": code})
    context = build_module_context(content, found) | {
        "title": format_text(content, plan["title"]),
        "about": format_text(content, plan.get("about", "")),
        "minutes": plan["minutes"],
        "materials": plan.get("materials", []),
        "steps": list_steps(content, plan),
    }
    return show(request, LIVE, context)


def list_steps(course: CourseContent, plan: Mapping[str, Any]) -> list[LiveStep]:
    steps, begins = [], 0
    for step in plan["steps"]:
        said = {
            key: format_text(course, step[key])
            for key in ("title", "task", "low_bandwidth")
        }
        kind = KINDS[step["kind"]]
        steps.append(LiveStep(begins, step["minutes"], kind=kind, **said))
        begins += step["minutes"]
    return steps


def format_text(course: CourseContent, text: object) -> str:
    """Format a text; what is given once is in the course's first language."""
    return pages.format_text(course, text) if isinstance(text, Mapping) else str(text)
