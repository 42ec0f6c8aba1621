"""Lessons, questions and sources of a course that is written, edited in forms."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from django.http import HttpResponse
from django.urls import reverse
from django.views.decorators.http import require_GET, require_http_methods

from amana.academy.authoring import (
    actions,
    file_shelves,
    lesson_parts,
    lesson_sources,
    placed_faults,
)
from amana.academy.authoring.course_choices import load_choices
from amana.academy.authoring.lesson_form import (
    LessonForm,
    TypedLesson,
    change_parts,
    read_typed_lesson,
    take_typed_lesson,
)
from amana.academy.authoring.lesson_parts import LessonDraft
from amana.academy.authoring.models import Draft, DraftFile, compute_digest
from amana.academy.authoring.placed_faults import FieldRemark
from amana.academy.authoring.views import find_original, found_draft, get_file
from amana.academy.courses.engine import files as places
from amana.trust.access.http import Request
from amana.ui.http import done, show
from amana.ui.languages import format_language
from amana.ui.once import apply_once

LESSON = "authoring/lesson_form.html"


@dataclass(frozen=True)
class EditedLesson:
    """A lesson of a draft, with all that its form needs."""

    draft: Draft
    file: DraftFile
    files: Mapping[str, bytes]
    folder: str
    language: str
    taken: LessonDraft
    original: bytes | None
    """What it is a translation of; None for what is no translation."""

    def build_form(self, typed: TypedLesson, *, unchecked: bool = False) -> LessonForm:
        read = lesson_parts.read_draft(self.original) if self.original else None
        parts = None if self.original is None else (read.parts if read else [])
        choices = load_choices(self.files, self.folder)
        return LessonForm(
            typed,
            choices,
            language=self.language,
            originals=parts,
            unchecked=unchecked,
        )

    def add_faults(self, form: LessonForm) -> list[FieldRemark]:
        """Add the faults of the file to the form’s fields, and list its remarks."""
        path = self.file.path
        faults, remarks = placed_faults.check_module(
            self.files, self.folder, only=frozenset({path})
        )
        placed = [
            [(fault, form.place_fault(self.taken, fault)) for fault in found]
            for found in (faults, remarks)
        ]
        placed_faults.add_faults(form, placed[0])
        return placed_faults.list_remarks(form, placed[1])

    def build_content(self, form: LessonForm) -> bytes:
        content = lesson_parts.write_draft(
            self.taken, form.build_head(self.taken.said), form.list_parts()
        )
        if self.original is None or not form.cleaned_data["same"]:
            return content
        matched = compute_digest(self.original)
        return file_shelves.mark_translation(content.decode(), matched).encode()


def find_lesson(request: Request, pk: int, number: int) -> EditedLesson | None:
    """Find a lesson; None where its file has to be mended as text first."""
    found = found_draft(request, pk)
    file = get_file(found, number)
    place = places.LESSON.fullmatch(file.path)
    taken = lesson_parts.read_draft(bytes(file.content)) if place else None
    if place is None or taken is None:
        return None
    files = found.content()
    return EditedLesson(
        draft=found,
        file=file,
        files=files,
        folder=place["folder"],
        language=place["language"],
        taken=taken,
        original=find_original(dict(files), file.path),
    )


@require_http_methods(["GET", "POST"])
@apply_once
def lesson(request: Request, pk: int, number: int) -> HttpResponse:
    edited = find_lesson(request, pk, number)
    if edited is None:
        return done(request, then=reverse("authoring:edit", args=[pk, number]))
    change = request.POST.get("change", "")
    if request.method == "POST":
        # Also a part that was only moved comes back with all that was typed.
        typed = read_typed_lesson(request.POST)
        moved = change_parts(typed, change, request.POST.get("add_kind", ""))
        form = edited.build_form(moved, unchecked=bool(change))
        if not change and form.is_valid():
            return save_lesson(request, edited, form)
        remarks: list[FieldRemark] = []
    else:
        typed = take_typed_lesson(edited.taken, edited.file.sha256)
        form = edited.build_form(typed)
        remarks = edited.add_faults(form)
    context = {
        "form": form,
        "remarks": remarks,
        "moved": bool(change),
        **describe_lesson(edited, form.typed),
    }
    return show(request, LESSON, context, status=422 if request.POST else 200)


def save_lesson(
    request: Request, edited: EditedLesson, form: LessonForm
) -> HttpResponse:
    actions.write_file(
        edited.draft,
        edited.file.path,
        edited.build_content(form),
        was=form.cleaned_data["was"],
        by=request.user,
    )
    args = [edited.draft.pk, edited.file.pk]
    return done(request, then=reverse("authoring:lesson", args=args))


def describe_lesson(edited: EditedLesson, typed: TypedLesson) -> dict[str, object]:
    """Describe what stands around a lesson’s form."""
    cited = lesson_sources.list_cited(typed.parts, edited.files)
    return {
        "draft": edited.draft,
        "file": edited.file,
        "language": edited.language,
        "cited": [source for source in cited if not source.gone],
        "gone": [source for source in cited if source.gone],
        "original": (edited.original or b"").decode("utf-8", "replace"),
        "languages": list_languages(edited),
    }


@dataclass(frozen=True)
class LessonLanguage:
    """A lesson in one of the languages of its course."""

    name: str
    path: str
    number: int
    """Of its file; 0: there is none yet."""
    here: bool


def list_languages(edited: EditedLesson) -> list[LessonLanguage]:
    choices = load_choices(edited.files, edited.folder)
    part = edited.file.path.rpartition("/")[2]
    paths = {
        language: f"modules/{edited.folder}/{language}/{part}"
        for language in choices.languages
    }
    numbers = find_numbers(edited.draft, paths.values())
    return [
        LessonLanguage(
            format_language(language),
            path,
            numbers.get(path, 0),
            here=language == edited.language,
        )
        for language, path in paths.items()
    ]


def find_numbers(draft: Draft, paths: Iterable[str]) -> dict[str, int]:
    found = draft.files.filter(path__in=list(paths))
    return dict(found.values_list("path", "pk"))


@require_GET
def sources(request: Request, pk: int) -> HttpResponse:
    """List the sources of a course, to change one or to add one."""
    found = found_draft(request, pk)
    choices = load_choices(found.content(), "")
    context = {"draft": found, "sources": choices.sources}
    return show(request, "authoring/sources.html", context)
