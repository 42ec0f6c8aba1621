"""A course to take along: which parts of it, in which format, in which language."""

from django.http import HttpResponse
from django.utils.http import urlencode
from django.views.decorators.http import require_GET

from amana.academy.courses import pages
from amana.academy.courses.content import load_content
from amana.academy.courses.engine.course_content import CourseContent
from amana.exchange.learning.lessons import lesson_formats, taking
from amana.exchange.learning.lessons.forms import ChoiceForm
from amana.trust.access.http import Request
from amana.ui.http import show

COURSE, MODULE = "lessons/course.html", "lessons/module.html"


@require_GET
def course(request: Request, slug: str) -> HttpResponse:
    """Show the course module by module."""
    content = load_content(taking.get_version(request, slug))
    context = describe_course(request, content) | {
        "title": pages.format_text(content, content.title),
        "modules": [
            (number, module.code, pages.format_text(content, module.title), links)
            for number, module in enumerate(content.modules, 1)
            for links in [lesson_formats.list_for_module(slug, module.code)]
        ],
    }
    return show(request, COURSE, context)


@require_GET
def module(request: Request, slug: str, code: str) -> HttpResponse:
    """Show the module lesson by lesson."""
    taken = taking.read_taken(request, slug, code)
    context = describe_course(request, taken.course) | {
        "title": taken.title,
        "course_title": pages.format_text(taken.course, taken.course.title),
        "lessons": [
            (pages.choose_text(taken.course, lesson.texts).said.title, links)
            for lesson in taken.lessons
            for links in [lesson_formats.list_for_lesson(slug, code, lesson.part)]
        ],
    }
    return show(request, MODULE, context)


def describe_course(request: Request, content: CourseContent) -> dict[str, object]:
    """Describe what both pages show; the links carry on what was chosen."""
    form = ChoiceForm.of(content, request)
    return {
        "slug": content.slug,
        "form": form,
        "chosen": urlencode({name: form[name].value() for name in form.fields}),
    }
