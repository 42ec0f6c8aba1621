"""One item as a question, of each kind."""

import re
import zipfile
import zlib
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from math import isfinite
from typing import Any
from xml.etree import ElementTree as ET

from django.utils.translation import gettext as _

from amana.exchange.learning.qti.vocabulary import LABEL, NAMESPACE

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
