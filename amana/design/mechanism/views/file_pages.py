"""The files of a version: looking at them, taking them home, putting a form in."""

from typing import Unpack

from django import forms as inputs
from django.contrib import messages
from django.db.models.functions import Length
from django.http import HttpResponse
from django.utils.text import slugify
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as lazy
from django.views.decorators.http import require_GET, require_http_methods

from amana.confined import NotRead
from amana.design.mechanism import actions, labels, sent, version_contents
from amana.design.mechanism.models import Version, VersionFile
from amana.design.mechanism.pack import files as packed
from amana.design.mechanism.rules import see_version
from amana.design.mechanism.views.editing import (
    ANY_METHOD,
    build_missing,
    build_page_address,
    mine,
)
from amana.design.mechanism.views.reader_pages import about, found
from amana.faults import Fault
from amana.trust.access.http import Request, posted
from amana.trust.access.rules import NotAccessible
from amana.ui.form_options import Files, FormOptions, Posted
from amana.ui.http import done, send_file, show
from amana.ui.once import answer_unless_done, apply_once

FILES = "mechanism/files.html"
FORM = "mechanism/put_form.html"
ANOTHER = "mechanism/replace_file.html"
REMOVE = "mechanism/remove.html"

KINDS = {
    ".xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    ".yaml": "application/yaml",
    ".md": "text/markdown; charset=utf-8",
    ".csv": "text/csv; charset=utf-8",
    ".json": "application/json",
    ".toml": "application/toml",
}


@require_GET
def files(request: Request, pk: int) -> HttpResponse:
    version = found(request, pk)
    seen = version_contents.read_outline(version)
    listed = version.files.defer("content").annotate(length=Length("content"))
    context = about(request, version, seen, "files")
    context |= {"files": listed.order_by("path")}
    return show(request, FILES, context)


@require_GET
def one_file(request: Request, pk: int, file: int) -> HttpResponse:
    this = get_file(found(request, pk), file)
    return send_as_file(bytes(this.content), this.path.rpartition("/")[2])


@require_GET
def download(request: Request, pk: int) -> HttpResponse:
    """Send every file of a version, as a zip that another Amana can load."""
    version = found(request, pk)
    name = f"{version.mechanism.code}-{version.number}.zip"
    return send_as_file(packed.write_zip(version.content()), name)


def get_file(version: Version, pk: int) -> VersionFile:
    file = version.files.filter(pk=pk).first()
    if file is None:
        raise NotAccessible(see_version, VersionFile, {"pk": pk})
    return file


def send_as_file(content: bytes, name: str) -> HttpResponse:
    """Send a file to be kept, never to be shown by the browser as a page of ours."""
    ending = name[name.rfind(".") :]
    return send_file(content, KINDS.get(ending, "application/octet-stream"), name)


class FormFileForm(inputs.Form):
    form = inputs.FileField(
        label=lazy("Form (.xlsx)"),
        help_text=lazy(
            "An XLSForm in which each question names its compartment. The name of "
            "the file is the name of the form; a form with the same name is replaced."
        ),
    )

    def clean_form(self) -> object:
        file = self.cleaned_data["form"]
        # The name becomes a path in the pack, so nothing but plain letters may be in
        # it.
        stem = slugify(file.name.rpartition(".")[0])
        if not file.name.lower().endswith(".xlsx") or not stem:
            raise inputs.ValidationError(
                _("Choose an Excel file (.xlsx) whose name is made of plain letters.")
            )
        file.name = f"{stem}.xlsx"
        return file


@require_http_methods(ANY_METHOD)
@answer_unless_done
def put_form(request: Request, pk: int) -> HttpResponse:
    """Add a form from a spreadsheet; refused with each mistake and its row."""
    draft = mine(request, pk)
    form = FormFileForm(posted(request), request.FILES or None)
    faults: list[Fault] = []
    if request.method == "POST" and form.is_valid():
        file = form.cleaned_data["form"]
        # Read to one byte beyond the limit: a larger file is refused without being
        # read.
        content = file.read(packed.MOST_OF_ONE[".xlsx"] + 1)
        path = f"forms/{file.name}"
        try:
            checked, faults = sent.check_form(path, content, by=request.user.pk)
        except NotRead as error:
            form.add_error("form", str(error))
        else:
            if checked:
                return put(request, draft, checked, _("Form added to the draft."))
    context = asked_again(request, draft, form, faults, _("Add a form"))
    return show(request, FORM, context, status=422 if form.is_bound else 200)


@apply_once
def put(
    request: Request, draft: Version, file: sent.CheckedFile, said: str
) -> HttpResponse:
    actions.put_file_in_draft(draft, file, by=request.user)
    messages.success(request, said)
    return done(request, then=build_page_address("files", draft))


def asked_again(
    request: Request,
    draft: Version,
    form: inputs.Form,
    faults: list[Fault],
    title: str,
) -> dict[str, object]:
    seen = version_contents.read_outline(draft)
    return about(request, draft, seen, "files", title) | {
        "form": form,
        "faults": labels.list_shown_faults(faults),
        "then": build_page_address("files", draft),
    }


class OtherFileForm(inputs.Form):
    file = inputs.FileField(
        label=lazy("The file"),
        help_text=lazy("It replaces the current file."),
    )

    def __init__(
        self,
        data: Posted = None,
        files: Files = None,
        *,
        ending: str,
        **options: Unpack[FormOptions],
    ) -> None:
        super().__init__(data, files, **options)
        self.ending = ending

    def clean_file(self) -> object:
        file = self.cleaned_data["file"]
        if not file.name.lower().endswith(self.ending):
            raise inputs.ValidationError(
                _("Choose a file whose name ends in %(ending)s."),
                params={"ending": self.ending},
            )
        return file


@require_http_methods(ANY_METHOD)
@answer_unless_done
def replace_file(request: Request, pk: int, file: int) -> HttpResponse:
    """Replace rules of screening or lists of services, for which there is no form here:
    they are written elsewhere, and refused with each mistake and its line.
    """
    draft = mine(request, pk)
    this = draft.files.filter(pk=file).first()
    # Every other piece is changed by a form of its own here.
    if this is None or not this.path.startswith(("screening/", "services/")):
        raise build_missing(file=str(file))
    ending = this.path[this.path.rfind(".") :]
    form = OtherFileForm(posted(request), request.FILES or None, ending=ending)
    faults: list[Fault] = []
    if request.method == "POST" and form.is_valid():
        content = form.cleaned_data["file"].read(packed.MOST_OF_ONE[ending] + 1)
        by = request.user.pk
        try:
            checked, faults = sent.check_file(
                draft.content(), this.path, content, by=by
            )
        except NotRead as error:
            form.add_error("file", str(error))
        else:
            if checked:
                return put(request, draft, checked, _("Saved in the draft."))
    context = asked_again(request, draft, form, faults, this.path)
    return show(request, ANOTHER, context, status=422 if form.is_bound else 200)


@require_http_methods(ANY_METHOD)
@apply_once
def remove_form(request: Request, pk: int, file: int) -> HttpResponse:
    draft = mine(request, pk)
    this = draft.files.filter(pk=file, path__startswith="forms/").first()
    if this is None:
        raise build_missing(file=str(file))
    if request.method == "POST":
        actions.edit_draft(
            draft, lambda files: {this.path: None}, by=request.user, piece=this.path
        )
        messages.success(request, _("Removed from the draft."))
        return done(request, then=build_page_address("files", draft))
    seen = version_contents.read_outline(draft)
    context = about(request, draft, seen, "files", _("Remove a form"))
    context |= {
        "question": _("Remove this form?"),
        "what": this.path,
        "then": build_page_address("files", draft),
        "seen_piece": "",
    }
    return show(request, REMOVE, context)
