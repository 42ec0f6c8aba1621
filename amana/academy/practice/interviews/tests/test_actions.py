"""One says something, and it leads on; whoever stops leaves nothing behind."""

import pytest

from amana.academy.courses.models import Event
from amana.academy.practice.interviews import actions
from amana.academy.practice.interviews.models import PracticeConversation
from amana.academy.practice.interviews.rules import practise
from amana.errors import Changed, Refused
from amana.trust.access.rules import Denied


def test_what_one_says_leads_on_to_the_end(run, learner):
    scene = actions.get_scene(run)
    assert scene.choices == ["Sit down", "Stand"]

    actions.choose_answer(run, 1, turn=0, by=learner)

    over = actions.get_scene(run)
    assert over.is_over
    assert [turn.chosen for turn in over.turns] == ["", "Stand"]
    assert PracticeConversation.objects.get().chosen == [1]


def test_who_changes_the_language_continues_at_the_same_place(run, learner):
    actions.choose_answer(run, 1, turn=0, by=learner)

    here, there = (actions.get_scene(run, language) for language in ("en", "fr"))
    assert [turn.chosen for turn in here.turns] == ["", "Stand"]
    assert [turn.chosen for turn in there.turns] == ["", "Rester debout"]
    assert there.is_over


def test_answers_stand_in_one_order_in_each_language(run):
    here, there = (
        actions.shuffle_choices(run, actions.get_scene(run, language))
        for language in ("en", "fr")
    )
    assert [at for at, _text in here] == [at for at, _text in there]


def test_in_a_language_that_the_course_lacks_it_is_in_the_first(run):
    assert actions.get_scene(run, "ar").choices == ["Sit down", "Stand"]


def test_it_is_never_counted(run, learner):
    actions.choose_answer(run, 0, turn=0, by=learner)

    assert not Event.objects.exists()


def test_whoever_stops_leaves_nothing_behind(run, learner):
    actions.choose_answer(run, 0, turn=0, by=learner)
    actions.stop_interview(run, by=learner)

    assert not PracticeConversation.objects.exists()


@pytest.mark.parametrize("at", [-1, 2, 99])
def test_what_is_not_offered_can_not_be_said(run, learner, at):
    with pytest.raises(Refused, match="not possible here"):
        actions.choose_answer(run, at, turn=0, by=learner)
    assert PracticeConversation.objects.get().chosen == []


def test_the_same_answer_twice_is_said_once(run, learner):
    again = PracticeConversation.objects.for_page().get()
    actions.choose_answer(run, 0, turn=0, by=learner)

    with pytest.raises(Changed):
        actions.choose_answer(again, 0, turn=0, by=learner)
    with pytest.raises(Changed):
        actions.choose_answer(run, 0, turn=0, by=learner)
    assert PracticeConversation.objects.get().chosen == [0]


def test_whoever_is_in_the_middle_goes_on_there(run, enrolment, learner):
    assert actions.begin_interview(enrolment, "m1", "first", by=learner) == run


def test_there_is_no_other_interview(enrolment, learner):
    for module, name in (("m1", "second"), ("m9", "first")):
        with pytest.raises(Refused, match="no such interview"):
            actions.begin_interview(enrolment, module, name, by=learner)


def test_it_is_ones_own_whatever_the_role_of_others(
    run, enrolment, learner, stranger, coordinator
):
    for user in (stranger, coordinator):
        assert not practise.permits(user, run)
        with pytest.raises(Denied):
            actions.choose_answer(run, 0, turn=0, by=user)
        with pytest.raises(Denied):
            actions.stop_interview(run, by=user)
        with pytest.raises(Denied):
            actions.begin_interview(enrolment, "m1", "first", by=user)
    assert practise.permits(learner, run)
