"""Faults of accounts, limits and devices."""

from types import SimpleNamespace

from .registry import fault, put

CLOSURE = "tests/properties/test_closure.py"


@fault(CLOSURE)
def administrators_hold_keys() -> None:
    """An administrator gets the key of the team in which they stand."""
    from amana.trust.access import models
    from amana.trust.access.models import Role

    put(models, KEYHOLDERS=models.KEYHOLDERS | {Role.ADMINISTRATOR})


@fault("amana/trust/access/tests/test_prepared.py")
def filters_are_mixed_up() -> None:
    """Whoever filters a list gets what was kept of another filter."""
    from amana.ui.paging import FilterBatch

    def alike(self: FilterBatch, other: object) -> bool:
        return isinstance(other, FilterBatch)

    put(FilterBatch, __eq__=alike, __hash__=lambda self: 1)


@fault("amana/trust/access/tests/test_prepared.py")
def quotes_as_they_are() -> None:
    """A constant is put into SQL without doubling its quotes."""
    from amana.trust.access import prepared

    put(prepared, format_literal=lambda constant: f"'{constant}'")


@fault("amana/trust/access/tests/test_suspending.py")
def one_suspends_the_house() -> None:
    """One person suspends everybody in a minute."""
    from amana.trust.access import actions

    put(actions, MOST_A_DAY=1000)


@fault("amana/trust/access/tests/test_suspending.py")
def nobody_left_to_lift() -> None:
    """The last who could lift a suspension are suspended."""
    from amana.trust.access import actions

    put(actions, FEWEST=0)


@fault("amana/trust/access/tests/test_suspending.py")
def renewal_forgets_the_suspended() -> None:
    """Suspending and renewing the key together take it from a colleague for ever."""
    from amana.trust.access.models import Suspension
    from amana.trust.vault import epochs

    nobody = SimpleNamespace(current=Suspension.objects.none)
    put(epochs, Suspension=SimpleNamespace(objects=nobody))


@fault("amana/trust/access/tests/test_devices.py")
def unknown_device_told_to_nobody() -> None:
    """A device not seen before is in the log, and the person hears nothing."""
    from amana.trust.access import devices

    put(devices, device_unknown=SimpleNamespace(send=lambda *said, **more: None))


@fault(
    "amana/trust/access/tests/test_suspending.py::"
    "test_one_person_keeps_another_out_at_once"
)
def suspended_and_still_in() -> None:
    """Who is suspended is kept out the next time that they sign in."""
    from amana.trust.access import sessions

    put(sessions, end_all_sessions=lambda user, *, but=None: 0)


@fault(
    "amana/trust/access/tests/test_limits.py::test_four_processes_together_have_five_tries"
)
def each_process_counts_alone() -> None:
    """Each process of the server counts tries for itself."""
    from django.core.cache import caches
    from django.core.cache.backends.locmem import LocMemCache

    caches["default"] = LocMemCache("alone", {})


PLANS = "tests/reliability/test_plans.py"
EVERYDAY = f"{PLANS}::test_no_everyday_list_reads_a_whole_table"


@fault(EVERYDAY, on_postgresql=True)
def own_is_guessed() -> None:
    """What is one's own is a subquery, which PostgreSQL joins in any order."""
    from django.db.models.lookups import In

    from amana.trust.access import everyones

    put(everyones.OwnRowsFirst, get_rhs_op=In.get_rhs_op)
