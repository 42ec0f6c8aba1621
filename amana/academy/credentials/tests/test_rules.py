import pytest

from amana.academy.credentials.models import Achievement, Attestation, Certificate
from amana.academy.credentials.rules import (
    coordinate_certificates,
    have_part_in_attestation,
    hold_certificate,
    oversee_attestation,
    oversee_certificate,
    see_attestation,
    see_certificate,
    sign_attestation,
    withdraw_attestation,
)
from amana.academy.credentials.tests.conftest import proposed
from tests.worlds import kept

OF_CERTIFICATES = {
    hold_certificate: {"learner"},
    oversee_certificate: {"coordinator"},
    see_certificate: {"learner", "coordinator"},
}
OF_ACHIEVEMENTS = {coordinate_certificates: {"coordinator"}}
OF_ATTESTATIONS = {
    have_part_in_attestation: {"coordinator", "learner"},
    oversee_attestation: {"coordinator"},
    see_attestation: {"coordinator", "learner", "trainer"},
    sign_attestation: {"trainer"},
    withdraw_attestation: {"coordinator"},
}


@kept
def cast(coordinator, learner, stranger, trainer):
    return {
        "coordinator": coordinator,
        "learner": learner,
        "stranger": stranger,
        "trainer": trainer,
    }


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


@pytest.mark.parametrize("rule", OF_ATTESTATIONS, ids=lambda rule: rule.name)
def test_a_rule_on_attestations_lets_in_exactly_those_it_names(
    rule, cast, achievement, learner, coordinator
):
    attestation = proposed(achievement, learner, coordinator)
    for name, user in cast.items():
        expected = name in OF_ATTESTATIONS[rule]
        among = rule.among(Attestation.objects.all(), user)
        assert rule.permits(user, attestation) == expected
        assert (attestation in among) == expected
