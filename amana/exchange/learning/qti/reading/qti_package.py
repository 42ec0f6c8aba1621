"""Unpack what was sent, one item after the other."""

import zipfile
from collections.abc import Iterator, Sequence
from io import BytesIO
from typing import Any, NoReturn
from xml.etree import ElementTree as ET

import yaml
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from amana import confined
from amana.answers import pack_answer, require_kind, require_texts, unpack_head
from amana.errors import Unreadable
from amana.exchange.learning.qti.reading.qti_items import (
    DAMAGED,
    ImportedQuestion,
    QTIItem,
    ReadQuestion,
    SkippedItem,
    UnusableItem,
    read_question,
)
from amana.exchange.rows import pack_rows, unpack_rows

LIMITS = confined.Limits(memory=512, seconds=15, answer=24)
"""Two thousand items of ten kilobytes take half of it."""


LARGEST = 20 * 1024 * 1024


LARGEST_ITEM = 1024 * 1024


MOST = 2000
"""Files in a package."""


DEEPEST = 64
"""How deep the elements of an item may be nested."""


BOUNDED = frozenset({zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED})
"""Ways to pack that unpack no further than they are asked to."""


def read_sent(
    blob: bytes, name: str, *, by: int
) -> list[ImportedQuestion | SkippedItem]:
    """Read a file in a process of its own; `by` is the key of the person who sent it.
    Raises Unreadable, or NotRead where it is too much."""
    work, language = f"{__name__}:unpack", get_language() or "en"
    asked = pack_answer({"name": name}, blob)
    return confined.run_confined(
        work, asked, read_answer, by=by, limits=LIMITS, language=language
    )


def unpack(asked: bytes) -> bytes:
    """Write every item as a line of JSON: this is the work of the other process."""
    head, blob = unpack_head(asked)
    return pack_rows(lambda: map(convert_to_data, read(blob, head["name"])), most=MOST)


def convert_to_data(
    item: ReadQuestion | SkippedItem,
) -> tuple[str, str | None, Sequence[str]]:
    if isinstance(item, SkippedItem):
        return item.where, None, [item.why]
    written = yaml.safe_dump([item.question], allow_unicode=True, sort_keys=False)
    return item.where, written, item.remarks


def read_answer(answer: bytes) -> list[ImportedQuestion | SkippedItem]:
    return list(map(parse_item, unpack_rows(answer, most=MOST)))


def parse_item(row: Any) -> ImportedQuestion | SkippedItem:
    where, written, said = row
    if written is None:
        [why] = require_texts(said)
        return SkippedItem(require_kind(where, str), why)
    return ImportedQuestion(
        require_kind(where, str), require_kind(written, str), tuple(require_texts(said))
    )


def read(blob: bytes, name: str) -> list[ReadQuestion | SkippedItem]:
    """Read every item of a package, or the one that the file is. Raises
    `Unreadable`."""
    found = list(iterate_files(blob, name))
    if not found:
        raise Unreadable(name, _("It contains no questions."))
    seen: set[str] = set()
    result: list[ReadQuestion | SkippedItem] = []
    for where, content in found:
        one = content if isinstance(content, SkippedItem) else read_item(where, content)
        if isinstance(one, ReadQuestion) and one.question["id"] in seen:
            one = SkippedItem(where, _("Another item has the same name."))
        if isinstance(one, ReadQuestion):
            seen.add(one.question["id"])
        result.append(one)
    return result


def iterate_files(blob: bytes, name: str) -> Iterator[tuple[str, bytes | SkippedItem]]:
    if not zipfile.is_zipfile(BytesIO(blob)):
        yield name, blob
        return
    try:
        package = zipfile.ZipFile(BytesIO(blob))
    except DAMAGED as error:
        raise Unreadable(
            name, _("This is not a zip file, or it is damaged.")
        ) from error
    with package:
        inside = [
            member
            for member in package.infolist()
            if member.filename.lower().endswith(".xml")
            and not member.filename.endswith("imsmanifest.xml")
        ]
        too_large = Unreadable(name, _("It is too large to read."))
        if len(inside) > MOST:
            raise too_large
        left = LARGEST
        for member in inside:
            content = read_member(package, member)
            if isinstance(content, bytes):
                left -= len(content)
            if left < 0:
                raise too_large
            yield member.filename, content


def read_member(package: zipfile.ZipFile, one: zipfile.ZipInfo) -> bytes | SkippedItem:
    """Read a file of the package, no further than an item may be long."""
    if one.flag_bits & 0x1:
        why = _(
            "The zip file is protected with a password. Create it again without one."
        )
        return SkippedItem(one.filename, why)
    try:
        if one.compress_type not in BOUNDED:
            raise NotImplementedError
        with package.open(one) as source:
            return source.read(LARGEST_ITEM + 1)
    except DAMAGED:
        return SkippedItem(one.filename, _("This can’t be read."))


class SafeTreeBuilder(ET.TreeBuilder):
    """Builds a tree without a document type, and no deeper than a person's item is."""

    depth = 0

    def doctype(self, name: str, pubid: str | None, system: str | None) -> NoReturn:
        # A document type can declare entities that unfold without end, or name files of
        # this server; without one there are none.
        raise UnusableItem(
            _("It contains a document type (DOCTYPE), which is not accepted.")
        )

    def start(self, tag: str, attrs: dict[str, str], /) -> ET.Element:
        self.depth += 1
        if self.depth > DEEPEST:
            raise UnusableItem(_("This is nested too deeply."))
        return super().start(tag, attrs)

    def end(self, tag: str, /) -> ET.Element:
        self.depth -= 1
        return super().end(tag)


def read_item(where: str, content: bytes) -> ReadQuestion | SkippedItem:
    if len(content) > LARGEST_ITEM:
        return SkippedItem(where, _("It is too large to read."))
    try:
        parser = ET.XMLParser(target=SafeTreeBuilder())  # noqa: S314 — see above
        parser.feed(content)
        item = QTIItem(parser.close())
        return ReadQuestion(where, read_question(item), tuple(item.remarks))
    except (ET.ParseError, ValueError, LookupError):
        return SkippedItem(where, _("It is not XML."))
    except UnusableItem as no:
        return SkippedItem(where, str(no))
