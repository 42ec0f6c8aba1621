"""A case moves to another team: offered by one, accepted by the other, keys and all.

The new owner steps into the place of the old one, so a case moves only within a
sphere: what must not flow to a sphere cannot get there by a change of owner either.
Another organisation needs the person's agreement besides."""

from datetime import timedelta

from django.db import IntegrityError, transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from amana.care.cases import card, signed_case
from amana.care.cases.actions.mechanisms import follow_mechanism
from amana.care.cases.actions.needs import require_open
from amana.care.cases.due import refresh_deadline
from amana.care.cases.events import (
    case_transferred,
    case_transferring,
    transfer_answered,
    transfer_offered,
)
from amana.care.cases.models import (
    Assignment,
    Case,
    Transfer,
    TransferDecline,
    Urgency,
)
from amana.care.cases.rules import TAKERS, URGENT, manage_case
from amana.care.cases.rules import answer_transfer as answer_transfer_rule
from amana.design.mechanism.choosing import (
    Arrival,
    choose_version,
    find_successor,
    list_versions_for_team,
)
from amana.errors import Changed, Refused
from amana.trust.access.models import Sphere, Team, User
from amana.trust.access.tasks import notify_team
from amana.trust.audit import log
from amana.trust.vault import documents, roster
from amana.trust.vault.compartments import Compartment

ANSWER_WITHIN = {
    Urgency.U0: timedelta(hours=1),
    Urgency.U1: timedelta(hours=24),
    Urgency.U2: timedelta(hours=72),
    Urgency.U3: timedelta(days=7),
}


@transaction.atomic
def offer_transfer(case: Case, *, to: Team, agreed: str = "", by: User) -> Transfer:
    """Offer the case to another team. `agreed`: how the person agreed to it."""
    manage_case.require(by, case)
    require_open(case)
    _may_move(case, to, agreed)
    case_transferring.send(Case, case=case, to=to, by=by)
    now = timezone.now()
    try:
        with transaction.atomic():
            # In a savepoint, because the constraint `transfer_one_waiting` decides when
            # two colleagues offer it at once.
            transfer = Transfer.objects.create(
                case=case,
                origin=case.team,
                to=to,
                offered_by=by,
                offered_at=now,
                due_at=now + ANSWER_WITHIN[Urgency(case.urgency)],
            )
    except IntegrityError as error:
        raise Refused(_("This case has already been offered to a team.")) from error
    if agreed.strip():
        content = {"words": agreed, "by": by.name}
        documents.write(
            case.pk, Compartment.NEEDS, content, by=by, name=transfer.document
        )
    # Sealed to them now, because only we can; their rules open it once they accept.
    documents.share_case(case.pk, by=by, team=to)
    log.record("offered transfer", transfer, by=by, case=case.pk, team=to.pk)
    notify_team.enqueue(to.pk, sorted(TAKERS), case.urgency in URGENT)
    transfer_offered.send(Transfer, transfer=transfer, by=by)
    return transfer


@transaction.atomic
def answer_transfer(
    transfer: Transfer,
    *,
    accept: bool,
    reason: str = "",
    by: User,
) -> Transfer:
    """Accept the case for the other team, led by the person who accepts; or decline it,
    with a reason. Raises `Refused` without a reason, `Changed` when it was answered
    before."""
    answer_transfer_rule.require(by, transfer)
    if not accept and reason not in TransferDecline.values:
        raise Refused(_("Choose why your team is declining the case."))
    _answer(transfer, accept=accept, reason="" if accept else str(reason))
    case = transfer.case
    if accept:
        _move(case, to=transfer.to, by=by)
    else:
        _keep(case, by=by)
        notify_team.enqueue(transfer.origin_id, sorted(TAKERS), case.urgency in URGENT)
    log.record(
        "answered transfer",
        transfer,
        by=by,
        case=case.pk,
        accepted=accept,
        reason=transfer.declined_for,
    )
    if accept:
        case_transferred.send(Case, case=case, origin=transfer.origin, by=by)
    transfer_answered.send(Transfer, transfer=transfer, by=by)
    return transfer


@transaction.atomic
def take_back_offer(transfer: Transfer, *, by: User) -> Transfer:
    """Withdraw the offer: the team that made it keeps the case. Raises `Changed` when
    it was answered before."""
    manage_case.require(by, transfer.case)
    _answer(transfer, accept=False, reason=TransferDecline.TAKEN_BACK)
    _keep(transfer.case, by=by)
    log.record("took back offer", transfer, by=by, case=transfer.case_id)
    transfer_answered.send(Transfer, transfer=transfer, by=by)
    return transfer


def _may_move(case: Case, to: Team, agreed: str) -> None:
    ours, theirs = case.team.organisation, to.organisation
    if to.pk == case.team_id:
        raise Refused(_("The case is already with this team."))
    if ours.pk == theirs.pk:
        roster.require_homes([case.team, to])
        return
    if ours.admitted_at is None or theirs.admitted_at is None:
        raise Refused(_("This organisation has not been admitted to the mechanism."))
    # The new owner reads the whole case, so a transfer must not reach what no referral
    # could (ADR 9).
    if ours.sphere != theirs.sphere or theirs.sphere == Sphere.BORDER:
        raise Refused(
            _(
                "A whole case can’t be transferred to this kind of organisation. Send "
                "a referral instead."
            )
        )
    if not agreed.strip():
        raise Refused(_("Record how the person agreed to the transfer."))
    roster.require_spheres([case.team, to])


def _answer(transfer: Transfer, *, accept: bool, reason: str) -> None:
    changes = {
        "answered_at": timezone.now(),
        "accepted": accept,
        "declined_for": reason,
    }
    if not Transfer.objects.waiting().filter(pk=transfer.pk).update(**changes):
        raise Changed(_("This offer has already been answered."))
    for name, value in changes.items():
        setattr(transfer, name, value)


def _move(case: Case, *, to: Team, by: User) -> None:
    now = timezone.now()
    # Not only `current`: emergency access that has run out, but that no timer has ended
    # yet, would still block a new assignment of the same person.
    case.assignments.filter(ended_at=None).update(ended_at=now)
    signed_case.change_shell(case, team=to, restricted=False, by=by)
    _choose_mechanism(case, to=to, by=by)
    Assignment.objects.create(case=case, worker=by, part=Assignment.Part.LEAD)
    documents.share_case(case.pk, by=by, team=to, exclusively=True)
    card.renew_card(case, by=by)
    refresh_deadline(case)


def _choose_mechanism(case: Case, *, to: Team, by: User) -> None:
    """Have the case follow what the new team takes part in, unless that is what it
    follows. A person's age is sealed: who takes it over can choose another."""
    known = list_versions_for_team(to, retired=True)
    if case.mechanism_id in {version.mechanism_id for version in known}:
        return
    groups = case.needs.open().values_list("group", flat=True)
    version = choose_version(Arrival(to, asks_for=set(groups)))
    if case.mechanism and (next_one := find_successor(case.mechanism)) in known:
        version = next_one
    if version:
        follow_mechanism(case, version, by=by)


def _keep(case: Case, *, by: User) -> None:
    """Give the keys back to those who hold the case now."""
    # Only a holder of the keys can wrap them for others. A team that declines still
    # holds them: it leaves them with their owners and keeps none itself.
    if case.restricted:
        people = list(card.find_holders(case))
        documents.share_case(case.pk, by=by, people=people, exclusively=True)
    else:
        documents.share_case(case.pk, by=by, team=case.team, exclusively=True)
