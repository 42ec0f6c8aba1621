"""Actions: come into a cohort by oneself, by a link or where anyone may."""

from collections.abc import Sequence
from datetime import date

from django.conf import settings
from django.core.cache import cache
from django.db import transaction
from django.db.models import F
from django.utils import timezone
from django.utils.translation import gettext as _

from amana.academy.cohorts import invitation_links
from amana.academy.cohorts.actions.asking import has_applied
from amana.academy.cohorts.actions.places import (
    accept_place,
    lock_cohort,
    lock_running_cohort,
    withdraw_application,
)
from amana.academy.cohorts.invitation_links import InvitationContent
from amana.academy.cohorts.invitation_lists import ListedPerson, ListProblem
from amana.academy.cohorts.models import (
    FADING,
    KEPT_FOR,
    OFFER_FOR,
    AdmissionRule,
    Application,
    Cohort,
    CohortInvitation,
)
from amana.academy.cohorts.rules import lead_cohort, lead_its_cohort
from amana.academy.cohorts.states import ApplicationStatus
from amana.academy.learners import actions as learners
from amana.errors import Refused
from amana.trust.access.models import User
from amana.trust.audit import log

DAY = 24 * 60 * 60


def build_over() -> Refused:
    return Refused(
        _(
            "This invitation has been used, withdrawn, or has expired. Ask the person "
            "who gave it to you for a new one."
        )
    )


# --- coming in


@transaction.atomic
def enrol_oneself(cohort: Cohort, *, by: User) -> Application:
    """Take a place in a cohort that is open to anyone, or go on its waiting list.
    Raises `Refused` where it is closed or one has a place already."""
    open_to_all = Cohort.objects.open().filter(pk=cohort.pk, entry=AdmissionRule.OPEN)
    if not open_to_all.exists():
        raise Refused(
            _(
                "Enrolment for these dates is closed. Choose other dates, or ask the "
                "academy."
            )
        )
    # The lock first: of two tabs that enrol at once the second finds the first.
    held = lock_cohort(cohort)
    if has_applied(by, held):
        raise Refused(
            _("You have already applied for these dates. See “My course dates”.")
        )
    return _come_in(held, Application.Source.ACCOUNT, by=by)


@transaction.atomic
def use_invitation(invitation: CohortInvitation, *, by: User) -> Application:
    """Come in by an invitation: enrolled, or on the waiting list where all places are
    taken. Who uses one twice is in already. Raises `Refused` where it is used up."""
    cohort = lock_cohort(invitation.cohort)
    mine = cohort.applications.open().filter(person=by).first()
    if mine is not None:
        return mine
    if cohort.is_over or not is_open(invitation):
        raise build_over()
    came = cohort.applications.filter(person=by, source=Application.Source.INVITATION)
    if came.exists():
        # Who left and comes back has used a place of the link already: else one person
        # could use up those of all.
        return _come_in(cohort, Application.Source.INVITATION, by=by)
    # The update decides: the last place of a link goes to one of two who ask at once.
    free = CohortInvitation.objects.open().filter(pk=invitation.pk)
    if not free.update(used=F("used") + 1):
        raise build_over()
    log.record("used invitation", invitation, by=by, cohort=cohort.pk)
    return _come_in(cohort, Application.Source.INVITATION, by=by)


def is_open(invitation: CohortInvitation) -> bool:
    """Check whether it may be used at all, apart from how often it was."""
    rows = CohortInvitation.objects.filter(pk=invitation.pk, withdrawn_at=None)
    return rows.filter(expires_on__gte=timezone.localdate()).exists()


def _come_in(cohort: Cohort, source: str, *, by: User) -> Application:
    """Go through the states of an application, all at once; the cohort is locked."""
    application = Application.objects.create(
        cohort=cohort,
        course=cohort.version.course,
        person=by,
        source=source,
        status=ApplicationStatus.APPLIED,
        due_at=timezone.now(),
    )
    log.record("applied for cohort", application, by=by, cohort=cohort.pk)
    if cohort.free_places() < 1:
        application.move(ApplicationStatus.WAITLISTED)
        log.record("put on waiting list", application, by=by, cohort=cohort.pk)
        return application
    # Offered and accepted in one: what reacts to each step of the table happens here as
    # for someone who was offered a place by a person.
    until = timezone.now() + OFFER_FOR
    application.move(ApplicationStatus.OFFERED, offered_until=until)
    accept_place(application, by=by)
    return application


# --- inviting


@transaction.atomic
def make_invitation(
    cohort: Cohort, *, places: int, expires_on: date, by: User
) -> CohortInvitation:
    """Make a link with which so many people may come in until the end of a day. Raises
    `Refused` where the day has passed, or is after the cohort."""
    lead_cohort.require(by, cohort)
    # Where it is over or was cancelled meanwhile, the link would lead into nothing.
    lock_running_cohort(cohort)
    if not timezone.localdate() <= expires_on <= cohort.ends_on:
        raise Refused(_("Choose a day between today and the cohort’s last day."))
    content = InvitationContent(invitation_links.make_token())
    made = _write(cohort, content, places=places, expires_on=expires_on, by=by)
    log.record("made invitation link", made, by=by, cohort=cohort.pk, places=places)
    return made


def _write(
    cohort: Cohort,
    content: InvitationContent,
    *,
    places: int,
    expires_on: date,
    by: User,
) -> CohortInvitation:
    return CohortInvitation.objects.create(
        cohort=cohort,
        digest=invitation_links.hash_token(content.token),
        sealed=invitation_links.seal_content(content),
        is_mailed=bool(content.address),
        places=places,
        expires_on=expires_on,
        made_by=by,
    )


@transaction.atomic
def withdraw_invitation(invitation: CohortInvitation, *, by: User) -> None:
    """Withdraw a link: no one comes in by it any more; who has, stays."""
    lead_its_cohort.require(by, invitation)
    free = CohortInvitation.objects.filter(pk=invitation.pk, withdrawn_at=None)
    if not free.update(withdrawn_at=timezone.now()):
        raise Refused(_("This invitation was withdrawn already."))
    log.record("withdrew invitation link", invitation, by=by)


@transaction.atomic
def invite_listed(
    cohort: Cohort, people: Sequence[ListedPerson], *, by: User
) -> list[ListProblem]:
    """Mail each person of a list a link of their own; return those lines for which it
    was refused. Who has an account here gets the same mail: a list shows no one who has
    one, and no name that its sender did not know. Raises `Refused` where the cohort is
    over."""
    lead_cohort.require(by, cohort)
    lock_running_cohort(cohort)
    # Addresses are sealed: opened once for the whole list.
    invited, problems = list_invited_addresses(cohort), []
    for person in people:
        try:
            require_to_invite(person, invited)
        except Refused as reason:
            problems.append(ListProblem(person.line, person.said, str(reason)))
        else:
            _invite(cohort, person, by=by)
    return problems


def require_to_invite(person: ListedPerson, invited: set[str]) -> None:
    """Require that an address may be invited. Raises `Refused`."""
    if person.address in invited:
        raise Refused(
            _(
                "This address has an invitation already. Press “Send again” under "
                "“Invitations”."
            )
        )
    require_way_in(person.address)


def require_way_in(address: str) -> None:
    """Require that who has an address has an account, or can open one. Raises
    `Refused`."""
    if not settings.OPEN_TO_LEARNERS and not is_known(address):
        raise Refused(
            _(
                "This person has no account, and new learner accounts can’t be opened "
                "here at present. Ask the operator."
            )
        )


def is_known(address: str) -> bool:
    return User.objects.filter(email=address, is_active=True).exists()


def _invite(cohort: Cohort, person: ListedPerson, *, by: User) -> None:
    content = InvitationContent(
        invitation_links.make_token(), person.address, person.name, person.language
    )
    made = _write(cohort, content, places=1, expires_on=cohort.ends_on, by=by)
    log.record("invited by list", made, by=by, cohort=cohort.pk)
    _mail(content, by=by)


@transaction.atomic
def mail_again(invitation: CohortInvitation, *, by: User) -> None:
    """Mail a listed person’s link again. Raises `Refused` where it is used up, or would
    open nothing."""
    lead_its_cohort.require(by, invitation)
    content = invitation_links.read_content(invitation)
    if not invitation.is_open or not invitation.is_mailed or content is None:
        raise build_over()
    require_way_in(content.address)
    # Once a day: a mailbox is not ours to fill.
    if not cache.add(f"mailed-again:{invitation.pk}", True, DAY):
        raise Refused(_("It was sent again today already. Wait a day."))
    log.record("mailed invitation again", invitation, by=by)
    _mail(content, by=by)


def _mail(content: InvitationContent, *, by: User) -> None:
    learners.mail_invitation(
        content.address,
        language=content.language,
        then=invitation_links.build_path(content.token),
        name=content.name,
        by=by,
    )


@transaction.atomic
def erase_learner(learner: User, *, by: User) -> None:
    """Give up the places of someone who closes their account, and erase what they wrote
    and the invitations that were mailed to them."""
    for application in learner.applications.open().select_related("cohort"):
        withdraw_application(application, by=by)
    learner.applications.update(**dict.fromkeys((*FADING, "organisation"), ""))
    mailed = CohortInvitation.objects.filter(is_mailed=True)
    for invitation in mailed.iterator():
        content = invitation_links.read_content(invitation)
        if content and content.address == learner.email:
            invitation.delete()
    log.record("erased applications of learner", learner, by=by)


def list_invited_addresses(cohort: Cohort) -> set[str]:
    mailed = cohort.invitations.open().filter(is_mailed=True)
    return {
        content.address
        for invitation in mailed
        if (content := invitation_links.read_content(invitation))
    }


def forget_invitations() -> int:
    """Delete invitations that expired long ago, with the addresses in them."""
    old = CohortInvitation.objects.over(timezone.localdate() - KEPT_FOR)
    return old.delete()[0]
