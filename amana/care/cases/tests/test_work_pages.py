"""Needs, follow-ups, notes and records on the pages of a case (P38)."""

from datetime import timedelta

import pytest
from django.utils import timezone

from amana import given
from amana.care.cases import actions
from amana.care.cases.tests.pages import browser, post, text_of
from amana.trust.vault import documents
from amana.trust.vault.compartments import Compartment as C

from .browsers import to


def test_a_need_is_added_and_answered(desk, case):
    post(desk, to("add_need", case.pk), {"type": "HE1", "urgency": "U0", "words": "Ow"})
    need = case.needs.get(group="HE")
    assert "Ow" in text_of(desk.get(to("case", case.pk)))
    answer = post(desk, to("need", need.pk), {"status": "unmet", "reason": ""})
    assert answer.status_code == 409
    assert "Choose why nothing acceptable was found" in text_of(answer)
    post(desk, to("need", need.pk), {"status": "met", "reason": ""})
    given.pass_ten_minutes()
    need.refresh_from_db()
    assert need.status == "met"


def test_a_follow_up_is_planned_and_done(desk, case):
    due = timezone.localtime() + timedelta(days=3)
    post(
        desk,
        to("add_follow_up", case.pk),
        {"kind": "contact", "words": "Call", "due_at": f"{due:%Y-%m-%dT%H:%M}"},
    )
    follow_up = case.follow_ups.get()
    assert "Call" in text_of(desk.get(to("follow_up", follow_up.pk)))
    post(desk, to("follow_up", follow_up.pk), {"words": "Reached"})
    follow_up.refresh_from_db()
    assert follow_up.done_at
    assert "Reached" in text_of(desk.get(to("follow_up", follow_up.pk)))


def test_a_follow_up_in_the_past_is_refused_and_nothing_typed_is_lost(desk, case):
    answer = post(
        desk,
        to("add_follow_up", case.pk),
        {"kind": "other", "words": "Ask the aunt", "due_at": "2020-01-01T10:00"},
    )
    assert answer.status_code == 409
    assert "Ask the aunt" in text_of(answer)


def test_a_person_decides_how_urgent_it_is(desk, case):
    post(desk, to("urgency", case.pk), {"urgency": "U3"})
    case.refresh_from_db()
    assert case.urgency == "U3"


def test_a_note_is_added_once_however_often_it_is_sent(desk, case, worker):
    from amana.ui.once import make_form_key

    sent = {"words": "Slept well"} | make_form_key()
    desk.post(to("note", case.pk, "needs"), sent)
    desk.post(to("note", case.pk, "needs"), sent)
    opened = documents.open_documents(case.pk, [C.NEEDS], by=worker, purpose="test")
    assert len([name for _part, name in opened if name.startswith("note/")]) == 1


def test_an_empty_note_says_so(desk, case):
    assert post(desk, to("note", case.pk, "needs"), {"words": ""}).status_code == 422


def test_a_record_is_changed(desk, case, worker):
    change = to("change", case.pk, "identity")
    assert "Person" in desk.get(change).content.decode()
    post(desk, change, {"revision": "1", "name": "Hope", "languages": ["ar", ""]})
    opened = documents.open_documents(case.pk, [C.IDENTITY], by=worker, purpose="test")
    assert opened[C.IDENTITY, "record"].content["name"] == "Hope"
    assert opened[C.IDENTITY, "record"].content["languages"] == ["ar"]


@pytest.mark.parametrize("revision", ["1" * 5000, "9" * 18, "²"])
def test_an_invented_revision_replaces_nothing(desk, case, worker, revision):
    change = to("change", case.pk, "identity")
    answer = post(desk, change, {"revision": revision, "name": "Hope"})
    assert answer.status_code == 409
    opened = documents.open_documents(case.pk, [C.IDENTITY], by=worker, purpose="test")
    assert opened[C.IDENTITY, "record"].content["name"] != "Hope"


def test_the_second_editor_sees_both_versions_and_loses_nothing(
    desk, case, worker, colleague
):
    actions.assign(case, colleague, by=worker)
    change = to("change", case.pk, "contact")
    post(desk, change, {"revision": "1", "channel": "call", "number": "0700 111"})
    answer = post(
        browser(colleague),
        change,
        {"revision": "1", "channel": "call", "number": "0700 222", "never": "At night"},
    )
    assert answer.status_code == 409
    page = answer.content.decode()
    assert "A colleague changed this while you were writing" in page
    assert 'value="0700 222"' in page
    assert "0700 111" in page
    assert 'value="At night"' in page
    assert 'name="revision" value="2"' in page
    post(
        browser(colleague),
        change,
        {"revision": "2", "channel": "call", "number": "0700 222", "never": "At night"},
    )
    opened = documents.open_documents(case.pk, [C.CONTACT], by=worker, purpose="test")
    assert opened[C.CONTACT, "record"].content["number"] == "0700 222"
    assert opened[C.CONTACT, "record"].revision == 3


def test_a_code_that_is_offered_no_more_survives_a_change(desk, worker):
    case = given.make_case(worked_on_by=worker, identity_languages=["xx-old"])
    answer = desk.get(to("change", case.pk, "identity"))
    assert 'value="xx-old" checked' in answer.content.decode()
    post(
        desk,
        to("change", case.pk, "identity"),
        {"revision": "1", "name": "H", "languages": ["xx-old"]},
    )
    opened = documents.open_documents(case.pk, [C.IDENTITY], by=worker, purpose="test")
    assert opened[C.IDENTITY, "record"].content["languages"] == ["xx-old"]
