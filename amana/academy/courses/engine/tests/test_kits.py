"""A session can be led from its kit: what is missing or too long is named with its
line, and what is translated has the same parts."""

import io
import json
import zipfile

import pytest

from amana.academy.courses.engine import course_content, files, reading
from amana.academy.courses.engine.prose import count_words, split_sections
from amana.academy.courses.tests.courses import COURSE, small_course
from amana.academy.courses.tests.kits import (
    ENGLISH,
    FOLDER,
    FRENCH,
    KIT,
    TEXTS,
    small_kit,
)
from amana.design.mechanism.pack import files as pack_files

GUIDE, SLIDES, CARDS, BRIEF, SHEET = (
    f"{ENGLISH}/{part}.md" for part in list(TEXTS)[:5]
)
INJECTS, FEEDBACK = f"{ENGLISH}/07-between.md", f"{ENGLISH}/08-feedback.md"
PLAN = f"{FOLDER}/live.yaml"


def course(*languages, gone=(), **changed):
    """Give the small course with its kit, in these languages."""
    kit = {**small_kit(*languages), **changed}
    return small_course(**{name: kit[name] for name in kit if name not in gone})


def changed(file, was, becomes):
    assert was in KIT[file], (file, was)
    return {file: KIT[file].replace(was, becomes, 1)}


def faults(given):
    return [str(fault) for fault in reading.read_course(given).faults]


def remarks(given):
    about = ("kit", "live.yaml")
    found = map(str, reading.read_course(given).remarks)
    return [remark for remark in found if any(word in remark for word in about)]


def read_kit(given):
    checked = reading.read_course(given)
    assert checked.faults == []
    return course_content.build_course(checked.compiled).modules[0].kit


def test_a_kit_is_part_of_the_published_course():
    kit = read_kit(course("en", "fr"))

    assert [piece.part for piece in kit] == list(TEXTS)
    guide, slides, cards, *_others = kit
    assert (guide.kind, guide.audience, guide.step) == ("guide", "facilitator", None)
    assert (cards.kind, cards.audience, cards.step) == ("cards", "group", 2)
    assert guide.texts["en"].cites == ("who-2003",)
    assert slides.texts["fr"].title == "En français 02-slides"
    assert cards.texts["fr"].copies == "un par personne"
    assert not any(text.stale for piece in kit for text in piece.texts.values())


def test_a_version_that_was_published_before_there_were_kits_can_be_read():
    plain = json.loads(reading.read_course(course("en", "fr")).compiled)
    for module in plain["modules"]:
        del module["kit"]

    modules = course_content.build_course(json.dumps(plain)).modules

    assert [module.kit for module in modules] == [(), ()]


def test_a_kit_is_read_from_a_folder_and_from_a_zip_with_a_folder_around(tmp_path):
    given = course("en", "fr")
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w") as archive:
        for name, content in given.items():
            (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
            (tmp_path / name).write_bytes(content)
            archive.writestr(f"small/{name}", content)

    assert files.read_folder(tmp_path) == given
    assert pack_files.read_zip(packed.getvalue(), files.LIMITS) == given


PLANTED = {
    "a kind that there isn't": (
        changed(SHEET, "kind: sheet", "kind: shet"),
        f"{SHEET}:3: “shet” is none of these: guide, slides, cards, brief, sheet, "
        "checklist, injects, feedback.",
    ),
    "someone it is for who isn't there": (
        changed(SHEET, "for: all", "for: al"),
        f"{SHEET}:5: “al” is none of these: facilitator, group, observer, actor, all.",
    ),
    "a step that the session has not": (
        changed(SHEET, "step: 1", "step: 3"),
        f"{SHEET}:4: The session has 2 steps: there is no step 3.",
    ),
    "a second guide": (
        changed(SHEET, "kind: sheet", "kind: guide"),
        f"{SHEET}:3: A session kit needs exactly one piece of the kind “guide”: the "
        "first is 01-guide.",
    ),
    "a title that does not fit above": (
        changed(SHEET, "title: The rule", "title: The rule " + "x" * 50),
        f"{SHEET}:2: This is too long: at most 60 characters.",
    ),
    "copies as a number": (
        changed(SHEET, "copies: one for each", "copies: 1"),
        f"{SHEET}:6: Text belongs here. Put it in quotes if it could be read as "
        "something else.",
    ),
    "a slide too long for the back of a room": (
        changed(SLIDES, "She need not", "word " * 33 + "She need not"),
        f"{SLIDES}:12: The slide “A no is an answer” has 43 words: at most 35 can be "
        "read from the back of a room.",
    ),
    "a card that does not fit": (
        changed(CARDS, "Rana is 19", "word " * 90 + "Rana is 19"),
        f"{CARDS}:8: The card “Rana” has 105 words: at most 90 fit on a card.",
    ),
    "an inject too long to be read in time": (
        changed(INJECTS, "The Hawthorn", "word " * 120 + "The Hawthorn"),
        f"{INJECTS}:8: The inject “5 minutes in” has 130 words: at most 120 can be "
        "read while the session is under way.",
    ),
    "slides without a heading": (
        changed(INJECTS, "## 5 minutes in\n", ""),
        f"{INJECTS}:8: There is no heading here. Begin each slide, card or inject "
        "with one (##).",
    ),
    "a title in the text": (
        changed(GUIDE, "## Before", "# Before"),
        f"{GUIDE}:7: The title is in the head of this file. Begin the other headings "
        "with ## or ###.",
    ),
    "HTML": (
        changed(BRIEF, "the Periwinkle", "<b>the</b> Periwinkle"),
        f"{BRIEF}:8: A session kit can’t contain HTML. Write Markdown.",
    ),
    "a line of a lesson": (
        changed(BRIEF, "You know", "{{ helplines }}\n\nYou know"),
        f"{BRIEF}:8: A session kit can’t contain {{{{ … }}}}.",
    ),
    "an address": (
        changed(BRIEF, "the others", "[the others](https://example.org)"),
        f"{BRIEF}:8: A session kit can’t contain links or pictures: it has to work on "
        "paper.",
    ),
    "a picture": (
        changed(BRIEF, "You know", "![Two](figures/circles.svg) You know"),
        f"{BRIEF}:8: A session kit can’t contain links or pictures: it has to work on "
        "paper.",
    ),
    "a source that isn't there": (
        changed(GUIDE, "[@who-2003]", "[@who-2004]"),
        f"{GUIDE}:9: There is no source “who-2004” in sources.yaml. Did you mean "
        "“who-2003”?",
    ),
    "nothing": (
        {BRIEF: KIT[BRIEF].split("You know")[0]},
        f"{BRIEF}:8: This piece of the kit is empty.",
    ),
    "no head": (
        {BRIEF: "You know of the shelter.\n"},
        f"{BRIEF}:1: A piece of a session kit begins with a line of three hyphens, its "
        "details, and another line of three hyphens.",
    ),
}


@pytest.mark.parametrize("what", PLANTED)
def test_each_fault_of_a_kit_is_named_with_its_line(what):
    spoilt, fault = PLANTED[what]

    assert faults(course("en", **spoilt)) == [fault]


@pytest.mark.parametrize(
    ("file", "kind"), [(GUIDE, "guide"), (SLIDES, "slides"), (FEEDBACK, "feedback")]
)
def test_a_kit_has_a_guide_slides_and_feedback(file, kind):
    assert faults(course("en", gone=[file])) == [
        f"{ENGLISH}: A session kit needs exactly one piece of the kind “{kind}”: there "
        "is none."
    ]


def test_a_piece_that_cannot_be_read_is_not_missed_as_well():
    spoilt = changed(GUIDE, "kind: guide", "kind: guid")

    assert len(faults(course("en", **spoilt))) == 1


def test_a_kit_belongs_to_a_session():
    given = course("en")
    del given[PLAN]
    given["certificates.yaml"] = given["certificates.yaml"].replace(
        b"sessions: [m1]", b"sessions: []"
    )

    assert faults(given) == [
        f"{ENGLISH}/{part}.md:1: This module has a session kit, but no live.yaml with "
        "a session."
        for part in TEXTS
    ]


# --- translations


def translation(part, was, becomes, **others):
    return course("en", "fr", **changed(f"{FRENCH}/{part}.md", was, becomes), **others)


def test_a_translation_has_the_headings_of_the_original():
    wrong = translation("02-slides", "## A no is", "### A no is")
    assert faults(wrong) == [
        f"{FRENCH}/02-slides.md:11: Heading 2 is “###” here and “##” in the original: "
        "both need the same headings in the same order."
    ]
    less = translation("03-stories", "## Tomas\n", "")
    assert faults(less) == [
        f"{FRENCH}/03-stories.md:1: Heading 2 is “–” here and “##” in the original: "
        "both need the same headings in the same order."
    ]


def test_a_translation_cites_what_the_original_cites():
    wrong = translation("01-guide", "[@who-2003]", "[@palermo-3]")
    assert faults(wrong) == [
        f"{FRENCH}/01-guide.md:1: This translation cites other sources than the "
        "original. Only here: palermo-3. Only in the original: who-2003."
    ]


def test_only_the_original_decides_what_a_piece_is_and_whom_it_is_for():
    wrong = translation("04-listener", "copies:", "for: all\ncopies:")
    assert faults(wrong) == [f"{FRENCH}/04-listener.md:3: “for” does not belong here."]


def test_there_is_an_original_for_each_translation():
    stray = {f"{FRENCH}/09-more.md": "---\ntitle: Plus\ncopies: un\n---\nPlus.\n"}
    assert faults(course("en", "fr", **stray)) == [
        f"{FRENCH}/09-more.md:1: There is no piece “09-more” in the first language for "
        "this translation."
    ]


def test_a_kit_in_a_language_that_the_course_has_not_is_named():
    found = faults(course("en", "ar"))
    assert len(found) == len(TEXTS)
    assert all("does not name the language “ar”" in fault for fault in found)


def test_a_piece_that_changed_makes_its_translation_stale_and_no_fault():
    given = course("en", "fr", **changed(CARDS, "Tomas is 44", "Tomas is 45"))
    [remark] = remarks(given)
    assert remark.startswith(
        f"{FRENCH}/03-stories.md:4: The original has changed since this translation."
    )
    assert [piece.texts["fr"].stale for piece in read_kit(given)] == [
        part == "03-stories" for part in TEXTS
    ]


def test_a_translation_that_records_no_wording_is_to_review():
    given = translation("05-rule", "translated_from", "# ")
    [remark] = remarks(given)
    assert remark.startswith(f"{FRENCH}/05-rule.md:1: It is not recorded")


# --- what is to review


def test_a_session_without_a_kit_is_to_review_and_no_fault():
    assert faults(small_course()) == []
    assert remarks(small_course()) == [
        f"{PLAN}:1: This session has no kit: those who lead it have to make its "
        "material themselves."
    ]


def test_a_kit_or_a_piece_that_is_not_translated_is_to_review():
    assert remarks(course("en")) == [
        f"{FOLDER}: This session kit is not translated into “fr”: those who lead see "
        "the first language."
    ]
    given = course("en", "fr", gone=[f"{FRENCH}/05-rule.md"])
    assert remarks(given) == [f"{SHEET}:1: This is not translated into “fr”."]
    assert faults(given) == []


def test_a_source_that_only_a_kit_cites_is_cited():
    sources = small_course()["sources.yaml"].decode() + "own: {title: Ours}\n"
    cited = changed(BRIEF, "the others do not.", "the others do not [@own].")
    for kit, unused in ((cited, 0), ({}, 1)):
        given = course("en", **kit, **{"sources.yaml": sources})
        found = map(str, reading.read_course(given).remarks)
        assert sum("Nothing cites the source “own”" in said for said in found) == unused


def test_a_course_in_another_language_first_has_its_kit_in_that_language():
    turned = COURSE.replace("[en, fr]", "[fr, en]")
    found = faults(course("en", **{"course.yaml": turned}))
    assert any("does not belong here" in fault for fault in found)


# --- what a piece is made of


def test_a_text_is_split_at_its_headings_of_the_second_level():
    words = "Before.\n\n## One *two* [@x]\n\nA.\n\n### Within\n\n## Two\n> ## Quoted\n"
    sections = split_sections(words, first=7)
    assert [(part.title, part.line) for part in sections] == [
        ("", 7),
        ("One two", 9),
        ("Two", 15),
    ]
    assert sections[1].words == "A.\n\n### Within"


def test_words_are_counted_as_a_reader_sees_them():
    assert count_words("- **Ask** alone [@who-2003]\n- wait – then go") == 5
    assert count_words("| Who | What |\n|---|---|\n| She | decides |") == 4
