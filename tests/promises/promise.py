"""A promise, the tests that show it and the planted faults that they have caught."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Promise:
    id: str
    says: str
    tests: tuple[str, ...] = ()
    """Files, or tests as `file::test`."""
    faults: tuple[str, ...] = ()
    """Names of planted faults that these tests have caught."""
    later: str = ""
    """What is still open, and the subject of the work that brings it."""
