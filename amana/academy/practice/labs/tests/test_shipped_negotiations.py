"""The negotiations that come along: each can be agreed on, in each language, and what
is agreed is a mechanism that loads."""

from pathlib import Path

import pytest
import yaml
from django.conf import settings

from amana.design.mechanism import pack_memory, writing
from amana.design.mechanism.pack import files

FOLDER: Path = settings.ROOT / "courses/referral-mechanism/labs"
NEGOTIATIONS = {
    path.stem: yaml.safe_load(path.read_text()) for path in FOLDER.glob("*.yaml")
}


def test_seven_come_along():
    assert set(NEGOTIATIONS) == {
        "border-data",
        "child-and-asylum",
        "hospital-bills",
        "interpreters",
        "old-harbour",
        "statements",
        "two-countries-return",
    }


@pytest.mark.parametrize("code", NEGOTIATIONS)
def test_each_option_of_each_clause_gives_a_mechanism_that_loads(code):
    lab = NEGOTIATIONS[code]
    pack = files.read_folder(settings.ROOT / "mechanisms" / lab["pack"])
    for clause in lab["clauses"]:
        for option in clause.get("options", ()) if "file" in clause else ():
            values = {tuple(clause["place"]): option["value"]}
            written = pack | writing.write_values(pack, clause["file"], values)
            _pack, faults = pack_memory.read_files(written)
            assert faults == [], (clause["code"], option["code"])


@pytest.mark.parametrize("code", NEGOTIATIONS)
def test_each_is_a_draft_in_three_languages_and_keeps_no_more_than_two_hours(code):
    lab = NEGOTIATIONS[code]

    assert lab["languages"] == ["en", "fr", "ar"]
    assert "draft for review" in lab["notice"]["en"]
    assert 60 <= sum(round_["minutes"] for round_ in lab["rounds"]) <= 120
    assert lab["debrief"]["questions"]


@pytest.mark.parametrize("code", NEGOTIATIONS)
def test_no_clause_is_settled_by_what_every_party_would_accept_anyway(code):
    """Else there is nothing to find out: each choice has a party that can't take it."""
    for clause in NEGOTIATIONS[code]["clauses"]:
        zones = clause.get("zones")
        if zones:
            shared = set.intersection(*map(set, zones.values()))
            assert shared, clause["code"]
            every = {option["code"] for option in clause["options"]}
            assert shared < every, clause["code"]
