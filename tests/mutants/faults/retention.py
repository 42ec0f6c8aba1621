"""Faults of erasing, holds and requests to be forgotten."""

from typing import Any

from .registry import fault, put

RETENTION = "amana/trust/retention/tests"
ERASING = f"{RETENTION}/test_erasing.py"


@fault(f"{RETENTION}/test_erased_list.py")
def restored_copy_opens() -> None:
    """An older copy of the database opens what was erased since."""
    from amana.trust.vault import erased

    put(erased, require_applied=lambda: None)


@fault(f"{RETENTION}/test_due.py")
def row_alone_destroys() -> None:
    """A date that someone wrote into the database erases a living case."""
    from amana.trust.retention import proof

    put(proof, is_logged=lambda *said, **more: True)


@fault(f"{RETENTION}/test_due.py")
def event_dated_back() -> None:
    """An event that was put in today, and dated back, ends a case."""
    from amana.trust.retention import proof

    put(proof, _is_orderly=lambda event: True)


@fault(f"{RETENTION}/test_due.py")
def event_that_was_never_sealed() -> None:
    """An event that is in the table, and not in the log, ends a case."""
    from amana.trust.audit import sealing

    put(sealing, find_proved_position=lambda event: 0)


@fault(f"{RETENTION}/test_due.py")
def nobody_asked_for_many() -> None:
    """All cases can go in one night."""
    from amana.trust.retention import erasing

    put(erasing, _require_usual=lambda *said: None)


@fault(f"{RETENTION}/two_people/test_erasure_requests.py")
def request_of_nobody() -> None:
    """A request that two people never decided erases a case."""
    from amana.trust.retention import proof

    put(proof, is_decided=lambda request, now: True)


@fault(f"{RETENTION}/test_erased_list.py")
def list_forgets_its_keys() -> None:
    """A key that stands on the list of what was erased still opens."""
    from amana.trust.vault import erased

    put(erased, is_key_erased=lambda key: False)


@fault(f"{RETENTION}/test_erased_list.py")
def list_is_a_weapon() -> None:
    """A line that the log's key never signed destroys a case."""
    from amana.trust.audit import log_keys

    put(log_keys, is_signed=lambda purpose, text, signature: True)


@fault(ERASING)
def erased_with_search_card_left() -> None:
    """The name that a list shows outlives the case."""
    from amana.trust.vault import documents

    shred = documents.shred

    def leave(case: Any) -> None:
        from amana.trust.vault.models import SearchCard

        cards = list(SearchCard.objects.filter(case=case))
        shred(case)
        SearchCard.objects.bulk_create(cards)

    put(documents, shred=leave)


@fault(ERASING)
def tombstones_keep_a_shredded_case() -> None:
    """Keys that were set aside still open what was shredded."""
    from amana.trust.vault import tombstones

    put(tombstones, forget=lambda case: None)


@fault(f"{RETENTION}/test_due.py")
def child_erased_as_an_adult() -> None:
    """A child's case goes five years after it was closed."""
    from amana.care.cases.actions import closures

    put(closures, read_birth_year=lambda case, *, by: None)


@fault(f"{RETENTION}/test_due.py")
def law_says_nothing() -> None:
    """The law of the mechanism doesn't shorten how long a case is kept."""
    from amana.trust.retention import terms

    put(terms, load=lambda: terms.USUAL)


@fault(ERASING)
def refusal_goes_before_the_yes() -> None:
    """A no is forgotten while an older yes is good, which then counts again."""
    from amana.care.consent import retention
    from amana.trust.retention.record_kinds import KINDS

    def expired(terms: Any, now: Any) -> Any:
        before = terms["refusal"].before(now)
        return retention.find_refusals().filter(asked_at__lte=before)

    from dataclasses import replace

    place = next(n for n, kind in enumerate(KINDS) if kind.code == "refusal")
    KINDS[place] = replace(KINDS[place], expired=expired)


@fault(f"{RETENTION}/two_people/test_holds.py")
def hold_overlooked() -> None:
    """What a hold keeps is erased when its time is over."""
    from amana.trust.retention import erasing

    put(erasing, _is_held=lambda record, now: False)


@fault(f"{RETENTION}/two_people/test_holds.py")
def hold_lifted_by_one() -> None:
    """One person lifts a hold, or two of one office erase a case."""
    from amana.trust.retention import rules

    put(rules, find_teammates=lambda user: [])


@fault(f"{RETENTION}/two_people/test_erasure_requests.py")
def request_carried_out_at_once() -> None:
    """What two people granted is erased without the delay."""
    from datetime import timedelta

    from amana.trust.retention import models

    put(models, DELAY=timedelta(0))


@fault(f"{RETENTION}/two_people/test_holds.py")
def unconfirmed_hold_never_lapses() -> None:
    """One person keeps a record for ever."""
    from datetime import timedelta

    from amana.trust.retention import models

    put(models, CONFIRMED_WITHIN=timedelta(days=36500))


@fault("tests/properties/test_thirty_years.py")
def erased_a_day_early() -> None:
    """A record goes the night before its time is over."""
    from datetime import timedelta

    from amana.trust.retention.terms import RetentionTerm

    before = RetentionTerm.before
    put(RetentionTerm, before=lambda self, end: before(self, end + timedelta(days=1)))
