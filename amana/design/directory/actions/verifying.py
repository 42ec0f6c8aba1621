"""Ask services whether their details are still true, and record the answers."""

import hashlib
from collections.abc import Iterable, Mapping
from functools import partial
from math import ceil

from django.db import transaction
from django.db.models import Exists, F, OuterRef
from django.utils import timezone
from django.utils.translation import gettext as _

from amana.design.directory.actions.publishing import (
    lock_service,
    set_service_fields,
)
from amana.design.directory.models import (
    ChangeProposal,
    ReminderSwitch,
    Service,
    ServiceChange,
    Verification,
    VerificationRequest,
)
from amana.design.directory.models.changes import record_change
from amana.design.directory.models.confirmation import (
    VERIFIED_FOR,
    match_due,
    match_outdated,
)
from amana.design.directory.models.services import ServiceQuerySet
from amana.design.directory.models.verification import ANSWER_WITHIN
from amana.design.directory.rules import edit_service, oversee_directory
from amana.design.directory.tasks import mail_verification
from amana.errors import Changed, Refused
from amana.trust.access.models.organisations import Role, User
from amana.trust.access.rules import Denied, has_role
from amana.trust.access.tasks import notify_user
from amana.trust.audit import log

Means = Verification.Means

ASKED_BEFORE = 14
"""Days before its details are due: enough for two reminders."""
AT_LEAST, AT_MOST = 10, 100
"""Services asked in one run: a mail server that gets thousands at once blocks them, and
other messages of the queue would be late."""
RUNS = 24
"""In which those that are due now are asked: half a day. The clock makes 672 in two
weeks, so up to 60,000 services are asked in time."""


@transaction.atomic
def verify_service(service: Service, *, by: User) -> None:
    """Record that all of this is still true."""
    edit_service.require(by, service)
    confirm(service, Means.HERE, by=by)
    log.record("verified service", service, by=by)


@transaction.atomic
def verify_by_phone(
    service: Service, *, asked_role: str, confirmed: Iterable[str], by: User
) -> None:
    """Record that the service was asked by telephone: whom, by role, and what they
    confirmed."""
    edit_service.require(by, service)
    confirm(
        service, Means.PHONE, by=by, asked_role=asked_role, confirmed=sorted(confirmed)
    )
    log.record("verified service by telephone", service, by=by)


def confirm(service: Service, means: Means, *, by: User | None, **more: object) -> None:
    service.verified_at, service.verified_by = timezone.now(), by
    service.verify_by = timezone.localdate() + VERIFIED_FOR
    service.save(update_fields=["verified_at", "verified_by", "verify_by"])
    Verification.objects.create(service=service, means=means, by=by, **more)
    record_change(service)


# --- asking by a link


@transaction.atomic
def ask_service(service: Service, *, by: User) -> VerificationRequest:
    """Mail a link to the mailbox of a service. Raises `Refused` where it has none, or
    was asked within the last two weeks."""
    edit_service.require(by, service)
    if not service.email or service.status == Service.Status.ENDED:
        raise Refused(_("This service has no e-mail address here. Call it."))
    # A message that reached no mailbox keeps no colleague from asking another one.
    recent = VerificationRequest.objects.filter(service=service).recent()
    if any(not request.is_undelivered for request in recent):
        raise Refused(_("It was asked within the last two weeks. Call it instead."))
    request = make_request(service, by=by)
    log.record("asked service to verify", service, by=by)
    return request


def make_request(service: Service, *, by: User | None) -> VerificationRequest:
    request = VerificationRequest.objects.create(
        service=service,
        address=service.email,
        asked_by=by,
        expires_at=timezone.now() + ANSWER_WITHIN,
    )
    transaction.on_commit(partial(mail_verification.enqueue, request.pk))
    return request


@transaction.atomic
def ask_due_services(*, by: User | None, at_most: int | None = None) -> int:
    """Ask the next services whose details are due; return how many. `by` is None for
    the clock, which asks no one while reminders are off, and no more than needed."""
    if by is not None:
        require_coordinator(by)
    elif is_off():
        return 0
    if at_most is None:
        at_most = AT_MOST if by else count_for_run(find_to_ask().count())
    services = list(find_to_ask().order_by("verify_by", "pk")[:at_most])
    for service in services:
        make_request(service, by=by)
        log.record("asked service to verify", service, by=by)
    return len(services)


def count_for_run(due: int) -> int:
    """Count how many of those that are due one run asks."""
    return min(max(AT_LEAST, ceil(due / RUNS)), AT_MOST)


def require_coordinator(user: User) -> None:
    if not has_role(user, [Role.COORDINATOR]):
        raise Denied(oversee_directory, user)


def find_to_ask() -> ServiceQuerySet:
    """Find services to be asked now: their details are due soon, they have a mailbox,
    and were not asked within two weeks."""
    asked = VerificationRequest.objects.filter(service=OuterRef("pk"))
    # A mailbox that took nothing takes nothing next time; another one may.
    lost = asked.filter(returned_at__isnull=False, address=OuterRef("email"))
    return (
        Service.objects.listed()
        .filter(match_due(ASKED_BEFORE))
        # Who has answered none of these mails is called.
        .exclude(match_outdated())
        .exclude(email="")
        .exclude(Exists(asked.recent()))
        .exclude(Exists(lost))
    )


def is_off() -> bool:
    return ReminderSwitch.objects.filter(off_since__isnull=False).exists()


@transaction.atomic
def switch_reminders(on: bool, *, by: User) -> None:
    """Let the clock send reminders to services, or not."""
    require_coordinator(by)
    switch, _new = ReminderSwitch.objects.get_or_create(pk=1)
    switch.off_since = None if on else timezone.now()
    switch.changed_by = by
    switch.save()
    log.record("turned reminders on" if on else "turned reminders off", switch, by=by)


@transaction.atomic
def record_return(request: VerificationRequest, *, by: User) -> None:
    """Record that a mail came back: its mailbox is not asked again."""
    edit_service.require(by, request.service)
    sent = VerificationRequest.objects.filter(
        pk=request.pk, sent_at__isnull=False, returned_at=None, answered_at=None
    )
    if not sent.update(returned_at=timezone.now()):
        raise Changed(_("Someone else recorded this first, or it was answered."))
    log.record("recorded returned mail", request.service, by=by)


# --- the answer, from outside


def hash_token(token: str) -> bytes:
    return hashlib.sha256(token.encode()).digest()


def find_request(token: str) -> VerificationRequest | None:
    """Find the request of a token that can still be answered."""
    # Found by its hash, and not compared: how long a comparison takes tells nothing.
    # A mailbox that the service has left since must open nothing.
    rows = VerificationRequest.objects.open().filter(
        digest=hash_token(token), address=F("service__email")
    )
    known = rows.select_related("service__organisation", "service__area")
    return known.exclude(service__status=Service.Status.ENDED).first()


@transaction.atomic
def confirm_by_link(request: VerificationRequest) -> None:
    """Record the answer that all of it is still true."""
    spend(request)
    confirm(request.service, Means.LINK, by=None)
    log.record("confirmed service by link", request.service, by=None)


@transaction.atomic
def propose_changes(
    request: VerificationRequest, *, values: Mapping[str, object], words: str
) -> ChangeProposal:
    """Record what the service says has changed. It changes nothing by itself."""
    spend(request)
    proposal = ChangeProposal.objects.create(
        request=request, service=request.service, values=dict(values), words=words
    )
    if request.asked_by_id:
        transaction.on_commit(partial(notify_user.enqueue, request.asked_by_id))
    log.record("proposed changes by link", request.service, by=None)
    return proposal


def spend(request: VerificationRequest) -> None:
    """Use the link up. Raises `Changed` where another answer was first."""
    now = timezone.now()
    open_ = VerificationRequest.objects.open(now).filter(pk=request.pk)
    still = Service.objects.filter(pk=request.service_id, email=request.address)
    if not still.exists() or not open_.update(answered_at=now):
        raise Changed(_("This link was used already, or it has expired."))


@transaction.atomic
def accept_proposal(
    proposal: ChangeProposal, *, by: User, seen: int | None = None
) -> None:
    """Set what the service proposed, and record that the rest is true. Raises `Changed`
    where it was decided, or the service changed, since."""
    service = proposal.service
    edit_service.require(by, service)
    # A proposed status would list again what has ended since.
    if service.status == Service.Status.ENDED:
        raise Refused(_("This service has ended, so nothing is changed. Decline it."))
    decide(proposal, is_accepted=True, by=by)
    lock_service(service, service.version if seen is None else seen)
    if proposal.values:
        set_service_fields(
            service,
            proposal.values,
            by=by,
            source=ServiceChange.Source.PROPOSAL,
        )
    confirm(service, Means.LINK, by=None)
    log.record(
        "accepted proposed changes", service, by=by, fields=sorted(proposal.values)
    )


@transaction.atomic
def decline_proposal(proposal: ChangeProposal, *, by: User) -> None:
    """Leave the service as it is."""
    edit_service.require(by, proposal.service)
    decide(proposal, is_accepted=False, by=by)
    log.record("declined proposed changes", proposal.service, by=by)


def decide(proposal: ChangeProposal, *, is_accepted: bool, by: User) -> None:
    waiting = ChangeProposal.objects.waiting().filter(pk=proposal.pk)
    # Its words may name people, and are not needed any more.
    now = {"decided_at": timezone.now(), "decided_by": by, "words": ""}
    if not waiting.update(**now, is_accepted=is_accepted):
        raise Changed(_("Someone else decided this first."))
