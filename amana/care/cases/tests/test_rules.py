"""Each rule says the same of one thing and of the list, for everybody."""

import pytest

from amana import given
from amana.care.cases import actions, rules
from amana.care.cases.models import Assignment, Case, EmergencyContact, Transfer
from amana.trust.access.models import Role, Sphere, Team, User
from amana.trust.vault.compartments import Compartment as C
from tests.worlds import kept

ROLES = list(Role)


@kept
def cast(
    team, worker, colleague, supervisor, screener, stranger, coordinator
) -> list[User]:
    """Everybody: each role in the team, a leaver, and people of other spheres."""
    others = [given.make_worker(of=team, role=role) for role in ROLES]
    spheres = [
        given.make_worker(of=given.make_team(of=given.make_organisation(sphere=sphere)))
        for sphere in Sphere
    ]
    leaver = given.make_worker(of=team)
    leaver.memberships.update(ended_at="2026-01-01T00:00Z")
    disabled = given.make_worker(of=team, is_active=False)
    return [
        worker,
        colleague,
        supervisor,
        screener,
        stranger,
        coordinator,
        leaver,
        disabled,
        *others,
        *spheres,
    ]


@kept
def cases(worker, colleague, supervisor, stranger, team) -> list[Case]:
    plain, led, kept, theirs = (
        given.make_case(worked_on_by=worker),
        given.make_case(worked_on_by=colleague),
        given.make_case(worked_on_by=worker),
        given.make_case(worked_on_by=stranger),
    )
    actions.assign(led, worker, by=colleague)
    actions.restrict(kept, people=[worker], by=worker)
    border = given.make_case(
        worked_on_by=given.make_worker(
            of=given.make_team(of=given.make_organisation(sphere=Sphere.BORDER))
        )
    )
    return [plain, led, kept, theirs, border]


OF_CASES = [
    rules.work_on_case,
    rules.lead_case,
    rules.supervise_case,
    rules.watch_case,
    rules.see_case,
    rules.manage_case,
]


@pytest.mark.parametrize("rule", OF_CASES, ids=lambda rule: rule.name)
def test_a_case_is_permitted_exactly_where_it_is_listed(rule, cast, cases):
    for someone in cast:
        listed = set(rule.among(Case.objects.all(), someone))
        for case in cases:
            assert rule.permits(someone, case) == (case in listed), someone.role_names


@pytest.mark.parametrize("rule", OF_CASES, ids=lambda rule: rule.name)
def test_a_case_is_listed_once(rule, cast, cases, worker, team):
    given.join_team(worker, team, role=Role.SUPERVISOR)
    for someone in cast:
        listed = list(rule.among(Case.objects.all(), someone))
        assert len(listed) == len(set(listed))


def test_only_assignment_or_supervision_shows_a_case(cast, cases, worker, supervisor):
    plain, led, kept, _theirs, _border = cases
    seen = {
        someone.pk: set(rules.see_case.among(Case.objects.all(), someone))
        for someone in cast
    }
    assert {plain, led, kept} <= seen[worker.pk]
    assert {plain, led} <= seen[supervisor.pk]
    assert kept not in seen[supervisor.pk]
    for someone in cast:
        if {Role.SUPERVISOR} & someone.roles or someone.pk == worker.pk:
            continue
        assert plain not in seen[someone.pk], someone.role_names


def test_border_and_police_see_what_they_wrote_themselves_and_nothing_else(db):
    for sphere in (Sphere.BORDER, Sphere.LAW_ENFORCEMENT):
        officer = given.make_worker(
            of=given.make_team(of=given.make_organisation(sphere=sphere))
        )
        own = given.make_case(worked_on_by=officer)
        given.make_case()
        assert list(rules.see_case.among(Case.objects.all(), officer)) == [own]


def test_an_administrator_sees_nothing(cases, administrator):
    for rule in OF_CASES:
        assert not rule.among(Case.objects.all(), administrator).exists()
    for case in cases:
        assert rules.list_readable_parts(administrator, case) == frozenset()
        assert rules.list_writable_parts(administrator, case) == frozenset()


def test_a_leaver_sees_nothing_of_what_they_led(worker, case):
    worker.memberships.update(ended_at="2026-01-01T00:00Z")
    assert not rules.see_case.permits(worker, case)
    assert rules.list_readable_parts(worker, case) == frozenset()


def test_somebody_who_may_not_sign_in_any_more_sees_nothing(worker, case):
    User.objects.filter(pk=worker.pk).update(is_active=False)
    assert not rules.see_case.permits(worker, case)
    assert rules.list_readable_parts(worker, case) == frozenset()


def test_an_ended_assignment_shows_nothing(case, worker, colleague):
    Assignment.objects.update(ended_at="2026-01-01T00:00Z")
    assert not rules.see_case.permits(worker, case)


def test_each_role_opens_its_parts(case, worker, supervisor, screener, clinician):
    actions.assign(case, screener, by=worker)
    first = {C.IDENTITY, C.CONTACT, C.NEEDS}
    assert rules.list_readable_parts(worker, case) == set(C) - {C.HEALTH}
    assert rules.list_readable_parts(screener, case) == first
    assert rules.list_readable_parts(supervisor, case) == first | {C.NARRATIVE}
    own = given.make_case(worked_on_by=clinician)
    assert rules.list_readable_parts(clinician, own) == set(C)
    assert rules.list_readable_parts(clinician, case) == frozenset()


def test_health_is_added_to_by_whoever_works_on_the_case(case, worker, supervisor):
    assert C.HEALTH in rules.list_writable_parts(worker, case)
    assert C.HEALTH not in rules.list_writable_parts(supervisor, case)


def test_teams_to_open_in_are_those_whose_key_one_holds(cast):
    for someone in cast:
        listed = set(rules.open_cases_in.among(Team.objects.all(), someone))
        for team in Team.objects.all():
            assert rules.open_cases_in.permits(someone, team) == (team in listed)


def test_an_offer_is_answered_by_those_who_answer_for_the_team(
    cast, case, worker, team
):
    other = given.make_team(of=team.organisation)
    taker = given.make_worker(of=other)
    screens = given.make_worker(of=other, role=Role.SCREENER)
    transfer = actions.offer_transfer(case, to=other, by=worker)
    for someone in [*cast, taker, screens]:
        listed = rules.answer_transfer.among(Transfer.objects.all(), someone)
        permitted = rules.answer_transfer.permits(someone, transfer)
        assert permitted == (transfer in listed) == (someone.pk == taker.pk)


def test_the_emergency_lines_are_kept_by_coordinators_and_administrators(cast, db):
    contact = EmergencyContact.objects.create(name="A", number="1")
    for someone in cast:
        keeps = bool(rules.KEEPERS & someone.roles) and someone.is_active
        assert rules.keep_emergency_contacts.permits(someone, contact) == keeps


def test_a_rule_says_which_part_of_it_let_someone_in(case, worker, supervisor):
    assert rules.see_case.explain(worker, case) == ["work_on_case"]
    assert rules.see_case.explain(supervisor, case) == ["supervise_case"]
