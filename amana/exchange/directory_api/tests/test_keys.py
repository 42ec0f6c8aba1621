"""A key is made by two people, ended by one, and opens nothing in between."""

from datetime import timedelta

import pytest
import time_machine
from django.db import IntegrityError, transaction
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from amana import given
from amana.errors import Changed, Refused
from amana.exchange.directory_api import actions
from amana.exchange.directory_api.models import ApiKey
from amana.exchange.directory_api.rules import confirm_key, revoke_key, see_keys
from amana.trust.access.models import Role
from amana.trust.access.rules import Denied
from amana.trust.audit.models import AuditEvent
from amana.ui.once import make_form_key


def in_days(days: int):
    return timezone.localdate() + timedelta(days=days)


@pytest.fixture
def proposed(coordinator, team):
    return actions.propose(
        team.organisation, name="Portal", ends_on=in_days(30), by=coordinator
    )


def opens(ask, secret: str) -> bool:
    answer = ask("services", key=secret)
    assert answer.status_code in (200, 401)
    return bool(answer.status_code == 200)


def events() -> list[str]:
    found = AuditEvent.objects.filter(did__contains="API key").order_by("pk")
    return list(found.values_list("did", flat=True))


def test_a_key_opens_once_a_second_person_has_confirmed_it(
    ask, proposed, administrator, directory
):
    key, secret = proposed
    assert not opens(ask, secret)
    actions.confirm(key, by=administrator)
    assert opens(ask, secret)
    actions.revoke(key, by=administrator)
    assert not opens(ask, secret)
    assert events() == [
        "proposed API key",
        "confirmed API key",
        "used API key",
        "revoked API key",
    ]


def test_only_the_hash_of_a_key_is_stored(proposed):
    key, secret = proposed
    stored = ApiKey.objects.values().get()
    assert secret not in str(stored)
    assert stored["hash"] == actions.hash_key(secret)
    assert secret.startswith(key.start)
    assert len(secret) > len(key.start) + 32
    assert secret not in str(list(AuditEvent.objects.values()))


def test_the_second_is_of_another_team(proposed, coordinator, administrator, team):
    key, _secret = proposed
    colleague = given.make_worker(
        of=coordinator.memberships.get().team, role=Role.ADMINISTRATOR
    )
    for person in (coordinator, colleague):
        assert not confirm_key.permits(person, key)
        with pytest.raises(Denied):
            actions.confirm(key, by=person)
    assert confirm_key.permits(administrator, key)


def test_the_database_too_wants_two_people(proposed, coordinator):
    key, _secret = proposed
    with pytest.raises(IntegrityError), transaction.atomic():
        ApiKey.objects.filter(pk=key.pk).update(
            confirmed_by=coordinator, confirmed_at=timezone.now()
        )


@pytest.mark.parametrize(
    "role", [Role.CASE_WORKER, Role.FOCAL_POINT, Role.SUPERVISOR, Role.ANALYST]
)
def test_others_have_no_say_over_keys(proposed, role, team):
    key, _secret = proposed
    person = given.make_worker(role=role)
    for rule in (see_keys, confirm_key, revoke_key):
        assert not rule.permits(person, key)
    with pytest.raises(Denied):
        actions.propose(team.organisation, name="x", ends_on=in_days(1), by=person)
    for act in (actions.confirm, actions.revoke):
        with pytest.raises(Denied):
            act(key, by=person)


@pytest.mark.parametrize("days", [-1, 367])
def test_a_key_is_valid_for_a_year_at_most(days, team, coordinator):
    with pytest.raises(Refused, match="at most one year"):
        actions.propose(
            team.organisation, name="x", ends_on=in_days(days), by=coordinator
        )
    assert not ApiKey.objects.exists()


def test_a_key_is_for_an_organisation_that_was_admitted(coordinator):
    stranger = given.make_team().organisation
    stranger.admitted_at = None
    with pytest.raises(Refused, match="not been admitted"):
        actions.propose(stranger, name="x", ends_on=in_days(1), by=coordinator)


def test_what_is_decided_is_decided_once(proposed, administrator):
    key, _secret = proposed
    actions.confirm(key, by=administrator)
    stale = ApiKey.objects.get()
    actions.revoke(key, by=administrator)
    with pytest.raises((Changed, Denied)):
        actions.revoke(stale, by=administrator)
    with pytest.raises((Changed, Denied)):
        actions.confirm(stale, by=administrator)


def test_a_key_ends_on_its_day(ask, secret, directory):
    assert opens(ask, secret)
    with time_machine.travel(timezone.now() + timedelta(days=31)):
        assert not opens(ask, secret)


def test_use_is_recorded_once_a_day(ask, secret, directory):
    for _time in range(3):
        assert opens(ask, secret)
    assert events().count("used API key") == 1
    assert ApiKey.objects.get().used_on == timezone.localdate()
    with time_machine.travel(timezone.now() + timedelta(days=1)):
        assert opens(ask, secret)
    assert events().count("used API key") == 2


def test_the_same_day_is_written_by_one_of_two(secret):
    key, other = ApiKey.objects.get(), ApiKey.objects.get()
    actions.record_use(key)
    actions.record_use(other)
    assert events().count("used API key") == 1


@pytest.mark.parametrize(
    "header",
    ["Bearer", "Bearer ", "Bearer wrong", "Basic eDp5", "amana_x", "", "bearer \xe9"],
)
def test_a_wrong_key_is_told_and_is_not_let_in_as_anyone(client, directory, header):
    answer = client.get("/api/hsds/v3/services", headers={"Authorization": header})
    assert answer.status_code == 401
    assert answer.headers["WWW-Authenticate"].startswith("Bearer")
    assert "not valid" in answer.json()["detail"]


# --- the pages


@pytest.fixture
def desk(coordinator) -> Client:
    return given.sign_in(coordinator)


def test_two_people_make_a_key_on_its_pages(ask, desk, administrator, team, directory):
    said = {
        "name": "Portal of the ministry",
        "organisation": team.organisation_id,
        "ends_on": in_days(90).isoformat(),
    }
    page = desk.post(reverse("directory_api:new"), said | make_form_key())
    secret = page.context["secret"]
    assert page.status_code == 200
    assert secret in page.content.decode()
    assert page.headers["Cache-Control"] == "no-store"
    key = ApiKey.objects.get()

    mine = desk.get(reverse("directory_api:keys")).content.decode()
    assert "Waiting for a second person" in mine
    assert secret not in mine
    confirm = reverse("directory_api:confirm", args=[key.pk])
    assert confirm not in mine
    assert desk.post(confirm, make_form_key()).status_code == 404

    other = given.sign_in(administrator)
    assert confirm in other.get(reverse("directory_api:keys")).content.decode()
    assert other.post(confirm, make_form_key()).status_code == 302
    assert opens(ask, secret)

    revoke = reverse("directory_api:revoke", args=[key.pk])
    assert desk.post(revoke, make_form_key()).status_code == 302
    assert "Revoked by" in desk.get(reverse("directory_api:keys")).content.decode()
    assert not opens(ask, secret)


def test_the_same_form_twice_is_one_key_and_shows_it_once(desk, team):
    said = {"name": "P", "organisation": team.organisation_id}
    said |= {"ends_on": in_days(1).isoformat()} | make_form_key()
    first = desk.post(reverse("directory_api:new"), said)
    again = desk.post(reverse("directory_api:new"), said)
    assert first.status_code == 200
    assert again.status_code == 302
    assert ApiKey.objects.count() == 1


def test_a_form_says_what_is_wrong(desk, team):
    said = {"name": "", "organisation": "", "ends_on": in_days(400).isoformat()}
    page = desk.post(reverse("directory_api:new"), said | make_form_key())
    assert page.status_code == 422
    assert "within one year" in page.content.decode()
    assert not ApiKey.objects.exists()


def test_a_stranger_finds_no_page_of_keys(proposed, keeper):
    key, _secret = proposed
    stranger = given.sign_in(keeper)
    assert stranger.get(reverse("directory_api:keys")).status_code == 404
    assert stranger.get(reverse("directory_api:new")).status_code == 404
    for act in ("confirm", "revoke"):
        address = reverse(f"directory_api:{act}", args=[key.pk])
        assert stranger.post(address, make_form_key()).status_code == 404
    assert AuditEvent.objects.filter(did="was turned away").count() == 4


def test_the_list_costs_the_same_for_one_key_and_thirty(
    desk, coordinator, team, django_assert_max_num_queries
):
    for number in range(30):
        actions.propose(
            team.organisation, name=f"P{number}", ends_on=in_days(9), by=coordinator
        )
    with django_assert_max_num_queries(20):
        page = desk.get(reverse("directory_api:keys"))
    assert page.content.decode().count("Waiting for a second person") == 30
