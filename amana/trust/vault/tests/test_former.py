"""A renewed key keeps the one before: older copies of the data open with keys of today,
and nobody comes from a key of yesterday to one of today (P09, P27)."""

import pytest

from amana import given
from amana.trust.access.models import Team, User
from amana.trust.vault import crypto, disclosures, documents, former, leaving
from amana.trust.vault.compartments import Compartment
from amana.trust.vault.crypto import Unopenable
from amana.trust.vault.models import (
    CompartmentKey,
    Disclosure,
    Document,
    FormerKey,
    SealedFile,
)

pytestmark = pytest.mark.django_db

C = Compartment


@pytest.fixture
def team(db: None) -> Team:
    return given.a_team()


@pytest.fixture
def worker(team: Team) -> User:
    return given.a_worker(of=team)


def renewed(team: Team, worker: User) -> None:
    """Twice: the chain is walked back, and not only one step."""
    for _time in range(2):
        new = leaving.begin_epoch(team, by=worker)
        while not leaving.rewrap_some(new, by=worker).is_complete:
            pass


def restored(old: Document | SealedFile | Disclosure, column: str) -> None:
    """As after putting an older archive of the data beside the keys of today."""
    rows = type(old)._default_manager.filter(pk=old.pk)
    assert getattr(rows.get(), column) != getattr(old, column)
    rows.update(**{column: getattr(old, column)})


def test_older_documents_and_files_open_with_the_keys_of_today(
    team: Team, worker: User
) -> None:
    case = given.a_case(worked_on_by=worker, identity_name="Hope")
    file = documents.seal_file(case.pk, C.EVIDENCE, b"A picture", by=worker)
    of_case = Document.objects.of_case(case.pk).filter(key__compartment=C.IDENTITY)
    old = of_case.get(superseded_at=None)
    renewed(team, worker)
    restored(old, "sealed")
    restored(file, "own_key")

    found = documents.opened(case.pk, [C.IDENTITY], by=worker, purpose="test")
    assert found[C.IDENTITY, "record"].content["name"] == "Hope"
    again = SealedFile.objects.get(pk=file.pk)
    assert documents.open_file(again, by=worker, purpose="test") == b"A picture"
    renewed(team, worker)  # and is then sealed anew with the rest
    key = CompartmentKey.objects.get(pk=old.key_id)
    secret = documents.secrets_of([key], by=worker)[key]
    now = Document.objects.get(pk=old.pk)
    at = documents._at(now)
    assert b"Hope" in crypto.unseal(secret, bytes(now.sealed), at=at)


def test_an_older_copy_of_what_was_shared_opens_too(team: Team, worker: User) -> None:
    case = given.a_case(worked_on_by=worker, identity_name="Hope")
    house = given.a_team()
    helper = given.a_worker(of=house)
    service = given.a_service(of=house)
    sent = given.a_referral(need=case.needs.get(), to=service, by=worker)
    old = Disclosure.objects.get(pk=sent.disclosure)
    renewed(team, worker)
    renewed(house, helper)
    restored(old, "sealed")

    shared = Disclosure.objects.get(pk=old.pk)
    for user in (worker, helper):
        secret = disclosures.secret_of(shared, by=user)
        assert disclosures.read(shared, secret)["identity.name"] == "Hope"


def test_it_leads_back_only(team: Team, worker: User) -> None:
    """Who left with a key, or stole it, opens nothing by the chain."""
    case = given.a_case(worked_on_by=worker)
    keys = CompartmentKey.objects.filter(case=case.pk)
    stolen = documents.secrets_of(list(keys), by=worker)
    renewed(team, worker)

    assert FormerKey.objects.filter(key__in=keys).count() == 2 * len(stolen)
    for key, secret in stolen.items():
        for row in FormerKey.objects.filter(key=key):
            with pytest.raises(Unopenable):
                crypto.unseal(secret, bytes(row.sealed), at=former._at(key))


def test_one_of_another_key_opens_nothing(team: Team, worker: User) -> None:
    """Moved in the database, a former key is none."""
    case = given.a_case(worked_on_by=worker)
    renewed(team, worker)
    mine, other = CompartmentKey.objects.filter(case=case.pk).order_by("pk")[:2]
    secret = documents.secrets_of([other], by=worker)[other]
    FormerKey.objects.filter(key=mine).update(key=other)
    with pytest.raises(Unopenable):
        former.unseal(other, secret, b"x" * 60, at=b"nowhere")


def test_what_is_erased_takes_all_of_its_keys_along(team: Team, worker: User) -> None:
    case = given.a_case(worked_on_by=worker)
    stays = given.a_case(worked_on_by=worker)
    renewed(team, worker)
    documents.shred(case.pk)

    left = FormerKey.objects.values_list("key__case", flat=True).distinct()
    assert list(left) == [stays.pk]


def test_what_is_withdrawn_takes_all_of_its_keys_along(
    team: Team, worker: User
) -> None:
    case = given.a_case(worked_on_by=worker)
    house = given.a_team()
    given.a_worker(of=house)
    sent = given.a_referral(
        need=case.needs.get(), to=given.a_service(of=house), by=worker
    )
    renewed(team, worker)
    of_it = FormerKey.objects.filter(disclosure=sent.disclosure)
    assert of_it.exists()
    disclosures.destroy(consent=Disclosure.objects.get(pk=sent.disclosure).consent)
    assert not of_it.exists()
