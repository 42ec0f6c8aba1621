"""Export people's data by the one process: a reason, a limit, a second person, a
mark."""

from collections.abc import Iterable
from uuid import UUID

from django.core.exceptions import BadRequest
from django.http import HttpResponse, HttpResponseBase
from django.shortcuts import resolve_url
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from amana.errors import Refused
from amana.trust.access.http import Request, require_pace
from amana.trust.exports import actions
from amana.trust.exports.export_kinds import KINDS, ExportKind
from amana.trust.exports.forms import ReasonForm
from amana.trust.exports.models import Export
from amana.trust.exports.rules import READERS, approve_export, see_export
from amana.trust.exports.rules import take_export as may_take
from amana.trust.exports.states import ALONE, MOST_RECORDS
from amana.trust.vault.middleware import require_recent_unlock
from amana.ui.http import done, show
from amana.ui.once import apply_once
from amana.ui.paging import find_page

ASK, LIST, EXPORT = "exports/ask.html", "exports/list.html", "exports/export.html"


def show_reason_page(
    request: Request, code: str, chosen: Iterable[UUID] = ()
) -> HttpResponse:
    """Show the page that asks for the reason, where a room's page would export."""
    kind, picked = KINDS[code], list(chosen)
    return show_reason_form(request, kind, picked, ReasonForm())


def show_reason_form(
    request: Request,
    kind: ExportKind,
    chosen: list[UUID],
    form: ReasonForm,
    status: int = 200,
) -> HttpResponse:
    records = set(kind.find(request.user, chosen).values())
    if kind.named and not records:
        raise Refused(_("There is nothing here that you can export."))
    context: dict[str, object] = {
        "kind": kind,
        "chosen": chosen,
        "form": form,
        "count": len(records),
        "alone": ALONE,
        "most": MOST_RECORDS,
    }
    return show(request, ASK, context, status=status)


@require_POST
@require_recent_unlock
@apply_once
def begin(request: Request) -> HttpResponse:
    """Request an export, to be taken at once or after a second person's decision."""
    require_pace(request)
    kind = KINDS.get(request.POST.get("kind", ""))
    if kind is None:
        raise BadRequest("There is no such export.")
    chosen = parse_ids(request.POST.getlist("thing"))
    form = ReasonForm(request.POST)
    if not form.is_valid():
        return show_reason_form(request, kind, chosen, form, status=422)
    made = actions.request_export(kind, chosen, **form.cleaned_data, by=request.user)
    name = "exports:take" if made.is_open else "exports:export"
    return done(request, then=resolve_url(name, made.pk))


def parse_ids(said: list[str]) -> list[UUID]:
    """Parse ids; a text that is no id is left out."""
    found = []
    for text in said:
        try:
            found.append(UUID(text))
        except ValueError:
            continue
    return found


@require_GET
def take(request: Request, pk: UUID) -> HttpResponseBase:
    """Send the file or the sheets, as long as the export may be taken."""
    rows = Export.objects.select_related("by")
    found = may_take.find(rows, request.user, pk=pk)
    # Recorded before the file is made: nothing leaves that the log does not have.
    found.taken = actions.release_export(found, by=request.user)
    return KINDS[found.kind].write(request, found)


@require_GET
def exports(request: Request) -> HttpResponse:
    """Show one's own exports, those that wait for one's decision, and for overseers
    all."""
    rows = see_export.among(Export.objects.for_list(), request.user)
    shown = find_page(rows, request, key=("-asked_at", "-pk"))
    reads = bool(request.user.roles & READERS)
    return show(request, LIST, {"exports": shown, "reads": reads})


@require_GET
def export(request: Request, pk: UUID) -> HttpResponse:
    found = see_export.find(Export.objects.for_list(), request.user, pk=pk)
    context = {
        "export": found,
        "is_own": found.by_id == request.user.pk,
        "decides": found.is_waiting and approve_export.permits(request.user, found),
    }
    return show(request, EXPORT, context)


@require_POST
@require_recent_unlock
@apply_once
def approve(request: Request, pk: UUID) -> HttpResponse:
    found = approve_export.find(Export.objects.all(), request.user, pk=pk)
    actions.allow_export(found, by=request.user)
    return done(request, then=resolve_url("exports:export", found.pk))


@require_POST
@apply_once
def refuse(request: Request, pk: UUID) -> HttpResponse:
    found = approve_export.find(Export.objects.all(), request.user, pk=pk)
    actions.refuse_export(found, by=request.user)
    return done(request, then=resolve_url("exports:export", found.pk))
