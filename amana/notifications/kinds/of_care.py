"""Notifications of referrals, cases, consents, decisions and pathways."""

from datetime import date

from django.db.models import Exists, Q, QuerySet
from django.urls import reverse
from django.utils.translation import gettext as _

from amana.care.cases.models.case_record import Case
from amana.care.cases.models.files import Closure, Transfer
from amana.care.cases.rules import (
    answer_transfer,
    see_thing_of_case,
    supervise_case,
    work_on_case,
)
from amana.care.consent.models import Consent, Destruction
from amana.care.consent.rules import destroy_copies
from amana.care.pathways import labels as pathways
from amana.care.pathways.models.open_tasks import OpenTask
from amana.care.pathways.rules import do_step
from amana.care.pending.models import PendingDecision
from amana.care.pending.rules import see_own_decision
from amana.care.referrals.models import Referral
from amana.care.referrals.rules import (
    answer_referral,
    filter_covered_referrals,
    follow_referral,
    see_referral,
    supervise_referral,
    watch_referral,
)
from amana.care.screening.models import Screening
from amana.care.screening.rules import receive_screening
from amana.design.mechanism.models.versions import Version
from amana.notifications.kinds.notification_kind import NotificationText
from amana.trust.access.models.organisations import Membership, Role, User


def find_received(user: User, day: date) -> QuerySet[Referral]:
    return answer_referral.among(Referral.objects.all(), user)


def find_followed(user: User, day: date) -> QuerySet[Referral]:
    """Find the referrals of those who act for the sender on this day."""
    mine = follow_referral.where(user) | supervise_referral.where(user)
    return Referral.objects.filter(mine | filter_covered_referrals(user, day))


def find_seen_late(user: User, day: date) -> QuerySet[Referral]:
    mine = answer_referral.where(user) | follow_referral.where(user)
    led = supervise_referral.where(user) | watch_referral.where(user)
    return Referral.objects.filter(mine | led | filter_covered_referrals(user, day))


def build_received_line(referral: Referral) -> NotificationText:
    """Build the line for the recipient."""
    return NotificationText(
        # Without our reference, which the recipient doesn't know.
        need=str(referral.needed),
        who=str(referral.sender),
        urgency=referral.urgency,
    )


def build_followed_line(referral: Referral) -> NotificationText:
    return NotificationText(
        what=str(referral.stands),
        need=str(referral.needed),
        reference=referral.case.reference,
        who=str(referral.recipient),
        urgency=referral.urgency,
    )


def build_late_line(referral: Referral) -> NotificationText:
    waits_for = referral.sender if referral.stage == "word" else referral.recipient
    return NotificationText(
        need=str(referral.needed),
        who=str(waits_for),
        urgency=referral.urgency,
    )


def build_late_address(referral: Referral, user: User) -> str:
    """Build the address of an overdue referral."""
    # Coordinators have a list of what is late, and no page of the one referral.
    if see_referral.permits(user, referral):
        return reverse("referrals:referral", args=[referral.pk])
    return reverse("referrals:late")


def find_offered(user: User, day: date) -> QuerySet[Transfer]:
    return answer_transfer.among(Transfer.objects.waiting(), user)


def build_offer_line(transfer: Transfer) -> NotificationText:
    return NotificationText(who=str(transfer.origin))


def find_declined(user: User, day: date) -> QuerySet[Transfer]:
    declined = Transfer.objects.filter(accepted=False)
    return see_thing_of_case.among(declined, user)


def build_decline_line(transfer: Transfer) -> NotificationText:
    case = transfer.case
    return NotificationText(reference=case.reference, who=str(transfer.to))


def find_handed(user: User, day: date) -> QuerySet[Screening]:
    return receive_screening.among(Screening.objects.handed(), user)


def build_screening_line(screening: Screening) -> NotificationText:
    return NotificationText(who=str(screening.origin or ""), urgency=screening.urgency)


def find_worked_on(user: User, day: date) -> QuerySet[Case]:
    return work_on_case.among(Case.objects.all(), user)


def build_case_line(case: Case) -> NotificationText:
    return NotificationText(reference=case.reference, urgency=case.urgency)


def find_proposed(user: User, day: date) -> QuerySet[Closure]:
    led = Q(case__in=supervise_case.among(Case.objects.all(), user))
    return Closure.objects.waiting().filter(led)


def build_closure_line(closure: Closure) -> NotificationText:
    return NotificationText(reference=closure.case.reference)


def find_own_consents(user: User, day: date) -> QuerySet[Consent]:
    mine = Q(case__in=work_on_case.among(Case.objects.all(), user))
    return Consent.objects.filter(mine)


def build_consent_line(consent: Consent) -> NotificationText:
    return NotificationText(
        reference=consent.case.reference, who=str(consent.recipient)
    )


def find_to_destroy(user: User, day: date) -> QuerySet[Destruction]:
    return destroy_copies.among(Destruction.objects.waiting(), user)


def build_copies_line(destruction: Destruction) -> NotificationText:
    return NotificationText(who=str(destruction.basis.case.team))


def find_failed(user: User, day: date) -> QuerySet[PendingDecision]:
    return see_own_decision.among(PendingDecision.objects.failed(), user)


def build_decision_line(decision: PendingDecision) -> NotificationText:
    return NotificationText()


def find_steps(user: User, day: date) -> QuerySet[OpenTask]:
    return do_step.among(OpenTask.objects.all(), user)


def build_step_line(due: OpenTask) -> NotificationText:
    return NotificationText(
        what=_("Pathway task overdue") if due.is_late else "",
        need=pathways.format_step_of_course(due.course, due.key),
        reference=due.case.reference,
    )


def find_versions(user: User, day: date) -> QuerySet[Version]:
    """Find the versions in force, for those who coordinate now. One query, as for all
    kinds."""
    coordinates = Membership.objects.holding([Role.COORDINATOR]).filter(user=user)
    return Version.objects.in_force().filter(Exists(coordinates))


def build_unmoved_line(version: Version) -> NotificationText:
    return NotificationText()
