"""The page of a case and its tabs."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.template.loader import render_to_string
from django.utils.safestring import SafeString
from django.views.decorators.http import require_GET

from amana.care.cases import case_exports, sections, signed_case
from amana.care.cases import history as happened
from amana.care.cases.fields import list_filled_fields, may_be_child
from amana.care.cases.forms.case_work import CaseNoteForm
from amana.care.cases.models.case_record import Assignment, Case, ClosureReason
from amana.care.cases.models.files import Closure
from amana.care.cases.opened_records import OpenedRecords, build_written
from amana.care.cases.rules import (
    FIRST_PARTS,
    choose_readable_parts,
    list_held_places,
    see_case,
)
from amana.care.cases.tabs import CaseTab, build_address, list_links
from amana.care.cases.views.case.case_tabs import (
    FOLLOW_UPS,
    NEEDS,
    C,
    can_manage,
    find_people,
    get_case_with_waits,
    list_due,
    list_lacking,
)
from amana.trust.access.http import BY_ITSELF, Request
from amana.trust.access.models.organisations import User
from amana.trust.exports import views as exports
from amana.trust.exports.models import Export
from amana.trust.vault import documents
from amana.trust.vault.compartments import Compartment
from amana.ui.http import show
from amana.ui.paging import find_page

PRINT_ALL = "cases/print_all.html"


@require_GET
def case(request: Request, pk: UUID) -> HttpResponse:
    return show_tab(request, pk, CaseTab.OVERVIEW)


@require_GET
def tab(request: Request, pk: UUID, tab: str) -> HttpResponse:
    return show_tab(request, pk, CaseTab(tab))


@require_GET
def print_view(request: Request, pk: UUID) -> HttpResponse:
    """Ask why, before a sheet for the conversation with the person is made."""
    return exports.show_reason_page(
        request, case_exports.SHEETS, [case_to_print(request, pk)]
    )


@require_GET
def print_all(request: Request, pk: UUID) -> HttpResponse:
    """Ask why, before the whole case is made into pages to print."""
    return exports.show_reason_page(
        request, case_exports.WHOLE, [case_to_print(request, pk)]
    )


def case_to_print(request: Request, pk: UUID) -> UUID:
    return see_case.find(Case.objects.all(), request.user, pk=pk).pk


def show_whole(request: Request, export: Export) -> HttpResponse:
    """Show every tab on paper, without what is only pressed on a screen."""
    opened = open_case(request, export.taken[0], purpose="print")
    context = opened.head() | {"works": False, "export": export}
    for load in LOADS.values():
        context |= load(opened, request)
    everything = happened.find_events(opened.case).order_by("-pk")
    context["entries"] = happened.list_entries(opened.case, everything, request.user)
    context["panels"] = [
        panel for tab in CaseTab for panel in render_panels(opened, request, tab)
    ]
    return show(request, PRINT_ALL, context)


def show_tab(request: Request, pk: UUID, tab: CaseTab) -> HttpResponse:
    found = get_case_with_waits(request.user, pk)
    if is_as_seen(request, found):
        # The open page stays as it is. Nothing is opened for it, so its access list
        # gets no line each time that another case changes.
        return HttpResponse(status=204)
    opened = opened_parts(request, found, purpose="case page")
    context = {
        "live_url": f"{build_address(tab, pk)}?seen={get_newest_event(found)}",
        "tab": tab,
        "tabs": list_links(tab, pk),
        **opened.head(),
        **LOADS[tab](opened, request),
        # Afterwards: what is due knows the version of the mechanism already.
        "panels": render_panels(opened, request, tab),
    }
    return show(request, f"cases/tabs/{tab}.html", context)


@dataclass(frozen=True)
class OpenCase:
    """A case as one person has opened it: what they may read, and do."""

    case: Case
    user: User
    opens: frozenset[Compartment]
    written: OpenedRecords
    people: list[Assignment]

    @property
    def works(self) -> bool:
        return any(work.worker_id == self.user.pk for work in self.people)

    @property
    def emergency_until(self) -> datetime | None:
        """When emergency access ends, where that is all that opens it to them."""
        workers = (work for work in self.people if work.worker_id == self.user.pk)
        ends = [work.until for work in workers]
        return max(filter(None, ends), default=None) if None not in ends else None

    def head(self) -> dict[str, object]:
        """Return what stays in sight on every tab."""
        identity = self.written.record(C.IDENTITY)
        return {
            "case": self.case,
            "reads": bool(FIRST_PARTS & self.opens),
            "name": identity.get("name") or "",
            "may_be_child": may_be_child(identity),
            "contact": list_filled_fields(C.CONTACT, self.written.record(C.CONTACT)),
            "safety": self.written.safety,
            "works": self.works,
            "emergency_until": self.emergency_until,
            "manages": can_manage(self.case, self.people, self.user),
            "ended_because": self.ended_because,
        }

    @property
    def ended_because(self) -> str:
        """Why the work ended, for those who may read it; empty while the case is
        open."""
        ended_by = self.case.ended_by  # type: ignore[attr-defined]
        if self.case.is_open or ended_by is None:
            return ""
        reason = self.written.of(Closure(pk=ended_by).document).get("reason")
        return str(ClosureReason(reason).label) if reason else ""


def is_as_seen(request: Request, case: Case) -> bool:
    """Ask whether an open page is asking because something changed, and it was not this
    case."""
    seen = request.GET.get("seen")
    return BY_ITSELF in request.headers and seen == str(get_newest_event(case))


def get_newest_event(case: Case) -> int:
    """Return the id of the last act in a case. Reading is not an act."""
    return case.newest_event or 0  # type: ignore[attr-defined]


def open_case(request: Request, pk: UUID, purpose: str) -> OpenCase:
    found = get_case_with_waits(request.user, pk)
    return opened_parts(request, found, purpose=purpose)


def opened_parts(request: Request, found: Case, *, purpose: str) -> OpenCase:
    held = list_held_places(request.user, found)
    request.user.keep_places((team, role) for team, role, *_rest in held)
    opens = choose_readable_parts(held, found)
    people = sections.list_things(found, find_people)
    written = build_written(
        documents.open_documents(
            found.pk,
            FIRST_PARTS & opens,
            by=request.user,
            purpose=purpose,
            facts=signed_case.build_facts_reader(found),
        )
    )
    opened = OpenCase(found, request.user, opens, written, people)
    sections.store_may_work(found, request.user, so=opened.works)
    return opened


def load_overview(opened: OpenCase, request: Request) -> dict[str, object]:
    written = opened.written
    sections.ask_together(opened.case, [NEEDS, FOLLOW_UPS, *sections.OVERVIEW])
    needs = list_lacking(opened.case, written, opened.user)
    now, coming = list_due(opened.case, written, needs, opened.user)
    return {
        "identity": list_filled_fields(C.IDENTITY, written.record(C.IDENTITY)),
        "about": list_filled_fields(C.NEEDS, written.record(C.NEEDS)),
        "needs": needs,
        "now": now,
        "next": coming,
        "people": opened.people,
    }


def load_panels_alone(opened: OpenCase, request: Request) -> dict[str, object]:
    return {}


def load_notes(opened: OpenCase, request: Request) -> dict[str, object]:
    return {
        "notes": opened.written.notes,
        "note_form": CaseNoteForm(),
        "parts": [
            (part, part in opened.opens) for part in C if part not in FIRST_PARTS
        ],
    }


def load_history(opened: OpenCase, request: Request) -> dict[str, object]:
    """Load all that happened, latest first: codes and times, no sealed content."""
    found = opened.case
    events = find_page(happened.find_events(found), request, key=("-pk",), size=40)
    entries = happened.list_entries(found, events, opened.user)
    return {"entries": entries, "page": events}


LOADS: dict[CaseTab, Callable[[OpenCase, Request], dict[str, object]]] = {
    CaseTab.OVERVIEW: load_overview,
    CaseTab.REFERRALS: load_panels_alone,
    CaseTab.CONSENT: load_panels_alone,
    CaseTab.NOTES: load_notes,
    CaseTab.SAFETY: load_panels_alone,
    CaseTab.HISTORY: load_history,
}


def render_panels(
    opened: OpenCase, request: HttpRequest, tab: CaseTab
) -> list[SafeString]:
    """Render the panels of upper rooms on this tab, in their order."""
    ours = [panel for panel in sections.PANELS if panel.tab is tab]
    return [
        render_to_string(
            panel.template,
            {"case": opened.case} | panel.load(opened.case, opened.user),
            request,
        )
        for panel in sorted(ours, key=lambda panel: panel.order)
    ]
