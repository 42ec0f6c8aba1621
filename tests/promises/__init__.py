"""What we promise, which test shows each promise, and which planted fault it caught.

    python -m tests.promises            print the list
    python -m tests.promises --write    write docs/security/promises.md

A promise is kept by a test that names it, e.g. "(P05)", in its own docstring or in that
of its module, and that has caught a fault of tests/mutants/faults. What is not kept
yet, or not wholly, says so, and in which piece of work it will be.
"""

from . import accountability, consent, failures, keeping, offline, reading, signing_in
from .promise import Promise

GROUPS: dict[str, tuple[Promise, ...]] = {
    "Who can read": reading.PROMISES,
    "Who is accountable": accountability.PROMISES,
    "Consent, and the person": consent.PROMISES,
    "From beginning to end": keeping.PROMISES,
    "Coming in": signing_in.PROMISES,
    "When something fails": failures.PROMISES,
    "Without a network": offline.PROMISES,
}
PROMISES = tuple(promise for group in GROUPS.values() for promise in group)

__all__ = ["GROUPS", "PROMISES", "Promise"]
