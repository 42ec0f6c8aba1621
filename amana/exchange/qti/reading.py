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
from amana.answers import head_of, packed, pure, texts
from amana.errors import Unreadable
from amana.exchange.qti.vocabulary import LABEL, NAMESPACE
from amana.exchange.rows import answered, as_answer

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
class Taken:
    """A question, as in the file of a module's questions."""

    where: str
    question: Said
    remarks: tuple[str, ...] = ()


@dataclass(frozen=True)
class SetAside:
    """An item that is no question of ours, and why."""

    where: str
    why: str


@dataclass(frozen=True)
class Brought:
    """A question that was taken, as text for the file of a module's questions."""

    where: str
    written: str
    remarks: tuple[str, ...]


@dataclass
class Item:
    root: ET.Element
    remarks: list[str] = field(default_factory=list)


class No(Exception):
    """Why an item is not taken."""


def read_sent(blob: bytes, name: str, *, by: int) -> list[Brought | SetAside]:
    """Read a file in a process of its own; `by` is the key of the person who sent it.
    Raises Unreadable, or NotRead where it is too much."""
    work, language = "amana.exchange.qti.reading:unpack", get_language() or "en"
    asked = packed({"name": name}, blob)
    return confined.run(
        work, asked, items_told, by=by, limits=LIMITS, language=language
    )


def unpack(asked: bytes) -> bytes:
    """Write every item as a line of JSON: this is the work of the other process."""
    head, blob = head_of(asked)
    return as_answer(lambda: map(as_data, read(blob, head["name"])), most=MOST)


def as_data(item: Taken | SetAside) -> tuple[str, str | None, Sequence[str]]:
    if isinstance(item, SetAside):
        return item.where, None, [item.why]
    written = yaml.safe_dump([item.question], allow_unicode=True, sort_keys=False)
    return item.where, written, item.remarks


def items_told(answer: bytes) -> list[Brought | SetAside]:
    return list(map(as_item, answered(answer, most=MOST)))


def as_item(row: Any) -> Brought | SetAside:
    where, written, said = row
    if written is None:
        [why] = texts(said)
        return SetAside(pure(where, str), why)
    return Brought(pure(where, str), pure(written, str), tuple(texts(said)))


def read(blob: bytes, name: str) -> list[Taken | SetAside]:
    """Read every item of a package, or the one that the file is. Raises
    `Unreadable`."""
    found = list(files(blob, name))
    if not found:
        raise Unreadable(name, _("It contains no questions."))
    seen: set[str] = set()
    result: list[Taken | SetAside] = []
    for where, content in found:
        one = content if isinstance(content, SetAside) else one_of(where, content)
        if isinstance(one, Taken) and one.question["id"] in seen:
            one = SetAside(where, _("Another item has the same name."))
        if isinstance(one, Taken):
            seen.add(one.question["id"])
        result.append(one)
    return result


def files(blob: bytes, name: str) -> Iterator[tuple[str, bytes | SetAside]]:
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
            content = unpacked(package, member)
            if isinstance(content, bytes):
                left -= len(content)
            if left < 0:
                raise too_large
            yield member.filename, content


def unpacked(package: zipfile.ZipFile, one: zipfile.ZipInfo) -> bytes | SetAside:
    """Read a file of the package, no further than an item may be long."""
    if one.flag_bits & 0x1:
        why = _(
            "The zip file is protected with a password. Create it again without one."
        )
        return SetAside(one.filename, why)
    try:
        if one.compress_type not in BOUNDED:
            raise NotImplementedError
        with package.open(one) as source:
            return source.read(LARGEST_ITEM + 1)
    except DAMAGED:
        return SetAside(one.filename, _("This can’t be read."))


class Careful(ET.TreeBuilder):
    """Builds a tree without a document type, and no deeper than a person's item is."""

    depth = 0

    def doctype(self, name: str, pubid: str | None, system: str | None) -> NoReturn:
        # A document type can declare entities that unfold without end, or name files of
        # this server; without one there are none.
        raise No(_("It contains a document type (DOCTYPE), which is not accepted."))

    def start(self, tag: str, attrs: dict[str, str], /) -> ET.Element:
        self.depth += 1
        if self.depth > DEEPEST:
            raise No(_("This is nested too deeply."))
        return super().start(tag, attrs)

    def end(self, tag: str, /) -> ET.Element:
        self.depth -= 1
        return super().end(tag)


def one_of(where: str, content: bytes) -> Taken | SetAside:
    if len(content) > LARGEST_ITEM:
        return SetAside(where, _("It is too large to read."))
    try:
        parser = ET.XMLParser(target=Careful())  # noqa: S314 — see above
        parser.feed(content)
        item = Item(parser.close())
        return Taken(where, question_of(item), tuple(item.remarks))
    except (ET.ParseError, ValueError, LookupError):
        return SetAside(where, _("It is not XML."))
    except No as no:
        return SetAside(where, str(no))


# --- one item


def question_of(item: Item) -> Said:
    root = item.root
    if root.tag != q("assessment-item"):
        if "imsqti" in root.tag:
            raise No(_("It is not an item, or it uses another version of QTI."))
        raise No(_("It is not a QTI 3 item."))
    body = root.find(q("item-body"))
    if body is None:
        raise No(_("It contains no question."))
    for element in body.iter():
        if bare(element.tag) in SHOWN:
            raise No(_("It contains a picture, sound or formula that would be lost."))
    if root.find(q("template-declaration")) is not None:
        raise No(_("Its content is generated for each person."))
    interactions = [
        element for element in body.iter() if bare(element.tag).endswith("-interaction")
    ]
    if len(interactions) != 1:
        raise No(_("It does not ask exactly one question."))
    [interaction] = interactions
    read = READ.get(bare(interaction.tag))
    if read is None:
        said = {"kind": bare(interaction.tag)}
        raise No(_("Questions of type “%(kind)s” are not supported.") % said)
    question: Said = {"id": code_of(root.get("identifier", ""))}
    question |= read(item, body, interaction)
    if not question["text"]:
        raise No(_("It contains no question."))
    if remark := modal_of(root):
        question["feedback"] = remark
    return question


def code_of(identifier: str) -> str:
    """Build a code as those of questions: a letter, then letters, digits, hyphens."""
    code = re.sub(r"[^a-z0-9]+", "-", identifier.lower()).strip("-")
    return (code if code[:1].isalpha() else f"q-{code}".strip("-"))[:60]


def q(name: str) -> str:
    return f"{{{NAMESPACE}}}qti-{name}"


def bare(tag: object) -> str:
    return str(tag).rpartition("}")[2].removeprefix("qti-")


def words(of: ET.Element | None, without: frozenset[str] = frozenset()) -> str:
    """Read the text in an element, except in elements of these names."""
    return " ".join("".join(pieces(of, without)).split()) if of is not None else ""


def pieces(of: ET.Element, without: frozenset[str]) -> Iterator[str]:
    yield of.text or ""
    for part in of:
        if bare(part.tag) not in without:
            yield from pieces(part, without)
        yield " " if bare(part.tag) in ("p", "div", "br", "li") else ""
        yield part.tail or ""


def declaration(item: Item, interaction: ET.Element) -> ET.Element:
    wanted = interaction.get("response-identifier", "")
    for declared in item.root.findall(q("response-declaration")):
        if declared.get("identifier") == wanted:
            return declared
    raise No(_("The format of its answer is missing."))


def right_of(declared: ET.Element) -> list[str]:
    values = declared.findall(f"{q('correct-response')}/{q('value')}")
    return [words(value) for value in values]


def text_of(body: ET.Element, interaction: ET.Element) -> str:
    """Read what is written before the interaction, and its prompt."""
    before = words(body, frozenset({bare(interaction.tag)}))
    prompt = words(interaction.find(q("prompt")))
    return " ".join(filter(None, (before, prompt)))


FEEDBACK = frozenset({"feedback-inline", "feedback-block"})


def modal_of(root: ET.Element) -> str:
    found = [words(feedback) for feedback in root.findall(q("modal-feedback"))]
    return " ".join(dict.fromkeys(filter(None, found)))


def choices(within: ET.Element, tag: str = "simple-choice") -> Mapping[str, ET.Element]:
    found = {option.get("identifier", ""): option for option in within.iter(q(tag))}
    if len(found) < 2 or "" in found:
        raise No(_("It offers fewer than two options."))
    return found


# --- the kinds


def choice(item: Item, body: ET.Element, interaction: ET.Element) -> Said:
    declared, offered = declaration(item, interaction), choices(interaction)
    right = right_of(declared)
    if not set(right) <= offered.keys():
        raise No(_("Its correct answer is not among its options."))
    many = declared.get("cardinality") == "multiple"
    label = item.root.get("label", "")
    # A “decide” question has no right answer; QTI knows no such kind, so it is in the
    # label.
    if not right and (many or label not in LABEL):
        raise No(_("Its correct answer is missing."))
    if many and item.root.find(f".//{q('mapping')}") is not None:
        item.remarks.append(_("Points for parts of an answer are left out."))
    options = []
    for name, offer in offered.items():
        option: Said = {"text": words(offer, FEEDBACK)}
        if name in right:
            option["right"] = True
        if said := " ".join(filter(None, map(words, feedback_in(offer)))):
            option["feedback"] = said
        options.append(option)
    if not all("feedback" in option for option in options):
        item.remarks.append(_("Some options have no feedback yet."))
    kind = "many" if many else "decide" if label in LABEL else "one"
    return {"kind": kind, "text": text_of(body, interaction), "options": options}


def feedback_in(option: ET.Element) -> Sequence[ET.Element]:
    return [element for element in option.iter() if bare(element.tag) in FEEDBACK]


def order(item: Item, body: ET.Element, interaction: ET.Element) -> Said:
    offered = choices(interaction)
    right = right_of(declaration(item, interaction))
    if sorted(right) != sorted(offered):
        raise No(_("The correct order of its options is missing or incomplete."))
    return {
        "kind": "order",
        "text": text_of(body, interaction),
        "options": [words(offered[name], FEEDBACK) for name in right],
    }


def match(item: Item, body: ET.Element, interaction: ET.Element) -> Said:
    sides = interaction.findall(q("simple-match-set"))
    if len(sides) != 2:
        raise No(_("It does not have two lists to match."))
    lefts, rights = (choices(side, "simple-associable-choice") for side in sides)
    pairs = [value.split() for value in right_of(declaration(item, interaction))]
    whole = all(len(pair) == 2 for pair in pairs)
    if not whole or sorted(pair[0] for pair in pairs) != sorted(lefts):
        raise No(_("It does not match each option with exactly one other."))
    if sorted(pair[1] for pair in pairs) != sorted(rights):
        raise No(_("It does not match each option with exactly one other."))
    return {
        "kind": "match",
        "text": text_of(body, interaction),
        "pairs": [
            {"left": words(lefts[left]), "right": words(rights[right])}
            for left, right in pairs
        ],
    }


def number(item: Item, body: ET.Element, interaction: ET.Element) -> Said:
    declared = declaration(item, interaction)
    if declared.get("base-type") not in NUMBERS:
        raise No(
            _("Free-text answers are marked by people, so they can’t be imported here.")
        )
    try:
        [answer] = [finite(value) for value in right_of(declared)]
    except ValueError:
        raise No(_("Its correct answer is not exactly one number.")) from None
    found: Said = {
        "kind": "number",
        "text": before(body, interaction),
        "answer": int(answer) if answer == int(answer) else answer,
    }
    if unit := " ".join((interaction.tail or "").split()):
        found["unit"] = unit
    if tolerance := tolerance_of(item.root):
        found["tolerance"] = tolerance
    return found


def finite(said: str) -> float:
    """Parse a number that a person can answer: neither infinite nor none at all."""
    found = float(said)
    if not isfinite(found):
        raise ValueError(said)
    return found


def before(body: ET.Element, interaction: ET.Element) -> str:
    """Read the text without the unit, which follows the interaction."""
    # Removed for a moment, because the text of an element includes what follows its
    # children.
    tail, interaction.tail = interaction.tail, ""
    found = text_of(body, interaction)
    interaction.tail = tail
    return found


def tolerance_of(root: ET.Element) -> float:
    """Read how far away is still right, where both sides are equal and it is absolute.
    Raises `No` otherwise."""
    for equal in root.iter(q("equal")):
        given = equal.get("tolerance", "0").split()
        mode = equal.get("tolerance-mode", "exact")
        try:
            sides = {finite(side) for side in given}
        except ValueError:
            raise No(_("The precision required of the number is missing.")) from None
        if mode == "exact":
            return 0
        if mode != "absolute" or len(sides) != 1:
            raise No(
                _(
                    "The precision required of the number is given in a way that "
                    "is not supported."
                )
            )
        return sides.pop()
    return 0


READ: Mapping[str, Callable[[Item, ET.Element, ET.Element], Said]] = {
    "choice-interaction": choice,
    "order-interaction": order,
    "match-interaction": match,
    "text-entry-interaction": number,
}
