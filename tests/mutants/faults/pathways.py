"""Faults of case pathways."""

from typing import Any

from .registry import fault, put

PATHWAY_GATE = "amana/care/pathways/tests/test_gate.py"
PATHWAYS = "amana/care/pathways/tests"


@fault(PATHWAY_GATE)
def safe_when_nothing_was_asked() -> None:
    """The pathway records as safe whatever isn't danger, nothing asked included."""
    from amana.care.cases.gate import GateResult
    from amana.care.pathways import reactions

    def declared(gate: Any) -> dict[str, str]:
        danger = gate.result is GateResult.DANGER
        return {"safety": "danger" if danger else "safe"}

    put(reactions, read_result=declared)


@fault(PATHWAY_GATE)
def safety_declared_by_hand() -> None:
    """The step of the safety gate is done by choosing "safe", without a question."""
    from amana.care.pathways import gating

    put(gating, is_gate=lambda step: False)


@fault(f"{PATHWAYS}/test_drawn.py")
def drawn_case_has_done_nothing() -> None:
    """A case's drawing does not mark what was done."""
    from amana.care.pathways import drawn

    put(drawn, list_passed=lambda course: {})


BATCHES = "amana/care/pathways/tests/test_batches.py"
MOVING = f"{PATHWAYS}/test_version_moves.py"


@fault(f"{MOVING}::test_it_is_counted_without_opening_a_case")
def each_case_is_opened_to_be_counted() -> None:
    """The page before a version is put in force takes minutes in a large country."""
    from amana.care.pathways import version_moves

    def one_by_one(version: Any) -> Any:
        for left in version_moves.iterate_left(
            version, version_moves.find_behind(version)
        ):
            yield "1 case", " ".join(left.why)

    put(version_moves, count_stranded=one_by_one)


@fault(f"{MOVING}::test_what_is_counted_beforehand_is_what_stays_behind")
def two_places_at_once_are_not_counted() -> None:
    """It says that all have a place, and half of them stay behind."""
    from amana.care.pathways import version_moves

    put(version_moves, _places_at_once=lambda version: iter(()))


@fault(f"{BATCHES}::test_of_two_adoptions_one_after_the_other_all_end_at_the_newest")
def late_batch_goes_on() -> None:
    """A batch that comes late does not look whether its version is in force still."""
    from amana.design.mechanism.models import Version

    read_anew = Version.refresh_from_db

    def blind(self: Any, **which: Any) -> None:
        if which.get("fields") != ["state"]:
            read_anew(self, **which)

    put(Version, refresh_from_db=blind)


@fault(f"{BATCHES}::TestSetAside")
def one_case_holds_up_all() -> None:
    """Of a batch with a case that can't be moved none is moved."""
    from amana.care.pathways import version_moves

    put(version_moves, _moved_of=version_moves.background_moves._move)
