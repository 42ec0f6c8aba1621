"""A course with a fault is refused, and each fault is told with its line."""

import json

import pytest

from amana.academy.courses.engine import files, reading
from amana.academy.courses.tests.courses import (
    FILES,
    LESSON,
    small_course,
    spoilt,
    without,
)
from amana.design.mechanism.pack.files import BadPack

LESSON_FILE = "modules/1-consent/en/01-asking-first.md"
QUESTIONS_FILE = "modules/1-consent/questions.yaml"
BANK_FILE = "modules/1-consent/bank.yaml"
TEST_FILE = "modules/1-consent/test.yaml"
MODULE_FILE = "modules/1-consent/module.yaml"
FIGURE_FILE = "modules/1-consent/figures/circles.svg"


def faults(files_):
    return [str(fault) for fault in reading.read_course(files_).faults]


def remarks(files_):
    return [str(remark) for remark in reading.read_course(files_).remarks]


def test_the_small_course_has_no_fault():
    checked = reading.read_course(small_course())

    assert checked.faults == []
    plain = json.loads(checked.compiled)
    assert [module["code"] for module in plain["modules"]] == ["m1", "m2"]


def test_the_same_files_have_the_same_hash_and_others_another():
    same = reading.read_course(dict(reversed(small_course().items())))
    other = reading.read_course(spoilt(LESSON_FILE, "she may say no", "she can say no"))

    assert reading.read_course(small_course()).sha256 == same.sha256
    assert other.compiled
    assert other.sha256 != same.sha256


def test_the_order_in_which_an_author_writes_things_changes_no_hash():
    turned = spoilt(
        "course.yaml",
        "{en: A small course, fr: Un petit cours}",
        "{fr: Un petit cours, en: A small course}",
    )

    assert (
        reading.read_course(turned).sha256 == reading.read_course(small_course()).sha256
    )


PLANTED = {
    "a module that isn't there": (
        ("course.yaml", "[1-consent, 2-law]", "[1-consent, 2-law, 3-care]"),
        "course.yaml:14: There is no folder modules/3-care with a module.yaml.",
    ),
    "a module that course.yaml does not name": (
        ("course.yaml", "[1-consent, 2-law]", "[1-consent]"),
        "modules/2-law: course.yaml does not name this module.",
    ),
    "an unknown key": (
        (MODULE_FILE, "summary: Why", "sumary: Why"),
        f"{MODULE_FILE}:3: “sumary” does not belong here. Did you mean “summary”?",
    ),
    "a kind of lesson that there isn't": (
        (LESSON_FILE, "kind: lesson", "kind: lecture"),
        f"{LESSON_FILE}:3: “lecture” is none of these: lesson, case, activity, "
        "reflection.",
    ),
    "an objective that nobody has": (
        (LESSON_FILE, "objectives: [O1]", "objectives: [O1, O9]"),
        f"{LESSON_FILE}:4: There is no objective “O9”.",
    ),
    "a competency that nobody has": (
        (LESSON_FILE, "competencies: [RM-1]", "competencies: [RM-7]"),
        f"{LESSON_FILE}:5: There is no competency “RM-7”. Did you mean “RM-1”?",
    ),
    "an objective that nothing assesses": (
        (MODULE_FILE, "objectives: [O1]", "objectives: [O1, O2]"),
        f"{MODULE_FILE}:4: “O2” is not assessed: no question in this module’s test "
        "covers it.",
    ),
    "a citation of nothing": (
        (LESSON_FILE, "[@who-2003]", "[@who-2004]"),
        f"{LESSON_FILE}:10: There is no source “who-2004” in sources.yaml. "
        "Did you mean “who-2003”?",
    ),
    "a number without a source": (
        (LESSON_FILE, "[@who-2003]", ""),
        None,
    ),
    "a practice question that isn't there": (
        (LESSON_FILE, "m1-q01 }}", "m1-q77 }}"),
        f"{LESSON_FILE}:20: There is no question “m1-q77” in this module. "
        "Did you mean “m1-q06”?",
    ),
    "a line of ours that isn't one": (
        (LESSON_FILE, "{{ helplines }}", "{{ helpline }}"),
        None,
    ),
    "a picture without words": (
        (LESSON_FILE, "![Two circles that touch]", "![]"),
        f"{LESSON_FILE}:14: This picture has no alternative text. Describe what "
        "it shows between the brackets.",
    ),
    "a picture that isn't there": (
        (LESSON_FILE, "figures/circles.svg", "figures/circle.svg"),
        f"{LESSON_FILE}:14: There is no figure “figures/circle.svg” in figures/ of "
        "this module.",
    ),
    "a picture from elsewhere": (
        (LESSON_FILE, "figures/circles.svg", "https://example.org/a.svg"),
        None,
    ),
    "HTML in a lesson": (
        (LESSON_FILE, "It is her story", "<b onclick=x>It</b> is her story"),
        f"{LESSON_FILE}:10: Lessons can’t contain HTML. Write Markdown.",
    ),
    "an address that can do something": (
        (LESSON_FILE, "her story", "[her story](javascript:alert)"),
        f"{LESSON_FILE}:10: “javascript:alert” can’t be a link: addresses begin with "
        "https://",
    ),
    "a lesson that takes twenty years of school": (
        (
            LESSON_FILE,
            "We ask each time before we share.",
            "Institutional intermediaries unconditionally necessitate comprehensive "
            "multidisciplinary authorisation procedures whenever confidential "
            "identificatory information circulates internationally, notwithstanding "
            "organisational considerations, administrative responsibilities, "
            "jurisdictional incompatibilities and other extraordinary eventualities.",
        ),
        None,
    ),
    "a drawing that does not say what it shows": (
        (FIGURE_FILE, "<title>Two circles that touch</title>", ""),
        f"{FIGURE_FILE}: A figure needs a <title> that describes what it shows.",
    ),
    "a drawing that runs something": (
        (FIGURE_FILE, "<circle", "<script>alert(1)</script><circle"),
        f"{FIGURE_FILE}: A figure can only be a still picture: remove “script”, and "
        "any addresses of other sites.",
    ),
    "a drawing that calls elsewhere": (
        (FIGURE_FILE, 'r="2"/>', 'r="2" fill="url(https://example.org/x)"/>'),
        f"{FIGURE_FILE}: A figure can only be a still picture: remove “fill”, and "
        "any addresses of other sites.",
    ),
    "a question whose option has no feedback": (
        (QUESTIONS_FILE, ", feedback: Not without her yes.", ""),
        f"{QUESTIONS_FILE}:9: This option has no feedback. Explain why it is right or "
        "wrong.",
    ),
    "two right options where one is asked": (
        (QUESTIONS_FILE, "{text: Always", "{right: true, text: Always"),
        f"{QUESTIONS_FILE}:6: Exactly one option has to be right here, not 2.",
    ),
    "a code of a question twice": (
        (QUESTIONS_FILE, "id: m1-q06", "id: m1-q05"),
        f"{QUESTIONS_FILE}:44: The question “m1-q05” appears twice; the first is in "
        f"{QUESTIONS_FILE}.",
    ),
    "an order without feedback": (
        (QUESTIONS_FILE, "feedback: Nothing is shared before she was asked.", ""),
        f"{QUESTIONS_FILE}:28: This question has no feedback.",
    ),
    "a test that names its questions": (
        (TEST_FILE, "critical: 2", "critical: [m1-b001]"),
        f"{TEST_FILE}:4: A number belongs here.",
    ),
    "a test that draws more than it has": (
        (TEST_FILE, "draw: 20", "draw: 40"),
        f"{TEST_FILE}:2: The bank has 100 questions. A test that draws 40 needs at "
        "least 200: those who take it again would get most of the same.",
    ),
    "columns that no page shows": (
        (BANK_FILE, "02:10  Two adults", "02:10   Two adults"),
        f"{BANK_FILE}:5: Columns made of spaces or tabs are lost on a page. Write a "
        "table with “|”, or a line for each row.",
    ),
    "columns of tabs in a translation": (
        ("modules/1-consent/fr/bank.yaml", "02 h 10  Deux", "02 h 10\tDeux"),
        "modules/1-consent/fr/bank.yaml:2: Columns made of spaces or tabs are lost on "
        "a page. Write a table with “|”, or a line for each row.",
    ),
    "an assignment that no person judges": (
        ("modules/1-consent/assignment.yaml", "human: true", "human: false"),
        "modules/1-consent/assignment.yaml:5: At least one criterion has to be marked "
        "by a person: human: true.",
    ),
    "a translation that asks something else": (
        ("modules/1-consent/fr/01-asking-first.md", "m1-q01", "m1-q02"),
        "modules/1-consent/fr/01-asking-first.md:1: This translation asks other "
        "questions than the original lesson. Here: m1-q02. In the original: m1-q01.",
    ),
    "a translated question that lost an option": (
        (
            "modules/1-consent/fr/questions.yaml",
            "    - {text: Quand la police demande, feedback: Non plus.}\n",
            "",
        ),
        "modules/1-consent/fr/questions.yaml:3: “options” has 2 entries here, and 3 "
        "in the first language.",
    ),
    "a source of a question that isn't there": (
        (QUESTIONS_FILE, "source: who-2003", "source: who"),
        f"{QUESTIONS_FILE}:10: There is no source “who” in sources.yaml.",
    ),
    "a source that was opened on no day": (
        ("sources.yaml", "by: WHO,", "by: WHO, opened: 2026-02-31,"),
        "sources.yaml:2: “2026-02-31” is not a date. Write year-month-day: 2026-11-25.",
    ),
    "a source that is used nowhere in particular": (
        ("sources.yaml", "by: WHO,", 'by: WHO, at: "",'),
        None,
    ),
    "an anchor that multiplies": (
        ("sources.yaml", "who-2003: {", "who-2003: &a {"),
        None,
    ),
}


@pytest.mark.parametrize(("planted", "said"), PLANTED.values(), ids=PLANTED.keys())
def test_a_planted_fault_is_explained(planted, said):
    file = planted[0]
    found = faults(spoilt(*planted))

    assert found, "nothing was noticed"
    if said:
        assert said in found
    else:
        assert all(fault.startswith(f"{file}:") for fault in found)
    assert reading.read_course(spoilt(*planted)).compiled == ""


def test_a_fact_without_a_source_is_quoted():
    [said] = faults(spoilt(LESSON_FILE, "[@who-2003]", ""))

    assert said.startswith(f"{LESSON_FILE}:10: ")
    assert "“2003”" in said


def with_words(words):
    """The lesson says this under a heading of its own."""
    changed = LESSON.replace(
        "Then we wait for her answer.", f"## Then\n\n{words}\n\n## At the end\n\nRest."
    )
    return faults(small_course(**{LESSON_FILE: changed}))


@pytest.mark.parametrize(
    "words",
    [
        "Lesson 3 and module 2 say more.",
        "See figure 1.",
        "**1 Ask.** She answers, or not.",
        "“I am 19,” she says.",
        "## Case: at the border\n\nSamira is 19.",
    ],
)
def test_a_pointer_a_count_or_an_invented_person_needs_no_source(words):
    assert with_words(words) == []


FACTS = [
    "Article 3 says so.",
    "By 2019 it was 40 per cent.",
    "- One in 5 waits.\n- Others don't.",
    "| Year | People |\n|---|---|\n| 2020 | many |",
]


@pytest.mark.parametrize("words", FACTS)
def test_a_fact_needs_a_source_wherever_it_stands(words):
    [said] = with_words(words)

    assert "without a source" in said


@pytest.mark.parametrize("words", FACTS)
def test_the_first_words_under_a_heading_may_give_the_source_of_a_section(words):
    assert with_words(f"As was found [@who-2003]:\n\n{words}") == []
    assert with_words(f"As was found [@who-2003].\n\n## Else\n\n{words}")


@pytest.mark.parametrize("words", FACTS)
def test_what_comes_after_gives_the_source_of_a_list_or_table_alone(words):
    found = with_words(f"{words}\n\nSo it was found [@who-2003].")

    assert (found == []) is words.startswith(("-", "|"))


def test_a_lesson_that_changed_makes_its_translation_stale_and_no_fault():
    changed = spoilt(LESSON_FILE, "she may say no", "she can say no")

    [said] = [remark for remark in remarks(changed) if "has changed since" in remark]
    assert said.startswith("modules/1-consent/fr/01-asking-first.md:4: ")
    assert faults(changed) == []
    lesson = json.loads(reading.read_course(changed).compiled)["modules"][0]["lessons"][
        0
    ]
    assert lesson["texts"]["fr"]["stale"]
    assert not lesson["texts"]["en"]["stale"]


FRENCH_FILE = "modules/1-consent/fr/01-asking-first.md"


def test_a_translation_cites_what_the_original_cites():
    [said] = faults(spoilt(FRENCH_FILE, "[@who-2003]", "[@palermo-3]"))

    assert said.startswith(f"{FRENCH_FILE}:1: ")
    assert "Only here: palermo-3. Only in the original: who-2003." in said
    # Otherwise its facts have the sources of the original: only that language knows
    # how it points to “leçon 3”.
    assert faults(spoilt(FRENCH_FILE, "L’OMS", "Leçon 3 : l’OMS, en 2004,")) == []


def test_what_is_not_translated_is_told_and_no_fault():
    said = remarks(without("modules/1-consent/fr/01-asking-first.md"))

    assert any("no lesson in “fr”" in remark for remark in said)
    assert faults(without("modules/1-consent/fr/01-asking-first.md")) == []


@pytest.mark.parametrize("gone", [TEST_FILE, QUESTIONS_FILE, "sources.yaml"])
def test_a_course_needs_its_parts(gone):
    assert faults(without(gone))


@pytest.mark.parametrize(
    "name",
    [
        "modules/1-consent/en/lesson.md",
        "modules/1-consent/en/01-a.html",
        "modules/1-consent/figures/photo.png",
        "scripts/run.sh",
    ],
)
def test_a_file_that_does_not_belong_is_named(name):
    [said] = faults(small_course(**{name: "x"}))

    assert said.startswith(f"{name}: A course can’t contain a file of this name.")


def test_a_folder_is_read_as_it_lies_there(tmp_path):
    for name, text in FILES.items():
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / name).write_text(text)
    for name in ("README.md", "coverage.md"):
        (tmp_path / name).write_text("For those who write.")

    read = files.read_folder(tmp_path)

    assert (
        reading.read_course(read).sha256 == reading.read_course(small_course()).sha256
    )


def test_a_link_out_of_the_folder_is_refused(tmp_path):
    (tmp_path / "course.yaml").write_text(FILES["course.yaml"])
    (tmp_path / "sources.yaml").symlink_to("/etc/hostname")

    with pytest.raises(BadPack, match="link to somewhere else"):
        files.read_folder(tmp_path)
