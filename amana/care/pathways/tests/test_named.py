"""Of a case kept to named people: one person is named for an office's step."""

from typing import Any

import pytest
from django.core.cache import cache
from django.urls import reverse
from django.utils import timezone

from amana import given
from amana.care.cases import actions as cases
from amana.care.pathways import actions, rules, sealed, tasks, ticking, version_moves
from amana.care.pathways.models import DeviationReason, OpenTask, PathwayRun
from amana.care.pathways.tests.conftest import go, member
from amana.care.pathways.tests.test_version_moves import longer, next_version
from amana.care.pathways.tests.test_views import at, text
from amana.design.mechanism import actions as mechanisms
from amana.design.mechanism import writing
from amana.errors import Refused
from amana.trust.access.models import Role
from amana.trust.access.rules import Denied
from amana.trust.audit.models import AuditEvent
from amana.ui.once import make_form_key
from tests import worlds


@worlds.kept
def another_coordinator(office):
    return member(office, Role.COORDINATOR, "Another coordinator")


@worlds.kept
def kept(course, case, worker):
    """Only the worker is named; the next step is a coordinator's."""
    cases.restrict(case, people=[worker], by=worker)
    go(course, ("meet", worker, {"agrees": "yes"}))
    return course


@worlds.kept
def cast(worker, supervisor, coordinator, another_coordinator, authority, stranger):
    return [worker, supervisor, coordinator, another_coordinator, authority, stranger]


def able(cast, due):
    return [user for user in cast if rules.do_step.permits(user, due)]


def seeing(cast, course):
    return [user for user in cast if rules.see_course.permits(user, course)]


def test_before_somebody_is_named_nobody_of_the_office_sees_it(kept, cast, worker):
    assert able(cast, kept.dues.get()) == []
    assert seeing(cast, kept) == [worker]


def test_one_person_does_one_step_and_sees_no_more_than_that(
    kept, case, cast, worker, coordinator, mailoutbox
):
    mailoutbox.clear()
    actions.name_person(kept, "register", coordinator, by=worker)

    assert able(cast, kept.dues.get()) == [coordinator]
    assert set(seeing(cast, kept)) == {worker, coordinator}
    for user in cast:
        among = rules.do_step.among(OpenTask.objects.all(), user)
        assert list(among) == [d for d in OpenTask.objects.all() if able([user], d)]
        courses = rules.see_course.among(PathwayRun.objects.all(), user)
        assert list(courses) == [c for c in [kept] if seeing([user], c)]
    browser = given.sign_in(coordinator)
    assert browser.get(reverse("cases:case", args=[case.pk])).status_code == 404
    assert [message.to for message in mailoutbox] == [[coordinator.email]]
    assert tasks.list_people(kept, "coordinator", "register") == [coordinator]
    named = AuditEvent.objects.get(did="named person for step")
    assert named.auditdetail.details == {"step": "register", "person": coordinator.pk}

    actions.finish_step(kept, "register", by=coordinator)

    assert "care" in kept.dues.values_list("key", flat=True)
    assert seeing(cast, kept) == [worker]


def test_it_goes_on_in_the_list_of_the_person_and_of_no_colleague(
    kept, worker, coordinator, another_coordinator
):
    actions.name_person(kept, "register", coordinator, by=worker)
    for user, there in ((coordinator, True), (another_coordinator, False)):
        html = text(given.sign_in(user).get(reverse("pathways:due")))
        assert ("Find a case manager" in html) == there
        page = given.sign_in(user).get(at("step", kept, "register"))
        assert page.status_code == (200 if there else 404)


def test_only_who_is_of_the_case_names_and_only_who_plays_the_role(
    kept, worker, supervisor, coordinator, authority, stranger
):
    for by in (supervisor, coordinator, stranger):
        with pytest.raises(Denied):
            actions.name_person(kept, "register", coordinator, by=by)
    elsewhere = given.make_worker(role=Role.COORDINATOR)
    for person in (authority, stranger, elsewhere):
        with pytest.raises(Refused, match="does not play that role"):
            actions.name_person(kept, "register", person, by=worker)


def test_nobody_is_named_whose_account_is_off(kept, worker, coordinator):
    type(coordinator).objects.filter(pk=coordinator.pk).update(is_active=False)
    page = text(given.sign_in(worker).get(at("person", kept, "register")))
    assert f'value="{coordinator.memberships.get().pk}"' not in page
    with pytest.raises(Refused, match="does not play that role"):
        actions.name_person(kept, "register", coordinator, by=worker)


def test_what_is_not_an_offices_or_not_kept_is_for_a_team(
    kept, case, worker, coordinator
):
    actions.name_person(kept, "register", coordinator, by=worker)
    actions.finish_step(kept, "register", by=coordinator)
    with pytest.raises(Refused, match="A team does this step"):
        actions.name_person(kept, "care", coordinator, by=worker)


def test_a_name_ends_with_the_restriction(
    kept, case, worker, coordinator, another_coordinator
):
    actions.name_person(kept, "register", coordinator, by=worker)
    case.refresh_from_db()
    cases.lift_restriction(case, by=worker)
    due = kept.dues.get()
    assert due.named is None
    assert rules.do_step.permits(another_coordinator, due)


def test_whoever_plays_the_role_no_longer_does_the_step_no_longer(
    kept, worker, coordinator
):
    actions.name_person(kept, "register", coordinator, by=worker)
    coordinator.memberships.update(ended_at="2026-01-01T00:00Z")
    assert not rules.do_step.permits(coordinator, kept.dues.get())
    assert not rules.see_course.permits(coordinator, kept)


def test_a_name_goes_along_to_a_new_version_and_while_other_steps_change(
    kept, mechanism, worker, coordinator
):
    actions.name_person(kept, "register", coordinator, by=worker)
    actions.reopen_step(kept, "meet", reason=DeviationReason.MISTAKE, by=worker)
    assert kept.dues.get(key="register").named == coordinator
    new = next_version(mechanism, coordinator, longer)
    mechanisms.put_in_force(new, by=coordinator)
    assert not version_moves.find_behind(new).exists()
    due = kept.dues.get(key="register")
    assert (due.named, due.own) == (coordinator, False)


def of_the_office(files):
    """Two of its steps begin at once, with the same deadline."""
    values: dict[tuple[str | int, ...], Any] = {}
    for step in ("care", "listen"):
        values["steps", step, "role"] = "coordinator"
        values["steps", step, "due"] = "P5D"
    return writing.write_values(files, "pathway.yaml", values)


@pytest.mark.parametrize("step", ["care", "listen"])
def test_a_name_goes_along_with_its_own_step_and_with_no_other(
    kept, mechanism, worker, coordinator, another_coordinator, step
):
    office = next_version(mechanism, coordinator, of_the_office)
    mechanisms.put_in_force(office, by=coordinator)
    actions.name_person(kept, "register", coordinator, by=worker)
    actions.finish_step(kept, "register", by=coordinator)
    dues = kept.dues.filter(role="coordinator")
    assert set(dues.values_list("key", flat=True)) == {"care", "listen"}
    assert len(set(dues.values_list("since", "due_at"))) == 1
    actions.name_person(kept, step, another_coordinator, by=worker)
    told = timezone.now()
    dues.filter(key=step).update(reminded_at=told, told_at=told)

    new = next_version(office, coordinator, rename=(step, "later"))
    mechanisms.put_in_force(new, by=coordinator)

    (one,) = kept.dues.filter(key="later")
    (other,) = kept.dues.filter(key__in=["care", "listen"])
    assert (one.named, one.own) == (another_coordinator, False)
    assert (one.reminded_at, one.told_at) == (told, told)
    assert (other.named, other.own) == (None, True)
    assert (other.reminded_at, other.told_at) == (None, None)


@pytest.mark.parametrize("to", ["coordinator", "another_coordinator"])
def test_of_a_step_for_which_nobody_was_named_those_at_work_on_the_case_hear(
    kept, mechanism, worker, coordinator, another_coordinator, to, request, mailoutbox
):
    office = next_version(mechanism, coordinator, of_the_office)
    mechanisms.put_in_force(office, by=coordinator)
    actions.name_person(kept, "register", coordinator, by=worker)
    actions.finish_step(kept, "register", by=coordinator)
    named = request.getfixturevalue(to)
    actions.name_person(kept, "listen", named, by=worker)
    for key, asked in (("care", worker), ("listen", named)):
        mailoutbox.clear()
        cache.clear()  # nobody is asked twice within a while
        assert ticking.send_reminder(kept.dues.get(key=key), timezone.now())
        assert {address for mail in mailoutbox for address in mail.to} == {asked.email}


def test_whoever_was_named_is_not_told_what_comes_then(kept, worker, coordinator):
    actions.name_person(kept, "register", coordinator, by=worker)
    browser = given.sign_in(coordinator)
    there = at("step", kept, "register")
    answer = browser.post(
        there,
        {"expected": kept.dues.get().course.length, **make_form_key()},
        follow=True,
    )
    assert not kept.dues.filter(key="register").exists()
    assert [str(message) for message in answer.context["messages"]] == ["Done"]


def test_an_authority_decides_and_the_people_of_the_case_read_why(
    kept, worker, coordinator, authority
):
    actions.name_person(kept, "register", coordinator, by=worker)
    actions.finish_step(kept, "register", by=coordinator)
    go(kept, ("care", worker, {}), ("listen", worker, {"children": 0}))
    actions.record_message(kept, "ready_to_decide", by=worker)
    actions.name_person(kept, "grounds", authority, by=worker)
    said: dict[str, Any] = {"ground": "signs", "said": "canary: what she told"}
    fact = actions.finish_step(
        kept, "grounds", data={"grounds": "yes"}, by=authority, **said
    )
    kept.refresh_from_db()
    assert sealed.open_words(kept, by=worker)[fact.number]["words"] == said["said"]
    assert sealed.open_words(kept, by=authority) == {}


def test_a_person_is_named_on_a_page(kept, worker, coordinator, supervisor):
    browser = given.sign_in(worker)
    there = at("person", kept, "register")
    assert there in text(browser.get(at("step", kept, "register")))
    page = text(browser.get(there))
    assert "Coordinator" in page
    assert given.sign_in(supervisor).get(there).status_code == 404
    held = coordinator.memberships.get()

    answer = browser.post(there, {"person": held.pk, **make_form_key()})

    assert answer.status_code == 302
    assert kept.dues.get().named == coordinator
    assert "Name someone else" in text(browser.get(at("step", kept, "register")))
