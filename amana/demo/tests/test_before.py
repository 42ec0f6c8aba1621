"""The year before the demo's cases, and what people said in it."""

from collections import Counter
from datetime import timedelta

from django.utils import timezone

from amana import given
from amana.demo import before, survey_answers
from amana.demo.clock import start_clock
from amana.demo.country import DemoCountry
from amana.insight.facts.kinds import KINDS
from amana.insight.facts.models import Observation
from amana.insight.feedback.models import Advice, Complaint, Slip
from amana.trust.access.models import Role
from tests.worlds import kept


@kept
def country(db):
    made = DemoCountry()
    names = {"National Coordination Office", before.READERS, before.BODY}
    names |= {complaint[0] for complaint in before.COMPLAINTS if complaint[0]}
    names |= {advised.to for advised in before.COUNCIL} | {*survey_answers.ABOUT}
    for name in sorted(names):
        team = made.teams[name] = given.make_team(of=given.make_organisation(name=name))
        roles = [Role.COORDINATOR, Role.ANALYST] if "National C" in name else []
        made.members[team.pk] = [
            (role, given.make_worker(of=team, role=role))
            for role in (*roles, Role.SUPERVISOR)
        ]
    return made


def test_a_year_of_complaints_and_advice_lies_behind_the_demo(country):
    today = timezone.now()
    with start_clock(today - timedelta(days=before.LENGTH)) as clock:
        before.run_year_before(country, clock)
        assert clock.now < today - timedelta(days=60)  # then the cases begin

    assert not Complaint.objects.open().exists()
    told = Counter(Observation.objects.filter(kind="complaint").values_list("result"))
    assert told["late",] == len(before.LATE)
    assert told["in_time",] > 13
    assert {advice.status for advice in Advice.objects.all()} == {*Advice.Status}
    assert [advice.to.name for advice in Advice.objects.all() if advice.is_late] == [
        "Border Guard"
    ]
    assert not Slip.objects.exists()
    kinds = {*Observation.objects.values_list("kind", flat=True)}
    assert {"advice", "money", "recommendation"} <= kinds


def test_enough_people_say_something_of_every_question(country):
    months = [timezone.localdate().replace(month=n, day=1) for n in range(1, 11)]
    said = Counter(
        (fact.kind, fact.topic, fact.result)
        for fact in survey_answers.draw_facts(months)
    )
    for kind in ("feedback", "outcome", "partner"):
        for topic in KINDS[kind].topics:
            assert said[kind, topic, "yes"] > 13, topic
    there = [
        fact for fact in survey_answers.draw_facts(months) if fact.kind == "feedback"
    ]
    yes = Counter(fact.agency for fact in there if fact.result == "yes")
    every = Counter(fact.agency for fact in there)
    worse = yes["harbour-house"] / every["harbour-house"]
    assert worse < yes["dar-amal"] / every["dar-amal"] - 0.1
