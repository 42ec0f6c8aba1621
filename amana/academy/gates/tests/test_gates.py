"""A role that asks for a certificate opens to who holds it, and strands nobody."""

from datetime import timedelta

import pytest
import time_machine
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from amana import given
from amana.academy.credentials import actions as credentials
from amana.academy.credentials.models import Certificate
from amana.academy.gates import actions, requirement_status, rules
from amana.academy.gates.models import Requirement, RequirementException
from amana.academy.gates.requirement_status import RequirementState
from amana.academy.gates.tests.conftest import asking
from amana.care.pathways import actions as pathways
from amana.design.mechanism import actions as mechanisms
from amana.errors import Refused
from amana.trust.access import actions as access
from amana.trust.access import gates
from amana.trust.access.gates import RoleCandidate
from amana.trust.access.models import Role, User
from amana.trust.access.rules import Denied
from amana.trust.audit.models import AuditEvent
from amana.trust.vault import admission
from amana.ui.once import make_form_key

R = RequirementException.Reason


def kinds():
    return {
        place.membership.user.name: place.kind
        for place in requirement_status.list_standings()
        if place.in_role
    }


def proposed(team, *, by, role=Role.SCREENER, user=None):
    user = user or given.make_user(name="Nour Newcomer")
    membership, _code = access.propose(
        team, email=user.email, name=user.name, language="en", role=role, by=by
    )
    return membership


def in_days(days):
    return timezone.now() + timedelta(days=days)


# --- what is asked


def test_what_the_mechanism_in_force_asks_for_is_known(mechanism):
    one = Requirement.objects.get()
    assert (one.part, one.role, one.certificate) == (
        "responder",
        "screener",
        "foundation",
    )
    assert AuditEvent.objects.filter(did="asked for certificates").count() == 1


def test_a_later_version_keeps_the_day_since_when_it_is_asked_or_asks_no_more(
    mechanism, coordinator
):
    since = Requirement.objects.get().since
    with time_machine.travel(in_days(5), tick=True):
        actions.update_requirements(mechanism, by=coordinator)
    assert Requirement.objects.get().since == since

    draft = mechanisms.load_draft(asking(False), by=coordinator)
    assert draft.mechanism == mechanism.mechanism
    actions.update_requirements(draft, by=coordinator)
    assert not Requirement.objects.exists()


# --- being given a role


def test_who_lacks_the_certificate_is_not_let_in_and_who_holds_it_is(
    mechanism, house, supervisor, coordinator, achievement
):
    waiting = proposed(house, by=coordinator)
    with pytest.raises(Refused, match="requires the certificate “Foundation”"):
        admission.confirm(waiting, by=supervisor)
    waiting.refresh_from_db()
    assert waiting.confirmed_at is None

    credentials.issue(achievement, waiting.user)
    admission.confirm(waiting, by=supervisor)
    assert waiting.confirmed_at


def test_other_roles_and_other_teams_ask_for_nothing(
    mechanism, house, office, stranger
):
    for team, role in [(house, Role.CASE_WORKER), (office, Role.SCREENER)]:
        assert requirement_status.find_missing_to_hold(stranger, team, role) == ""
    assert (
        requirement_status.find_missing_to_hold(stranger, house, Role.SCREENER)
        == "foundation"
    )


def test_a_newcomer_is_let_in_while_they_learn_for_it(
    mechanism, house, supervisor, coordinator
):
    waiting = proposed(house, by=supervisor)
    actions.allow_role(
        waiting.user,
        house,
        "foundation",
        until=in_days(60),
        reason=R.LEARNING,
        by=coordinator,
    )
    assert (
        requirement_status.find_missing_to_hold(waiting.user, house, Role.SCREENER)
        == ""
    )
    with time_machine.travel(in_days(61)):
        assert requirement_status.find_missing_to_hold(
            waiting.user, house, Role.SCREENER
        )


# --- acting in it


def test_who_had_the_role_before_goes_on_for_a_while_and_then_a_colleague_acts(
    worker, screener, certified, course
):
    assert kinds() == {
        "Salma Screener": RequirementState.GRACE,
        "Chadi Certified": RequirementState.HELD,
    }

    with time_machine.travel(in_days(31), tick=True):
        assert kinds()["Salma Screener"] == RequirementState.LACKS
        with pytest.raises(Refused, match="you do not hold a valid one"):
            pathways.finish_step(course, "meet", data={"agrees": "yes"}, by=worker)
        assert course.facts.count() == 1


def test_within_that_time_the_step_is_done(worker, certified, course):
    with time_machine.travel(in_days(29), tick=True):
        pathways.finish_step(course, "meet", data={"agrees": "yes"}, by=worker)
    assert course.facts.count() == 2


def test_where_nobody_holds_it_no_case_stands_still(worker, screener, course):
    with time_machine.travel(in_days(100), tick=True):
        assert kinds()["Salma Screener"] == RequirementState.LACKS
        pathways.finish_step(course, "meet", data={"agrees": "yes"}, by=worker)
    assert course.facts.count() == 2


def test_steps_of_other_parts_ask_for_nothing(worker, certified, coordinator, course):
    pathways.finish_step(course, "meet", data={"agrees": "yes"}, by=worker)
    with time_machine.travel(in_days(100), tick=True):
        pathways.finish_step(course, "register", by=coordinator)
    assert course.facts.count() == 3


# --- when it ends


def test_near_its_end_it_is_told_then_there_is_grace_then_it_lacks(
    certified, mechanism
):
    ends = Certificate.objects.get().valid_until
    assert ends
    told = []
    for days in (-100, -10, 1, 29, 31):
        with time_machine.travel(ends + timedelta(days=days)):
            told.append(kinds()["Chadi Certified"])
    assert told == [
        RequirementState.HELD,
        RequirementState.ENDING,
        RequirementState.GRACE,
        RequirementState.GRACE,
        RequirementState.LACKS,
    ]


def test_what_was_taken_back_has_no_grace(certified, coordinator, mechanism):
    reason = Certificate.Reason.CONDUCT
    credentials.revoke(Certificate.objects.get(), reason=reason, by=coordinator)
    Requirement.objects.update(since=in_days(-100))
    assert kinds()["Chadi Certified"] == RequirementState.LACKS


# --- deciding


def test_who_coordinates_lets_them_go_on_until_a_day_or_no_longer(
    screener, mechanism, house, coordinator
):
    who = (screener, house, "foundation")
    actions.allow_role(*who, until=in_days(40), reason=R.RENEWING, by=coordinator)
    assert kinds()["Salma Screener"] == RequirementState.ALLOWED
    with time_machine.travel(in_days(41)):
        assert kinds()["Salma Screener"] == RequirementState.LACKS

    actions.end_role(*who, reason=R.COVERED, by=coordinator)
    assert kinds()["Salma Screener"] == RequirementState.STOPPED
    events = AuditEvent.objects.filter(did__contains="certificate")
    assert [event.did for event in events.order_by("pk")][-2:] == [
        "allowed role without certificate",
        "ended role for certificate",
    ]
    assert events.latest("pk").auditdetail.details["reason"] == "covered"


def test_only_who_coordinates_decides_and_not_for_themselves(
    screener, mechanism, house, supervisor, coordinator
):
    said = {"until": in_days(9), "reason": R.LEARNING}
    with pytest.raises(Denied):
        actions.allow_role(screener, house, "foundation", by=supervisor, **said)
    with pytest.raises(Denied):
        actions.end_role(
            coordinator, house, "foundation", reason=R.SAFETY, by=coordinator
        )
    for until in (in_days(-1), in_days(400)):
        with pytest.raises(Refused, match="within the next year"):
            actions.allow_role(
                screener,
                house,
                "foundation",
                until=until,
                reason=R.LEARNING,
                by=coordinator,
            )
    with pytest.raises(Refused, match="No role of this team"):
        actions.allow_role(screener, house, "other", by=coordinator, **said)
    assert not RequirementException.objects.exists()


def test_the_rule_says_the_same_of_one_and_of_the_list(
    screener, coordinator, supervisor
):
    for user in (screener, coordinator, supervisor):
        among = set(rules.decide_for.among(User.objects.all(), user))
        assert among == {
            person
            for person in User.objects.all()
            if rules.decide_for.permits(user, person)
        }
        assert user not in among


# --- what is shown


def test_the_mechanism_counts_who_holds_it_and_names_nobody(
    screener, certified, mechanism, worker
):
    assert requirement_status.count_certified() == (1, 2)
    assert [list(asked()) for asked in gates.ASKED] == [
        [RoleCandidate("humanitarian", False), RoleCandidate("humanitarian", True)]
    ]
    page = given.sign_in(worker).get(reverse("mechanism:now")).content.decode()
    assert "Certified staff" in page
    assert "1 of 2" in page
    assert "Chadi" not in page
    assert "Foundation" in page


def test_who_coordinates_sees_who_lacks_what_and_decides(
    screener, certified, mechanism, coordinator, supervisor, stranger
):
    url = reverse("gates:people")
    for person in (supervisor, stranger):
        assert given.sign_in(person).get(url).status_code == 404
    browser = given.sign_in(coordinator)
    page = browser.get(url).content.decode()
    assert page.index("Salma Screener") < page.index("Chadi Certified")
    assert "Continues until it is decided" in page

    place = screener.memberships.get()
    to = reverse("gates:decide", args=[place.pk, "foundation"])
    assert given.sign_in(supervisor).get(to).status_code == 404
    other = reverse("gates:decide", args=[place.pk, "other"])
    assert browser.get(other).status_code == 404
    assert "Salma Screener" in browser.get(to).content.decode()
    wrong = {"what": "allow", "until": "", "reason": "learning"}
    assert browser.post(to, make_form_key() | wrong).status_code == 422
    until = f"{in_days(20):%Y-%m-%d}"
    browser.post(to, make_form_key() | wrong | {"until": until})
    assert kinds()["Salma Screener"] == RequirementState.ALLOWED
    browser.post(to, make_form_key() | {"what": "stop", "reason": "covered"})
    assert "No longer acts" in browser.get(url).content.decode()


def test_the_list_costs_the_same_for_many(screener, worker, mechanism, house):
    def asked():
        with CaptureQueriesContext(connection) as seen:
            requirement_status.list_standings()
        return len(seen)

    few = asked()
    for _one in range(5):
        given.make_worker(of=house, role=Role.SCREENER)
    assert asked() == few
    assert len(requirement_status.list_standings()) == 2 + 5
