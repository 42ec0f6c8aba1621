"""In the demo everybody has begun the course, and some have read in it."""

import pytest

from amana import given
from amana.academy.courses.engine.tests.test_interviewing import INK, NAME, a_story
from amana.academy.courses.learner_progress import load_progress
from amana.academy.courses.models import Enrolment, Version
from amana.academy.courses.tests.courses import FILES, PLACEMENT
from amana.academy.practice.interviews.models import PracticeConversation
from amana.academy.practice.placement.placement_status import find_placed
from amana.academy.practice.review.review_status import get_standing
from amana.demo import learning
from amana.demo.country import DemoCountry
from amana.trust.access.models import Role
from tests.worlds import kept


@pytest.fixture(autouse=True)
def _lies_here(tmp_path, monkeypatch):
    monkeypatch.setattr(learning, "FOLDER", tmp_path)


@kept
def country(db):
    made = DemoCountry()
    for name, role in (
        ("National Coordination Office", Role.COORDINATOR),
        ("Shelter", Role.CASE_WORKER),
    ):
        team = made.teams[name] = given.make_team()
        person = given.make_worker(of=team, role=role)
        made.people[person.email] = person
        made.members[team.pk] = [(role, person)]
    return made


def lay(folder, files):
    for name, words in files.items():
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_text(words)


def test_everybody_has_begun_and_some_went_on(country, tmp_path):
    lay(tmp_path, FILES)

    learning.begin_course(country)

    done = {
        enrolment.person.email: load_progress(enrolment).steps_done
        for enrolment in Enrolment.objects.for_page()
    }
    assert done.keys() == country.people.keys()
    assert sorted(done.values()) == [0, 3]


def test_a_course_with_a_fault_is_told_and_not_published(country, tmp_path):
    lay(tmp_path, {**FILES, "modules/2-law/test.yaml": "draw: 1\n"})

    assert "to fix" in learning.begin_course(country)
    assert not Version.objects.exists()


def test_where_no_course_lies_nothing_is_published(country):
    assert learning.begin_course(country) == "No course"
    assert not Version.objects.exists()


def test_what_was_missed_waits_and_a_beginning_was_found(country, tmp_path):
    lay(
        tmp_path, {**FILES, "placement.yaml": PLACEMENT.replace("health", "protection")}
    )

    learning.begin_course(country)

    [worker] = [
        person for person in country.people.values() if Role.CASE_WORKER in person.roles
    ]
    enrolment = worker.enrolments.get()
    assert set(get_standing(enrolment).cards) == {"m1-q01"}
    placed_in = find_placed(enrolment)
    assert placed_in is not None
    assert placed_in.sector.code == "protection"


def test_a_case_worker_is_in_the_middle_of_a_conversation(country, tmp_path):
    lay(tmp_path, {**FILES, NAME: INK, f"{NAME}.json": a_story()})

    learning.begin_course(country)

    [run] = PracticeConversation.objects.all()
    assert run.chosen == [0]
