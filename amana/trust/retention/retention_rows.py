"""What the pages of retention show."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta

from django.db.models import Max, Model, Sum
from django.urls import reverse
from django.utils import timezone
from django.utils.functional import Promise
from django.utils.translation import gettext, ngettext

from amana.trust.access.models import User
from amana.trust.retention import terms
from amana.trust.retention.models import ErasureRequest, Hold
from amana.trust.retention.record_kinds import (
    KINDS,
    RecordKind,
    find_record,
    get_term_code,
    list_kinds,
)
from amana.trust.retention.rules import (
    answer_request,
    confirm_hold,
    confirm_lifting,
    confirm_request,
    keep_hold,
    lift_hold,
    see_hold,
    see_request,
    stop_request,
    withdraw_hold,
)
from amana.trust.retention.terms import RetentionTerm
from amana.trust.vault.models import ErasedLine

AHEAD = timedelta(days=30)
MOST = 200


def format_term(term: RetentionTerm) -> str:
    if term.in_years:
        return ngettext("%(n)d year", "%(n)d years", term.amount) % {"n": term.amount}
    return ngettext("%(n)d day", "%(n)d days", term.amount) % {"n": term.amount}


@dataclass(frozen=True)
class TermLine:
    """One line of the retention table."""

    label: str | Promise
    counted_from: str | Promise
    term: str


def list_terms() -> list[TermLine]:
    in_force = terms.load()
    return [
        TermLine(
            kind.label, kind.counted_from, format_term(in_force[get_term_code(kind)])
        )
        for kind in list_kinds()
    ]


# --- what ends soon


@dataclass(frozen=True)
class EndingRecord:
    """A record whose time ends soon, for someone who oversees it."""

    kind: RecordKind
    name: str
    on: date | None
    url: str
    is_held: bool


def list_endings(user: User) -> list[EndingRecord]:
    """List what is erased within 30 days, soonest first."""
    in_force, until = terms.load(), timezone.now() + AHEAD
    held = set(Hold.objects.in_force().values_list("record", flat=True))
    found = [
        EndingRecord(
            kind,
            kind.name(row),
            kind.until(row, in_force),
            get_record_url(row),
            row.pk in held,
        )
        for kind in KINDS
        if kind.overseen
        for row in kind.overseen.among(kind.expired(in_force, until), user)[:MOST]
    ]
    return sorted(found, key=lambda ending: (ending.on or date.max, ending.name))


def get_record_url(row: Model) -> str:
    return reverse("retention:record", args=[row.pk])


# --- holds and requests


@dataclass(frozen=True)
class RetentionAct:
    """What the reader can do now."""

    label: str
    url: str
    look: str = "plain"


@dataclass(frozen=True)
class RetentionRow:
    """A hold or a request, with what it is about."""

    thing: Hold | ErasureRequest
    name: str
    url: str
    acts: tuple[RetentionAct, ...] = ()


def list_holds(user: User) -> list[RetentionRow]:
    some = see_hold.among(Hold.objects.in_force(), user)
    return _shown(some.select_related("set_by").order_by("-pk"), user)


def list_requests(user: User) -> list[RetentionRow]:
    some = see_request.among(ErasureRequest.objects.open(), user)
    return _shown(some.order_by("answer_by", "pk"), user)


def _shown(things: Iterable[Hold | ErasureRequest], user: User) -> list[RetentionRow]:
    found = []
    for thing in things:
        # What a row is about may have been erased a moment ago.
        if known := find_record(thing.record):
            kind, row = known
            found.append(RetentionRow(thing, kind.name(row), get_record_url(row)))
    return found


def list_record_holds(row: Model, user: User) -> list[RetentionRow]:
    """List all that were ever set on one record, with what can be done now."""
    some = see_hold.among(Hold.objects.filter(record=row.pk), user)
    listed = some.select_related("set_by", "confirmed_by", "lift_by", "lifted_by")
    return [
        RetentionRow(h, "", "", tuple(_hold_acts(h, user)))
        for h in listed.order_by("pk")
    ]


def _hold_acts(hold: Hold, user: User) -> Iterable[RetentionAct]:
    if not hold.is_in_force:
        return
    if confirm_hold.permits(user, hold):
        yield _act(gettext("Confirm the hold"), "confirm_hold", hold, "primary")
    if withdraw_hold.permits(user, hold):
        yield _act(gettext("Withdraw"), "withdraw_hold", hold)
    if lift_hold.permits(user, hold):
        yield _act(gettext("Propose to lift the hold"), "propose_lifting", hold)
    if confirm_lifting.permits(user, hold):
        yield _act(gettext("Lift the hold"), "lift_hold", hold, "danger")
    if keep_hold.permits(user, hold):
        yield _act(gettext("Keep the hold"), "keep_hold", hold)


def list_record_requests(row: Model, user: User) -> list[RetentionRow]:
    some = see_request.among(ErasureRequest.objects.filter(record=row.pk), user)
    listed = some.select_related("recorded_by", "decided_by", "confirmed_by")
    return [
        RetentionRow(r, "", "", tuple(_request_acts(r, user)))
        for r in listed.order_by("pk")
    ]


def _request_acts(request: ErasureRequest, user: User) -> Iterable[RetentionAct]:
    if answer_request.permits(user, request):
        yield _act(gettext("Grant the request"), "grant_request", request, "primary")
    if confirm_request.permits(user, request):
        yield _act(gettext("Confirm the erasure"), "confirm_request", request, "danger")
    if stop_request.permits(user, request):
        yield _act(gettext("The person no longer wants this"), "stop_request", request)


def _act(
    label: str, name: str, thing: Hold | ErasureRequest, look: str = "plain"
) -> RetentionAct:
    return RetentionAct(label, reverse(f"retention:{name}", args=[thing.pk]), look)


# --- what was erased


@dataclass(frozen=True)
class ErasedCount:
    """How many of a kind went for one reason, and when last."""

    label: str | Promise
    why: str | Promise
    count: int
    last: date


def count_erased() -> list[ErasedCount]:
    labels = {kind.code: kind.label for kind in list_kinds()}
    rows = ErasedLine.objects.values_list("kind", "why").annotate(
        Sum("count"), Max("on")
    )
    return [
        ErasedCount(labels.get(kind, kind), ErasedLine.Why(why).label, count, last)
        for kind, why, count, last in rows.order_by("kind", "why")
    ]
