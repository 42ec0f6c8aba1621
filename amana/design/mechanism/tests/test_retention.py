"""The law of the mechanism says how long records are kept."""

from datetime import timedelta
from types import SimpleNamespace

import pytest
from django.utils import timezone

from amana.design.mechanism import retention
from amana.design.mechanism.pack.reading import build_provision
from amana.trust.retention.terms import REQUEST, USUAL, RetentionTerm, load

TEXT = {"en": "Words"}
SAYS = {
    "instrument": TEXT,
    "provision": TEXT,
    "obliges": TEXT,
    "source": "Invented",
    "checked": "no",
}


@pytest.fixture
def law(monkeypatch):
    """A mechanism whose provisions say these things."""

    def be(*provisions):
        laws = {
            str(n): build_provision(str(n), SAYS | said)
            for n, said in enumerate(provisions)
        }
        version = SimpleNamespace(pack=SimpleNamespace(law=laws))
        monkeypatch.setattr(retention, "list_versions_in_force", lambda: [version])

    return be


def test_a_provision_that_binds_sets_the_terms(law):
    law(
        {
            "ratified_on": "2021-04-01",
            "kept_at_most": {"case": "P3Y", "log": "P400D"},
            "requests_answered_within": "P10D",
        }
    )

    assert retention.find_legal_terms() == {
        "case": RetentionTerm(3, "Y"),
        "log": RetentionTerm(400, "D"),
        REQUEST: RetentionTerm(10, "D"),
    }
    assert load()["case"] == RetentionTerm(3, "Y")
    assert load()["screening"] == USUAL["screening"]


def test_of_several_the_shortest_counts(law):
    binding = {"ratified_on": "2021-04-01"}
    law(
        binding | {"kept_at_most": {"case": "P3Y"}},
        binding | {"kept_at_most": {"case": "P800D"}},
    )

    assert retention.find_legal_terms() == {"case": RetentionTerm(800, "D")}


@pytest.mark.parametrize("on", [None, "tomorrow"])
def test_what_does_not_bind_here_sets_none(law, on):
    tomorrow = (timezone.localdate() + timedelta(days=1)).isoformat()
    said = {"kept_at_most": {"case": "P1D"}}
    law(said | ({"ratified_on": tomorrow} if on else {}))

    assert retention.find_legal_terms() == {}


def test_without_a_mechanism_the_usual_terms_count(monkeypatch):
    monkeypatch.setattr(retention, "list_versions_in_force", list)

    assert load() == USUAL
