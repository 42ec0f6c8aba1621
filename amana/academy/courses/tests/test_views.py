"""The pages of a course: one next step, feedback where it was asked, nobody else's."""

import re
from uuid import UUID, uuid4

import pytest
from django.urls import reverse

from amana import given
from amana.academy.courses import actions, shipped_courses
from amana.academy.courses.content import load_content
from amana.academy.courses.engine import marking
from amana.academy.courses.models import Attempt, Event, Version
from amana.academy.courses.tests.courses import FILES, spoilt
from amana.academy.courses.tests.test_actions import (
    all_but_a_critical_one_right,
    all_right,
    map_to_page,
)
from amana.ui.once import make_form_key

LESSON = ["small", "m1", "01-asking-first"]
LIMIT = 60_000


def page(user, name, *args, language="en", **more):
    url = reverse(f"courses:{name}", args=args)
    return given.sign_in(user).get(url, headers={"accept-language": language}, **more)


def text(response):
    assert response.status_code == 200, response.status_code
    return response.content.decode()


def post(user, name, *args, fields=None):
    url = reverse(f"courses:{name}", args=args)
    return given.sign_in(user).post(url, make_form_key() | (fields or {}))


# --- beginning


def test_everybody_who_is_signed_in_finds_the_academy(version, learner):
    shown = text(page(learner, "home"))

    assert f'href="{reverse("courses:home")}"' in shown
    assert "A small course" in shown


def test_where_nothing_is_published_the_page_says_so(learner):
    assert "No course is published here yet" in text(page(learner, "home"))


def test_a_course_is_begun_with_one_button_and_leads_to_its_first_lesson(
    version, learner
):
    assert "Begin" in text(page(learner, "course", "small"))

    led = post(learner, "begin", "small")

    assert led.url == reverse("courses:lesson", args=LESSON)
    assert learner.enrolments.get().version == version


def test_a_course_shows_the_one_next_step(enrolment, learner):
    shown = text(page(learner, "course", "small"))

    assert shown.count("Next:") == 1
    assert reverse("courses:lesson", args=LESSON) in shown


def test_a_newer_version_is_offered_and_not_forced(enrolment, learner, coordinator):
    newer = spoilt("course.yaml", "A draft.", "Reviewed.")
    actions.publish_version(newer, by=coordinator)

    assert "Begin the newer version" in text(page(learner, "course", "small"))
    post(learner, "begin", "small")

    assert "Begin the newer version" not in text(page(learner, "course", "small"))


@pytest.fixture
def lies_here(tmp_path, monkeypatch):
    """The folder of courses that came along."""
    for name, words in FILES.items():
        path = tmp_path / "small" / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(words)
    monkeypatch.setattr(shipped_courses, "FOLDER", tmp_path)
    return tmp_path / "small"


def test_a_coordinator_publishes_what_came_along(lies_here, coordinator):
    assert "Publish small" in text(page(coordinator, "home"))

    led = post(coordinator, "publish", "small")

    assert led.headers["Location"] == reverse("courses:course", args=["small"])
    assert Version.objects.get().number == 1


def test_what_has_a_fault_is_refused_in_words(lies_here, coordinator):
    test = lies_here / "modules/1-consent/test.yaml"
    test.write_text(test.read_text().replace("draw: 20", "draw: 40"))

    response = post(coordinator, "publish", "small")

    assert response.status_code == 409
    assert "A test that draws 40 needs" in response.content.decode()
    assert not Version.objects.exists()


def test_nobody_else_publishes_nor_what_isnt_there(lies_here, coordinator, learner):
    assert "Publish small" not in text(page(learner, "home"))
    assert post(learner, "publish", "small").status_code == 404
    assert post(coordinator, "publish", "large").status_code == 404
    assert not Version.objects.exists()


# --- lessons


def test_a_lesson_is_shown_with_its_note_its_figure_and_its_sources(enrolment, learner):
    shown = text(page(learner, "lesson", *LESSON))

    note, words = shown.index("pressure by an employer"), shown.index("Why we ask")
    assert note < words
    assert 'alt="Two circles that touch"' in shown
    assert reverse("courses:figure", args=["small", "m1", "circles"]) in shown
    assert re.search(r'<li id="source-1">.*Ethical recommendations', shown)
    assert "Who once asked you first?" in shown
    assert "Who you can call" in shown


def test_a_lesson_is_shown_in_the_language_of_the_page(enrolment, learner):
    shown = text(page(learner, "lesson", *LESSON, language="fr"))

    assert "Nous demandons chaque fois" in shown
    assert "Quand peut-on partager" in shown
    assert 'lang="fr"' in shown


@pytest.mark.parametrize("language", ["fr", "ar"])
def test_what_is_not_translated_is_shown_in_the_first_language_with_a_notice(
    enrolment, learner, language
):
    shown = text(page(learner, "lesson", "small", "m1", "02-a-case", language=language))

    assert "Samira is 19." in shown
    assert 'class="lesson stack" lang="en" dir="ltr"' in shown
    assert 'class="notice" data-tone="info"' in shown


def test_a_stale_translation_says_so(coordinator, learner):
    changed = spoilt(
        "modules/1-consent/en/01-asking-first.md", "she may say no", "she can refuse"
    )
    actions.begin_course(actions.publish_version(changed, by=coordinator), by=learner)

    assert 'data-tone="due"' in text(page(learner, "lesson", *LESSON, language="fr"))
    assert "has changed since" not in text(page(learner, "lesson", *LESSON))


def test_reading_leads_to_the_next_step(enrolment, learner):
    on = post(learner, "read", *LESSON)
    assert on.url == reverse("courses:lesson", args=["small", "m1", "02-a-case"])

    on = post(learner, "read", "small", "m1", "02-a-case")
    assert on.url == reverse("courses:test", args=["small", "m1"])


def test_a_form_that_comes_twice_is_one_event(enrolment, learner):
    browser, key = given.sign_in(learner), make_form_key()
    url = reverse("courses:read", args=LESSON)

    first, second = browser.post(url, key), browser.post(url, key)

    assert first.headers["Location"] == second.headers["Location"]
    assert Event.objects.count() == 1


def test_a_figure_is_drawn_and_does_nothing(enrolment, learner):
    drawn = page(learner, "figure", "small", "m1", "circles")

    assert drawn.headers["Content-Type"] == "image/svg+xml"
    assert "default-src 'none'" in drawn.headers["Content-Security-Policy"]
    assert "script-src" not in drawn.headers["Content-Security-Policy"]


# --- practice


@pytest.mark.parametrize(
    ("option", "said"),
    [("0", "This service"), ("1", "Urgency does not replace"), ("2", "Not without")],
)
def test_practice_says_why_for_the_option_that_was_chosen(
    enrolment, learner, option, said
):
    before = text(page(learner, "lesson", *LESSON))
    fields = {"question": "m1-q01", "m1-q01-choice": option}

    led = post(learner, "answer", *LESSON, fields=fields)

    shown = text(page(learner, "lesson", *LESSON))
    assert led.url.endswith("#m1-q01")
    assert 'class="feedback' not in before
    feedback = shown[shown.index('class="feedback') :]
    assert said[:12] in feedback
    title = "Right" if option == "0" else "Not quite"
    assert title in feedback[: feedback.index("</p>")]


def test_nothing_chosen_is_asked_for_again(enrolment, learner):
    response = post(learner, "answer", *LESSON, fields={"question": "m1-q01"})

    assert response.status_code == 422
    assert b"data-wrong" in response.content
    assert not Event.objects.exists()


def test_a_decision_is_not_called_wrong(enrolment, learner):
    place = ["small", "m1", "02-a-case"]
    fields = {"question": "m1-q02", "m1-q02-choice": "1"}
    post(learner, "answer", *place, fields=fields)

    shown = text(page(learner, "lesson", *place))

    assert "What this choice leads to" in shown
    assert "He would know that she spoke." in shown
    assert "Not quite" not in shown


# --- tests


def test_a_test_is_declared_before_it_begins(enrolment, learner):
    shown = text(page(learner, "test", "small", "m1"))

    assert "This is an assessment" in shown
    assert "You need 15 right answers of 20" in shown
    assert "drawn from 100" in shown
    assert "2 of them are questions that you have to get right" in shown
    assert "After 3 times you ask a person first." in shown
    assert not Attempt.objects.exists()


def as_fields(answers):
    """What a browser sends."""
    return {f"{name}-choice": str(chosen) for name, [chosen] in answers.items()}


def test_a_test_is_taken_without_a_script_and_passed(enrolment, learner):
    led = post(learner, "test", "small", "m1")
    attempt = Attempt.objects.get()
    assert led.url == reverse("courses:take", args=[attempt.pk])
    assert text(page(learner, "take", attempt.pk)).count("<li id=") == 20

    fields = as_fields(map_to_page(attempt, all_right(attempt)))
    post(learner, "take", attempt.pk, fields=fields)

    shown = text(page(learner, "take", attempt.pk))
    assert "20 of 20 right; you needed 15." in shown
    assert "Passed" in text(page(learner, "module", "small", "m1"))


def test_a_critical_answer_that_is_wrong_is_named(attempt, enrolment, learner):
    answers, critical = all_but_a_critical_one_right(attempt)
    actions.submit_test(attempt, answers, by=learner, id=uuid4())

    shown = text(page(learner, "take", attempt.pk))

    assert "Not passed this time" in shown
    assert "you got a question wrong that you have to get right" in shown
    # Others get the same questions: none of them is shown, and no answer.
    assert critical not in shown
    assert "What do you do in case" not in shown
    assert "Ask the" not in shown
    assert "Asking first" in shown  # worth reading again
    missing = text(page(learner, "progress", "small"))
    assert "you got a question wrong that you have to get right" in missing


def test_an_answer_that_cant_be_one_is_asked_for_again(attempt, learner):
    name = actions.list_question_ids(attempt)[0]

    response = post(learner, "take", attempt.pk, fields={f"{name}-choice": "9"})

    assert response.status_code == 422
    assert b"Some answers are incomplete" in response.content
    attempt.refresh_from_db()
    assert attempt.submitted_at is None


def test_a_document_stands_with_its_question(enrolment, learner, attempt):
    drawn = (n for n in range(500) if "m1-b001" in draw(enrolment, n))
    Attempt.objects.filter(pk=attempt.pk).update(seed=UUID(int=next(drawn)))

    shown = text(page(learner, "take", attempt.pk))
    assert "<p>02:10  Two adults, one girl.<br>\nAn uncle answers for all" in shown
    french = text(page(learner, "take", attempt.pk, language="fr"))
    assert "Un oncle répond pour les trois." in french


def draw(enrolment, number):
    test = load_content(enrolment.version).modules[0].test
    return marking.choose_questions(test, str(UUID(int=number)))


# --- progress


def test_progress_says_what_is_missing_and_why(enrolment, learner):
    actions.record_read_lesson(enrolment, "m1/01-asking-first", by=learner, id=uuid4())

    shown = text(page(learner, "progress", "small"))

    assert "1 lesson to read" in shown
    assert "Test not taken yet" in shown


def test_whoever_has_done_everything_is_told(enrolment, learner):
    for path in ("m1/01-asking-first", "m1/02-a-case", "m2/01-three-elements"):
        actions.record_read_lesson(enrolment, path, by=learner, id=uuid4())
    for module in ("m1", "m2"):
        attempt = actions.begin_test(enrolment, module, by=learner)
        chosen = all_right(attempt)
        actions.submit_test(attempt, chosen, by=learner, id=uuid4())

    assert "You have finished all lessons and tests" in text(
        page(learner, "course", "small")
    )


def test_an_assignment_says_how_it_is_judged(enrolment, learner):
    shown = text(page(learner, "assignment", "small", "m1"))

    assert "<strong>Read it aloud</strong>" in shown
    assert "Marked by a person" in shown
    assert reverse("mechanism:now") in shown


# --- nobody else's


def of_one_enrolment(attempt):
    return [
        ("progress", ["small"]),
        ("module", ["small", "m1"]),
        ("assignment", ["small", "m1"]),
        ("lesson", LESSON),
        ("figure", ["small", "m1", "circles"]),
        ("test", ["small", "m1"]),
        ("take", [attempt.pk]),
    ]


def test_a_stranger_finds_nothing_of_it(attempt, stranger):
    for name, place in of_one_enrolment(attempt):
        assert page(stranger, name, *place).status_code == 404, name
    for name, place in (("read", LESSON), ("answer", LESSON), ("take", [attempt.pk])):
        assert post(stranger, name, *place).status_code == 404, name


def test_what_isnt_in_the_course_is_not_found(enrolment, learner):
    for name, place in (
        ("course", ["large"]),
        ("module", ["small", "m9"]),
        ("lesson", ["small", "m1", "09-nothing"]),
        ("figure", ["small", "m1", "squares"]),
        ("assignment", ["small", "m2"]),
    ):
        assert page(learner, name, *place).status_code == 404, name
    fields = {"question": "m2-q01", "m2-q01-choice": "0"}
    assert post(learner, "answer", *LESSON, fields=fields).status_code == 404


@pytest.mark.parametrize("language", ["en", "fr", "ar"])
def test_every_page_is_light_in_every_language(attempt, learner, language):
    for name, place in [
        *of_one_enrolment(attempt),
        ("course", ["small"]),
        ("home", []),
    ]:
        response = page(learner, name, *place, language=language)
        assert response.status_code == 200, name
        assert len(response.content) < LIMIT, name


def test_a_page_costs_as_many_questions_to_the_database_for_much_as_for_little(
    enrolment, learner, django_assert_max_num_queries
):
    browser = given.sign_in(learner)
    url = reverse("courses:progress", args=["small"])
    browser.get(url)
    for _ in range(30):
        actions.record_answer(enrolment, "m1-q01", [0], by=learner, id=uuid4())
        actions.record_read_lesson(
            enrolment, "m1/01-asking-first", by=learner, id=uuid4()
        )

    with django_assert_max_num_queries(20):
        browser.get(url)


# --- to look something up


def test_the_words_of_a_course_stand_in_its_glossary(enrolment, learner):
    shown = text(page(learner, "glossary", "small"))

    assert "Her free yes." in shown
    assert "Ethical recommendations" in shown


def test_the_plan_of_a_live_session_says_what_to_do_without_one(enrolment, learner):
    assert "live" in text(page(learner, "module", "small", "m1"))
    shown = text(page(learner, "live", "small", "m1"))

    assert "Asking, in pairs" in shown
    assert "By telephone" in shown
    assert "10 min" in shown


def test_a_module_without_a_live_session_has_no_plan(enrolment, learner):
    assert page(learner, "live", "small", "m2").status_code == 404
    url = reverse("courses:live", args=["small", "m2"])
    assert url not in text(page(learner, "module", "small", "m2"))


def test_strangers_look_nothing_up(enrolment, stranger):
    assert page(stranger, "glossary", "small").status_code == 404
    assert page(stranger, "live", "small", "m1").status_code == 404
