"""Submissions as ODK's programs send and accept them: the answers as an XML document,
and back."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from xml.parsers import expat
from xml.sax.saxutils import escape, quoteattr

from amana.design.forms.engine import values
from amana.design.forms.engine.expressions import evaluate
from amana.design.forms.engine.filling import FilledForm, NodeScope, Place, build_key
from amana.design.forms.engine.form_model import MOST_REPEATS, Form, Item, QuestionGroup
from amana.faults import ReadableError, gettext_noop

MOST_BYTES = 1_000_000
DEEPEST = 40
INSTANCE = re.compile(r"uuid:[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}")
NOT_IN_XML = re.compile("[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")

NOT_XML = gettext_noop("This is not a submission: the XML can’t be accepted.")
TOO_LARGE = gettext_noop("This submission is larger than a form’s answers can be.")
NO_INSTANCE = gettext_noop("This submission has no instanceID (uuid:…).")
OTHER_FORM = gettext_noop("This submission answers the form “%(id)s”, not “%(form)s”.")
UNKNOWN = gettext_noop("The form has no question “%(name)s”.")
TOO_MANY = gettext_noop("“%(name)s” is repeated more than %(most)s times.")


class UnreadableSubmission(ReadableError):
    """A submission that can't be accepted, and why; nothing of it was stored."""


def write_submission(form: Form, filled: FilledForm, instance_id: str) -> bytes:
    """Write the answers as ODK does: what isn't asked is left out."""
    if not INSTANCE.fullmatch(instance_id):
        raise ValueError("an instanceID is uuid: and a UUID")
    answers = "".join(iterate_elements(form.items, (), filled))
    about = f"<instanceID>{instance_id}</instanceID>"
    if form.instance_name is not None:
        name = values.convert_to_text(
            evaluate(form.instance_name, NodeScope(filled.settled, (), ()))
        )
        about += f"<instanceName>{escape_text(name)}</instanceName>" if name else ""
    return (
        f"<{form.root} id={quoteattr(form.name)} version={quoteattr(form.version)}>"
        f"{answers}<meta>{about}</meta></{form.root}>"
    ).encode()


def iterate_elements(
    items: Sequence[Item], place: Place, filled: FilledForm
) -> Iterator[str]:
    for item in items:
        key = build_key(item.name, place)
        if key in filled.off:
            continue
        if not isinstance(item, QuestionGroup):
            said = escape_text(filled.values.get(key, ""))
            yield f"<{item.name}>{said}</{item.name}>" if said else f"<{item.name}/>"
        elif item.repeats:
            for at in range(filled.counts[key]):
                inner = "".join(iterate_elements(item.items, (*place, at), filled))
                yield f"<{item.name}>{inner}</{item.name}>"
        else:
            inner = "".join(iterate_elements(item.items, place, filled))
            yield f"<{item.name}>{inner}</{item.name}>"


def escape_text(text: str) -> str:
    # XML has no way to write these characters, not even escaped; a parser would refuse
    # the whole document.
    return escape(NOT_IN_XML.sub("", text))


# --- and back


@dataclass
class SubmissionElement:
    name: str
    attributes: dict[str, str]
    inside: list["SubmissionElement"] = field(default_factory=list)
    text: str = ""

    def find(self, name: str) -> "SubmissionElement | None":
        return next((each for each in self.inside if each.name == name), None)


@dataclass(frozen=True)
class Submission:
    form: str
    version: str
    instance_id: str
    answers: dict[str, str]
    replaces: str = ""
    """The instance that this one corrects."""


def read_about(xml: bytes) -> tuple[str, str]:
    """Read which form, in which version, a submission claims to answer."""
    root = parse_xml(xml)
    return root.attributes.get("id", ""), root.attributes.get("version", "")


def read_submission(form: Form, xml: bytes) -> Submission:
    """Read the answers of a submission. Raises `UnreadableSubmission` if it isn't one
    to this
    form."""
    root = parse_xml(xml)
    if root.attributes.get("id") != form.name:
        said = root.attributes.get("id", "")[:100]
        raise UnreadableSubmission(OTHER_FORM, id=said, form=form.name)
    about = root.find("meta")
    instance = read_child_text(about, "instanceID")
    if not INSTANCE.fullmatch(instance):
        raise UnreadableSubmission(NO_INSTANCE)
    answers: dict[str, str] = {}
    read_answers_into(answers, form.items, root, ())
    return Submission(
        form=form.name,
        version=root.attributes.get("version", ""),
        instance_id=instance,
        answers=answers,
        replaces=read_child_text(about, "deprecatedID"),
    )


def read_child_text(about: SubmissionElement | None, name: str) -> str:
    found = about.find(name) if about else None
    return found.text.strip() if found else ""


def read_answers_into(
    answers: dict[str, str],
    items: Sequence[Item],
    element: SubmissionElement,
    place: Place,
) -> None:
    known = {item.name: item for item in items}
    for inner in element.inside:
        item = known.get(inner.name)
        if item is None:
            if inner.name == "meta" and not place:
                continue
            raise UnreadableSubmission(UNKNOWN, name=inner.name[:100])
        key = build_key(item.name, place)
        if not isinstance(item, QuestionGroup):
            answers[key] = inner.text
        elif not item.repeats:
            read_answers_into(answers, item.items, inner, place)
        # ODK sends an empty repeat as a template, which no one has answered.
        elif "template" not in inner.attributes:
            at = int(answers.get(key, "0"))
            if at >= MOST_REPEATS:
                raise UnreadableSubmission(TOO_MANY, name=item.name, most=MOST_REPEATS)
            answers[key] = str(at + 1)
            read_answers_into(answers, item.items, inner, (*place, at))


def parse_xml(xml: bytes) -> SubmissionElement:
    """Parse a small document into elements, without prefixes; nothing outside it is
    read. Raises `UnreadableSubmission`."""
    if len(xml) > MOST_BYTES:
        raise UnreadableSubmission(TOO_LARGE)
    top = SubmissionElement("", {})
    stack = [top]
    parser = expat.ParserCreate()
    parser.buffer_text = True

    def opened(name: str, attributes: dict[str, str]) -> None:
        # expat has no limit of its own, and what reads the elements later goes down by
        # calling itself.
        if len(stack) > DEEPEST:
            raise UnreadableSubmission(NOT_XML)
        plain = {key.rpartition(":")[2]: said for key, said in attributes.items()}
        element = SubmissionElement(name.rpartition(":")[2], plain)
        stack[-1].inside.append(element)
        stack.append(element)

    def closed(_name: str) -> None:
        stack.pop()

    def text(said: str) -> None:
        stack[-1].text += said

    def doctype(*_about: object) -> None:
        raise UnreadableSubmission(NOT_XML)

    parser.StartElementHandler = opened
    parser.EndElementHandler = closed
    parser.CharacterDataHandler = text
    # Without a document type there are no entities: neither some that multiply nor some
    # that read files.
    parser.StartDoctypeDeclHandler = doctype
    try:
        parser.Parse(xml, True)
    except (expat.ExpatError, ValueError, LookupError) as error:
        raise UnreadableSubmission(NOT_XML) from error
    return top.inside[0]
