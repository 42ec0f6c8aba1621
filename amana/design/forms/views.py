"""Pages for authors: whether a form is sound, and how it looks, on paper too."""

import base64
import binascii

from django.core.exceptions import BadRequest
from django.http import HttpResponse
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST

from amana.confined import NotRead
from amana.design.forms import pages
from amana.design.forms.drawn_form import Paged
from amana.design.forms.engine.filling import FilledForm
from amana.design.forms.engine.form_model import Form
from amana.design.forms.forms import LANGUAGE, PAGED, PreviewForm, XLSFormUpload
from amana.design.forms.rules import try_form
from amana.design.forms.workbooks import read_uploaded_form
from amana.faults import Fault
from amana.trust.access.http import Request
from amana.trust.vault.compartments import Compartment
from amana.ui.http import show

WORKBOOK, FILE = "form:workbook", "form:file"
"""A form that is tried out travels with its page: nothing of it is stored."""


@require_http_methods(["GET", "POST"])
@never_cache
def check(request: Request) -> HttpResponse:
    try_form.require(request.user, request.user)
    upload = XLSFormUpload(request.POST or None, request.FILES or None)
    if request.method != "POST" or not upload.is_valid():
        status = 422 if request.method == "POST" else 200
        return show(request, "forms/check.html", {"form": upload}, status=status)
    file = upload.cleaned_data["workbook"]
    xlsx, name = file.read(), file.name
    try:
        form, faults = read_uploaded_form(xlsx, name=name, by=request.user.pk)
    except NotRead as error:
        upload.add_error("workbook", str(error))
        return show(request, "forms/check.html", {"form": upload}, status=422)
    if form is None:
        said = {"form": upload, "faults": list(map(format_fault, faults)), "file": name}
        return show(request, "forms/check.html", said, status=422)
    return tried(request, pages.open_form(form), xlsx, name)


@require_POST
@never_cache
def look(request: Request) -> HttpResponse:
    """Show the same form from its beginning, in other steps or in another language."""
    try_form.require(request.user, request.user)
    form, xlsx, name = posted_form(request)
    begun = pages.open_form(form, paged=paged(request), language=language(request))
    return tried(request, begun, xlsx, name)


@require_POST
@never_cache
def preview(request: Request) -> HttpResponse:
    """Show what the author's answers would be; nothing is stored."""
    try_form.require(request.user, request.user)
    form, xlsx, name = posted_form(request)
    taken = pages.take_answers(
        request, form, paged=paged(request), language=language(request)
    )
    if taken.finished:
        return show(
            request,
            "forms/tried.html",
            {"form": form, "taken": taken, "parts": group_by_compartment(taken.filled)},
        )
    return tried(request, taken, xlsx, name)


@require_POST
@never_cache
def blank(request: Request) -> HttpResponse:
    try_form.require(request.user, request.user)
    form, _xlsx, _name = posted_form(request)
    spoken = language(request)
    said = {
        "title": pages.format_title(form, form.language_for(spoken)),
        "sheet": pages.render_blank(form, spoken),
    }
    return show(request, "forms/paper.html", said)


def tried(
    request: Request, taken: pages.PageResult, xlsx: bytes, name: str
) -> HttpResponse:
    along = {WORKBOOK: base64.b64encode(xlsx).decode(), FILE: name}
    shown = {PAGED: taken.paged, LANGUAGE: taken.language}
    return pages.show_form(
        request,
        taken,
        to=reverse("forms:preview"),
        template="forms/preview.html",
        finish=_("See what would be sealed"),
        along=along | shown,
        context={
            "along": along,
            "shown": shown,
            "look": PreviewForm(of=taken.form, initial=shown),
        },
    )


def paged(request: Request) -> Paged:
    steps: dict[str, Paged] = {"group": "group", "question": "question"}
    return steps.get(request.POST.get(PAGED, ""), "")


def language(request: Request) -> str:
    return request.POST.get(LANGUAGE, "")


def posted_form(request: Request) -> tuple[Form, bytes, str]:
    try:
        xlsx = base64.b64decode(request.POST.get(WORKBOOK, ""), validate=True)
    except binascii.Error as error:
        raise BadRequest("The form that is tried out did not come along.") from error
    name = request.POST.get(FILE, "")
    # Read again in full: what comes back from the browser is no more trusted than an
    # upload.
    form, _faults = read_uploaded_form(xlsx, name=name, by=request.user.pk)
    if form is None:
        raise BadRequest("The form that is tried out is not sound.")
    return form, xlsx, name


def format_fault(fault: Fault) -> dict[str, object]:
    """Format a fault in the reader's language."""
    sheet, row, column = fault.where or ("", "", "")
    sentence = fault.format(_)
    return {"sheet": sheet, "row": row, "column": column, "sentence": sentence}


def group_by_compartment(filled: FilledForm) -> list[tuple[str, list[tuple[str, str]]]]:
    found = filled.answers_by_compartment()
    return [
        (str(compartment.label), sorted(found[compartment.value].items()))
        for compartment in Compartment
        if compartment.value in found
    ]
