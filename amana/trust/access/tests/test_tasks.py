"""Messages reach whoever can be reached."""

from smtplib import SMTPRecipientsRefused
from typing import Any

import pytest
from django.core.mail.backends.locmem import EmailBackend

from amana.trust.access.tasks import notify_each

pytestmark = pytest.mark.django_db

GONE = "gone@example.org"
PEOPLE = [(GONE, "en"), ("amal@example.org", "ar"), ("nour@example.org", "en")]


class Post(EmailBackend):
    """A mail server that knows one of the mailboxes no more."""

    def send_messages(self, messages: Any) -> int:
        if any(GONE in message.to for message in messages):
            raise SMTPRecipientsRefused({GONE: (550, b"unknown")})
        return int(super().send_messages(messages))


@pytest.fixture(autouse=True)
def _post(settings: Any) -> None:
    settings.MAILERS = {"default": {"BACKEND": f"{__name__}.Post"}}


@pytest.mark.parametrize("urgent", [True, False])
def test_a_mailbox_that_is_gone_keeps_no_colleague_from_hearing(
    urgent: bool, mailoutbox: Any
) -> None:
    with pytest.raises(SMTPRecipientsRefused):
        notify_each(PEOPLE, urgent=urgent)

    told = [message.to for message in mailoutbox]
    assert told == [["amal@example.org"], ["nour@example.org"]]


def test_whom_no_message_reached_is_asked_again(
    mailoutbox: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    with pytest.raises(SMTPRecipientsRefused):
        notify_each(PEOPLE, urgent=False)
    monkeypatch.setattr(f"{__name__}.GONE", "")

    notify_each(PEOPLE, urgent=False)

    assert [message.to for message in mailoutbox][2:] == [["gone@example.org"]]
