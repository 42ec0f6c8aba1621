"""The two walk from a wish to its end; whoever brought them together sees no word."""

from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from amana import given
from amana.academy.community.mentoring import actions, aims
from amana.academy.community.mentoring.models import Commitment, MentoringWish, Pair
from amana.ui.once import make_form_key

ANSWERS = {"better": "We ask first.", "stuck": "No interpreter.", "doing": "A list."}


def post(browser, name, *args, **said):
    return browser.post(reverse(f"mentoring:{name}", args=args), said | make_form_key())


def text(page):
    return page.content.decode()


def test_from_a_wish_to_the_end(mentor, mentee, coordinator):
    theirs, mine = given.sign_in(mentor), given.sign_in(mentee)
    academy = given.sign_in(coordinator)
    about = {"sector": "health", "languages": ["ar", "en"], "region": "Kilima"}

    assert post(theirs, "wish", "mentor", most=1, **about).status_code == 302
    assert post(mine, "wish", "mentee", **about).status_code == 302
    shown = text(academy.get(reverse("mentoring:arrange")))
    assert "Mara Mentor" in shown
    assert "Lina Learner" in shown

    offer, look = MentoringWish.objects.order_by("pk")
    asked = text(academy.get(reverse("mentoring:propose", args=[look.pk])))
    assert "They work in the same region" in asked
    post(academy, "propose", look.pk, mentor=offer.pk, months=3)
    pair = Pair.objects.get()
    for browser in (theirs, mine):
        assert "I agree" in text(browser.get(reverse("mentoring:pair", args=[pair.pk])))
        post(browser, "agree", pair.pk)

    post(mine, "check_in", pair.pk, **ANSWERS)
    month = pair.check_ins.get()
    post(theirs, "reply", pair.pk, month.pk, text="Who could you ask?")
    soon = timezone.localdate() + timedelta(days=9)
    post(mine, "commit", pair.pk, text="One list of interpreters", due_on=soon)
    page = text(mine.get(reverse("mentoring:pair", args=[pair.pk])))
    for written in (
        *ANSWERS.values(),
        "Who could you ask?",
        "One list of interpreters",
    ):
        assert written in page

    promised = Commitment.objects.get()
    post(mine, "settle", pair.pk, promised.pk, kept="1")
    promised.refresh_from_db()
    assert promised.state == Commitment.State.KEPT

    assert academy.get(reverse("mentoring:pair", args=[pair.pk])).status_code == 404
    post(theirs, "end", pair.pk)
    page = text(mine.get(reverse("mentoring:pair", args=[pair.pk])))
    assert "has been destroyed" in page
    assert "One list of interpreters" not in page


def test_words_that_tell_who_somebody_is_come_back_with_all_that_was_typed(
    agreed, mentee
):
    browser = given.sign_in(mentee)
    said = ANSWERS | {"stuck": "I met Amira Haddad on 3 May."}

    page = post(browser, "check_in", agreed.pk, **said)

    assert page.status_code == 422
    assert "Amira Haddad" in text(page)
    assert "We ask first." in text(page)
    assert post(browser, "check_in", agreed.pk, looked="on", **said).status_code == 302


@pytest.mark.parametrize("name", ["pair", "end", "check_in", "commit"])
def test_a_stranger_finds_nothing(name, agreed, stranger):
    browser = given.sign_in(stranger)

    found = browser.get(reverse(f"mentoring:{name}", args=[agreed.pk]))

    assert found.status_code == 404


def test_pages_without_anything_say_what_to_do(stranger):
    browser = given.sign_in(stranger)

    assert "You have no mentor or mentee" in text(
        browser.get(reverse("mentoring:mine"))
    )
    assert browser.get(reverse("mentoring:arrange")).status_code == 404


def test_a_commitment_stands_beside_the_figure_of_all_together(
    agreed, mentor, mentee, monkeypatch
):
    asked = []

    def count(codes):
        asked.append(set(codes))
        return {"I19": "62 % (2025)"}

    monkeypatch.setattr(aims, "FIGURES", [count])
    soon = timezone.localdate() + timedelta(days=9)
    url = reverse("mentoring:pair", args=[agreed.pk])
    assert "62 %" not in text(given.sign_in(mentor).get(url))
    actions.record_commitment(agreed, "A rota", due_on=soon, indicator="I19", by=mentee)

    page = text(given.sign_in(mentor).get(url))

    assert "for everyone together: 62 % (2025)" in page
    assert asked == [{"I19"}]
