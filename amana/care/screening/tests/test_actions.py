"""Screen, judge, hand over, take into a case, end."""

from datetime import timedelta
from typing import Any

import pytest
from django.core.exceptions import PermissionDenied
from django.core.management import call_command
from django.db import connection
from django.utils import timezone

from amana import given
from amana.care.cases.actions import StatedNeed
from amana.care.cases.models import Urgency
from amana.care.screening import actions, results
from amana.care.screening.events import screening_finished
from amana.care.screening.models import (
    HandoverBasis,
    Screening,
    ScreeningOutcome,
    ScreeningStage,
)
from amana.care.screening.results import FindingKind, FindingVerdict, build_key
from amana.design.directory.taxonomy import ServiceType
from amana.design.mechanism.engine.instruments import (
    DimensionStatus,
    Flag,
    FlagStatus,
    TraffickingElement,
)
from amana.errors import Changed, Refused
from amana.trust.access.models import Role, Sphere
from amana.trust.access.tasks import notify_address
from amana.trust.audit.models import AuditEvent
from amana.trust.retention import erasing
from amana.trust.vault import parcels
from amana.trust.vault.compartments import Compartment as C
from amana.trust.vault.models import Document, Parcel
from tests.worlds import kept

from .conftest import SIGNS

pytestmark = pytest.mark.django_db

FLAG = build_key(FindingKind.FLAG, Flag.TRAFFICKING)
BED = StatedNeed(ServiceType.SH2, Urgency.U1, "A bed")


@pytest.fixture
def heard() -> Any:
    """What screenings have announced."""
    said: list[dict[str, Any]] = []

    def hear(sender: object, **about: Any) -> None:
        said.append(about)

    screening_finished.connect(hear, weak=False)
    yield said
    screening_finished.disconnect(hear)


def taken(screening: Screening, by: Any, **more: Any) -> Any:
    team = by.memberships.get().team
    asked = {"records": {C.IDENTITY: {"name": "Amal"}}, "needs": [BED]}
    return actions.open_case(screening, team=team, by=by, **asked | more)


def in_the_clear() -> str:
    """Every text in the database, whatever the table."""
    said = []
    with connection.cursor() as cursor:
        for table in connection.introspection.table_names(cursor):
            cursor.execute(f'SELECT * FROM "{table}"')
            said += [str(value) for row in cursor.fetchall() for value in row]
    return "\n".join(said)


# --- screening


def test_what_was_answered_lies_sealed_part_by_part(screening):
    parts = set(Parcel.objects.values_list("part", flat=True))

    assert {C.IDENTITY, C.NEEDS, C.NARRATIVE} <= parts
    assert "canary" not in in_the_clear()


def test_whoever_screened_sees_what_it_may_be_signs_of(screening, officer):
    result = results.open_result(screening, by=officer)

    assert {found.sign.id for found in result.found.signs} == {"Q1", "Q3"}
    assert result.found.flags[Flag.TRAFFICKING] is FlagStatus.YES
    assert result.found.gives == {"presumed": "yes"}
    assert result.found.follows


def test_a_screening_without_signs_leads_somewhere_too(mechanism, officer):
    no: dict[str, Any] = dict.fromkeys(
        ("forced", "pay_debt", "papers_held", "threatened"), "no"
    )
    screening = given.make_screening(by=officer, age_group="adult", **no)

    found = results.open_result(screening, by=officer).found
    assert found.gives == {"presumed": "no"}
    assert found.follows


def test_screening_and_looking_at_it_are_written_down(screening, officer):
    results.open_result(screening, by=officer)

    dids = set(AuditEvent.objects.values_list("did", flat=True))
    assert {"screened", "opened parcel"} <= dids


def test_in_a_case_it_is_sealed_in_the_case(mechanism, shelter_worker):
    case = given.make_case(worked_on_by=shelter_worker)
    screening = given.make_screening(by=shelter_worker, case=case, **SIGNS)

    assert not Parcel.objects.exists()
    assert Document.objects.filter(name=screening.document).count() >= 3
    found = results.open_result(screening, by=shelter_worker).found
    assert found.flags[Flag.TRAFFICKING] is FlagStatus.YES


def test_answers_that_can_not_be_right_are_refused(mechanism, officer):
    with pytest.raises(Refused, match="can’t be right"):
        given.make_screening(by=officer, hours="many")
    assert not Screening.objects.exists()


def test_only_an_instrument_of_an_adopted_version_can_be_used(mechanism, officer):
    from amana.design.mechanism import actions as versions

    with pytest.raises(Refused, match="does not have this screening"):
        given.make_screening(by=officer, instrument="horoscope", **SIGNS)
    draft = versions.begin_draft(mechanism, by=given.make_worker(role=Role.COORDINATOR))
    with pytest.raises(Refused, match="not been adopted"):
        given.make_screening(by=officer, version=draft, **SIGNS)


def test_nobody_screens_for_a_team_whose_key_they_do_not_hold(mechanism, shelter):
    asked = {"instrument": "first", "version": mechanism, "answers": SIGNS}
    for nobody in (
        given.make_worker(),
        given.make_worker(of=shelter, role=Role.COORDINATOR),
    ):
        with pytest.raises(PermissionDenied):
            actions.screen_person(shelter, by=nobody, **asked)


def test_nobody_screens_in_a_case_that_is_not_theirs(mechanism, stranger):
    case = given.make_case()
    with pytest.raises(PermissionDenied):
        actions.screen_case(
            case, instrument="first", version=mechanism, answers=SIGNS, by=stranger
        )


def test_whoever_may_be_a_child_is_one_though_the_form_was_left_empty(
    mechanism, officer
):
    screening = actions.screen_person(
        officer.memberships.get().team,
        instrument="first",
        version=mechanism,
        answers={"forced": "yes"},
        child=True,
        by=officer,
    )
    found = results.open_result(screening, by=officer).found
    assert found.child
    assert found.flags[Flag.TRAFFICKING] is FlagStatus.YES


# --- judging


def test_a_person_says_otherwise_and_both_stay(screening, officer):
    verdict = FindingVerdict("yes", "perhaps", "The papers were at the laundry")
    actions.review_screening(screening, verdicts={FLAG: verdict}, by=officer)

    result = results.open_result(screening, by=officer)
    assert result.found.flags[Flag.TRAFFICKING] is FlagStatus.YES
    assert result.concluded.flags[Flag.TRAFFICKING] is FlagStatus.PERHAPS
    assert result.judgement
    assert result.judgement.verdicts[FLAG] == verdict
    assert result.judgement.by == officer.name
    assert "laundry" not in in_the_clear()


def test_a_rejected_sign_counts_no_more(screening, officer):
    key = build_key(FindingKind.SIGN, "Q1")
    actions.review_screening(
        screening,
        verdicts={key: FindingVerdict("found", "none", "Misheard")},
        by=officer,
    )
    concluded = results.open_result(screening, by=officer).concluded
    assert {found.sign.id for found in concluded.signs} == {"Q3"}
    assert concluded.gives == {"presumed": "unsure"}


def test_an_element_can_be_judged(screening, officer):
    key = build_key(FindingKind.ELEMENT, "act")
    said = FindingVerdict("open", "found", "She was brought here")
    actions.review_screening(screening, verdicts={key: said}, by=officer)
    concluded = results.open_result(screening, by=officer).concluded
    assert concluded.elements[TraffickingElement.ACT] is DimensionStatus.FOUND


def test_to_differ_needs_a_reason_and_to_confirm_none(screening, officer):
    with pytest.raises(Refused, match="Give a reason where you disagree"):
        actions.review_screening(
            screening, verdicts={FLAG: FindingVerdict("yes", "no", "  ")}, by=officer
        )
    actions.review_screening(
        screening, verdicts={FLAG: FindingVerdict("yes", "yes")}, by=officer
    )
    assert screening.judged_by == officer


def test_a_second_judgement_stands_beside_the_first(screening, officer):
    actions.review_screening(screening, verdicts={}, words="First", by=officer)
    actions.review_screening(
        screening, verdicts={}, words="Second", replacing=1, by=officer
    )

    said = [j.words for j in results.open_result(screening, by=officer).judgements]
    assert said == ["First", "Second"]


@pytest.mark.parametrize("in_case", [True, False])
def test_the_second_of_two_who_judge_at_once_is_told(
    mechanism, shelter_worker, in_case
):
    case = given.make_case(worked_on_by=shelter_worker) if in_case else None
    screening = given.make_screening(by=shelter_worker, case=case, **SIGNS)
    actions.review_screening(screening, verdicts={}, words="First", by=shelter_worker)

    with pytest.raises(Changed):
        actions.review_screening(
            screening, verdicts={}, words="Second", by=shelter_worker
        )
    result = results.open_result(screening, by=shelter_worker)
    assert [j.words for j in result.judgements] == ["First"]


def test_the_pathway_is_told_what_a_person_has_concluded(
    mechanism, shelter_worker, heard
):
    case = given.make_case(worked_on_by=shelter_worker)
    screening = given.make_screening(by=shelter_worker, case=case, **SIGNS)
    assert heard == []

    key = build_key(FindingKind.SIGN, "Q1")
    said = {key: FindingVerdict("found", "none", "Misheard")}
    actions.review_screening(screening, verdicts=said, by=shelter_worker)

    assert [(h["screening"], h["gives"], h["by"]) for h in heard] == [
        (screening, {"presumed": "unsure"}, shelter_worker)
    ]
    assert heard[0]["flags"]["trafficking"] == "perhaps"
    assert set(heard[0]["flags"]) == set(Flag)


def test_strangers_judge_nothing(screening, stranger):
    with pytest.raises(PermissionDenied):
        actions.review_screening(screening, verdicts={}, by=stranger)


# --- handing over


def test_what_is_handed_over_only_the_other_team_reads(
    screening, officer, shelter, shelter_worker
):
    actions.hand_screening_over(screening, to=shelter, by=officer)

    assert screening.stage is ScreeningStage.HANDED
    result = results.open_result(screening, by=shelter_worker)
    assert result.found.flags[Flag.TRAFFICKING] is FlagStatus.YES
    assert not results.open_result(screening, by=officer).sealed.parts


def test_those_to_whom_danger_to_life_is_handed_are_told_at_once(
    screening, officer, post, shelter, shelter_worker, mailoutbox
):
    notify_address(shelter_worker.email, "en", urgent=False)  # they were told just now
    mailoutbox.clear()
    actions.hand_screening_over(
        screening,
        to=shelter,
        basis=HandoverBasis.LIFE,
        decided_with=given.make_worker(of=post),
        by=officer,
    )
    assert [message.to for message in mailoutbox] == [[shelter_worker.email]]
    assert "danger" not in mailoutbox[0].body.lower()


def test_a_clinic_gets_no_account_and_yet_knows_of_a_child(mechanism, officer):
    clinic = given.make_team(of=given.make_organisation(sphere=Sphere.HEALTH))
    nurse = given.make_worker(of=clinic)
    asked = SIGNS | {"age_group": "child", "burns": "yes"}
    screening = given.make_screening(by=officer, **asked)

    went = actions.hand_screening_over(screening, to=clinic, by=officer)

    assert C.NARRATIVE not in went
    result = results.open_result(screening, by=nurse)
    assert "forced" not in result.sealed.answers
    assert result.found.child
    assert result.found.flags[Flag.HEALTH] is FlagStatus.YES
    assert "forced" not in {gap.question for gap in result.found.missing}


def test_border_and_immigration_are_never_handed_anything(mechanism, shelter_worker):
    border = given.make_team(of=given.make_organisation(sphere=Sphere.BORDER))
    given.make_worker(of=border)
    screening = given.make_screening(by=shelter_worker, **SIGNS)

    with pytest.raises(Refused, match="may never be sent"):
        actions.hand_screening_over(screening, to=border, by=shelter_worker)
    screening.refresh_from_db()
    assert screening.stage is ScreeningStage.HERE


def test_without_agreement_two_people_decide(screening, officer, post, shelter):
    with pytest.raises(Refused, match="a colleague in your team must decide with you"):
        actions.hand_screening_over(
            screening, to=shelter, basis=HandoverBasis.CHILD, by=officer
        )
    with pytest.raises(Refused, match="a colleague in your team must decide with you"):
        actions.hand_screening_over(
            screening,
            to=shelter,
            basis=HandoverBasis.LIFE,
            decided_with=officer,
            by=officer,
        )
    colleague = given.make_worker(of=post)
    actions.hand_screening_over(
        screening,
        to=shelter,
        basis=HandoverBasis.LIFE,
        decided_with=colleague,
        by=officer,
    )
    assert screening.decided_with == colleague


def test_nobody_is_left_waiting_at_a_team_where_nobody_answers(screening, officer):
    team = given.make_team()
    given.make_worker(of=team, role=Role.SCREENER)
    with pytest.raises(Refused, match="No one in this team"):
        actions.hand_screening_over(screening, to=team, by=officer)


def test_a_supervisor_goes_on_with_what_was_left_lying(screening, post, shelter):
    supervisor = given.make_worker(of=post, role=Role.SUPERVISOR)
    actions.hand_screening_over(screening, to=shelter, by=supervisor)
    assert screening.handed_by == supervisor


def test_a_colleague_who_does_not_need_to_know_hands_nothing_over(
    screening, post, shelter
):
    with pytest.raises(PermissionDenied):
        actions.hand_screening_over(
            screening, to=shelter, by=given.make_worker(of=post)
        )


def test_once_handed_over_it_is_out_of_the_screener_s_hands(
    screening, officer, shelter
):
    actions.hand_screening_over(screening, to=shelter, by=officer)
    with pytest.raises(PermissionDenied):
        actions.hand_screening_over(screening, to=given.make_team(), by=officer)


def test_the_second_of_two_who_hand_it_over_is_told(screening, post, officer, shelter):
    supervisor = given.make_worker(of=post, role=Role.SUPERVISOR)
    same = Screening.objects.get(pk=screening.pk)
    actions.hand_screening_over(same, to=shelter, by=officer)
    with pytest.raises((Changed, PermissionDenied)):
        actions.hand_screening_over(screening, to=shelter, by=supervisor)


# --- into a case


@kept
def handed(screening, officer, shelter):
    actions.hand_screening_over(screening, to=shelter, by=officer)
    return screening


def test_the_team_opens_a_case_and_the_answers_go_into_it(handed, shelter_worker):
    case = taken(handed, shelter_worker)

    assert handed.stage is ScreeningStage.IN_CASE
    assert not Parcel.objects.exists()
    result = results.open_result(handed, by=shelter_worker)
    assert result.sealed.answers["reach"] == SIGNS["reach"]
    [need] = given.open_needs(case, by=shelter_worker)
    assert need.type == ServiceType.SH2


def test_a_result_looked_at_before_is_told_when_the_case_is_there(
    screening, officer, shelter, shelter_worker, heard
):
    actions.review_screening(screening, verdicts={}, by=officer)
    actions.hand_screening_over(screening, to=shelter, by=officer)
    assert heard == []

    taken(screening, shelter_worker)

    assert [h["gives"] for h in heard] == [{"presumed": "yes"}]


def test_a_known_person_s_screening_goes_into_the_case_that_there_is(
    handed, shelter_worker
):
    case = given.make_case(worked_on_by=shelter_worker)
    actions.add_screening_to_case(handed, case=case, by=shelter_worker)
    assert handed.case == case


def test_nobody_adds_to_a_case_of_somebody_else(handed, shelter_worker):
    with pytest.raises(PermissionDenied):
        actions.add_screening_to_case(handed, case=given.make_case(), by=shelter_worker)


def test_it_goes_into_one_case_only(handed, shelter_worker):
    same = Screening.objects.get(pk=handed.pk)
    taken(handed, shelter_worker)
    with pytest.raises((Refused, PermissionDenied)):
        taken(same, shelter_worker)


def test_strangers_open_no_case_from_it(handed, stranger, officer):
    for nobody in (stranger, officer):
        with pytest.raises(PermissionDenied):
            taken(handed, nobody)


# --- without a case


def test_what_ends_without_a_case_is_destroyed(handed, shelter_worker):
    actions.end_screening(handed, outcome=ScreeningOutcome.HELPED, by=shelter_worker)

    assert handed.stage is ScreeningStage.ENDED
    assert not Parcel.objects.exists()
    with pytest.raises(Refused):
        actions.end_screening(
            handed, outcome=ScreeningOutcome.HELPED, by=shelter_worker
        )


def test_only_the_clock_says_that_nobody_went_on(handed, shelter_worker):
    with pytest.raises(Refused, match="Choose an outcome"):
        actions.end_screening(
            handed, outcome=ScreeningOutcome.EXPIRED, by=shelter_worker
        )


def test_what_nobody_went_on_with_for_thirty_days_is_destroyed(
    mechanism, officer, shelter_worker
):
    kept = given.make_screening(by=officer, **SIGNS)
    old = given.make_screening(by=officer, **SIGNS)
    in_case = given.make_screening(
        by=shelter_worker, case=given.make_case(worked_on_by=shelter_worker), **SIGNS
    )
    long_ago = timezone.now() - timedelta(days=31)
    Screening.objects.exclude(pk=kept.pk).update(received_at=long_ago)

    call_command("erase_due", verbosity=0)

    old.refresh_from_db()
    in_case.refresh_from_db()
    assert old.outcome == ScreeningOutcome.EXPIRED
    assert in_case.ended_at is None
    assert set(Parcel.objects.values_list("about", flat=True)) == {kept.pk}


def test_one_that_a_colleague_has_just_gone_on_with_keeps_no_other(
    mechanism, officer, monkeypatch
):
    first, second, third = [
        given.make_screening(by=officer, **SIGNS) for _n in range(3)
    ]
    long_ago = timezone.now() - timedelta(days=31)
    Screening.objects.update(received_at=long_ago)
    destroy = parcels.destroy

    def meanwhile(about):
        taken = Screening.objects.filter(pk=second.pk, ended_at=None)
        taken.update(ended_at=timezone.now(), outcome=ScreeningOutcome.HELPED)
        destroy(about)

    monkeypatch.setattr(parcels, "destroy", meanwhile)

    assert erasing.erase_due()["screening"] == 2
    for screening in (first, second, third):
        screening.refresh_from_db()
    assert [first.outcome, third.outcome] == [ScreeningOutcome.EXPIRED] * 2
    assert second.outcome == ScreeningOutcome.HELPED


# --- need-to-know in a case


def test_health_detail_stays_with_health_and_the_need_is_known(
    mechanism, shelter_worker
):
    """A form with a question in the health part: only that there is a need is seen."""
    case = given.make_case(worked_on_by=shelter_worker)
    screening = given.make_screening(by=shelter_worker, case=case, burns="yes")
    wrote = results.open_result(screening, by=shelter_worker)
    assert "Q5" in {found.sign.id for found in wrote.found.signs}

    actions.review_screening(screening, verdicts={}, by=shelter_worker)

    result = results.open_result(screening, by=shelter_worker)
    assert C.HEALTH not in result.sealed.parts
    assert "Q5" not in {found.sign.id for found in result.found.signs}
    assert result.found.flags[Flag.HEALTH] is FlagStatus.YES


def test_a_clinic_reads_its_own_part(mechanism):
    clinic = given.make_team(of=given.make_organisation(sphere=Sphere.HEALTH))
    nurse = given.make_worker(of=clinic)
    case = given.make_case(worked_on_by=nurse)
    screening = given.make_screening(by=nurse, case=case, burns="yes")
    actions.review_screening(screening, verdicts={}, by=nurse)

    assert "burns" in results.open_result(screening, by=nurse).sealed.answers
