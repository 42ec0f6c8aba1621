"""A page says what would be told before anybody agrees."""

from django.urls import reverse

from amana import given
from amana.exchange.learning.xapi.models import SharingAgreement
from amana.ui.once import make_form_key

MINE = reverse("xapi:mine")


def test_a_learner_agrees_and_ends_it_on_one_page(store, learner):
    client = given.sign_in(learner)
    assert "The ministry’s record store" in client.get(MINE).content.decode()

    client.post(reverse("xapi:agree"), make_form_key())
    [sharing] = SharingAgreement.objects.all()
    assert str(sharing.pseudonym) in client.get(MINE).content.decode()

    client.post(reverse("xapi:end"), make_form_key())
    assert not SharingAgreement.objects.open().exists()


def test_nobody_sees_that_another_agreed(sharing, stranger):
    client = given.sign_in(stranger)

    assert str(sharing.pseudonym) not in client.get(MINE).content.decode()
    assert client.post(reverse("xapi:end"), make_form_key()).status_code == 404


def test_without_a_store_the_page_says_so_and_no_menu_leads_there(learner):
    client = given.sign_in(learner)

    assert "No learning is shared" in client.get(MINE).content.decode()
    assert MINE not in client.get(reverse("courses:home")).content.decode()
