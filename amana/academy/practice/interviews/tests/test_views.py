"""The pages of an interview: a note before, buttons, a look back."""

from hashlib import sha256

from django.urls import reverse

from amana import given
from amana.academy.courses import actions as courses
from amana.academy.courses.engine.tests.test_interviewing import (
    INK,
    INK_IN_FRENCH,
    two_languages,
)
from amana.academy.courses.tests.courses import small_course
from amana.academy.practice.interviews import actions
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

    assert HERE in page("02-a-case").content.decode()
    assert HERE not in page("01-asking-first").content.decode()


def get(learner, language, url=HERE):
    client = given.sign_in(learner)
    return text(client.get(url, headers={"accept-language": language}))


OTHER, STALE = 'class="notice" data-tone="info"', 'class="notice" data-tone="due"'


def test_a_conversation_is_in_the_language_of_its_reader(enrolment, learner):
    module = get(learner, "fr", reverse("courses:module", args=PLACE[:2]))
    assert f'<div lang="fr" dir="ltr"><a href="{HERE}">Une première rencontre' in module
    before = get(learner, "fr")
    assert '<p class="lead" lang="fr" dir="ltr">Quelqu’un attend.</p>' in before
    assert OTHER not in before

    given.sign_in(learner).post(HERE, make_form_key())
    scene = get(learner, "fr")
    assert '<section class="conversation" id="now" lang="fr" dir="ltr">' in scene
    assert "Elle attend." in scene
    assert "Rester debout</button>" in scene


def test_who_changes_the_language_in_the_middle_loses_nothing(run, learner):
    say = reverse("interviews:say", args=PLACE)
    fields = {"turn": "0", "choice": "0"}
    given.sign_in(learner).post(say, make_form_key() | fields)
    assert '<p class="mine">Sit down</p>' in get(learner, "en")

    over = get(learner, "fr")
    assert '<p class="mine">Prendre une chaise</p>' in over
    assert "<li>Vous avez pris une chaise.</li>" in over


def test_what_is_not_translated_is_in_the_first_language_and_says_so(run, learner):
    scene = get(learner, "ar")
    assert '<section class="conversation" id="now" lang="en" dir="ltr">' in scene
    actions.stop_interview(run, by=learner)

    before = get(learner, "ar")
    assert '<p class="lead" lang="en" dir="ltr">Someone waits.</p>' in before
    assert OTHER in before


def test_a_conversation_that_has_changed_since_says_so(coordinator, learner):
    now = sha256(INK.encode()).hexdigest()
    files = small_course() | two_languages(INK_IN_FRENCH.replace(now, "0" * 64))
    courses.begin_course(courses.publish_version(files, by=coordinator), by=learner)

    # The note on what comes is the one notice of this tone in the original.
    assert get(learner, "en").count(STALE) == 1
    assert get(learner, "fr").count(STALE) == 2
