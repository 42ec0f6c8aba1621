"""Files that people review are checked when the program starts, and translated."""

from collections.abc import Callable
from pathlib import Path

import pytest
from django.utils import translation

from amana.care.cases import fields
from amana.care.cases.gate import QUESTIONS, gate_questions
from amana.design.directory.taxonomy import ServiceGroup, person_codes, service_types
from amana.insight.facts import kinds
from amana.reviewed_files import FaultyFile, read_reviewed
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
    service_types.FILE: read_reviewed,
    person_codes.FILE: read_reviewed,
    labels.FILE: read_reviewed,
    fields.FILE: fields.read_fields,
    kinds.FILE: kinds.read_kinds,
}


def test_each_reviewed_file_is_read_when_the_program_starts() -> None:
    assert {*list_translated_files(PRODUCT)} == READERS.keys()


@pytest.mark.parametrize(
    ("file", "right", "wrong", "fault"),
    [
        (gate_questions.FILE, "need: SH1", "need: SH99", "“SH99” is none of these"),
        (gate_questions.FILE, "SAFE02:", "SAVE02:", "does not have the right format"),
        (gate_questions.FILE, "lead: Look", "led: Look", "Did you mean “lead”?"),
        (service_types.FILE, "unit: beds", "unit: bed", "“bed” is none of these"),
        (person_codes.FILE, "  male: Men and boys", "  male:", "This is empty."),
        (labels.FILE, "opened file: Opened", "opened: Opened", "appears twice"),
        (labels.FILE, "context: what", "contxt: what", "Did you mean “context”?"),
        (fields.FILE, "kind: date", "kind: day", "“day” is none of these"),
        (fields.FILE, "  contact:\n", "  contacts:\n", "“contacts” is none of these"),
        (kinds.FILE, "[presumed, not", "[perhaps, not", "“perhaps” is none of these"),
        (kinds.FILE, "timed: true", "timed: yes", "true or false belongs here"),
    ],
)
def test_a_fault_is_named_with_its_file_and_line(
    tmp_path: Path, file: Path, right: str, wrong: str, fault: str
) -> None:
    before, found, after = file.read_text().partition(right)
    assert found, right
    spoilt = tmp_path / file.name
    spoilt.write_text(before + wrong + after)
    schema = find_schema(file)
    (tmp_path / schema.name).write_text(schema.read_text())

    with pytest.raises(FaultyFile, match=fault) as error:
        READERS[file](spoilt)

    assert str(error.value).startswith(f"{spoilt}:{before.count('\n') + 1}: ")
    assert str(error.value).count("\n") == 0


@pytest.mark.parametrize("file", READERS, ids=lambda file: file.stem)
def test_every_text_is_in_each_catalogue(file: Path) -> None:
    texts = [text for _line, text in list_lines(file)]
    assert len(texts) > 50
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


def test_what_a_file_says_of_itself_is_so() -> None:
    """What no schema can ask for."""
    assert all(q.unless[0] in QUESTIONS for q in QUESTIONS.values() if q.unless)
    assert all(
        code.rstrip("0123456789") == group
        for group, entry in service_types.GROUPS.items()
        for code in (*entry["types"], *entry.get("other_units", ()))
    )
