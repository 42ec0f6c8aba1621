import re
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from django.utils import translation

from amana import given
from amana.care.cases.models import Case
from amana.care.consent import consent_text
from amana.care.consent.consent_text import WRITTEN, ConsentText
from amana.care.consent.models import Consent
from amana.care.consent.payload import KEYS, ConsentPayload
from amana.care.consent.rules import WITHDRAWERS, withdraw_consent
from amana.design.mechanism.pack.tests.packs import SHIPPED
from amana.language_folders import FOLDER, list_complete_languages, load_languages
from amana.trust.access.models import KEYHOLDERS, Role, Sphere, Team

from .conftest import a_team_of

AMANA = Path(consent_text.__file__).parents[2]
MECHANISMS = AMANA.parent / "mechanisms"
UNTIL = datetime(2031, 3, 5, 12, tzinfo=UTC)
USUAL = (
    *("needs.words", "needs.area", "needs.companions"),
    *(f"identity.{name}" for name in ("name", "age", "child", "sex", "languages")),
)
"""What is filled in of most people: with how to reach them, and who asks."""
REACHED = tuple(f"contact.{name}" for name in ("channel", "number", "hours", "never"))


def payload(case: Case, *teams: Team, **changes: Any) -> ConsentPayload:
    about: dict[str, Any] = {
        "case": case,
        "recipients": teams,
        "purpose": Consent.Purpose.REFERRAL,
        "expires_at": UNTIL,
        "fields": ("needs.words", "identity.name"),
    }
    return ConsentPayload(**about | changes)


def read(
    language: str, case: Case, *teams: Team, child: bool = False, **changes: Any
) -> ConsentText:
    return consent_text.build_wording(
        language, payload(case, *teams, **changes), child=child
    )


def test_a_language_that_asks_for_consent_has_the_text() -> None:
    assert {*list_complete_languages("amana/care/consent")} <= {*WRITTEN}
    assert {*WRITTEN} <= {*load_languages()}


@pytest.mark.parametrize("language", WRITTEN)
def test_each_language_has_words_for_everything(language: str) -> None:
    text = consent_text.load_text(language)
    said = [key for group in text["lines"] for key in group["say"]]

    assert sorted(said) == sorted(KEYS)
    assert set(text["purposes"]) == set(Consent.Purpose)
    assert set(text["spheres"]) == set(Sphere)
    assert set(text["roles"]) == set(WITHDRAWERS)
    assert text["draft"]


HELPERS = {
    "en": "anyone in our team who helps people",
    "fr": "quelqu’un de notre équipe qui aide les gens",
    "ar": "أي شخص من فريقنا يساعد الناس",
    "es": "cualquiera de nuestro equipo que atienda personas",
}
"""To a person: those who hold the team's key, and no administrator or analyst."""
NUMBER = {"en": "case number", "fr": "numéro de votre dossier", "ar": "رقم ملفكم"}
TO_ONE = ("أنت ", "يمكنك ", "عليك ", "منك ", " لك ", "أخبرني")
"""Arabic as to one man; the texts speak to a person in the plural."""


PAPERS = [
    (path.name, text.stem)
    for path in SHIPPED
    for text in sorted((MECHANISMS / path.name / "consent").glob("*.md"))
]
"""Mechanisms that come along, each with the languages of its consent text."""


@pytest.mark.parametrize(("pack", "language"), PAPERS)
def test_the_packs_say_who_ends_it_and_what_goes_along(
    pack: str, language: str
) -> None:
    said = (MECHANISMS / pack / "consent" / f"{language}.md").read_text("utf-8")

    assert HELPERS[language] in said
    assert NUMBER[language] in said
    assert not [word for word in TO_ONE if word in said]


HOW = {"only", "number", "deleted-at-once", "on-paper", "leave-it"}
"""What is read aloud of how it is done: paper has its own words for that."""
TO_SOME = {"child", "paper"}
"""Read aloud only where it applies; on paper, which is about no one yet, always."""


@pytest.mark.parametrize(("pack", "language"), PAPERS)
def test_a_pack_promises_what_is_read_aloud(pack: str, language: str) -> None:
    on_paper = (MECHANISMS / pack / "consent" / f"{language}.md").read_text("utf-8")
    text = consent_text.load_text(language)
    promises = [
        sentence
        for part in (*text["step"], *text["more"])
        for sentence in part.get("say", ())
        if sentence.get("name", "only") not in HOW
        and ("when" not in sentence or sentence["name"] in TO_SOME)
    ]

    assert {"exceptions", "child", "paper"} < {said["name"] for said in promises}
    missing = [said["name"] for said in promises if said["say"] not in on_paper]
    assert not missing


@pytest.mark.parametrize("language", HELPERS)
def test_slip_pages_and_text_name_the_same_people_as_the_rule(language: str) -> None:
    [stop] = [
        said["say"]
        for part in consent_text.load_text(language)["step"]
        for said in part.get("say", ())
        if said.get("name") == "stop"
    ]
    assert HELPERS[language] in stop
    with translation.override(language):
        slip = translation.gettext(
            "You can change your mind at any time. Give this number to anyone in our "
            "team who helps people. You do not have to give a reason."
        )
    assert HELPERS[language] in slip
    assert set(WITHDRAWERS) == KEYHOLDERS


EXCEPTIONS = {
    "en": "only if a life or a child is in danger, or if a court or the law "
    "requires it.",
    "fr": "que si une vie ou un enfant est en danger, ou si un tribunal ou la loi "
    "l’exige.",
    "ar": "إلا إذا كانت حياة إنسان أو كان طفل في خطر، أو ألزمتنا بذلك محكمة أو "
    "ألزمنا القانون.",
    "es": "olo podemos compartir sin su consentimiento si una vida, o una niña o un "
    "niño, está en peligro, o si un tribunal o la ley lo exige.",
}
"""When something may be shared without consent: one list, wherever it is read."""


@pytest.mark.parametrize("language", EXCEPTIONS)
def test_front_page_rights_card_and_text_promise_the_same_exceptions(
    language: str,
) -> None:
    [exceptions] = [
        said["say"]
        for part in consent_text.load_text(language)["more"]
        for said in part.get("say", ())
        if said.get("name") == "exceptions"
    ]
    with translation.override(language):
        front = translation.gettext(
            "We ask you before we share anything about you. You can say no, and you "
            "can change your mind. We may share without your consent only if a life or "
            "a child is in danger, or if a court or the law requires it."
        )
        card = translation.gettext(
            "We ask you before we share anything about you. We may share without your "
            "consent only if a life or a child is in danger, or if a court or the law "
            "requires it."
        )
    promised = [exceptions, front, card]
    assert [text for text in promised if EXCEPTIONS[language] not in text] == []


def test_no_template_lets_anyone_in_the_team_do_it() -> None:
    pages = [page.read_text("utf-8") for page in AMANA.rglob("templates/**/*.html")]
    loose = re.compile("anyone in (our|the|your) team(?! who helps people)", re.I)
    assert len(pages) > 100
    assert not [found.group() for page in pages for found in loose.finditer(page)]


@pytest.mark.parametrize("language", WRITTEN)
def test_each_language_says_the_same_parts(language: str) -> None:
    def shape(code: str) -> list[Any]:
        text = consent_text.load_text(code)
        return [
            (
                part.get("name", ""),
                part.get("list", ""),
                *(
                    [
                        (sentence.get("name", ""), sentence.get("when", ""))
                        for sentence in part.get(n, ())
                    ]
                    for n in ("title", "say", "after")
                ),
            )
            for part in (*text["step"], *text["more"])
        ] + [[*group["say"]] for group in text["lines"]]

    assert shape(language) == shape("en")


@pytest.mark.parametrize("language", WRITTEN)
def test_no_two_things_are_called_the_same(language: str) -> None:
    text = consent_text.load_text(language)
    for group in text["lines"]:
        assert len(set(group["say"].values())) == len(group["say"])
        assert not any(text["joined"] == words for words in group["say"].values())
    labels = [group["label"] for group in text["lines"]]
    assert len(set(labels)) == len(labels)


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
        text = consent_text.load_text(language)
        for part in (*text["step"], *text["more"]):
            for said in (*part["title"], *part.get("say", ()), *part.get("after", ())):
                for sentence in re.split(r"(?<=[.?!:؟]) ", said["say"]):
                    assert len(sentence.split()) <= 35, sentence


@pytest.mark.parametrize("language", WRITTEN)
def test_a_usual_referral_takes_at_most_120_words(
    language: str, case: Case, shelter: Team
) -> None:
    case.team.phone = "555 0101"
    case.team.organisation.name, case.team.name = "Border Guard", "North post"
    shelter.organisation.name, shelter.name = "Dar Amal", "Shelter team"

    heard = read(language, case, shelter, fields=USUAL + REACHED)

    words = [word for word in heard.heard().split() if any(map(str.isalnum, word))]
    assert len(words) <= 120, (len(words), heard.heard())


def test_each_thing_is_named_once(case: Case, shelter: Team) -> None:
    lines = read("en", case, shelter).lines

    assert [line.words for line in lines] == [
        "Your need: what help, how soon, what you said",
        "You: name",
        "From us: organisation, team, contact, case number, dates, "
        "how you agreed (language)",
    ]


WHETHER = {"en": "whether", "fr": "ou non", "ar": "هل", "es": "si es"}


def test_each_language_that_is_read_aloud_is_looked_at() -> None:
    """A further language is added to these by those who wrote its text."""
    assert HELPERS.keys() == EXCEPTIONS.keys() == WHETHER.keys() == {*WRITTEN}


@pytest.mark.parametrize("language", WHETHER)
def test_what_is_said_is_true_of_any_value(
    language: str, case: Case, shelter: Team
) -> None:
    """To a woman of 24 nobody says that she may be a child."""
    (line,) = (
        line
        for line in read(language, case, shelter, fields=["identity.child"]).lines
        if "identity.child" in line.keys
    )

    assert "18" in line.words
    assert WHETHER[language] in line.words


@pytest.mark.parametrize("language", WRITTEN)
def test_who_may_end_it_in_the_text_is_who_may_by_the_rule(
    language: str, case: Case, shelter: Team, consent: Consent
) -> None:
    said = read(language, case, shelter).plain()
    roles = consent_text.load_text(language)["roles"]

    for role in Role:
        colleague = given.make_worker(of=case.team, role=role)
        promised = role in roles and roles[role] in said
        assert withdraw_consent.permits(colleague, consent) == promised, role


def test_several_are_named_in_their_order_and_only_one_is_told(
    case: Case, shelter: Team
) -> None:
    second = a_team_of(Sphere.HEALTH)

    heard = read("en", case, shelter, second).heard()

    first_at = heard.index(f"1. \u2068{shelter.organisation.name}")
    assert first_at < heard.index(f"2. \u2068{second.organisation.name}")
    assert "Only the first to say yes is told about you." in heard
    assert "one after the other, or all at once, as you wish" in heard
    assert "The others learn nothing about you." in heard
    assert "They provide health care." in heard


@pytest.mark.parametrize(
    ("language", "paper"), [("en", "paper"), ("fr", "papier"), ("ar", "ورق")]
)
def test_the_channel_is_said_of_a_recipient_without_amana(
    case: Case, shelter: Team, language: str, paper: str
) -> None:
    outside = given.make_team()

    assert paper not in read(language, case, shelter).heard()
    told = read(language, case, outside, outside=(outside,)).heard()
    of_two = read(language, case, shelter, outside, outside=(outside,)).heard()

    assert paper in told
    (which,) = (
        line
        for line in of_two.splitlines()
        if outside.organisation.name in line and paper in line
    )
    assert shelter.organisation.name not in which


def test_a_part_that_stays_shut_is_told_as_perhaps(case: Case, shelter: Team) -> None:
    """Whoever asks doesn't learn whether anything is written in it."""
    lines = read(
        *("en", case, shelter),
        fields=["identity.name", "health.summary"],
        perhaps=frozenset({"health.summary"}),
    ).lines

    assert "Your health: what care you need (if we have it)" in [
        line.words for line in lines
    ]


def test_a_child_is_told_that_a_no_of_a_child_counts(case: Case, shelter: Team) -> None:
    told = read("en", case, shelter, child=True).plain()
    grown = read("en", case, shelter).plain()

    assert "even if the adult agrees" in told
    assert "even if the adult agrees" not in grown


def test_what_was_heard_is_kept_word_for_word(case: Case, shelter: Team) -> None:
    heard = read("ar", case, shelter)

    assert ConsentText.again(heard.kept()) == heard


def test_a_changed_text_has_another_version(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    before = consent_text.get_text_version("en")
    words = (FOLDER / "en" / consent_text.FILE).read_text("utf-8")
    changed = tmp_path / "en" / consent_text.FILE
    changed.parent.mkdir()
    changed.write_text(f"{words}\n# one more line\n", "utf-8")
    monkeypatch.setattr(consent_text, "FOLDER", tmp_path)
    consent_text.compute_version.cache_clear()
    try:
        assert consent_text.get_text_version("en") != before
    finally:
        consent_text.compute_version.cache_clear()


def test_without_her_language_it_is_read_in_the_workers(
    case: Case, shelter: Team
) -> None:
    with translation.override("fr"):
        assert read("ti", case, shelter).language == "fr"
    assert not consent_text.is_written("ti")
    assert consent_text.is_written("ar-SY")


def test_organisations_with_braces_in_their_names_do_no_harm(
    case: Case, shelter: Team
) -> None:
    shelter.organisation.name = "Help {purpose} {0} 100%"

    assert "Help {purpose} {0} 100%" in read("en", case, shelter).plain()
