"""Every mistake in the author's words, with its row."""

import io
import zipfile
from collections.abc import Mapping
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from openpyxl import Workbook

from amana.design.forms.engine import form_model
from amana.design.forms.engine.expressions import parse_expression
from amana.design.forms.engine.form_faults import UnreadablePart
from amana.design.forms.engine.reading import read_form
from amana.design.forms.tests import writing
from amana.design.forms.tests.long_form import long_form, long_workbook
from amana.design.forms.tests.writing import faults, q
from amana.trust.vault.compartments import Compartment

SHARED = Path(__file__).resolve().parents[5] / "shared/data/htcds/htcds_xlsform.xlsx"

SEX = [
    {"list_name": "sex", "name": "f", "label": "Female"},
    {"list_name": "sex", "name": "m", "label": "Male"},
]
AGE = q("integer", "age")
ASKS_SEX = q("select_one sex", "sex")

MISTAKES: dict[str, tuple[list[Mapping[str, str]], str]] = {
    "a name that is not there": (
        [AGE, q("text", "why", relevant="${agee} > 3")],
        "survey 3 relevant: There is no question “agee”. Did you mean “age”?",
    ),
    "a name in a label": (
        [AGE, q("note", "said", "You are ${old}")],
        "survey 3 label: There is no question “old”.",
    ),
    "an option that is not in the list": (
        [ASKS_SEX, q("text", "why", relevant="${sex} = 'female'")],
        "survey 3 relevant: “female” is not a choice of “sex”. Choose from: f, m.",
    ),
    "an option in selected()": (
        [ASKS_SEX, q("text", "why", relevant="selected(${sex}, 'x')")],
        "survey 3 relevant: “x” is not a choice of “sex”. Choose from: f, m.",
    ),
    "an option in a constraint": (
        [q("select_one sex", "sex", constraint=". != 'female'")],
        "survey 2 constraint: “female” is not a choice of “sex”. Choose from: f, m.",
    ),
    "an expression that breaks off": (
        [AGE, q("text", "why", relevant="${age} >")],
        "survey 3 relevant: Something is missing at the end of this: ${age} >",
    ),
    "a bracket too few": (
        [AGE, q("text", "why", relevant="(${age} > 3")],
        "survey 3 relevant: Something is missing at the end of this: (${age} > 3",
    ),
    "two operators": (
        [AGE, q("text", "why", relevant="${age} = = 3")],
        "survey 3 relevant: “=” is out of place here: ${age} = = 3",
    ),
    "quotation marks from a word processor": (
        [ASKS_SEX, q("text", "why", relevant="${sex} = ‘f’")],
        "survey 3 relevant: Use straight quotation marks ( ' or \" ) here: "
        "${sex} = ‘f’",
    ),
    "a function that nobody knows": (
        [AGE, q("calculate", "n", calculation="cuont(${age})")],
        "survey 3 calculation: There is no function cuont(). Did you mean count()?",
    ),
    "something that would be code elsewhere": (
        [AGE, q("calculate", "n", calculation="__import__('os')")],
        "survey 3 calculation: There is no function __import__().",
    ),
    "a function with too much in it": (
        [AGE, q("calculate", "n", calculation="int(${age}, 2)")],
        "survey 3 calculation: int() takes 1 values, not 2: int(${age}, 2)",
    ),
    "a circle": (
        [
            q("calculate", "a", calculation="${b} + 1"),
            q("calculate", "b", calculation="${c} + 1"),
            q("calculate", "c", calculation="${a} + 1"),
        ],
        "survey 2: “a” depends on itself: a → b → c → a.",
    ),
    "a question that decides about itself": (
        [q("text", "why", relevant="${why} != ''")],
        "survey 2: “why” depends on itself: why → why.",
    ),
    "a group that its own question opens": (
        [
            q("begin_group", "g", relevant="${x} = '1'"),
            q("text", "x"),
            q("end_group", ""),
        ],
        "survey 2: “g” depends on itself: g → x → g.",
    ),
    "a name used twice": (
        [AGE, q("text", "age")],
        "survey 3: The name “age” is already used in row 2.",
    ),
    "a name that can't be one": (
        [q("text", "how old")],
        "survey 2: “how old” can’t be a name: letters without accents, digits, _ and "
        "-, and no digit at the beginning.",
    ),
    "no name": ([AGE, q("text", "", "Why?")], "survey 3: This row has no name."),
    "a type that nobody knows": (
        [q("texte", "why")],
        "survey 2: There is no question type “texte”. Did you mean “text”?",
    ),
    "a list that is not there": (
        [q("select_one sexx", "sex")],
        "survey 2: There is no list “sexx” on the sheet “choices”. Did you mean “sex”?",
    ),
    "no list": (
        [q("select_one", "sex")],
        "survey 2: Name the list of choices: select_one LIST.",
    ),
    "no label": (
        [{"type": "text", "name": "why", "compartment": "needs"}],
        "survey 2: “why” has no label, so no one could read it.",
    ),
    "a group that never ends": (
        [q("begin_group", "g"), AGE],
        "survey 2: “g” begins here and never ends.",
    ),
    "an end without a beginning": (
        [AGE, q("end_group", "")],
        "survey 3: Nothing is open here, so there is nothing to end.",
    ),
    "the wrong end": (
        [q("begin_group", "g"), AGE, q("end_repeat", "")],
        "survey 4: This ends a repeat, but “g” (row 2) is a group.",
    ),
    "a compartment that is none": (
        [q("text", "why", compartment="secrets")],
        "survey 2: There is no compartment “secrets”. Choose from: "
        + ", ".join(form_model.COMPARTMENTS)
        + ".",
    ),
    "no compartment": (
        [AGE, q("text", "why", compartment="")],
        "survey 3: “why” has no compartment, and no group around it has one. Choose "
        "from: " + ", ".join(form_model.COMPARTMENTS) + ".",
    ),
    "a condition that says nothing": (
        [AGE, q("text", "why", relevant="not(${age}) or 1 = 1")],
        "survey 3 relevant: “${age}” alone is not a condition. Compare it, for "
        "example: ${age} = 'yes'",
    ),
    "a column of the list that is not there": (
        [ASKS_SEX, q("select_one sex", "other", choice_filter="kind = ${sex}")],
        "survey 3 choice_filter: The sheet “choices” has no column “kind” for the "
        "list “sex”.",
    ),
    "a word without quotation marks": (
        [AGE, q("text", "why", relevant="${age} = old")],
        "survey 3 relevant: “old” is neither in ${…} nor in quotation marks.",
    ),
    "an id that would change all the time": (
        [q("calculate", "id", calculation="uuid()")],
        "survey 2 calculation: uuid() changes every time. Write once(uuid()).",
    ),
    "a part of a date that depends on the language": (
        [q("calculate", "d", calculation="format-date(today(), '%d %b')")],
        "survey 2 calculation: %b is not a known part of a date.",
    ),
    "a required that is neither yes nor no": (
        [q("text", "why", required="maybe")],
        "survey 2 required: This must be yes, no or a condition, not “maybe”.",
    ),
    "a range without bounds": (
        [q("range", "n", parameters="start=5 end=2")],
        "survey 2: The parameters of a range are three numbers, such as: start=0 "
        "end=10 step=1",
    ),
    "a calculation that is none": (
        [AGE, q("calculate", "n")],
        "survey 3: “n” has no calculation.",
    ),
    "a column name that is misspelt": (
        [q("text", "why", relevent="1 = 1")],
        "survey 1: There is no column “relevent”. Did you mean “relevant”?",
    ),
    "a column that we don't follow": (
        [q("text", "why", trigger="${why}")],
        "survey 1: The column “trigger” is not supported here.",
    ),
    "a name that HTCDS does not have": (
        [q("text", "prs_First_Name", compartment="identity")],
        "survey 2: The standard HTCDS 2.0 has no field “prs_First_Name”. Did you mean "
        "“prs_FirstName”?",
    ),
}


@pytest.mark.parametrize("what", MISTAKES)
def test_the_author_is_told_of(what: str) -> None:
    survey, sentence = MISTAKES[what]
    assert faults(*survey, choices=SEX) == [f"f.xlsx, {sentence}"]


def test_mistakes_on_the_sheet_of_choices_have_their_rows() -> None:
    choices = [
        {"list_name": "sex", "name": "f", "label": "Female"},
        {"list_name": "sex", "name": "f", "label": "Female again"},
        {"list_name": "sex", "name": "two words", "label": "Two"},
        {"list_name": "", "name": "m", "label": "Male"},
        {"list_name": "sex", "name": "m"},
    ]
    assert faults(ASKS_SEX, choices=choices) == [
        "f.xlsx, choices 3: The list “sex” has the choice “f” twice.",
        "f.xlsx, choices 4: “two words” can’t be the name of a choice: no spaces or "
        "quotation marks.",
        "f.xlsx, choices 5: This choice does not belong to any list.",
        "f.xlsx, choices 6: The choice “m” has no label.",
    ]


def test_all_mistakes_are_told_at_once_and_none_for_what_follows_from_another() -> None:
    found = faults(
        q("texte", "why"),
        q("text", "because", relevant="${why} != ''"),
        q("text", "then", relevant="${nowhere} != ''"),
    )
    assert found == [
        "f.xlsx, survey 2: There is no question type “texte”. Did you mean “text”?",
        "f.xlsx, survey 4 relevant: There is no question “nowhere”.",
    ]


def test_a_form_without_the_column_of_compartments_is_told_so_once() -> None:
    rows = [{"type": "text", "name": name, "label": name} for name in ("a", "b", "c")]
    (found,) = faults(*rows)
    assert found.startswith("f.xlsx, survey 1: There is no column “compartment”.")


def test_a_group_says_the_compartment_for_all_that_it_holds() -> None:
    form = writing.form(
        q("begin_group", "g", compartment="health"),
        q("text", "pain", compartment=""),
        q("text", "home", compartment="contact"),
        q("end_group", ""),
        {"type": "start", "name": "start"},
    )
    found = {name: question.compartment for name, question in form.questions.items()}
    assert found == {"pain": "health", "home": "contact", "start": ""}


def test_the_compartments_are_those_of_the_vault() -> None:
    assert set(form_model.COMPARTMENTS) == set(Compartment.values)


def test_the_standards_own_form_is_told_the_three_names_that_it_gets_wrong() -> None:
    if not SHARED.exists():
        pytest.skip("The HTCDS form is not on this machine.")
    form, found = read_form(SHARED.read_bytes(), name="htcds.xlsx")
    assert form is None
    assert [str(fault).partition(": ")[2] for fault in found[1:]] == [
        "The standard HTCDS 2.0 has no field “prs_First_Name”. Did you mean "
        "“prs_FirstName”?",
        "The standard HTCDS 2.0 has no field “prs_Second_Name”. Did you mean "
        "“prs_SecondName”?",
        "The standard HTCDS 2.0 has no field “vic_Methods_of_Control”. Did you "
        "mean “vic_MethodsOfControl”?",
    ]


def test_three_languages_and_their_sources_are_read() -> None:
    form = long_form()
    assert form.languages == ("en", "fr", "ar")
    assert form.questions["age"].label["ar"] == "العمر ولو تقديراً"
    assert form.questions["debt"].source.startswith("ILO")
    assert form.language_for("ar-SY") == "ar"
    assert form.language_for("so") == "en"
    assert form.title["fr"] == "Un long formulaire"


# --- what would do harm


def zipped(**parts: bytes) -> bytes:
    kept = io.BytesIO()
    with zipfile.ZipFile(kept, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, part in parts.items():
            archive.writestr(name.replace("__", "/") + ".xml", part)
    return kept.getvalue()


def with_cell(sheet: bytes, way: int = zipfile.ZIP_DEFLATED) -> bytes:
    """The long form, with another sheet in place of its survey."""
    kept = io.BytesIO()
    with (
        zipfile.ZipFile(io.BytesIO(long_workbook())) as given_,
        zipfile.ZipFile(kept, "w", way) as made,
    ):
        for name in given_.namelist():
            part = sheet if name.endswith("sheet1.xml") else given_.read(name)
            made.writestr(name, part)
    return kept.getvalue()


SPREADSHEET = b'<worksheet xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"><sheetData>%s</sheetData></worksheet>'
HARM = {
    "no workbook": b"type,name,label\n",
    "nothing": b"",
    "a zip of nothing": zipped(),
    "an old workbook": b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 600,
    "too large": b"PK" + b"\0" * 6_000_000,
    "a bomb": zipped(xl__worksheets__sheet1=b"<a>" + b" " * 60_000_000 + b"</a>"),
    "entities": zipped(
        xl__workbook=b'<!DOCTYPE a [<!ENTITY b "bb"><!ENTITY c "&b;&b;">]><a>&c;</a>'
    ),
    "a cell far away": with_cell(
        SPREADSHEET % b'<row r="1048576"><c r="XFD1048576"><v>1</v></c></row>'
    ),
    "a cell far away in a row near": with_cell(
        SPREADSHEET % b'<row r="1"><c r="XFD1"><v>1</v></c></row>'
    ),
    "cells without places": with_cell(
        SPREADSHEET % (b"<row>" + b"<c><v>1</v></c>" * 5000 + b"</row>")
    ),
    "rows without places": with_cell(SPREADSHEET % (b"<row></row>" * 20_000)),
    "half an element": with_cell(SPREADSHEET[:-20]),
    "a part that is packed in a way without bounds": with_cell(
        SPREADSHEET % b"", zipfile.ZIP_BZIP2
    ),
    "depth": with_cell(b"<a>" * 5000 + b"</a>" * 5000),
}


@pytest.mark.parametrize("what", HARM)
def test_an_upload_is_refused_whole_that_holds(what: str) -> None:
    form, found = read_form(HARM[what], name="f.xlsx")
    assert form is None
    assert len(found) == 1
    assert found[0].line is None


@given(where=st.integers(0, 20_000), byte=st.integers(0, 255), cut=st.booleans())
@settings(max_examples=60)
def test_a_damaged_workbook_breaks_nothing(where: int, byte: int, cut: bool) -> None:
    whole = bytearray(writing.workbook([AGE, ASKS_SEX], SEX))
    where %= len(whole)
    damaged = (
        whole[:where] if cut else whole[:where] + bytes([byte]) + whole[where + 1 :]
    )
    form, found = read_form(bytes(damaged), name="f.xlsx")
    assert (form is None) == bool(found)


def test_expressions_may_not_go_deep_or_on_for_ever() -> None:
    for source in ("(" * 500 + "1" + ")" * 500, "-" * 500 + "1", "1" + "+1" * 1900):
        (found,) = faults(q("calculate", "n", calculation=source))
        assert "too" in found


def test_groups_may_not_stand_in_each_other_for_ever() -> None:
    deep = [q("begin_group", f"g{n}") for n in range(40)]
    ends = [q("end_group", "") for _ in range(40)]
    assert any("deep" in found for found in faults(*deep, AGE, *ends))
    # As many as a form has rows: it is read no further.
    endless = [q("begin_group", f"g{n}") for n in range(990)]
    assert len([found for found in faults(*endless) if "deep" in found]) == 1


def test_a_workbook_without_its_sheets_is_told_so() -> None:
    kept = io.BytesIO()
    Workbook().save(kept)
    _form, found = read_form(kept.getvalue(), name="f.xlsx")
    assert [str(fault) for fault in found] == ["f.xlsx: There is no sheet “survey”."]


@given(source=st.text(max_size=40) | st.from_regex(r"[\d+*()., '$a{}=]{1,30}"))
def test_whatever_is_written_is_read_or_explained(source: str) -> None:
    try:
        parse_expression(source)
    except UnreadablePart as broken:
        said = str(broken)
    else:
        said = "read"
    assert said
