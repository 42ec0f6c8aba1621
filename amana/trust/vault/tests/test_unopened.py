"""After a leaver, records are sealed anew while colleagues work, whatever page is open;
what can't be is set aside and told, and loses nothing that still opens (ADR 72)."""

from datetime import timedelta
from types import SimpleNamespace

import pytest
import time_machine
from django.db import OperationalError
from django.urls import reverse
from django.utils import timezone

from amana import given
from amana.trust.access.models import Role
from amana.trust.alarms.models import AlteredRecord
from amana.trust.audit.models import AuditEvent
from amana.trust.vault import (
    altered,
    cards,
    disclosures,
    documents,
    epochs,
    keys,
    leaving,
)
from amana.trust.vault.altered import Alteration, Tampered
from amana.trust.vault.compartments import Compartment as C
from amana.trust.vault.leaving import team_resealing
from amana.trust.vault.models import (
    CompartmentKey,
    CompartmentWrap,
    Disclosure,
    Document,
    SearchCard,
    TeamKey,
    TeamWrap,
    UnopenedRecord,
    generate_uuid7,
)
from tests.patching import replace_everywhere
from tests.worlds import kept

pytestmark = pytest.mark.django_db


@kept
def disclosure(team, stayer, cases):
    return disclosures.make_disclosure(
        {"identity.name": "Hope 0"},
        consent=generate_uuid7(),
        case=cases[0],
        sender=team,
        recipient=given.make_worker().memberships.get().team,
        purpose="referral",
        expires_at=timezone.now() + timedelta(days=90),
        by=stayer,
    )


def begin(team, leaver, by):
    leaver.memberships.update(ended_at=timezone.now())
    return epochs.begin_epoch(team, by=by)


def finish(epoch, by, limit=7):
    """As many steps as it takes; not one more."""
    for _step in range(40):
        found = leaving.rewrap_some(epoch, by=by, limit=limit)
        if found.is_complete or found.kept_until:
            return found
    raise AssertionError("it is tried for ever")


def damage(row, column="sealed"):
    blob = bytearray(bytes(getattr(row, column)))
    blob[-1] ^= 1
    type(row).objects.filter(pk=row.pk).update(**{column: bytes(blob)})


def earlier_wraps():
    return TeamWrap.objects.filter(team_key__retired_at__isnull=False)


def name_in(case, by):
    fresh = given.unlock_user(by)
    opened = documents.open_documents(case, [C.IDENTITY], by=fresh, purpose="test")
    return opened[C.IDENTITY, "record"].content["name"]


class TestSetAside:
    def test_a_card_that_does_not_open_holds_up_no_other(
        self, team, stayer, leaver, cases, disclosure
    ):
        epoch = begin(team, leaver, stayer)
        broken = SearchCard.objects.get(case=cases[1])
        damage(broken)

        with altered.collect_alterations() as told:
            finish(epoch, stayer)

        assert [error.what for error in told.stopped] == [Alteration.CONTENT]
        assert told.stopped[0].case == cases[1]
        assert UnopenedRecord.objects.get().row == str(broken.pk)
        left = SearchCard.objects.get(team_key__retired_at__isnull=False)
        assert left == broken
        assert epochs.count_set_aside(epoch) == 1
        assert [name_in(case, stayer) for case in cases] == [
            "Hope 0",
            "Hope 1",
            "Hope 2",
        ]

    def test_the_old_key_is_kept_for_it_thirty_days_and_then_destroyed(
        self, team, stayer, leaver, cases
    ):
        epoch = begin(team, leaver, stayer)
        damage(SearchCard.objects.get(case=cases[1]))
        finish(epoch, stayer)

        assert earlier_wraps().count() == 1  # of who has stayed
        assert leaving.destroy_lapsed() == 0
        with time_machine.travel(timezone.now() + timedelta(days=31), tick=False):
            assert leaving.destroy_lapsed() == 1

        assert not earlier_wraps().exists()
        assert not UnopenedRecord.objects.exists()
        assert not leaving.find_unsettled(stayer).exists()
        did = AuditEvent.objects.values_list("did", flat=True)
        assert "settled key epoch" in did
        assert "set record aside" in did
        again = epochs.begin_epoch(team, by=given.unlock_user(stayer))
        finish(again, given.unlock_user(stayer))  # nor does it hold up the next key
        assert epochs.refresh_progress(again).is_complete

    def test_the_next_leaver_leaves_behind_nothing_that_was_put_right(
        self, team, stayer, leaver, cases
    ):
        """Within the thirty days: the key that opens it would else be destroyed."""
        epoch = begin(team, leaver, stayer)
        card = SearchCard.objects.get(case=cases[1])
        before = bytes(card.sealed)
        damage(card)
        finish(epoch, stayer)
        SearchCard.objects.filter(pk=card.pk).update(sealed=before)

        next_leaver = given.make_worker(of=team)
        again = begin(team, next_leaver, given.unlock_user(stayer))
        fresh = given.unlock_user(stayer)
        ring = keys.get_keyring(fresh)
        assert ring.teams
        assert ring.behind  # it goes on by itself
        finish(again, fresh)

        assert SearchCard.objects.get(case=cases[1]).team_key == again
        assert not UnopenedRecord.objects.exists()

    def test_a_record_put_back_from_a_backup_is_tried_again(
        self, team, stayer, leaver, cases
    ):
        epoch = begin(team, leaver, stayer)
        card = SearchCard.objects.get(case=cases[1])
        before = bytes(card.sealed)
        damage(card)
        finish(epoch, stayer)

        SearchCard.objects.filter(pk=card.pk).update(sealed=before)
        leaving.try_again(epoch, by=stayer)
        assert finish(epoch, given.unlock_user(stayer)).is_complete

        assert not earlier_wraps().exists()
        found = {
            card["name"]
            for _case, card in cards.open_cards(by=given.unlock_user(stayer))
        }
        assert found == {"Hope 0", "Hope 1", "Hope 2"}

    def test_a_mistake_of_the_program_never_costs_the_old_key(
        self, team, stayer, leaver, cases, monkeypatch
    ):
        epoch = begin(team, leaver, stayer)

        def fail(*rest, **more):
            raise ZeroDivisionError

        monkeypatch.setattr(cards, "renew_cards", fail)
        finish(epoch, stayer)
        assert set(UnopenedRecord.objects.values_list("error", flat=True)) == {
            "ZeroDivisionError"
        }
        with time_machine.travel(timezone.now() + timedelta(days=400), tick=False):
            assert leaving.destroy_lapsed() == 0
        assert earlier_wraps().exists()

    def test_the_database_away_sets_nothing_aside(
        self, team, stayer, leaver, cases, monkeypatch
    ):
        epoch = begin(team, leaver, stayer)

        def away(*rest, **more):
            raise OperationalError("gone")

        replace_everywhere(monkeypatch, documents, "renew", away)
        with pytest.raises(OperationalError):
            leaving.rewrap_some(epoch, by=stayer)
        assert not UnopenedRecord.objects.exists()


class TestCarried:
    """What opens in part, or is not held as signed, goes along with its own key."""

    def test_a_damaged_document_costs_none_of_the_others(
        self, team, stayer, leaver, cases
    ):
        documents.write(
            cases[0], C.IDENTITY, {"words": "still here"}, by=stayer, name="note"
        )
        epoch = begin(team, leaver, stayer)
        row = Document.objects.get(key__case=cases[0], name="record")
        damage(row)

        with altered.collect_alterations() as told:
            assert finish(epoch, stayer).is_complete

        assert {error.case for error in told.stopped} == {cases[0]}
        assert not earlier_wraps().exists()
        assert not UnopenedRecord.objects.exists()
        fresh = given.unlock_user(stayer)
        found = documents.open_documents(
            cases[0], [C.IDENTITY], by=fresh, purpose="test", names=["note"]
        )
        assert found[C.IDENTITY, "note"].content == {"words": "still here"}
        key = CompartmentKey.objects.get(case=cases[0], compartment=C.IDENTITY)
        assert key.exposed_at  # the next writer seals it anew

    def test_a_damaged_disclosure_goes_along(
        self, team, stayer, leaver, cases, disclosure
    ):
        epoch = begin(team, leaver, stayer)
        before = bytes(Disclosure.objects.get().sealed)
        damage(Disclosure.objects.get())

        assert finish(epoch, stayer).is_complete

        assert not earlier_wraps().exists()
        Disclosure.objects.update(sealed=before)  # it is put back from a backup
        fresh = given.unlock_user(stayer)
        found = disclosures.open_disclosure(
            Disclosure.objects.get(), by=fresh, purpose="test"
        )
        assert found == {"identity.name": "Hope 0"}

    def test_who_was_put_among_the_holders_gains_nothing(
        self, team, stayer, leaver, cases
    ):
        intruder = given.make_worker()
        epoch = begin(team, leaver, stayer)
        key = CompartmentKey.objects.get(case=cases[0], compartment=C.IDENTITY)
        theirs = TeamKey.objects.get(team=intruder.memberships.get().team)
        CompartmentWrap.objects.create(key=key, team_key=theirs, sealed=b"x" * 80)

        with altered.collect_alterations() as told:
            assert finish(epoch, stayer).is_complete

        assert {error.what for error in told.stopped} == {Alteration.HOLDERS}
        held = CompartmentWrap.objects.filter(key=key)
        assert {wrap.team_key_id for wrap in held} == {epoch.pk, theirs.pk}
        assert bytes(held.get(team_key=theirs).sealed) == b"x" * 80

    def test_a_wrap_that_does_not_open_is_set_aside(self, team, stayer, leaver, cases):
        epoch = begin(team, leaver, stayer)
        damage(CompartmentWrap.objects.filter(key__case=cases[0]).first())

        assert finish(epoch, stayer).kept_until

        assert UnopenedRecord.objects.get().kind == "vault.CompartmentWrap"
        with pytest.raises(Tampered):
            documents.open_documents(
                cases[0], by=given.unlock_user(stayer), purpose="test"
            )


class TestByItself:
    def test_killed_in_the_middle_of_a_step_it_goes_on_where_it_was(
        self, team, stayer, leaver, cases, monkeypatch
    ):
        epoch = begin(team, leaver, stayer)
        leaving.rewrap_some(epoch, by=stayer, limit=5)
        right = cards.renew_cards

        def killed(*rest, **more):
            right(*rest, **more)
            raise SystemExit

        monkeypatch.setattr(cards, "renew_cards", killed)
        with pytest.raises(SystemExit):
            leaving.rewrap_some(epoch, by=stayer)
        monkeypatch.setattr(cards, "renew_cards", right)
        assert epochs.refresh_progress(epoch).done == 5

        assert finish(epoch, given.unlock_user(stayer)).is_complete
        assert [name_in(case, stayer) for case in cases] == [
            "Hope 0",
            "Hope 1",
            "Hope 2",
        ]

    def test_it_goes_on_after_any_page_that_read_ones_keys(
        self, team, stayer, leaver, monkeypatch
    ):
        replace_everywhere(monkeypatch, leaving, "TRICKLE", 4)
        monkeypatch.setattr(team_resealing, "RESTS", 0)
        case = given.make_case(worked_on_by=stayer)
        epoch = begin(team, leaver, stayer)
        browser = given.sign_in(stayer)
        task = "Records still under the old key"
        assert task in browser.get(reverse("home:today")).content.decode()

        steps = 0
        while not epochs.refresh_progress(epoch).is_complete:
            page = browser.get(reverse("cases:case", args=[case.pk]))
            assert page.status_code == 200
            steps += 1
            assert steps < 20

        assert steps > 1
        assert not earlier_wraps().exists()
        assert task not in browser.get(reverse("home:today")).content.decode()

    def test_it_rests_for_the_pages_of_others(self, team, stayer, leaver, monkeypatch):
        replace_everywhere(monkeypatch, leaving, "TRICKLE", 4)
        case = given.make_case(worked_on_by=stayer)
        epoch = begin(team, leaver, stayer)
        page, browser = reverse("cases:case", args=[case.pk]), given.sign_in(stayer)

        def ask_at(*seconds: float) -> int:
            """Ask for the page; resealing begins and ends at these seconds."""
            clock = SimpleNamespace(monotonic=iter(seconds).__next__)
            monkeypatch.setattr(team_resealing, "time", clock)
            browser.get(page)
            return epochs.refresh_progress(epoch).done

        moved = ask_at(100, 101)
        rested = 101 + team_resealing.RESTS

        assert moved
        assert ask_at(rested - 0.1) == moved
        assert team_resealing._rests_until == rested
        with team_resealing._turn:  # another page of this process is at it
            assert ask_at() == moved
        assert ask_at(rested, rested) > moved

    def test_no_page_fails_by_it(self, team, stayer, leaver, monkeypatch):
        case = given.make_case(worked_on_by=stayer)
        begin(team, leaver, stayer)

        def away(*rest, **more):
            raise OperationalError("database is locked")

        replace_everywhere(monkeypatch, leaving, "rewrap_some", away)
        browser = given.sign_in(stayer)
        page = browser.get(reverse("cases:case", args=[case.pk]))
        assert page.status_code == 200

    def test_what_was_set_aside_is_told_once_and_shown(
        self, team, stayer, leaver, mailoutbox, monkeypatch
    ):
        monkeypatch.setattr(team_resealing, "RESTS", 0)
        officer = given.make_worker(role=Role.DATA_PROTECTION_OFFICER)
        case = given.make_case(worked_on_by=stayer)
        epoch = begin(team, leaver, stayer)
        damage(SearchCard.objects.get(case=case.pk))
        browser = given.sign_in(stayer)
        address = reverse("vault:renew", args=[team.pk])
        for _page in range(8):
            browser.get(reverse("cases:case", args=[case.pk]))
        assert epochs.refresh_progress(epoch).kept_until
        record = AlteredRecord.objects.get()
        assert (record.what, record.case) == (Alteration.CONTENT, case.pk)
        assert officer in record.told.all()

        page = browser.get(address).content.decode()
        assert "1 record could not be sealed under the new key" in page
        assert "load delay" not in page
        today = browser.get(reverse("home:today")).content.decode()
        assert "could not be sealed under the new key" in today
        stranger = given.sign_in(given.make_worker())
        again = reverse("vault:renew_again", args=[team.pk])
        assert stranger.post(again).status_code == 404
        assert browser.post(again).headers["Location"] == address

    def test_pages_that_read_no_keys_ask_nothing_more(
        self, team, stayer, leaver, cases, django_assert_num_queries
    ):
        assert keys.get_keyring(given.unlock_user(stayer)).behind == frozenset()
        begin(team, leaver, stayer)
        ring = keys.get_keyring(given.unlock_user(stayer))
        assert ring.behind == frozenset()
        with django_assert_num_queries(1):
            assert ring.teams
            assert ring.behind == {team.pk}
