"""What a file of services means: its columns, its words, and its services as they would
be."""

import json

from django.conf import settings
from django.http import HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from amana.exchange.imports import actions
from amana.exchange.imports.forms import MappingForm, TermsForm
from amana.exchange.imports.models import SourceUpload
from amana.exchange.imports.rules import bring_source
from amana.exchange.sources.confined_reading import (
    find_terms_confined,
    guess_confined,
    preview_confined,
)
from amana.exchange.sources.mapping import SourceMapping, TableMapping, read_mapping
from amana.trust.access.http import Request
from amana.ui.http import send_file, show
from amana.ui.once import answer_unless_done, apply_once

COLUMNS = "imports/columns.html"
TERMS = "imports/terms.html"
PREVIEW = "imports/preview.html"


def get_cookie_name() -> str:
    # Browsers accept a name with this prefix only from a secure connection, so no other
    # connection can plant the cookie.
    return "__Secure-source" if settings.SESSION_COOKIE_SECURE else "source"


def remember_key(
    response: HttpResponse, upload: SourceUpload, secret: str
) -> HttpResponse:
    """Leave the key of a file in the browser that sent it, for the file's pages."""
    # No script reads it, no other site's link sends it, and it ends with the browser.
    response.set_cookie(
        get_cookie_name(),
        secret,
        httponly=True,
        secure=settings.SESSION_COOKIE_SECURE,
        samesite="Strict",
        path=reverse("imports:columns", args=[upload.pk]),
    )
    return response


def find_upload(request: Request, pk: object) -> SourceUpload:
    # Without the file, which may have tens of megabytes: most pages don't need it.
    uploads = SourceUpload.objects.defer("sealed")
    return bring_source.find(uploads, request.user, pk=pk)


def get_secret(request: Request) -> str:
    return request.COOKIES.get(get_cookie_name(), "")


def open_upload(request: Request, upload: SourceUpload) -> bytes:
    return actions.open_upload(upload, get_secret(request), by=request.user)


@require_http_methods(["GET", "POST"])
@answer_unless_done
def columns(request: Request, pk: object) -> HttpResponse:
    upload = find_upload(request, pk)
    file = actions.open_sketch(upload, get_secret(request), by=request.user)
    mapping = read_mapping(upload.mapping)

    def guess(table: str, thing: str) -> TableMapping:
        packed = open_upload(request, upload)
        return guess_confined(packed, mapping, table, thing, by=request.user.pk)

    form = MappingForm(file, mapping, guess, request.POST or None)
    if form.is_valid():
        # Before the transaction: the columns of a table may have to be guessed.
        return save_columns(request, upload, form.build_mapping(), form.mapping)
    context = {"upload": upload, "file": file, "form": form}
    return show(request, COLUMNS, context, status=422 if form.is_bound else 200)


@apply_once
def save_columns(
    request: Request,
    upload: SourceUpload,
    mapping: SourceMapping,
    before: SourceMapping,
) -> HttpResponse:
    is_asked_more = any(
        mapping.get_table(name).thing and not table.thing
        for name, table in before.tables.items()
    )
    actions.save_mapping(upload, mapping, by=request.user)
    # A table that is imported from now on has columns that no one has seen yet; of a
    # translation no word is decided.
    after = "imports:preview" if mapping.translates else "imports:terms"
    return redirect("imports:columns" if is_asked_more else after, upload.pk)


@require_http_methods(["GET", "POST"])
@answer_unless_done
def terms(request: Request, pk: object) -> HttpResponse:
    upload = find_upload(request, pk)
    packed, mapping = open_upload(request, upload), read_mapping(upload.mapping)
    told = find_terms_confined(packed, mapping, by=request.user.pk)
    found = told.terms
    open_terms = [term for term in found if term.decided is None]
    again = request.GET.get("all") == "yes"
    form = TermsForm(
        found if again else open_terms,
        told.kinds,
        mapping.kinds_by_words,
        request.POST or None,
    )
    if form.is_valid():
        return save_terms(request, upload, form, left=len(open_terms))
    context = {
        "upload": upload,
        "form": form,
        "decided": len(found) - len(open_terms),
        "again": again,
    }
    return show(request, TERMS, context, status=422 if form.is_bound else 200)


@apply_once
def save_terms(
    request: Request, upload: SourceUpload, form: TermsForm, *, left: int
) -> HttpResponse:
    decided = form.build_terms()
    kinds = tuple(form.cleaned_data.get("kinds", ()))
    actions.decide_terms(upload, decided, kinds=kinds, by=request.user)
    # More than a page of words: the next ones, unless no more are wanted.
    more = left > len(form.terms) and any(decided.values())
    return redirect("imports:terms" if more else "imports:preview", upload.pk)


@require_GET
def preview(request: Request, pk: object) -> HttpResponse:
    upload = find_upload(request, pk)
    packed, mapping = open_upload(request, upload), read_mapping(upload.mapping)
    found = preview_confined(packed, mapping, by=request.user.pk)
    return show(request, PREVIEW, {"upload": upload, **vars(found)})


@require_POST
@answer_unless_done
def bring(request: Request, pk: object) -> HttpResponse:
    upload = find_upload(request, pk)
    packed, mapping = open_upload(request, upload), read_mapping(upload.mapping)
    # Read before the transaction: it takes long, and SQLite has one lock for writing.
    reading = actions.read_by_mapping(packed, mapping, by=request.user)
    read = actions.ReadFile(upload.origin, reading.found)
    return record(request, upload, actions.prepare_import(read, by=request.user))


@apply_once
def record(
    request: Request, upload: SourceUpload, prepared: actions.PreparedImport
) -> HttpResponse:
    brought = actions.record_upload(upload, prepared, by=request.user)
    return redirect("imports:brought", brought.pk)


@require_POST
@apply_once
def discard(request: Request, pk: object) -> HttpResponse:
    actions.discard_upload(find_upload(request, pk), by=request.user)
    return redirect("imports:start")


@require_GET
def mapping_file(request: Request, pk: object) -> HttpResponse:
    """Send the mapping as a file, to keep or to share."""
    upload = find_upload(request, pk)
    text = json.dumps(upload.mapping, ensure_ascii=False, indent=1)
    return send_file(text, "application/json", f"{upload.origin}-mapping.json")
