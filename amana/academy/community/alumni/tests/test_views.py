"""The circle's pages: what they say to whom, and that nothing typed is lost."""

from datetime import timedelta

import pytest
import time_machine
from django.urls import reverse
from django.utils import timezone

from amana import given
from amana.academy.community.alumni import actions
from amana.academy.community.alumni.models import Gathering, Talk, TalkTheme
from amana.ui.once import make_form_key


def to(name, *args):
    return reverse(f"alumni:{name}", args=args)


def text(page):
    return page.content.decode()


def test_from_joining_to_leaving(outside, amina):
    browser = given.sign_in(outside)

    assert "What you agree to" in text(browser.get(to("home")))
    browser.post(to("join"), make_form_key())
    said = {"theme": "consent", "text": "Who signs for a child?"} | make_form_key()
    browser.post(to("begin"), said)
    talk = Talk.objects.get()
    browser.post(to("answer", talk.pk), {"text": "Nobody alone."} | make_form_key())

    home = text(browser.get(to("home")))
    assert "Consent and privacy" in home
    assert "1 answer" in home
    assert "Who signs" not in home
    theirs = text(given.sign_in(amina).get(to("talk", talk.pk)))
    assert "Nobody alone." in theirs
    assert "Chen" not in theirs
    browser.post(to("leave"), make_form_key())
    assert browser.get(to("talk", talk.pk)).status_code == 404
    assert "Join the circle" in text(browser.get(to("home")))


def test_whoever_has_no_certificate_reads_how_one_comes_in_and_no_more(stranger, talk):
    browser = given.sign_in(stranger)

    assert "You need a valid certificate" in text(browser.get(to("home")))
    assert to("home") not in text(browser.get(reverse("courses:home")))
    for name, *args in (
        ("talk", talk.pk),
        ("begin",),
        ("announce",),
        ("leave",),
    ):
        assert browser.get(to(name, *args)).status_code == 404
    assert browser.post(to("take_back", talk.pk), make_form_key()).status_code == 404


def test_whose_certificate_ended_reads_since_when_and_what_to_do(amina):
    now = timezone.now()
    with time_machine.travel(now + timedelta(days=2 * 365 - 40)):
        page = text(given.sign_in(amina).get(to("home")))
        assert "Renew the certificate before then" in page
    with time_machine.travel(now + timedelta(days=2 * 365 + 31)):
        actions.end_lapsed_places()
        page = text(given.sign_in(amina).get(to("home")))
        assert "You have had no valid certificate since" in page


def test_words_that_tell_who_somebody_is_come_back_with_all_that_was_typed(talk, boris):
    browser = given.sign_in(boris)
    said = {"text": "I met Amira Haddad on 3 May."}

    page = browser.post(to("answer", talk.pk), said | make_form_key())

    assert page.status_code == 422
    assert said["text"] in text(page)
    sent = browser.post(
        to("answer", talk.pk), said | {"looked": "on"} | make_form_key()
    )
    assert sent.status_code == 302


def test_a_trainer_announces_a_clinic_and_reads_no_talk(trainer, talk):
    browser = given.sign_in(trainer)
    day = f"{timezone.localdate() + timedelta(days=3):%Y-%m-%d}"
    said = {"day": day, "begins": "15:00", "where": "Hall 2", "about": "One minute"}

    browser.post(to("announce"), said | make_form_key())

    home = text(browser.get(to("home")))
    assert "Hall 2" in home
    assert "Start a discussion" not in home
    assert browser.get(to("talk", talk.pk)).status_code == 404
    browser.post(to("call_off", Gathering.objects.get().pk), make_form_key())
    assert not Gathering.objects.exists()


@pytest.mark.parametrize("more", [3])
def test_more_talks_cost_no_more_queries(
    talk, amina, more, django_assert_max_num_queries
):
    browser = given.sign_in(amina)
    browser.get(to("home"))
    with django_assert_max_num_queries(60) as before:
        browser.get(to("home"))
    for _ in range(more):
        actions.begin_talk(TalkTheme.OURSELVES, "Sleep?", by=given.unlock_user(amina))
    with django_assert_max_num_queries(len(before)):
        browser.get(to("home"))
