from datetime import timedelta
from typing import Any

import pytest
from django.core.exceptions import PermissionDenied
from django.db import connection
from django.urls import reverse
from django.utils import timezone

from amana import given
from amana.care.cases import actions, need_kinds
from amana.care.cases.actions import StatedNeed
from amana.care.cases.events import case_closing
from amana.care.cases.models import (
    Assignment,
    Case,
    FollowUp,
    Need,
    NotOpened,
    Urgency,
)
from amana.care.cases.opened_records import build_written
from amana.care.cases.person import load_person
from amana.care.cases.safety import SafetyLevel
from amana.errors import Changed, Refused
from amana.trust.access.models import Organisation, Role, Sphere, Team
from amana.trust.audit.models import AuditEvent
from amana.trust.vault import cards, documents
from amana.trust.vault.altered import Tampered
from amana.trust.vault.compartments import Compartment as C

SH2, U0, U1, U2, U3 = "SH2", Urgency.U0, Urgency.U1, Urgency.U2, Urgency.U3
EVERYTHING_DONE = ["needs", "plan", "safety", "agreed", "return", "copies", "feedback"]


def record(case, compartment, by, name="record"):
    found = documents.open_documents(case.pk, [compartment], by=by, purpose="test")
    return found[compartment, name]


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


# --- needs and what is due


def test_a_more_urgent_need_makes_the_case_more_urgent_and_due_sooner(case, worker):
    need = actions.raise_need(case, type="HE1", urgency=U0, words="Pain", by=worker)
    case.refresh_from_db()
    assert case.urgency == U0
    assert case.due_at == need.due_at


def test_a_less_urgent_need_leaves_the_urgency_as_it_is(case, worker):
    actions.raise_need(case, type="ED3", urgency=U3, by=worker)
    case.refresh_from_db()
    assert case.urgency == U2


def test_a_need_that_was_referred_waits_for_an_answer_and_not_for_us(case, worker):
    need = case.needs.get()
    actions.settle_need(need, status=Need.Status.REFERRED, by=worker)
    answer = timezone.now() + timedelta(hours=5)
    actions.record_wait(case, answer)
    case.refresh_from_db()
    assert case.due_at == answer
    actions.record_wait(case, None)
    case.refresh_from_db()
    assert case.due_at > timezone.now() + timedelta(days=29)


def test_nothing_acceptable_needs_a_reason_and_is_looked_for_again(case, worker):
    need = case.needs.get()
    with pytest.raises(Refused, match="why"):
        actions.answer_need(need, status=Need.Status.UNMET, by=worker)
    actions.answer_need(need, status=Need.Status.UNMET, reason="no_place", by=worker)
    need.refresh_from_db()
    assert need.is_open
    assert need.due_at > timezone.now() + timedelta(days=3)


def test_a_worker_does_not_refer_a_need_by_hand(case, worker):
    need = case.needs.get()
    with pytest.raises(Refused, match="send a referral"):
        actions.answer_need(need, status=Need.Status.REFERRED, by=worker)
    actions.settle_need(need, status=Need.Status.REFERRED, by=worker)
    with pytest.raises(Refused, match="asked"):
        actions.answer_need(need, status=Need.Status.MET, by=worker)


def test_strangers_change_no_need(case, stranger, colleague):
    for someone in (stranger, colleague):
        with pytest.raises(PermissionDenied):
            actions.raise_need(case, type="HE1", urgency=U0, by=someone)
        with pytest.raises(PermissionDenied):
            actions.answer_need(case.needs.get(), status="met", by=someone)


def test_the_earliest_of_all_that_is_due_is_when_the_case_is_due(case, worker):
    soon = timezone.now() + timedelta(hours=1)
    follow_up = actions.plan_follow_up(case, due_at=soon, words="Call", by=worker)
    case.refresh_from_db()
    assert case.due_at == soon
    actions.finish_follow_up(follow_up, words="Reached", by=worker)
    case.refresh_from_db()
    assert case.due_at == case.needs.get().due_at
    words = record(case, C.NEEDS, worker, follow_up.outcome_document).content["words"]
    assert words == "Reached"


def test_a_follow_up_is_done_once(case, worker):
    later = timezone.now() + timedelta(days=1)
    follow_up = actions.plan_follow_up(case, due_at=later, by=worker)
    actions.finish_follow_up(follow_up, by=worker)
    with pytest.raises(Changed):
        actions.finish_follow_up(follow_up, by=worker)


def test_a_follow_up_lies_in_the_future(case, worker):
    with pytest.raises(Refused, match="future"):
        actions.plan_follow_up(case, due_at=timezone.now(), by=worker)


# --- safety


def test_a_critical_answer_makes_the_case_an_emergency_and_says_why(case, worker):
    found = actions.assess_safety(
        case, answers={"TONIGHT": "yes", "DEBT": "yes"}, words="Afraid", by=worker
    )
    assert found.level is SafetyLevel.CRITICAL
    assert [item.code for item in found.reasons] == ["TONIGHT"]
    case.refresh_from_db()
    assert case.urgency == U0
    review = case.follow_ups.open().get()
    assert review.kind == FollowUp.Kind.SAFETY
    assert review.due_at <= timezone.now() + timedelta(hours=24)


def test_a_calmer_answer_does_not_make_the_case_less_urgent_by_itself(case, worker):
    actions.set_urgency(case, U1, by=worker)
    found = actions.assess_safety(case, answers={"DEBT": "no"}, by=worker)
    assert found.level is SafetyLevel.LOW
    case.refresh_from_db()
    assert case.urgency == U1


def test_a_new_assessment_takes_the_place_of_the_look_that_was_planned(case, worker):
    actions.assess_safety(case, answers={"CONTACT": "yes"}, by=worker)
    actions.assess_safety(case, answers={}, by=worker)
    assert case.follow_ups.open().filter(kind=FollowUp.Kind.SAFETY).count() == 1


def test_a_screener_does_not_open_the_account_to_assess_safety(case, worker, screener):
    actions.assign(case, screener, by=worker)
    with pytest.raises(Refused, match="role"):
        actions.assess_safety(case, answers={}, by=screener)


# --- records and notes


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


# --- people


def test_a_colleague_sees_the_case_while_assigned(case, worker, colleague):
    assignment = actions.assign(case, colleague, by=worker)
    actions.add_note(case, C.NEEDS, "Here", by=colleague)
    actions.end_assignment(assignment, by=worker)
    with pytest.raises(PermissionDenied):
        actions.add_note(case, C.NEEDS, "Gone", by=colleague)


def test_only_colleagues_who_hold_the_key_are_assigned(case, worker, stranger):
    with pytest.raises(Refused, match="hold its key"):
        actions.assign(case, stranger, by=worker)


def test_a_helper_assigns_nobody(case, worker, colleague, screener):
    actions.assign(case, colleague, by=worker)
    with pytest.raises(PermissionDenied):
        actions.assign(case, screener, by=colleague)


def test_somebody_always_leads(case, worker, colleague):
    with pytest.raises(Refused, match="lead"):
        actions.end_assignment(case.assignments.get(), by=worker)
    actions.assign(case, colleague, part=Assignment.Part.LEAD, by=worker)
    assert case.assignments.leading().get().worker == colleague
    actions.end_assignment(case.assignments.current().get(worker=worker), by=worker)


def test_nobody_loses_the_keys_while_the_case_is_offered(case, worker, colleague):
    assignment = actions.assign(case, colleague, by=worker)
    other = given.make_worker(of=given.make_team(of=case.team.organisation))
    transfer = actions.offer_transfer(case, to=other.memberships.get().team, by=worker)
    for change in (
        lambda: actions.restrict(case, people=[worker], by=worker),
        lambda: actions.lift_restriction(case, by=worker),
        lambda: actions.end_assignment(assignment, by=worker),
    ):
        with pytest.raises(Refused, match="offered"):
            change()
    actions.answer_transfer(transfer, accept=True, by=other)
    assert record(case, C.IDENTITY, other)


def test_a_restricted_case_is_kept_to_named_people_and_their_keys(
    case, worker, colleague, supervisor
):
    actions.restrict(case, people=[worker], by=worker)
    assert documents.open_documents(case.pk, by=colleague, purpose="test") == {}
    assert not list(cards.open_cards(by=colleague))
    assert record(case, C.IDENTITY, worker).content["name"]
    assert len(list(cards.open_cards(by=worker))) == 1
    with pytest.raises(PermissionDenied):
        actions.add_note(case, C.NEEDS, "x", by=supervisor)


def test_an_assigned_colleague_opens_a_restricted_case_until_it_ends(
    case, worker, colleague
):
    actions.restrict(case, people=[worker], by=worker)
    assignment = actions.assign(case, colleague, by=worker)
    assert record(case, C.IDENTITY, colleague)
    assert len(list(cards.open_cards(by=colleague))) == 1
    actions.end_assignment(assignment, by=worker)
    assert documents.open_documents(case.pk, by=colleague, purpose="test") == {}
    assert not list(cards.open_cards(by=colleague))


def test_lifting_the_restriction_gives_the_team_its_keys_back(case, worker, colleague):
    actions.restrict(case, people=[worker], by=worker)
    actions.lift_restriction(case, by=worker)
    assert documents.open_documents(case.pk, by=colleague, purpose="test")
    assert len(list(cards.open_cards(by=colleague))) == 1


def test_whoever_leads_is_among_the_named(case, worker, colleague, supervisor):
    with pytest.raises(Refused, match="leads"):
        actions.restrict(case, people=[colleague], by=supervisor)


# --- another team


def test_both_teams_hear_of_an_offer_and_of_a_no(case, worker, team, mailoutbox):
    other = given.make_team(of=team.organisation, email="other@example.org")
    taker = given.make_worker(of=other)
    given.make_worker(of=other, role=Role.SCREENER)
    transfer = actions.offer_transfer(case, to=other, by=worker)
    told = sorted(message.to[0] for message in mailoutbox)
    assert told == sorted([taker.email, "other@example.org"])
    mailoutbox.clear()
    actions.answer_transfer(transfer, accept=False, reason="no_capacity", by=taker)
    assert [message.to for message in mailoutbox] == [[worker.email]]


def test_a_case_moves_within_the_organisation_with_its_keys(case, worker, team):
    other = given.make_team(of=team.organisation)
    taker = given.make_worker(of=other)
    transfer = actions.offer_transfer(case, to=other, by=worker)
    with pytest.raises(PermissionDenied):
        actions.add_note(case, C.NEEDS, "Too early", by=taker)
    actions.answer_transfer(transfer, accept=True, by=taker)
    case.refresh_from_db()
    assert case.team == other
    assert record(case, C.IDENTITY, taker)
    assert len(list(cards.open_cards(by=taker))) == 1
    assert documents.open_documents(case.pk, by=worker, purpose="test") == {}
    assert not list(cards.open_cards(by=worker))
    assert case.assignments.leading().get().worker == taker


def test_a_declined_offer_leaves_everything_with_the_team(case, worker, team):
    other = given.make_team(of=team.organisation)
    taker = given.make_worker(of=other)
    transfer = actions.offer_transfer(case, to=other, by=worker)
    with pytest.raises(Refused, match="why"):
        actions.answer_transfer(transfer, accept=False, by=taker)
    actions.answer_transfer(transfer, accept=False, reason="no_capacity", by=taker)
    assert documents.open_documents(case.pk, by=taker, purpose="test") == {}
    assert record(case, C.IDENTITY, worker)
    with pytest.raises(Changed):
        actions.answer_transfer(transfer, accept=True, by=taker)


def test_an_offer_is_taken_back(case, worker, team):
    other = given.make_team(of=team.organisation)
    taker = given.make_worker(of=other)
    transfer = actions.offer_transfer(case, to=other, by=worker)
    with pytest.raises(Refused, match="already been offered"):
        actions.offer_transfer(case, to=other, by=worker)
    actions.take_back_offer(transfer, by=worker)
    assert documents.open_documents(case.pk, by=taker, purpose="test") == {}


def test_another_organisation_needs_the_persons_agreement(case, worker, stranger):
    theirs = stranger.memberships.get().team
    with pytest.raises(Refused, match="agreed"):
        actions.offer_transfer(case, to=theirs, by=worker)
    transfer = actions.offer_transfer(case, to=theirs, agreed="Said yes", by=worker)
    actions.answer_transfer(transfer, accept=True, by=stranger)
    assert record(case, C.IDENTITY, stranger)


@pytest.mark.parametrize(
    "sphere", [Sphere.HEALTH, Sphere.LAW_ENFORCEMENT, Sphere.BORDER]
)
def test_a_whole_case_never_moves_to_another_sphere(case, worker, sphere):
    theirs = given.make_team(of=given.make_organisation(sphere=sphere))
    given.make_worker(of=theirs)
    with pytest.raises(Refused, match="referral"):
        actions.offer_transfer(case, to=theirs, agreed="Said yes", by=worker)


def move_their_team(ours, theirs):
    Team.objects.filter(pk=theirs.pk).update(organisation=ours.organisation)


def move_our_team(ours, theirs):
    Team.objects.filter(pk=ours.pk).update(organisation=theirs.organisation)


def change_their_sphere(ours, theirs):
    found = Organisation.objects.filter(pk=theirs.organisation_id)
    found.update(sphere=ours.organisation.sphere)


def change_our_sphere(ours, theirs):
    found = Organisation.objects.filter(pk=ours.organisation_id)
    found.update(sphere=theirs.organisation.sphere)


@pytest.mark.parametrize(
    "alter", [move_their_team, move_our_team, change_their_sphere, change_our_sphere]
)
def test_no_row_makes_the_police_of_our_kind(case, worker, team, alter):
    police = given.make_team(of=given.make_organisation(sphere=Sphere.LAW_ENFORCEMENT))
    given.make_worker(of=police)
    alter(team, police)
    case, to = Case.objects.get(pk=case.pk), Team.objects.get(pk=police.pk)

    with pytest.raises(Tampered):
        actions.offer_transfer(case, to=to, agreed="Said yes", by=worker)
    if alter in (move_their_team, change_their_sphere):
        with pytest.raises(Tampered):
            documents.share_case(case.pk, by=worker, team=to)


# --- the end


def test_a_worker_proposes_and_the_supervisor_closes(case, worker, supervisor):
    with pytest.raises(Refused, match="supervisor"):
        actions.close(
            case,
            reason="goals_met",
            checklist=EVERYTHING_DONE,
            left_open="x",
            by=worker,
        )
    proposal = actions.propose_closure(
        case, reason="goals_met", checklist=EVERYTHING_DONE, left_open="x", by=worker
    )
    actions.close(
        case,
        reason="goals_met",
        checklist=EVERYTHING_DONE,
        left_open="x",
        by=supervisor,
    )
    case.refresh_from_db()
    proposal.refresh_from_db()
    assert case.closed_at
    assert proposal.agreed
    assert proposal.reviewed_by == supervisor


def test_the_supervisor_sends_a_proposal_back_with_words(case, worker, supervisor):
    proposal = actions.propose_closure(
        case, reason="goals_met", checklist=EVERYTHING_DONE, left_open="x", by=worker
    )
    with pytest.raises(Refused, match="to be done"):
        actions.decline_closure(proposal, words="", by=supervisor)
    actions.decline_closure(proposal, words="Papers", by=supervisor)
    words = record(case, C.NEEDS, worker, proposal.answer_document).content["words"]
    assert words == "Papers"
    with pytest.raises(Changed):
        actions.decline_closure(proposal, words="Again", by=supervisor)


def test_in_a_team_of_one_the_worker_closes(case, worker):
    actions.close(
        case, reason="relocated", checklist=EVERYTHING_DONE, left_open="x", by=worker
    )
    case.refresh_from_db()
    assert case.closed_at
    closure = case.closures.ending().get()
    assert record(case, C.NEEDS, worker, closure.document).content["reason"] == (
        "relocated"
    )


def test_why_the_work_ended_stands_nowhere_in_the_clear(case, worker, supervisor):
    """Neither of who proposed it nor of who decided: nor in the log's details."""
    ticked: dict[str, Any] = {"checklist": EVERYTHING_DONE, "left_open": "-"}
    actions.propose_closure(case, reason="detained", by=worker, **ticked)
    actions.close(case, reason="removed", by=supervisor, **ticked)
    with connection.cursor() as cursor:
        for table in connection.introspection.table_names(cursor):
            cursor.execute(f'SELECT * FROM "{table}"')
            rows = repr(cursor.fetchall())
            assert "'detained'" not in rows, table
            assert "'removed'" not in rows, table
            assert '"removed"' not in rows, table
    shown = given.sign_in(worker).get(reverse("cases:case", args=[case.pk]))
    assert "Was removed or deported" in shown.content.decode()
    actions.reopen(case, by=supervisor)
    shown = given.sign_in(worker).get(reverse("cases:case", args=[case.pk]))
    assert "Was removed or deported" not in shown.content.decode()


def test_what_exactly_is_needed_stands_nowhere_in_the_clear(case, worker):
    """Of care for HIV the database knows that it is about health, and no more; whoever
    has the keys reads on."""
    need = actions.raise_need(case, type="HE5", urgency="U1", by=worker)
    actions.answer_need(need, status="unmet", reason="none_exists", by=worker)
    with connection.cursor() as cursor:
        for table in connection.introspection.table_names(cursor):
            cursor.execute(f'SELECT * FROM "{table}"')
            rows = repr(cursor.fetchall())
            assert "'HE5'" not in rows, table
            assert '"HE5"' not in rows, table
    fresh = Need.objects.get(pk=need.pk)
    assert (fresh.group, str(fresh.needed)) == ("HE", "Health")
    with pytest.raises(NotOpened):
        _ = fresh.type
    shown = given.sign_in(worker).get(reverse("cases:case", args=[case.pk]))
    assert "Tuberculosis, HIV and hepatitis" in shown.content.decode()


def test_what_is_needed_opens_with_keys_of_the_case_alone(case, worker, stranger):
    need = case.needs.get()
    with pytest.raises(Refused, match="do not hold the key"):
        need_kinds.learn([need], by=stranger)
    assert not need.is_known
    need_kinds.learn([need], by=worker)
    assert need.type == "SH2"


def test_what_is_left_open_has_to_be_explained(case, supervisor, worker):
    with pytest.raises(Refused, match="left open"):
        actions.close(
            case, reason="goals_met", checklist=EVERYTHING_DONE, by=supervisor
        )
    actions.answer_need(case.needs.get(), status="met", by=worker)
    with pytest.raises(Refused, match="left open"):
        actions.close(case, reason="goals_met", checklist=[], by=supervisor)
    actions.close(case, reason="goals_met", checklist=EVERYTHING_DONE, by=supervisor)


def test_the_end_is_not_proposed_of_a_case_closed_meanwhile(case, worker, supervisor):
    seen_open = Case.objects.get(pk=case.pk)
    ticked: dict[str, Any] = {"checklist": EVERYTHING_DONE, "left_open": "-"}
    actions.close(case, reason="goals_met", by=supervisor, **ticked)
    with pytest.raises(Changed, match="already closed"):
        actions.propose_closure(seen_open, reason="withdrew", by=worker, **ticked)


def test_an_upper_room_may_refuse_the_end(case, supervisor):
    def refuse(sender, case, by, left_open, **_):
        raise Refused("A referral is open.")

    case_closing.connect(refuse)
    try:
        with pytest.raises(Refused, match="referral is open"):
            actions.close(
                case,
                reason="goals_met",
                checklist=EVERYTHING_DONE,
                left_open="x",
                by=supervisor,
            )
    finally:
        case_closing.disconnect(refuse)
    assert not case.closures.exists()


def test_a_closed_case_can_be_opened_again(case, worker, supervisor):
    actions.close(
        case, reason="withdrew", checklist=EVERYTHING_DONE, left_open="x", by=supervisor
    )
    actions.reopen(case, by=worker)
    case.refresh_from_db()
    assert case.is_open
    with pytest.raises(Changed):
        actions.reopen(case, by=worker)


def test_a_named_supervisor_closes_a_restricted_case(case, worker, supervisor):
    actions.restrict(case, people=[worker, supervisor], by=worker)
    actions.close(
        case,
        reason="died",
        checklist=[],
        left_open="x",
        by=given.unlock_user(supervisor),
    )
    assert Role.SUPERVISOR in supervisor.roles
