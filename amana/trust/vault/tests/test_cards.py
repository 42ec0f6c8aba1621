"""Search cards: found by who holds their key, and each look is written down (P03, P13,
P17)."""

import gc
import re
from functools import lru_cache

import pytest
from django.db import DatabaseError, connection
from django.db.models import Q

from amana import given
from amana.trust import name_matching
from amana.trust.access.models import User
from amana.trust.audit import log
from amana.trust.audit.models import AuditEvent, AuditMention
from amana.trust.vault import altered, cards, documents, keys
from amana.trust.vault.altered import Alteration, Tampered
from amana.trust.vault.crypto import KeyPair, Unopenable
from amana.trust.vault.models import PersonKey, SearchCard, generate_uuid7
from tests.worlds import kept

pytestmark = pytest.mark.django_db


@kept
def worker():
    return given.make_worker()


@kept
def team(worker):
    return worker.memberships.get().team


def put(worker, name, **more):
    case = generate_uuid7()
    card = {"name": name} | more
    cards.store_card(case, card, by=worker, team=worker.memberships.get().team)
    return case


def test_a_case_is_found_by_its_team_and_by_nobody_else(worker, team):
    case = put(worker, "Tesfaye Kidane")
    colleague = given.make_worker(of=team)
    stranger = given.make_worker()

    assert [
        hit.case for hit in cards.search_cards("ተስፋዬ", by=given.unlock_user(colleague))
    ] == [case]
    assert cards.search_cards("ተስፋዬ", by=stranger) == []
    assert dict(cards.open_cards(by=worker)) == {case: {"name": "Tesfaye Kidane"}}


def test_a_new_card_takes_the_place_of_the_one_before(worker, team):
    case = put(worker, "Hope")
    cards.store_card(case, {"name": "Esi"}, by=worker, team=team)

    assert dict(cards.open_cards(by=worker)) == {case: {"name": "Esi"}}


def test_a_card_for_named_people_is_not_for_their_team(worker, team):
    colleague, other = given.make_worker(of=team), given.make_worker(of=team)
    case = put(worker, "Hope")
    named = User.objects.filter(pk__in=[worker.pk, colleague.pk])
    cards.store_card(case, {"name": "Hope"}, by=worker, people=named)

    for reader in (worker, colleague):
        assert [hit.case for hit in cards.search_cards("hope", by=reader)] == [case]
    assert cards.search_cards("hope", by=other) == []


def test_a_card_can_be_sealed_for_a_team_from_outside(worker):
    taker = given.make_worker()
    case = generate_uuid7()
    cards.store_card(
        case, {"name": "Hope"}, by=worker, team=taker.memberships.get().team
    )

    assert [hit.case for hit in cards.search_cards("hope", by=taker)] == [case]
    assert cards.search_cards("hope", by=worker) == []


def test_nothing_on_a_card_lies_in_the_clear(worker):
    put(worker, "Canary", phone="0911223344")

    (card,) = SearchCard.objects.all()
    assert b"anary" not in bytes(card.sealed)
    assert b"223344" not in bytes(card.sealed)


def damage(case):
    """What a failing disk does, or someone who writes in the database."""
    card = SearchCard.objects.get(case=case)
    sealed = bytearray(card.sealed)
    sealed[-1] ^= 1
    SearchCard.objects.filter(pk=card.pk).update(sealed=bytes(sealed))


def test_a_card_moved_to_another_case_or_holder_does_not_open(worker):
    one, other = put(worker, "Hope"), put(worker, "Esi")
    sealed = SearchCard.objects.get(case=one).sealed
    SearchCard.objects.filter(case=other).update(sealed=sealed)

    with altered.collect_alterations() as found:
        assert dict(cards.open_cards(by=worker)) == {one: {"name": "Hope"}}
    assert found.aside == {other: Alteration.CARD}


LOOKS = {
    "opened": lambda by: [case for case, _card in cards.open_cards(by=by)],
    "find": lambda by: [hit.case for hit in cards.search_cards("hope", by=by)],
    "known_already": lambda by: [
        hit.case
        for hit in cards.find_likely_matches(
            {"name": "Hope", "phone": "0912345"}, by=by
        )
    ],
    "compared_unseen": lambda by: [
        hit.case
        for hit in cards.match_unseen(
            {"name": "Hope", "phone": "0912345"}, by=by, cases=Q()
        )
    ],
}


@pytest.mark.parametrize("look", sorted(LOOKS))
def test_one_damaged_card_keeps_nobody_from_the_others(worker, look):
    whole, damaged = (put(worker, "Hope", phone="0912345") for _card in range(2))
    damage(damaged)

    with altered.collect_alterations() as found:
        assert LOOKS[look](worker) == [whole]

    assert found.aside == {damaged: Alteration.CARD}
    assert not found.stopped


def test_a_damaged_card_is_not_sealed_anew(worker, team):
    damage(put(worker, "Hope"))

    with pytest.raises(Unopenable):
        cards.renew_cards(
            SearchCard.objects.all(), to=keys.get_current_key(team), by=worker
        )


@pytest.mark.alone
@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("look", sorted(LOOKS))
def test_nobody_who_writes_waits_while_cards_are_opened(look, monkeypatch):
    worker, free = given.make_worker(), []
    case = put(worker, "Hope", phone="0912345")
    as_it_is = cards._unsealed

    def unsealed(*args):
        free.append(not connection.in_atomic_block)
        yield from as_it_is(*args)
        free.append(not connection.in_atomic_block)

    monkeypatch.setattr(cards, "_unsealed", unsealed)

    assert LOOKS[look](worker) == [case]
    assert free == [True, True]


def test_a_search_is_in_the_access_list_of_each_case_that_it_showed(worker):
    shown, passed_over = put(worker, "Hope"), put(worker, "Esi")

    cards.search_cards("hope", by=worker)

    event = AuditEvent.objects.get(did="searched")
    assert event.actor == worker.actor_id
    assert list(log.find_events_about(shown)) == [event]
    assert list(log.find_events_about(passed_over)) == []


def test_a_list_of_cases_is_in_the_access_list_of_each(worker):
    cases = [put(worker, f"Hope {number}") for number in range(3)]

    found = dict(
        cards.open_cards(by=worker, cases=Q(case__in=cases[:2]), purpose="list")
    )

    assert found.keys() == set(cases[:2])
    assert set(AuditMention.objects.values_list("case", flat=True)) == set(cases[:2])


def test_without_a_log_row_nothing_is_found(worker, monkeypatch):
    put(worker, "Hope")

    def fails(*args, **details):
        raise DatabaseError("the log can't be written")

    monkeypatch.setattr(log, "record", fails)
    for look in (
        lambda: cards.search_cards("hope", by=worker),
        lambda: cards.find_likely_matches({"name": "Hope"}, by=worker),
        lambda: list(cards.open_cards(by=worker)),
    ):
        with pytest.raises(DatabaseError):
            look()


def test_somebody_known_already_is_shown_with_what_agrees(worker):
    case = put(worker, "يوسف عبدالله", birth_date="1998-03-07", phone="0615550101")
    put(worker, "Hope")

    (hit,) = cards.find_likely_matches(
        {"name": "Yusuf Abdullahi", "birth_date": "1998"}, by=worker
    )

    assert (hit.case, hit.agrees) == (case, ("name", "birth_date"))
    assert hit.card["phone"] == "0615550101"
    assert list(log.find_events_about(case).values_list("did", flat=True)) == [
        "looked whether known"
    ]


CACHE = type(lru_cache(len))
KEEPS = (CACHE, dict, list, tuple, set, frozenset)


def kept_words():
    """Every word in what these modules keep, and in each cache of the program."""
    left: list[object] = [vars(name_matching), vars(cards), vars(re)]
    left += [
        get_object for get_object in gc.get_objects() if isinstance(get_object, CACHE)
    ]
    met: set[int] = set()
    while left:
        for get_referent in gc.get_referents(left.pop()):
            if isinstance(get_referent, str):
                yield get_referent
            elif isinstance(get_referent, KEEPS) and id(get_referent) not in met:
                met.add(id(get_referent))
                left.append(get_referent)


SHE = {"name": "Quenby Zuhaylova", "phone": "0917364528", "birth_date": "1998"}
PARTS = ("quenb", "zuhayl", "7364528")
SEARCHES = LOOKS | {
    "find": lambda by: cards.search_cards("Zuhaylofa 7364528", by=by),
    "known_already": lambda by: cards.find_likely_matches(SHE, by=by),
    "compared_unseen": lambda by: cards.match_unseen(SHE, by=by, cases=Q()),
}


@pytest.mark.parametrize("search", sorted(SEARCHES))
def test_after_a_search_no_part_of_a_name_is_kept(worker, search):
    """Or it would stay in the server's memory after the keys are gone."""
    put(worker, **SHE)

    assert SEARCHES[search](worker)

    kept = " ".join(kept_words()).casefold()
    assert [part for part in PARTS if part in kept] == []


def test_nobody_is_merged_by_being_known(worker):
    put(worker, "Yusuf Abdullahi", birth_date="1998-03-07")
    before = list(SearchCard.objects.order_by("pk").values_list("pk", "sealed"))

    cards.find_likely_matches(
        {"name": "Yusuf Abdullahi", "birth_date": "1998"}, by=worker
    )

    after = list(SearchCard.objects.order_by("pk").values_list("pk", "sealed"))
    assert [pk for pk, _ in after] == [pk for pk, _ in before]


def test_searching_takes_as_many_queries_for_one_card_as_for_thirty(
    worker, django_assert_num_queries
):
    fresh = given.unlock_user(worker)
    _ = fresh.roles, keys.get_keyring(fresh).teams
    put(worker, "Hope")
    with django_assert_num_queries(5):  # savepoint, cards, event, mention, release
        assert len(cards.search_cards("hope", by=fresh)) == 1
    for number in range(30):
        put(worker, f"Hope {number}")
    with django_assert_num_queries(5):
        assert len(cards.search_cards("hope", by=fresh)) == 25


def test_no_card_goes_to_an_exchanged_key_of_a_colleague(worker, team):
    colleague = given.make_worker(of=team)
    case = given.make_case_keys(of=team)
    PersonKey.objects.filter(user=colleague).update(public=KeyPair.new().public)

    with pytest.raises(Tampered, match="has been replaced"):
        cards.store_card(
            case,
            {"name": "Hope"},
            by=worker,
            people=User.objects.filter(pk__in=[worker.pk, colleague.pk]),
        )
    assert not SearchCard.objects.exists()


def test_a_restricted_case_leaves_the_cards_of_its_team(worker, team):
    colleague = given.make_worker(of=team)
    case = given.make_case_keys(of=team)
    cards.store_card(case, {"name": "Hope"}, by=worker, team=team)
    documents.share_case(case, by=worker, people=[worker], exclusively=True)
    cards.store_card(
        case, {"name": "Hope"}, by=worker, people=User.objects.filter(pk=worker.pk)
    )

    assert cards.search_cards("hope", by=colleague) == []
