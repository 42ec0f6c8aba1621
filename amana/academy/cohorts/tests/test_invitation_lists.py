"""A list of people as other programs save it: commas, semicolons, tabs, other headings,
other scripts; and lines that no one can use."""

import csv
import io

import pytest
from hypothesis import given as over
from hypothesis import strategies as st

from amana.academy.cohorts.invitation_lists import (
    MOST,
    MOST_BYTES,
    decode_list,
    read_list,
)
from amana.errors import Refused


def read(text: str) -> list[tuple[str, str, str]]:
    found = read_list(text, language="en")
    assert found.problems == []
    return [(person.address, person.name, person.language) for person in found.people]


@pytest.mark.parametrize(
    "text",
    [
        "amina@example.org,Amina Otieno,fr",
        "Amina Otieno;amina@example.org;français",
        "fr\tamina@example.org\tAmina Otieno",
        "E-Mail,Name,Language\namina@example.org,Amina Otieno,fr",
        "Langue;Nom;Courriel\nfr;Amina Otieno;AMINA@example.org",
        "اللغة,الاسم,البريد الإلكتروني\nfr,Amina Otieno,amina@example.org",
        '"Amina Otieno" , "amina@example.org", FR',
        "\n\n  amina@example.org , Amina Otieno , fr  \n\n",
    ],
)
def test_the_same_person_from_different_programs(text):
    assert read(text) == [("amina@example.org", "Amina Otieno", "fr")]


def test_name_and_language_may_be_missing():
    assert read("amina@example.org") == [("amina@example.org", "", "en")]
    assert read("Email,Name\namina@example.org,") == [("amina@example.org", "", "en")]


def test_other_scripts_and_marks_of_direction():
    text = "\u200famina@example.org\u200f,أمينة عوض,العربيّة"
    assert read(text) == [("amina@example.org", "أمينة عوض", "ar")]


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16"])
def test_files_as_spreadsheets_save_them(encoding):
    text = "email\tname\r\namina@example.org\tأمينة\r\n"
    assert read(decode_list(text.encode(encoding))) == [
        ("amina@example.org", "أمينة", "en")
    ]


@pytest.mark.parametrize(
    "sent",
    [
        "é".encode("latin-1"),
        b"PK\x03\x04 a workbook \x00\x00",
        b"\xff\xfea",
        b"x" * (MOST_BYTES + 1),
    ],
)
def test_a_file_that_is_no_list_is_refused_in_a_sentence(sent):
    with pytest.raises(Refused, match=r"CSV UTF-8|too large"):
        decode_list(sent)


@pytest.mark.parametrize("text", ["", "   \n\n", "email,name\n"])
def test_a_list_of_no_one_is_refused(text):
    with pytest.raises(Refused, match="no one"):
        read_list(text, language="en")


def test_a_list_that_is_too_long_is_refused_whole():
    text = "\n".join(f"p{n}@example.org" for n in range(MOST + 1))
    with pytest.raises(Refused, match=str(MOST)):
        read_list(text, language="en")


def test_each_wrong_line_has_its_number_itself_and_a_reason():
    found = read_list(
        "email,name,language\n"
        "amina@example.org,Amina,fr\n"
        "no address here,B,fr\n"
        ",C,fr\n"
        "d@example.org,D,klingon\n"
        "AMINA@example.org,Again,fr\n",
        language="en",
    )
    assert [person.line for person in found.people] == [2]
    assert [(p.line, p.said.split(",")[1]) for p in found.problems] == [
        (3, "B"),
        (4, "C"),
        (5, "D"),
        (6, "Again"),
    ]
    reasons = [problem.reason for problem in found.problems]
    assert "“no address here” is not an e-mail address" in reasons[0]
    assert "no e-mail address" in reasons[1]
    assert "“klingon”" in reasons[2]
    assert "already on line 2" in reasons[3]


CELL = st.text(st.characters(exclude_categories=["Cs", "Cc", "Zl", "Zp"]), max_size=20)


@over(st.lists(st.lists(CELL, max_size=5), max_size=8))
def test_whatever_is_sent_no_line_is_lost(rows):
    """Each line that holds a letter or a digit is a person or a problem, once."""
    sent = io.StringIO()
    csv.writer(sent).writerows(rows)
    text = sent.getvalue()
    held = {
        number
        for number, line in enumerate(text.splitlines(), 1)
        if any(sign.isalnum() for sign in line)
    }
    try:
        found = read_list(text, language="en")
    except Refused:
        assert not held
        return
    lines = [person.line for person in found.people]
    lines += [problem.line for problem in found.problems]
    assert len(lines) == len(set(lines))
    assert held <= set(lines)
    assert all("@" in person.address for person in found.people)
