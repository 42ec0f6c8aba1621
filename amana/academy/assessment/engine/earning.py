"""What a learner still lacks for what a course certifies. Nothing of it is stored."""

from collections.abc import Collection, Iterator
from dataclasses import dataclass
from typing import Literal

from amana.academy.courses.engine.course import Certification, Course
from amana.academy.courses.engine.progress import Progress

type Kind = Literal[
    "after", "lessons", "test", "work", "session", "refresher", "revoked", "name"
]


@dataclass(frozen=True)
class Lack:
    kind: Kind
    of: str = ""
    """The code of a module, or of the certificate that comes before."""
    count: int = 0


@dataclass(frozen=True)
class Record:
    """What is known of a learner, besides what was read and which tests were passed."""

    passed_work: Collection[str] = ()
    attended: Collection[str] = ()
    in_force: Collection[str] = ()
    """Certificates, by their codes."""
    to_renew: Collection[str] = ()
    """Those that end soon, or have ended."""
    revoked: Collection[str] = ()
    """Those that were taken back: a person decides whether there is another."""
    refreshed: Collection[tuple[str, str]] = ()
    """Of a certificate to renew, the modules whose test was passed again."""
    name_chosen: bool = False


def lacks(
    one: Certification, course: Course, progress: Progress, record: Record
) -> list[Lack]:
    """List what is still lacking for a certificate; nothing, where it is to be issued
    now.
    """
    # Never issued again by itself: a person revoked it, and a person decides (ADR 17).
    if one.code in record.revoked:
        return [Lack("revoked", one.code)]
    found = list(
        to_refresh(one, record)
        if one.code in record.to_renew
        else to_earn(one, course, progress, record)
    )
    if not record.name_chosen:
        found.append(Lack("name"))
    return found


def to_earn(
    one: Certification, course: Course, progress: Progress, record: Record
) -> Iterator[Lack]:
    if one.after and one.after not in record.in_force:
        yield Lack("after", one.after)
    for code in one.modules:
        module = course.module(code)
        if module is None:
            continue
        standing = progress.of(module)
        if standing.unread:
            yield Lack("lessons", code, len(standing.unread))
        if not standing.passed:
            yield Lack("test", code)
    for code in one.assignments:
        if code not in record.passed_work:
            yield Lack("work", code)
    for code in one.sessions:
        if code not in record.attended:
            yield Lack("session", code)


def to_refresh(one: Certification, record: Record) -> Iterator[Lack]:
    for code in one.refresher:
        if (one.code, code) not in record.refreshed:
            yield Lack("refresher", code)
