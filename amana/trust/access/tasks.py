"""Messages that leave the house. They say nothing about anybody."""

from django.conf import settings
from django.core.cache import cache
from django.core.mail import send_mail
from django.tasks import task
from django.utils.translation import gettext as _
from django.utils.translation import override

from amana.trust.access.models import User

QUIET = 60 * 60
"""Seconds in which nobody gets a second message for what isn't urgent."""


@task
def tell_invited(user_id: int) -> None:
    """Say that a colleague will hand over a code; the code itself is never mailed."""
    user = User.objects.get(pk=user_id)
    with override(user.language):
        send_mail(
            _("A message from your colleague"),
            _(
                "A colleague has prepared a place for you. Ask them for your code, in "
                "person or by phone, and enter it here: %(address)s"
            )
            % {"address": f"{settings.ADDRESS}/keys/join"},
            None,
            [user.email],
        )


@task
def tell(user_id: int) -> None:
    """Ask somebody to look."""
    user = User.objects.get(pk=user_id)
    ask_to_look(user.email, user.language, urgent=False)


def ask_to_look(address: str, language: str, *, urgent: bool) -> None:
    """Say that something waits; what it is, is read after signing in."""
    if not cache.add(f"told:{address}", True, QUIET) and not urgent:
        return
    with override(language):
        send_mail(
            subject=_("Something waits for you in Amana"),
            message=_(
                "Please sign in to Amana: something waits for you or for your team."
                "\n\nThis message is the same for everyone and says nothing about "
                "anyone."
            ),
            from_email=None,
            recipient_list=[address],
        )
