"""A course being written: its files, what has to be mended, how it will look."""

from dataclasses import dataclass

from django.http import HttpResponse
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.csp import csp_override
from django.views.decorators.http import (
    require_GET,
    require_http_methods,
    require_POST,
)

from amana.academy.authoring import (
    actions,
    file_shelves,
    lesson_parts,
    previews,
    sent,
    skeletons,
)
from amana.academy.authoring.forms import BeginForm, FileForm, NewForm
from amana.academy.authoring.models import Draft, DraftFile, compute_digest
from amana.academy.authoring.rules import publish_draft, write_course
from amana.academy.cohorts.rules import STAFF
from amana.academy.courses import shipped_courses
from amana.academy.courses.engine import files as places
from amana.academy.courses.engine import reading
from amana.academy.courses.engine.reading import CheckedCourse
from amana.academy.courses.views import FIGURE_MAY
from amana.confined import NotRead
from amana.design.mechanism import writing
from amana.design.mechanism.labels import format_fault
from amana.design.mechanism.pack.files import get_limit, write_zip
from amana.errors import Refused
from amana.faults import Fault
from amana.trust.access.http import Request, posted
from amana.trust.access.rules import NotAccessible, has_role
from amana.ui.http import done, send_file, show
from amana.ui.once import answer_unless_done, apply_once

DRAFTS, DRAFT = "authoring/drafts.html", "authoring/draft.html"
EDIT, NEW, LOOK = "authoring/edit.html", "authoring/new.html", "authoring/look.html"


@require_http_methods(["GET", "POST"])
@answer_unless_done
def drafts(request: Request) -> HttpResponse:
    if not has_role(request.user, STAFF):
        raise NotAccessible(write_course, Draft, {})
    form = BeginForm(posted(request), request.FILES or None)
    if form.is_valid() and (files := read_chosen(form, by=request.user.pk)):
        return begin(request, *files)
    found = write_course.among(Draft.objects.open().for_list(), request.user)
    context = {"form": form, "drafts": found[:100]}
    return show(request, DRAFTS, context, status=422 if form.is_bound else 200)


@apply_once
def begin(request: Request, name: str, files: dict[str, bytes]) -> HttpResponse:
    begun = actions.begin_draft(name, files, by=request.user)
    return done(request, then=reverse("authoring:draft", args=[begun.pk]))


def read_chosen(form: BeginForm, *, by: int) -> tuple[str, dict[str, bytes]] | None:
    """Read a name and files; None where the form now shows what is wrong with the
    zip."""
    said = form.cleaned_data
    if said["folder"]:
        return said["folder"], places.read_folder(
            shipped_courses.map_folders()[said["folder"]]
        )
    if said["file"]:
        # One byte more than is permitted: too much is noticed without reading all of
        # it.
        return unpack_zip(form, said["file"].read(places.MOST_BYTES + 1), by=by)
    slug = "course"
    return slug, skeletons.build_course(slug, said["title"])


def unpack_zip(
    form: BeginForm, content: bytes, *, by: int
) -> tuple[str, dict[str, bytes]] | None:
    try:
        files, faults = sent.read_sent_zip(content, by=by)
    except NotRead as error:
        form.add_error("file", str(error))
        return None
    if files is None:
        form.add_error("file", format_fault(faults[0]))
        return None
    slug = writing.read_piece(files, "course.yaml", ("slug",))
    return str(slug or "course"), files


def found_draft(request: Request, pk: int) -> Draft:
    return write_course.find(Draft.objects.open(), request.user, pk=pk)


def get_file(draft: Draft, number: int) -> DraftFile:
    file = draft.files.filter(pk=number).first()
    if file is None:
        raise NotAccessible(write_course, DraftFile, {"pk": number})
    return file


def back(request: Request, draft: Draft) -> HttpResponse:
    return done(request, then=reverse("authoring:draft", args=[draft.pk]))


@require_GET
def draft(request: Request, pk: int) -> HttpResponse:
    found = found_draft(request, pk)
    files = found.content()
    checked = reading.read_course(files)
    context = {
        "draft": found,
        "title": writing.read_piece(files, "course.yaml", ("title",)) or found.name,
        "shelves": file_shelves.list_shelves(files, checked),
        "numbers": dict(found.files.values_list("path", "pk")),
        "faults": len(checked.faults),
        "elsewhere": file_shelves.list_other_faults(checked, files)[:20],
        "may_publish": publish_draft.permits(request.user, found),
    }
    return show(request, DRAFT, context)


# --- one file


@dataclass(frozen=True)
class DraftFault:
    """What is to be mended or looked at, with its line."""

    line: int
    words: str
    must: bool


def list_notes(checked: CheckedCourse, path: str) -> list[DraftFault]:
    def of(fault: Fault, must: bool) -> DraftFault:
        return DraftFault(fault.line or 0, format_fault(fault), must)

    faults = [of(fault, True) for fault in checked.faults if fault.file == path]
    return faults + [
        of(remark, False) for remark in checked.remarks if remark.file == path
    ]


@require_http_methods(["GET", "POST"])
@apply_once
def edit(request: Request, pk: int, number: int) -> HttpResponse:
    found = found_draft(request, pk)
    file = get_file(found, number)
    if file.path.endswith(".svg"):
        return show(request, EDIT, {"draft": found, "file": file, "drawing": True})
    files = found.content()
    original = find_original(files, file.path)
    # A draft may hold what is no UTF-8: it is shown all the same, so that it can be
    # mended.
    text = bytes(file.content).decode("utf-8", "replace")
    form = FileForm(
        posted(request),
        translation=original is not None,
        initial={"text": text, "was": file.sha256},
    )
    if form.is_valid():
        written = build_content(form, file.path, original)
        was = form.cleaned_data["was"]
        actions.write_file(found, file.path, written, was=was, by=request.user)
        return done(request, then=reverse("authoring:edit", args=[pk, number]))
    checked = reading.read_course(files)
    context = {
        "draft": found,
        "file": file,
        "form": form,
        "told": list_notes(checked, file.path),
        "lesson": bool(places.LESSON.fullmatch(file.path)),
        "by_form": file_shelves.find_form(file.path),
        "original": original.decode("utf-8", "replace") if original else "",
    }
    return show(request, EDIT, context, status=422 if form.is_bound else 200)


def find_original(files: dict[str, bytes], path: str) -> bytes | None:
    said = writing.read_piece(files, "course.yaml", ("languages",))
    first = said[0] if isinstance(said, list) and said else "en"
    return file_shelves.find_original(path, files, str(first))


def build_content(form: FileForm, path: str, original: bytes | None) -> bytes:
    """Build the file as it was typed; a translation that is up to date names its
    original."""
    text = form.cleaned_data["text"]
    if original is not None and form.cleaned_data.get("same"):
        text = file_shelves.mark_translation(text, compute_digest(original))
    return str(text).encode()


@require_http_methods(["GET", "POST"])
@apply_once
def new(request: Request, pk: int) -> HttpResponse:
    found = found_draft(request, pk)
    asked = {"path": request.GET.get("path", "")[:200]}
    form = NewForm(posted(request), request.FILES or None, initial=asked)
    if form.is_valid():
        path = form.cleaned_data["path"]
        file = form.cleaned_data["file"]
        if file:
            content = file.read(get_limit(path) + 1)
        else:
            content = build_first_content(path, found.content())
        made = actions.write_file(found, path, content, was="", by=request.user)
        return done(request, then=reverse("authoring:edit", args=[pk, made.pk]))
    context = {"draft": found, "form": form}
    return show(request, NEW, context, status=422 if form.is_bound else 200)


def build_first_content(path: str, files: dict[str, bytes]) -> bytes:
    """Build what a file begins with: a translation with what is to be translated."""
    if not places.LESSON.fullmatch(path):
        return b""
    original = find_original(files, path)
    taken = lesson_parts.read_draft(original) if original else None
    # There is nothing to translate, or nothing that can be read: it begins empty.
    if taken is None:
        return skeletons.build_lesson("…")
    return skeletons.build_translation(taken.said, taken.body)


@require_POST
@apply_once
def remove(request: Request, pk: int, number: int) -> HttpResponse:
    found = found_draft(request, pk)
    actions.remove_file(found, get_file(found, number).path, by=request.user)
    return back(request, found)


@require_GET
def look(request: Request, pk: int, number: int) -> HttpResponse:
    """Show a lesson as learners will see it, and what is right in its questions."""
    found = found_draft(request, pk)
    file = get_file(found, number)
    seen = previews.build_preview(
        found, file.path, reading.read_course(found.content())
    )
    if seen is None:
        raise Refused(_("Fix the course first. Then you can preview its lessons."))
    return show(request, LOOK, {"draft": found, "file": file, "seen": seen})


@csp_override(FIGURE_MAY)
@require_GET
def figure(request: Request, pk: int, number: int) -> HttpResponse:
    """Send a drawing of a draft."""
    file = get_file(found_draft(request, pk), number)
    # Checked again: a draft may hold what is not safe.
    if not previews.is_safe_drawing(file):
        raise Refused(_("This drawing has to be fixed before it can be shown."))
    return HttpResponse(bytes(file.content), content_type="image/svg+xml")


# --- the whole


@require_POST
@apply_once
def publish(request: Request, pk: int) -> HttpResponse:
    found = found_draft(request, pk)
    version = actions.publish_draft_version(found, by=request.user)
    return done(request, then=reverse("courses:course", args=[version.course.slug]))


@require_POST
@apply_once
def put_away(request: Request, pk: int) -> HttpResponse:
    actions.discard_draft(found_draft(request, pk), by=request.user)
    return done(request, then="authoring:drafts")


@require_GET
def download(request: Request, pk: int) -> HttpResponse:
    found = found_draft(request, pk)
    return send_file(write_zip(found.content()), "application/zip", f"{found.name}.zip")
