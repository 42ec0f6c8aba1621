"""Questions and sources of a course that is written, edited in forms."""

from collections.abc import Mapping
from dataclasses import dataclass

from django.http import HttpResponse, QueryDict
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import (
    require_GET,
    require_http_methods,
    require_POST,
)

from amana.academy.authoring import actions, placed_faults, question_files
from amana.academy.authoring.course_choices import (
    CourseChoices,
    list_question_codes,
    load_choices,
)
from amana.academy.authoring.lesson_sources import load_published_sources
from amana.academy.authoring.models import Draft, DraftFile
from amana.academy.authoring.placed_faults import FieldRemark
from amana.academy.authoring.question_entries import QuestionEntry
from amana.academy.authoring.question_files import SOURCES
from amana.academy.authoring.question_form import QUESTION_KINDS, QuestionForm
from amana.academy.authoring.rules import write_course
from amana.academy.authoring.source_form import SourceForm
from amana.academy.authoring.views import found_draft, get_file
from amana.academy.courses.engine import files as places
from amana.academy.courses.engine.translations import hash_wording, name_translation
from amana.faults import Fault
from amana.trust.access.http import Request, posted
from amana.trust.access.rules import NotAccessible
from amana.ui.http import done, show
from amana.ui.labels import format_list
from amana.ui.languages import format_language
from amana.ui.once import apply_once
from amana.yaml_files.yamls import YAMLSource

QUESTIONS = "authoring/questions.html"
QUESTION = "authoring/question_form.html"
SOURCE = "authoring/source_form.html"


@dataclass(frozen=True)
class QuestionShelf:
    """A file of questions in all languages of its course."""

    draft: Draft
    file: DraftFile
    files: Mapping[str, bytes]
    folder: str
    bank: bool
    source: YAMLSource
    choices: CourseChoices

    @property
    def paths(self) -> dict[str, str]:
        """The files by their languages, the first one first."""
        first, *others = self.choices.languages
        path = self.file.path
        named = {language: name_translation(path, language) for language in others}
        return {first: path, **named}

    def find_translations(self, id: str) -> dict[str, question_files.Entry]:
        """Find what other languages say of a question."""
        return {
            language: question_files.find_words(
                question_files.read_source(path, self.files.get(path)), id
            )
            for language, path in self.paths.items()
            if path != self.file.path
        }

    def compute_state(self, id: str) -> str:
        return question_files.compute_state(self.files, self.paths.values(), id)


def find_shelf(request: Request, pk: int, number: int) -> QuestionShelf | None:
    """Find a file of questions; None where it has to be mended as text first."""
    found = found_draft(request, pk)
    file = get_file(found, number)
    place = places.OF_MODULE.fullmatch(file.path)
    if place is None or place["what"] not in ("bank", "questions"):
        return None
    source = question_files.read_source(file.path, bytes(file.content))
    if source is None or not isinstance(source.plain, list | None):
        return None
    files = found.content()
    return QuestionShelf(
        draft=found,
        file=file,
        files=files,
        folder=place["folder"],
        bank=place["what"] == "bank",
        source=source,
        choices=load_choices(files, place["folder"]),
    )


# --- the list


@dataclass(frozen=True)
class QuestionLine:
    """A question in the list of its file."""

    id: str
    text: str
    critical: bool
    missing: str
    """The languages in which it can’t be read yet."""
    faults: int


@require_GET
def questions(request: Request, pk: int, number: int) -> HttpResponse:
    shelf = find_shelf(request, pk, number)
    if shelf is None:
        return done(request, then=reverse("authoring:edit", args=[pk, number]))
    context = {
        "draft": shelf.draft,
        "file": shelf.file,
        "bank": shelf.bank,
        "lines": list_lines(shelf),
        "kinds": QUESTION_KINDS.items(),
    }
    return show(request, QUESTIONS, context)


def list_lines(shelf: QuestionShelf) -> list[QuestionLine]:
    faults = count_faults(shelf)
    known = {
        language: question_files.read_source(path, shelf.files.get(path))
        for language, path in shelf.paths.items()
        if path != shelf.file.path
    }
    return [
        QuestionLine(
            id=str(entry.get("id", "")),
            text=str(entry.get("text", "")),
            critical=bool(entry.get("critical")),
            missing=format_list(
                format_language(language)
                for language, source in known.items()
                if not question_files.find_words(source, str(entry.get("id", "")))
            ),
            faults=faults.get(str(entry.get("id", "")), 0),
        )
        for entry in question_files.list_questions(shelf.source)
    ]


def count_faults(shelf: QuestionShelf) -> dict[str, int]:
    """Count the faults of each question, in all its files."""
    counts: dict[str, int] = {}
    faults, _remarks = check_shelf(shelf)
    for fault in faults:
        if found := place_fault(shelf, fault):
            counts[found[0]] = counts.get(found[0], 0) + 1
    return counts


def check_shelf(shelf: QuestionShelf) -> tuple[list[Fault], list[Fault]]:
    only = frozenset(shelf.paths.values())
    return placed_faults.check_module(shelf.files, shelf.folder, only=only)


def place_fault(
    shelf: QuestionShelf, fault: Fault
) -> tuple[str, tuple[str | int, ...], str] | None:
    """Find the question that a fault is about, the place in it, and the language; None
    for one of the whole file."""
    language = next(code for code, path in shelf.paths.items() if path == fault.file)
    source = question_files.read_source(fault.file, shelf.files.get(fault.file))
    if source is None or not fault.where:
        return None
    top, *within = fault.where
    if isinstance(top, str):
        return top, tuple(within), language
    entry = source.plain[top]
    id = str(entry.get("id", "")) if isinstance(entry, Mapping) else ""
    return id, tuple(within), language


# --- one question


@require_http_methods(["GET", "POST"])
@apply_once
def question(request: Request, pk: int, number: int, code: str) -> HttpResponse:
    shelf = find_shelf(request, pk, number)
    if shelf is None:
        return done(request, then=reverse("authoring:edit", args=[pk, number]))
    found = question_files.find_question(shelf.source, code)
    if found is None:
        raise NotAccessible(write_course, DraftFile, {"pk": number})
    said = found[1]
    kind = "one" if shelf.bank else str(said.get("kind", "one"))
    entry = QuestionEntry(kind, shelf.bank, said, shelf.find_translations(code))
    form = QuestionForm(
        entry, shelf.choices, was=shelf.compute_state(code), data=get_sent(request)
    )
    if request.method == "POST" and form.is_valid():
        return save_question(request, shelf, form, code)
    remarks = [] if request.method == "POST" else add_faults(shelf, form, code)
    context = describe_question(shelf, form) | {"id": code, "remarks": remarks}
    return show(request, QUESTION, context, status=422 if request.POST else 200)


@require_http_methods(["GET", "POST"])
@apply_once
def new_question(request: Request, pk: int, number: int) -> HttpResponse:
    shelf = find_shelf(request, pk, number)
    if shelf is None:
        return done(request, then=reverse("authoring:edit", args=[pk, number]))
    asked = request.GET.get("kind", "one")
    kind = asked if asked in QUESTION_KINDS and not shelf.bank else "one"
    entry = QuestionEntry(kind, shelf.bank, {}, {})
    was = shelf.compute_state("")
    form = QuestionForm(entry, shelf.choices, was=was, data=get_sent(request))
    if request.method == "POST" and form.is_valid():
        id = form.cleaned_data["id"]
        if id not in list_question_codes(shelf.files):
            return save_question(request, shelf, form, id)
        form.add_error("id", _("Another question has this code."))
    context = describe_question(shelf, form)
    return show(request, QUESTION, context, status=422 if request.POST else 200)


def get_sent(request: Request) -> QueryDict | None:
    return request.POST if request.method == "POST" else None


def describe_question(shelf: QuestionShelf, form: QuestionForm) -> dict[str, object]:
    kind = QUESTION_KINDS.get(form.entry.kind, "")
    return {"draft": shelf.draft, "file": shelf.file, "form": form, "kind": kind}


def add_faults(shelf: QuestionShelf, form: QuestionForm, id: str) -> list[FieldRemark]:
    """Add the faults of a question to its fields, and list what may be looked at."""
    placed = [
        [
            (fault, form.place_fault(place[1], place[2]))
            for fault in found
            if (place := place_fault(shelf, fault)) and place[0] == id
        ]
        for found in check_shelf(shelf)
    ]
    placed_faults.add_faults(form, placed[0])
    return placed_faults.list_remarks(form, placed[1])


def save_question(
    request: Request, shelf: QuestionShelf, form: QuestionForm, id: str
) -> HttpResponse:
    first, *others = shelf.choices.languages
    written = form.build_question()
    said: dict[str, question_files.Entry | None] = {shelf.paths[first]: written}
    for language in others:
        words = form.build_words(language)
        if words and form.cleaned_data.get(f"same-{language}"):
            words["translated_from"] = hash_wording(written)
        # A file is begun once there is something to say in it.
        if words or shelf.paths[language] in shelf.files:
            said[shelf.paths[language]] = words
    # Of a new one its code is not in the files, so nothing is what has to be there.
    was = form.cleaned_data["was"] if form.entry.said else shelf.compute_state(id)
    actions.write_entry(shelf.draft, id, said, was=was, by=request.user)
    args = [shelf.draft.pk, shelf.file.pk, id]
    return done(request, then=reverse("authoring:question", args=args))


@require_POST
@apply_once
def remove_question(request: Request, pk: int, number: int, code: str) -> HttpResponse:
    shelf = find_shelf(request, pk, number)
    # Removed twice, it is not found the second time; nothing else is touched.
    if shelf is None or question_files.find_question(shelf.source, code) is None:
        raise NotAccessible(write_course, DraftFile, {"pk": number})
    said: dict[str, question_files.Entry | None] = {
        path: None for path in shelf.paths.values() if path in shelf.files
    }
    was = shelf.compute_state(code)
    actions.write_entry(shelf.draft, code, said, was=was, by=request.user)
    return done(request, then=reverse("authoring:questions", args=[pk, number]))


# --- one source


@require_http_methods(["GET", "POST"])
@apply_once
def source(request: Request, pk: int, code: str) -> HttpResponse:
    """Change a source, or add one under a key that is cited and is gone."""
    draft = found_draft(request, pk)
    files = draft.content()
    said = find_source(files, code)
    was = question_files.compute_state(files, [SOURCES], code)
    # What was published is known for ever; the author need not type it again.
    before = said or dict(load_published_sources(files)[1].get(code, {}))
    form = SourceForm(posted(request), key=code, initial={**before, "was": was})
    if form.is_valid():
        return save_source(request, draft, form, code, said)
    context = {"draft": draft, "form": form, "key": code, "gone": not said}
    return show(request, SOURCE, context, status=422 if form.is_bound else 200)


@require_http_methods(["GET", "POST"])
@apply_once
def new_source(request: Request, pk: int) -> HttpResponse:
    draft = found_draft(request, pk)
    files = draft.content()
    form = SourceForm(posted(request))
    if form.is_valid():
        key = form.cleaned_data["key"]
        if not find_source(files, key):
            return save_source(request, draft, form, key, {})
        form.add_error("key", _("Another source has this key."))
    context = {"draft": draft, "form": form}
    return show(request, SOURCE, context, status=422 if form.is_bound else 200)


def find_source(files: Mapping[str, bytes], key: str) -> question_files.Entry:
    held = question_files.read_source(SOURCES, files.get(SOURCES))
    return question_files.find_words(held, key)


def save_source(
    request: Request,
    draft: Draft,
    form: SourceForm,
    key: str,
    said: question_files.Entry,
) -> HttpResponse:
    was = form.cleaned_data["was"]
    if not was:
        was = question_files.compute_state({}, [SOURCES], key)
    written = {SOURCES: form.build_source(said)}
    actions.write_entry(draft, key, written, was=was, by=request.user)
    return done(request, then=reverse("authoring:sources", args=[draft.pk]))
