"""Mails to learners. They name no course and no person: a preview on a locked phone
shows nothing of what someone learns."""

from django.conf import settings
from django.core.mail import send_mail
from django.tasks import task
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import override

from amana.academy.learners.models import SignInLink
from amana.academy.learners.sign_in_links import (
    LinkContent,
    build_address,
    find_account,
    open_content,
    read_content,
)
from amana.trust.access.models import User


@task
def mail_link(link_id: int) -> None:
    """Mail a link to its address, unless it has been used or has expired; who works
    here reads how they sign in, since a mailbox opens no account for work."""
    link = SignInLink.objects.open().filter(pk=link_id).first()
    content = read_content(link) if link else None
    if link is None or content is None:
        return
    known = find_account(content.address)
    with override(known.language if known else content.language):
        if link.opens_only:
            deliver(content, _("An invitation to learn"), format_invitation(content))
        elif content.whose or may_come_in(known):
            deliver(content, _("Your link"), format_link(content))
        else:
            link.delete()
            if known is not None and known.is_active:
                deliver(content, _("How to sign in"), format_other_way())


def may_come_in(known: User | None) -> bool:
    """Check whether a link opens anything: a learner’s account, or a new one."""
    if known is None:
        return settings.OPEN_TO_LEARNERS
    return known.is_active and known.only_learns


def deliver(content: LinkContent, subject: str, message: str) -> None:
    send_mail(subject, message, None, [content.address])


def format_invitation(content: LinkContent) -> str:
    return _(
        "You are invited to learn with us. Open this link within 14 days to "
        "see the invitation: %(address)s\n\nIf you did not expect it, you can "
        "ignore this message: no account is opened without you."
    ) % {"address": build_address(content)}


def format_link(content: LinkContent) -> str:
    return _(
        "Open this link within 30 minutes to continue: %(address)s\n\nIt works "
        "once. If you did not ask for it, you can ignore this message: nothing "
        "happens without the link. Do not forward it to anyone."
    ) % {"address": build_address(content)}


def format_other_way() -> str:
    return _(
        "Someone asked for a link to sign in with this address. Your account "
        "is not opened by a link. If you asked for it, sign in with your "
        "passphrase or passkey here: %(address)s"
    ) % {"address": f"{settings.ADDRESS}{reverse('account_login')}"}


@task
def mail_old_address(sealed: str) -> None:
    """Mail the address that an account had before that it has another now. It is sealed
    for the server, since the arguments of tasks are kept."""
    content = open_content(sealed)
    if content is None:
        return
    with override(content.language):
        send_mail(
            _("Your account has a new address"),
            _(
                "Your learner account now uses another e-mail address. If you did not "
                "change it, write to the academy at once: %(address)s"
            )
            % {"address": f"{settings.ADDRESS}{reverse('cohorts:ask')}"},
            None,
            [content.address],
        )
