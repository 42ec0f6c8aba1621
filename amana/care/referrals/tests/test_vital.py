"""Vital interests in place of consent: two people's word, never one's (P20)."""

from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from django.core import mail
from django.db import IntegrityError, transaction
from django.urls import reverse
from django.utils import timezone
from hypothesis import HealthCheck, settings
from hypothesis import given as over
from hypothesis import strategies as st

from amana import given
from amana.care.cases.models import Case, Need
from amana.care.cases.tabs import CaseTab, build_address
from amana.care.consent import actions as consents
from amana.care.consent import payload, vital_interests
from amana.care.consent.models import Consent, Destruction, VitalInterest
from amana.care.referrals import actions
from amana.care.referrals.models import Referral, ReferralEvent
from amana.design.directory.models import Service
from amana.design.mechanism import actions as mechanisms
from amana.design.mechanism.models import Version
from amana.design.mechanism.tests import packs
from amana.errors import Refused
from amana.trust.access.models import Role, Sphere, Team, User
from amana.trust.access.rules import Denied
from amana.trust.audit.models import AuditEvent
from amana.trust.vault import disclosures
from amana.trust.vault.altered import Tampered
from amana.trust.vault.models import Disclosure
from amana.ui.once import make_form_key

LETS = "  ratified_on: 2021-04-01\n  vital_interests: yes\n"


def a_mechanism(folder: Path, *, says: str) -> Version:
    files = packs.small()
    files["law.yaml"] += says.encode()
    for name, content in files.items():
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(content)
    return mechanisms.adopt_shipped(folder, by=given.make_worker(role=Role.COORDINATOR))


@pytest.fixture
def law(db: None, tmp_path: Path) -> Version:
    return a_mechanism(tmp_path, says=LETS)


@pytest.fixture
def second(law: Version, supervisor: User) -> User:
    return supervisor


def sent_to(need: Need, service: Service, by: User, **said: Any) -> Referral:
    words = {
        "reason": VitalInterest.Reason.UNCONSCIOUS,
        "words": "canary: not breathing",
    }
    return actions.send_in_vital_interest(need, to=service, by=by, **words | said)


@pytest.fixture
def sent(law: Version, need: Need, shelter: Service, worker: User) -> Referral:
    return sent_to(need, shelter, worker)


def interest_of(referral: Referral) -> VitalInterest:
    return VitalInterest.objects.select_related("case").get(pk=referral.basis_id)


def reads(user: User, referral: Referral) -> dict[str, Any] | None:
    found = Disclosure.objects.filter(pk=referral.disclosure).first()
    if found is None:
        return None
    return disclosures.open_disclosure(found, by=user, purpose="test")


def test_it_is_sent_at_once_with_no_more_than_is_needed(
    sent: Referral, shelter_worker: User
) -> None:
    content = reads(shelter_worker, sent)
    assert content
    assert content["identity.name"] == "Zubaida Canary"
    assert set(content) <= {*vital_interests.NEEDED, "health.summary", payload.NEED}
    assert sent.consent is None
    assert not Consent.objects.exists()
    assert AuditEvent.objects.filter(did="disclosed in vital interest").exists()


def test_health_goes_to_health_services_alone() -> None:
    assert "health.summary" in vital_interests.list_fields(Sphere.HEALTH)
    assert "health.summary" not in vital_interests.list_fields(Sphere.HUMANITARIAN)
    assert vital_interests.list_fields(Sphere.BORDER) == []


@pytest.mark.parametrize(
    "says", ["", "  vital_interests: yes\n", "  ratified_on: 2021-04-01\n"]
)
def test_where_no_law_that_binds_says_so_it_is_not_there(
    need: Need, shelter: Service, worker: User, tmp_path: Path, says: str
) -> None:
    a_mechanism(tmp_path, says=says)
    with pytest.raises(Refused):
        sent_to(need, shelter, worker)
    browser = given.sign_in(worker)
    page = browser.get(reverse("referrals:ask", args=[need.pk, shelter.pk]))
    assert "be asked" not in page.content.decode().split("Ask the person")[-1]
    assert not Disclosure.objects.exists()


def test_who_recorded_it_can_t_confirm_or_reject_it(
    sent: Referral, worker: User
) -> None:
    for act in (vital_interests.confirm, vital_interests.reject):
        with pytest.raises(Denied):
            act(interest_of(sent), by=worker)
    with pytest.raises(IntegrityError), transaction.atomic():
        VitalInterest.objects.update(confirmed_by=worker, confirmed_at=timezone.now())


def test_a_second_person_of_the_team_confirms(
    sent: Referral, second: User, stranger: User, shelter_worker: User
) -> None:
    for other in (stranger, shelter_worker):
        with pytest.raises(Denied):
            vital_interests.confirm(interest_of(sent), by=other)
    vital_interests.confirm(interest_of(sent), by=second)
    assert interest_of(sent).confirmed_by == second
    with pytest.raises(Refused):
        vital_interests.reject(interest_of(sent), by=second)


def test_where_nobody_can_be_second_the_page_says_so_and_the_officers_know_at_once(
    law: Version,
    need: Need,
    shelter: Service,
    worker: User,
    django_capture_on_commit_callbacks: Any,
) -> None:
    officer = given.make_worker(role=Role.DATA_PROTECTION_OFFICER)
    mail.outbox.clear()
    with django_capture_on_commit_callbacks(execute=True):
        sent = sent_to(need, shelter, worker)

    asked = {address for message in mail.outbox for address in message.to}
    assert officer.email in asked
    page = reverse("consent:vital", args=[sent.vital_interest_id])
    shown = given.sign_in(worker).get(page).content.decode()
    assert "No colleague in the team can confirm this" in shown
    assert "data-protection officers have been notified" in shown
    given.make_worker(of=need.case.team, role=Role.SUPERVISOR)
    with_colleague = given.sign_in(worker).get(page).content.decode()
    assert "No colleague in the team" not in with_colleague


def test_a_rejection_takes_the_copy_back_and_asks_to_destroy(
    sent: Referral, second: User, worker: User, shelter_worker: User, need: Need
) -> None:
    vital_interests.reject(interest_of(sent), by=second)
    assert reads(shelter_worker, sent) is None
    told = Destruction.objects.get(vital_interest=sent.vital_interest_id)
    sent.refresh_from_db()
    assert sent.status == "withdrawn"
    assert str(sent.stands) == "Withdrawn"
    page = given.sign_in(shelter_worker).get(
        reverse("referrals:referral", args=[sent.pk])
    )
    assert page.status_code == 410
    assert reverse("consent:destroy", args=[told.pk]) in page.content.decode()
    consents.confirm_destruction(told, by=shelter_worker)
    with pytest.raises(Refused):  # and it isn't simply sent again
        sent_to(need, sent.service, worker)


def test_nobody_confirmed_within_the_hour_is_told_once(
    sent: Referral,
    second: User,
    worker: User,
    django_capture_on_commit_callbacks: Any,
) -> None:
    officer = given.make_worker(role=Role.DATA_PROTECTION_OFFICER)
    assert vital_interests.chase() == (0, 0)
    VitalInterest.objects.update(confirm_by=timezone.now() - timedelta(minutes=1))
    mail.outbox.clear()
    with django_capture_on_commit_callbacks(execute=True):
        assert vital_interests.chase() == (1, 0)
    asked = {address for message in mail.outbox for address in message.to}
    assert asked == {second.email, officer.email}
    assert "Canary" not in str([(m.subject, m.body) for m in mail.outbox])
    assert vital_interests.chase() == (0, 0)
    assert interest_of(sent).is_undecided


def test_a_confirmed_one_is_told_to_nobody(sent: Referral, second: User) -> None:
    vital_interests.confirm(interest_of(sent), by=second)
    VitalInterest.objects.update(confirm_by=timezone.now() - timedelta(minutes=1))
    assert vital_interests.chase() == (0, 0)


def test_it_does_not_last(sent: Referral, shelter_worker: User) -> None:
    VitalInterest.objects.update(expires_at=timezone.now())
    assert vital_interests.chase() == (0, 1)
    assert reads(shelter_worker, sent) is None


def test_the_person_says_no_and_it_is_taken_back(
    sent: Referral, worker: User, shelter_worker: User, need: Need, shelter: Service
) -> None:
    vital_interests.record_objection(interest_of(sent), by=worker)
    assert reads(shelter_worker, sent) is None
    assert interest_of(sent).told_at
    with pytest.raises(Refused):
        sent_to(need, shelter, worker)


def test_a_no_that_was_said_before_stands(
    law: Version, case: Case, need: Need, shelter: Service, worker: User
) -> None:
    consents.refuse(
        case,
        recipient=shelter.team,
        purpose=Consent.Purpose.REFERRAL,
        language="en",
        need=need,
        by=worker,
    )
    with pytest.raises(Refused):
        sent_to(need, shelter, worker)


def test_a_no_takes_back_what_was_told_without_her(
    sent: Referral, case: Case, need: Need, worker: User, shelter_worker: User
) -> None:
    consents.refuse(
        case,
        recipient=sent.recipient,
        purpose=Consent.Purpose.REFERRAL,
        language="en",
        need=need,
        by=worker,
    )
    assert reads(shelter_worker, sent) is None


def test_it_rests_on_no_consent_where_the_recipient_was_moved(
    sent: Referral, need: Need, case: Case, worker: User
) -> None:
    agreed = given.make_consent(case, to=sent.recipient, need=need, by=worker)
    other = given.make_organisation(sphere=sent.recipient.organisation.sphere)
    Team.objects.filter(pk=sent.recipient_id).update(organisation=other)
    sent = Referral.objects.get(pk=sent.pk)

    with pytest.raises(Tampered), transaction.atomic():
        actions.rest_on_consent(sent, agreed, by=worker)


def test_her_consent_stands_instead_and_decides_what_is_read(
    sent: Referral, case: Case, need: Need, worker: User, shelter_worker: User
) -> None:
    actions.write_message(sent, text="She is in bed two", by=shelter_worker)
    agreed = given.make_consent(case, to=sent.recipient, need=need, by=worker)
    actions.rest_on_consent(sent, agreed, by=worker)
    sent.refresh_from_db()
    assert sent.consent == agreed
    assert sent.vital_interest is None
    content = reads(shelter_worker, sent)
    assert content is not None
    assert set(content) <= {payload.NEED, *agreed.fields}
    consents.withdraw(agreed, by=worker)
    assert reads(shelter_worker, sent) is None


def test_the_person_is_told_once(sent: Referral, worker: User, stranger: User) -> None:
    with pytest.raises(Denied):
        vital_interests.record_person_informed(interest_of(sent), by=stranger)
    vital_interests.record_person_informed(interest_of(sent), by=worker)
    with pytest.raises(Refused):
        vital_interests.record_person_informed(interest_of(sent), by=worker)


def test_it_is_sent_confirmed_and_told_by_its_pages(
    law: Version, need: Need, shelter: Service, worker: User, supervisor: User
) -> None:
    ours, theirs = given.sign_in(worker), given.sign_in(supervisor)
    asked = reverse("referrals:ask", args=[need.pk, shelter.pk])
    send = reverse("referrals:vital", args=[need.pk, shelter.pk])
    assert send in ours.get(asked).content.decode()
    assert "Palermo Protocol" in ours.get(send).content.decode()
    assert (
        ours.post(send, {"reason": "unconscious"} | make_form_key()).status_code == 422
    )
    said = {"reason": "unconscious", "words": "canary: not breathing"}
    ours.post(send, said | make_form_key())
    interest = VitalInterest.objects.get()
    page = reverse("consent:vital", args=[interest.pk])
    assert "Was this right?" not in ours.get(page).content.decode()
    assert page in theirs.get(reverse("home:today")).content.decode()
    shown = theirs.get(page).content.decode()
    assert "canary: not breathing" in shown
    decide = reverse("consent:decide_vital", args=[interest.pk])
    assert ours.post(decide, {"answer": "confirm"} | make_form_key()).status_code in (
        403,
        404,
    )
    theirs.post(decide, {"answer": "confirm"} | make_form_key())
    interest.refresh_from_db()
    assert interest.confirmed_by == supervisor
    answer = reverse("consent:answer_vital", args=[interest.pk])
    ours.post(answer, {"answer": "told"} | make_form_key())
    interest.refresh_from_db()
    assert interest.told_by == worker
    tab = build_address(CaseTab.CONSENT, need.case_id)
    case = ours.get(tab).content.decode()
    assert page in case
    referral = Referral.objects.get()
    for name in ("referral", "sent_to"):
        url = reverse(f"referrals:{name}", args=[referral.pk])
        assert ours.get(url).status_code == 200


ACTS = ("confirm", "reject", "object", "tell", "late", "over")


@settings(
    max_examples=12,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)
@over(acts=st.lists(st.tuples(st.sampled_from(ACTS), st.integers(0, 2)), max_size=6))
def test_whatever_happens_two_people_stand_for_what_is_read(
    sent: Referral,
    worker: User,
    second: User,
    stranger: User,
    shelter_worker: User,
    acts: list[tuple[str, int]],
) -> None:
    people = (worker, second, stranger)
    with transaction.atomic():
        for act, who in acts:
            interest, by = interest_of(sent), people[who]
            VitalInterest.objects.filter(pk=interest.pk, ended_at=None).update(
                **{"late": {"confirm_by": interest.recorded_at}}.get(act, {})
                or {"confirm_by": interest.confirm_by}
            )
            try:
                if act == "late":
                    vital_interests.chase()
                elif act == "over":
                    VitalInterest.objects.update(expires_at=timezone.now())
                    vital_interests.chase()
                else:
                    does = {
                        "confirm": vital_interests.confirm,
                        "reject": vital_interests.reject,
                        "object": vital_interests.record_objection,
                        "tell": vital_interests.record_person_informed,
                    }[act]
                    does(interest, by=by)
            except (Denied, Refused):
                pass
            now = interest_of(sent)
            assert now.confirmed_by != worker
            assert (reads(shelter_worker, sent) is None) == bool(now.ended_at)
            if now.end == VitalInterest.End.REJECTED:
                assert now.ended_by == second
            told = AuditEvent.objects.filter(did="told of unconfirmed vital interest")
            assert told.count() <= 1
        transaction.set_rollback(True)


def test_a_rejection_ends_the_referral_once(sent: Referral, second: User) -> None:
    vital_interests.reject(interest_of(sent), by=second)
    before = ReferralEvent.objects.filter(referral=sent).count()

    actions.end_with_vital_interest(interest_of(sent), by=second)

    assert ReferralEvent.objects.filter(referral=sent).count() == before
