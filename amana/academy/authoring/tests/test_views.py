import io
import zipfile

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse

from amana import given
from amana.academy.authoring.models import Draft
from amana.academy.courses.engine import reading
from amana.academy.courses.tests.courses import FILES, small_course
from amana.design.mechanism.pack.files import write_zip
from amana.ui.once import make_form_key

LESSON = "modules/1-consent/en/01-asking-first.md"
IN_FRENCH = "modules/1-consent/fr/01-asking-first.md"


def text(page):
    return page.content.decode()


def post(browser, name, *args, **said):
    return browser.post(reverse(f"authoring:{name}", args=args), said | make_form_key())


def number(draft, path):
    return draft.files.get(path=path).pk


def test_a_course_comes_as_a_zip_is_written_looked_at_and_goes_as_one(trainer):
    browser = given.sign_in(trainer)
    around = {f"small/{path}": content for path, content in small_course().items()}
    file = SimpleUploadedFile("course.zip", write_zip(around))
    post(browser, "drafts", file=file)
    draft = Draft.objects.get()
    assert draft.content() == small_course()
    page = text(browser.get(reverse("authoring:draft", args=[draft.pk])))
    assert "It can be published" in page
    assert "01-asking-first.md" in page

    lesson = number(draft, LESSON)
    shown = text(browser.get(reverse("authoring:look", args=[draft.pk, lesson])))
    assert reading.read_course(small_course()).faults == []
    assert "As learners will see it" in shown
    was = draft.files.get(pk=lesson).sha256
    wrong = FILES[LESSON].replace("[O1]", "[O9]", 1)
    post(browser, "edit", draft.pk, lesson, text=wrong, was=was)
    page = text(browser.get(reverse("authoring:edit", args=[draft.pk, lesson])))
    assert "O9" in page
    assert "In this file" in page
    look = browser.get(reverse("authoring:look", args=[draft.pk, lesson]))
    assert look.status_code == 409
    packed = browser.get(reverse("authoring:download", args=[draft.pk])).content
    assert zipfile.ZipFile(io.BytesIO(packed)).read(LESSON).decode() == wrong


def test_a_translation_that_says_the_same_is_marked_by_a_tick(trainer, draft):
    browser = given.sign_in(trainer)
    french = draft.files.get(path=IN_FRENCH)
    words = bytes(french.content).decode()
    said = {"text": words, "was": french.sha256, "same": "on"}
    page = text(browser.get(reverse("authoring:edit", args=[draft.pk, french.pk])))
    assert "Original lesson" in page

    post(browser, "edit", draft.pk, french.pk, **said)

    original = draft.files.get(path=LESSON).sha256
    assert f"translated_from: {original}" in draft.content()[IN_FRENCH].decode()


def test_a_new_course_begins_and_says_what_is_missing(trainer):
    browser = given.sign_in(trainer)
    post(browser, "drafts", title='Beginning: "words"')
    draft = Draft.objects.get()

    page = text(browser.get(reverse("authoring:draft", args=[draft.pk])))

    assert "to fix before it can be published" in page
    post(browser, "new", draft.pk, path="modules/1-first/en/02-next.md")
    assert draft.files.filter(path="modules/1-first/en/02-next.md").exists()
    refused = post(browser, "new", draft.pk, path="anything.exe")
    assert refused.status_code == 422


@pytest.mark.parametrize("languages", ["5", "true", "{en: x}", "[]", "null"])
def test_whatever_stands_in_a_file_it_can_be_mended(languages, trainer, draft):
    browser = given.sign_in(trainer)
    file = draft.files.get(path="course.yaml")
    wrong = f"languages: {languages}\n"
    post(browser, "edit", draft.pk, file.pk, text=wrong, was=file.sha256)

    for number in draft.files.exclude(path__endswith=".svg").values_list(
        "pk", flat=True
    ):
        address = reverse("authoring:edit", args=[draft.pk, number])
        assert browser.get(address).status_code == 200
    assert browser.get(reverse("authoring:draft", args=[draft.pk])).status_code == 200


def test_a_drawing_that_is_not_safe_is_not_shown(trainer, draft):
    browser = given.sign_in(trainer)
    drawing = draft.files.get(path="modules/1-consent/figures/circles.svg")
    address = reverse("authoring:figure", args=[draft.pk, drawing.pk])
    assert browser.get(address).status_code == 200

    drawing.content = b"<svg xmlns='http://www.w3.org/2000/svg' onload='x()'/>"
    drawing.save()

    assert browser.get(address).status_code == 409


def test_neither_nothing_nor_two_ways_to_begin(trainer):
    browser = given.sign_in(trainer)

    assert post(browser, "drafts").status_code == 422
    damaged = SimpleUploadedFile("course.zip", b"no zip")
    assert post(browser, "drafts", file=damaged).status_code == 422


def test_who_publishes_reads_what_is_wrong(coordinator, draft):
    browser = given.sign_in(coordinator)
    page = text(browser.get(reverse("authoring:draft", args=[draft.pk])))
    assert "Publish it" in page

    assert post(browser, "publish", draft.pk).status_code == 302


@pytest.mark.parametrize("name", ["draft", "new", "download"])
def test_a_stranger_finds_nothing(name, draft, stranger):
    browser = given.sign_in(stranger)

    found = browser.get(reverse(f"authoring:{name}", args=[draft.pk]))

    assert found.status_code == 404
