"""However people are placed, words are opened by the desk they are sealed to, and by
nobody who also works for the organisation that they are about."""

import pytest
from django.db import transaction
from hypothesis import HealthCheck, settings
from hypothesis import given as for_all
from hypothesis import strategies as st

from amana import given
from amana.insight.feedback import actions, rules
from amana.insight.feedback.models import (
    Complaint,
    ComplaintKind,
    Desk,
    DeskDuty,
    Voice,
)
from amana.insight.feedback.questions import SlipMoment
from amana.insight.feedback.tests.saying import mix, say
from amana.trust.access.models import KEYHOLDERS, Role
from tests.worlds import kept

ROLES = (Role.CASE_WORKER, Role.FOCAL_POINT, Role.ANALYST, Role.COORDINATOR)


@kept
def teams(db):
    """Three organisations, each with somebody who holds its key."""
    found = [given.make_team(of=given.make_organisation()) for _one in range(3)]
    for team in found:
        given.make_worker(of=team)
    return found


@kept
def people(db):
    return [given.make_user() for _one in range(3)]


@settings(max_examples=12, suppress_health_check=[HealthCheck.function_scoped_fixture])
@for_all(
    places=st.sets(
        st.tuples(st.integers(0, 2), st.integers(0, 2), st.sampled_from(ROLES)),
        min_size=1,
        max_size=5,
    ),
    reading=st.sets(st.integers(0, 2), min_size=1),
    about=st.integers(0, 2),
)
def test_only_an_independent_desk_opens_what_people_write(
    teams, people, coordinator, places, reading, about
):
    with transaction.atomic():
        for person, team, role in sorted(places):
            given.join_team(people[person], teams[team], role=role)
        for duty in DeskDuty:
            for team in sorted(reading):
                actions.appoint_team(teams[team], duty, by=coordinator)
        house = teams[about].organisation
        if reading != {about}:
            slips = actions.print_slips(house, SlipMoment.HELP, by=coordinator)
            say(slips[:1], "No lock.")
            mix()
            actions.take_complaint(ComplaintKind.OTHER, "No lock.", about=house)
        check(people, house)
        transaction.set_rollback(True)


def check(people, house):
    for person in people:
        mine = person.memberships.all()
        inside = mine.filter(team__organisation=house).exists()
        for voice in Voice.objects.all():
            assert voice.team_key
            desk = voice.team_key.team
            assert desk.organisation != house
            holds = mine.filter(team=desk, role__in=KEYHOLDERS).exists()
            may = holds and not inside
            assert rules.read_voice.permits(person, voice) == may
            opened = actions.open_voices([voice], by=person)
            assert list(opened.values()) == (["No lock."] if may else [])
        for complaint in Complaint.objects.all():
            assert complaint.body.organisation != house
            team = mine.filter(team=complaint.body, role__in=KEYHOLDERS)
            may = team.exists() and not inside
            assert rules.answer_complaint.permits(person, complaint) == may


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("appoint_desk", {"coordinator"}),
        ("see_themes", {"coordinator"}),
        ("publish_change", {"coordinator"}),
        ("keep_advice", {"coordinator"}),
        ("distribute_slips", {"coordinator", "worker"}),
    ],
)
def test_each_rule_says_the_same_of_one_and_of_many(
    worker, reader, coordinator, stranger, house, name, expected
):
    rule = getattr(rules, name)
    cast = {
        "worker": worker,
        "reader": reader,
        "coordinator": coordinator,
        "stranger": stranger,
    }
    rows = type(house).objects.all()
    assert {who for who, user in cast.items() if rule.permits(user, house)} == expected
    for user in cast.values():
        assert rule.permits(user, house) == (house in rule.among(rows, user))
    assert not Desk.objects.exists()
