"""Lessons, questions and sources edited in forms, each fault at its field."""

import re
from html import unescape

import pytest
from django.urls import reverse

from amana import given
from amana.academy.authoring import actions
from amana.academy.courses import actions as courses
from amana.academy.courses.engine import reading
from amana.academy.courses.tests.courses import (
    BANK_IN_FRENCH,
    FILES,
    QUESTIONS,
    small_course,
)
from amana.trust.access.models import Role
from amana.ui.once import make_form_key

LESSON = "modules/1-consent/en/01-asking-first.md"
IN_FRENCH = "modules/1-consent/fr/01-asking-first.md"
BANK = "modules/1-consent/bank.yaml"
ASKED = "modules/1-consent/questions.yaml"
FRENCH_BANK = "modules/1-consent/fr/bank.yaml"


def text(page):
    return unescape(page.content.decode())


def number(draft, path):
    return draft.files.get(path=path).pk


def address(name, *args):
    return reverse(f"authoring:{name}", args=args)


def filled(page):
    """What a browser would send of the page's form, as it is filled in."""
    html = page.content.decode()
    form = html[html.index('<form class="form" method="post"') :]
    form = form[: form.index("</form>")]
    said: dict[str, list[str]] = {}
    for tag in re.findall(r"<input [^>]*>", form):
        given_by = dict(re.findall(r'(\w+)="([^"]*)"', tag))
        kind, name = given_by.get("type", "text"), given_by.get("name")
        ticked = " checked" in tag
        if name and (kind not in ("checkbox", "radio") or ticked):
            usual = "on" if kind == "checkbox" else ""
            said.setdefault(name, []).append(unescape(given_by.get("value", usual)))
    for name, words in re.findall(
        r'<textarea name="([^"]+)"[^>]*>\n?(.*?)</textarea>', form, re.DOTALL
    ):
        said[name] = [unescape(words)]
    for name, listed in re.findall(
        r'<select name="([^"]+)"[^>]*>(.*?)</select>', form, re.DOTALL
    ):
        chosen = re.findall(r'<option value="([^"]*)" selected', listed)
        said[name] = [unescape(value) for value in chosen]
    return said | make_form_key()


def errors(page):
    """The faults, each with the field at which it is shown."""
    return re.findall(r'id="id_([^"]+)_error">([^<]+)<', text(page))


# --- lessons


def test_a_lesson_that_is_saved_as_it_was_is_the_same_file(trainer, draft):
    browser = given.sign_in(trainer)
    at = address("lesson", draft.pk, number(draft, LESSON))

    assert browser.post(at, filled(browser.get(at))).status_code == 302

    assert draft.content() == small_course()


def test_a_trainer_changes_a_title_and_a_part(trainer, draft):
    browser = given.sign_in(trainer)
    at = address("lesson", draft.pk, number(draft, LESSON))
    said = filled(browser.get(at))
    part = next(name for name, value in said.items() if "Then we wait" in value[0])

    browser.post(at, said | {"title": "Asking: first", part: "Then we\r\nlisten."})

    assert draft.content()[LESSON].decode() == FILES[LESSON].replace(
        "title: Asking first", "title: 'Asking: first'"
    ).replace("Then we wait for her answer.", "Then we\nlisten.")


def test_a_fault_is_at_its_field(trainer, draft):
    browser = given.sign_in(trainer)
    at = address("lesson", draft.pk, number(draft, LESSON))
    said = filled(browser.get(at))
    part = next(name for name, value in said.items() if "Then we wait" in value[0])
    browser.post(at, said | {part: "Then we wait [@nowhere]."})

    page = browser.get(at)

    assert [name for name, _words in errors(page)] == [part]
    assert "There is no source “nowhere”" in text(page)
    # The same is said by the check of the whole course.
    assert len(reading.read_course(draft.content()).faults) == 1


def test_parts_are_moved_and_nothing_is_saved_until_it_is(trainer, draft):
    browser = given.sign_in(trainer)
    at = address("lesson", draft.pk, number(draft, LESSON))
    said = filled(browser.get(at))
    last = int(said["count"][0]) - 1

    moved = browser.post(at, said | {"change": f"up-{last}"})

    assert moved.status_code == 422
    assert "Not saved yet" in text(moved)
    assert draft.content() == small_course()
    assert browser.post(at, filled(moved)).status_code == 302
    written = draft.content()[LESSON].decode()
    assert written.index("{{ helplines }}") < written.index("{{ reflect")


def test_a_part_is_added_and_another_removed(trainer, draft):
    browser = given.sign_in(trainer)
    at = address("lesson", draft.pk, number(draft, LESSON))
    said = filled(browser.get(at)) | {"change": "add", "add_kind": "reflect"}
    page = browser.post(at, said)
    said = filled(page)
    new = f"part-{int(said['count'][0]) - 1}-said"
    page = browser.post(at, said | {new: "And\r\nnow?", "change": "remove-0"})

    browser.post(at, filled(page))

    written = draft.content()[LESSON].decode()
    assert written.endswith('{{ reflect: "And now?" }}\n')
    assert "## Why we ask" not in written


def test_a_lesson_whose_source_is_gone_says_so(trainer, draft, coordinator):
    courses.publish_version(small_course(), by=coordinator)
    browser = given.sign_in(trainer)
    file = draft.files.get(path="sources.yaml")
    left = FILES["sources.yaml"].split("who-2003")[0].encode()
    actions.write_file(draft, file.path, left, was=file.sha256, by=trainer)
    at = address("lesson", draft.pk, number(draft, LESSON))

    page = browser.get(at)

    assert "Sources that are gone" in text(page)
    assert "“Ethical recommendations” in version 1" in text(page)
    assert any("who-2003" in words for _name, words in errors(page))
    again = address("source", draft.pk, "who-2003")
    form = browser.get(again)
    assert "Ethical recommendations" in text(form)
    assert browser.post(again, filled(form)).status_code == 302
    assert reading.read_course(draft.content()).faults == []


def test_a_translation_stands_beside_its_original_and_is_marked(trainer, draft):
    browser = given.sign_in(trainer)
    at = address("lesson", draft.pk, number(draft, IN_FRENCH))
    page = browser.get(at)
    assert 'name="kind"' not in text(page)
    assert "Original lesson" in text(page)
    original = draft.files.get(path=LESSON)
    changed = FILES[LESSON].replace("Then we", "And we").encode()
    actions.write_file(draft, LESSON, changed, was=original.sha256, by=trainer)

    browser.post(at, filled(browser.get(at)) | {"same": "on"})

    now = draft.files.get(path=LESSON).sha256
    assert f"translated_from: {now}" in draft.content()[IN_FRENCH].decode()


def test_a_new_translation_begins_with_what_is_to_be_translated(trainer, draft):
    browser = given.sign_in(trainer)
    path = "modules/1-consent/fr/02-a-case.md"
    at = address("lesson", draft.pk, number(draft, "modules/1-consent/en/02-a-case.md"))
    assert f"?path={path}" in text(browser.get(at))

    browser.post(address("new", draft.pk), {"path": path} | make_form_key())

    begun = draft.content()[path].decode()
    assert "Samira is 19" in begun
    assert reading.read_course(draft.content()).faults == []


def test_what_is_no_lesson_is_mended_as_text(trainer, draft):
    browser = given.sign_in(trainer)
    file = draft.files.get(path=LESSON)
    actions.write_file(draft, LESSON, b"no head", was=file.sha256, by=trainer)

    found = browser.get(address("lesson", draft.pk, file.pk))

    assert found.headers["Location"] == address("edit", draft.pk, file.pk)


def test_the_second_of_two_is_told(trainer, draft):
    browser = given.sign_in(trainer)
    at = address("lesson", draft.pk, number(draft, LESSON))
    said = filled(browser.get(at))
    was = draft.files.get(path=LESSON).sha256
    actions.write_file(draft, LESSON, b"---\ntitle: x\n---\ny\n", was=was, by=trainer)

    assert browser.post(at, said | {"title": "Mine"}).status_code == 409
    assert "Mine" not in draft.content()[LESSON].decode()


# --- questions


def question(draft, path, id):
    return address("question", draft.pk, number(draft, path), id)


@pytest.mark.parametrize(
    ("path", "id"),
    [(BANK, "m1-b001"), *((ASKED, f"m1-q0{n}") for n in range(1, 7))],
)
def test_a_question_that_is_saved_as_it_was_changes_nothing(path, id, trainer, draft):
    browser = given.sign_in(trainer)
    at = question(draft, path, id)

    sent = browser.post(at, filled(browser.get(at)))

    assert sent.status_code == 302, errors(sent)
    assert draft.content() == small_course()


def test_two_languages_are_written_side_by_side(trainer, draft):
    browser = given.sign_in(trainer)
    at = question(draft, BANK, "m1-b001")
    said = filled(browser.get(at))
    said |= {
        "text-en": "What now, in case 001?",
        "row-2-text-fr": "Demander à elles",
        "right": "3",
        "same-fr": "on",
    }

    assert browser.post(at, said).status_code == 302

    files = draft.content()
    assert "  text: What now, in case 001?\n" in files[BANK].decode()
    assert "Demander à elles" in files[FRENCH_BANK].decode()
    remarks = [
        remark
        for remark in reading.read_course(files).remarks
        if remark.file == FRENCH_BANK
    ]
    assert remarks == []
    assert files[BANK].decode().count("right: true") == 100


def test_each_fault_of_a_question_is_at_its_field(trainer, draft):
    browser = given.sign_in(trainer)
    at = question(draft, BANK, "m1-b002")
    said = filled(browser.get(at))
    long = "Ask the police, and everybody else whom you meet on your way to the office"
    browser.post(at, said | {"row-1-text-en": long, "source": ""})
    file = draft.files.get(path=BANK)
    spoilt = bytes(file.content).replace(b"competency: RM-1", b"competency: RM-9", 2)
    actions.write_file(draft, BANK, spoilt, was=file.sha256, by=trainer)

    page = browser.get(at)

    assert dict(errors(page)).keys() == {"right", "competency"}
    listed = browser.get(address("questions", draft.pk, number(draft, BANK)))
    assert "2 to fix" in text(listed)


def test_half_a_translation_is_not_lost_and_not_saved(trainer, draft):
    browser = given.sign_in(trainer)
    at = question(draft, BANK, "m1-b002")

    page = browser.post(at, filled(browser.get(at)) | {"text-fr": "Que faire ?"})

    assert page.status_code == 422
    assert {name for name, _words in errors(page)} == {
        f"row-{row}-text-fr" for row in range(4)
    }
    assert "Que faire ?" in text(page)
    assert draft.content() == small_course()


def test_a_question_is_added_and_removed(trainer, draft):
    browser = given.sign_in(trainer)
    shelf = number(draft, BANK)
    at = address("new_question", draft.pk, shelf)
    said = filled(browser.get(at)) | {
        "id": "m1-b001",
        "text-en": "And now?",
        "objectives": ["O1"],
        "competency": "RM-1",
        "right": "1",
        "reason": "Because.",
        **{f"row-{row}-text-en": f"Option {row}" for row in range(4)},
    }
    taken = browser.post(at, said)
    assert [name for name, _words in errors(taken)] == ["id"]

    assert browser.post(at, said | {"id": "m1-b900"}).status_code == 302

    assert reading.read_course(draft.content()).faults == []
    assert b"m1-b900" in draft.content()[BANK]
    away = address("remove_question", draft.pk, shelf, "m1-b900")
    browser.post(away, make_form_key())
    assert draft.content()[BANK].rstrip() == FILES[BANK].encode().rstrip()


def test_another_question_of_the_file_may_be_changed_meanwhile(trainer, draft):
    browser = given.sign_in(trainer)
    first, second = question(draft, BANK, "m1-b001"), question(draft, BANK, "m1-b002")
    said, other = filled(browser.get(first)), filled(browser.get(second))
    colleague = given.sign_in(given.make_worker(role=Role.TRAINER))

    assert colleague.post(second, other | {"text-en": "Two?"}).status_code == 302
    assert browser.post(first, said | {"text-en": "One?"}).status_code == 302
    assert colleague.post(first, said | {"text-en": "Mine?"}).status_code == 409

    assert "One?" in draft.content()[BANK].decode()
    assert "Two?" in draft.content()[BANK].decode()
    assert BANK_IN_FRENCH.encode() == draft.content()[FRENCH_BANK]


def test_a_character_that_reverses_a_text_is_refused_at_its_field(trainer, draft):
    browser = given.sign_in(trainer)
    at = question(draft, ASKED, "m1-q01")
    said = filled(browser.get(at))

    page = browser.post(at, said | {"text-en": "Who \u202eme?"})

    assert [name for name, _words in errors(page)] == ["text-en"]
    assert draft.content()[ASKED] == QUESTIONS.encode()


def test_a_source_is_changed_and_added(trainer, draft):
    browser = given.sign_in(trainer)
    at = address("source", draft.pk, "palermo-3")
    browser.post(at, filled(browser.get(at)) | {"opened": "2026-11-20"})
    new = address("new_source", draft.pk)
    sent = filled(browser.get(new)) | {"key": "crc", "title": "CRC", "year": "1989"}
    browser.post(new, sent)

    written = draft.content()["sources.yaml"].decode()
    assert ", year: 2000, opened: 2026-11-20}" in written
    assert "crc: {title: CRC, year: 1989}" in written
    assert browser.post(new, sent | make_form_key()).status_code == 422


@pytest.mark.parametrize("name", ["lesson", "questions", "sources", "new_source"])
def test_who_writes_no_courses_finds_no_form(name, draft, stranger):
    browser = given.sign_in(stranger)
    path = BANK if name == "questions" else LESSON
    args = [draft.pk] if "source" in name else [draft.pk, number(draft, path)]

    assert browser.get(address(name, *args)).status_code == 404
