"""When a keyholder leaves: a new epoch, which nothing that they could keep opens (P03,
P29)."""

from datetime import timedelta

import pytest
from django.http import HttpResponse
from django.urls import reverse
from django.utils import timezone

from amana import given
from amana.errors import Refused
from amana.trust.audit.models import AuditEvent
from amana.trust.vault import cards, disclosures, documents, epochs, keys, leaving
from amana.trust.vault.altered import Tampered
from amana.trust.vault.compartments import Compartment as C
from amana.trust.vault.crypto import KeyPair, Unopenable
from amana.trust.vault.keys import Locked
from amana.trust.vault.leaving import team_resealing
from amana.trust.vault.models import (
    CompartmentKey,
    CompartmentWrap,
    Disclosure,
    DisclosureWrap,
    PersonKey,
    SearchCard,
    TeamKey,
    TeamWrap,
    generate_uuid7,
)
from tests.worlds import kept

pytestmark = pytest.mark.django_db


@kept
def partner():
    return given.make_worker()


@kept
def disclosure(team, stayer, partner, cases):
    made = disclosures.make_disclosure(
        {"identity.name": "Hope 0"},
        consent=generate_uuid7(),
        case=cases[0],
        sender=team,
        recipient=partner.memberships.get().team,
        purpose="referral",
        expires_at=timezone.now() + timedelta(days=1),
        by=stayer,
    )
    disclosures.write_letter(made, "note", {"text": "at eight"}, by=stayer)
    return made


def leaves(user):
    user.memberships.update(ended_at=timezone.now())


def name_in(case, by):
    opened = documents.open_documents(case, [C.IDENTITY], by=by, purpose="test")
    return opened[C.IDENTITY, "record"].content["name"] if opened else None


def finish(epoch, by, limit=epochs.STEP):
    steps = 0
    while not leaving.rewrap_some(epoch, by=by, limit=limit).is_complete:
        steps += 1
        assert steps < 1000
    return steps


def test_a_leaver_loses_the_team_at_once_and_work_goes_on(team, stayer, leaver, cases):
    leaves(leaver)
    epochs.begin_epoch(team, by=stayer)

    assert keys.get_keyring(given.unlock_user(leaver)).teams == {}
    assert name_in(cases[0], given.unlock_user(leaver)) is None
    assert name_in(cases[0], given.unlock_user(stayer)) == "Hope 0"
    assert len(list(cards.open_cards(by=stayer))) == 3


def test_everything_is_sealed_anew_and_the_old_key_destroyed(
    team, stayer, leaver, partner, cases, disclosure
):
    leaves(leaver)
    epoch = epochs.begin_epoch(team, by=stayer)
    assert epochs.refresh_progress(epoch).total == 3 * len(C) + 3 + 1

    finish(epoch, stayer)

    for model in (CompartmentWrap, DisclosureWrap, SearchCard):
        assert not model.objects.filter(team_key__retired_at__isnull=False).exists()
    assert not TeamWrap.objects.filter(team_key__retired_at__isnull=False).exists()
    fresh = given.unlock_user(stayer)
    assert [name_in(case, fresh) for case in cases] == ["Hope 0", "Hope 1", "Hope 2"]
    assert sorted(card["name"] for _case, card in cards.open_cards(by=fresh)) == [
        "Hope 0",
        "Hope 1",
        "Hope 2",
    ]
    current = Disclosure.objects.get()
    for reader in (fresh, given.unlock_user(partner)):
        assert disclosures.open_disclosure(current, by=reader, purpose="test")
        assert disclosures.open_letters(current, by=reader, purpose="test")


def test_work_that_is_interrupted_goes_on_where_it_was(
    team, stayer, leaver, cases, disclosure
):
    leaves(leaver)
    epoch = epochs.begin_epoch(team, by=stayer)

    seen = [leaving.rewrap_some(epoch, by=stayer, limit=5) for _step in range(3)]
    assert [progress.done for progress in seen] == [5, 10, 15]
    assert not seen[-1].is_complete
    assert finish(epoch, given.unlock_user(stayer), limit=5) >= 1
    assert leaving.rewrap_some(epoch, by=stayer).is_complete  # once more does no harm


def test_what_is_written_meanwhile_lies_under_the_new_key(team, stayer, leaver, cases):
    kept = documents.open_compartment_keys(cases[0], C, by=leaver)
    leaves(leaver)
    epoch = epochs.begin_epoch(team, by=stayer)

    documents.write(cases[0], C.IDENTITY, {"name": "Esi"}, by=stayer, replacing=1)
    new_case = given.make_case_keys(of=team)

    for wraps in (
        CompartmentWrap.objects.filter(key__case=cases[0], key__compartment=C.IDENTITY),
        CompartmentWrap.objects.filter(key__case=new_case),
    ):
        assert {wrap.team_key_id for wrap in wraps} == {epoch.pk}
    now = documents.open_compartment_keys(cases[0], C, by=stayer)
    assert now[C.IDENTITY][1] != kept[C.IDENTITY][1]
    assert now[C.HEALTH][1] == kept[C.HEALTH][1]  # nothing new there yet


def test_a_letter_by_the_partner_is_not_for_our_leaver_either(
    team, stayer, leaver, partner, disclosure
):
    kept = disclosures.open_held_secret(disclosure, by=leaver)
    leaves(leaver)
    epochs.begin_epoch(team, by=stayer)

    disclosures.write_letter(disclosure, "answer", {"text": "come"}, by=partner)

    current = Disclosure.objects.get()
    with pytest.raises(Unopenable):
        disclosures.read(current, kept)
    letters = disclosures.open_letters(current, by=stayer, purpose="test")
    assert [content["text"] for _letter, content in letters] == ["at eight", "come"]


def test_a_newcomer_reads_what_is_still_under_the_old_key(team, stayer, leaver, cases):
    leaves(leaver)
    epoch = epochs.begin_epoch(team, by=stayer)
    given.set_founder(team, by=stayer)
    newcomer = given.make_worker(of=team)

    assert name_in(cases[2], newcomer) == "Hope 2"
    finish(epoch, newcomer)
    assert name_in(cases[2], given.unlock_user(newcomer)) == "Hope 2"


def test_two_leavers_in_a_row_end_in_one_last_epoch(team, stayer, leaver, cases):
    second = given.make_worker(of=team)
    leaves(leaver)
    first_epoch = epochs.begin_epoch(team, by=stayer)
    leaving.rewrap_some(first_epoch, by=stayer, limit=7)
    leaves(second)
    last = epochs.begin_epoch(team, by=stayer)

    first_epoch.refresh_from_db()
    with pytest.raises(Refused, match="newer key"):
        leaving.rewrap_some(first_epoch, by=stayer)
    finish(last, stayer)

    assert {w.team_key_id for w in CompartmentWrap.objects.all()} == {last.pk}
    assert [name_in(case, stayer) for case in cases] == ["Hope 0", "Hope 1", "Hope 2"]


def test_many_cases_are_moved_in_a_constant_number_of_queries(
    team, stayer, leaver, cases, django_assert_max_num_queries
):
    leaves(leaver)
    epoch = epochs.begin_epoch(team, by=stayer)

    # With those of the rooms above, and a savepoint for each kind of record.
    with django_assert_max_num_queries(67):
        leaving.rewrap_some(epoch, by=stayer, limit=100)


def test_what_a_colleague_has_just_moved_is_moved_and_counted_once(
    team, stayer, leaver, cases, monkeypatch
):
    leaves(leaver)
    epoch = epochs.begin_epoch(team, by=stayer)
    find_some = team_resealing._find_some

    def find_and_be_overtaken(*rest):
        found = find_some(*rest)
        monkeypatch.undo()
        leaving.rewrap_some(epoch, by=stayer, limit=3)
        return found

    monkeypatch.setattr(team_resealing, "_find_some", find_and_be_overtaken)
    progress = leaving.rewrap_some(epoch, by=stayer, limit=3)

    assert progress.done == 3
    assert name_in(cases[0], stayer) == "Hope 0"


def test_no_page_waits_for_what_is_moved_after_it(team, stayer, leaver, monkeypatch):
    case = given.make_case(worked_on_by=stayer)
    leaves(leaver)
    epoch = epochs.begin_epoch(team, by=stayer)
    browser = given.sign_in(stayer)

    with monkeypatch.context() as sending:
        sending.setattr(HttpResponse, "close", lambda response: None)
        page = browser.get(reverse("cases:case", args=[case.pk]))

    assert epochs.refresh_progress(epoch).done == 0
    # Not `close`, which would end the connection of the test too.
    for act in vars(page)["_resource_closers"]:
        act()
    assert epochs.refresh_progress(epoch).done


def test_only_someone_who_holds_the_key_and_has_stayed_can_renew_it(
    team, stayer, leaver
):
    with pytest.raises(Locked):
        epochs.begin_epoch(team, by=given.make_worker())
    leaves(leaver)
    with pytest.raises(Refused, match="has left"):
        epochs.begin_epoch(team, by=leaver)
    epoch = epochs.begin_epoch(team, by=stayer)
    with pytest.raises(Locked):
        leaving.rewrap_some(epoch, by=given.make_worker())


def test_someone_closed_out_does_not_get_the_next_key(team, stayer, leaver):
    type(leaver).objects.filter(pk=leaver.pk).update(is_active=False)
    epochs.begin_epoch(team, by=stayer)

    assert not TeamWrap.objects.filter(person_key__user=leaver).exists()


def test_the_next_key_is_not_sealed_to_an_exchanged_public_key(team, stayer, leaver):
    """Whoever can write in the database gets no key of a team by the next epoch."""
    PersonKey.objects.filter(user=leaver).update(public=KeyPair.new().public)

    with pytest.raises(Tampered, match="has been replaced"):
        epochs.begin_epoch(team, by=stayer)
    assert TeamKey.objects.get().retired_at is None


def test_beginning_and_settling_are_written_down(team, stayer, leaver, cases):
    leaves(leaver)
    epoch = epochs.begin_epoch(team, by=stayer)
    assert list(leaving.find_unsettled(stayer)) == [epoch]
    finish(epoch, stayer)

    did = AuditEvent.objects.order_by("pk").values_list("did", flat=True)
    assert [act for act in did if "epoch" in act] == [
        "began key epoch",
        "settled key epoch",
    ]
    assert not leaving.find_unsettled(stayer).exists()


# --- someone who held a case in person


def test_what_someone_held_in_person_is_sealed_anew_by_the_next_writer(
    team, stayer, leaver, cases
):
    documents.share_case(cases[0], by=stayer, people=[stayer, leaver], exclusively=True)
    kept = documents.open_compartment_keys(cases[0], C, by=leaver)

    leaving.take_person_key(leaver)
    documents.write(cases[0], C.IDENTITY, {"name": "Esi"}, by=stayer, replacing=1)

    now = documents.open_compartment_keys(cases[0], C, by=stayer)
    assert now[C.IDENTITY][1] != kept[C.IDENTITY][1]
    exposed = CompartmentKey.objects.exclude(exposed_at=None)
    assert {key.compartment for key in exposed} == set(C) - {C.IDENTITY}
    assert name_in(cases[0], stayer) == "Esi"


def test_it_is_said_how_many_cases_would_be_closed_for_ever(
    team, stayer, leaver, cases
):
    documents.share_case(cases[0], by=leaver, people=[leaver], exclusively=True)
    documents.share_case(cases[1], by=stayer, people=[stayer, leaver], exclusively=True)

    assert leaving.count_held_alone(leaver) == 1
    assert leaving.count_held_alone(stayer) == 0


def test_a_person_who_starts_again_cannot_read_what_their_old_key_read(
    team, stayer, leaver, cases
):
    leaving.take_person_key(leaver)
    keys.set_keyring(
        keys.make_person_key(leaver, passphrase=given.PASSPHRASE), to=leaver
    )

    assert name_in(cases[0], given.unlock_user(leaver)) is None
