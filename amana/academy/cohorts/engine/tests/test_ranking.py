"""The help page finds what was meant, in each language, or says that it does not."""

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from amana.academy.cohorts.engine.passages import split_passages
from amana.academy.cohorts.engine.ranking import HelpIndex, HelpPassage
from amana.academy.cohorts.engine.word_stems import extract_words, normalise_text

FOLDER = Path(__file__).parents[5] / "courses" / "referral-mechanism"
LANGUAGES = ("en", "fr", "ar")


def faq(language: str) -> list[HelpPassage]:
    text = (FOLDER / f"faq.{language}.md").read_text(encoding="utf-8")
    return list(split_passages(text))


INDEXES = {language: HelpIndex(faq(language), language) for language in LANGUAGES}

ASKED = {
    # what somebody types: which question it means, by its place in the file
    "en": {
        "is there a fee?": 5,
        "scholarships": 6,
        "APPLYING for a place": 7,
        "how long is my place kept": 9,
        "waiting list": 10,
        "i want to withdraw": 11,
        "withdrawl": 11,
        "how do I get an account": 12,
        "is the certificate valid for ever": 17,
        "can an employer check my certificate": 16,
        "failed the test": 19,
        "no internet": 20,
        "offline without a network": 20,
        "screen readers": 22,
        "somebody is in danger": 27,
        "who can see that I take part": 24,
        "is it accredited": 30,
        "whatsapp": 31,
    },
    "fr": {
        "bourse": 6,
        "BOURSES ?": 6,
        "liste d'attente": 10,
        "retirer ma candidature": 11,
        "creer un compte": 12,
        "verifier un certificat": 16,
        "echoue au test": 19,
        "sans reseau": 20,
        "lecteur d’ecran": 22,
        "quelqu’un en danger": 27,
        "est-ce accrédité": 30,
        "WhatsApp": 31,
    },
    "ar": {
        "منحة": 6,
        "المنح": 6,
        "قائمة الإنتظار": 10,
        "اريد الانسحاب": 11,
        "حساب": 12,
        "التحقّق من الشهادة": 16,
        "بدون انترنت": 20,
        "قارئ الشاشه": 22,
        "شخص في خطر": 27,
        "مدة الدورة": 3,
    },
}


@pytest.mark.parametrize(
    ("language", "question", "place"),
    [
        (language, question, place)
        for language, asked in ASKED.items()
        for question, place in asked.items()
        if place
    ],
)
def test_what_was_meant_is_among_the_first(language, question, place):
    found = INDEXES[language].best(question, most=3)
    meant = INDEXES[language].passages[place - 1]
    assert meant in found


def test_most_questions_have_their_answer_first():
    asked = [
        (language, question, place)
        for language, questions in ASKED.items()
        for question, place in questions.items()
        if place
    ]
    first = [
        INDEXES[language].best(question)[:1] == [INDEXES[language].passages[place - 1]]
        for language, question, place in asked
    ]
    assert sum(first) / len(first) >= 0.85


@pytest.mark.parametrize("language", LANGUAGES)
def test_each_question_of_the_list_finds_itself(language):
    index = INDEXES[language]
    assert [
        passage.title
        for passage in index.passages
        if index.best(passage.title)[0] != passage
    ] == []


def test_the_lists_say_the_same_in_each_language():
    assert len({len(index.passages) for index in INDEXES.values()}) == 1


@pytest.mark.parametrize("question", ["", "?", "the", "zebra crossing", "من في"])
def test_no_answer_is_better_than_a_wrong_one(question):
    assert INDEXES["en"].best(question) == []


@given(st.text(max_size=60))
def test_whatever_is_typed_something_or_nothing_is_found(question):
    for index in INDEXES.values():
        assert len(index.best(question, most=2)) <= 2


def test_letters_that_people_write_in_several_ways_are_one():
    assert normalise_text("الإحالة") == normalise_text("الاحاله") == "الاحاله"
    assert normalise_text("شَهادَة") == normalise_text("شهادة")
    assert extract_words("À l’école", "fr") == extract_words("a l'ecole", "fr")
