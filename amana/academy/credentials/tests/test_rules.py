import pytest
from django.db.models import Q

from amana.academy.credentials import rules
from amana.academy.credentials.models import Achievement, Certificate
from amana.academy.credentials.rules import (
    award_achievement,
    coordinate_certificates,
    hold_certificate,
    oversee_certificate,
    see_certificate,
)
from tests.worlds import kept

OF_CERTIFICATES = {
    hold_certificate: {"learner"},
    oversee_certificate: {"coordinator"},
    see_certificate: {"learner", "coordinator"},
}
OF_ACHIEVEMENTS = {
    award_achievement: {"coordinator"},
    coordinate_certificates: {"coordinator"},
}


@kept
def cast(coordinator, learner, stranger):
    return {"coordinator": coordinator, "learner": learner, "stranger": stranger}


@pytest.mark.parametrize("rule", OF_CERTIFICATES, ids=lambda rule: rule.name)
def test_a_rule_lets_in_exactly_those_it_names(rule, cast, certificate):
    for name, user in cast.items():
        expected = name in OF_CERTIFICATES[rule]
        among = rule.among(Certificate.objects.all(), user)
        assert rule.permits(user, certificate) == expected
        assert (certificate in among) == expected


@pytest.mark.parametrize("rule", OF_ACHIEVEMENTS, ids=lambda rule: rule.name)
def test_a_rule_lets_certify_exactly_those_it_names(rule, cast, achievement):
    for name, user in cast.items():
        expected = name in OF_ACHIEVEMENTS[rule]
        among = rule.among(Achievement.objects.all(), user)
        assert rule.permits(user, achievement) == expected
        assert (achievement in among) == expected


def test_a_room_above_says_who_else_certifies_what_it_knows(
    achievement, stranger, learner, certificate, monkeypatch
):
    def assessor(user):
        mine = user == stranger
        return Q(code="practitioner") if mine else Q(pk__in=[])

    monkeypatch.setattr(rules, "AWARDERS", [assessor])

    assert award_achievement.permits(stranger, achievement)
    assert oversee_certificate.permits(stranger, certificate)
    assert not award_achievement.permits(learner, achievement)
