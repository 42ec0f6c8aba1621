"""A pack that someone sends, or a file for one: read in a process of its own.

It is unpacked there and read as a whole, so that what is taken in is known to be read
within limits. What is wrong with it comes back as faults.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from amana import confined
from amana.answers import (
    pack_answer,
    pack_files,
    require_kind,
    unpack_answer_rows,
    unpack_files,
    unpack_head,
)
from amana.design.mechanism.pack import files, reading
from amana.design.mechanism.pack.files import MOST_BYTES, MOST_FILES, BadPack, Files
from amana.faults import Fault

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
    return confined.run_confined(
        f"{HERE}:unpack", content, parse_pack_answer, by=by, limits=LIMITS
    )


def check_form(path: str, content: bytes, *, by: int) -> Found[CheckedFile]:
    """Check a form by itself."""
    asked = pack_answer({"path": path}, content)
    work = f"{HERE}:look_at_form"
    faults = confined.run_confined(
        work, asked, parse_faults_answer, by=by, limits=LIMITS
    )
    return (None if faults else CheckedFile(path, content)), faults


def check_file(
    given: Mapping[str, bytes], path: str, content: bytes, *, by: int
) -> Found[CheckedFile]:
    """Check a file together with the others, which may have faults of their own."""
    asked = pack_files({**given, path: content}, path=path)
    work = f"{HERE}:look_at_file"
    faults = confined.run_confined(
        work, asked, parse_faults_answer, by=by, limits=LIMITS
    )
    return (None if faults else CheckedFile(path, content)), faults


# --- the work of the other process


def unpack(content: bytes) -> bytes:
    try:
        given = files.read_zip(content)
    except BadPack as bad:
        return encode_faults([bad.fault])
    _pack, faults = reading.read_pack(given)
    return encode_faults(faults) if faults else pack_files(given)


def look_at_form(asked: bytes) -> bytes:
    head, content = unpack_head(asked)
    path = head["path"]
    if wrong := files.find_fault(path, content):
        return encode_faults([wrong])
    _form, faults = reading.read_form_file(content, path)
    return encode_faults(faults)


def look_at_file(asked: bytes) -> bytes:
    head, rest = unpack_head(asked)
    path, given = head["path"], unpack_files(head, rest, most=MOST_FILES + 1)
    if wrong := files.find_fault(path, given[path]):
        return encode_faults([wrong])
    _pack, faults = reading.read_pack(given)
    # A draft is often unfinished elsewhere: only this file's faults refuse it.
    return encode_faults(fault for fault in faults if fault.file == path)


def encode_faults(faults: Iterable[Fault]) -> bytes:
    rows = list(map(encode_fault, faults))[:MOST_FAULTS]
    return pack_answer({"faults": len(rows)}, rows=rows, most=MOST_FAULTS)


def encode_fault(fault: Fault) -> list[object]:
    values = {
        name: value if isinstance(value, int | float) else str(value)
        for name, value in fault.values.items()
    }
    where = list(fault.where)
    return [fault.file, fault.line, fault.sentence, values, where, fault.near]


# --- and what is made of its answer


def parse_pack_answer(answer: bytes) -> Found[Files]:
    head, rest = unpack_head(answer)
    # The other process read what a stranger sent and may have been taken over: its
    # answer is parsed as distrustfully as the upload itself (ADR 68).
    if "faults" in require_kind(head, dict):
        return None, parse_faults_answer(answer)
    found = unpack_files(head, rest, most=MOST_FILES)
    if len(rest) > MOST_BYTES or not all(map(files.is_part, found)):
        raise ValueError("The answer has other files than a pack.")
    return found, []


def parse_faults_answer(answer: bytes) -> list[Fault]:
    head, rest = unpack_head(answer)
    faults = list(map(parse_fault, unpack_answer_rows(rest, most=MOST_FAULTS)))
    if len(faults) != require_kind(head, dict)["faults"]:
        raise ValueError("The faults are not as many as were told.")
    return faults


def parse_fault(row: Any) -> Fault:
    file, line, sentence, values, where, near = row
    fault = Fault(
        require_kind(file, str),
        None if line is None else require_kind(line, int),
        require_kind(sentence, str),
        require_kind(values, dict),
        tuple(require_kind(where, list)),
        require_kind(near, str),
    )
    # A sentence whose values don't fit would fail later, on the page that shows it;
    # here it makes the answer invalid.
    str(fault)  # it can be told
    return fault
