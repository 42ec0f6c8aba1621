"""A search finds what people mean, however they spell it."""

import pytest
from django.urls import reverse

from amana import given
from amana.design.directory.folding import fold_text, list_variants, match_variants
from amana.design.directory.taxonomy import ServiceType
from amana.design.directory.taxonomy.search_terms import FILE, find_kinds, read_words
from amana.reviewed_files import FaultyFile


def finds(typed: str, text: str) -> bool:
    return match_variants(list_variants(typed), fold_text(text))


@pytest.mark.parametrize(
    ("typed", "text"),
    [
        ("أسرة", "اسره"),
        ("مستشفي", "مستشفى"),
        ("مدرسه", "المدرسة"),
        ("الآمن", "بيت امن"),
        ("للطبيب", "والطبيب"),
        ("درمانگاه کودکان", "درمانگاه كودكان"),
        ("أُسَر", "اسر"),
        ("hebergement", "Hébergement d’urgence"),
        ("l’hébergement", "hebergement"),
        ("coeur", "cœur"),
        ("organization", "Organisation"),
        ("labor", "Labour claims"),
        ("center", "Health centre"),
        ("counseling", "Counselling"),
        ("pediatric", "Paediatric"),
        ("doctors", "a doctor"),
        ("families", "family"),
        ("avocats", "avocat"),
        ("محامين", "محامي"),
        ("abogados", "abogado"),
        ("children", "child"),
        ("the doctor", "doctor"),
        ("12", "شارع ١٢"),
    ],
)
def test_what_is_spelled_otherwise_is_found_both_ways(typed: str, text: str) -> None:
    assert finds(typed, text)
    assert finds(text, text)


@pytest.mark.parametrize(
    ("typed", "text"), [("men", "women"), ("art", "partner"), ("lawyer", "law school")]
)
def test_what_only_looks_alike_is_not(typed: str, text: str) -> None:
    assert not finds(typed, text)


def test_common_words_alone_are_searched_as_they_are() -> None:
    assert list_variants("the")
    assert len(list_variants("for the doctor")) == 1


@pytest.mark.parametrize(
    ("typed", "kind"),
    [
        ("doctor", ServiceType.HE2),
        ("docteur", ServiceType.HE2),
        ("طبيب", ServiceType.HE2),
        ("الأطباء", ServiceType.HE2),
        ("médica", ServiceType.HE2),
        ("lawyers", ServiceType.LG1),
        ("محامي", ServiceType.LG4),
        ("avocate", ServiceType.LG2),
        ("hungry", ServiceType.BA1),
        ("escuela", ServiceType.ED1),
    ],
)
def test_a_kind_of_help_is_found_by_what_people_call_it(
    typed: str, kind: ServiceType
) -> None:
    [variants] = list_variants(typed)
    assert kind in find_kinds(variants)


@pytest.mark.django_db
@pytest.mark.parametrize("typed", ["طبيب", "Doctors", "CLINIQUE", "كلينيك الشمال"])
def test_the_list_of_colleagues_searches_in_the_same_way(typed: str) -> None:
    given.make_service(name="Clinique du Nord", name_ar="كلينيك الشَّمال", types=["HE2"])
    given.make_service(name="Night beds")
    page = given.sign_in(given.make_worker()).get(
        reverse("directory:services"), {"words": typed}
    )
    html = page.content.decode()
    assert "Clinique du Nord" in html
    assert "Night beds" not in html


def test_a_word_for_a_kind_that_is_not_there_is_named(tmp_path) -> None:
    spoilt = tmp_path / FILE.name
    spoilt.write_text(FILE.read_text().replace("HE1:", "HE99:"))
    schema = FILE.with_suffix(".schema.json")
    (tmp_path / schema.name).write_text(schema.read_text())
    with pytest.raises(FaultyFile, match="HE99"):
        read_words(spoilt)
