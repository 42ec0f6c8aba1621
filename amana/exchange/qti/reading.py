"""QTI 3 items as questions of a course: each one taken, or set aside with the reason.

Nothing is guessed. An item that shows a picture, asks two things at once or is marked
by a person would be another question without it, so it is not taken. XML from outside
is read without a document type: no entity is ever followed. No size that a package
claims is believed. A file that someone sends is read in a process of its own
(`read_sent`)."""

import re
import zipfile
import zlib
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from io import BytesIO
from math import isfinite
from typing import Any, NoReturn
from xml.etree import ElementTree as ET

import yaml
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from amana import confined
from amana.answers import pack_answer, require_kind, require_texts, unpack_head
from amana.errors import Unreadable
from amana.exchange.qti.vocabulary import LABEL, NAMESPACE
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
DAMAGED = (
    zipfile.BadZipFile,
    zlib.error,
    EOFError,
    NotImplementedError,
    RuntimeError,
    ValueError,
    OSError,
)
NUMBERS = ("float", "integer")
SHOWN = frozenset(
    {"img", "object", "audio", "video", "math", "picture", "svg", "iframe"}
)

type Said = dict[str, Any]


@dataclass(frozen=True)
class ReadQuestion:
    """A question, as in the file of a module's questions."""

    where: str
    question: Said
    remarks: tuple[str, ...] = ()


@dataclass(frozen=True)
class SkippedItem:
    """An item that is no question of ours, and why."""

    where: str
    why: str


@dataclass(frozen=True)
class ImportedQuestion:
    """A question that was taken, as text for the file of a module's questions."""

    where: str
    written: str
    remarks: tuple[str, ...]


@dataclass
class QTIItem:
    root: ET.Element
    remarks: list[str] = field(default_factory=list)


class UnusableItem(Exception):
    """Why an item is not taken."""


def read_sent(
    blob: bytes, name: str, *, by: int
) -> list[ImportedQuestion | SkippedItem]:
    """Read a file in a process of its own; `by` is the key of the person who sent it.
    Raises Unreadable, or NotRead where it is too much."""
    work, language = "amana.exchange.qti.reading:unpack", get_language() or "en"
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


# --- one item


def read_question(item: QTIItem) -> Said:
    root = item.root
    if root.tag != build_tag("assessment-item"):
        if "imsqti" in root.tag:
            raise UnusableItem(
                _("It is not an item, or it uses another version of QTI.")
            )
        raise UnusableItem(_("It is not a QTI 3 item."))
    body = root.find(build_tag("item-body"))
    if body is None:
        raise UnusableItem(_("It contains no question."))
    for element in body.iter():
        if strip_tag(element.tag) in SHOWN:
            raise UnusableItem(
                _("It contains a picture, sound or formula that would be lost.")
            )
    if root.find(build_tag("template-declaration")) is not None:
        raise UnusableItem(_("Its content is generated for each person."))
    interactions = [
        element
        for element in body.iter()
        if strip_tag(element.tag).endswith("-interaction")
    ]
    if len(interactions) != 1:
        raise UnusableItem(_("It does not ask exactly one question."))
    [interaction] = interactions
    read = READ.get(strip_tag(interaction.tag))
    if read is None:
        said = {"kind": strip_tag(interaction.tag)}
        raise UnusableItem(_("Questions of type “%(kind)s” are not supported.") % said)
    question: Said = {"id": build_code(root.get("identifier", ""))}
    question |= read(item, body, interaction)
    if not question["text"]:
        raise UnusableItem(_("It contains no question."))
    if remark := read_feedback(root):
        question["feedback"] = remark
    return question


def build_code(identifier: str) -> str:
    """Build a code as those of questions: a letter, then letters, digits, hyphens."""
    code = re.sub(r"[^a-z0-9]+", "-", identifier.lower()).strip("-")
    return (code if code[:1].isalpha() else f"q-{code}".strip("-"))[:60]


def build_tag(name: str) -> str:
    return f"{{{NAMESPACE}}}qti-{name}"


def strip_tag(tag: object) -> str:
    return str(tag).rpartition("}")[2].removeprefix("qti-")


def read_text(of: ET.Element | None, without: frozenset[str] = frozenset()) -> str:
    """Read the text in an element, except in elements of these names."""
    return (
        " ".join("".join(iterate_pieces(of, without)).split()) if of is not None else ""
    )


def iterate_pieces(of: ET.Element, without: frozenset[str]) -> Iterator[str]:
    yield of.text or ""
    for part in of:
        if strip_tag(part.tag) not in without:
            yield from iterate_pieces(part, without)
        yield " " if strip_tag(part.tag) in ("p", "div", "br", "li") else ""
        yield part.tail or ""


def find_declaration(item: QTIItem, interaction: ET.Element) -> ET.Element:
    wanted = interaction.get("response-identifier", "")
    for declared in item.root.findall(build_tag("response-declaration")):
        if declared.get("identifier") == wanted:
            return declared
    raise UnusableItem(_("The format of its answer is missing."))


def list_right(declared: ET.Element) -> list[str]:
    values = declared.findall(f"{build_tag('correct-response')}/{build_tag('value')}")
    return [read_text(value) for value in values]


def read_question_text(body: ET.Element, interaction: ET.Element) -> str:
    """Read what is written before the interaction, and its prompt."""
    before = read_text(body, frozenset({strip_tag(interaction.tag)}))
    prompt = read_text(interaction.find(build_tag("prompt")))
    return " ".join(filter(None, (before, prompt)))


FEEDBACK = frozenset({"feedback-inline", "feedback-block"})


def read_feedback(root: ET.Element) -> str:
    found = [
        read_text(feedback) for feedback in root.findall(build_tag("modal-feedback"))
    ]
    return " ".join(dict.fromkeys(filter(None, found)))


def map_choices(
    within: ET.Element, tag: str = "simple-choice"
) -> Mapping[str, ET.Element]:
    found = {
        option.get("identifier", ""): option for option in within.iter(build_tag(tag))
    }
    if len(found) < 2 or "" in found:
        raise UnusableItem(_("It offers fewer than two options."))
    return found


# --- the kinds


def read_choice(item: QTIItem, body: ET.Element, interaction: ET.Element) -> Said:
    declared, offered = find_declaration(item, interaction), map_choices(interaction)
    right = list_right(declared)
    if not set(right) <= offered.keys():
        raise UnusableItem(_("Its correct answer is not among its options."))
    many = declared.get("cardinality") == "multiple"
    label = item.root.get("label", "")
    # A “decide” question has no right answer; QTI knows no such kind, so it is in the
    # label.
    if not right and (many or label not in LABEL):
        raise UnusableItem(_("Its correct answer is missing."))
    if many and item.root.find(f".//{build_tag('mapping')}") is not None:
        item.remarks.append(_("Points for parts of an answer are left out."))
    options = []
    for name, offer in offered.items():
        option: Said = {"text": read_text(offer, FEEDBACK)}
        if name in right:
            option["right"] = True
        if said := " ".join(filter(None, map(read_text, find_feedback(offer)))):
            option["feedback"] = said
        options.append(option)
    if not all("feedback" in option for option in options):
        item.remarks.append(_("Some options have no feedback yet."))
    kind = "many" if many else "decide" if label in LABEL else "one"
    return {
        "kind": kind,
        "text": read_question_text(body, interaction),
        "options": options,
    }


def find_feedback(option: ET.Element) -> Sequence[ET.Element]:
    return [element for element in option.iter() if strip_tag(element.tag) in FEEDBACK]


def read_order(item: QTIItem, body: ET.Element, interaction: ET.Element) -> Said:
    offered = map_choices(interaction)
    right = list_right(find_declaration(item, interaction))
    if sorted(right) != sorted(offered):
        raise UnusableItem(
            _("The correct order of its options is missing or incomplete.")
        )
    return {
        "kind": "order",
        "text": read_question_text(body, interaction),
        "options": [read_text(offered[name], FEEDBACK) for name in right],
    }


def read_match(item: QTIItem, body: ET.Element, interaction: ET.Element) -> Said:
    sides = interaction.findall(build_tag("simple-match-set"))
    if len(sides) != 2:
        raise UnusableItem(_("It does not have two lists to match."))
    lefts, rights = (map_choices(side, "simple-associable-choice") for side in sides)
    pairs = [value.split() for value in list_right(find_declaration(item, interaction))]
    whole = all(len(pair) == 2 for pair in pairs)
    if not whole or sorted(pair[0] for pair in pairs) != sorted(lefts):
        raise UnusableItem(_("It does not match each option with exactly one other."))
    if sorted(pair[1] for pair in pairs) != sorted(rights):
        raise UnusableItem(_("It does not match each option with exactly one other."))
    return {
        "kind": "match",
        "text": read_question_text(body, interaction),
        "pairs": [
            {"left": read_text(lefts[left]), "right": read_text(rights[right])}
            for left, right in pairs
        ],
    }


def read_number(item: QTIItem, body: ET.Element, interaction: ET.Element) -> Said:
    declared = find_declaration(item, interaction)
    if declared.get("base-type") not in NUMBERS:
        raise UnusableItem(
            _("Free-text answers are marked by people, so they can’t be imported here.")
        )
    try:
        [answer] = [parse_finite(value) for value in list_right(declared)]
    except ValueError:
        raise UnusableItem(_("Its correct answer is not exactly one number.")) from None
    found: Said = {
        "kind": "number",
        "text": read_without_unit(body, interaction),
        "answer": int(answer) if answer == int(answer) else answer,
    }
    if unit := " ".join((interaction.tail or "").split()):
        found["unit"] = unit
    if tolerance := read_tolerance(item.root):
        found["tolerance"] = tolerance
    return found


def parse_finite(said: str) -> float:
    """Parse a number that a person can answer: neither infinite nor none at all."""
    found = float(said)
    if not isfinite(found):
        raise ValueError(said)
    return found


def read_without_unit(body: ET.Element, interaction: ET.Element) -> str:
    """Read the text without the unit, which follows the interaction."""
    # Removed for a moment, because the text of an element includes what follows its
    # children.
    tail, interaction.tail = interaction.tail, ""
    found = read_question_text(body, interaction)
    interaction.tail = tail
    return found


def read_tolerance(root: ET.Element) -> float:
    """Read how far away is still right, where both sides are equal and it is absolute.
    Raises `UnusableItem` otherwise."""
    for equal in root.iter(build_tag("equal")):
        given = equal.get("tolerance", "0").split()
        mode = equal.get("tolerance-mode", "exact")
        try:
            sides = {parse_finite(side) for side in given}
        except ValueError:
            raise UnusableItem(
                _("The precision required of the number is missing.")
            ) from None
        if mode == "exact":
            return 0
        if mode != "absolute" or len(sides) != 1:
            raise UnusableItem(
                _(
                    "The precision required of the number is given in a way that "
                    "is not supported."
                )
            )
        return sides.pop()
    return 0


READ: Mapping[str, Callable[[QTIItem, ET.Element, ET.Element], Said]] = {
    "choice-interaction": read_choice,
    "order-interaction": read_order,
    "match-interaction": read_match,
    "text-entry-interaction": read_number,
}
