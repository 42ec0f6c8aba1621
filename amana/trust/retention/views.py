"""What ends when and what was erased; holds, and requests to be forgotten."""

from collections.abc import Callable
from typing import Any
from uuid import UUID

from django.db.models import Model
from django.http import HttpResponse
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from amana.trust.access.http import Request, posted
from amana.trust.access.models import User
from amana.trust.access.rules import NotAccessible, Rule, has_role
from amana.trust.retention import holds as held
from amana.trust.retention import requests, retention_rows, terms
from amana.trust.retention.forms import HoldForm, RefuseForm, RequestForm
from amana.trust.retention.models import ErasureRequest, Hold
from amana.trust.retention.record_kinds import RecordKind, find_overseen
from amana.trust.retention.rules import (
    OFFICERS,
    READERS,
    answer_request,
    confirm_hold,
    confirm_lifting,
    confirm_request,
    keep_hold,
    lift_hold,
    read_retention,
    refuse_request,
    stop_request,
    withdraw_hold,
)
from amana.trust.vault import heartbeat
from amana.trust.vault.middleware import require_recent_unlock
from amana.trust.vault.rules import WATCHING
from amana.ui.http import answer_form, done, show
from amana.ui.once import apply_once

NOW = "retention/now.html"
RECORD = "retention/record.html"
WRITE = "retention/write.html"


@require_GET
def now(request: Request) -> HttpResponse:
    """Show the terms, what ends within 30 days, holds, requests, and what was
    erased.
    """
    if not has_role(request.user, READERS):
        raise NotAccessible(read_retention, Hold, {})
    user, oversees = request.user, has_role(request.user, OFFICERS)
    return show(
        request,
        NOW,
        {
            "terms": retention_rows.list_terms(),
            "oversees": oversees,
            "endings": retention_rows.list_endings(user) if oversees else [],
            "holds": retention_rows.list_holds(user) if oversees else [],
            "requests": retention_rows.list_requests(user) if oversees else [],
            "erased": retention_rows.count_erased(),
            "in_doubt": heartbeat.is_in_doubt(),
            "clock": timezone.now(),
            "confirms": has_role(user, WATCHING),
        },
    )


@require_POST
@require_recent_unlock
def confirm_clock_(request: Request) -> HttpResponse:
    heartbeat.confirm_time(by=request.user)
    return done(request, then="retention:now")


# --- one record


def find_visible_record(
    user: User, pk: UUID, *, oversees: bool = False
) -> tuple[RecordKind, Model]:
    """Find the record with its kind, for a person who knows of it, or oversees it."""
    found = find_overseen(user, pk, lambda kind: kind.overseen)
    # For those who decide, only a right to oversee counts; to see one, and record a
    # request, also knowing it.
    if not found and not oversees:
        found = find_overseen(user, pk, lambda kind: kind.seen)
    if not found:
        raise NotAccessible(read_retention, Hold, {"record": pk})
    kind, row = found
    return kind, row


@require_GET
def record(request: Request, pk: UUID) -> HttpResponse:
    """Show how long one record is kept, its holds and requests."""
    found, row = find_visible_record(request.user, pk)
    return show(
        request,
        RECORD,
        {
            "kind": found,
            "name": found.name(row),
            "row": row,
            "until": found.until(row, terms.load()),
            "holds": retention_rows.list_record_holds(row, request.user),
            "requests": retention_rows.list_record_requests(row, request.user),
            "oversees": found.overseen and found.overseen.permits(request.user, row),
            "refuses": get_refusal_url(row, request.user),
            "waits": ErasureRequest.objects.open().filter(record=row.pk).exists(),
        },
    )


def get_refusal_url(row: Model, user: User) -> str:
    """Get the address where a request that waits for an answer is refused; empty
    without one.
    """
    waiting = ErasureRequest.objects.filter(record=row.pk)
    found = refuse_request.among(waiting, user).first()
    return reverse("retention:refuse_request", args=[found.pk]) if found else ""


@require_http_methods(["GET", "POST"])
@require_recent_unlock
@apply_once
def new_hold(request: Request, pk: UUID) -> HttpResponse:
    found, row = find_visible_record(request.user, pk, oversees=True)
    form = HoldForm(posted(request))
    return answer_form(
        request,
        WRITE,
        form,
        lambda said: held.set_hold(
            found, row, reason=said["reason"], **form.days, by=request.user
        ),
        title=_("Keep this record longer"),
        back=retention_rows.get_record_url(row),
        lead=_(
            "The record is not erased while the hold is in force. Shared copies still "
            "end with their consent."
        ),
    )


@require_http_methods(["GET", "POST"])
@apply_once
def new_request(request: Request, pk: UUID) -> HttpResponse:
    found, row = find_visible_record(request.user, pk)
    return answer_form(
        request,
        WRITE,
        RequestForm(posted(request), initial={"received_on": timezone.localdate()}),
        lambda said: requests.record(found, row, **said, by=request.user),
        title=_("Record a request to be forgotten"),
        back=retention_rows.get_record_url(row),
        lead=_("They get an answer within the time limit set by law."),
    )


# --- deciding


def back_to(request: Request, thing: Hold | ErasureRequest) -> HttpResponse:
    to = reverse("retention:record", args=[thing.record])
    return done(request, then=to)


def decide(
    request: Request, pk: UUID, model: Any, rule: Rule, act: Callable[..., None]
) -> HttpResponse:
    found = rule.find(model.objects.all(), request.user, pk=pk)
    act(found, by=request.user)
    return back_to(request, found)


@require_POST
@require_recent_unlock
def confirm_hold_(request: Request, pk: UUID) -> HttpResponse:
    return decide(request, pk, Hold, confirm_hold, held.confirm)


@require_POST
@require_recent_unlock
def withdraw_hold_(request: Request, pk: UUID) -> HttpResponse:
    return decide(request, pk, Hold, withdraw_hold, held.withdraw)


@require_POST
@require_recent_unlock
def propose_lifting(request: Request, pk: UUID) -> HttpResponse:
    return decide(request, pk, Hold, lift_hold, held.propose_lifting)


@require_POST
@require_recent_unlock
def keep_hold_(request: Request, pk: UUID) -> HttpResponse:
    return decide(request, pk, Hold, keep_hold, held.keep)


@require_POST
@require_recent_unlock
def lift(request: Request, pk: UUID) -> HttpResponse:
    return decide(request, pk, Hold, confirm_lifting, held.lift)


@require_POST
@require_recent_unlock
def grant(request: Request, pk: UUID) -> HttpResponse:
    return decide(request, pk, ErasureRequest, answer_request, requests.grant)


@require_POST
@require_recent_unlock
def confirm_request_(request: Request, pk: UUID) -> HttpResponse:
    return decide(request, pk, ErasureRequest, confirm_request, requests.confirm)


@require_POST
@require_recent_unlock
def stop(request: Request, pk: UUID) -> HttpResponse:
    return decide(request, pk, ErasureRequest, stop_request, requests.withdraw)


@require_http_methods(["GET", "POST"])
@require_recent_unlock
@apply_once
def refuse(request: Request, pk: UUID) -> HttpResponse:
    found = refuse_request.find(ErasureRequest.objects.all(), request.user, pk=pk)
    return answer_form(
        request,
        WRITE,
        RefuseForm(posted(request)),
        lambda said: requests.refuse(found, reason=said["reason"], by=request.user),
        title=_("Refuse the request"),
        back=reverse("retention:record", args=[found.record]),
        lead=_("Give the person the reason, and explain where they can complain."),
    )
