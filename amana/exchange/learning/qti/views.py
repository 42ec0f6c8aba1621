"""A module's questions to take along; questions from elsewhere for authors."""

from django.http import HttpResponse
from django.views.decorators.http import require_GET, require_http_methods

from amana.academy.courses import pages
from amana.academy.courses.content import load_content
from amana.confined import NotRead
from amana.errors import Unreadable
from amana.exchange.learning.lessons import taking
from amana.exchange.learning.qti.forms import QuestionFileForm
from amana.exchange.learning.qti.reading import ImportedQuestion, SkippedItem, read_sent
from amana.exchange.learning.qti.writing import write_package
from amana.trust.access.http import Request
from amana.ui.http import show

BRING = "qti/bring.html"


@require_GET
def module(request: Request, slug: str, code: str) -> HttpResponse:
    """Send the questions for practice alone."""
    taken = taking.read_taken(request, slug, code)
    # The file has the right answers in it: questions of a test stay here (ADR 18).
    free = list(taken.module.practice.values())
    made = write_package(taken.course, free, language=taken.language)
    return taking.send_package(taken, made, "qti", request)


@require_http_methods(["GET", "POST"])
def bring(request: Request, slug: str) -> HttpResponse:
    """Read a file, and return it in the form of a course's file. Nothing is kept."""
    course = load_content(taking.get_version(request, slug))
    form = QuestionFileForm(request.POST or None, request.FILES or None)
    context: dict[str, object] = {
        "form": form,
        "slug": slug,
        "course_title": pages.format_text(course, course.title),
    }
    if form.is_valid():
        file = form.cleaned_data["file"]
        try:
            found = read_sent(file.read(), file.name, by=request.user.pk)
        except Unreadable as error:
            form.add_error("file", f"{error.where}: {error.what}")
        except NotRead as error:
            form.add_error("file", str(error))
        else:
            context |= build_context(found)
    wrong = form.is_bound and not form.is_valid()
    return show(request, BRING, context, status=422 if wrong else 200)


def build_context(found: list[ImportedQuestion | SkippedItem]) -> dict[str, object]:
    taken = [item for item in found if isinstance(item, ImportedQuestion)]
    return {
        "found": found,
        "taken": len(taken),
        "remarked": [item for item in taken if item.remarks],
        "aside": [item for item in found if isinstance(item, SkippedItem)],
        "written": "".join(item.written for item in taken),
    }
