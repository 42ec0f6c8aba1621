"""The pages of an interview: a note before, buttons, a look back."""

from django.urls import reverse

from amana import given
from amana.academy.practice.interviews.models import PracticeConversation
from amana.ui.once import make_form_key

PLACE = ["small", "m1", "first"]
HERE = reverse("interviews:interview", args=PLACE)


def text(response):
    assert response.status_code == 200, response.status_code
    return response.content.decode()


def test_a_learner_goes_through_it_with_buttons_alone(enrolment, learner):
    client = given.sign_in(learner)
    module = text(client.get(reverse("courses:module", args=PLACE[:2])))
    assert f'href="{HERE}"' in module
    assert "Nothing hard." in text(client.get(HERE))

    client.post(HERE, make_form_key())
    assert "She waits." in text(client.get(HERE))
    say = reverse("interviews:say", args=PLACE)
    client.post(say, make_form_key() | {"turn": "0", "choice": "0"})

    over = text(client.get(HERE))
    assert "Looking back" in over
    assert "You sat down." in over
    client.post(reverse("interviews:again", args=PLACE), make_form_key())
    assert PracticeConversation.objects.get().chosen == []
    client.post(reverse("interviews:stop", args=PLACE), make_form_key())
    assert not PracticeConversation.objects.exists()


def test_a_button_pressed_twice_is_told_so(run, learner):
    client = given.sign_in(learner)
    say = reverse("interviews:say", args=PLACE)
    fields = {"turn": "0", "choice": "0"}
    assert client.post(say, make_form_key() | fields).status_code == 302

    assert client.post(say, make_form_key() | fields).status_code == 409
    assert client.post(say, make_form_key() | {"turn": "x"}).status_code == 409


def test_strangers_find_nothing(run, stranger):
    client = given.sign_in(stranger)

    assert client.get(HERE).status_code == 404
    for name in ("say", "stop", "again"):
        url = reverse(f"interviews:{name}", args=PLACE)
        assert client.post(url, make_form_key()).status_code == 404
    assert PracticeConversation.objects.exists()


def test_what_is_no_interview_is_not_found(enrolment, learner):
    url = reverse("interviews:interview", args=["small", "m1", "second"])
    assert given.sign_in(learner).get(url).status_code == 404


def test_a_lesson_leads_to_the_interview_that_belongs_to_it(enrolment, learner):
    browser = given.sign_in(learner)

    def page(part):
        return browser.get(reverse("courses:lesson", args=["small", "m1", part]))

    assert HERE in page("01-asking-first").content.decode()
    assert HERE not in page("02-a-case").content.decode()
