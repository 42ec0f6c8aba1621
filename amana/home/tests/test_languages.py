"""A language that is complete for what a worker does in a day shows no English there.

Compared with the texts of the product themselves: each word on a page that is one of
them has to be its translation. So a text that was fixed in English when the program
began is found too, and one that was never translated."""

import json
import re
from collections.abc import Iterator
from functools import cache
from html.parser import HTMLParser

import pytest
from django.conf import settings
from django.test import Client
from django.urls import reverse

from amana import given
from amana.care.cases.models import Case
from amana.care.referrals.models import Referral
from amana.design.directory.models import Service
from amana.language_folders import SOURCE, list_complete_languages
from amana.trust.access.models import Role, User
from tests.worlds import kept
from tools import translations

ROOM = "amana/care/referrals"
SPOKEN = [code for code in list_complete_languages(ROOM) if code != SOURCE]
SEEN = ("title", "aria-label", "placeholder", "alt", "data-confirm")
"""Attributes that people read or hear."""


class Words(HTMLParser):
    """Everything on a page that is read or heard, but what is in another language."""

    def __init__(self) -> None:
        super().__init__()
        self.found: list[str] = []
        self.within: list[bool] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given_ = dict(attrs)
        if tag in ("script", "style"):
            self.within.append(True)
        if not given_.get("lang"):
            self.found += [value for name in SEEN if (value := given_.get(name))]

    def handle_endtag(self, tag: str) -> None:
        if tag in ("script", "style"):
            self.within.pop()

    def handle_data(self, data: str) -> None:
        if not self.within:
            self.found.append(data)


def read_words(page: str) -> set[str]:
    reader = Words()
    reader.feed(page)
    return {" ".join(words.split()) for words in reader.found} - {""}


@cache
def list_english(language: str) -> frozenset[str]:
    """List the English of the texts that are written otherwise in this language.

    “No” is Spanish too, where it translates another text; Amana is a name."""
    english, ours = set(), {"Amana"}
    for message in translations.translated(language):
        for text in translations.forms(message.string):
            ours.add(" ".join(text.split()))
        for text in translations.forms(message.id):
            if re.search("[A-Za-z]{2}", text):
                english.add(" ".join(text.split()))
    return frozenset(english - ours)


def find_english(page: str, language: str) -> list[str]:
    return sorted(read_words(page) & list_english(language))


@kept
def worker(db: None) -> User:
    return given.make_worker(name="Mariam Toure")


@kept
def case(worker: User) -> Case:
    return given.make_case(worked_on_by=worker, identity_name="Zubaida Canary")


@kept
def shelter_worker(db: None) -> User:
    team = given.make_team(name="Lake House", email="lake@example.org")
    return given.make_worker(of=team, role=Role.FOCAL_POINT, name="Samira Haddad")


@kept
def shelter(shelter_worker: User) -> Service:
    team = shelter_worker.memberships.get().team
    return given.make_service(of=team, by=shelter_worker, name="Lake House beds")


@kept
def referral(case: Case, shelter: Service, worker: User) -> Referral:
    return given.make_referral(need=case.needs.get(), to=shelter, by=worker)


def sign_in(user: User, language: str) -> Client:
    browser = given.sign_in(user)
    browser.cookies[settings.LANGUAGE_COOKIE_NAME] = language
    return browser


def list_pages(case: Case, referral: Referral, shelter: Service) -> Iterator[str]:
    """List the addresses of a worker's day: from the gate to a sent referral."""
    team = shelter.team_id
    yield reverse("home:today")
    yield reverse("cases:meet")
    yield reverse("cases:intake")
    yield reverse("cases:mine")
    yield reverse("cases:case", args=[case.pk])
    yield reverse("consent:question", args=[case.pk, team, "coordination"])
    yield reverse("referrals:referral", args=[referral.pk])
    yield reverse("referrals:inbox")


@pytest.mark.django_db
@pytest.mark.parametrize("language", SPOKEN)
def test_the_front_page_has_no_english_sentence(client: Client, language: str) -> None:
    page = client.get("/", headers={"accept-language": language}).content.decode()

    assert f'<html lang="{language}"' in page
    assert find_english(page, language) == []


@pytest.mark.parametrize("language", SPOKEN)
def test_from_the_gate_to_a_referral_no_sentence_is_english(
    language: str, worker: User, case: Case, referral: Referral, shelter: Service
) -> None:
    browser = sign_in(worker, language)
    english = {}
    for address in list_pages(case, referral, shelter):
        page = browser.get(address)
        assert page.status_code == 200, address
        text = page.content.decode()
        assert f'<html lang="{language}"' in text, address
        if found := find_english(text, language):
            english[address] = found
    assert not english, json.dumps(english, indent=1)


@pytest.mark.parametrize("language", SPOKEN)
def test_whoever_answers_a_referral_reads_no_english(
    language: str, shelter_worker: User, referral: Referral
) -> None:
    page = sign_in(shelter_worker, language).get(
        reverse("referrals:referral", args=[referral.pk])
    )

    found = find_english(page.content.decode(), language)
    assert not found, "\n".join(found)
