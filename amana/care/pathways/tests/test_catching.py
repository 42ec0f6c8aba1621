"""A mistake in the program never undoes what a person did: it is told, and mended."""

import pytest
from django.db import IntegrityError
from django.urls import reverse

from amana import given
from amana.care.cases.models import Case
from amana.care.consent import actions as consents
from amana.care.consent.models import Consent
from amana.care.pathways import actions, catching, reactions, status
from amana.care.pathways.labels import MISSED
from amana.care.pathways.models import PathwayEvent, PathwayRun
from amana.care.pathways.tests.conftest import go
from amana.care.pathways.tests.test_actions import close, keys
from amana.care.pathways.tests.test_views import at, text
from amana.errors import Changed
from amana.trust.access.rules import Denied
from amana.trust.audit.models import AuditEvent
from amana.ui.once import make_form_key
from tests.worlds import kept

MISTAKES = [
    RuntimeError("canary: her name"),
    KeyError("canary"),
    IntegrityError("canary"),
]


@pytest.fixture(params=MISTAKES, ids=lambda mistake: type(mistake).__name__)
def mistake(request, monkeypatch):
    """Planted where every fact has been written, and its rows not yet."""

    def fails(*args, **kwargs):
        raise request.param

    monkeypatch.setattr(status, "update_rows", fails)
    return request.param


@kept
def agreed(registered, case, worker, clinic):
    return given.make_consent(case, to=clinic[0], by=worker)


def test_each_reaction_that_may_be_missed_has_a_text():
    followed = {
        name for name, found in vars(reactions).items() if hasattr(found, "__wrapped__")
    }
    assert followed == MISSED.keys()


def test_a_consent_is_taken_back_whatever_the_pathway_does(
    agreed, registered, worker, mistake, caplog
):
    before = registered.facts.count()
    consents.withdraw(agreed, by=worker)

    agreed.refresh_from_db()
    assert agreed.status == Consent.Status.WITHDRAWN
    assert PathwayEvent.objects.filter(course=registered).count() == before
    registered.refresh_from_db()
    assert registered.missed == ["react_to_withdrawal"]
    assert registered.length == before
    event = AuditEvent.objects.get(did="pathway could not follow")
    assert event.case == registered.case_id
    assert event.auditdetail.details == {
        "missed": "react_to_withdrawal",
        "error": type(mistake).__name__,
    }
    assert "canary" not in caplog.text


def test_a_case_is_closed_whatever_the_pathway_does(
    registered, case, supervisor, mistake
):
    close(case, supervisor)
    assert not Case.objects.get(pk=case.pk).is_open
    registered.refresh_from_db()
    assert (registered.ended_at, registered.missed) == (None, ["close_pathway"])


def test_a_case_is_opened_and_met_with_a_mistake_all_the_same(
    mechanism, worker, mistake
):
    case = given.make_case(worked_on_by=worker)
    assert case.is_open
    assert not hasattr(Case.objects.get(pk=case.pk), "course")
    assert AuditEvent.objects.filter(did="pathway could not follow").exists()


def test_it_catches_up_with_a_consent_taken_back(
    agreed, registered, worker, supervisor, coordinator, monkeypatch
):
    with monkeypatch.context() as planted:
        planted.setattr(status, "update_rows", lambda *args: 1 / 0)
        consents.withdraw(agreed, by=worker)
    assert "goodbye" not in keys(registered)
    with pytest.raises(Denied):
        catching.catch_up_course(registered, by=coordinator)

    catching.catch_up_course(registered, by=supervisor)

    assert keys(registered) == ["care", "goodbye"]
    registered.refresh_from_db()
    assert registered.missed is None
    with pytest.raises(Changed, match="already"):
        catching.catch_up_course(registered, by=supervisor)


def test_it_follows_to_whose_it_is_though_nobody_listens_any_more(
    agreed, registered, worker, supervisor
):
    consents.withdraw(agreed, by=worker)
    assert not status.is_open_to(registered, catching.WITHDRAWN)
    missed = ["react_to_withdrawal", "follow_to_whose_it_is"]
    PathwayRun.objects.filter(pk=registered.pk).update(missed=missed)
    assert registered.dues.filter(key="goodbye").update(own=False) == 1

    catching.catch_up_course(registered, by=supervisor)

    assert registered.dues.get(key="goodbye").own
    registered.refresh_from_db()
    assert registered.missed is None


def test_what_was_agreed_to_anew_meanwhile_is_not_interrupted(
    agreed, registered, case, worker, supervisor, clinic, monkeypatch
):
    with monkeypatch.context() as planted:
        planted.setattr(status, "update_rows", lambda *args: 1 / 0)
        consents.withdraw(agreed, by=worker)
    given.make_consent(case, to=clinic[1], by=worker)
    catching.catch_up_course(registered, by=supervisor)
    assert "goodbye" not in keys(registered)


def test_it_catches_up_with_a_case_that_was_closed(
    registered, case, worker, supervisor, monkeypatch
):
    with monkeypatch.context() as planted:
        planted.setattr(status, "update_rows", lambda *args: 1 / 0)
        close(case, supervisor)
    catching.catch_up_course(registered, by=supervisor)
    registered.refresh_from_db()
    assert (registered.ended, registered.missed) == ("closed", None)


def test_the_page_of_the_case_says_so_and_lets_it_catch_up(
    agreed, registered, case, worker, supervisor, coordinator, monkeypatch
):
    go(registered, ("listen", worker, {"children": 0}))
    with monkeypatch.context() as planted:
        planted.setattr(status, "update_rows", lambda *args: 1 / 0)
        consents.withdraw(agreed, by=worker)
    browser = given.sign_in(supervisor)
    there = at("catch_up", registered)
    for page in (reverse("cases:case", args=[case.pk]), at("course", registered)):
        html = text(browser.get(page))
        assert "The pathway is not up to date" in html
        assert "The person withdrew consent" in html
        assert there in html
    assert given.sign_in(coordinator).post(there, make_form_key()).status_code == 404

    answer = browser.post(there, make_form_key())

    assert answer["Location"] == at("course", registered)
    assert "The pathway is not up to date" not in text(
        browser.get(at("course", registered))
    )


def test_what_follows_a_mistake_goes_on(agreed, registered, worker, mistake):
    """The transaction of the act is whole: what comes after it is written too."""
    consents.withdraw(agreed, by=worker)
    assert AuditEvent.objects.filter(did="withdrew consent").exists()
    with pytest.raises(type(mistake)):
        actions.finish_step(registered, "listen", data={"children": 0}, by=worker)
