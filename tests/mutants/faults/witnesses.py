"""Faults of witnesses and restorations."""

from typing import Any

from .registry import fault, put

WITNESS = "amana/trust/witness/tests"


@fault(f"{WITNESS}/test_device.py")
def restoration_by_a_row() -> None:
    """A row that says a new log has begun is believed without its signed entry."""
    from amana.trust.audit import sealing

    put(sealing, _is_declared=lambda database, start: True)


@fault(f"{WITNESS}/test_restorations.py")
def restoration_by_one() -> None:
    """One person declares a restoration alone."""
    from amana.trust.witness import restorations

    put(restorations, confirm_restoration=restorations.withdraw_restoration)


@fault(f"{WITNESS}/test_restorations.py")
def pages_go_on_in_doubt() -> None:
    """The log is in doubt, and pages show what may be yesterday's."""
    from amana.trust.witness import gate

    put(gate, is_shut=lambda: False)


@fault(f"{WITNESS}/test_restorations.py")
def restoration_names_an_older_checkpoint() -> None:
    """The new log names what the database has, and not what was seen last."""
    from amana.trust.audit import log_restart

    def stored() -> str:
        return log_restart.Checkpoint.objects.latest("size").note

    put(log_restart, find_last_seen=stored)


@fault(f"{WITNESS}/test_restorations.py")
def doubt_that_nobody_hears_of() -> None:
    """The log is cut back, and neither a mail nor a notification says so."""
    from amana.trust.witness import findings

    put(findings, list_people_to_notify=lambda: [])


@fault(f"{WITNESS}/test_device.py")
def device_not_asked() -> None:
    """A colleague's device has seen more, and nobody looks at its cookie."""
    from amana.trust.witness import device

    put(device, check_device=lambda request: None)


@fault(f"{WITNESS}/test_device.py")
def cookie_of_anyones_making() -> None:
    """A checkpoint in a cookie is believed without the log's signature."""
    from amana.trust.witness import device

    put(device, read_checkpoint=lambda note, key: None)


@fault(f"{WITNESS}/test_device.py")
def cookie_on_pages_for_people() -> None:
    """A page for people leaves a cookie on the device for a month."""
    from amana.trust.witness import middleware

    put(middleware, is_for_staff=lambda request: True)


@fault(f"{WITNESS}/test_device.py")
def act_sealed_after_its_answer() -> None:
    """An act may be undone unseen: the device that did it holds nothing of it."""
    from amana.trust.witness import middleware

    put(middleware, SAFE=frozenset({"GET", "POST"}))


@fault(f"{WITNESS}/test_witness_for_others.py")
def fork_cosigned() -> None:
    """A witness cosigns what doesn't extend what it has seen."""
    from amana.trust.audit import offline_witness

    put(offline_witness, is_consistent=lambda *what: True)


@fault(f"{WITNESS}/test_witness_for_others.py")
def cut_log_cosigned() -> None:
    """A witness believes where the log says it was seen last."""
    from amana.trust.witness import cosigning

    as_it_is = cosigning.check_request

    def trusting(request: Any, key: Any, size: int, root: bytes) -> None:
        as_it_is(request, key, request.old, root)

    put(cosigning, check_request=trusting)


@fault(f"{WITNESS}/test_enough_witnesses.py")
def one_witness_counts_twice() -> None:
    """Two signatures of one witness are taken for two witnesses."""
    from amana.trust.audit import offline_verifier

    as_it_is = offline_verifier.find_cosigners

    def by_line(note: str, witnesses: Any) -> dict[str, int]:
        found = {}
        for key in witnesses:
            for name, at in as_it_is(note, [key]).items():
                found[f"{name}{key.id.hex()}"] = at
        return found

    put(offline_verifier, find_cosigners=by_line)


@fault(f"{WITNESS}/test_offline_witness.py")
def cosignature_not_checked() -> None:
    """Whatever a witness answers is kept as its signature."""
    from amana.trust.witness import asking

    put(asking, find_cosigning_time=lambda key, raw, text: 1)


@fault(f"{WITNESS}/test_online_witnesses.py")
def lying_witness_stops_everyone() -> None:
    """A witness that only says it has seen more puts the log in doubt."""
    from amana.trust.witness import asking

    def believed(witness: Any, size: int) -> None:
        note = asking.find_newest_checkpoint().note
        asking.sealing.record_device_doubt(note.replace("\n", "\n9", 1))

    put(asking, _note_ahead=believed)


@fault(f"{WITNESS}/test_choosing_witnesses.py")
def witness_chosen_by_one() -> None:
    """One administrator chooses a witness alone."""
    from amana.trust.witness import actions

    put(actions, confirm_witness=actions.end_witness)
