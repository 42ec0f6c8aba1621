"""Records and notes: who writes in which part, and what a second writer is told."""

import pytest

from amana import given
from amana.care.cases import actions
from amana.care.cases.opened_records import build_written
from amana.errors import Changed, Refused
from amana.trust.vault import cards, documents
from amana.trust.vault.compartments import Compartment as C

from .case_records import EVERYTHING_DONE, U1, record


def test_a_record_is_written_anew_and_keeps_what_was_not_named(case, worker):
    first = record(case, C.IDENTITY, worker)
    revision = actions.rewrite(
        case, C.IDENTITY, {"age": "30"}, replacing=first.revision, by=worker
    )
    now = record(case, C.IDENTITY, worker)
    assert now.revision == revision == 2
    assert now.content == {**first.content, "age": "30"}
    [(_case, card)] = list(cards.open_cards(by=worker))
    assert card["age"] == "30"


def test_the_second_of_two_who_write_at_once_is_told(case, worker, colleague):
    actions.assign(case, colleague, by=worker)
    actions.rewrite(case, C.IDENTITY, {"age": "30"}, replacing=1, by=worker)
    with pytest.raises(Changed):
        actions.rewrite(case, C.IDENTITY, {"age": "31"}, replacing=1, by=colleague)
    assert record(case, C.IDENTITY, worker).content["age"] == "30"


def test_health_can_be_added_to_but_not_read_outside_health(case, worker):
    actions.add_details(case, C.HEALTH, {"summary": "Asthma"}, by=worker)
    actions.add_details(case, C.HEALTH, {"medicines": "Inhaler"}, by=worker)
    assert record(case, C.HEALTH, worker).content == {
        "summary": "Asthma",
        "medicines": "Inhaler",
    }
    with pytest.raises(Refused, match="role"):
        actions.rewrite(case, C.HEALTH, {"summary": ""}, replacing=2, by=worker)


def test_who_adds_unread_replaces_nothing(case, worker):
    first = {"summary": "Asthma", "pregnancy": "yes"}
    actions.add_details(case, C.HEALTH, first, by=worker)
    again = {"summary": "Fever", "pregnancy": "no", "medicines": "Inhaler"}
    actions.add_details(case, C.HEALTH, again, by=worker)
    assert record(case, C.HEALTH, worker).content == {
        "summary": "Asthma\nFever",
        "pregnancy": "yes",
        "medicines": "Inhaler",
    }
    opened = documents.open_documents(case.pk, [C.HEALTH], by=worker, purpose="test")
    (note,) = build_written(opened).notes
    assert (note.words, note.by) == ("Pregnancy: No", worker.name)


def test_a_clinic_reads_and_writes_the_health_of_its_own_cases(clinician):
    case = given.make_case(worked_on_by=clinician, health_summary="Asthma")
    actions.rewrite(case, C.HEALTH, {"summary": "Well"}, replacing=1, by=clinician)
    assert record(case, C.HEALTH, clinician).content == {"summary": "Well"}


def test_a_note_is_sealed_in_its_part_and_never_empty(case, worker):
    name = actions.add_note(case, C.LEGAL, "Hearing moved", by=worker)
    assert record(case, C.LEGAL, worker, name).content["words"] == "Hearing moved"
    with pytest.raises(Refused, match="The note is empty"):
        actions.add_note(case, C.LEGAL, "  ", by=worker)


def test_a_supervisor_may_add_a_note_where_they_read(case, supervisor):
    actions.add_note(case, C.NARRATIVE, "Seen", by=supervisor)
    with pytest.raises(Refused, match="role"):
        actions.add_note(case, C.LEGAL, "Seen", by=supervisor)


def test_nothing_is_written_in_a_closed_case(case, worker, supervisor):
    actions.close(
        case,
        reason="goals_met",
        checklist=EVERYTHING_DONE,
        left_open="-",
        by=supervisor,
    )
    with pytest.raises(Refused, match="closed"):
        actions.rewrite(case, C.IDENTITY, {"age": "3"}, replacing=1, by=worker)
    with pytest.raises(Refused, match="closed"):
        actions.raise_need(case, type="SH1", urgency=U1, by=worker)
