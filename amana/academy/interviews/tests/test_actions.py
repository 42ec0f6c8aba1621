"""One says something, and it leads on; whoever stops leaves nothing behind."""

import pytest

from amana.academy.courses.models import Event
from amana.academy.interviews import actions
from amana.academy.interviews.models import Run
from amana.academy.interviews.rules import practise
from amana.errors import Changed, Refused
from amana.trust.access.rules import Denied


def test_what_one_says_leads_on_to_the_end(run, learner):
    scene = actions.scene_of(run)
    assert scene.choices == ["Sit down", "Stand"]

    over = actions.say(run, 1, turn=0, by=learner)

    assert over.is_over
    assert [turn.chosen for turn in over.turns] == ["", "Stand"]
    assert Run.objects.get().chosen == [1]


def test_it_is_never_counted(run, learner):
    actions.say(run, 0, turn=0, by=learner)

    assert not Event.objects.exists()


def test_whoever_stops_leaves_nothing_behind(run, learner):
    actions.say(run, 0, turn=0, by=learner)
    actions.stop(run, by=learner)

    assert not Run.objects.exists()


@pytest.mark.parametrize("at", [-1, 2, 99])
def test_what_is_not_offered_can_not_be_said(run, learner, at):
    with pytest.raises(Refused, match="not possible here"):
        actions.say(run, at, turn=0, by=learner)
    assert Run.objects.get().chosen == []


def test_the_same_answer_twice_is_said_once(run, learner):
    again = Run.objects.for_page().get()
    actions.say(run, 0, turn=0, by=learner)

    with pytest.raises(Changed):
        actions.say(again, 0, turn=0, by=learner)
    with pytest.raises(Changed):
        actions.say(run, 0, turn=0, by=learner)
    assert Run.objects.get().chosen == [0]


def test_whoever_is_in_the_middle_goes_on_there(run, enrolment, learner):
    assert actions.begin(enrolment, "m1", "first", by=learner) == run


def test_there_is_no_other_interview(enrolment, learner):
    for module, name in (("m1", "second"), ("m9", "first")):
        with pytest.raises(Refused, match="no such interview"):
            actions.begin(enrolment, module, name, by=learner)


def test_it_is_ones_own_whatever_the_role_of_others(
    run, enrolment, learner, stranger, coordinator
):
    for user in (stranger, coordinator):
        assert not practise.permits(user, run)
        with pytest.raises(Denied):
            actions.say(run, 0, turn=0, by=user)
        with pytest.raises(Denied):
            actions.stop(run, by=user)
        with pytest.raises(Denied):
            actions.begin(enrolment, "m1", "first", by=user)
    assert practise.permits(learner, run)
