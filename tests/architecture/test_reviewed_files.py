"""Files that people review are checked when the program starts, and translated."""

import ast
from collections.abc import Callable
from pathlib import Path

import pytest
from django.utils import translation

from amana.academy.exercises import standard_criteria, standard_observations
from amana.care.cases import fields
from amana.care.cases.gate import QUESTIONS, gate_questions
from amana.design.directory.taxonomy import ServiceGroup, person_codes, service_types
from amana.exchange.sources import columns
from amana.insight.facts import kinds
from amana.reviewed_files import FaultyFile, FileCodes, read_reviewed
from amana.trust.oversight import labels
from amana.yaml_files.translated import (
    find_schema,
    list_lines,
    list_translated_files,
)
from tests.architecture.code import PRODUCT
from tools import translations

READERS: dict[Path, Callable[[Path], object]] = {
    gate_questions.FILE: gate_questions.read_steps,
    service_types.FILE: service_types.read_types,
    person_codes.FILE: read_reviewed,
    labels.FILE: read_reviewed,
    fields.FILE: fields.read_fields,
    kinds.FILE: kinds.read_kinds,
    columns.FILE: columns.read_meanings,
    standard_criteria.FILE: standard_criteria.read_criteria,
    standard_observations.FILE: standard_observations.read_observations,
}


def test_each_reviewed_file_is_read_when_the_program_starts() -> None:
    assert {*list_translated_files(PRODUCT)} == READERS.keys()


@pytest.mark.parametrize(
    ("file", "right", "wrong", "fault"),
    [
        (gate_questions.FILE, "need: SH1", "need: SH99", "“SH99” is none of these"),
        (gate_questions.FILE, "SAFE02:", "SAVE02:", "does not have the right format"),
        (gate_questions.FILE, "lead: Look", "led: Look", "Did you mean “lead”?"),
        (gate_questions.FILE, "SAFE05:", "SAFE02:", "two questions “SAFE02”"),
        (gate_questions.FILE, "SAFE08: no", "SAFE80: no", "no question “SAFE80”"),
        (gate_questions.FILE, "against: [unsure]", "against: [yes]", "means danger"),
        (service_types.FILE, "unit: beds", "unit: bed", "“bed” is none of these"),
        (service_types.FILE, "SH2: Short", "ST2: Short", "“ST2” is not of group SH"),
        (service_types.FILE, "SH3: flats", "SH99: flats", "no “SH99” in this group"),
        (person_codes.FILE, "  male: Men and boys", "  male:", "This is empty."),
        (labels.FILE, "opened file: Opened", "opened: Opened", "appears twice"),
        (labels.FILE, "context: what", "contxt: what", "Did you mean “context”?"),
        (fields.FILE, "kind: date", "kind: day", "“day” is none of these"),
        (fields.FILE, "  contact:\n", "  contacts:\n", "“contacts” is none of these"),
        (columns.FILE, "kind: web", "kind: page", "“page” is none of these"),
        (columns.FILE, "codes: types", "codes: kinds", "“kinds” is none of these"),
        (kinds.FILE, "[presumed, not", "[perhaps, not", "“perhaps” is none of these"),
        (standard_observations.FILE, "    seen_by: Calm", "    seen: Calm", "seen_by"),
        (standard_criteria.FILE, "[seen.alone]", "[sean.alone]", "is none of these"),
        (standard_criteria.FILE, "key: interpreter", "key: guardian", "says nothing"),
        (standard_criteria.FILE, "precedence: {", "precedes: {", "not belong here"),
        (kinds.FILE, "timed: true", "timed: yes", "true or false belongs here"),
    ],
)
def test_a_fault_is_named_with_its_file_and_line(
    tmp_path: Path, file: Path, right: str, wrong: str, fault: str
) -> None:
    spoilt = copy_spoilt(tmp_path, file, right, wrong)

    with pytest.raises(FaultyFile, match=fault) as error:
        READERS[file](spoilt)

    line = file.read_text().partition(right)[0].count("\n") + 1
    assert str(error.value).startswith(f"{spoilt}:{line}: ")
    assert str(error.value).count("\n") == 0


def copy_spoilt(folder: Path, file: Path, right: str, wrong: str) -> Path:
    before, found, after = file.read_text().partition(right)
    assert found, right
    spoilt = folder / file.name
    spoilt.write_text(before + wrong + after)
    schema = find_schema(file)
    (folder / schema.name).write_text(schema.read_text())
    return spoilt


@pytest.mark.parametrize("file", READERS, ids=lambda file: file.stem)
def test_every_text_is_in_each_catalogue(file: Path) -> None:
    texts = [text for _line, text in list_lines(file)]
    assert len(texts) > 25
    for language in translations.languages():
        catalog = translations.translated(language.code)
        assert [
            text.text for text in texts if not catalog.get(text.text, text.context)
        ] == []


def test_a_text_is_shown_in_the_language_of_its_reader() -> None:
    with translation.override("fr"):
        assert str(ServiceGroup.SH.label) == translation.gettext("Shelter and housing")
        assert str(ServiceGroup.SH.label) != "Shelter and housing"
        assert str(labels.DID["locked"]) == translation.pgettext(
            "what a person did", "Locked"
        )


def test_a_question_that_the_program_names_is_asked_for(tmp_path: Path) -> None:
    spoilt = copy_spoilt(tmp_path, gate_questions.FILE, "SAFE14:", "SAFE15:")
    with pytest.raises(FaultyFile, match="“SAFE14” is missing"):
        gate_questions.read_steps(spoilt)


def test_each_question_of_the_gate_is_asked_once() -> None:
    assert len(QUESTIONS) == sum(len(step.questions) for step in gate_questions.STEPS)


def test_a_file_that_cannot_be_read_is_named(tmp_path: Path) -> None:
    missing = tmp_path / "kinds.yaml"
    with pytest.raises(FaultyFile, match=f"{missing} could not be read"):
        read_reviewed(missing)
    missing.write_text("a: b")
    with pytest.raises(FaultyFile, match=r"kinds\.schema\.json could not be read"):
        read_reviewed(missing)
    find_schema(missing).write_text("{")
    with pytest.raises(FaultyFile, match=r"kinds\.schema\.json could not be read"):
        read_reviewed(missing)


def test_each_code_that_the_program_names_is_in_a_file() -> None:
    """mypy can't see it: to it any name is a code of a file."""
    classes = {cls.__name__: cls for cls in FileCodes.__subclasses__()}
    assert len(classes) > 10
    named = 0
    for path in PRODUCT.rglob("*.py"):
        tree = ast.parse(path.read_text())
        here = {
            alias.asname or alias.name: classes[alias.name]
            for node in ast.walk(tree)
            if isinstance(node, ast.ImportFrom)
            for alias in node.names
            if alias.name in classes
        }
        here |= {
            node.name: classes[node.name]
            for node in ast.walk(tree)
            if isinstance(node, ast.ClassDef) and node.name in classes
        }
        for node in ast.walk(tree):
            match node:
                case (
                    ast.Attribute(value=ast.Name(id=name), attr=code)
                    | ast.Attribute(value=ast.Attribute(attr=name), attr=code)
                ) if name in here:
                    assert hasattr(here[name], code), f"{path}: {name}.{code}"
                    named += 1
    assert named > 100


@pytest.mark.parametrize("file", READERS, ids=lambda file: file.stem)
def test_no_text_is_cut_off_by_a_remark(file: Path) -> None:
    """After a space, “#” begins a remark, also in a text that isn’t in quotes."""
    for line in file.read_text().splitlines():
        if not line.lstrip().startswith("#"):
            assert " #" not in line, line
