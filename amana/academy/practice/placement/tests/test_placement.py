"""A few questions for a sector propose where to begin; the learner decides."""

from uuid import uuid4

import pytest
from django.urls import reverse

from amana import given
from amana.academy.courses import actions as learning
from amana.academy.courses.events import learned
from amana.academy.courses.learner_progress import load_progress
from amana.academy.courses.models import Event
from amana.academy.courses.tests.courses import PLACEMENT, small_course
from amana.academy.practice.placement import actions
from amana.academy.practice.placement.placement_status import find_placed
from amana.errors import Refused
from amana.trust.access.rules import Denied
from amana.trust.audit.models import AuditEvent
from amana.ui.once import make_form_key
from tests.worlds import kept

LAW = "m2/01-three-elements"
RIGHT = {"pl-q1": [0], "m2-q01": [0]}


@kept
def version(coordinator):
    files = small_course(**{"placement.yaml": PLACEMENT})
    return learning.publish_version(files, by=coordinator)


@kept
def knows_law(enrolment, learner):
    actions.record_placement(enrolment, "health", RIGHT, by=learner, id=uuid4())
    return enrolment


def standing(enrolment):
    found = find_placed(enrolment)
    assert found is not None
    return found


def get(user, name, *args):
    return given.sign_in(user).get(reverse(f"placement:{name}", args=args))


def post(user, name, *args, **fields):
    url = reverse(f"placement:{name}", args=args)
    return given.sign_in(user).post(url, make_form_key() | fields)


# --- the actions


def test_what_was_answered_last_is_what_counts(knows_law, learner):
    assert standing(knows_law).proposal.known == {LAW}

    actions.record_placement(knows_law, "police", {}, by=learner, id=uuid4())

    assert standing(knows_law).sector.code == "police"
    assert standing(knows_law).proposal.known == set()
    assert AuditEvent.objects.filter(did="took placement").count() == 2


def test_nothing_is_counted_that_nobody_chose(knows_law):
    assert load_progress(knows_law).steps_done == 0


def test_what_was_chosen_is_counted_as_read_once(knows_law, learner):
    id = uuid4()
    for _time in range(2):
        actions.record_known_lessons(knows_law, [LAW], by=learner, id=id)

    assert load_progress(knows_law).steps_done == 1
    assert Event.objects.filter(verb="read").count() == 1
    assert AuditEvent.objects.filter(did="counted as known").count() == 1


def test_others_are_told_once_of_what_is_counted(knows_law, learner):
    told, id = [], uuid4()

    def hear(enrolment, **_more):
        told.append(enrolment)

    learned.connect(hear)
    try:
        for _time in range(2):
            actions.record_known_lessons(knows_law, [LAW], by=learner, id=id)
    finally:
        learned.disconnect(hear)

    assert told == [knows_law]


def test_what_the_answers_do_not_show_is_not_counted(knows_law, learner):
    for lessons in (["m1/01-asking-first"], [LAW, "m1/02-a-case"], ["m9/x"], []):
        with pytest.raises(Refused):
            actions.record_known_lessons(knows_law, lessons, by=learner, id=uuid4())

    assert not Event.objects.filter(verb="read").exists()


def test_what_can_be_no_answer_is_refused(enrolment, learner):
    for sector, answers in (
        ("judges", {}),
        ("health", {"m1-q01": [0]}),
        ("health", {"pl-q1": [7]}),
    ):
        with pytest.raises(Refused):
            actions.record_placement(enrolment, sector, answers, by=learner, id=uuid4())

    assert not Event.objects.exists()


def test_nobody_answers_for_somebody_else(knows_law, stranger):
    for act in (
        lambda: actions.record_placement(
            knows_law, "health", {}, by=stranger, id=uuid4()
        ),
        lambda: actions.record_known_lessons(knows_law, [LAW], by=stranger, id=uuid4()),
    ):
        with pytest.raises(Denied):
            act()


# --- the pages


def test_from_the_course_to_a_proposal_and_what_one_chose(enrolment, learner):
    browser = given.sign_in(learner)
    course = browser.get(reverse("courses:course", args=["small"])).content.decode()
    assert reverse("placement:choose", args=["small"]) in course
    assert "Police" in get(learner, "choose", "small").content.decode()
    asked = get(learner, "ask", "small", "health").content.decode()
    assert "Is a border needed?" in asked

    fields = {"pl-q1-choice": "0", "m2-q01-choice": "0"}
    led = post(learner, "ask", "small", "health", **fields)
    result = browser.get(led.url).content.decode()
    assert "Skim or skip" in result
    assert "Left out" in result
    module = browser.get(reverse("courses:module", args=["small", "m2"]))
    assert "You can skim or skip these" in module.content.decode()

    post(learner, "known", "small", "health", lesson=LAW)
    assert load_progress(enrolment).steps_done == 1
    again = get(learner, "result", "small", "health").content.decode()
    assert "Count ticked lessons" not in again


def test_a_module_names_what_to_read_first(enrolment, learner):
    actions.record_placement(enrolment, "police", {}, by=learner, id=uuid4())

    url = reverse("courses:module", args=["small", "m1"])
    assert "Most relevant to you" in given.sign_in(learner).get(url).content.decode()


def test_an_answer_that_is_not_whole_is_asked_for(enrolment, learner):
    fields = {"m1-q04-place_0": "0"}

    response = post(learner, "ask", "small", "police", **fields)

    assert response.status_code == 422
    assert not Event.objects.exists()


def test_without_answers_the_result_leads_to_the_questions(enrolment, learner):
    led = get(learner, "result", "small", "health")

    assert led.url == reverse("placement:ask", args=["small", "health"])


def test_strangers_find_nothing(knows_law, stranger):
    for name, place in (
        ("choose", ["small"]),
        ("ask", ["small", "health"]),
        ("result", ["small", "health"]),
    ):
        assert get(stranger, name, *place).status_code == 404
    assert post(stranger, "known", "small", "health", lesson=LAW).status_code == 404


def test_what_is_not_there_is_not_found(enrolment, learner):
    assert get(learner, "ask", "small", "judges").status_code == 404
    assert get(learner, "choose", "large").status_code == 404


def test_a_course_without_one_says_nothing_of_it(coordinator, learner):
    version = learning.publish_version(small_course(), by=coordinator)
    learning.begin_course(version, by=learner)

    course = given.sign_in(learner).get(reverse("courses:course", args=["small"]))
    assert "Where to begin" not in course.content.decode()
    assert get(learner, "choose", "small").status_code == 404
