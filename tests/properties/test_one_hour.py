"""One administrator, one coordinator, one supervisor, each with a script for an hour.

The script sends, over and over, every request of the rooms of people and keys, with
every number that there is, filled in as a browser would. It may do all of that alone;
afterwards every case opens for its workers, and nobody has lost a key.
"""

import secrets
from collections.abc import Callable, Iterator
from datetime import timedelta

import pytest
from django.test import Client
from django.urls import reverse

from amana import given
from amana.trust.access.models import (
    Invitation,
    Membership,
    Organisation,
    Role,
    Suspension,
    Team,
    User,
)
from amana.trust.audit.models import AuditEvent
from amana.trust.vault import documents, keys, removal
from amana.trust.vault.compartments import Compartment as C
from amana.trust.vault.models import KeyRemoval, PersonKey, TeamWrap
from amana.trust.vault.removal_states import RemovalStatus
from amana.trust.vault.tests.conftest import later
from tests.architecture.test_urls import ALL
from tests.profiles import each_time

pytestmark = pytest.mark.django_db

__all__ = ["later"]

OF_ONESELF = {
    # with these a person ends their own session, or changes their own secret
    "vault:lock",
    "vault:change_passphrase",
    "vault:recovery_code",
    "vault:end_session",
    "vault:end_other_sessions",
    "access:account",
}
HOUR = timedelta(hours=1)


def requests(hostile: User) -> Iterator[str]:
    """Every address of these rooms, with every number of what there is, but the end of
    one's own place: the hour would end with it."""
    own = {place.pk for place in hostile.memberships.all()}
    numbers = numbers_in_use()
    for name, _view, parameters in ALL:
        if not name.startswith(("vault:", "access:")) or name in OF_ONESELF:
            continue
        if not parameters:
            yield reverse(name)
            continue
        for number in numbers:
            if name != "vault:end" or number not in own:
                yield reverse(name, args=[number])


def numbers_in_use() -> list[int]:
    """Not all up to the highest: PostgreSQL counts on from where other tests ended."""
    models = (User, Team, Organisation, Membership, KeyRemoval, Suspension)
    used = [model._default_manager.values_list("pk", flat=True) for model in models]
    return sorted({number for numbers in used for number in numbers})


@pytest.mark.parametrize(
    "role", [Role.ADMINISTRATOR, Role.COORDINATOR, Role.SUPERVISOR]
)
def test_an_hour_of_one_person_leaves_every_case_open(
    role: Role, later: Callable[[timedelta], None]
) -> None:
    team, office = given.make_team(), given.make_team()
    workers = [given.make_worker(of=team) for _three in range(3)]
    hostile = given.make_worker(
        of=team if role == Role.SUPERVISOR else office, role=role
    )
    for other in (Role.ADMINISTRATOR, Role.COORDINATOR, Role.COORDINATOR):
        given.make_worker(of=office, role=other)
    case = given.make_case_keys(of=team)
    restricted = given.make_case_keys(of=team)
    for sealed in (case, restricted):
        documents.write(sealed, C.IDENTITY, {"name": "Hope"}, by=workers[0])
    named = [*workers, hostile] if role == Role.SUPERVISOR else workers
    documents.share_case(restricted, by=workers[0], people=named, exclusively=True)
    held = keys_of_others(hostile)

    answers = 0
    rounds = each_time(2)
    for _round in range(rounds):
        browser = given.sign_in(given.unlock_user(hostile))
        for address in list(requests(hostile)):
            answer = sent(browser, address)
            if answer == 401 and User.objects.get(pk=hostile.pk).is_active:
                browser = given.sign_in(given.unlock_user(hostile))
                answer = sent(browser, address)
            answers += answer in (200, 302)
        removal.settle()
        later(HOUR / rounds)
    for place in hostile.memberships.all():
        browser = given.sign_in(given.unlock_user(hostile))
        sent(browser, reverse("vault:end", args=[place.pk]))

    assert answers > 0
    assert AuditEvent.objects.filter(actor=hostile.actor_id).count() > rounds
    assert KeyRemoval.objects.filter(proposed_by=hostile).exists()
    assert not KeyRemoval.objects.exclude(
        status__in=[RemovalStatus.PROPOSED, RemovalStatus.WITHDRAWN]
    ).exists()
    assert keys_of_others(hostile) >= held
    assert Suspension.objects.filter(by=hostile).count() <= 3
    for worker in workers:
        again = given.unlock_user(worker)
        for sealed in (case, restricted):
            found = documents.open_documents(
                sealed, [C.IDENTITY], by=again, purpose="test"
            )
            assert found, f"{role} alone has closed a case to its worker"
    assert not Invitation.objects.filter(user__in=workers).exists()
    assert all(keys.get_keyring(given.unlock_user(worker)).teams for worker in workers)


def keys_of_others(hostile: User) -> set[tuple[int, int]]:
    """Whose key exists, and of which team it holds the key (0: their own)."""
    own = PersonKey.objects.exclude(user=hostile).values_list("user", flat=True)
    wraps = TeamWrap.objects.exclude(person_key__user=hostile)
    of_teams = wraps.values_list("person_key__user", "team_key__team")
    return {(user, 0) for user in own} | set(of_teams)


def sent(browser: Client, address: str) -> int:
    """The status of the answer to a request with all that a form could ask for."""
    said = {
        "knowing": "on",
        "compared": "on",
        "name": "X",
        "email": f"{secrets.token_hex(4)}@example.org",
        "language": "en",
        "role": Role.CASE_WORKER,
        "kind": "ngo",
        "sphere": "humanitarian",
        "once": secrets.token_hex(16),
    }
    answer = browser.post(address, said)
    assert answer.status_code < 500, address
    status: int = answer.status_code
    return status
