import re
from datetime import UTC, datetime

import pytest
from django.utils import translation

from amana.care.cases.fields import FIELDS
from amana.care.cases.models import Case
from amana.care.consent import wording
from amana.care.consent.models import Consent
from amana.care.consent.wording import WRITTEN, Wording
from amana.trust.access.models import Sphere, Team

from .conftest import a_team_of

UNTIL = datetime(2031, 3, 5, 12, tzinfo=UTC)


def read(language: str, case: Case, team: Team, **changes: object) -> Wording:
    about: dict[str, object] = {
        "fields": ["needs.words", "identity.name"],
        "purpose": Consent.Purpose.REFERRAL,
        "expires_at": UNTIL,
    }
    return wording.in_words(language, case=case, recipient=team, **about | changes)  # type: ignore[arg-type]


def test_the_text_is_written_in_the_languages_of_the_pages() -> None:
    assert WRITTEN == ("ar", "en", "fr")


@pytest.mark.parametrize("language", WRITTEN)
def test_each_language_has_words_for_everything(language: str) -> None:
    text = wording.text_in(language)

    assert set(text["fields"]) == set(FIELDS)
    assert set(text["purposes"]) == set(Consent.Purpose)
    assert set(text["spheres"]) == set(Sphere)
    assert text["draft"]


@pytest.mark.parametrize("language", WRITTEN)
def test_each_language_says_the_same_parts(language: str) -> None:
    def shape(code: str) -> list[tuple[int, str, str]]:
        parts = wording.text_in(code)["part"]
        return [(len(p["say"]), p.get("list", ""), p.get("when", "")) for p in parts]

    assert shape(language) == shape("en")


@pytest.mark.parametrize("language", WRITTEN)
@pytest.mark.parametrize("sphere", Sphere)
@pytest.mark.parametrize("purpose", Consent.Purpose)
def test_every_text_is_complete(
    language: str, sphere: Sphere, purpose: Consent.Purpose, case: Case
) -> None:
    team = a_team_of(sphere)

    words = read(language, case, team, purpose=purpose, child=True).plain()

    assert not re.search(r"[{}]", words)
    assert team.organisation.name in words
    assert case.team.organisation.name in words
    assert "2031" in words


def test_sentences_are_short_enough_to_be_heard() -> None:
    for language in WRITTEN:
        for part in wording.text_in(language)["part"]:
            for sentence in part["say"]:
                assert len(sentence.split()) <= 35, sentence


def test_exactly_the_fields_are_named(case: Case, shelter: Team) -> None:
    (listed,) = (p.items for p in read("en", case, shelter).parts if p.items)

    assert listed == (
        "The name that you want to be called by",
        "What you need, as you said it",
    )


def test_a_child_is_told_that_a_no_of_a_child_counts(case: Case, shelter: Team) -> None:
    told = read("en", case, shelter, child=True).plain()
    grown = read("en", case, shelter).plain()

    assert "even if the adult says yes" in told
    assert "even if the adult says yes" not in grown


def test_what_was_heard_is_kept_word_for_word(case: Case, shelter: Team) -> None:
    heard = read("ar", case, shelter)

    assert Wording.again(heard.kept()) == heard


def test_a_changed_text_has_another_version(
    tmp_path: object, monkeypatch: pytest.MonkeyPatch
) -> None:
    before = wording.version("en")
    changed = (wording.TEXTS / "en.toml").read_text("utf-8") + "\n# one more line\n"
    (tmp_path / "en.toml").write_text(changed, "utf-8")  # type: ignore[operator]
    monkeypatch.setattr(wording, "TEXTS", tmp_path)
    wording.version_of.cache_clear()
    try:
        assert wording.version("en") != before
    finally:
        wording.version_of.cache_clear()


def test_without_her_language_it_is_read_in_the_workers(
    case: Case, shelter: Team
) -> None:
    with translation.override("fr"):
        assert read("ti", case, shelter).language == "fr"
    assert not wording.is_written("ti")
    assert wording.is_written("ar-SY")


def test_organisations_with_braces_in_their_names_do_no_harm(
    case: Case, shelter: Team
) -> None:
    shelter.organisation.name = "Help {purpose} {0} 100%"

    assert "Help {purpose} {0} 100%" in read("en", case, shelter).plain()
