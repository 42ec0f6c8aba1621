"""Faults of sealed documents, shared copies, search cards and files in the clear."""

import logging
import tempfile
from contextlib import suppress
from pathlib import Path
from types import SimpleNamespace
from typing import Any

from .registry import believe_rows, fault, other, put

CLOSURE = "tests/properties/test_closure.py"
VAULT = "amana/trust/vault/tests"


@fault(CLOSURE)
def kept_disclosure() -> None:
    """What was shared stays in the database after consent was withdrawn."""
    from amana.trust.vault import disclosures

    put(disclosures, destroy=lambda *, consent: 1)


@fault(CLOSURE)
def no_ceiling() -> None:
    """Anything may flow to anyone: no firewall between the spheres."""
    from amana.trust.vault.compartments import CEILING, Compartment

    for sphere in CEILING:
        CEILING[sphere] = frozenset(Compartment)


@fault(f"{VAULT}/test_held_back.py::test_new_keys_of_either_team_keep_it_held_back")
def new_keys_let_out_what_is_held_back() -> None:
    """A team that renews its key opens what is held back from it."""
    from amana.trust.vault import disclosures

    right = disclosures.renew_keys

    def without_layer(secrets: Any, holders: Any = None) -> Any:
        for disclosure in secrets:
            disclosure.held_back = False
        return right(secrets, holders)

    put(disclosures, renew_keys=without_layer)


@fault(CLOSURE)
def declined_and_kept() -> None:
    """A service that has declined goes on reading what it was sent."""
    from amana.trust.vault import disclosures

    put(disclosures, take_back=lambda disclosure: None)


@fault(CLOSURE)
def not_rekeyed() -> None:
    """The team keeps its key when someone leaves."""
    from amana.trust.vault import epochs, keys

    put(epochs, begin_epoch=lambda team, *, by: keys.get_current_key(team))


@fault(CLOSURE)
def written_under_the_old_key() -> None:
    """After someone has left, new words still go under a key that they could keep."""
    from amana.trust.vault import documents

    def to_write(case: Any, compartment: Any, *, by: Any) -> Any:
        secrets = documents.open_compartment_keys(case, [compartment], by=by)
        return secrets[compartment]

    put(documents, open_key_for_writing=to_write)


@fault(CLOSURE)
def letters_under_the_old_key() -> None:
    """After someone has left, letters still go under a key that they could keep."""
    from amana.trust.vault import disclosures

    right, write_letter = disclosures.renew_keys, disclosures.write_letter

    def as_it_is(*args: Any, **words: Any) -> Any:
        put(disclosures, renew_keys=lambda secrets: dict(secrets))
        try:
            return write_letter(*args, **words)
        finally:
            put(disclosures, renew_keys=right)

    put(disclosures, write_letter=as_it_is)


@fault(CLOSURE)
def wrapped_anew_and_not_sealed_anew() -> None:
    """A new epoch hands on the keys of the old one."""
    from amana.trust.vault import crypto, documents

    renew = documents.renew

    def handing_on(secrets: Any, holders: Any = (), *, by: Any) -> Any:
        queue = list(secrets.values())
        put(documents, crypto=other(crypto, generate_key=lambda: queue.pop(0)))
        try:
            return renew(secrets, holders, by=by)
        finally:
            put(documents, crypto=crypto)

    put(documents, renew=handing_on)


@fault(CLOSURE)
def restricted_and_still_the_teams() -> None:
    """A case kept to named people stays open to their team."""
    from amana.trust.vault import documents

    right = documents.share_case

    def without_end(case: Any, *, exclusively: bool = False, **who: Any) -> None:
        right(case, **who)

    put(documents, share_case=without_end)


@fault(CLOSURE)
def restricted_and_shared_with_the_team() -> None:
    """What is disclosed of a restricted case is held by the sender's whole team."""
    from amana.trust.vault import disclosures, keys

    def to_teams(case: Any, sender: Any, recipient: Any) -> Any:
        return list(keys.get_current_keys([sender.pk, recipient.pk]).values())

    put(disclosures, find_holders_and_keys=to_teams)


@fault(CLOSURE)
def card_left_behind() -> None:
    """The team's search card stays when a case is kept to named people."""
    from amana.trust.vault import cards, keys
    from amana.trust.vault.models import PersonKey, SearchCard

    def leave_the_old(
        case: Any, card: Any, *, by: Any, team: Any = None, people: Any = ()
    ) -> None:
        plain = cards._text(card)
        held = SearchCard.objects.filter(case=case)
        if team and not held.filter(team_key__team=team).exists():
            key = keys.get_current_key(team)
            cards._for_team(case, plain, key, by=by).save()
        for person in PersonKey.objects.filter(user__in=people or []):
            if not held.filter(person_key=person).exists():
                cards._for_person(case, plain, person).save()

    put(cards, store_card=leave_the_old)


@fault(CLOSURE)
def erased_in_part() -> None:
    """What was disclosed of a case outlives its erasure."""
    from amana.trust.vault import documents
    from amana.trust.vault.models import CompartmentKey

    def shred(case: Any) -> None:
        CompartmentKey.objects.filter(case=case).delete()

    put(documents, shred=shred)


@fault(f"{VAULT}/test_documents.py")
def bound_to_nothing() -> None:
    """A sealed word opens wherever somebody moves it in the database."""
    from amana.trust.vault import documents, keys

    for module in (documents, keys):
        put(module, bind_place=lambda *place: b"amana")


@fault(f"{VAULT}/test_disclosures.py")
def expired_and_still_opened() -> None:
    """What has expired opens until the clock comes by."""
    from amana.trust.vault import disclosures

    put(disclosures, open_valid_secret=disclosures.open_held_secret)


@fault(f"{VAULT}/test_handover.py")
def as_many_tries_as_you_like() -> None:
    """A spoken code may be tried for ever."""
    from amana.trust.vault import handover

    put(handover, _take_a_try=lambda offer_id: None)


@fault(CLOSURE)
def words_in_the_log_file() -> None:
    """Somebody looking for a fault left a line that tells what is read."""
    from amana.trust.vault import documents

    right = documents.reading._read

    def read(*args: Any) -> Any:
        found = right(*args)
        logging.getLogger("amana").info("opened %s", found)
        return found

    put(documents, _read=read)


@fault(CLOSURE)
def words_in_a_temporary_file() -> None:
    """A file passes through the disk in the clear."""
    from amana.trust.vault import documents

    right = documents.seal_file

    def seal_file(case: Any, compartment: Any, plain: bytes, *, by: Any) -> Any:
        with tempfile.NamedTemporaryFile(delete=False) as file:
            Path(file.name).write_bytes(plain)
        return right(case, compartment, plain, by=by)

    put(documents, seal_file=seal_file)


@fault("amana/trust/name_matching/tests/test_name_matching.py")
def same_desk_same_day_says_nothing() -> None:
    """Three of one name and age, met at one desk on one day, are never shown."""
    from amana.trust import name_matching

    put(name_matching, MET_LATELY=())


@fault(f"{VAULT}/test_documents.py")
def exchanged_key_gets_a_kept_case() -> None:
    """A case is kept to whatever public key of a colleague lies in the database."""
    believe_rows()


@fault(f"{VAULT}/test_cards.py")
def exchanged_key_gets_the_card() -> None:
    """The name on the card of a kept case goes to an exchanged key."""
    believe_rows()


@fault(f"{VAULT}/test_disclosures.py")
def exchanged_key_gets_what_is_shared() -> None:
    """What is shared of a kept case is sealed to an exchanged key of a colleague."""
    believe_rows()


@fault(f"{VAULT}/test_documents.py::test_without_a_log_row_nothing_is_read")
def read_though_the_log_failed() -> None:
    """A log that can't be written holds up nobody: the case opens all the same."""
    from django.db import DatabaseError

    from amana.trust.audit import log
    from amana.trust.vault import documents

    def record(*said: Any, **more: Any) -> Any:
        try:
            return log.record(*said, **more)
        except DatabaseError:
            return None

    put(documents, log=SimpleNamespace(record=record))


@fault(
    f"{VAULT}/test_cards.py::"
    "test_a_search_is_in_the_access_list_of_each_case_that_it_showed"
)
def access_list_without_searches() -> None:
    """A person's access list leaves out the lists and searches that showed them."""
    from uuid import UUID

    from amana.trust.audit.models import AuditEventQuerySet

    def done_to(self: Any, case: UUID) -> Any:
        return self.filter(case=case)

    put(AuditEventQuerySet, touching_case=done_to)


@fault(
    f"{VAULT}/test_documents.py::"
    "test_the_second_of_two_writers_is_told_and_changes_nothing"
)
def last_writer_wins() -> None:
    """Who saves last replaces what a colleague wrote meanwhile, unread."""
    from amana.trust.vault import documents
    from amana.trust.vault.models import Document

    write = documents.write

    def over_it(case: Any, compartment: Any, content: Any, **more: Any) -> int:
        there = Document.objects.filter(
            key__case=case,
            key__compartment=compartment,
            name=more.get("name", documents.RECORD),
        )
        last = there.order_by("-revision").values_list("revision", flat=True).first()
        return write(case, compartment, content, **more | {"replacing": last or 0})

    put(documents, write=over_it)


CARDS = f"{VAULT}/test_cards.py"


@fault(f"{CARDS}::test_nobody_who_writes_waits_while_cards_are_opened")
def search_holds_the_lock() -> None:
    """Nobody writes while a search opens and compares cards."""
    from django.db import transaction

    from amana.trust.vault import cards

    put(cards, search_cards=transaction.atomic(cards.search_cards))


@fault(f"{CARDS}::test_one_damaged_card_keeps_nobody_from_the_others")
def one_damaged_card_stops_all() -> None:
    """The first card that does not open ends the search of a whole team."""
    from amana.trust.vault import cards

    unsealed = cards._unsealed

    def raising(*said: Any) -> Any:
        for case, plain in unsealed(*said):
            if plain is None:
                raise cards.Unopenable
            yield case, plain

    put(cards, _unsealed=raising)


@fault(f"{CARDS}::test_after_a_search_no_part_of_a_name_is_kept")
def names_stay_in_a_cache() -> None:
    """What a search worked out of people's names is kept for the next, and stays in
    the server's memory after the lock, the end of the session and erasure."""
    from functools import lru_cache

    from amana.trust import name_matching

    keep = lru_cache(maxsize=65_536)
    put(name_matching, list_skeletons=keep(name_matching.list_skeletons))


@fault(f"{CARDS}::test_without_a_log_row_nothing_is_found")
def search_is_shown_before_its_row() -> None:
    """What a search found is shown though its row could not be written."""
    from django.db import DatabaseError

    from amana.trust.vault import cards

    note = cards._note

    def if_it_can(*said: Any, **more: Any) -> None:
        with suppress(DatabaseError):
            note(*said, **more)

    put(cards, _note=if_it_can)


UNOPENED = f"{VAULT}/test_unopened.py"


@fault(f"{UNOPENED}::TestSetAside")
def old_key_lapses_whatever_it_opens() -> None:
    """After thirty days the old key goes, also where a mistake kept a record under it
    that it opens."""
    from amana.trust.vault import unopened

    put(unopened, is_lost=lambda team: True)


@fault(f"{UNOPENED}::TestCarried")
def nothing_is_carried() -> None:
    """What is damaged in part is set aside whole, and lost with the old key."""
    from dataclasses import replace

    from amana.trust.vault import epochs

    epochs.SEALED[:] = [replace(kind, carry=None) for kind in epochs.SEALED]


@fault(f"{UNOPENED}::TestByItself")
def only_one_page_goes_on() -> None:
    """Records are sealed anew only while the page of the key is open."""
    from amana.trust.vault import leaving

    put(leaving, rewrap_in_passing=lambda user: None)
