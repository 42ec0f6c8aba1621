"""Open a learner's account, sign in to it, change it, close it."""

from functools import partial
from uuid import uuid4

from allauth.mfa.models import Authenticator
from django.conf import settings
from django.db import IntegrityError, transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from amana.academy.learners import sign_in_links
from amana.academy.learners.events import address_changed, learner_closing
from amana.academy.learners.models import TERMS, LearnerAccount, SignInLink
from amana.academy.learners.rules import is_own_account
from amana.academy.learners.sign_in_links import LinkContent
from amana.academy.learners.tasks import mail_link, mail_old_address
from amana.errors import Refused
from amana.trust.access import actions as access
from amana.trust.access.models import User
from amana.trust.access.tasks import NO_MAILBOX, has_mailbox
from amana.trust.audit import log

NOWHERE = f"learner{NO_MAILBOX}"


def build_used_up() -> Refused:
    return Refused(
        _(
            "This link has already been used, or has expired. Ask for a new one with "
            "your e-mail address."
        )
    )


# --- links


@transaction.atomic
def request_link(address: str, *, language: str, then: str = "") -> None:
    """Have a link mailed to who asks for one. Whether an account has this address shows
    neither on a page nor in the time that it takes: the task that mails finds out."""
    made = sign_in_links.make_link(address, language, then)
    log.record("made sign-in link", None, by=None)
    transaction.on_commit(partial(mail_link.enqueue, made.pk))


@transaction.atomic
def mail_invitation(
    address: str, *, language: str, then: str, name: str = "", by: User
) -> None:
    """Mail a link with which someone without an account opens one, and is led to what
    they are invited to."""
    made = sign_in_links.make_link(address, language, then, opens_only=True, name=name)
    log.record("mailed invitation to learn", None, by=by)
    transaction.on_commit(partial(mail_link.enqueue, made.pk))


def forget_links() -> int:
    """Delete the links that have expired, with the addresses in them."""
    return SignInLink.objects.expired().delete()[0]


# --- the account


@transaction.atomic
def open_account(
    link: SignInLink, content: LinkContent, *, name: str, language: str
) -> User:
    """Open an account for the address to which a link was mailed. Raises `Refused`
    where the link or the address has been used meanwhile."""
    if not sign_in_links.spend_link(link):
        raise build_used_up()
    return create_learner(content.address, name=name, language=language)


def create_learner(address: str, *, name: str, language: str) -> User:
    """Create a learner who has just accepted the terms. Raises `Refused` where none
    may open an account, or the address has one."""
    if not settings.OPEN_TO_LEARNERS:
        raise Refused(_("New learner accounts can’t be opened here at present."))
    now = timezone.now()
    try:
        # A savepoint: after a broken constraint PostgreSQL takes no more queries in a
        # transaction.
        with transaction.atomic():
            user = User.objects.create_user(
                address, name=name, language=language, learner_since=now
            )
    except IntegrityError:
        raise build_used_up() from None
    LearnerAccount.objects.create(user=user, terms=TERMS, accepted_at=now)
    log.record("opened learner account", user, by=user)
    return user


@transaction.atomic
def open_account_elsewhere(*, name: str, language: str) -> User:
    """Open an account for someone whom another learning system has named; they have no
    address here, and come in from there."""
    return create_learner(
        f"elsewhere-{uuid4()}@{NOWHERE}", name=name, language=language
    )


@transaction.atomic
def use_link(link: SignInLink, content: LinkContent) -> User:
    """Use a link to sign in to the account of its address. Raises `Refused` where it
    was used, or may not sign in."""
    user = sign_in_links.find_account(content.address)
    if user is None or not user.only_learns or not user.is_active or link.opens_only:
        raise build_used_up()
    if not sign_in_links.spend_link(link):
        raise build_used_up()
    return user


@transaction.atomic
def request_new_address(address: str, *, by: User) -> None:
    """Mail a link to the address that a learner wishes to use from now on. Whether it
    belongs to another account shows once the link is opened."""
    is_own_account.require(by, by)
    made = sign_in_links.make_link(address, by.language, whose=by.pk)
    log.record("asked for new address", by, by=by)
    transaction.on_commit(partial(mail_link.enqueue, made.pk))


@transaction.atomic
def change_address(link: SignInLink, content: LinkContent, *, by: User) -> None:
    """Change the address of an account to the one to which a link was mailed. Raises
    `Refused` where it belongs to another account."""
    is_own_account.require(by, by)
    if not sign_in_links.spend_link(link):
        raise build_used_up()
    knew = has_mailbox(by)
    before = sign_in_links.seal_content(LinkContent("", by.email, by.language))
    try:
        with transaction.atomic():
            by.email = content.address
            by.save(update_fields=["email"])
    except IntegrityError:
        raise Refused(_("This address belongs to another account.")) from None
    log.record("changed own address", by, by=by)
    address_changed.send(LearnerAccount, learner=by)
    if knew:
        transaction.on_commit(partial(mail_old_address.enqueue, before))


@transaction.atomic
def close_account(*, by: User) -> None:
    """Close one's own account, and erase name and address. What was learned is deleted
    by its term; a certificate stays valid, and names its holder by itself."""
    is_own_account.require(by, by)
    # While name and address are still there: rooms above erase what they have of them.
    learner_closing.send(LearnerAccount, learner=by)
    for proposal in by.memberships.waiting():
        access.withdraw_proposal(proposal, by=by)
    Authenticator.objects.filter(user=by).delete()
    by.name, by.email = "", f"closed-{by.pk}@{NOWHERE}"
    by.save(update_fields=["name", "email"])
    LearnerAccount.objects.filter(user=by).delete()
    by.devices.all().delete()
    access.close_account(by)
    log.record("closed learner account", by, by=by)
