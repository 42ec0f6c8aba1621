"""A service is called as its reader says it, on every page, and found by any name."""

import re
from pathlib import Path

import pytest
from django.urls import reverse
from django.utils import translation

import amana
from amana import given
from amana.care.cases import actions as cases
from amana.design.directory import actions, catalogue
from amana.design.directory.folding import fold_text
from amana.trust.access.models import Role

pytestmark = pytest.mark.django_db

TEMPLATES = list(Path(amana.__file__).parent.rglob("templates/**/*.html"))


@pytest.fixture
def named():
    team = given.make_team()
    focal = given.make_worker(of=team, role=Role.FOCAL_POINT)
    service = given.make_service(
        of=team,
        by=focal,
        name="Night beds",
        name_fr="Lits de nuit",
        name_ar="أسرّة ليلية",
    )
    return service, focal


def page_in(language, user, address):
    browser = given.sign_in(user)
    browser.cookies["django_language"] = language
    return browser.get(address).content.decode()


@pytest.mark.parametrize(
    ("language", "name"),
    [("en", "Night beds"), ("fr", "Lits de nuit"), ("ar", "أسرّة ليلية")],
)
def test_its_name_is_in_the_language_of_the_page(named, language, name):
    service, focal = named
    with translation.override(language):
        assert service.called == name
    page = page_in(language, focal, reverse("directory:service", args=[service.pk]))
    assert f"<title>{name}" in page


def test_what_has_no_other_name_keeps_its_own(named):
    service, focal = named
    actions.change_service(service, name_fr="", by=focal)
    with translation.override("fr"):
        assert service.called == "Night beds"


@pytest.mark.parametrize("words", ["night beds", "lits de", "ليلية"])
def test_it_is_found_by_any_of_its_names(named, words):
    service, _focal = named
    assert fold_text(words).strip() in catalogue.build_search_text(service)


def test_the_form_takes_its_names(named):
    service, focal = named
    browser = given.sign_in(focal)
    address = reverse("directory:edit", args=[service.pk])
    form = browser.get(address).context["form"]
    assert form["name_fr"].value() == "Lits de nuit"
    assert form.has_names


def test_an_emergency_line_is_called_as_its_reader_says_it():
    coordinator = given.make_worker(role=Role.COORDINATOR)
    cases.add_emergency_contact(
        name="Duty office",
        name_fr="Permanence",
        number="555 0120",
        note="Say where you are.",
        note_fr="Dites où vous êtes.",
        by=coordinator,
    )
    worker = given.make_worker()
    assert "Duty office" in page_in("en", worker, reverse("cases:contacts"))
    french = page_in("fr", worker, reverse("cases:contacts"))
    assert "Permanence" in french
    assert "Dites où vous êtes." in french
    assert "Duty office" not in french


ELSEWHERE = {
    "authoring",
    # whom to call: a colleague
    "known_elsewhere",
}


def test_no_page_shows_a_name_but_as_its_reader_says_it():
    own = re.compile(r"\b(service|contact|line)\.name\b(?!_)")
    found = {
        f"{page.parent.name}/{page.name}"
        for page in TEMPLATES
        if own.search(page.read_text("utf-8")) and page.parent.name not in ELSEWHERE
    }
    assert not found
