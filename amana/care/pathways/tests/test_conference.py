"""A conference is held, its result moves the case, and what was said is sealed."""

from typing import Any

import pytest
from django.core.cache import cache
from django.tasks.signals import task_enqueued

from amana import given
from amana.care.pathways import actions, sealed
from amana.care.pathways.models import PathwayEvent
from amana.care.pathways.tests.pack import PATHWAY, files
from amana.care.pathways.tests.test_views import at, text
from amana.errors import Refused
from amana.ui.once import make_form_key
from tests.worlds import kept

CONFERENCE = """\
  conference:
    do: {en: Talk the plan over, fr: Parler du plan, ar: التحدث عن الخطة}
    role: responder
    gives: {conference: [plan_agreed, plan_changed, again]}
    due: P5D
    next: plan_stands
  plan_stands:
    choose:
      - {if: 'conference == "again"', next: conference}
      - {else: true, next: register}
  once_more:
    do: {en: Talk it over once more, fr: En reparler, ar: الحديث مرة أخرى}
    role: responder
    gives: {conference: [plan_agreed, plan_changed, again]}
    due: P5D
  register:
"""
HELD: dict[str, Any] = {"invited": ["health", "person"], "said": "canary: by Monday"}


@pytest.fixture(scope="session")
def folder(tmp_path_factory):
    found = tmp_path_factory.mktemp("conference")
    talked = PATHWAY.replace('"yes"\', next: register', '"yes"\', next: conference', 1)
    talked = talked.replace("  register:\n", CONFERENCE, 1)
    talked = talked.replace("[care, listen, rest]", "[care, listen, rest, once_more]")
    for path, content in files(talked).items():
        (found / path).parent.mkdir(parents=True, exist_ok=True)
        (found / path).write_bytes(content)
    return found


@kept
def planned(course, worker):
    actions.finish_step(course, "meet", data={"agrees": "yes"}, by=worker)
    return course


def held(course, by, came="plan_agreed", **said):
    said = HELD | said
    return actions.finish_step(
        course, "conference", data={"conference": came}, by=by, **said
    )


def due(course):
    return list(course.dues.values_list("key", flat=True))


def test_what_was_agreed_and_who_was_invited_is_sealed(planned, worker):
    fact = held(planned, worker)

    assert due(planned) == ["register"]
    row = PathwayEvent.objects.get(pk=fact.pk)
    assert row.data == {"conference": "plan_agreed"}
    assert "canary" not in str(row.__dict__)
    planned.refresh_from_db()
    said = sealed.open_words(planned, by=worker)[fact.number]
    assert said["invited"] == ["health", "person"]
    assert said["words"] == "canary: by Monday"


@pytest.mark.parametrize(
    ("invited", "told"), [(["health", "person"], True), (["person"], False)]
)
def test_an_invited_team_that_takes_part_is_asked_to_look(
    planned, worker, coordinator, clinic, nurse, mailoutbox, invited, told
):
    """In the words that are the same for everyone, and with no case in the queue."""
    held(planned, worker)
    actions.finish_step(planned, "register", by=coordinator)
    actions.give_to_team(planned, "health", clinic[0], by=worker)
    cache.clear()
    mailoutbox.clear()
    came = {"conference": "plan_agreed"}
    said = HELD | {"invited": invited}
    queued = []

    def note(task_result, **_sent):
        queued.append(list(task_result.args))

    task_enqueued.connect(note)
    actions.finish_step(planned, "once_more", data=came, by=worker, **said)

    assert [message.to for message in mailoutbox] == [[nurse.email]] * told
    assert queued == [[nurse.pk]] * told


def test_another_conference_leads_back(planned, worker):
    held(planned, worker, "again")
    assert due(planned) == ["conference"]
    held(planned, worker, "plan_changed")
    assert due(planned) == ["register"]


@pytest.mark.parametrize(
    ("said", "why"),
    [
        ({"invited": []}, "invited"),
        ({"invited": ["somebody"]}, "invited"),
        ({"said": " "}, "agreed"),
    ],
)
def test_without_people_or_an_agreement_it_was_no_conference(
    planned, worker, said, why
):
    with pytest.raises(Refused, match=why):
        held(planned, worker, **said)
    assert due(planned) == ["conference"]


def test_it_is_held_on_its_page_and_told_on_the_way_of_the_case(
    planned, worker, coordinator
):
    browser = given.sign_in(worker)
    page = text(browser.get(at("step", planned, "conference")))
    assert "Who was invited?" in page
    assert "Someone sent by the person" in page
    sent = {"conference": "plan_agreed", "expected": 2, **make_form_key()}
    there = at("step", planned, "conference")
    assert browser.post(there, sent).status_code == 422

    answer = browser.post(there, sent | HELD | make_form_key())

    assert answer.status_code == 302
    whole = text(browser.get(at("course", planned)))
    assert "canary: by Monday" in whole
    assert "Health service" in whole
    others = text(given.sign_in(coordinator).get(at("course", planned)))
    assert "canary" not in others
    assert "Invited" not in others
