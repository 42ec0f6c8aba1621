"""How a confined process is asked and answers: a line of JSON, and behind it bytes.

    pack_answer({"kind": "image/png"}, picture)     pack_answer({}, rows=services)

The answer is as foreign as the file: an attacker who takes over a library that reads
files answers what they like. So nothing is read that is dear to read. No line is longer
than `LONGEST`, and a list is read line by line: JSON of 32 MiB in one piece would hold
the interpreter, and every page with it, for seconds. `require_kind` and `require_texts`
refuse what has not the shape that was agreed.

Both processes use this module; it imports nothing of Django.
"""

import json
from collections.abc import Iterable, Iterator
from io import BytesIO
from typing import Any

LONGEST = 2 << 20
"""Bytes of a line: JSON that long is read in under a tenth of a second."""
MOST_VALUES = 3_000_000
"""In all rows of an answer: each takes 60 bytes of the server's memory and more."""


def pack_answer(
    head: object, rest: bytes = b"", *, rows: Iterable[object] = (), most: int = 0
) -> bytes:
    """Pack a head before bytes, or before `most` rows of which each is a line. Raises
    MemoryError where there is more than the other side would read."""
    lines = list(map(pack_line, rows))
    if len(lines) > most or sum(map(count_values, lines)) > MOST_VALUES:
        raise MemoryError
    return b"".join([pack_line(head), *lines, rest])


def pack_line(value: object) -> bytes:
    line = json.dumps(value).encode() + b"\n"
    if len(line) > LONGEST:
        raise MemoryError
    return line


def count_values(lines: bytes) -> int:
    """Count the values in JSON, without reading it: at most so many. It costs a
    hundredth of reading them."""
    return sum(map(lines.count, (b"[", b"{", b",")))


def unpack_head(answer: bytes) -> tuple[Any, bytes]:
    """Split an answer into its head and the bytes behind it. Raises ValueError where it
    has no head."""
    end = answer.find(b"\n", 0, LONGEST)
    if end < 0:
        raise ValueError("The answer has no head.")
    return json.loads(answer[:end]), answer[end + 1 :]


def unpack_answer_rows(rest: bytes, *, most: int) -> Iterator[object]:
    """Yield the rows behind a head, no more than `most`. Raises ValueError where there
    are more, or larger ones."""
    # Counted before anything is parsed: a compromised library could answer with
    # millions of tiny values, which take far more memory than their bytes (ADR 68).
    if count_values(rest) > MOST_VALUES:
        raise ValueError("The answer has more than was agreed.")
    lines = BytesIO(rest)
    # One more than was agreed is asked for, so that too many rows are an error and not
    # a silently shortened list.
    for number in range(most + 1):
        line = lines.readline(LONGEST + 1)
        if not line:
            return
        if number == most or len(line) > LONGEST:
            raise ValueError("The answer has more than was agreed.")
        yield json.loads(line)


def require_kind[T](value: object, kind: type[T]) -> T:
    """Return the value, if it is of this kind; raises TypeError if it isn't."""
    if not isinstance(value, kind):
        raise TypeError("The answer has another shape than was agreed.")
    return value


def require_texts(values: object) -> list[str]:
    found = require_kind(values, list)
    for value in found:
        require_kind(value, str)
    return found


# --- several files in one


def pack_files(files: dict[str, bytes], **head: object) -> bytes:
    listed = [[name, len(content)] for name, content in files.items()]
    return pack_answer({"files": listed, **head}, b"".join(files.values()))


def unpack_files(head: object, rest: bytes, *, most: int) -> dict[str, bytes]:
    """Split the bytes into files, by their names. Raises ValueError unless the files
    are all of the bytes."""
    listed = require_kind(require_kind(head, dict).get("files"), list)
    if len(listed) > most:
        raise ValueError("The answer has more files than was agreed.")
    found, at = {}, 0
    for name, length in listed:
        if require_kind(length, int) < 0:
            raise ValueError("A file is shorter than nothing.")
        found[require_kind(name, str)] = rest[at : at + length]
        at += length
    if at != len(rest) or len(found) != len(listed):
        raise ValueError("The files are not those that were told.")
    return found
