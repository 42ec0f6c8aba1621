"""Many people at once, on PostgreSQL: nothing sealed is lost between two keys."""

import threading
from datetime import timedelta

import pytest
from django.db import connection
from django.utils import timezone

from amana import given
from amana.errors import Changed
from amana.trust.vault import cards, disclosures, documents, epochs, keys, leaving
from amana.trust.vault.compartments import Compartment as C
from amana.trust.vault.models import Disclosure, Document, TeamKey, generate_uuid7

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture(autouse=True)
def _writers_at_once():
    if connection.vendor != "postgresql":
        pytest.skip("SQLite has one writer at any time")


def at_once(*works):
    """Do each in a thread of its own, with its own connection."""
    failed = []

    def alone(work):
        try:
            work()
        except Exception as error:
            failed.append(error)
        finally:
            connection.close()

    threads = [threading.Thread(target=alone, args=(work,)) for work in works]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(120)
    assert failed == []


def test_nothing_is_lost_when_people_write_while_all_is_sealed_anew():
    team = given.make_team()
    workers = [given.make_worker(of=team) for _number in range(4)]
    partner = given.make_worker()
    cases = [given.make_case_keys(of=team) for _number in range(3)]
    disclosure = disclosures.make_disclosure(
        {"identity.name": "Hope"},
        consent=generate_uuid7(),
        case=cases[0],
        sender=team,
        recipient=partner.memberships.get().team,
        purpose="referral",
        expires_at=timezone.now() + timedelta(days=1),
        by=workers[0],
    )
    written, letters = [], []

    def writes(worker):
        def work():
            me = given.unlock_user(worker)
            for number in range(25):
                keys.get_keyring(me).forget_teams()
                name = f"note/{worker.pk}/{number}"
                case = cases[number % 3]
                documents.write(case, C.NEEDS, {"words": name}, by=me, name=name)
                written.append(name)
                if number % 5 == 0:
                    cards.store_card(case, {"name": name}, by=me, team=team)
                    disclosures.write_letter(disclosure, "note", {"t": name}, by=me)
                    letters.append(name)

        return work

    def seals_anew():
        me = given.unlock_user(workers[3])
        for _epoch in range(4):
            epoch = epochs.begin_epoch(team, by=me)
            while not leaving.rewrap_some(epoch, by=me, limit=7).is_complete:
                pass

    def reads():
        me = given.unlock_user(workers[2])
        for number in range(40):
            keys.get_keyring(me).forget_teams()
            documents.open_documents(
                cases[number % 3], [C.NEEDS], by=me, purpose="test"
            )

    at_once(*map(writes, workers[:3]), seals_anew, reads)

    me = given.unlock_user(workers[0])
    found = {
        name
        for case in cases
        for (_c, name) in documents.open_documents(
            case, [C.NEEDS], by=me, purpose="test"
        )
    }
    assert found == set(written)
    assert len(found) == 75
    current = Disclosure.objects.get()
    read = disclosures.open_letters(current, by=me, purpose="test")
    assert {content["t"] for _letter, content in read} == set(letters)
    assert TeamKey.objects.filter(team=team).count() == 5
    assert len(list(cards.open_cards(by=me))) == 3


def test_of_two_who_write_the_same_one_is_told():
    team = given.make_team()
    workers = [given.make_worker(of=team) for _number in range(4)]
    case = given.make_case_keys(of=team)
    documents.write(case, C.NEEDS, {"words": "0"}, by=workers[0])
    won, told = [], []

    def corrects(worker):
        def work():
            me = given.unlock_user(worker)
            try:
                documents.write(case, C.NEEDS, {"w": me.pk}, by=me, replacing=1)
                won.append(me.pk)
            except Changed:
                told.append(me.pk)

        return work

    at_once(*map(corrects, workers))

    assert (len(won), len(told)) == (1, 3)
    opened = documents.open_documents(case, [C.NEEDS], by=workers[0], purpose="test")
    assert opened[C.NEEDS, "record"].content == {"w": won[0]}
    assert Document.objects.count() == 2


def test_two_who_seal_anew_at_once_share_the_work_and_count_it_once():
    team = given.make_team()
    workers = [given.make_worker(of=team) for _number in range(3)]
    cases = [given.make_case_keys(of=team) for _number in range(4)]
    for case in cases:
        documents.write(case, C.IDENTITY, {"name": "Hope"}, by=workers[0])
        cards.store_card(case, {"name": "Hope"}, by=workers[0], team=team)
    epoch = epochs.begin_epoch(team, by=given.unlock_user(workers[0]))
    total = epochs.refresh_progress(epoch).total

    def seals_anew(worker):
        def work():
            me, key = given.unlock_user(worker), TeamKey.objects.get(pk=epoch.pk)
            for _step in range(1000):
                if leaving.rewrap_some(key, by=me, limit=3).is_complete:
                    return

        return work

    at_once(*map(seals_anew, workers))

    epoch.refresh_from_db()
    assert epoch.settled_at
    assert epoch.moved == total
    me = given.unlock_user(workers[1])
    for case in cases:
        assert documents.open_documents(case, [C.IDENTITY], by=me, purpose="test")
