"""What sealed words say of a person, made coarse; what nobody knows stays unknown."""

from datetime import date
from pathlib import Path

import pytest

from amana.care.cases.person import build_known
from amana.insight.facts import whom
from amana.insight.facts.whom import compute_age
from amana.trust.vault.compartments import Compartment as C

HOUSE = Path(__file__).resolve().parents[3]


def coded(flags=(), **said):
    records: dict[C, dict[str, object]] = {}
    for field, value in said.items():
        compartment, name = field.split("_", 1)
        records.setdefault(C(compartment), {})[name] = value
    return whom.encode_person(build_known(records), flags)


def test_of_whom_nobody_said_anything_nothing_is_known():
    assert set(coded().values()) == {""}


@pytest.mark.parametrize(
    ("age", "band"),
    [
        (0, "0-11"),
        (11, "0-11"),
        (12, "12-17"),
        (17, "12-17"),
        (18, "18-24"),
        (24, "18-24"),
        (25, "25-59"),
        (59, "25-59"),
        (60, "60+"),
        (250, ""),
    ],
)
def test_an_age_becomes_a_band(age, band):
    assert coded(identity_age=age)["age_band"] == band


@pytest.mark.parametrize(
    ("born", "age"),
    [
        ("2008-11-30", 18),
        ("2008-12-01", 17),
        ("2008-01-01", 18),
        ("2008", 17),
        ("2008-11", 17),
        ("", None),
        ("about 2008", None),
    ],
)
def test_until_their_birthday_people_are_a_year_younger(born, age):
    assert compute_age(date(2026, 11, 30), born) == age


def test_a_year_of_birth_is_enough():
    assert coded(identity_birth_date="2001")["age_band"] in {"18-24", "25-59"}


@pytest.mark.parametrize(
    ("of", "group"),
    [
        (["JO"], "national"),
        (["SY", "JO"], "national"),
        (["SY"], "neighbour"),
        (["TN"], "region"),
        (["NG"], "other"),
        ([], ""),
    ],
)
def test_a_country_becomes_a_group(of, group, settings):
    settings.COUNTRY, settings.NEIGHBOURS = "JO", frozenset({"SY"})
    settings.REGION = frozenset({"TN"})

    assert coded(identity_nationality=of)["nationality_group"] == group


def test_without_a_country_of_its_own_the_group_is_unknown(settings):
    settings.COUNTRY = ""

    assert coded(identity_nationality=["SY"])["nationality_group"] == ""


@pytest.mark.parametrize(
    ("flags", "status"),
    [
        (["trafficking"], "trafficking"),
        (["aggravated_smuggling"], "smuggling"),
        (["smuggling", "trafficking"], "both"),
        (["asylum"], "other"),
        ([], ""),
    ],
)
def test_flags_become_a_status_and_a_screening_adds_its_own(flags, status):
    assert coded(narrative_flags=flags)["status"] == status
    assert coded(flags)["status"] == status


@pytest.mark.parametrize(
    ("forms", "form"),
    [
        (["debt"], "labour"),
        (["criminality"], "crime"),
        (["armed"], "other"),
        (["sexual", "labour"], "other"),
        (["something new"], ""),
        ([], ""),
    ],
)
def test_forms_of_exploitation_become_one(forms, form):
    assert coded(narrative_exploitation=forms)["exploitation"] == form


def test_nobody_is_said_to_have_no_disability():
    assert coded(needs_disability=["wheelchair"])["disability"] == "yes"
    assert coded(needs_disability=[])["disability"] == ""


def test_nothing_else_reads_a_case_without_an_event_in_the_log():
    callers = {
        path.relative_to(HOUSE).as_posix()
        for path in HOUSE.rglob("*.py")
        if "tests" not in path.relative_to(HOUSE).parts
        if "documents.read_coded_documents(" in path.read_text()
    }

    # Codes for figures; the year until which a child's case is kept; the hash of the
    # words that were heard, compared with what was signed, with who answered; and what
    # exactly is needed, by which an act that is recorded is allowed or refused.
    assert callers == {
        "insight/facts/whom.py",
        "care/cases/need_kinds.py",
        "care/cases/retention.py",
        "care/consent/sealed.py",
    }
