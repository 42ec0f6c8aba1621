"""A rule says the same for the list and for the one."""

import pytest
from django.utils import timezone

from amana import given
from amana.trust.access import actions, rules
from amana.trust.access.models import (
    Device,
    Membership,
    Organisation,
    Role,
    Session,
    Suspension,
    Team,
    User,
)
from amana.trust.vault import removal
from amana.trust.vault import rules as removal_rules
from amana.trust.vault.models import KeyRemoval
from amana.trust.vault.rules import confirm_membership
from tests.worlds import kept

pytestmark = pytest.mark.django_db

RULES = [
    (rules.administer, Organisation),
    (rules.administer, Team),
    (rules.administer, Membership),
    (rules.admit_organisation, Organisation),
    (rules.see_organisation, Organisation),
    (rules.belong_to_organisation, Organisation),
    (rules.see_team, Team),
    (rules.supervise_team, Team),
    (rules.propose_colleague, Team),
    (rules.see_membership, Membership),
    (rules.end_membership, Membership),
    (rules.take_back_proposal, Membership),
    (rules.vouch_for, User),
    (rules.invite_again, User),
    (rules.manage_own_session, Session),
    (rules.manage_own_device, Device),
    (confirm_membership, Membership),
    (rules.suspend_person, User),
    (rules.lift_suspension, Suspension),
    (rules.see_suspension, Suspension),
    (removal_rules.answer_for_person, KeyRemoval),
    (removal_rules.confirm_removal, KeyRemoval),
    (removal_rules.see_removal, KeyRemoval),
    (removal_rules.stop_removal, KeyRemoval),
    (removal_rules.allow_fewer_keyholders, KeyRemoval),
]


def test_every_rule_is_looked_at():
    written = {var.name for var in vars(rules).values() if isinstance(var, rules.Rule)}
    looked_at = {rule.name for rule, _model in RULES}
    parts = {part.name for rule, _model in RULES for part in rule.parts}
    assert written - looked_at - parts == set()


@kept
def cast(db):
    team = given.make_team()
    worker = given.make_worker(of=team)
    supervisor = given.make_worker(of=team, role=Role.SUPERVISOR)
    admin = given.make_worker(role=Role.ADMINISTRATOR)
    coordinator = given.make_worker(role=Role.COORDINATOR)
    stranger = given.make_worker()
    nobody = given.make_user()
    gone = given.make_worker(of=team, is_active=False)
    given.make_organisation(admitted_at=None, proposed_by=admin)
    given.sign_in(worker)
    for proposer in (supervisor, admin):
        newcomer = given.make_user(is_active=False)
        Membership.objects.create(
            user=newcomer, team=team, role=Role.CASE_WORKER, proposed_by=proposer
        )
    actions.suspend(given.make_worker(of=team), by=supervisor)
    removal.propose_start_again(worker, by=supervisor)
    return {
        "worker": worker,
        "supervisor": supervisor,
        "admin": admin,
        "coordinator": coordinator,
        "stranger": stranger,
        "nobody": nobody,
        "gone": gone,
    }


@pytest.mark.parametrize(
    ("rule", "model"), RULES, ids=[f"{r.name}-{m.__name__}" for r, m in RULES]
)
def test_what_is_listed_is_permitted_and_nothing_else(cast, rule, model):
    for user in cast.values():
        among = set(rule.among(model.objects.all(), user))
        permitted = {
            thing for thing in model.objects.all() if rule.permits(user, thing)
        }
        assert among == permitted
        assert len(rule.among(model.objects.all(), user)) == len(among)


def test_who_has_left_or_belongs_nowhere_sees_nothing(cast):
    for name in ("nobody", "gone"):
        user = cast[name]
        assert not rules.see_team.among(Team.objects.all(), user)
        assert not rules.see_organisation.among(Organisation.objects.all(), user)
        assert not confirm_membership.among(Membership.objects.all(), user)


def test_administrators_see_every_team_and_others_their_own(cast):
    assert (
        rules.see_team.among(Team.objects.all(), cast["admin"]).count()
        == Team.objects.count()
    )
    assert rules.see_team.among(Team.objects.all(), cast["worker"]).count() == 1


def test_a_keyholder_confirms_what_another_proposed(cast):
    waiting = Membership.objects.waiting()
    assert confirm_membership.among(waiting, cast["worker"]).count() == 2
    assert confirm_membership.among(waiting, cast["supervisor"]).count() == 1
    assert confirm_membership.among(waiting, cast["coordinator"]).count() == 0
    assert confirm_membership.among(waiting, cast["stranger"]).count() == 0


def test_a_rule_tells_which_part_lets_someone_in(cast):
    team = cast["worker"].memberships.get().team

    assert rules.see_team.explain(cast["worker"], team) == ["belong_to_team"]
    assert rules.see_team.explain(cast["admin"], team) == ["administer"]
    assert rules.see_team.explain(cast["stranger"], team) == []


def test_a_team_uses_amana_while_somebody_there_can_answer():
    empty = given.make_team()
    reads_nothing = given.make_worker(role=Role.ANALYST)
    worker = given.make_worker(role=Role.FOCAL_POINT)
    its = worker.memberships.get()

    assert not rules.can_answer_in_amana(empty)
    assert not rules.can_answer_in_amana(reads_nothing.memberships.get().team_id)
    assert rules.can_answer_in_amana(its.team)
    assert rules.can_answer_in_amana(its.team_id)
    its.ended_at = timezone.now()
    its.save()
    assert not rules.can_answer_in_amana(its.team)
