"""A case is opened, and found again."""

import pytest
from django.core.exceptions import PermissionDenied
from django.utils import timezone

from amana import given
from amana.care.cases import actions
from amana.care.cases.actions import StatedNeed
from amana.care.cases.models import Assignment, Case
from amana.care.cases.opened_records import build_written
from amana.care.cases.person import load_person
from amana.errors import Refused
from amana.trust.audit.models import AuditEvent
from amana.trust.vault import cards, documents
from amana.trust.vault.compartments import Compartment as C

from .case_records import U0, U1, record


def asking_of(case, by):
    found = documents.open_documents(case.pk, [C.CONTACT], by=by, purpose="test")
    (asking,) = build_written(found).safety.askings
    return asking


def did(case):
    return list(AuditEvent.objects.about_case(case.pk).values_list("did", flat=True))


# --- opening


def test_a_case_opens_with_its_records_sealed_and_its_opener_in_the_lead(worker, team):
    case = actions.open_case(
        team=team,
        gate={"SAFE01": "yes"},
        records={C.IDENTITY: {"name": "Hope"}, C.CONTACT: {"number": "0700 1"}},
        needs=[StatedNeed("SH1", U1, "A door that locks")],
        by=worker,
    )

    assert record(case, C.IDENTITY, worker).content == {"name": "Hope"}
    need = case.needs.get()
    words = record(case, C.NEEDS, worker, need.document).content
    assert words == {"type": "SH1", "words": "A door that locks"}
    asking = asking_of(case, worker)
    assert asking.gate.plain() == {"SAFE01": "yes"}
    assert asking.by == worker.name
    assert case.assignments.get().worker == worker
    assert case.assignments.get().part == Assignment.Part.LEAD
    assert case.urgency == U1
    assert case.due_at == need.due_at
    assert "opened case" in did(case)


def test_what_is_sealed_stands_nowhere_in_the_clear(worker):
    case = given.make_case(worked_on_by=worker, identity_name="Zubaida Canary")
    assert not any("Canary" in str(row) for row in Case.objects.values_list())
    assert case.reference not in "Zubaida"


def test_a_red_answer_of_the_gate_makes_the_case_an_emergency(worker):
    case = given.make_case(worked_on_by=worker, gate={"SAFE03": "yes"}, needs=[])
    assert case.urgency == U0


def test_nobody_opens_a_case_in_another_team(stranger, team, worker):
    with pytest.raises(PermissionDenied):
        actions.open_case(team=team, gate={}, records={}, needs=[], by=stranger)
    assert not Case.objects.exists()


def test_a_field_that_no_case_has_is_refused_and_nothing_stays(worker, team):
    with pytest.raises(Refused, match="not part of a case"):
        actions.open_case(
            team=team,
            gate={},
            records={C.IDENTITY: {"score": 7}},
            needs=[],
            by=worker,
        )
    assert not Case.objects.exists()


def test_the_card_finds_the_case_again(worker):
    case = given.make_case(worked_on_by=worker, contact_number="0700 123")
    [(found, card)] = list(cards.open_cards(by=worker))
    assert found == case.pk
    assert card["phone"] == "0700 123"
    assert card["reference"] == case.reference


# --- what is known


def test_what_is_known_of_a_person_is_what_was_written(worker):
    case = given.make_case(
        worked_on_by=worker,
        identity_age="17",
        identity_sex="female",
        identity_languages=["ar", "fr"],
        needs_companions=[{"age": "4", "sex": "female"}, {"age": "61", "sex": "male"}],
        migration_status="undocumented",
        narrative_flags=["trafficking", "child"],
    )
    known = load_person(case, by=worker, purpose="matching")
    assert known.age == 17
    assert known.child
    assert known.languages == {"ar", "fr"}
    assert known.children == 1
    assert {"trafficked", "child_at_risk", "family"} <= known.groups
    asked = known.for_need(["SH1", "SH2"], at=timezone.now())
    assert asked.ages == (17, 17)
    assert asked.needs == (frozenset({"SH1", "SH2"}),)
    assert asked.statuses == frozenset({"undocumented"})


def test_what_is_not_known_is_not_a_no(worker):
    case = given.make_case(worked_on_by=worker)
    asked = load_person(case, by=worker, purpose="matching").for_need(
        ["SH2"], at=timezone.now()
    )
    assert asked.sex is None
    assert asked.children is None
    assert asked.statuses is None
    assert not asked.perhaps_child


def test_doubt_about_age_counts_as_a_child(worker):
    case = given.make_case(
        worked_on_by=worker, identity_child="unsure", identity_age="19"
    )
    assert load_person(case, by=worker, purpose="matching").child
