"""When a closed case is erased, and how: keys, words, files and every row about it.

A child's case is kept until the child would be of an age. The year of birth is in the
clear from the closing on, and nothing more exact: the clock holds no key.
"""

import re
from collections.abc import Callable, Iterable, Mapping
from datetime import date, datetime
from uuid import UUID

from django.db.models import Q, QuerySet, UUIDField
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from amana.care.cases.events import case_erasing
from amana.care.cases.fields import YesNo, may_be_child
from amana.care.cases.models import Case
from amana.care.cases.rules import oversee_retention, see_case
from amana.care.pending.models import PendingDecision
from amana.trust.access.models import Membership, Role, User
from amana.trust.audit import log
from amana.trust.retention import proof, record_kinds
from amana.trust.retention.record_kinds import RecordKind, Words
from amana.trust.retention.terms import Terms
from amana.trust.vault import documents
from amana.trust.vault.compartments import Compartment
from amana.trust.vault.documents import RECORD, OpenedDocument
from amana.trust.vault.models import CompartmentKey
from amana.ui.typed import parse_small_int


def read_birth_year(case: Case, *, by: User) -> int | None:
    """Read the year in which the child of a case was born; None: not a child's case."""
    return documents.read_coded_documents(
        case.pk,
        [Compartment.IDENTITY],
        [RECORD],
        by=by,
        into=lambda opened: _born_in(opened, case.opened_at),
    )


def _born_in(
    opened: Mapping[tuple[Compartment, str], OpenedDocument], since: datetime
) -> int | None:
    record = opened.get((Compartment.IDENTITY, RECORD))
    identity = record.content if record else {}
    year = _year(identity, since)
    if year is not None and since.year - year < 18:
        return year
    if may_be_child(identity):
        return since.year
    said = year is not None or identity.get("child") == YesNo.NO
    # Where neither age nor year is known, the year in which the case was opened: that
    # keeps it longest.
    return None if said else since.year


def _year(identity: Mapping[str, object], since: datetime) -> int | None:
    """Find the year as written, or by the age; None: neither, or an impossible one."""
    written = re.search(r"\b\d{4}\b", str(identity.get("birth_date") or ""))
    age = parse_small_int(str(identity.get("age") or "").strip())
    years = [int(written[0])] if written else []
    years += [since.year - age] if age is not None else []
    return next((year for year in years if 0 <= since.year - year <= 120), None)


# --- when


def find_expired(terms: Terms, now: datetime) -> QuerySet[Case]:
    return _closed_long_ago(terms, now).filter(child_born_in=None)


def find_expired_of_children(terms: Terms, now: datetime) -> QuerySet[Case]:
    """Find the closed cases of children who are of the age, and whose own time is
    over."""
    # Only the year of birth is in the clear, so the age is certain on 1 January of the
    # year after.
    born = timezone.localdate(now).year - terms["child"].years - 1
    return _closed_long_ago(terms, now).filter(child_born_in__lte=born)


def _closed_long_ago(terms: Terms, now: datetime) -> QuerySet[Case]:
    before = terms["case"].before(now)
    return Case.objects.filter(closed_at__lte=before).order_by("closed_at", "pk")


def is_over(case: Case, terms: Terms, now: datetime) -> bool:
    """Prove by the log that the case's time is over."""
    # Not by `closed_at`: a person who can write in the database could date it back and
    # have a case erased.
    before = terms["case"].before(now)
    return proof.is_logged(
        case.pk, "closed case", until=before, unless=("reopened case",)
    )


def compute_erasure_day(case: Case, terms: Terms) -> date | None:
    """Compute the day on which the case is erased; None: it is open."""
    if case.closed_at is None:
        return None
    over = timezone.localdate(terms["case"].after(case.closed_at))
    if case.child_born_in is None:
        return over
    of_age = date(case.child_born_in + terms["child"].years + 1, 1, 1)
    return max(over, of_age)


# --- how


def erase(case: Case) -> Iterable[UUID]:
    """Erase everything about a case except the log's events, which hold none of its
    content."""
    keys = list(
        CompartmentKey.objects.filter(case=case.pk).values_list("pk", flat=True)
    )
    # Before anything goes: afterwards no row leads to these ids any more.
    things = _things_of(case)
    case_erasing.send(Case, case=case, things=list(things))
    decided = Q(thing__in=list(things)) | Q(about=case.pk)
    PendingDecision.objects.filter(decided).delete()
    documents.shred(case.pk)
    log.shred_about(things)
    Case.objects.filter(pk=case.pk).delete()
    return keys


def _things_of(case: Case) -> dict[UUID, str]:
    """Map the ids of all rows about the case, its own first, to what the log calls
    each."""
    found = {case.pk: log.format_thing(Case, case.pk)}
    for relation in Case._meta.related_objects:
        model = relation.related_model
        if isinstance(model._meta.pk, UUIDField):
            rows = model._default_manager.filter(**{relation.field.name: case.pk})
            ids = rows.order_by().values_list("pk", flat=True)
            found |= {pk: log.format_thing(model, pk) for pk in ids}
    return found


def list_responsible(case: Case) -> set[int]:
    """List who leads the case, and the supervisors of its team."""
    leads = case.assignments.leading().filter(worker__is_active=True)
    held = Membership.objects.holding([Role.SUPERVISOR])
    supervisors = held.filter(team=case.team_id, user__is_active=True)
    return {
        *leads.values_list("worker", flat=True),
        *supervisors.values_list("user", flat=True),
    }


def _kind(
    code: str,
    label: Words,
    counted_from: Words,
    expired: Callable[[Terms, datetime], QuerySet[Case]],
    rows: Callable[[], QuerySet[Case]],
) -> RecordKind:
    return RecordKind(
        code,
        label,
        counted_from,
        rows=rows,
        expired=expired,
        erase=erase,
        until=compute_erasure_day,
        is_over=is_over,
        is_counted=True,
        answering=list_responsible,
        name=lambda case: case.reference,
        seen=see_case,
        overseen=oversee_retention,
    )


def register() -> None:
    for kind in (ADULTS, CHILDREN):
        record_kinds.KINDS.append(kind)


ADULTS = _kind(
    "case",
    _("Case"),
    _("Closure of the case"),
    find_expired,
    lambda: Case.objects.filter(child_born_in=None),
)
CHILDREN = _kind(
    "child",
    _("Case of a child"),
    _("Birth (by age), or closure of the case if that is later"),
    find_expired_of_children,
    lambda: Case.objects.filter(child_born_in__isnull=False),
)
