"""What is wrong with a case for a clinic is reported with its line."""

from pathlib import Path

import pytest

from amana.academy.courses.engine import course_content, files, reading
from amana.academy.courses.tests.courses import small_course

NAME = "clinics/lost-loop.yaml"
ROOT = Path(__file__).parents[5]
COURSE = ROOT / "courses/referral-mechanism"
CASE = """\
title: {en: Silence, fr: Le silence}
sectors: [health]
note: {en: No one is hurt., fr: Personne n’est blessé.}
presenter: A nurse
situation: {en: We referred her and heard nothing., fr: Nous n’avons rien reçu.}
asks: {en: What now?, fr: Et maintenant ?}
answers:
  - {code: where, when: Where did it go?, text: To a dead mailbox.}
  - {code: who, when: Who knew?, text: The cleaner.}
advice: [What would you write?]
findings:
  - {text: Referrals stopped., source: who-2003, where: p. 3, checked: "2026-11-30"}
others:
  - {text: They served her themselves., source: palermo-3}
lessons: [m1/01-asking-first]
"""


def faults(was="", becomes="", **changed):
    assert was in CASE
    spoilt = CASE.replace(was, becomes, 1) if was else CASE
    return [
        str(fault)
        for fault in reading.read_course(
            small_course(**{NAME: spoilt, **changed})
        ).faults
    ]


def test_a_sound_case_is_in_the_course():
    checked = reading.read_course(small_course(**{NAME: CASE}))

    assert checked.faults == []
    course = course_content.build_course(checked.compiled)
    assert course.clinics["lost-loop"]["asks"]["fr"] == "Et maintenant ?"


@pytest.mark.parametrize(
    ("was", "becomes", "line", "says"),
    [
        ("source: who-2003", "source: who-2004", 12, "no source “who-2004”"),
        ("source: palermo-3", "source: palermo", 14, "no source “palermo”"),
        ("01-asking-first", "01-asking", 15, "no lesson “m1/01-asking”"),
        ("fr: Le silence", "rf: Le silence", 1, "the language “rf”"),
        ("fr: Et maintenant ?", "de: Und nun?", 6, "the language “de”"),
        ("code: who,", "code: where,", 9, "used as a code more than once"),
        ("title: {en: Silence, fr", "title: {fr", 1, "first language (en) is missing"),
        (", where: p. 3", "", 12, "also needs “where”"),
        ("source: who-2003, where: p. 3,", "where: p. 3,", 12, "“source” is missing"),
        ("source: palermo-3", "where: p. 3", 14, "also needs “source”"),
        ("2026-11-30", "30 November", 12, "is not a date"),
        ("asks:", "ask:", 6, "does not belong here"),
        ("sectors: [health]", "sectors: []", 2, "empty"),
        ("text: The cleaner.", 'text: ""', 9, "empty"),
    ],
)
def test_a_fault_has_its_line(was, becomes, line, says):
    found = faults(was, becomes)

    assert any(
        fault.startswith(f"{NAME}:{line}:") and says in fault for fault in found
    ), found
    assert all(fault.startswith(NAME) for fault in found)


def test_a_sector_is_one_of_the_placement():
    placement = (
        "title: Begin\nabout: Here\nmodules: [m1]\nsectors:\n  - {code: police, name:"
        " Police, first: [m1/01-asking-first], asks: [{question: m1-q01, shows:"
        " [m1/01-asking-first]}, {question: m1-q03, shows: [m1/01-asking-first]},"
        " {question: m1-q04, shows: [m1/01-asking-first]}]}\n"
    )
    found = faults("[health]", "[polise]", **{"placement.yaml": placement})

    assert found == [
        f"{NAME}:2: There is no sector “polise” in placement.yaml. "
        "Did you mean “police”?"
    ]


def test_a_source_that_only_a_case_cites_is_cited():
    sources = (
        "palermo-3: {title: Protocol}\nwho-2003: {title: Advice}\n"
        "tip-2020: {title: Report}\n"
    )
    cites = CASE.replace("source: palermo-3", "source: tip-2020")
    for case, unused in ((CASE, True), (cites, False)):
        given = small_course(**{NAME: case, "sources.yaml": sources})
        remarks = [str(remark) for remark in reading.read_course(given).remarks]
        assert (
            any("Nothing cites the source “tip-2020”" in r for r in remarks) == unused
        )


def test_a_text_that_is_not_translated_is_a_remark():
    given = small_course(**{NAME: CASE.replace(", fr: Le silence", "")})
    checked = reading.read_course(given)

    assert checked.faults == []
    remark = f"{NAME}:1: This is not translated into “fr”."
    assert remark in map(str, checked.remarks)


def shipped():
    given = files.read_folder(COURSE)
    course = course_content.build_course(reading.read_course(given).compiled)
    return course, course.clinics


def test_twelve_cases_come_along_each_whole_in_three_languages():
    course, cases = shipped()
    assert len(cases) == 12

    remarks = reading.read_course(files.read_folder(COURSE)).remarks
    assert [r for r in map(str, remarks) if r.startswith("clinics/")] == []
    for case in cases.values():
        assert set(case["situation"]) == set(course.languages) == {"en", "fr", "ar"}


def test_a_finding_of_a_shipped_case_has_a_day_only_where_its_source_was_read():
    """Of some only a summary was read, and their page says that no one has read them;
    without a source it is the course's own rule."""
    _course, cases = shipped()
    for code, case in cases.items():
        for finding in [*case["findings"], *case["others"]]:
            was_read = "source" in finding and "not read" not in finding["where"]
            assert was_read == ("checked" in finding), (code, finding)
            assert finding.get("source") != "amana", code


def test_every_shipped_case_is_a_draft_until_it_was_reviewed():
    _course, cases = shipped()

    assert [code for code, case in cases.items() if case.get("reviewed_by")] == []
