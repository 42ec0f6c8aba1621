"""What would tell of few persons, or of one, is found; words about policy pass."""

import pytest
from hypothesis import given as each
from hypothesis import strategies as st

from amana.insight.briefs import brief_checks
from amana.insight.briefs.brief_checks import FEW, check_text, list_hard_sentences

PLACES = ["Kilima", "Sefra"]

SMALL = (str(FEW), False)
TYPED = (str(brief_checks.TYPED), False)


@each(
    number=st.integers(1, 10),
    shape=st.sampled_from(
        ["{n} women", "girls: {n}", "enfants ({n})", "{n} of the survivors", "{n} نساء"]
    ),
    around=st.sampled_from(["", "In 2025, ", "1,240 people waited; "]),
)
def test_a_number_below_eleven_is_for_a_second_person(number, shape, around):
    assert found(around + shape.format(n=number) + ".") == [SMALL]


@each(number=st.integers(11, 1899))
def test_a_number_of_people_that_was_typed_is_for_a_second_person(number):
    assert found(f"In this year {number} women waited.") == [TYPED]


@pytest.mark.parametrize(
    "sentence",
    [
        "In this year 1,240 women waited.",
        "1 200 femmes attendent.",
        "انتظرت ٢٥ امرأة",
        "Women: 300.",
        "Women (12)",
        "14 of the women",
        "14 young women",
        "45 réfugiés",
        "120 travailleuses domestiques",
        "١٥ عاملة منزلية",
        "1 200 000 migrants",
    ],
)
def test_thousands_and_other_digits_are_read(sentence):
    assert found(sentence) == [TYPED]


@pytest.mark.parametrize(
    "sentence",
    [
        "Three women left the shelter.",
        "Two were detained again.",
        "A dozen women.",
        "Both boys were taken back.",
        "The victims numbered four.",
        "3 of 10 testified.",
        "Deux filles attendent.",
        "ثلاث نساء ينتظرن",
        "امرأتان تنتظران مكانًا",
        "شخصان من نيبال",
        "وثلاثة سافروا",
        "انتظرت ٧ نساء",
        # What it counts, a person sees.
        "Two more beds open.",
        # One alone, and two by their ending.
        "One woman was detained.",
        "Only one survivor testified.",
        "Here, a single woman waits.",
        "Une seule victime a porté plainte.",
        "Il y avait un seul enfant.",
        "امرأة واحدة",
        "One was deported.",
        "لاجئان سافرا",
        "عاملان وأخوان",
        "طالبتان من نيبال",
        "Two sisters were sold by their uncle.",
        "Three of them were pregnant.",
        "The 3 who testified were deported.",
        "ثلاث عاملات منزليات من نيبال",
        # The number is no part of the date.
        "In May 4 migrants were freed.",
        "En mai 5 migrantes sont arrivées.",
        "في مايو 4 مهاجرات",
    ],
)
def test_small_numbers_in_words_and_in_other_digits_are_for_a_second_person(sentence):
    assert SMALL in found(sentence)


@pytest.mark.parametrize(
    "sentence",
    [
        "8 % of women were not asked, and 4.5% of men.",
        "Since 2024 women have waited longer.",
        "The wait falls by 3 months, from 6.2 to 3.1 days.",
        "انتظروا ١٢٫٥ يومًا، ومرتين في سنتين",
        "Nine in ten wait; neuf sur dix; تسعة من عشرة",
        "One in five women waits too long.",
        "A journey of more than 2 hours, within 5 working days.",
        "The law says so in Article 4, Option 2 and SDG 5.",
        "5 percent of two hundred and twenty-three thousand.",
        "خمسة عشر مكانًا وخمسة آلاف يورو",
        "No one has promised to give one office the duty.",
        "After three months, within 5 jours, بعد ثلاثة أشهر",
        "Article 12 protects people from 1 March.",
        "Open 30 places for women.",
        "{…} women found no bed.",
        "Children aged 12 to 17.",
        "المهاجرين والقاصرين",
    ],
)
def test_shares_and_times_pass(sentence):
    assert found(sentence) == []


def test_a_small_number_is_seen_where_an_office_is_reached_too():
    assert found("Two women.", reachable=True) == [SMALL]
    assert found("+962 7 9999 1234", reachable=True) == []
    assert found("Building 4, 5 rue de la Paix, room 3.", reachable=True) == []


def found(words, **options):
    return [
        (str(finding.words), finding.sure)
        for finding in check_text(words, places=PLACES, **options)
    ]


@pytest.mark.parametrize(
    "story",
    [
        "A 16-year-old girl from Kilima waited for weeks.",
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
