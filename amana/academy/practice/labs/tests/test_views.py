import io
import zipfile

import pytest
from django.urls import reverse

from amana import given
from amana.academy.practice.labs import actions
from amana.academy.practice.labs.models import Clinic, ClinicMessage, Lab
from amana.academy.practice.labs.tests.test_negotiating import agree
from amana.ui.once import make_form_key


def text(page):
    return page.content.decode()


def post(browser, name, *args, **said):
    return browser.post(reverse(f"labs:{name}", args=args), said | make_form_key())


def test_a_table_from_its_opening_to_the_signed_text(cohort, learners, trainer):
    leads, mine = given.sign_in(trainer), given.sign_in(learners[0])
    other = given.sign_in(learners[1])
    assert "Old Harbour" in text(leads.get(reverse("labs:home")))
    post(leads, "open", cohort.pk, "old-harbour")
    lab = Lab.objects.get()
    post(mine, "seat", lab.pk, party="shelter")
    post(other, "seat", lab.pk, party="police")
    page = text(mine.get(reverse("labs:table", args=[lab.pk])))
    assert "Twelve beds" in page
    assert "Your superiors" not in page  # the brief of the police
    for to in (1, 2):
        post(leads, "go_on", lab.pk, to=to)

    post(mine, "propose", lab.pk, "police", option="evidence", why="Try")
    page = text(mine.get(reverse("labs:table", args=[lab.pk])))
    assert "does not allow you to accept this" in page
    post(other, "accept", lab.pk, lab.proposals.get().pk)
    post(mine, "aside", lab.pk, text="We gave way here")
    assert "We gave way" not in text(other.get(reverse("labs:table", args=[lab.pk])))
    assert mine.get(reverse("labs:text", args=[lab.pk])).status_code == 409

    rest = {"answer": "hours12", "told": "hours4", "night": "shelter", "after": "day"}
    agree(lab, {"shelter": learners[0], "police": learners[1]}, rest)
    page = mine.get(reverse("labs:table", args=[lab.pk]))
    for browser in (mine, other):
        post(browser, "sign", lab.pk, text=page.context["fingerprint"])
    assert "Signed by" in text(mine.get(reverse("labs:table", args=[lab.pk])))
    packed = mine.get(reverse("labs:text", args=[lab.pk])).content
    written = zipfile.ZipFile(io.BytesIO(packed)).read("mechanism.yaml")
    assert b"law_enforcement: [identity, evidence]" in written
    post(leads, "close", lab.pk)
    assert "Your superiors" in text(mine.get(reverse("labs:table", args=[lab.pk])))


def test_a_round_of_very_many_digits_is_refused(cohort, trainer):
    lab = actions.open_lab(cohort, "old-harbour", by=trainer)
    page = post(given.sign_in(trainer), "go_on", lab.pk, to="1" * 5000)
    assert page.status_code == 409


def test_a_clinic_from_the_case_to_its_end(cohort, learners, trainer):
    mine, other = given.sign_in(learners[0]), given.sign_in(learners[1])
    told = {"text": "I met Amira Haddad on 3 May.", "asks": "What now?"}
    page = post(mine, "bring", cohort.pk, **told)
    assert page.status_code == 422
    assert "Amira Haddad" in text(page)
    post(mine, "bring", cohort.pk, **(told | {"text": "A young person came."}))
    clinic = Clinic.objects.get()

    page = text(other.get(reverse("labs:clinic", args=[clinic.pk])))
    assert "A young person came." in page
    post(other, "speak", clinic.pk, kind="question", text="Is she safe?")
    post(mine, "advance", clinic.pk, to="advice")
    post(other, "speak", clinic.pk, kind="advice", text="Ask her first.")
    page = text(mine.get(reverse("labs:clinic", args=[clinic.pk])))
    assert "Is she safe?" in page
    assert "Ask her first." in page
    assert post(other, "speak", clinic.pk, kind="advice", text="").status_code == 422
    post(mine, "destroy", clinic.pk)
    assert not Clinic.objects.exists()


@pytest.mark.parametrize("name", ["table", "text"])
def test_a_stranger_finds_no_table(name, lab, stranger):
    browser = given.sign_in(stranger)

    assert browser.get(reverse(f"labs:{name}", args=[lab.pk])).status_code == 404


def test_a_stranger_finds_no_clinic_and_a_coordinator_is_not_in_the_circle(
    clinic, stranger, coordinator
):
    for outsider in (stranger, coordinator):
        browser = given.sign_in(outsider)
        found = browser.get(reverse("labs:clinic", args=[clinic.pk]))
        assert found.status_code == 404


def test_the_home_without_a_cohort_says_why_it_is_empty(stranger):
    page = text(given.sign_in(stranger).get(reverse("labs:home")))

    assert "You are not in a cohort" in page


def test_many_words_cost_no_more_queries(
    clinic, learners, django_assert_max_num_queries
):
    browser = given.sign_in(learners[1])
    address = reverse("labs:clinic", args=[clinic.pk])
    for number in range(4):
        actions.write_message(
            clinic, ClinicMessage.Kind.QUESTION, f"And {number}?", by=learners[1]
        )
    browser.get(address)
    with django_assert_max_num_queries(24):
        browser.get(address)
