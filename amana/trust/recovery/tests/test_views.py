"""The pages of a recovery key: set up, printed, checked, and used."""

import re
from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from amana import given
from amana.trust.access.models import Membership, Role
from amana.trust.recovery import custody, regaining
from amana.trust.recovery.models import FIRST_DRILL, Regaining, Share
from amana.trust.vault import admission, keys
from amana.trust.vault.models import RecoveryKey
from tests.worlds import kept

pytestmark = pytest.mark.django_db

NEW = "five grey herons at noon"
CODE = re.compile(r"(?:[0-9A-Z]{4}-){13}[0-9A-Z]{3}")


@kept
def team(db):
    return given.make_team()


@kept
def amira(team):
    return given.make_worker(of=team, name="Amira")


@kept
def basma(team, amira):
    return given.make_worker(of=team, role=Role.SUPERVISOR, name="Basma")


@kept
def keepers(db):
    return [given.make_worker(role=Role.FOCAL_POINT) for _each in range(5)]


@kept
def coordinator(db):
    return given.make_worker(role=Role.COORDINATOR)


@kept
def officer(db):
    return given.make_worker(role=Role.DATA_PROTECTION_OFFICER)


@kept
def recovery(team, amira, basma, keepers):
    made = custody.propose(team, keepers, by=amira)
    custody.confirm(made, by=basma)
    return RecoveryKey.objects.get(pk=made.pk)


@pytest.fixture
def lost(recovery, amira, basma, coordinator):
    given.end_membership(amira.memberships.get(), by=basma)
    code = given.reset_keys(basma, by=coordinator)
    return admission.join(admission.find_invitation(code), passphrase=NEW)


def to(name, *args):
    return reverse(f"recovery:{name}", args=args)


def read(browser, *name):
    answer = browser.get(to(*name))
    assert answer.status_code == 200
    return answer.content.decode()


def share_of(user):
    return Share.objects.for_list().get(custodian=user)


def day_of(user):
    return given.sign_in(user).get("/today/").context["day"]


def tasks_of(user):
    return {task.url for task in day_of(user).tasks}


# --- setting up


def test_two_keyholders_choose_five_and_the_page_says_how_it_stands(
    team, amira, basma, keepers
):
    first, second = given.sign_in(amira), given.sign_in(basma)
    assert "No recovery key yet" in read(first, "team", team.pk)
    page = read(first, "choose", team.pk)
    assert all(keeper.name in page for keeper in keepers)
    said = {f"custodian_{n}": who.pk for n, who in enumerate(keepers, start=1)}

    wrong = first.post(to("choose", team.pk), said | {"custodian_5": keepers[0].pk})
    assert wrong.status_code == 422
    assert "five different organisations" in wrong.content.decode()
    first.post(to("choose", team.pk), said)
    [proposed] = RecoveryKey.objects.all()
    own = read(first, "team", team.pk)
    assert to("confirm_key", proposed.pk) not in own
    assert to("team", team.pk) in tasks_of(basma)
    assert to("confirm_key", proposed.pk) in read(second, "team", team.pk)
    second.post(to("confirm_key", proposed.pk))

    page = read(first, "team", team.pk)
    assert page.count("Not printed yet") == 5
    assert to("team", team.pk) not in tasks_of(basma)


def test_a_proposal_is_withdrawn(team, amira, basma, keepers):
    proposed = custody.propose(team, keepers, by=amira)

    given.sign_in(basma).post(to("withdraw_key", proposed.pk))

    assert "No recovery key yet" in read(given.sign_in(amira), "team", team.pk)


def test_too_few_organisations_is_said_before_anyone_chooses(team, amira):
    assert "Too few organisations" in read(given.sign_in(amira), "choose", team.pk)


# --- a share


def test_a_custodian_prints_the_share_and_checks_it_from_paper(
    recovery, keepers, amira, team
):
    browser, share = given.sign_in(keepers[0]), share_of(keepers[0])
    assert to("print_share", share.pk) in read(browser, "shares")
    assert not CODE.search(read(browser, "print_share", share.pk))

    shown = browser.post(to("print_share", share.pk))
    code = CODE.search(shown.content.decode())
    assert code
    assert "<svg" in shown.content.decode()
    assert "no-store" in shown.headers["Cache-Control"]

    empty = browser.post(to("drill", share.pk), {"code": ""})
    assert empty.status_code == 422
    assert "Leave this empty" not in empty.content.decode()
    wrong = browser.post(to("drill", share.pk), {"code": code[0][:-1]})
    assert wrong.status_code == 422
    assert "wrong or missing" in wrong.content.decode()
    right = browser.post(to("drill", share.pk), {"code": code[0].lower()})
    assert right.headers["Location"] == to("shares")
    page = read(given.sign_in(amira), "team", team.pk)
    assert page.count("Has the share") == 1


def test_what_is_overdue_stands_with_custodian_team_and_coordinator(
    recovery, keepers, amira, coordinator, team
):
    share = share_of(keepers[0])
    assert to("drill", share.pk) not in tasks_of(keepers[0])
    early = timezone.now() - FIRST_DRILL - timedelta(days=2)
    RecoveryKey.objects.update(confirmed_at=early)

    assert to("drill", share.pk) in tasks_of(keepers[0])
    assert "Overdue" in read(given.sign_in(keepers[0]), "shares")
    assert "in time" in read(given.sign_in(amira), "team", team.pk)
    assert "5 shares to be confirmed" in read(given.sign_in(coordinator), "overview")
    chores = {chore.url: chore.amount for chore in day_of(coordinator).housekeeping}
    assert chores[to("overview")] == "5"
    code = custody.print_share(share, by=keepers[0])
    custody.drill(share, typed=code, by=keepers[0])
    assert to("drill", share.pk) not in tasks_of(keepers[0])


def test_who_keeps_nothing_reads_so(db):
    assert "You don’t keep any shares" in read(
        given.sign_in(given.make_worker()), "shares"
    )


# --- regaining


def test_the_pages_lead_from_a_lost_key_to_a_new_one(
    lost, team, keepers, coordinator, officer, monkeypatch
):
    monkeypatch.setattr("amana.trust.vault.heartbeat.require_clock", lambda: None)
    office = given.sign_in(coordinator)
    assert "No one holds" in read(office, "overview")
    place = Membership.objects.get(user=lost, ended_at=None)
    assert to("propose", place.pk) in read(office, "team", team.pk)
    office.post(to("propose", place.pk))
    [made] = Regaining.objects.all()
    assert to("regaining", made.pk) in read(office, "team", team.pk)

    second, newcomer = given.sign_in(officer), given.sign_in(lost, passphrase=NEW)
    assert to("regaining", made.pk) in tasks_of(officer)
    page = read(second, "confirm", made.pk)
    groups = keys.compute_digits(lost.person_key, seen_by=officer)
    assert all(group in page for group in groups.split())
    own = read(newcomer, "regaining", made.pk)
    assert "compare them with your screen" in own
    assert all(f"<li>{group}</li>" in own for group in groups.split())
    for other in (office, second):
        assert "fingerprint" not in read(other, "regaining", made.pk)
    second.post(to("confirm", made.pk), {"compared": "on", "compared_key": groups})
    assert "compare them" not in read(newcomer, "regaining", made.pk)
    assert "call the people named above" in read(
        given.sign_in(keepers[0]), "regaining", made.pk
    )

    early = timezone.now() - timedelta(seconds=1)
    Regaining.objects.update(effective_at=early)
    for keeper in keepers[:3]:
        browser = given.sign_in(keeper)
        assert to("regaining", made.pk) in tasks_of(keeper)
        assert to("regaining", made.pk) in read(browser, "shares")
        assert to("complete", made.pk) not in read(newcomer, "regaining", made.pk)
        assert "doubts" in read(browser, "release", made.pk)
        answer = browser.post(to("release", made.pk), {"code": ""})
        assert answer.status_code == 302
        assert to("regaining", made.pk) not in tasks_of(keeper)
    assert to("complete", made.pk) in read(newcomer, "regaining", made.pk)

    answer = newcomer.post(to("complete", made.pk))
    assert answer.headers["Location"] == reverse("vault:renew", args=[team.pk])
    assert "destroy the papers" in read(newcomer, "regaining", made.pk)
    assert "No recovery key yet" in read(newcomer, "team", team.pk)


def test_it_is_withdrawn_on_its_page(lost, coordinator, officer, team):
    place = Membership.objects.get(user=lost, ended_at=None)
    made = regaining.propose(place, by=coordinator)

    given.sign_in(officer).post(to("stop", made.pk))

    assert "Withdrawn" in read(given.sign_in(coordinator), "regaining", made.pk)


def test_a_team_that_lost_its_key_without_a_recovery_key_reads_so(
    team, amira, coordinator
):
    given.reset_keys(amira, by=coordinator)

    page = read(given.sign_in(coordinator), "team", team.pk)
    assert "This team has no recovery key." in page


# --- everybody else


def test_a_stranger_finds_nothing(lost, team, keepers, coordinator):
    place = Membership.objects.get(user=lost, ended_at=None)
    made = regaining.propose(place, by=coordinator)
    share, key = share_of(keepers[0]), made.recovery_key_id
    stranger = given.sign_in(given.make_worker())
    for name, pk in (
        *[(name, team.pk) for name in ("team", "choose")],
        *[(name, share.pk) for name in ("print_share", "drill")],
        *[(name, made.pk) for name in ("regaining", "confirm", "release")],
    ):
        assert stranger.get(to(name, pk)).status_code == 404, name
    for name, pk in (
        *[(name, key) for name in ("confirm_key", "withdraw_key")],
        *[(name, made.pk) for name in ("complete", "stop")],
        ("propose", place.pk),
    ):
        assert stranger.post(to(name, pk)).status_code == 404, name
    assert stranger.get(to("overview")).status_code == 404


def test_lists_ask_as_often_for_many_as_for_one(recovery, coordinator, keepers):
    def queries(user, name):
        browser = given.sign_in(user)
        browser.get(to(name))
        with CaptureQueriesContext(
            connection,
        ) as asked:
            read(browser, name)
        return len(asked)

    few = queries(coordinator, "overview"), queries(keepers[0], "shares")
    for _each in range(5):
        team = given.make_team()
        one, other = given.make_worker(of=team), given.make_worker(of=team)
        custody.confirm(custody.propose(team, keepers, by=one), by=other)

    assert (queries(coordinator, "overview"), queries(keepers[0], "shares")) == few
