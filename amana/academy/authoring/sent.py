"""A course that someone sends as a zip: read in a process of its own.

It is unpacked and read as a whole there, so that what is taken in is known to be read
within limits. It may have faults: they are mended in the draft.
"""

from amana import confined
from amana.academy.courses.engine import files as places
from amana.academy.courses.engine import reading
from amana.answers import files_of, head_of, packed_files
from amana.design.mechanism.pack.files import BadPack, Files, of_zip
from amana.design.mechanism.sent import Found, faults_told, tell

LIMITS = confined.Limits(memory=768, seconds=20, answer=28)
"""A course has 24 MiB of files; the largest that comes along is read in six seconds."""


def read_zip(content: bytes, *, by: int) -> Found[Files]:
    """Read the files of a zip; None and what is wrong, where it is no course. Raises
    `NotRead` where it is too much. `by` is the key of the person who sent it."""
    work = "amana.academy.authoring.sent:unpack"
    return confined.run(work, content, course_told, by=by, limits=LIMITS)


def unpack(content: bytes) -> bytes:
    """Unpack and read a zip: the work of the other process."""
    try:
        given = of_zip(content, places.LIMITS)
    except BadPack as bad:
        return tell([bad.fault])
    # Read here only to know that it can be, within the limits: its faults are mended in
    # the draft.
    reading.read(given)
    return packed_files(given)


def course_told(answer: bytes) -> Found[Files]:
    head, rest = head_of(answer)
    if "faults" in head:
        return None, faults_told(answer)
    return files_of(head, rest, most=places.MOST_FILES), []
