"""A course that someone sends as a zip: read in a process of its own.

It is unpacked and read as a whole there, so that what is taken in is known to be read
within limits. It may have faults: they are mended in the draft.
"""

from amana import confined
from amana.academy.courses.engine import files as places
from amana.academy.courses.engine import reading
from amana.answers import pack_files, unpack_files, unpack_head
from amana.design.mechanism.pack.files import BadPack, Files, read_zip
from amana.design.mechanism.sent import Found, encode_faults, parse_faults_answer

LIMITS = confined.Limits(memory=768, seconds=20, answer=28)
"""A course has 24 MiB of files; the largest that comes along is read in six seconds."""


def read_sent_zip(content: bytes, *, by: int) -> Found[Files]:
    """Read the files of a zip; None and what is wrong, where it is no course. Raises
    `NotRead` where it is too much. `by` is the key of the person who sent it."""
    work = "amana.academy.authoring.sent:unpack"
    return confined.run_confined(work, content, parse_course, by=by, limits=LIMITS)


def unpack(content: bytes) -> bytes:
    """Unpack and read a zip: the work of the other process."""
    try:
        given = read_zip(content, places.LIMITS)
    except BadPack as bad:
        return encode_faults([bad.fault])
    # Read here only to know that it can be, within the limits: its faults are mended in
    # the draft.
    reading.read_course(given)
    return pack_files(given)


def parse_course(answer: bytes) -> Found[Files]:
    head, rest = unpack_head(answer)
    if "faults" in head:
        return None, parse_faults_answer(answer)
    return unpack_files(head, rest, most=places.MOST_FILES), []
