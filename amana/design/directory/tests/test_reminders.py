"""Services whose details are due are asked by mail, in batches and by day; the list
shows how far that is."""

from datetime import timedelta
from smtplib import SMTPRecipientsRefused

import pytest
from django.core.management import call_command
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from amana import given
from amana.design.directory import actions, tasks
from amana.design.directory.actions import verifying
from amana.design.directory.management.commands import ask_services
from amana.design.directory.models import Service, VerificationRequest
from amana.errors import Changed, Refused
from amana.schedule import TIMERS
from amana.trust.access.rules import Denied

from .service_pages import MAILBOX, find_path, html_of, send_form


def test_a_service_is_asked_once_in_two_weeks(asked, focal_point, send):
    send(asked, focal_point)
    with pytest.raises(Refused):
        actions.ask_service(asked, by=focal_point)
    make_due(asked)
    assert actions.ask_due_services(by=None) == 0
    two_weeks_ago = timezone.now() - timedelta(days=14)
    VerificationRequest.objects.update(asked_at=two_weeks_ago)
    assert actions.ask_due_services(by=None) == 1


def make_due(*services, days: int = 3) -> None:
    day = timezone.localdate() + timedelta(days=days)
    Service.objects.filter(pk__in=[s.pk for s in services]).update(verify_by=day)


def test_who_is_not_due_or_has_no_mailbox_or_never_answers_is_not_asked(team):
    def a_service(days, email=MAILBOX):
        made = given.make_service(of=team, email=email)
        make_due(made, days=days)
        return made.pk

    due, overdue = a_service(14), a_service(-90)
    a_service(15), a_service(-91), a_service(3, email="")
    assert set(verifying.find_to_ask().values_list("pk", flat=True)) == {due, overdue}


def test_they_are_asked_in_batches(team):
    make_due(*(given.make_service(of=team, email=MAILBOX) for _ in range(3)))
    assert [actions.ask_due_services(by=None, at_most=2) for _ in range(3)] == [2, 1, 0]


@pytest.mark.parametrize("services", [1, 100, 3_000, 60_000])
def test_the_clock_asks_all_before_they_are_due(services):
    [timer] = [timer for timer in TIMERS if timer.command == "ask_services"]
    hours = ask_services.DAY_ENDS.hour - ask_services.DAY_BEGINS.hour
    runs = hours * timedelta(hours=1) // timer.when.gap * verifying.ASKED_BEFORE
    waiting = services
    for _ in range(runs):
        waiting -= min(waiting, verifying.count_for_run(waiting))
    assert waiting == 0


def test_the_clock_asks_no_more_at_once_than_a_mail_server_takes(team, monkeypatch):
    monkeypatch.setattr(verifying, "AT_LEAST", 1)
    monkeypatch.setattr(verifying, "RUNS", 2)
    make_due(*(given.make_service(of=team, email=MAILBOX) for _ in range(5)))
    assert [actions.ask_due_services(by=None) for _ in range(4)] == [3, 1, 1, 0]


@pytest.mark.parametrize(("hour", "asked_now"), [(3, 0), (9, 1), (16, 1), (17, 0)])
def test_no_one_is_asked_at_night(asked, monkeypatch, hour, asked_now):
    make_due(asked)
    now = timezone.localtime().replace(hour=hour, minute=0)
    monkeypatch.setattr(ask_services, "localtime", lambda: now)
    call_command("ask_services")
    assert VerificationRequest.objects.count() == asked_now


def test_reminders_can_be_turned_off(asked, coordinator, focal_point):
    make_due(asked)
    with pytest.raises(Denied):
        actions.switch_reminders(on=False, by=focal_point)
    actions.switch_reminders(on=False, by=coordinator)
    assert actions.ask_due_services(by=None) == 0
    actions.switch_reminders(on=True, by=coordinator)
    assert actions.ask_due_services(by=None) == 1


def test_a_mailbox_that_takes_nothing_is_not_asked_again(
    asked, coordinator, focal_point, monkeypatch, django_capture_on_commit_callbacks
):
    def refuse(*args):
        raise SMTPRecipientsRefused({MAILBOX: (550, b"unknown")})

    monkeypatch.setattr(tasks, "send_mail", refuse)
    with django_capture_on_commit_callbacks(execute=True):
        actions.ask_service(asked, by=coordinator)
    request = VerificationRequest.objects.get()
    assert request.is_undelivered
    make_due(asked)
    VerificationRequest.objects.update(asked_at=timezone.now() - timedelta(days=20))
    assert actions.ask_due_services(by=None) == 0
    # Another mailbox may take it.
    actions.change_service(asked, email="new@example.org", by=focal_point)
    assert actions.ask_due_services(by=None) == 1


def test_a_message_that_is_tried_again_has_a_link_that_works(
    asked, coordinator, monkeypatch, django_capture_on_commit_callbacks, mailoutbox
):
    def fail(*args):
        raise ConnectionError

    with (
        monkeypatch.context() as patched,
        django_capture_on_commit_callbacks(execute=True),
    ):
        patched.setattr(tasks, "send_mail", fail)
        actions.ask_service(asked, by=coordinator)
    request = VerificationRequest.objects.get()
    assert request.sent_at is None
    assert request.is_undelivered

    tasks.mail_verification.call(request.pk)
    tasks.mail_verification.call(request.pk)  # sent once
    [mail] = mailoutbox
    assert Client().get(find_path(mail)).status_code == 200


def test_a_mail_that_came_back_is_recorded(asked, coordinator, send):
    send(asked, coordinator)
    request = VerificationRequest.objects.get()
    browser = given.sign_in(coordinator)
    browser.post(reverse("directory:returned", args=[request.pk]))
    assert VerificationRequest.objects.get().is_undelivered
    with pytest.raises(Changed):
        actions.record_return(request, by=coordinator)
    # Nothing keeps a colleague from asking the corrected mailbox at once.
    actions.ask_service(asked, by=coordinator)


# --- the list


def test_a_coordinator_sees_what_is_due_sent_and_answered(
    asked, proposal, coordinator, service
):
    browser = given.sign_in(coordinator)
    address = reverse("directory:verification")
    text = html_of(browser.get(address))
    assert asked.name in text
    assert "Answered" in text
    proposed = html_of(browser.get(address, {"only": "proposed"}))
    assert reverse("directory:service", args=[asked.pk]) in proposed
    assert reverse("directory:service", args=[service.pk]) not in proposed
    browser.post(reverse("directory:reminders"), {"on": "0"})
    assert "Automatic reminders are off" in html_of(browser.get(address))
    make_due(service)
    Service.objects.filter(pk=service.pk).update(email=MAILBOX)
    send_form(coordinator, "ask_due")
    assert VerificationRequest.objects.filter(service=service).exists()


def test_a_focal_point_sees_their_own_and_no_one_else_any(
    asked, focal_point, worker, outsider
):
    other = given.make_service(name="Elsewhere")
    text = html_of(given.sign_in(focal_point).get(reverse("directory:verification")))
    assert asked.name in text
    assert other.name not in text
    for user in (worker, outsider):
        answer = given.sign_in(user).get(reverse("directory:verification"))
        assert answer.status_code == 404


def test_the_list_asks_the_database_as_often_for_one_as_for_twenty(
    asked, coordinator, django_assert_max_num_queries, django_assert_num_queries
):
    browser = given.sign_in(coordinator)
    address = reverse("directory:verification")
    browser.get(address)
    with django_assert_max_num_queries(40) as counted:
        browser.get(address)
    for _ in range(19):
        given.make_service(of=asked.team, email=MAILBOX)
    with django_assert_num_queries(len(counted)):
        browser.get(address)
