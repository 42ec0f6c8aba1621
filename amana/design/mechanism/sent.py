"""A pack that someone sends, or a file for one: read in a process of its own.

It is unpacked there and read as a whole, so that what is taken in is known to be read
within limits. What is wrong with it comes back as faults.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from amana import confined
from amana.answers import files_of, head_of, packed, packed_files, pure, rows_of
from amana.design.mechanism.engine.faults import Fault
from amana.design.mechanism.pack import files, reading
from amana.design.mechanism.pack.files import MOST_BYTES, MOST_FILES, BadPack, Files

LIMITS = confined.Limits(memory=768, seconds=20, answer=20)
"""A pack has 16 MiB of files; the largest we know is read in two seconds."""
HERE = "amana.design.mechanism.sent"
MOST_FAULTS = 1_000
"""Are returned; those who have mended them learn of the others."""

type Found[T] = tuple[T | None, list[Fault]]


@dataclass(frozen=True)
class CheckedFile:
    """A file that may take its place in a draft."""

    path: str
    content: bytes


def read_zip(content: bytes, *, by: int) -> Found[Files]:
    """Read the files of a zip: those, or None and what is wrong. Raises `NotRead` where
    it is too much. `by` is the key of the person who sent it.
    """
    return confined.run(f"{HERE}:unpack", content, pack_told, by=by, limits=LIMITS)


def check_form(path: str, content: bytes, *, by: int) -> Found[CheckedFile]:
    """Check a form by itself."""
    asked = packed({"path": path}, content)
    work = f"{HERE}:look_at_form"
    faults = confined.run(work, asked, faults_told, by=by, limits=LIMITS)
    return (None if faults else CheckedFile(path, content)), faults


def check_file(
    given: Mapping[str, bytes], path: str, content: bytes, *, by: int
) -> Found[CheckedFile]:
    """Check a file together with the others, which may have faults of their own."""
    asked = packed_files({**given, path: content}, path=path)
    work = f"{HERE}:look_at_file"
    faults = confined.run(work, asked, faults_told, by=by, limits=LIMITS)
    return (None if faults else CheckedFile(path, content)), faults


# --- the work of the other process


def unpack(content: bytes) -> bytes:
    try:
        given = files.of_zip(content)
    except BadPack as bad:
        return tell([bad.fault])
    _pack, faults = reading.read(given)
    return tell(faults) if faults else packed_files(given)


def look_at_form(asked: bytes) -> bytes:
    head, content = head_of(asked)
    path = head["path"]
    if wrong := files.wrong_with(path, content):
        return tell([wrong])
    _form, faults = reading.form_of(content, path)
    return tell(map(reading.as_ours, faults))


def look_at_file(asked: bytes) -> bytes:
    head, rest = head_of(asked)
    path, given = head["path"], files_of(head, rest, most=MOST_FILES + 1)
    if wrong := files.wrong_with(path, given[path]):
        return tell([wrong])
    _pack, faults = reading.read(given)
    # A draft is often unfinished elsewhere: only this file's faults refuse it.
    return tell(fault for fault in faults if fault.file == path)


def tell(faults: Iterable[Fault]) -> bytes:
    rows = list(map(as_data, faults))[:MOST_FAULTS]
    return packed({"faults": len(rows)}, rows=rows, most=MOST_FAULTS)


def as_data(fault: Fault) -> list[Any]:
    values = {
        name: value if isinstance(value, int | float) else str(value)
        for name, value in fault.values.items()
    }
    return [fault.file, fault.line, fault.sentence, values, list(fault.where)]


# --- and what is made of its answer


def pack_told(answer: bytes) -> Found[Files]:
    head, rest = head_of(answer)
    # The other process read what a stranger sent and may have been taken over: its
    # answer is parsed as distrustfully as the upload itself (ADR 68).
    if "faults" in pure(head, dict):
        return None, faults_told(answer)
    found = files_of(head, rest, most=MOST_FILES)
    if len(rest) > MOST_BYTES or not all(map(files.belongs, found)):
        raise ValueError("The answer has other files than a pack.")
    return found, []


def faults_told(answer: bytes) -> list[Fault]:
    head, rest = head_of(answer)
    faults = list(map(as_fault, rows_of(rest, most=MOST_FAULTS)))
    if len(faults) != pure(head, dict)["faults"]:
        raise ValueError("The faults are not as many as were told.")
    return faults


def as_fault(row: Any) -> Fault:
    file, line, sentence, values, where = row
    fault = Fault(
        pure(file, str),
        None if line is None else pure(line, int),
        pure(sentence, str),
        pure(values, dict),
        tuple(pure(where, list)),
    )
    # A sentence whose values don't fit would fail later, on the page that shows it;
    # here it makes the answer invalid.
    str(fault)  # it can be told
    return fault
