"""A sign-in on a device not seen before is told to the person, and to nobody else."""

from collections.abc import Callable
from contextlib import AbstractContextManager
from datetime import timedelta

import pytest
import time_machine
from django.core import mail
from django.http import HttpResponse
from django.test import RequestFactory
from django.utils import timezone

from amana import given
from amana.notifications.models import Notification, NotificationTopic
from amana.trust.access import devices
from amana.trust.access.models import Device, User
from amana.trust.access.rules import manage_own_device
from amana.trust.audit.models import AuditEvent

pytestmark = pytest.mark.django_db

type OnCommit = Callable[..., AbstractContextManager[object]]
AGENT = "Mozilla/5.0 (Android) Firefox/140"


def signs_in(user: User, cookie: str = "") -> str:
    request = RequestFactory().get("/", headers={"User-Agent": AGENT})
    if cookie:
        request.COOKIES[devices.get_cookie_name()] = cookie
    answer = devices.recognise(request, user, HttpResponse())
    morsel = answer.cookies[devices.get_cookie_name()]
    assert morsel["httponly"]
    assert morsel["samesite"] == "Strict"
    return str(morsel.value)


def told(user: User) -> int:
    return Notification.objects.filter(what=NotificationTopic.DEVICE, user=user).count()


def test_an_unknown_device_is_told_and_by_mail_without_a_word(
    django_capture_on_commit_callbacks: OnCommit,
) -> None:
    user = given.make_user()
    cookie = signs_in(user)
    assert told(user) == 0  # the first of all
    signs_in(user, cookie)
    assert told(user) == 0
    with django_capture_on_commit_callbacks(execute=True):
        signs_in(user)
    assert told(user) == 1
    [message] = mail.outbox
    assert message.to == [user.email]
    assert "Firefox" not in message.body
    assert "device" not in f"{message.subject}{message.body}".lower()
    did = AuditEvent.objects.filter(did="signed in on unknown device")
    assert did.count() == 1


def test_a_device_of_a_colleague_is_new_to_oneself() -> None:
    user, colleague = given.make_user(), given.make_user()
    cookie = signs_in(user)
    signs_in(colleague)
    signs_in(colleague, cookie)
    assert (told(user), told(colleague)) == (0, 1)


def test_the_database_does_not_know_the_cookie() -> None:
    cookie = signs_in(given.make_user())
    assert cookie.encode() not in bytes(Device.objects.get().digest)


def test_devices_are_ones_own_and_shown_to_oneself() -> None:
    user = given.make_worker()
    signs_in(user)
    device = Device.objects.get()
    assert manage_own_device.permits(user, device)
    assert not manage_own_device.permits(given.make_user(), device)
    page = given.sign_in(user).get("/account/").content.decode()
    assert "Known devices" in page
    assert "Firefox, Android" in page


def test_old_devices_are_forgotten() -> None:
    signs_in(given.make_user())
    with time_machine.travel(timezone.now() + timedelta(days=401)):
        devices.forget_old()
    assert not Device.objects.exists()
