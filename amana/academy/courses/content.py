"""The content of a version, read once for each wording and not for each page."""

from functools import lru_cache

from amana.academy.courses.engine import course_content
from amana.academy.courses.engine.course_content import CourseContent
from amana.academy.courses.engine.reading import compute_fingerprint
from amana.academy.courses.models import Version

MOST = 8


class AlteredCourse(Exception):
    """What the database holds is not what was published."""


def load_content(version: Version) -> CourseContent:
    return _read(version.pk, version.sha256)


@lru_cache(maxsize=MOST)
def _read(pk: int, sha256: str) -> CourseContent:
    compiled = Version.objects.values_list("compiled", flat=True).get(pk=pk)
    # The database refuses changes to a version; a change made past it is found
    # here.
    if compute_fingerprint(compiled) != sha256:
        raise AlteredCourse(
            f"Version {pk} is not the course with the SHA-256 {sha256}."
        )
    return course_content.build_course(compiled)
