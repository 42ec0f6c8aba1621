"""What a form's author sees: mistakes in their rows, and the form itself."""

import re
from collections.abc import Mapping
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.http import HttpResponse
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from amana import confined, given
from amana.design.forms.tests.long_form import long_workbook
from amana.design.forms.tests.writing import q, workbook
from amana.trust.access.models import Membership, Role
from amana.trust.audit.models import AuditEvent
from tests.worlds import kept

pytestmark = pytest.mark.django_db

HIDDEN = re.compile(r'<input type="hidden" name="(form:[^"]+)" value="([^"]*)">')


@kept
def author() -> Client:
    return given.sign_in(given.make_worker(role=Role.COORDINATOR))


def check(author: Client, xlsx: bytes) -> Any:
    file = SimpleUploadedFile("mine.xlsx", xlsx)
    return author.post(reverse("forms:check"), {"workbook": file})


def along(page: HttpResponse) -> dict[str, str]:
    """What the page of a form that is tried out sends back."""
    return dict(HIDDEN.findall(page.content.decode()))


def post(author: Client, to: str, page: HttpResponse, **more: str) -> Any:
    said: Mapping[str, str] = along(page) | {
        name.replace("__", ":"): value for name, value in more.items()
    }
    return author.post(reverse(to), said)


def test_an_author_is_told_each_mistake_with_its_row(author):
    page = check(
        author,
        workbook([q("text", "why", relevant="${whi} = 1"), q("texte", "how")]),
    )

    assert page.status_code == 422
    said = page.content.decode()
    assert "2 errors to fix in mine.xlsx" in said
    assert "There is no question type “texte”" in said
    assert re.search(r"<t[dh][^>]*>\s*3\s*</t[dh]>", said)


def test_what_is_no_workbook_is_told_so(author):
    page = check(author, b"PK no workbook")

    assert page.status_code == 422
    assert "mine.xlsx" in page.content.decode()


@pytest.mark.parametrize("page", ["check", "look", "preview", "blank"])
@pytest.mark.parametrize("role", [Role.CASE_WORKER, Role.TRAINER, None])
def test_only_those_who_write_forms_try_them_out(author, page, role):
    whole = check(author, long_workbook())
    other = given.sign_in(given.make_worker(role=role) if role else given.make_user())

    answer = post(other, f"forms:{page}", whole)

    assert answer.status_code == 403
    assert b"data-sheet" not in answer.content
    assert AuditEvent.objects.filter(did="was turned away").count() == 1


def test_an_administrator_tries_forms_out_and_who_has_left_does_not():
    administrator = given.make_worker(role=Role.ADMINISTRATOR)
    browser = given.sign_in(administrator)
    assert browser.get(reverse("forms:check")).status_code == 200

    Membership.objects.filter(user=administrator).update(ended_at=timezone.now())
    assert browser.get(reverse("forms:check")).status_code in (302, 403)


def test_a_workbook_that_is_too_much_is_told_so_at_its_field(author, monkeypatch):
    monkeypatch.setattr(confined, "PATIENCE", 0)
    another = int(author.session["_auth_user_id"]) + 1
    with confined.hold_turn(None), confined.hold_turn(another):
        page = check(author, long_workbook())

    assert page.status_code == 422
    assert "Other files are being read at the moment." in page.content.decode()
    assert check(author, long_workbook()).status_code == 200


def test_a_calculation_that_grows_too_long_is_told_and_nothing_is_lost(author):
    long = f"concat({', '.join(['${why}'] * 10)})"
    form = workbook([q("text", "why"), q("calculate", "much", calculation=long)])
    said = "a" * 9_000
    page = check(author, form)
    answer = author.post(
        reverse("forms:preview"), along(page) | {"why": said, "form:to": "finish"}
    )

    assert answer.status_code == 422
    told = answer.content.decode()
    assert "much</bdi>: What this form works out from your answers is too long" in told
    assert said in told


def test_a_form_is_shown_whole_in_pieces_and_in_each_language(author):
    whole = check(author, long_workbook())
    assert whole.status_code == 200
    assert "This form has no errors" in whole.content.decode()
    assert "data-steps" not in whole.content.decode()

    french = post(author, "forms:look", whole, form__language="fr")
    assert 'lang="fr"' in french.content.decode()
    assert "Un long formulaire" in french.content.decode()

    one = post(
        author, "forms:look", whole, form__paged="question", form__language="ar"
    ).content.decode()
    assert 'dir="rtl"' in one
    assert one.count("data-step=") > 30


def test_the_look_of_a_form_stays_from_one_step_to_the_next(author):
    whole = check(author, long_workbook())
    first = post(
        author, "forms:look", whole, form__paged="question", form__language="fr"
    )

    second = post(author, "forms:preview", first, form__to="next")

    assert along(second)["form:paged"] == "question"
    assert along(second)["form:language"] == "fr"
    assert 'lang="fr"' in second.content.decode()


def test_what_is_answered_is_shown_by_the_part_it_would_be_sealed_in(author):
    page = check(
        author,
        workbook([q("text", "why"), q("text", "who", compartment="identity")]),
    )

    tried = post(author, "forms:preview", page, why="rain", who="Amal", form__to="")
    assert tried.status_code == 200
    done = post(author, "forms:preview", page, why="rain", who="Amal").content.decode()
    assert "What would be sealed" in done
    assert "Amal" in done


def test_a_blank_form_is_printed_in_the_language_that_was_chosen(author):
    page = check(author, long_workbook())

    blank = post(author, "forms:blank", page, form__language="fr").content.decode()

    assert "Un long formulaire" in blank


@pytest.mark.parametrize("to", ["forms:look", "forms:preview", "forms:blank"])
def test_a_page_without_its_form_goes_nowhere(author, to):
    assert author.post(reverse(to), {"form:workbook": "AAAA"}).status_code == 400


def test_strangers_check_nothing(client):
    assert client.get(reverse("forms:check")).status_code == 302
