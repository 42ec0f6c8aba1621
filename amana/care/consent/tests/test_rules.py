import inspect
import re
from collections.abc import Callable, Iterator

import pytest
from django.conf import settings
from django.db import models

from amana import given
from amana.care.cases.models import Assignment, Case
from amana.care.consent import actions
from amana.care.consent.models import Consent, Destruction
from amana.care.consent.rules import (
    confirm_destroyed,
    read_disclosure,
    see_consent,
    withdraw_consent,
    write_for_outsiders,
)
from amana.trust.access.models import ANSWERING, KEYHOLDERS, Role, Team, User
from amana.trust.access.rules import Rule
from amana.trust.vault import compartments, disclosures
from amana.trust.vault.models import Disclosure
from tests.worlds import kept

from .conftest import agrees


@kept
def cast(case: Case, shelter: Team, worker: User, stranger: User) -> dict[str, User]:
    """Everybody who might be let in, and those who must not be."""
    people = {"worker": worker, "stranger": stranger}
    for role in Role:
        people[f"{role} of the sender"] = given.make_worker(of=case.team, role=role)
        people[f"{role} of the recipient"] = given.make_worker(of=shelter, role=role)
    gone = given.make_worker(of=case.team)
    Assignment.objects.create(case=case, worker=gone)
    gone.is_active = False
    gone.save()
    return people | {"someone who left": gone}


@kept
def things(case: Case, shelter: Team, worker: User) -> dict[str, models.Model]:
    ended = agrees(case, to=shelter, by=worker)
    actions.disclose(ended, by=worker)
    actions.withdraw(ended, by=worker)
    live = agrees(case, to=shelter, by=worker)
    return {
        "consent": live,
        "disclosure": actions.disclose(live, by=worker),
        "destruction": Destruction.objects.get(),
    }


KEYHOLDING = sorted(str(role) for role in KEYHOLDERS)
RECIPIENTS = {f"{role} of the recipient" for role in ANSWERING}
SENDERS = {"worker", f"{Role.SUPERVISOR} of the sender"}

TEAM = {f"{role} of the sender" for role in KEYHOLDING}


@pytest.mark.parametrize(
    ("rule", "thing", "let_in"),
    [
        (see_consent, "consent", SENDERS),
        (withdraw_consent, "consent", TEAM | {"worker"}),
        (read_disclosure, "disclosure", RECIPIENTS),
        (confirm_destroyed, "destruction", RECIPIENTS),
    ],
)
def test_a_rule_says_the_same_of_one_thing_and_of_a_list(
    rule: Rule,
    thing: str,
    let_in: set[str],
    cast: dict[str, User],
    things: dict[str, models.Model],
    shelter_worker: User,
) -> None:
    cast["shelter worker"] = shelter_worker
    expected = let_in | ({"shelter worker"} if let_in is RECIPIENTS else set())
    one = things[thing]
    stored = type(one)._default_manager.all()

    for who, user in cast.items():
        listed = one in rule.among(stored, user)
        assert rule.permits(user, one) == listed, who
        assert listed == (who in expected), who


def test_for_a_team_without_amana_the_sender_writes_down_its_answer(
    case: Case, worker: User, stranger: User
) -> None:
    outside = given.make_team(email="clinic@example.org")
    consent = agrees(case, to=outside, by=worker)
    actions.disclose(consent, by=worker)
    actions.withdraw(consent, by=worker)
    destruction = Destruction.objects.get()

    assert write_for_outsiders.permits(worker, destruction)
    assert not confirm_destroyed.permits(stranger, destruction)
    actions.confirm_destruction(destruction, by=worker)

    assert destruction.confirmed_by == worker


# --- there is no way around consent

AROUND = re.compile(
    r"overr|force|bypass|skip|ignore|without|unsafe_|admin|emergency|super", re.I
)


def parameters() -> Iterator[str]:
    """Each name by which somebody could ask for an exception."""
    acts: list[Callable[..., object]] = [
        actions.give,
        actions.disclose,
        actions.withdraw,
        disclosures.make_disclosure,
        disclosures.is_allowed,
    ]
    for act in acts:
        yield from inspect.signature(act).parameters
    for model in (Consent, Destruction, Disclosure):
        yield from (field.name for field in model._meta.get_fields())


def test_no_parameter_column_or_setting_overrides_consent() -> None:
    names = [*parameters(), *(name for name in dir(settings) if "CONSENT" in name)]

    assert len(names) > 40
    assert [name for name in names if AROUND.search(name)] == []


def test_a_disclosure_takes_its_fields_from_the_consent_alone() -> None:
    """Nobody can hand it other fields, another recipient or a later end."""
    named = set(inspect.signature(actions.disclose).parameters)
    assert named == {"consent", "by"}


def test_the_ceiling_is_a_constant_of_the_code() -> None:
    source = inspect.getsource(compartments)

    assert "settings" not in source
    assert "environ" not in source
    assert all(
        isinstance(allowed, frozenset) for allowed in compartments.CEILING.values()
    )
