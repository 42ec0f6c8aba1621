"""What an HSDS 3.x file holds, however it is packed: each service as it is in the file.

A file is opened in a process of its own: a kilobyte may unfold to gigabytes.
"""

import json
import zipfile
from collections.abc import Iterator
from io import BytesIO
from pathlib import Path
from typing import Any

from django.utils.translation import get_language
from django.utils.translation import gettext as _

from amana import confined
from amana.answers import require_kind
from amana.errors import Unreadable
from amana.exchange.hsds import tables
from amana.exchange.rows import MisplacedPart, pack_rows, unpack_rows

LIMITS = confined.Limits(memory=768, seconds=10, answer=32)
"""Ten thousand services with all their tables take a third of it."""

Found = tuple[str, dict[str, Any]] | MisplacedPart


def iterate_services(file: bytes | Path, by: int | None) -> Iterator[Found]:
    """Iterate every service with its place in the file, and what belongs nowhere. A
    folder is one that the server's administrators have unpacked themselves."""
    if isinstance(file, Path) and file.is_dir():
        yield from tables.nest_services(tables.read_folder(file))
        return
    yield from confined.run_confined(
        "amana.exchange.hsds.package:unpack",
        # Bytes and not a path: the other process gets them through a pipe.
        file.read_bytes() if isinstance(file, Path) else file,
        read_answer,
        by=by,
        limits=LIMITS,
        language=get_language() or "en",
    )


def read_answer(answer: bytes) -> list[Found]:
    return list(map(parse_found, unpack_rows(answer, most=tables.MOST_LINES)))


def parse_found(row: Any) -> Found:
    where, what, found = row
    if what is None:
        return require_kind(where, str), require_kind(found, dict)
    return MisplacedPart(
        require_kind(where, str), require_kind(what, str), require_kind(found, dict)
    )


def unpack(content: bytes) -> bytes:
    """Write the same as lines of JSON: this is the work of the other process."""
    return pack_rows(
        lambda: map(convert_to_data, read_services(content)), most=tables.MOST_LINES
    )


def convert_to_data(found: Found) -> tuple[str, str | None, Any]:
    if isinstance(found, MisplacedPart):
        return found.where, found.what, found.found
    where, service = found
    return where, None, service


def read_services(blob: bytes) -> Iterator[Found]:
    if zipfile.is_zipfile(BytesIO(blob)):
        yield from tables.nest_services(tables.read_tables(blob))
        return
    for number, service in enumerate(parse_services(blob), start=1):
        where = _("service %(number)s") % {"number": number}
        if isinstance(service, dict):
            yield where, service
        else:
            yield MisplacedPart(where, _("It is not an object."), {"found": service})


def parse_services(blob: bytes) -> list[object]:
    """Parse one service, a list, a page of the API (`contents`), or one service a line.
    Raises `Unreadable`."""
    try:
        text = blob.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise Unreadable(_("the file"), _("It is not UTF-8 text.")) from error
    try:
        said = json.loads(text)
    except (json.JSONDecodeError, RecursionError) as error:
        return parse_lines(text, error)
    if isinstance(said, dict) and isinstance(said.get("contents"), list):
        return list(said["contents"])
    if isinstance(said, list):
        return said
    if isinstance(said, dict) and "name" in said:
        return [said]
    raise Unreadable(_("the file"), _("It contains no services in HSDS format."))


def parse_lines(text: str, error: Exception) -> list[object]:
    lines = [line for line in text.splitlines() if line.strip()]
    if len(lines) < 2:
        raise Unreadable(
            _("the file"), _("It is not JSON: %(error)s") % {"error": error}
        ) from error
    found = []
    for number, line in enumerate(lines, start=1):
        try:
            found.append(json.loads(line))
        except json.JSONDecodeError as wrong:
            raise Unreadable(
                _("line %(number)s") % {"number": number},
                _("It is not JSON: %(error)s") % {"error": wrong},
            ) from wrong
    return found
