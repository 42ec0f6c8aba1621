"""The mail by which a service is asked whether its details are still true.

It names no service, no organisation and no mechanism: others may read the mailbox of a
shelter. What it is about is seen by opening the link."""

import hashlib
import secrets
from collections.abc import Iterator

from django.conf import settings
from django.core.mail import send_mail
from django.tasks import task
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import override

from amana.design.directory.models import Service, VerificationRequest

AFTER_MESSAGES = -10
"""Users who have something to do are notified first."""


@task(priority=AFTER_MESSAGES)
def mail_verification(request_id: int) -> None:
    """Mail the link of a request. The token is made here, and is stored nowhere: a
    message that is tried again has a new one."""
    rows = VerificationRequest.objects.to_mail().select_related("service")
    request = rows.filter(pk=request_id).first()
    if request is None or request.service.status == Service.Status.ENDED:
        return
    token = secrets.token_urlsafe(32)
    # Before the mail is sent: a link that arrives has to work.
    request.digest = hashlib.sha256(token.encode()).digest()
    request.save(update_fields=["digest"])
    try:
        send_mail(*format_mail(request.service, token), None, [request.address])
    except OSError as error:  # SMTPException is one
        if not is_refused_mailbox(error):
            request.failed_at = timezone.now()
            request.save(update_fields=["failed_at"])
            raise
        request.returned_at = timezone.now()
        request.save(update_fields=["returned_at"])
        return
    request.sent_at = timezone.now()
    request.save(update_fields=["sent_at"])


def is_refused_mailbox(error: OSError) -> bool:
    """Check whether the mail server refused the mailbox: trying again is no use."""
    # Of all errors of SMTP, `SMTPRecipientsRefused` alone names recipients.
    return hasattr(error, "recipients")


def format_mail(service: Service, token: str) -> tuple[str, str]:
    """Format subject and text, in the languages that the service speaks."""
    address = f"{settings.ADDRESS}{reverse('directory:check', args=[token])}"
    found = list(iterate_texts(service, address))
    return found[0][0], "\n\n—\n\n".join(text for _subject, text in found)


def iterate_texts(service: Service, address: str) -> Iterator[tuple[str, str]]:
    spoken = [code for code in settings.PAGE_LANGUAGES if code in service.languages]
    for language in spoken or [settings.LANGUAGE_CODE]:
        with override(language):
            yield _("Please check your details"), format_text(address)


def format_text(address: str) -> str:
    return _(
        "Please check whether your details are still right. Open this link within 14 "
        "days: %(address)s\n\nIt takes two minutes and needs no account. The link can "
        "be used once.\n\nEveryone gets this same message. It contains no information "
        "about any person."
    ) % {"address": address}
