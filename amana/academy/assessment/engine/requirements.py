"""What a learner still lacks for what a course certifies. Nothing of it is stored."""

from collections.abc import Collection, Iterator
from dataclasses import dataclass
from typing import Literal

from amana.academy.courses.engine.certifications import Certification
from amana.academy.courses.engine.course_content import CourseContent
from amana.academy.courses.engine.progress import CourseProgress

type Kind = Literal[
    "after", "lessons", "test", "work", "session", "refresher", "revoked", "name"
]


@dataclass(frozen=True)
class MissingCondition:
    kind: Kind
    of: str = ""
    """The code of a module, or of the certificate that comes before."""
    count: int = 0


@dataclass(frozen=True)
class LearnerRecord:
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
    exercised: Collection[str] = ()
    """Of the certificates to renew, those that an exercise renews."""
    name_chosen: bool = False


def list_lacks(
    one: Certification,
    course: CourseContent,
    progress: CourseProgress,
    record: LearnerRecord,
) -> list[MissingCondition]:
    """List what is still lacking for a certificate; nothing, where it is to be issued
    now.
    """
    # Never issued again by itself: a person revoked it, and a person decides (ADR 17).
    if one.code in record.revoked:
        return [MissingCondition("revoked", one.code)]
    found = list(
        iterate_lacks_to_refresh(one, record)
        if one.code in record.to_renew
        else iterate_lacks_to_earn(one, course, progress, record)
    )
    if not record.name_chosen:
        found.append(MissingCondition("name"))
    return found


def iterate_lacks_to_earn(
    one: Certification,
    course: CourseContent,
    progress: CourseProgress,
    record: LearnerRecord,
) -> Iterator[MissingCondition]:
    if one.after and one.after not in record.in_force:
        yield MissingCondition("after", one.after)
    for code in one.modules:
        module = course.module(code)
        if module is None:
            continue
        standing = progress.of(module)
        if standing.unread:
            yield MissingCondition("lessons", code, len(standing.unread))
        if not standing.passed:
            yield MissingCondition("test", code)
    for code in one.assignments:
        if code not in record.passed_work:
            yield MissingCondition("work", code)
    for code in one.sessions:
        if code not in record.attended:
            yield MissingCondition("session", code)


def iterate_lacks_to_refresh(
    one: Certification, record: LearnerRecord
) -> Iterator[MissingCondition]:
    if one.code in record.exercised:
        return
    for code in one.refresher:
        if (one.code, code) not in record.refreshed:
            yield MissingCondition("refresher", code)
