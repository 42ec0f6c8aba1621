"""Their words become codes of ours by decisions, and by nothing else."""

import pytest

from amana.design.directory.models import Service
from amana.exchange.sources.guessing import guess_mapping
from amana.exchange.sources.mapping import SourceMapping
from amana.exchange.sources.opening import read_file
from amana.exchange.sources.reading import read_source
from amana.exchange.sources.terms import (
    ServiceStatus,
    convert_terms,
    find_plain,
    find_terms,
    list_choices,
    suggest_codes,
)
from amana.exchange.sources.tests.conftest import services, to_csv

ROWS = [
    {"name": "Clinic", "partner": "Port", "category": "Doctors; Shelter"},
    {"name": "House", "partner": "Port", "category": "Shelter"},
    {"name": "Care", "partner": "Port", "category": "Primary health care"},
]


@pytest.mark.parametrize(
    ("name", "word", "codes"),
    [
        ("types", "Primary health care", ("HE2",)),
        ("types", "HE2", ("HE2",)),
        ("nationalities", "Syrie", ("SY",)),
        ("nationalities", "سوريا", ("SY",)),
        ("status", "Defunct", ("ended",)),
        ("types", "Help", None),
    ],
)
def test_what_is_plainly_ours_is_not_asked(name, word, codes):
    assert find_plain(name, word) == codes


def test_what_is_alike_is_proposed_and_decided_by_nobody_else():
    assert suggest_codes("types", "primary healthcare") == ("HE2",)
    assert convert_terms("types", ["primary healthcare"], {}) == (
        {},
        ["primary healthcare"],
    )


def test_a_word_is_decided_once_for_all_services():
    file = read_file(to_csv(ROWS))
    guess = guess_mapping(file)
    assert [(t.word, t.times) for t in find_terms(file, guess)] == [
        ("Shelter", 2),
        ("Doctors", 1),
    ]

    decided = {"types": {"Shelter": ("SH2", "sexes:female"), "Doctors": ()}}
    found = services(read_source(file, SourceMapping(guess.tables, decided)))
    kinds = [(row.values["types"], row.values.get("sexes")) for row in found]
    assert kinds == [(["SH2"], ["female"]), (["SH2"], ["female"]), (["HE2"], None)]
    assert not any(row.remarks for row in found)


def test_an_open_word_is_reported_with_each_service_that_has_it():
    file = read_file(to_csv(ROWS))
    found = services(read_source(file, guess_mapping(file)))

    assert "“Shelter” (Kinds of help) is not decided yet." in found[1].remarks
    assert "types" not in found[1].values


def test_a_service_has_the_statuses_of_the_directory():
    assert ServiceStatus.choices == Service.Status.choices


@pytest.mark.parametrize("name", ["types", "nationalities", "status", "within"])
def test_each_field_offers_its_codes(name):
    assert all(find_plain(name, code) == (code,) for code, _label in list_choices(name))
