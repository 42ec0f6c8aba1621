"""The parts of a case: opened as the role permits, on demand, for a purpose."""

from datetime import timedelta
from uuid import UUID

from django.contrib import messages
from django.db.models import TextChoices
from django.http import HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from amana.care.cases import actions, tabs
from amana.care.cases.fields import RecordField, list_fields, list_filled_fields
from amana.care.cases.forms import CaseNoteForm, RecordForm, convert_to_record
from amana.care.cases.gate import GateSession
from amana.care.cases.models import Case, CaseFile
from amana.care.cases.opened_records import OpenedRecords, build_written
from amana.care.cases.rules import (
    FIRST_PARTS,
    list_readable_parts,
    list_writable_parts,
    manage_case,
    work_on_case,
)
from amana.care.cases.tabs import CaseTab
from amana.care.cases.views.case_lookup import case_seen, case_worked_on
from amana.errors import Changed, Refused
from amana.trust.access.http import Request
from amana.trust.access.rules import NotAccessible
from amana.trust.vault import documents
from amana.trust.vault.compartments import Compartment
from amana.trust.vault.documents import RECORD, OpenedDocument
from amana.trust.vault.keys import Locked
from amana.ui.http import done, show
from amana.ui.once import apply_once
from amana.ui.typed import parse_small_int

PART = "cases/part.html"
DOOR = "cases/door.html"
CHANGE = "cases/change.html"
COMPARE = "cases/compare.html"
STAYS_OPEN = timedelta(minutes=15)


class AccessPurpose(TextChoices):
    """Why a part of a case is opened; the person can read it in their access list."""

    HELP = "help", gettext_lazy("To help the person today")
    PLAN = "plan", gettext_lazy("To plan with the person")
    REFER = "refer", gettext_lazy("To prepare a referral or consent")
    SUPERVISE = "supervise", gettext_lazy("To support a colleague")
    ANSWER = "answer", gettext_lazy("To answer the person’s own question")


@require_GET
def part(request: Request, pk: UUID, part: str) -> HttpResponse:
    """Show what is written in one part, after the purpose was chosen."""
    case, compartment = case_seen(request, pk), Compartment(part)
    opened = list_readable_parts(request.user, case)
    if compartment not in opened:
        return show(request, DOOR, at_the_door(request, case, compartment))
    purpose = said_purpose(request, case, compartment)
    if purpose is None:
        return show(request, DOOR, at_the_door(request, case, compartment, opens=True))
    written = build_written(
        documents.open_documents(
            case.pk, [compartment], by=request.user, purpose=purpose
        )
    )
    context = {
        "case": case,
        "part": compartment,
        "said": list_filled_fields(compartment, written.record(compartment)),
        "written": written,
        "files": list_files(case, compartment, written),
        "assessments": written.assessments,
        "askings": sort_askings(written),
        "form": CaseNoteForm(),
        "writes": writes(request, case),
        "removes": manage_case.permits(request.user, case),
    }
    return show(request, PART, context)


@require_POST
def open_part(request: Request, pk: UUID, part: str) -> HttpResponse:
    """Record the purpose; the part stays open for a quarter of an hour."""
    case, compartment = case_seen(request, pk), Compartment(part)
    purpose = request.POST.get("purpose", "")
    if purpose not in AccessPurpose.values:
        raise Refused(_("Choose why you need to see it."))
    note_purpose(request, case, compartment, purpose)
    return done(request, then=reverse("cases:part", args=[case.pk, compartment]))


@require_http_methods(["GET", "POST"])
def change(request: Request, pk: UUID, part: str) -> HttpResponse:
    """Write a part's record; where a colleague was faster, both versions are shown."""
    case, compartment = case_worked_on(request, pk), Compartment(part)
    if compartment not in list_readable_parts(request.user, case):
        return add_only(request, case, compartment)
    if is_shut(request, case, compartment):
        return redirect("cases:part", case.pk, compartment)
    now = record_now(case, compartment, request)
    record = now.content if now else {}
    if request.method == "GET":
        form = RecordForm(compartment=compartment, record=record)
        return show_change(request, case, form, get_revision(now))
    form = RecordForm(request.POST, compartment=compartment, record=record)
    revision = parse_small_int(request.POST.get("revision", "")) or 0
    if not form.is_valid():
        return show_change(request, case, form, revision, status=422)
    try:
        actions.rewrite(
            case, compartment, form.record, replacing=revision, by=request.user
        )
    except Changed:
        return show_compare(request, case, form, now)
    messages.success(request, _("Saved and sealed."))
    return done(request, then=back_to(case, compartment))


def add_only(request: Request, case: Case, compartment: Compartment) -> HttpResponse:
    """Add to a part that one's role may write and not read."""
    if compartment not in list_writable_parts(request.user, case):
        raise NotAccessible(work_on_case, Case, {"pk": case.pk})
    data = request.POST if request.method == "POST" else None
    form = RecordForm(data, compartment=compartment, record={})
    if data is None:
        return show_change(request, case, form, 0, add_only=True)
    if not form.is_valid():
        return show_change(request, case, form, 0, add_only=True, status=422)
    actions.add_details(case, compartment, form.record, by=request.user)
    messages.success(request, _("Added and sealed."))
    return done(request, then=reverse("cases:case", args=[case.pk]))


def show_change(
    request: Request,
    case: Case,
    form: RecordForm,
    revision: int,
    status: int = 200,
    **more: object,
) -> HttpResponse:
    context = {"case": case, "form": form, "revision": revision, **more}
    return show(request, CHANGE, context, status=status)


def show_compare(
    request: Request, case: Case, form: RecordForm, now: OpenedDocument | None
) -> HttpResponse:
    """Show what a colleague wrote meanwhile next to what was typed here; both can be
    kept."""
    theirs = now.content if now else {}
    compared = [
        (
            form[field.name],
            field.said(theirs.get(field.name)),
            is_other(field, form.record, theirs),
        )
        for field in list_fields(form.compartment)
    ]
    context = {
        "case": case,
        "form": form,
        "compared": compared,
        # The revision that is compared on this page: saving again replaces exactly this
        # one, and fails if a third colleague was faster.
        "revision": get_revision(now),
    }
    return show(request, COMPARE, context, status=409)


def is_other(
    field: RecordField, mine: dict[str, object], theirs: dict[str, object]
) -> bool:
    return bool(
        convert_to_record(mine.get(field.name))
        != (theirs.get(field.name) or get_empty_value(field))
    )


def get_empty_value(field: RecordField) -> object:
    return [] if field.kind in ("choices", "companions") else ""


def record_now(
    case: Case, compartment: Compartment, request: Request
) -> OpenedDocument | None:
    opened = documents.open_documents(
        case.pk, [compartment], by=request.user, purpose="writing", names=[RECORD]
    )
    return opened.get((compartment, RECORD))


def get_revision(opened: OpenedDocument | None) -> int:
    return opened.revision if opened else 0


@require_POST
@apply_once
def note(request: Request, pk: UUID, part: str) -> HttpResponse:
    case, compartment = case_seen(request, pk), Compartment(part)
    form = CaseNoteForm(request.POST)
    if not form.is_valid():
        return show(
            request,
            "cases/note.html",
            {"case": case, "part": compartment, "form": form},
            status=422,
        )
    try:
        actions.add_note(case, compartment, form.cleaned_data["words"], by=request.user)
    except Locked:
        raise
    except Refused as no:
        form.add_error(None, str(no))
        context = {"case": case, "part": compartment, "form": form}
        return show(request, "cases/note.html", context, status=409)
    messages.success(request, _("Note added and sealed."))
    return done(request, then=back_to(case, compartment, CaseTab.NOTES))


def back_to(
    case: Case, compartment: Compartment, tab: CaseTab = CaseTab.OVERVIEW
) -> str:
    if compartment in FIRST_PARTS:
        return tabs.build_address(tab, case.pk)
    return reverse("cases:part", args=[case.pk, compartment])


def writes(request: Request, case: Case) -> bool:
    return bool(case.is_open) and work_on_case.permits(request.user, case)


def sort_askings(written: OpenedRecords) -> list[GateSession]:
    """Sort the askings of the safety questions, latest first."""
    found = written.safety.askings
    return sorted(found, key=lambda asking: asking.at, reverse=True)


def list_files(
    case: Case, compartment: Compartment, written: OpenedRecords
) -> list[tuple[CaseFile, dict[str, object]]]:
    found = case.files.filter(compartment=compartment).order_by("-added_at")
    return [(file, written.of(file.document)) for file in found]


# --- what a part was opened for: a code, kept in the session for a little while


def at_the_door(
    request: Request, case: Case, compartment: Compartment, *, opens: bool = False
) -> dict[str, object]:
    return {
        "case": case,
        "part": compartment,
        "opens": opens,
        "purposes": AccessPurpose.choices,
        "adds": compartment in list_writable_parts(request.user, case),
    }


def note_purpose(
    request: Request, case: Case, compartment: Compartment, purpose: str
) -> None:
    now = timezone.now()
    # Purposes that are over go, so that the session doesn't become a list of the cases
    # that were opened.
    kept = {
        door: said
        for door, said in request.session.get("purposes", {}).items()
        if said[1] > now.timestamp()
    }
    until = (now + STAYS_OPEN).timestamp()
    kept[f"{case.pk}/{compartment}"] = [str(purpose), until]
    request.session["purposes"] = kept


def is_shut(request: Request, case: Case, compartment: Compartment) -> bool:
    """Ask whether the purpose has to be chosen first, at the part's door."""
    opens_by_itself = compartment in FIRST_PARTS
    return not opens_by_itself and said_purpose(request, case, compartment) is None


def said_purpose(request: Request, case: Case, compartment: Compartment) -> str | None:
    said = request.session.get("purposes", {}).get(f"{case.pk}/{compartment}")
    if said is None or said[1] <= timezone.now().timestamp():
        return None
    return str(said[0])
