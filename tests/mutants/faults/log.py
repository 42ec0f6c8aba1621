"""Faults of the log, its checks and its anchor."""

import json
from typing import Any

from .registry import fault, other, put

CLOSURE = "tests/properties/test_closure.py"
AUDIT = "amana/trust/audit/tests"


@fault(CLOSURE)
def skipped_audit() -> None:
    """A case is opened and nothing is written down."""
    from amana.trust.audit import log
    from amana.trust.vault import documents

    put(documents, log=other(log, record=lambda *args, **details: None))


@fault(CLOSURE)
def search_not_logged() -> None:
    """A search shows names and does not say whose."""
    from amana.trust.audit import log
    from amana.trust.vault import cards

    def without_cases(did: str, *args: Any, cases: Any = (), **details: Any) -> Any:
        return log.record(did, *args, **details)

    put(cards, log=other(log, record=without_cases))


@fault(CLOSURE)
def words_in_the_log() -> None:
    """The log tells what was written."""
    from amana.trust.audit import log
    from amana.trust.vault import documents

    right = documents.write

    def write(
        case: Any, compartment: Any, content: Any, *, by: Any, **more: Any
    ) -> int:
        log.record("wrote record", by=by, case=case, content=dict(content))
        return right(case, compartment, content, by=by, **more)

    put(documents, write=write)


@fault(f"{AUDIT}/test_guards.py")
def log_can_be_changed() -> None:
    """The triggers that keep the log are not there."""
    from importlib import import_module

    guards = import_module("amana.trust.audit.migrations.0002_guards")
    here, there = vars(guards)["ON_SQLITE"], vars(guards)["ON_POSTGRESQL"]
    put(guards, ON_SQLITE=[sql for sql in here if "refuses" not in sql])
    put(guards, ON_POSTGRESQL=[sql for sql in there if "_only_grows\n" not in sql])


@fault(f"{AUDIT}/test_verifying.py")
def verifier_believes_the_hashes() -> None:
    """The verifier takes each entry's hash on trust."""
    from amana.trust.audit import offline_verifier

    def entry(rest: str, tree: Any) -> Any:
        _position, given, text = rest.split(" ", 2)
        tree.add(bytes.fromhex(given))
        return json.loads(text)

    put(offline_verifier, _entry=entry)


@fault(f"{AUDIT}/test_sealing.py", on_postgresql=True)
def sealed_by_a_cursor() -> None:
    """The sealer goes on from the highest number that it has seen."""
    from amana.trust.audit import sealing
    from amana.trust.audit.models import AuditEvent, AuditLeaf

    def waiting(at_most: int) -> list[int]:
        last = AuditLeaf.objects.order_by("-event").values_list("event").first()
        later = AuditEvent.objects.filter(pk__gt=last[0] if last else 0)
        return list(later.order_by("pk").values_list("pk", flat=True)[:at_most])

    put(sealing, _waiting=waiting)


ANCHOR = f"{AUDIT}/test_anchor.py"


@fault(ANCHOR)
def anchor_not_compared() -> None:
    """The log is signed again, however short it has become."""
    from amana.trust.audit import anchor

    put(
        anchor,
        require_anchor=lambda notes, newest, size, root: notes[0] if notes else "",
    )


@fault(ANCHOR)
def anchor_compared_by_size_alone() -> None:
    """A log that was forked and has the right length is signed again."""
    from amana.trust.audit import anchor

    as_it_is = anchor.require_anchor

    def by_size(notes: Any, newest: Any, size: int, root: Any) -> str:
        sizes = {anchor.parse_head(note).size: note for note in notes}
        return sizes.get(size) or as_it_is(notes, newest, size, root)

    put(anchor, require_anchor=by_size)


@fault(f"{AUDIT}/test_sealing_of_acts.py")
def anchor_holds_only_the_last() -> None:
    """The file lacks the next checkpoint while sealing: a kill stops everyone."""
    from amana.trust.audit import anchor, sealing

    as_it_is = anchor.record_signed
    put(
        sealing,
        anchor=other(anchor, record_signed=lambda *notes: as_it_is(notes[0])),
    )


@fault(f"{AUDIT}/test_sealing_of_acts.py")
def thinned_before_sealing() -> None:
    """Nobody compares what was sealed with what the request wrote."""
    from amana.trust.audit import sealing

    put(sealing, _checked=lambda recorded: (set(), []))


@fault(ANCHOR)
def file_gone_and_nobody_misses_it() -> None:
    """Whoever takes the file away may cut the log back."""
    from amana.trust.audit import anchor

    as_it_is = anchor.require_anchor

    def trusting(notes: Any, newest: Any, size: int, root: Any) -> str:
        return as_it_is(notes, newest, size, root) if notes else ""

    put(anchor, require_anchor=trusting)


CHECKING = f"{AUDIT}/test_checking.py"
LOOKED_THROUGH = "amana/trust/oversight/tests/test_views.py"


@fault(
    f"{AUDIT}/test_checking_meanwhile.py::test_the_log_is_read_outside_any_transaction"
)
def check_holds_the_lock() -> None:
    """Nobody writes while the log is checked."""
    from django.db import transaction

    from amana.trust.audit import checking

    put(checking, continue_check=transaction.atomic(checking.continue_check))


@fault(f"{CHECKING}::test_where_the_tree_is_not_the_one_that_was_right_all_is_read")
def check_goes_on_from_any_tree() -> None:
    """A check goes on after a checkpoint, whatever tree the database has by now."""
    from amana.trust.audit import checking, sealing

    def resumed(log: Any, note: str) -> bool:
        if note:
            log.go_on(note, sealing.load_right_edge(checking.parse_head(note).size))
        return bool(note)

    put(checking, _resumed=resumed)


@fault(f"{CHECKING}::test_what_was_read_before_is_read_again_where_all_is_asked_for")
def check_of_all_reads_what_is_new() -> None:
    """Who asks for a check of all gets one of what is new."""
    from amana.trust.audit import checking

    begin = checking.begin_check
    put(checking, begin_check=lambda *, by="", whole=False: begin(by=by))


@fault(f"{CHECKING}::test_how_far_it_was_right_does_not_lie_in_the_database")
def check_believes_the_log() -> None:
    """How far the log was found right is read from the log itself."""
    from amana.trust.audit import checking
    from amana.trust.audit.models import AuditEvent, Checkpoint

    read = checking.read

    def from_the_log() -> Any:
        last = Checkpoint.objects.order_by("-size").first()
        if last and AuditEvent.objects.filter(did="checked log").exists():
            return checking.replace(read(), note=last.note)
        return read()

    put(checking, read=from_the_log)


@fault(f"{CHECKING}::test_an_event_slipped_in_since_is_named")
def new_strays_are_passed_over() -> None:
    """A check of what is new looks for no event that was slipped in."""
    from amana.trust.audit import checking

    end = checking._end
    put(checking, _end=lambda log, known, **_newer: end(log, known, newer_than=2**60))


@fault(f"{LOOKED_THROUGH}::test_a_row_in_the_log_says_nothing_of_how_right_it_is")
def page_believes_the_log() -> None:
    """The page shows as the last check what a row of the log says."""
    from django.utils import timezone

    from amana.trust.audit.checking import LogCheck
    from amana.trust.oversight import views

    put(views.checking, read=lambda: LogCheck(ended_at=timezone.now()))
