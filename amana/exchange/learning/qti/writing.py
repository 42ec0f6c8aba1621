"""Questions as QTI 3 items, with the feedback on each option, and as a package of them.

What an item can't hold (source, objective, competency) is left out."""

from collections.abc import Iterable, Sequence
from xml.etree import ElementTree as ET

from amana.academy.courses.engine.course_content import (
    CourseContent,
    Question,
    QuestionText,
)
from amana.exchange.learning.lessons.writing import write_zip
from amana.exchange.learning.qti.vocabulary import LABEL, NAMESPACE

MANIFEST = "imsmanifest.xml"
PACKAGE = "http://www.imsglobal.org/xsd/qti/qtiv3p0/imscp_v1p1"
RESPONSE, SCORE, FEEDBACK, REMARK = "RESPONSE", "SCORE", "FEEDBACK", "REMARK"
XML = "{http://www.w3.org/XML/1998/namespace}"


def write_package(
    course: CourseContent, questions: Sequence[Question], *, language: str
) -> bytes:
    files = {}
    for question in questions:
        spoken = course.in_language(question.texts, language)
        files[f"items/{question.id}.xml"] = write_item(
            question, spoken.said, spoken.language
        )
    files[MANIFEST] = write_manifest(course.slug, files)
    return write_zip(files)


def write_manifest(slug: str, items: Iterable[str]) -> bytes:
    ET.register_namespace("", PACKAGE)
    root = ET.Element(f"{{{PACKAGE}}}manifest", {"identifier": f"amana-{slug}"})
    about = ET.SubElement(root, f"{{{PACKAGE}}}metadata")
    ET.SubElement(about, f"{{{PACKAGE}}}schema").text = "QTI Package"
    ET.SubElement(about, f"{{{PACKAGE}}}schemaversion").text = "3.0.0"
    ET.SubElement(root, f"{{{PACKAGE}}}organizations")
    resources = ET.SubElement(root, f"{{{PACKAGE}}}resources")
    for number, file in enumerate(items, 1):
        said = {"identifier": f"item-{number}", "type": "imsqti_item_xmlv3p0"}
        resource = ET.SubElement(
            resources, f"{{{PACKAGE}}}resource", said | {"href": file}
        )
        ET.SubElement(resource, f"{{{PACKAGE}}}file", {"href": file})
    return bytes(ET.tostring(root, encoding="utf-8", xml_declaration=True))


def write_item(question: Question, asked: QuestionText, language: str) -> bytes:
    # For each item again: the registry is global, and the manifest needs the empty
    # prefix for its own namespace.
    ET.register_namespace("", NAMESPACE)
    root = add_element(
        None,
        "assessment-item",
        identifier=question.id,
        title=asked.text[:200],
        adaptive="false",
        **{"time-dependent": "false"},
    )
    root.set(f"{XML}lang", language)
    if question.kind in LABEL:
        root.set("label", question.kind)
    declare(root, question)
    WRITE[question.kind](add_element(root, "item-body"), question, asked)
    add_processing(root, question, asked)
    if asked.feedback:
        add_remark(root, asked.feedback)
    return bytes(ET.tostring(root, encoding="utf-8", xml_declaration=True))


def add_element(under: ET.Element | None, name: str, /, **said: str) -> ET.Element:
    tag = f"{{{NAMESPACE}}}qti-{name}"
    return ET.Element(tag, said) if under is None else ET.SubElement(under, tag, said)


def add_html(under: ET.Element, name: str, text: str = "") -> ET.Element:
    made = ET.SubElement(under, f"{{{NAMESPACE}}}{name}")
    made.text = text
    return made


# --- what is declared


def declare(root: ET.Element, question: Question) -> None:
    cardinality, base = SHAPES[question.kind]
    said = {"cardinality": cardinality, "base-type": base}
    response = add_element(root, "response-declaration", identifier=RESPONSE, **said)
    if right := list_correct(question):
        values = add_element(response, "correct-response")
        for value in right:
            add_element(values, "value").text = value
    score = {"cardinality": "single", "base-type": "float"}
    declared = add_element(root, "outcome-declaration", identifier=SCORE, **score)
    add_element(add_element(declared, "default-value"), "value").text = "0"
    shown = {"cardinality": "multiple", "base-type": "identifier"}
    add_element(root, "outcome-declaration", identifier=FEEDBACK, **shown)
    one = {"cardinality": "single", "base-type": "identifier"}
    add_element(root, "outcome-declaration", identifier=REMARK, **one)


SHAPES = {
    "one": ("single", "identifier"),
    "decide": ("single", "identifier"),
    "many": ("multiple", "identifier"),
    "order": ("ordered", "identifier"),
    "match": ("multiple", "directedPair"),
    "number": ("single", "float"),
}


def list_correct(question: Question) -> list[str]:
    if question.kind == "number":
        return [repr(question.answer)]
    places = range(question.count)
    if question.kind == "order":
        return [f"o{at}" for at in places]
    if question.kind == "match":
        return [f"l{at} r{at}" for at in places]
    return [f"o{at}" for at in sorted(question.right)]


# --- what is asked


def write_choice(body: ET.Element, question: Question, asked: QuestionText) -> None:
    most = "0" if question.kind == "many" else "1"
    said = {"response-identifier": RESPONSE, "max-choices": most, "shuffle": "true"}
    interaction = add_element(body, "choice-interaction", **said)
    add_element(interaction, "prompt").text = asked.text
    for at, option in enumerate(asked.options):
        choice = add_element(interaction, "simple-choice", identifier=f"o{at}")
        choice.text = option.text
        if option.feedback:
            shown = {"outcome-identifier": FEEDBACK, "show-hide": "show"}
            inline = add_element(
                choice, "feedback-inline", identifier=f"o{at}", **shown
            )
            inline.text = option.feedback


def write_order(body: ET.Element, question: Question, asked: QuestionText) -> None:
    said = {"response-identifier": RESPONSE, "shuffle": "true"}
    interaction = add_element(body, "order-interaction", **said)
    add_element(interaction, "prompt").text = asked.text
    for at, option in enumerate(asked.options):
        add_element(
            interaction, "simple-choice", identifier=f"o{at}"
        ).text = option.text


def write_match(body: ET.Element, question: Question, asked: QuestionText) -> None:
    most = str(len(asked.pairs))
    said = {"response-identifier": RESPONSE, "shuffle": "true"}
    interaction = add_element(
        body, "match-interaction", **said, **{"max-associations": most}
    )
    add_element(interaction, "prompt").text = asked.text
    for side, letter in enumerate("lr"):
        group = add_element(interaction, "simple-match-set")
        for at, pair in enumerate(asked.pairs):
            one = {"identifier": f"{letter}{at}", "match-max": "1"}
            add_element(group, "simple-associable-choice", **one).text = pair[side]


def write_number(body: ET.Element, question: Question, asked: QuestionText) -> None:
    add_html(body, "p", asked.text)
    place = add_html(body, "p")
    entry = {"response-identifier": RESPONSE, "expected-length": "10"}
    add_element(place, "text-entry-interaction", **entry).tail = (
        f" {asked.unit}" if asked.unit else None
    )


WRITE = {
    "one": write_choice,
    "decide": write_choice,
    "many": write_choice,
    "order": write_order,
    "match": write_match,
    "number": write_number,
}


# --- what follows from an answer


def add_processing(root: ET.Element, question: Question, asked: QuestionText) -> None:
    processing = add_element(root, "response-processing")
    if list_correct(question):
        condition = add_element(processing, "response-condition")
        met = add_element(condition, "response-if")
        add_comparison(met, question)
        outcome = add_element(met, "set-outcome-value", identifier=SCORE)
        add_element(outcome, "base-value", **{"base-type": "float"}).text = "1"
    if any(option.feedback for option in asked.options):
        shown = add_element(processing, "set-outcome-value", identifier=FEEDBACK)
        # FEEDBACK is of several identifiers: a single answer has to become a container
        # first.
        if SHAPES[question.kind][0] == "single":
            shown = add_element(shown, "multiple")
        add_element(shown, "variable", identifier=RESPONSE)
    if asked.feedback:
        said = add_element(processing, "set-outcome-value", identifier=REMARK)
        add_element(said, "base-value", **{"base-type": "identifier"}).text = "all"


def add_comparison(met: ET.Element, question: Question) -> None:
    if question.kind == "number":
        within = f"{question.tolerance!r} {question.tolerance!r}"
        said = {"tolerance-mode": "absolute", "tolerance": within}
        both = add_element(met, "equal", **said)
    else:
        both = add_element(met, "match")
    add_element(both, "variable", identifier=RESPONSE)
    add_element(both, "correct", identifier=RESPONSE)


def add_remark(root: ET.Element, words: str) -> None:
    said = {"outcome-identifier": REMARK, "show-hide": "show"}
    modal = add_element(root, "modal-feedback", identifier="all", **said)
    add_html(add_element(modal, "content-body"), "p", words)
