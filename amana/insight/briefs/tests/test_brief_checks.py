"""What would tell of few persons, or of one, is found; words about policy pass."""

import pytest
from hypothesis import given as each
from hypothesis import strategies as st

from amana.insight.briefs.brief_checks import check_text, list_hard_sentences
from amana.insight.briefs.small import find_few_people, may_count_few

PLACES = ["Kilima", "Sefra"]

NOUNS = {
    "en": ["women", "girls", "boys", "children", "survivors", "people", "victims"],
    "fr": ["femmes", "filles", "garçons", "enfants", "victimes", "personnes"],
    "ar": ["نساء", "فتيات", "أطفال", "ضحايا", "أشخاص"],
}


@each(
    number=st.integers(1, 10),
    noun=st.sampled_from([noun for nouns in NOUNS.values() for noun in nouns]),
    shape=st.sampled_from(
        [
            "{n} {who}",
            "{who}: {n}",
            "{who} ({n})",
            "{n} of the {who}",
            "{n} young {who}",
        ]
    ),
    around=st.sampled_from(["", "In this year ", "Last month, "]),
)
def test_a_number_of_persons_below_eleven_is_found(number, noun, shape, around):
    assert find_few_people(around + shape.format(n=number, who=noun) + ".")


@each(
    number=st.integers(11, 99999),
    noun=st.sampled_from([noun for nouns in NOUNS.values() for noun in nouns]),
)
def test_larger_numbers_of_persons_pass(number, noun):
    assert not find_few_people(f"In this year {number} {noun}.")


@pytest.mark.parametrize(
    "sentence",
    [
        "In this year 1,240 women found no bed.",
        "1 200 femmes attendent.",
        "انتظرت ٢٥ امرأة",
        "Women: 300.",
    ],
)
def test_a_number_of_persons_that_is_typed_is_looked_at(sentence):
    [found] = check_text(sentence)

    assert not found.sure
    assert "in no release" in str(found.words)


@pytest.mark.parametrize(
    "sentence",
    [
        "Since 2024 women have waited longer.",
        "Article 12 protects people.",
        "Open 30 places for women.",
        "{…} women found no bed.",
    ],
)
def test_a_number_of_something_else_passes(sentence):
    assert [*check_text(sentence)] == []


@pytest.mark.parametrize(
    "sentence",
    [
        "Three women left the shelter.",
        "Deux filles attendent.",
        "ثلاث نساء ينتظرن",
        "امرأتان تنتظران مكانًا",
        "انتظرت ٧ نساء",
        "Of those, 4 were girls.",
    ],
)
def test_numbers_in_words_and_in_other_digits_are_found(sentence):
    assert find_few_people(sentence)


@pytest.mark.parametrize(
    "sentence",
    [
        "One in 5 women waits too long.",
        "Within 3 days each child has a guardian.",
        "8 % of women were not asked.",
        "1 200 femmes et 5 000 enfants.",
        "Open 5 shelters; 3 options for women were costed.",
        "Article 12 protects people.",
        "Children aged 12 to 17.",
    ],
)
def test_what_counts_something_else_passes(sentence):
    assert not find_few_people(sentence)


@pytest.mark.parametrize(
    "sentence",
    [
        "Two sisters were sold by their uncle.",
        "Three of them were pregnant.",
        "Two were detained again.",
        "A dozen women.",
        "Here, a single woman waits.",
        "Both boys were taken back.",
        "In the shelter: women 4.",
        "The victims numbered four.",
        "3 employees",
        "The 3 who testified were deported.",
        "She was locked up by the minister's brother for two years.",
        "3 of 10 testified.",
        "Trois ressortissantes népalaises ont été libérées.",
        "Deux soeurs vendues par leur oncle.",
        "Une seule femme a porté plainte.",
        "Il y avait un seul enfant.",
        "ثلاث عاملات منزليات من نيبال",
        "شقيقتان من نيبال",
        "وثلاثة سافروا",
        "طالبتان من نيبال",
    ],
)
def test_what_may_be_few_or_one_never_goes_out_without_a_look(sentence):
    assert found(sentence)


@pytest.mark.parametrize(
    "sentence",
    [
        "The wait falls from 9 to 3 days, and two more beds open.",
        "One in five waits for three new services or 4 % of 5 million euros.",
        "Two hundred and twenty-three thousand.",
        "The law says so in Article 4, from 1 March.",
        "Trois nouvelles régions et deux ministères, pour 5 000 euros.",
        "ثلاث مناطق وثلاثة عشر مكانًا وخمسة آلاف يورو ومرتين في سنتين",
        "المهاجرين والقاصرين",
    ],
)
def test_small_numbers_of_other_things_need_no_look(sentence):
    assert not may_count_few(sentence)
    assert not find_few_people(sentence)


def found(words, **options):
    return [
        (str(finding.words), finding.sure)
        for finding in check_text(words, places=PLACES, **options)
    ]


@pytest.mark.parametrize(
    "story",
    [
        "A 16-year-old girl from Kilima waited for two weeks.",
        "A woman named Salma asked for a bed.",
        "Une femme enceinte de Sefra a attendu.",
        "فتاة تدعى سلمى طلبت مكانًا",
        "She came on 3 May 2025 to Kilima.",
    ],
)
def test_the_story_of_one_person_is_not_published(story):
    assert [sure for _words, sure in found(story)] == [True]


@pytest.mark.parametrize(
    "sentence",
    [
        "A woman had to wait in Kilima.",
        "The meeting with Amira Haddad changed much.",
    ],
)
def test_what_may_tell_of_somebody_is_for_a_second_pair_of_eyes(sentence):
    assert [sure for _words, sure in found(sentence)] == [False]


@pytest.mark.parametrize(
    "sentence",
    [
        "The Ministry of Health funds twenty more beds in Kilima by 31 March 2027.",
        "Men and women waited for interpreters; many gave up.",
        "Le Ministère de l’Intérieur décide avant le 1 mars.",
        "قال كثيرون إنهم انتظروا طويلًا",
        "We heard this from the House of Hope.",
        "It costs 12 500 000 from 2027-2029, and 1 412 000 later.",
    ],
)
def test_words_about_policy_pass(sentence):
    assert found(sentence, known="House of Hope · House · Hope") == []


def test_an_address_stands_only_where_one_asks():
    said = "Write to brief@ministry.example."
    assert [sure for _words, sure in found(said)] == [True]
    assert found(said, reachable=True) == []


def test_what_is_still_to_be_written_is_found():
    assert found("We ask […] to decide.")
    assert found("  ")
    assert found("", may_be_empty=True) == []


def test_long_sentences_are_not_plain_language():
    long = " ".join(["word"] * 21) + "."
    assert list_hard_sentences(f"Short it is. {long}") == [long]
    assert list_hard_sentences("Many people wait. We ask for more beds.") == []
