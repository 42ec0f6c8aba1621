"""What each tab loads."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from django.db.models import Exists, OuterRef, QuerySet, Subquery
from django.urls import reverse
from django.utils import timezone
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from amana.care.cases import need_kinds, sections
from amana.care.cases.models.case_needs import FollowUp, Need
from amana.care.cases.models.case_record import Assignment, Case
from amana.care.cases.models.files import Closure, Transfer
from amana.care.cases.opened_records import OpenedRecords
from amana.care.cases.rules import see_case
from amana.care.cases.views.case_lookup import find_cases
from amana.care.pending.models import PendingDecision
from amana.care.pending.rules import see_own_decision
from amana.design.mechanism.models.versions import Version
from amana.trust.access.models.organisations import Role, User
from amana.trust.access.prepared.prepared_query import PreparedQuery, prepare_query
from amana.trust.access.rules import NotAccessible
from amana.trust.audit.models import AuditEvent
from amana.trust.vault.compartments import Compartment

C = Compartment


SOON = timedelta(days=2)


OPEN = gettext_lazy("Open")


@dataclass(frozen=True)
class DueItem:
    """Something on the spine: what, until when, and where it is done."""

    at: datetime
    what: str | Promise
    words: str = ""
    url: str = ""
    do: str | Promise = OPEN
    """The label of the button."""


NEED_TONES = {"referred": "info", "met": "good", "unmet": "late"}


@dataclass(frozen=True)
class NeedCard:
    """A need with the person's words about it, and what can be done now."""

    need: Need
    words: str
    steps: list[sections.NeedAction]

    @property
    def tone(self) -> str:
        return NEED_TONES.get(self.need.status, "plain")


def can_manage(case: Case, people: Iterable[Assignment], user: User) -> bool:
    """Ask whether to offer what the lead and the supervisor may do; the action
    decides."""
    leads = any(
        person.worker_id == user.pk and person.part == Assignment.Part.LEAD
        for person in people
    )
    return leads or (Role.SUPERVISOR in user.roles and not case.restricted)


def find_cases_with_waits() -> QuerySet[Case]:
    closures = Closure.objects.waiting().filter(case=OuterRef("pk"))
    ending = Closure.objects.ending().filter(case=OuterRef("pk"))
    transfers = Transfer.objects.waiting().filter(case=OuterRef("pk"))
    done = AuditEvent.objects.filter(case=OuterRef("pk")).exclude(
        did__startswith="opened"
    )
    return (
        find_cases()
        .select_related(*sections.ALONG)
        .annotate(
            closure_waits=Exists(closures),
            ended_by=Subquery(ending.values("pk")[:1]),
            newest_event=Subquery(done.order_by("-pk").values("pk")[:1]),
            transfer_waits=Subquery(transfers.values("pk")),
            in_force_id=Subquery(
                Version.objects.in_force()
                .filter(mechanism=OuterRef("mechanism"))
                .values("pk")
            ),
        )
    )


@prepare_query(User, UUID)
def find_seen_case(user: User, pk: UUID) -> QuerySet[Case]:
    decided = see_own_decision.among(PendingDecision.objects.all(), user)
    found = find_cases_with_waits().annotate(
        has_decision=Exists(decided.filter(about=OuterRef("pk")))
    )
    return see_case.among(found, user).filter(pk=pk)


def get_case_with_waits(user: User, pk: UUID) -> Case:
    for found in find_seen_case.of(user, pk).first(1):
        return found
    raise NotAccessible(see_case, Case, {"pk": pk})


@prepare_query(Case)
def find_people(case: Case) -> QuerySet[Assignment]:
    current = Assignment.objects.current().filter(case=case)
    return current.select_related("worker").order_by("part", "since")


NEEDS = PreparedQuery(
    lambda case: Need.objects.filter(case=case).order_by("urgency", "raised_at", "pk"),
    Case,
)


FOLLOW_UPS = PreparedQuery(
    lambda case: FollowUp.objects.open().filter(case=case).order_by("due_at"), Case
)


def list_lacking(case: Case, written: OpenedRecords, user: User) -> list[NeedCard]:
    offers = case.is_open and sections.may_work(case, user)
    needs = sections.list_things(case, NEEDS)
    need_kinds.read(needs, written.documents)
    return [
        NeedCard(
            need,
            str(written.of(need.document).get("words", "")),
            sections.list_need_steps(need, user) if need.is_open and offers else [],
        )
        for need in needs
    ]


def list_due(
    case: Case, written: OpenedRecords, needs: Iterable[NeedCard], user: User
) -> tuple[list[DueItem], list[DueItem]]:
    """List what is due now or late, and what comes next. Nothing of a closed case."""
    if not case.is_open:
        return [], []
    due = [
        *list_due_needs(needs),
        *list_due_follow_ups(case, written),
        *list_due_elsewhere(case, user),
    ]
    due.sort(key=lambda one: one.at)
    soon = timezone.now() + SOON
    now = [entry for entry in due if entry.at <= soon] or due[:1]
    return now, due[len(now) :]


def list_due_needs(needs: Iterable[NeedCard]) -> list[DueItem]:
    return [
        DueItem(
            need.need.due_at,
            _("Find help: %(need)s") % {"need": need.need.needed},
            url=need.steps[0].url if need.steps else f"#need-{need.need.pk}",
            do=need.steps[0].label if need.steps else OPEN,
        )
        for need in needs
        if need.need.is_open
    ]


def list_due_follow_ups(case: Case, written: OpenedRecords) -> list[DueItem]:
    return [
        DueItem(
            follow_up.due_at,
            follow_up.get_kind_display(),
            str(written.of(follow_up.document).get("words", "")),
            build_follow_up_url(follow_up),
            label_action(follow_up),
        )
        for follow_up in sections.list_things(case, FOLLOW_UPS)
    ]


def label_action(follow_up: FollowUp) -> str:
    if follow_up.kind == FollowUp.Kind.SAFETY:
        return _("Review safety")
    return _("Record outcomes")


def build_follow_up_url(follow_up: FollowUp) -> str:
    if follow_up.kind == FollowUp.Kind.SAFETY:
        return reverse("cases:safety", args=[follow_up.case_id])
    return reverse("cases:follow_up", args=[follow_up.pk])


def list_due_elsewhere(case: Case, user: User) -> list[DueItem]:
    return [
        DueItem(at, what, url=url)
        for due in sections.DUE
        for at, what, url in due(case, user)
    ]
