"""Messages that leave the house. They say nothing about anybody."""

from django.conf import settings
from django.core.mail import send_mail
from django.tasks import task
from django.utils.translation import gettext as _
from django.utils.translation import override

from amana.trust.access.models import User


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
