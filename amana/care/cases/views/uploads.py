"""Files of a case: added through a narrow door, handed out without a way to run."""

from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from amana.care.cases import actions, case_exports
from amana.care.cases.forms import FileForm, RemoveFileForm
from amana.care.cases.models import Case, CaseFile, FileRemoval
from amana.care.cases.opened_records import build_written
from amana.care.cases.rules import list_readable_parts, remove_file, see_thing_of_case
from amana.care.cases.views.case_lookup import case_worked_on
from amana.care.cases.views.parts import back_to, is_shut
from amana.care.cases.views.working import ask
from amana.errors import Refused
from amana.trust.access.http import Request
from amana.trust.access.rules import NotAccessible, Rule
from amana.trust.exports import views as exports
from amana.trust.exports.models import Export
from amana.trust.vault import documents, files
from amana.trust.vault.compartments import Compartment
from amana.trust.vault.keys import Locked
from amana.ui.http import SHOWN_ALONE, done, send_file, show
from amana.ui.once import answer_unless_done, apply_once

REMOVE = "cases/remove_file.html"
AROUND_IT = 128 * 1024
"""What a form with a file has besides the file, at most."""


@require_http_methods(["GET", "POST"])
@answer_unless_done
def add(request: Request, pk: UUID) -> HttpResponse:
    """Add a file. It is examined before a transaction begins, so that none waits for
    that."""
    case = case_worked_on(request, pk)
    parts = list_readable_parts(request.user, case)
    if request.method == "GET":
        asked = {"compartment": request.GET.get("part", Compartment.EVIDENCE)}
        return ask_for(request, case, FileForm(compartments=parts, initial=asked))
    form = FileForm(request.POST, request.FILES, compartments=parts)
    if int(request.META.get("CONTENT_LENGTH") or 0) > files.LARGEST + AROUND_IT:
        form.add_error("file", _("This file is too large: at most 10 MB."))
    if not form.is_valid():
        return ask_for(request, case, form, status=422)
    upload = form.cleaned_data["file"]
    # One byte more than allowed: a larger file is noticed without reading all of it.
    content = upload.read(files.LARGEST + 1)
    try:
        looked_into = files.inspect_file(content, upload.name, by=request.user.pk)
        return keep(request, case, form, looked_into)
    except Locked:
        raise
    except Refused as no:
        form.add_error("file", str(no))
        return ask_for(request, case, form, status=409)


@apply_once
def keep(
    request: Request, case: Case, form: FileForm, looked_into: files.InspectedFile
) -> HttpResponse:
    compartment = Compartment(form.cleaned_data["compartment"])
    words = form.cleaned_data["words"]
    actions.add_file(case, compartment, looked_into, words=words, by=request.user)
    return done(request, then=back_to(case, compartment))


def ask_for(
    request: Request, case: Case, form: FileForm, status: int = 200
) -> HttpResponse:
    title, yes = _("Add a file"), _("Add the file")
    return ask(request, case, form, title=title, yes=yes, status=status, upload=True)


@require_GET
def shown(request: Request, pk: UUID) -> HttpResponse:
    """Ask why, before the harmless copy is saved. It is never shown inside a page of
    ours."""
    return ask_to_export(request, pk, case_exports.FILE)


@require_POST
def original(request: Request, pk: UUID) -> HttpResponse:
    """Ask why, before the file as it came is handed out, for a court or a
    laboratory."""
    return ask_to_export(request, pk, case_exports.ORIGINAL)


@require_http_methods(["GET", "POST"])
def remove(request: Request, pk: UUID) -> HttpResponse:
    """Destroy one file for ever; stated plainly, on a page of its own."""
    file = file_seen(request, pk, remove_file)
    compartment = Compartment(file.compartment)
    if is_shut(request, file.case, compartment):
        return redirect("cases:part", file.case_id, compartment)
    form = RemoveFileForm(request.POST or None)
    if form.is_bound and form.is_valid():
        reason = FileRemoval(form.cleaned_data["reason"])
        actions.remove_file(file, reason=reason, by=request.user)
        messages.success(request, _("The file is deleted."))
        return done(request, then=back_to(file.case, compartment))
    context = {
        "case": file.case,
        "file": file,
        "form": form,
        "name": about(request, file, "deleting a file").get("name", ""),
    }
    return show(request, REMOVE, context, status=422 if form.is_bound else 200)


def file_seen(request: Request, pk: UUID, rule: Rule = see_thing_of_case) -> CaseFile:
    found = CaseFile.objects.select_related(
        "case__team__organisation", "original__key", "shown__key"
    )
    file = rule.find(found, request.user, pk=pk)
    if Compartment(file.compartment) not in list_readable_parts(
        request.user, file.case
    ):
        raise NotAccessible(rule, CaseFile, {"pk": pk})
    return file


def about(request: Request, file: CaseFile, purpose: str) -> dict[str, object]:
    """Open the file's name and what it shows."""
    opened = documents.open_documents(
        file.case_id,
        [Compartment(file.compartment)],
        by=request.user,
        purpose=purpose,
        names=[file.document],
    )
    return build_written(opened).of(file.document)


def ask_to_export(request: Request, pk: UUID, kind: str) -> HttpResponse:
    file = file_seen(request, pk)
    if is_shut(request, file.case, Compartment(file.compartment)):
        return redirect("cases:part", file.case_id, file.compartment)
    return exports.show_reason_page(request, kind, [file.pk])


def hand_out_copy(request: Request, export: Export) -> HttpResponse:
    return hand_out(request, export, original=False)


def hand_out_original(request: Request, export: Export) -> HttpResponse:
    return hand_out(request, export, original=True)


def hand_out(request: Request, export: Export, *, original: bool) -> HttpResponse:
    """Send the file with its own bytes; its export mark is in the log alone."""
    file = file_seen(request, export.taken[0])
    if is_shut(request, file.case, Compartment(file.compartment)):
        return redirect("cases:part", file.case_id, file.compartment)
    purpose = "original file" if original else "file"
    sealed = file.original if original else file.shown
    content = documents.open_file(sealed, by=request.user, purpose=purpose)
    name = str(about(request, file, purpose).get("name") or "file")
    # The original may be a script or an attack on a viewer. As bytes of no type, with
    # the headers below, no browser runs it or shows it in a page.
    kind = "application/octet-stream" if original else file.kind
    response = send_file(content, kind, name)
    response["Content-Security-Policy"] = SHOWN_ALONE
    response["X-Content-Type-Options"] = "nosniff"
    response["Cache-Control"] = "no-store, private"
    response["Cross-Origin-Resource-Policy"] = "same-origin"
    return response
