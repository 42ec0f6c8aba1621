"""Work that passed is offered as a toolkit, accepted by a coordinator, and taken
back."""

from typing import Any

import pytest
from django.urls import reverse

from amana import given
from amana.academy.assessment import actions as assessment
from amana.academy.assessment.actions import CriterionMark
from amana.academy.courses import actions as courses
from amana.academy.courses.models import Enrolment
from amana.academy.installations import handing_in, offering, rules
from amana.academy.installations.models import (
    MachineCheck,
    OfferedToolkit,
    PracticePlace,
)
from amana.academy.installations.work_checking import CheckedWork
from amana.errors import Changed, Refused
from amana.trust.access.models import Role, User
from amana.trust.access.rules import Denied
from amana.ui import once

WORDS = "We ask her first."


@pytest.fixture
def coordinator(db: None) -> User:
    return given.unlock_user(given.make_worker(role=Role.COORDINATOR))


@pytest.fixture
def handed_in(place: PracticePlace, learner: User) -> MachineCheck:
    checked = CheckedWork(b"a zip", [])
    work = handing_in.submit_made_work(place, "m1", checked, WORDS, by=learner)
    return MachineCheck.objects.get(hand_in=work)


@pytest.fixture
def passed(handed_in: MachineCheck, coordinator: User) -> MachineCheck:
    assessor = given.make_worker()
    assessment.appoint(assessor, by=coordinator)
    assessment.take_work(handed_in.hand_in, by=assessor)
    met = [CriterionMark(1, "text", WORDS)]
    assessment.mark_work(handed_in.hand_in, met, by=assessor)
    return MachineCheck.objects.get(pk=handed_in.pk)


def offer(work: MachineCheck, by: User, **more: Any) -> OfferedToolkit:
    said: dict[str, Any] = {
        "title": "Our contacts",
        "about": "For a port.",
        "shows_name": False,
    }
    return offering.offer_toolkit(work, **said | more, by=by)


def test_only_ones_own_work_that_passed_is_offered(
    handed_in: MachineCheck, learner: User, colleague: User
) -> None:
    for person in (learner, colleague):
        with pytest.raises(Denied):
            offer(handed_in, person)


def test_an_author_decides_whether_it_bears_their_name(
    passed: MachineCheck, learner: User, colleague: User
) -> None:
    with pytest.raises(Denied):
        offer(passed, colleague)
    with pytest.raises(Refused, match="title"):
        offer(passed, learner, title=" ")
    assert offer(passed, learner).author == ""
    with pytest.raises(Refused, match="already offered"):
        offer(passed, learner)
    offering.withdraw_toolkit(OfferedToolkit.objects.get(), by=learner)
    assert offer(passed, learner, shows_name=True).author == learner.name


def test_another_person_accepts_it_and_then_the_course_sees_it(
    passed: MachineCheck,
    learner: User,
    colleague: User,
    colleagues_enrolment: Enrolment,
    coordinator: User,
) -> None:
    found = offer(passed, learner)
    assert colleagues_enrolment.pk
    outsider = given.make_worker()
    with pytest.raises(Denied):
        offering.accept_toolkit(found, by=colleague)
    assert not rules.read_toolkit.permits(colleague, found)
    offering.accept_toolkit(found, by=coordinator)
    found.refresh_from_db()
    assert rules.read_toolkit.permits(colleague, found)
    assert not rules.read_toolkit.permits(outsider, found)
    with pytest.raises(Changed):
        offering.accept_toolkit(found, by=coordinator)
    offering.withdraw_toolkit(found, by=learner)
    found.refresh_from_db()
    assert not rules.read_toolkit.permits(colleague, found)
    with pytest.raises(Denied):
        offering.withdraw_toolkit(found, by=learner)


def test_a_coordinator_does_not_accept_their_own(
    passed: MachineCheck, learner: User
) -> None:
    found = offer(passed, learner)
    team = learner.memberships.get().team
    given.join_team(learner, team, role=Role.COORDINATOR)
    with pytest.raises(Denied):
        offering.accept_toolkit(found, by=learner)


def test_it_goes_by_pages_from_the_work_to_the_course(
    passed: MachineCheck,
    learner: User,
    colleague: User,
    colleagues_enrolment: Enrolment,
    coordinator: User,
) -> None:
    mine, others = given.sign_in(learner), given.sign_in(colleague)
    leads = given.sign_in(coordinator)
    work = reverse("assessment:work", args=[passed.hand_in_id])
    to = reverse("installations:offer", args=[passed.hand_in_id])
    assert to in mine.get(work).content.decode()
    assert to not in leads.get(work).content.decode()
    assert others.get(to).status_code == 404
    said = {"title": "Our contacts", "about": "For a port.", "shows_name": "on"}
    page = mine.post(to, said | once.make_form_key(), follow=True).content.decode()
    assert "A coordinator reads it." in page

    found = OfferedToolkit.objects.get()
    file = reverse("installations:download", args=[found.pk])
    offers = reverse("installations:offers")
    assert offers in leads.get(reverse("courses:home")).content.decode()
    assert others.get(offers).status_code == 404
    assert others.get(file).status_code == 404
    assert leads.get(file).getvalue() == b"a zip"
    accept = reverse("installations:accept", args=[found.pk])
    assert others.post(accept, once.make_form_key()).status_code == 404
    leads.post(accept, once.make_form_key())

    kits = reverse("toolkits:course", args=[colleagues_enrolment.version.course.slug])
    page = others.get(kits).content.decode()
    assert "Our contacts" in page
    assert learner.name in page
    assert others.get(file).getvalue() == b"a zip"
    mine.post(reverse("installations:withdraw", args=[found.pk]))
    assert "Our contacts" not in others.get(kits).content.decode()
    assert others.get(file).status_code == 404


def test_toolkits_of_another_course_are_not_seen(
    passed: MachineCheck, learner: User, coordinator: User
) -> None:
    found = offer(passed, learner)
    offering.accept_toolkit(found, by=coordinator)
    found.refresh_from_db()
    version = passed.hand_in.enrolment.version
    courses.begin_course(version, by=coordinator)
    assert rules.read_toolkit.permits(coordinator, found)
    assert not rules.read_accepted_toolkit.permits(given.make_worker(), found)
