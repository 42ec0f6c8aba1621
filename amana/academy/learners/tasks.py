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
    build_address,
    open_content,
    read_content,
)
from amana.trust.access.models import User


@task
def mail_link(link_id: int) -> None:
    """Mail a link to its address, unless it has been used or has expired."""
    link = SignInLink.objects.open().filter(pk=link_id).first()
    content = read_content(link) if link else None
    if link is None or content is None:
        return
    with override(content.language):
        subject = _("An invitation to learn") if link.opens_only else _("Your link")
        if link.opens_only:
            message = _(
                "You are invited to learn with us. Open this link within 14 days to "
                "see the invitation: %(address)s\n\nIf you did not expect it, you can "
                "ignore this message: no account is opened without you."
            )
        else:
            message = _(
                "Open this link within 30 minutes to continue: %(address)s\n\nIt works "
                "once. If you did not ask for it, you can ignore this message: nothing "
                "happens without the link. Do not forward it to anyone."
            )
        said = message % {"address": build_address(content)}
        send_mail(subject, said, None, [content.address])


@task
def mail_other_way(user_id: int) -> None:
    """Mail someone who works here how they sign in: a mailbox opens no account for
    work."""
    user = User.objects.get(pk=user_id)
    with override(user.language):
        send_mail(
            _("How to sign in"),
            _(
                "Someone asked for a link to sign in with this address. Your account "
                "is not opened by a link. If you asked for it, sign in with your "
                "passphrase or passkey here: %(address)s"
            )
            % {"address": f"{settings.ADDRESS}{reverse('account_login')}"},
            None,
            [user.email],
        )


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
