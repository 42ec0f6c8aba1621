"""Importing a file into the directory: read, review, apply, undo."""

from django.contrib import messages
from django.core.exceptions import BadRequest
from django.http import HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from amana.confined import NotRead
from amana.design.directory.placing import Turn
from amana.errors import Unreadable
from amana.exchange.imports import actions
from amana.exchange.imports.forms import FixRowForm, ServiceFileForm
from amana.exchange.imports.models import (
    Import,
    ImportOutcome,
    ImportRow,
    SourceUpload,
)
from amana.exchange.imports.rules import bring_services, bring_source, see_import_row
from amana.exchange.imports.translation_forms import TranslatedFileForm
from amana.exchange.imports.views.mapping_pages import remember_key
from amana.trust.access.http import Request
from amana.ui.http import show
from amana.ui.once import answer_unless_done, apply_once
from amana.ui.paging import find_page

START = "imports/start.html"
BROUGHT = "imports/brought.html"
ROWS = "imports/rows.html"
MEND = "imports/mend.html"


@require_http_methods(["GET", "POST"])
@answer_unless_done
def start(request: Request) -> HttpResponse:
    actions.require_importer(request.user)
    form = TranslatedFileForm(request.POST or None, request.FILES or None)
    if request.method == "POST" and form.is_valid():
        try:
            # Outside a transaction: a file is read by another process, which may take
            # its time (ADR 68).
            answer = begin(request, form)
        except Unreadable as error:
            form.add_error("file", f"{error.where}: {error.what}")
        except NotRead as error:
            form.add_error("file", str(error))
        else:
            return answer
    earlier = bring_services.among(Import.objects.order_by("-brought_at"), request.user)
    waiting = bring_source.among(SourceUpload.objects.defer("sealed"), request.user)
    context = {
        "form": form,
        "earlier": earlier[:10],
        "waiting": waiting.order_by("-brought_at")[:10],
    }
    return show(request, START, context, status=422 if form.is_bound else 200)


def begin(request: Request, form: ServiceFileForm) -> HttpResponse:
    """Read what Amana itself has written; of any other file ask what it means."""
    origin, blob = form.cleaned_data["origin"], form.cleaned_data["file"].read()
    file = actions.open_source(blob, by=request.user)
    if actions.is_own_export(file):
        read = actions.read_hsds(blob, origin=origin, by=request.user)
        return bring(request, actions.prepare_import(read, by=request.user))
    upload, secret = actions.prepare_upload(
        file,
        origin=origin,
        mapping=form.cleaned_data["mapping"],
        translates=form.cleaned_data["translates"],
        by=request.user,
    )
    return keep(request, upload, secret)


@apply_once
def keep(request: Request, upload: SourceUpload, secret: str) -> HttpResponse:
    actions.keep_upload(upload, by=request.user)
    answer = redirect("imports:columns", upload.pk)
    return remember_key(answer, upload, secret)


@apply_once
def bring(request: Request, prepared: actions.PreparedImport) -> HttpResponse:
    return redirect(
        "imports:brought", actions.begin_import(prepared, by=request.user).pk
    )


def found(request: Request, pk: object) -> Import:
    return bring_services.find(
        Import.objects.select_related("brought_by"), request.user, pk=pk
    )


@require_GET
def brought(request: Request, pk: object) -> HttpResponse:
    this = found(request, pk)
    counts = actions.count_outcomes(this)
    waiting = counts[ImportOutcome.WAITING]
    context: dict[str, object] = {
        "import": this,
        "counts": counts,
        "total": counts.total(),
        "planned": counts.total() - waiting,
        "is_planning": bool(waiting) or this.named_at is None,
        "remarked": actions.count_remarked_rows(this),
        "decisions": actions.count_names_by_kind(this),
        "partly": {"partly": "yes"},
    }
    # Once, at the end: while a large file is compared, the page asks again and again.
    if not waiting:
        context["unplaced"] = actions.count_unplaced_rows(this)
        context["turned"] = actions.list_turned_rows(this)
    return show(request, BROUGHT, context, part="progress")


@require_POST
@apply_once
def proceed(request: Request, pk: object) -> HttpResponse:
    actions.resume_import(found(request, pk), by=request.user)
    return redirect("imports:brought", pk)


@require_GET
def rows(request: Request, pk: object, outcome: str) -> HttpResponse:
    this = found(request, pk)
    some = this.rows.select_related("service")
    if outcome == "remarked":
        some = some.exclude(remarks=[])
    elif outcome == "unplaced":
        some = some.filter(placed__area="")
    else:
        some = some.filter(outcome=outcome)
    context = {
        "import": this,
        "outcome": outcome,
        "outcomes": list(ImportOutcome),
        "rows": find_page(some, request, key=("number", "pk"), size=50),
    }
    return show(request, ROWS, context, part="rows")


@require_POST
def take_in(request: Request, pk: object) -> HttpResponse:
    actions.ask_to_apply(found(request, pk), by=request.user)
    return redirect("imports:brought", pk)


@require_POST
def coordinates(request: Request, pk: object, kind: str, decision: str) -> HttpResponse:
    """Decide once on all coordinates that seem turned in one way."""
    brought = found(request, pk)
    if kind not in Turn or decision not in actions.TurnDecision:
        raise BadRequest("kind and decision have to be ones that the page offers.")
    actions.decide_turns(
        brought,
        Turn(kind),
        actions.TurnDecision(decision),
        by=request.user,
    )
    return redirect("imports:brought", pk)


@require_POST
def undo(request: Request, pk: object) -> HttpResponse:
    partly = request.POST.get("partly") == "yes"
    kept = actions.undo_import(found(request, pk), by=request.user, partly=partly)
    if kept:
        messages.warning(
            request,
            _("Services kept because people have changed or used them since: %(n)s.")
            % {"n": kept},
        )
    return redirect("imports:brought", pk)


@require_http_methods(["GET", "POST"])
def mend(request: Request, pk: object, number: int) -> HttpResponse:
    row = see_import_row.find(
        ImportRow.objects.select_related("brought"),
        request.user,
        brought=pk,
        number=number,
    )
    form = FixRowForm.of(row, request.POST or None)
    if form.is_valid():
        actions.correct_row(row, by=request.user, **form.cleaned_data)
        return redirect("imports:rows", pk, ImportOutcome.QUARANTINED)
    status = 422 if form.is_bound else 200
    return show(request, MEND, {"row": row, "form": form}, status=status)
