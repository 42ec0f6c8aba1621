"""What a file of services means: its columns, its words, and its services as they would
be."""

import json
from dataclasses import replace
from itertools import islice

from django.conf import settings
from django.http import HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from amana.exchange.imports import actions
from amana.exchange.imports.forms import MappingForm, TermsForm
from amana.exchange.imports.models import SourceUpload
from amana.exchange.imports.rules import bring_source
from amana.exchange.rows import MisplacedPart, ServiceRow
from amana.exchange.sources.kind_keywords import count_kinds
from amana.exchange.sources.mapping import SourceMapping, read_mapping
from amana.exchange.sources.reading import Reading
from amana.exchange.sources.source_tables import SourceFile
from amana.exchange.sources.terms import find_terms
from amana.trust.access.http import Request
from amana.ui.http import send_file, show
from amana.ui.once import answer_unless_done, apply_once

COLUMNS = "imports/columns.html"
TERMS = "imports/terms.html"
PREVIEW = "imports/preview.html"
PREVIEWED = 20


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
    return bring_source.find(SourceUpload.objects.all(), request.user, pk=pk)


def open_upload(request: Request, upload: SourceUpload) -> SourceFile:
    secret = request.COOKIES.get(get_cookie_name(), "")
    return actions.open_upload(upload, secret, by=request.user)


@require_http_methods(["GET", "POST"])
@answer_unless_done
def columns(request: Request, pk: object) -> HttpResponse:
    upload = find_upload(request, pk)
    file = open_upload(request, upload)
    form = MappingForm(file, read_mapping(upload.mapping), request.POST or None)
    if form.is_valid():
        # Before the transaction: of a large table the columns are guessed.
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
    # A table that is imported from now on has columns that no one has seen yet.
    return redirect("imports:columns" if is_asked_more else "imports:terms", upload.pk)


@require_http_methods(["GET", "POST"])
@answer_unless_done
def terms(request: Request, pk: object) -> HttpResponse:
    upload = find_upload(request, pk)
    file, mapping = open_upload(request, upload), read_mapping(upload.mapping)
    found = find_terms(file, mapping)
    open_terms = [term for term in found if term.decided is None]
    again = request.GET.get("all") == "yes"
    form = TermsForm(
        found if again else open_terms,
        count_kinds_by_words(request, file, mapping),
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


def count_kinds_by_words(
    request: Request, file: SourceFile, mapping: SourceMapping
) -> dict[str, int]:
    """Count the kinds that services without one would get by words, most frequent
    first: whatever was accepted of them before."""
    asked = replace(mapping, kinds_by_words=())
    reading = actions.read_by_mapping(file, asked, by=request.user)
    rows = (row for row in reading.found if isinstance(row, ServiceRow))
    return dict(count_kinds(rows).most_common())


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
    reading = read_upload(request, upload)
    services = [row for row in reading.found if isinstance(row, ServiceRow)]
    context = {
        "upload": upload,
        "services": len(services),
        "shown": list(islice(services, PREVIEWED)),
        "misplaced": count_reasons(reading),
        "accounts": reading.accounts,
        "without_kind": sum(not row.values.get("types") for row in services),
    }
    return show(request, PREVIEW, context)


def read_upload(request: Request, upload: SourceUpload) -> Reading:
    file, mapping = open_upload(request, upload), read_mapping(upload.mapping)
    return actions.read_by_mapping(file, mapping, by=request.user)


def count_reasons(reading: Reading) -> list[tuple[str, int]]:
    """Count why rows could not be placed, the most frequent reason first."""
    found: dict[str, int] = {}
    for row in reading.found:
        if isinstance(row, MisplacedPart):
            found[row.what] = found.get(row.what, 0) + 1
    return sorted(found.items(), key=lambda each: -each[1])


@require_POST
@answer_unless_done
def bring(request: Request, pk: object) -> HttpResponse:
    upload = find_upload(request, pk)
    # Read before the transaction: it takes long, and SQLite has one lock for writing.
    return record(request, upload, read_upload(request, upload))


@apply_once
def record(request: Request, upload: SourceUpload, reading: Reading) -> HttpResponse:
    brought = actions.record_upload(upload, reading, by=request.user)
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
