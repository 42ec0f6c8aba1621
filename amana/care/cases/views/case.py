"""A case on one page: what is due, what comes next, and then everything else."""

from collections.abc import Iterable
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

from amana.care.cases import history, panels
from amana.care.cases.fields import may_be_child, said_in
from amana.care.cases.forms import NoteForm
from amana.care.cases.models import Assignment, Case, Closure, FollowUp, Need, Transfer
from amana.care.cases.rules import FIRST_PARTS, parts_opened_to, see_case
from amana.care.cases.views.found import case_seen, cases
from amana.care.cases.written import Written, written_in
from amana.design.mechanism.models import Version
from amana.trust.access.http import Request
from amana.trust.access.kept import Kept, kept
from amana.trust.access.models import Role, User
from amana.trust.access.rules import NotAmong
from amana.trust.vault import documents
from amana.trust.vault.compartments import Compartment
from amana.ui.http import show
from amana.ui.paging import page

CASE = "cases/case.html"
PRINT = "cases/print.html"
TIMELINE = "cases/timeline.html"
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
    """What the button says."""


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
    return show(request, CASE, everything(request, pk))


@require_GET
def print_view(request: Request, pk: UUID) -> HttpResponse:
    """One sheet for the meeting with the person: what they see too."""
    return show(request, PRINT, everything(request, pk, purpose="print"))


def everything(
    request: Request, pk: UUID, purpose: str = "case page"
) -> dict[str, Any]:
    found = case_with_what_waits(request.user, pk)
    opens = parts_opened_to(request.user, found)
    people = panels.once(found, people_on)
    written = written_in(
        documents.opened(
            found.pk, FIRST_PARTS & opens, by=request.user, purpose=purpose
        )
    )
    works = any(one.worker_id == request.user.pk for one in people)
    panels.works(found, request.user, so=works)
    identity, contact = written.record(C.IDENTITY), written.record(C.CONTACT)
    needs = lacking(found, written, request.user)
    now, coming = spine(found, written, needs, request.user)
    return {
        "case": found,
        "name": identity.get("name") or "",
        "identity": said_in(C.IDENTITY, identity),
        "contact": said_in(C.CONTACT, contact),
        "about": said_in(C.NEEDS, written.record(C.NEEDS)),
        "may_be_child": may_be_child(identity),
        "needs": needs,
        "now": now,
        "next": coming,
        "safety": written.safety,
        "notes": written.notes,
        "people": people,
        "note_form": NoteForm(),
        "works": works,
        "manages": manages(found, people, request.user),
        "parts": [(part, part in opens) for part in C if part not in FIRST_PARTS],
        "panels": drawn(found, request),
    }


def manages(case: Case, people: Iterable[Assignment], user: User) -> bool:
    """Whether to offer what the lead and the supervisor may do; the action decides."""
    leads = any(
        one.worker_id == user.pk and one.part == Assignment.Part.LEAD for one in people
    )
    return leads or (Role.SUPERVISOR in user.roles and not case.restricted)


def with_what_waits() -> QuerySet[Case]:
    closures = Closure.objects.waiting().filter(case=OuterRef("pk"))
    transfers = Transfer.objects.waiting().filter(case=OuterRef("pk"))
    return (
        cases()
        .select_related(*panels.ALONG)
        .annotate(
            closure_waits=Exists(closures),
            transfer_waits=Subquery(transfers.values("pk")),
            in_force_id=Subquery(Version.objects.current().values("pk")),
        )
    )


@kept(User, UUID)
def seen(user: User, pk: UUID) -> QuerySet[Case]:
    return see_case.among(with_what_waits(), user).filter(pk=pk)


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
    return [
        Lacking(
            need,
            str(written.of(need.document).get("words", "")),
            panels.steps_for(need, user) if need.is_open and offers else [],
        )
        for need in panels.once(case, NEEDS)
    ]


def spine(
    case: Case, written: Written, needs: Iterable[Lacking], user: User
) -> tuple[list[Due], list[Due]]:
    """What is due now, or late; and what comes next. Nothing of a closed case."""
    if not case.is_open:
        return [], []
    due = [
        *due_needs(needs),
        *due_follow_ups(case, written),
        *due_elsewhere(case, user),
    ]
    due.sort(key=lambda one: one.at)
    soon = timezone.now() + SOON
    now = [one for one in due if one.at <= soon] or due[:1]
    return now, due[len(now) :]


def due_needs(needs: Iterable[Lacking]) -> list[Due]:
    return [
        Due(
            one.need.due_at,
            _("Find help: %(need)s") % {"need": one.need.get_type_display()},
            url=one.steps[0].url if one.steps else f"#need-{one.need.pk}",
            do=one.steps[0].label if one.steps else OPEN,
        )
        for one in needs
        if one.need.is_open
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
        return _("Look at safety")
    return _("Say what came of it")


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


def drawn(case: Case, request: HttpRequest) -> list[SafeString]:
    """The panels of upper rooms, in their order."""
    user = request.user
    assert isinstance(user, User)
    ordered = sorted(panels.PANELS, key=lambda panel: panel.order)
    return [
        render_to_string(
            panel.template, {"case": case} | panel.load(case, user), request
        )
        for panel in ordered
    ]


@require_GET
def timeline(request: Request, pk: UUID) -> HttpResponse:
    """All that happened, latest first: codes and times, and no sealed word."""
    found = case_seen(request, pk)
    events = page(history.of(found), request, key=("-pk",), size=40)
    entries = history.entries(found, events, request.user)
    context = {"case": found, "entries": entries, "page": events}
    return show(request, TIMELINE, context, part="list")
