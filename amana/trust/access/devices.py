"""Devices on which someone has signed in before: they are notified of a sign-in on
another.

A device is a random number in a cookie, set only once both factors have been passed;
the database holds its hash. It admits no one."""

import hashlib
import secrets
from datetime import timedelta

from django.conf import settings
from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.utils import timezone

from amana.trust.access import sessions, tasks
from amana.trust.access.events import device_unknown
from amana.trust.access.models import Device, User
from amana.trust.audit import log

KNOWN_FOR = timedelta(days=400)
"""As long as browsers keep a cookie; each sign-in starts the period again."""


def get_cookie_name() -> str:
    # Browsers accept this prefix only from this host, by https and for every path, so
    # that no neighbour can plant the cookie.
    return "__Host-device" if settings.SESSION_COOKIE_SECURE else "device"


@transaction.atomic
def recognise[Answer: HttpResponse](
    request: HttpRequest, user: User, answer: Answer
) -> Answer:
    """Recognise a device after both factors, or notify the person of a new one."""
    token = request.COOKIES.get(get_cookie_name()) or secrets.token_urlsafe(24)
    known, is_new = Device.objects.update_or_create(
        user=user,
        digest=hashlib.sha256(token.encode()).digest(),
        defaults={
            "seen_at": timezone.now(),
            "browser": sessions.label_browser(request.headers.get("User-Agent", "")),
        },
    )
    # A person's first device is no surprise to them.
    if is_new and user.devices.exclude(pk=known.pk).exists():
        log.record("signed in on unknown device", known, by=user)
        device_unknown.send(Device, device=known)
        tasks.notify_once_committed([user.pk], urgent=True)
    answer.set_cookie(
        get_cookie_name(),
        token,
        max_age=int(KNOWN_FOR.total_seconds()),
        secure=settings.SESSION_COOKIE_SECURE,
        httponly=True,
        samesite="Strict",
    )
    return answer


def forget_old() -> None:
    """Delete those whose cookie is gone by now."""
    Device.objects.filter(seen_at__lt=timezone.now() - KNOWN_FOR).delete()
