"""Who may ask whom, and how often (P08)."""

from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from amana import given
from amana.care.cases.models import Case
from amana.care.known_elsewhere import actions
from amana.care.known_elsewhere.models import IdentityEnquiry
from amana.care.known_elsewhere.rules import (
    ask_elsewhere,
    be_asked,
    follow_question,
    hear_question,
    withdraw_question,
)
from amana.errors import Refused
from amana.trust.access.models import ANSWERING, KEYHOLDERS, Role, Sphere, Team, User
from amana.trust.access.rules import Denied
from amana.trust.audit.models import AuditEvent
from amana.ui.once import make_form_key

from .asking import HER, LIST, answers, asks, looks

pytestmark = pytest.mark.django_db


# --- who tries names


def test_nobody_asks_about_many(
    case: Case, house: Team, helper: User, worker: User
) -> None:
    for _time in range(actions.EACH_DAY):
        asks(case, given.make_worker().memberships.get().team, worker)
    with pytest.raises(Refused, match="asked too often in the last 24 hours"):
        asks(case, house, worker)
    url = reverse("known_elsewhere:ask", args=[case.pk])
    said = {"given_by": "person", "understood": "on"} | make_form_key()
    answer = given.sign_in(worker).post(f"{url}?asked={house.pk}&language=en", said)
    assert answer.status_code == 409
    assert AuditEvent.objects.filter(did="asked too often").count() == 1


def test_who_tries_again_and_again_waits(case: Case, house: Team, worker: User) -> None:
    url = f"{reverse('known_elsewhere:ask', args=[case.pk])}?asked={house.pk}"
    browser = given.sign_in(worker)
    answers = [
        browser.post(url, make_form_key()).content.decode() for _time in range(21)
    ]
    assert ["Too many attempts" in said for said in answers] == [False] * 20 + [True]


def test_the_same_team_is_asked_once(
    case: Case, house: Team, helper: User, worker: User
) -> None:
    asks(case, house, worker)
    with pytest.raises(Refused, match="already been asked"):
        asks(case, house, worker)


# --- who may


@pytest.mark.parametrize("sphere", [Sphere.LAW_ENFORCEMENT, Sphere.BORDER])
def test_police_and_border_never_ask_and_are_never_asked(
    case: Case, worker: User, sphere: Sphere
) -> None:
    office = given.make_team(of=given.make_organisation(sphere=sphere))
    officer = given.make_worker(of=office)
    assert not be_asked.permits(worker, office)
    with pytest.raises(Denied):
        asks(case, office, worker)
    theirs = given.make_case(worked_on_by=officer, **HER)
    assert not ask_elsewhere.permits(officer, theirs)


def test_nobody_asks_their_own_organisation(worker: User) -> None:
    sister = given.make_team(of=worker.memberships.get().team.organisation)
    given.make_worker(of=sister)
    assert not be_asked.permits(worker, sister)


@pytest.fixture
def cast(
    hit: IdentityEnquiry, worker: User, helper: User, house: Team, stranger: User
) -> dict[str, User]:
    people = {"worker": worker, "helper": helper, "stranger": stranger}
    ours = hit.case.team
    for role in Role:
        people[f"{role} who asks"] = given.make_worker(of=ours, role=role)
        people[f"{role} who is asked"] = given.make_worker(of=house, role=role)
    gone = given.make_worker(of=house)
    gone.is_active = False
    gone.save()
    return people | {"leaver": gone}


def allowed(rule: Any) -> set[str]:
    ours = {f"{role} who asks" for role in KEYHOLDERS} | {"worker"}
    return {
        "follow": {"worker", f"{Role.SUPERVISOR} who asks"},
        "withdraw": ours,
        "hear": {f"{role} who is asked" for role in ANSWERING} | {"helper"},
    }[rule]


@pytest.mark.parametrize(
    ("rule", "who"),
    [
        (follow_question, "follow"),
        (withdraw_question, "withdraw"),
        (hear_question, "hear"),
    ],
)
def test_a_rule_says_the_same_of_one_and_of_a_list(
    cast: dict[str, User], hit: IdentityEnquiry, rule: Any, who: str
) -> None:
    for name, user in cast.items():
        listed = hit in rule.among(IdentityEnquiry.objects.all(), user)
        assert rule.permits(user, hit) == listed, name
        assert listed == (name in allowed(who)), name


def test_strangers_find_nothing(
    hit: IdentityEnquiry, stranger: User, case: Case
) -> None:
    desk: Client = given.sign_in(stranger)
    for name, pk in (("withdraw", hit.pk), ("ask", case.pk)):
        url = reverse(f"known_elsewhere:{name}", args=[pk])
        assert desk.post(url, make_form_key()).status_code == 404, name
    assert answers(hit, stranger).status_code == 404
    assert desk.post(reverse(LIST), {"question": "1"}).status_code == 400
    screener = given.make_worker(role=Role.SCREENER)
    assert given.sign_in(screener).get(reverse(LIST)).status_code == 404
    assert looks(stranger)
