"""The same form twice, as after an answer that was lost, does what it does once."""

import re

import pytest
from django.urls import URLPattern, reverse

from amana import given
from amana.design.mechanism import actions, urls
from amana.design.mechanism.models import Version
from amana.design.mechanism.tests.test_views import TRIAGE, plain
from amana.trust.audit.models import AuditEvent
from amana.ui.once import make_form_key


def twice(user, name, *args, **fields):
    """Where both led, and that the second left nothing in the log."""
    browser, sent = given.sign_in(user), fields | make_form_key()
    url = reverse(f"mechanism:{name}", args=args)
    first = browser.post(url, sent)
    told = AuditEvent.objects.count()
    second = browser.post(url, sent)
    assert (first.status_code, second.status_code) == (302, 302)
    assert second["Location"] == first["Location"]
    assert AuditEvent.objects.count() == told


def test_a_draft_is_discussed_signed_adopted_and_put_in_force_once(
    draft, coordinator, supervisor, house, office
):
    twice(coordinator, "consult", draft.pk)
    comment = actions.add_comment(draft, "Ten days are long.", by=supervisor)
    twice(coordinator, "settle", comment.pk, answer="Five, then.")
    for by, whose in ((supervisor, house), (coordinator, office)):
        twice(by, "sign", draft.pk, whose.pk, sha256=draft.sha256)
    twice(coordinator, "adopt", draft.pk)
    twice(coordinator, "put_in_force", draft.pk)
    assert draft.signatures.count() == 2


def test_a_draft_is_taken_back_and_thrown_away_once(discussed, coordinator):
    twice(coordinator, "take_back", discussed.pk)
    twice(coordinator, "discard", discussed.pk)
    assert not Version.objects.exists()


def test_a_form_is_taken_out_once(draft, coordinator):
    actions.edit_draft(draft, lambda files: {"forms/old.xlsx": b"PK"}, by=coordinator)
    form = draft.files.get(path="forms/old.xlsx")
    twice(coordinator, "remove_form", draft.pk, form.pk)
    assert not draft.files.filter(path__startswith="forms/")


def test_a_row_that_goes_up_does_not_come_down_again(draft, coordinator):
    table = {"decisions/triage.yaml": TRIAGE.encode()}
    actions.edit_draft(draft, lambda files: table, by=coordinator)
    twice(coordinator, "raise_row", draft.pk, "triage", 1)
    rows = plain(draft, "decisions/triage.yaml")["rows"]
    assert [row["then"] for row in rows] == ["urgent", "child", "standard"]


FORMS = [p for p in urls.urlpatterns if isinstance(p, URLPattern)]


@pytest.mark.parametrize("path", FORMS, ids=lambda path: path.name)
def test_no_form_is_taken_without_its_key(path, coordinator):
    ways = {
        name: converter.regex for name, converter in path.pattern.converters.items()
    }
    some = {
        name: "1" if re.fullmatch(way, "1") else way.partition("|")[0]
        for name, way in ways.items()
    }
    url = reverse(f"mechanism:{path.name}", kwargs=some)
    assert given.sign_in(coordinator).post(url).status_code in (400, 405)
