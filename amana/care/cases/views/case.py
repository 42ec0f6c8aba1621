"""A case in tabs under one head: what is due and comes next, then each matter alone."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from django.db.models import Exists, OuterRef, QuerySet, Subquery
from django.http import HttpRequest, HttpResponse
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils import timezone
from django.utils.functional import Promise
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_GET

from amana.care.cases import exporting, kinds, panels, signed
from amana.care.cases import history as happened
from amana.care.cases.fields import may_be_child, said_in
from amana.care.cases.forms import NoteForm
from amana.care.cases.models import (
    Assignment,
    Case,
    Closure,
    ClosureReason,
    FollowUp,
    Need,
    Transfer,
)
from amana.care.cases.rules import FIRST_PARTS, parts_opened_to, see_case
from amana.care.cases.tabs import Tab, address, links
from amana.care.cases.views.found import cases
from amana.care.cases.written import Written, written_in
from amana.care.pending.models import PendingDecision
from amana.care.pending.rules import own_decision
from amana.design.mechanism.models import Version
from amana.trust.access.http import BY_ITSELF, Request
from amana.trust.access.kept import Kept, kept
from amana.trust.access.models import Role, User
from amana.trust.access.rules import NotAmong
from amana.trust.audit.models import AuditEvent
from amana.trust.exports import views as exports
from amana.trust.exports.models import Export
from amana.trust.vault import documents
from amana.trust.vault.compartments import Compartment
from amana.ui.http import show
from amana.ui.paging import page

PRINT_ALL = "cases/print_all.html"
C = Compartment
SOON = timedelta(days=2)
OPEN = gettext_lazy("Open")


@dataclass(frozen=True)
class Due:
    """Something on the spine: what, until when, and where it is done."""

    at: datetime
    what: str | Promise
    words: str = ""
    url: str = ""
    do: str | Promise = OPEN
    """The label of the button."""


NEED_TONES = {"referred": "info", "met": "good", "unmet": "late"}


@dataclass(frozen=True)
class Lacking:
    """A need with the person's words about it, and what can be done now."""

    need: Need
    words: str
    steps: list[panels.NeedStep]

    @property
    def tone(self) -> str:
        return NEED_TONES.get(self.need.status, "plain")


@require_GET
def case(request: Request, pk: UUID) -> HttpResponse:
    return show_tab(request, pk, Tab.OVERVIEW)


@require_GET
def tab(request: Request, pk: UUID, tab: str) -> HttpResponse:
    return show_tab(request, pk, Tab(tab))


@require_GET
def print_view(request: Request, pk: UUID) -> HttpResponse:
    """Ask why, before a sheet for the conversation with the person is made."""
    return exports.ask(request, exporting.SHEETS, [case_to_print(request, pk)])


@require_GET
def print_all(request: Request, pk: UUID) -> HttpResponse:
    """Ask why, before the whole case is made into pages to print."""
    return exports.ask(request, exporting.WHOLE, [case_to_print(request, pk)])


def case_to_print(request: Request, pk: UUID) -> UUID:
    return see_case.find(Case.objects.all(), request.user, pk=pk).pk


def show_whole(request: Request, export: Export) -> HttpResponse:
    """Show every tab on paper, without what is only pressed on a screen."""
    opened = open_case(request, export.taken[0], purpose="print")
    context = opened.head() | {"works": False, "export": export}
    for load in LOADS.values():
        context |= load(opened, request)
    everything = happened.of(opened.case).order_by("-pk")
    context["entries"] = happened.entries(opened.case, everything, request.user)
    context["panels"] = [panel for tab in Tab for panel in drawn(opened, request, tab)]
    return show(request, PRINT_ALL, context)


def show_tab(request: Request, pk: UUID, tab: Tab) -> HttpResponse:
    found = case_with_what_waits(request.user, pk)
    if is_as_seen(request, found):
        # The open page stays as it is. Nothing is opened for it, so its access list
        # gets no line each time that another case changes.
        return HttpResponse(status=204)
    opened = opened_parts(request, found, purpose="case page")
    context = {
        "live_url": f"{address(tab, pk)}?seen={newest_event(found)}",
        "tab": tab,
        "tabs": links(tab, pk),
        **opened.head(),
        **LOADS[tab](opened, request),
        # Afterwards: what is due knows the version of the mechanism already.
        "panels": drawn(opened, request, tab),
    }
    return show(request, f"cases/tabs/{tab}.html", context)


@dataclass(frozen=True)
class OpenCase:
    """A case as one person has opened it: what they may read, and do."""

    case: Case
    user: User
    opens: frozenset[Compartment]
    written: Written
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

    def head(self) -> dict[str, Any]:
        """Return what stays in sight on every tab."""
        identity = self.written.record(C.IDENTITY)
        return {
            "case": self.case,
            "reads": bool(FIRST_PARTS & self.opens),
            "name": identity.get("name") or "",
            "may_be_child": may_be_child(identity),
            "contact": said_in(C.CONTACT, self.written.record(C.CONTACT)),
            "safety": self.written.safety,
            "works": self.works,
            "emergency_until": self.emergency_until,
            "manages": manages(self.case, self.people, self.user),
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
    return BY_ITSELF in request.headers and seen == str(newest_event(case))


def newest_event(case: Case) -> int:
    """Return the id of the last act in a case. Reading is not an act."""
    return case.newest_event or 0  # type: ignore[attr-defined]


def open_case(request: Request, pk: UUID, purpose: str) -> OpenCase:
    found = case_with_what_waits(request.user, pk)
    return opened_parts(request, found, purpose=purpose)


def opened_parts(request: Request, found: Case, *, purpose: str) -> OpenCase:
    opens = parts_opened_to(request.user, found)
    people = panels.once(found, people_on)
    written = written_in(
        documents.opened(
            found.pk,
            FIRST_PARTS & opens,
            by=request.user,
            purpose=purpose,
            facts=signed.facts_of(found),
        )
    )
    opened = OpenCase(found, request.user, opens, written, people)
    panels.works(found, request.user, so=opened.works)
    return opened


# --- what each tab loads


def overview(opened: OpenCase, request: Request) -> dict[str, Any]:
    written = opened.written
    panels.ask_together(opened.case, [NEEDS, FOLLOW_UPS, *panels.OVERVIEW])
    needs = lacking(opened.case, written, opened.user)
    now, coming = spine(opened.case, written, needs, opened.user)
    return {
        "identity": said_in(C.IDENTITY, written.record(C.IDENTITY)),
        "about": said_in(C.NEEDS, written.record(C.NEEDS)),
        "needs": needs,
        "now": now,
        "next": coming,
        "people": opened.people,
    }


def panels_alone(opened: OpenCase, request: Request) -> dict[str, Any]:
    return {}


def notes(opened: OpenCase, request: Request) -> dict[str, Any]:
    return {
        "notes": opened.written.notes,
        "note_form": NoteForm(),
        "parts": [
            (part, part in opened.opens) for part in C if part not in FIRST_PARTS
        ],
    }


def history(opened: OpenCase, request: Request) -> dict[str, Any]:
    """Load all that happened, latest first: codes and times, no sealed content."""
    found = opened.case
    events = page(happened.of(found), request, key=("-pk",), size=40)
    entries = happened.entries(found, events, opened.user)
    return {"entries": entries, "page": events}


LOADS: dict[Tab, Callable[[OpenCase, Request], dict[str, Any]]] = {
    Tab.OVERVIEW: overview,
    Tab.REFERRALS: panels_alone,
    Tab.CONSENT: panels_alone,
    Tab.NOTES: notes,
    Tab.SAFETY: panels_alone,
    Tab.HISTORY: history,
}


def manages(case: Case, people: Iterable[Assignment], user: User) -> bool:
    """Ask whether to offer what the lead and the supervisor may do; the action
    decides."""
    leads = any(
        person.worker_id == user.pk and person.part == Assignment.Part.LEAD
        for person in people
    )
    return leads or (Role.SUPERVISOR in user.roles and not case.restricted)


def with_what_waits() -> QuerySet[Case]:
    closures = Closure.objects.waiting().filter(case=OuterRef("pk"))
    ending = Closure.objects.ending().filter(case=OuterRef("pk"))
    transfers = Transfer.objects.waiting().filter(case=OuterRef("pk"))
    done = AuditEvent.objects.filter(case=OuterRef("pk")).exclude(
        did__startswith="opened"
    )
    return (
        cases()
        .select_related(*panels.ALONG)
        .annotate(
            closure_waits=Exists(closures),
            ended_by=Subquery(ending.values("pk")[:1]),
            newest_event=Subquery(done.order_by("-pk").values("pk")[:1]),
            transfer_waits=Subquery(transfers.values("pk")),
            in_force_id=Subquery(Version.objects.current().values("pk")),
        )
    )


@kept(User, UUID)
def seen(user: User, pk: UUID) -> QuerySet[Case]:
    decided = own_decision.among(PendingDecision.objects.all(), user)
    found = with_what_waits().annotate(
        has_decision=Exists(decided.filter(about=OuterRef("pk")))
    )
    return see_case.among(found, user).filter(pk=pk)


def case_with_what_waits(user: User, pk: UUID) -> Case:
    for found in seen.of(user, pk).first(1):
        return found
    raise NotAmong(see_case, Case, {"pk": pk})


@kept(Case)
def people_on(case: Case) -> QuerySet[Assignment]:
    current = Assignment.objects.current().filter(case=case)
    return current.select_related("worker").order_by("part", "since")


NEEDS = Kept(
    lambda case: Need.objects.filter(case=case).order_by("urgency", "raised_at", "pk"),
    Case,
)
FOLLOW_UPS = Kept(
    lambda case: FollowUp.objects.open().filter(case=case).order_by("due_at"), Case
)


def lacking(case: Case, written: Written, user: User) -> list[Lacking]:
    offers = case.is_open and panels.may_work(case, user)
    needs = panels.once(case, NEEDS)
    kinds.read(needs, written.documents)
    return [
        Lacking(
            need,
            str(written.of(need.document).get("words", "")),
            panels.steps_for(need, user) if need.is_open and offers else [],
        )
        for need in needs
    ]


def spine(
    case: Case, written: Written, needs: Iterable[Lacking], user: User
) -> tuple[list[Due], list[Due]]:
    """List what is due now or late, and what comes next. Nothing of a closed case."""
    if not case.is_open:
        return [], []
    due = [
        *due_needs(needs),
        *due_follow_ups(case, written),
        *due_elsewhere(case, user),
    ]
    due.sort(key=lambda one: one.at)
    soon = timezone.now() + SOON
    now = [entry for entry in due if entry.at <= soon] or due[:1]
    return now, due[len(now) :]


def due_needs(needs: Iterable[Lacking]) -> list[Due]:
    return [
        Due(
            need.need.due_at,
            _("Find help: %(need)s") % {"need": need.need.needed},
            url=need.steps[0].url if need.steps else f"#need-{need.need.pk}",
            do=need.steps[0].label if need.steps else OPEN,
        )
        for need in needs
        if need.need.is_open
    ]


def due_follow_ups(case: Case, written: Written) -> list[Due]:
    return [
        Due(
            follow_up.due_at,
            follow_up.get_kind_display(),
            str(written.of(follow_up.document).get("words", "")),
            where(follow_up),
            what_to_do(follow_up),
        )
        for follow_up in panels.once(case, FOLLOW_UPS)
    ]


def what_to_do(follow_up: FollowUp) -> str:
    if follow_up.kind == FollowUp.Kind.SAFETY:
        return _("Review safety")
    return _("Record outcomes")


def where(follow_up: FollowUp) -> str:
    if follow_up.kind == FollowUp.Kind.SAFETY:
        return reverse("cases:safety", args=[follow_up.case_id])
    return reverse("cases:follow_up", args=[follow_up.pk])


def due_elsewhere(case: Case, user: User) -> list[Due]:
    return [
        Due(at, what, url=url)
        for due in panels.DUE
        for at, what, url in due(case, user)
    ]


def drawn(opened: OpenCase, request: HttpRequest, tab: Tab) -> list[SafeString]:
    """Render the panels of upper rooms on this tab, in their order."""
    ours = [panel for panel in panels.PANELS if panel.tab is tab]
    return [
        render_to_string(
            panel.template,
            {"case": opened.case} | panel.load(opened.case, opened.user),
            request,
        )
        for panel in sorted(ours, key=lambda panel: panel.order)
    ]
