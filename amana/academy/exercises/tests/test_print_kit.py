"""An exercise is played on paper: each has what is theirs, and no one what is not."""

import json
from dataclasses import asdict
from typing import Any

import pytest
from django.urls import reverse

from amana import given
from amana.academy.cohorts.models import Cohort
from amana.academy.exercises import print_kit
from amana.academy.exercises.shipped_scenarios import ShippedScenario, load_scenarios
from amana.printing import as_pdf
from amana.printing.document import Document, NewPage
from amana.trust.access.models import User

from .conftest import CODE

EACH = [
    pytest.param(shipped, language, id=f"{code}-{language}")
    for code, shipped in load_scenarios().items()
    for language in shipped.scenario.languages
]


def write(document: Document) -> str:
    """Write all that a document says, whatever its form."""
    return json.dumps(asdict(document), ensure_ascii=False)


def quote(text: str) -> str:
    return json.dumps(text, ensure_ascii=False)[1:-1]


@pytest.mark.parametrize(("shipped", "language"), EACH)
def test_the_kit_has_all_that_is_in_the_scenario(
    shipped: ShippedScenario, language: str
) -> None:
    scenario = shipped.scenario
    document = print_kit.build_kit(shipped, language, print_kit.EVERYTHING)
    words = write(document)
    texts: list[Any] = [
        *(inject.text for inject in scenario.injects.values() if inject.text),
        *(seat.brief for seat in scenario.seats.values()),
        *(person.says for person in scenario.people.values()),
        *(k.tells for person in scenario.people.values() for k in person.knows),
        *(level for o in scenario.observed.values() for level in o.levels),
        *(question.ask for question in scenario.debrief),
        scenario.stop_word,
    ]
    missing = [text["en"] for text in texts if quote(text[language]) not in words]
    assert missing == []
    for code in (*scenario.injects, *(p.name for p in scenario.people.values())):
        assert code in words
    assert document.direction == ("rtl" if language == "ar" else "ltr")


@pytest.mark.parametrize(("shipped", "language"), EACH)
def test_each_page_is_marked_as_an_exercise(
    shipped: ShippedScenario, language: str
) -> None:
    for part in print_kit.list_parts(shipped, language):
        document = print_kit.build_kit(shipped, language, part.code)
        assert shipped.scenario.title[language] in document.foot
        assert document.notice == shipped.scenario.notice[language]


@pytest.mark.parametrize("code", load_scenarios())
def test_a_table_has_its_own_brief_and_nothing_that_others_know(code: str) -> None:
    shipped = load_scenarios()[code]
    scenario = shipped.scenario
    secrets = [k.tells for person in scenario.people.values() for k in person.knows]
    secrets += [inject.text for inject in scenario.injects.values() if inject.text]
    for seat in scenario.seats.values():
        words = write(print_kit.build_kit(shipped, "en", seat.code))
        found = [
            other.code
            for other in scenario.seats.values()
            if quote(other.brief["en"]) in words
        ]
        assert found == [seat.code]
        assert not any(quote(secret["en"]) in words for secret in secrets)


def test_each_person_has_a_page_of_their_own() -> None:
    shipped = load_scenarios()["truck-at-the-border"]
    document = print_kit.build_kit(shipped, "en", print_kit.PEOPLE)
    pages = sum(isinstance(block, NewPage) for block in document.blocks) + 1
    groups = len(shipped.scenario.groups)
    assert pages == len(shipped.scenario.people) + groups


@pytest.mark.parametrize("language", ["en", "ar"])
def test_it_is_printed(language: str) -> None:
    shipped = load_scenarios()[CODE]
    document = print_kit.build_kit(shipped, language, print_kit.EVERYTHING)
    assert as_pdf.write_pdf(document).startswith(b"%PDF")


def test_those_who_lead_a_cohort_print_it_and_no_player(
    cohort: Cohort, trainer: User, learners: list[User], stranger: User
) -> None:
    parts = reverse("scenarios:kit", args=[CODE])
    page = reverse("scenarios:printed", args=[CODE, "en", "lead", "html"])
    pdf = reverse("scenarios:printed", args=[CODE, "ar", "nurse", "pdf"])
    leads = given.sign_in(trainer)
    assert "Person cards" in leads.get(parts).content.decode()
    assert "The door is locked at night" in leads.get(page).content.decode()
    answer = leads.get(pdf)
    assert answer["Content-Type"] == "application/pdf"
    for person in (learners[0], stranger):
        browser = given.sign_in(person)
        assert {browser.get(to).status_code for to in (parts, page, pdf)} == {404}
    for wrong in (("none", "en", "lead"), (CODE, "sw", "lead"), (CODE, "en", "none")):
        to = reverse("scenarios:printed", args=[*wrong, "html"])
        assert leads.get(to).status_code == 404
