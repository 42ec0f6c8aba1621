"""Who only learns comes in from there: one account for one person, once for each
launch, and never into an account for work or one that was opened otherwise."""

import pytest
from django.test import Client
from django.urls import reverse

from amana import given
from amana.academy.learners import actions as learners
from amana.errors import Refused
from amana.exchange.learning.lti import actions
from amana.exchange.learning.lti.models import AccountLink, Launch
from amana.exchange.learning.lti.tests.platform import arrive, confirmed
from amana.trust.access.models import User
from amana.trust.access.tasks import notify_address
from amana.ui.once import make_form_key

WHO = {"name": "Wanjiru Kamau", "language": "en", "accepts": "on", "tells": "on"}


def enter(client: Client, course: str) -> str:
    """Comes from there, and goes on as a learner."""
    arrive(client, course)
    return reverse("lti:enter", args=[Launch.objects.latest("begun_at").pk])


def test_the_first_time_they_open_an_account_and_are_at_the_course(
    platform, moodle, course
):
    browser = Client()
    path = enter(browser, course)
    assert "Read the terms" in browser.get(path).content.decode()

    led = browser.post(path, make_form_key() | WHO)

    assert course.endswith(led.headers["Location"])
    assert browser.get(led.headers["Location"]).status_code == 200
    [link] = AccountLink.objects.all()
    assert (link.person.only_learns, link.opens, link.tells) == (True, True, True)
    assert link.person.enrolments.count() == 1


def test_the_second_time_they_are_in_at_once(platform, moodle, course):
    browser = Client()
    browser.post(enter(browser, course), make_form_key() | WHO)
    again = Client()
    led = again.post(enter(again, course), make_form_key())
    assert course.endswith(led.headers["Location"])
    assert User.objects.filter(learner_since__isnull=False).count() == 1


def test_a_launch_lets_in_once(platform, moodle, course):
    browser = Client()
    path = enter(browser, course)
    browser.post(path, make_form_key() | WHO)
    assert browser.post(path, make_form_key()).status_code == 404


def test_another_browser_cannot_go_on_with_it(platform, moodle, course):
    path = enter(Client(), course)
    assert Client().post(path, make_form_key() | WHO).status_code == 404
    assert not AccountLink.objects.exists()


def test_an_account_for_work_is_not_entered_from_there(
    platform, moodle, course, learner
):
    confirmed(learner, course)
    browser = Client()
    path = enter(browser, course)
    led = browser.post(path, make_form_key() | WHO)
    assert led.headers["Location"].startswith("/lti/from/")
    assert browser.get(reverse("courses:home")).status_code == 302
    with pytest.raises(Refused):
        actions.enter_as_learner(Launch.objects.latest("begun_at"), by=None)


def test_a_learner_who_linked_their_own_account_still_signs_in_here(
    platform, moodle, course
):
    """The page on which they linked it promised that the link gives no access."""
    wanjiru = given.make_learner()
    client = given.sign_in_learner(wanjiru)
    client.post(arrive(client, course), make_form_key() | {"tells": "on"})
    assert AccountLink.objects.get().person == wanjiru
    enter(Client(), course)
    with pytest.raises(Refused):
        actions.enter_as_learner(Launch.objects.latest("begun_at"), by=None)


def test_who_was_admitted_to_work_is_not_entered_from_there_any_more(
    platform, moodle, course
):
    browser = Client()
    browser.post(enter(browser, course), make_form_key() | WHO)
    User.objects.filter(learner_since__isnull=False).update(learner_since=None)
    again = Client()
    path = enter(again, course)
    led = again.post(path, make_form_key())
    assert led.headers["Location"].startswith("/lti/from/")


def test_no_mail_is_sent_to_who_has_no_mailbox_here(
    platform, moodle, course, mailoutbox
):
    browser = Client()
    browser.post(enter(browser, course), make_form_key() | WHO)
    [link] = AccountLink.objects.select_related("person")
    notify_address(link.person.email, "en", urgent=True)
    assert mailoutbox == []


def test_where_the_door_is_closed_no_account_is_opened(
    platform, moodle, course, settings
):
    settings.OPEN_TO_LEARNERS = False
    browser = Client()
    path = enter(browser, course)
    refused = browser.post(path, make_form_key() | WHO)
    assert refused.status_code == 409
    assert not User.objects.filter(learner_since__isnull=False).exists()


def test_who_came_in_before_still_does_once_the_door_is_closed(
    platform, moodle, course, settings
):
    browser = Client()
    browser.post(enter(browser, course), make_form_key() | WHO)
    settings.OPEN_TO_LEARNERS = False
    again = Client()
    led = again.post(enter(again, course), make_form_key())
    assert course.endswith(led.headers["Location"])


def test_the_only_way_in_is_not_ended_and_goes_with_the_account(
    platform, moodle, course
):
    browser = Client()
    browser.post(enter(browser, course), make_form_key() | WHO)
    [link] = AccountLink.objects.select_related("person")
    with pytest.raises(Refused, match="e-mail address"):
        actions.unlink(link, by=link.person)
    actions.erase_links(link.person, by=link.person)
    assert not AccountLink.objects.exists()


def test_who_keeps_the_other_system_enters_no_account_with_a_mailbox_of_its_own(
    platform, moodle, course
):
    browser = Client()
    browser.post(enter(browser, course), make_form_key() | WHO)
    [link] = AccountLink.objects.select_related("person")
    learners.request_new_address("wanjiru@example.org", by=link.person)
    found, content = given.find_last_link()
    learners.change_address(found, content, by=link.person)
    link.refresh_from_db()
    assert not link.opens
    their = Client()
    led = their.post(enter(their, course), make_form_key())
    assert led.headers["Location"].startswith("/lti/from/")


def test_closing_a_system_ends_the_sessions_that_came_from_there(
    platform, moodle, course, coordinator
):
    browser = Client()
    browser.post(enter(browser, course), make_form_key() | WHO)
    actions.close_platform(platform, by=coordinator)
    assert browser.get(reverse("courses:home")).status_code == 302


def test_a_way_in_that_was_closed_lets_no_one_in(platform, moodle, course):
    browser = Client()
    browser.post(enter(browser, course), make_form_key() | WHO)
    [link] = AccountLink.objects.select_related("person")
    actions.close_way_in(link.person, by=link.person)
    enter(Client(), course)
    with pytest.raises(Refused):
        actions.enter_as_learner(Launch.objects.latest("begun_at"), by=None)
