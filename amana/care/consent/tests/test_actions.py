"""A person says yes, no, or not any more; who can say it, and what then happens (P22,
P25)."""

from collections.abc import Callable
from datetime import timedelta
from io import StringIO
from typing import Any

import pytest
from django.core import mail
from django.core.management import call_command
from django.db import connection
from django.utils import timezone
from pytest_django import DjangoCaptureOnCommitCallbacks

from amana import given
from amana.care.cases import actions as cases
from amana.care.cases.fields import FIELDS
from amana.care.cases.models import Assignment, Case
from amana.care.consent import actions, avoided, signed_consents, valid_consents
from amana.care.consent.actions import NOTHING_WRITTEN
from amana.care.consent.consent_text import ConsentText
from amana.care.consent.events import consent_ended
from amana.care.consent.models import LONGEST, NEXT, Consent, Destruction
from amana.care.consent.payload import CONDITIONS
from amana.care.consent.purposes import is_suitable, list_usual_fields
from amana.care.consent.sealed import SEALED_IN
from amana.errors import Refused
from amana.trust.access.models import Role, Sphere, Team, User
from amana.trust.access.rules import Denied
from amana.trust.audit.models import AuditEvent
from amana.trust.vault import disclosures, documents, manifest
from amana.trust.vault.compartments import CEILING
from amana.trust.vault.compartments import Compartment as C
from amana.trust.vault.handover import CodeBearer
from amana.trust.vault.models import Disclosure, DisclosureWrap

from .conftest import a_case, a_team_of, agrees, in_days

GUARDED = {"child": "yes", "age": 15, "guardian": "Her aunt"}
By = Consent.GivenBy


# --- giving


def test_several_teams_in_order_are_one_text_and_a_consent_for_each(
    case: Case, shelter: Team, worker: User
) -> None:
    clinic = a_team_of(Sphere.HEALTH)

    consents = actions.give_in_order(
        case,
        recipients=[clinic, shelter],
        fields=["identity.name", "needs.words"],
        purpose=Consent.Purpose.REFERRAL,
        need=case.needs.get(),
        expires_at=in_days(30),
        language="en",
        mode=Consent.Mode.SPOKEN,
        given_by=By.PERSON,
        interpreter=False,
        understood=True,
        by=worker,
    )

    assert [consent.recipient for consent in consents] == [clinic, shelter]
    texts = [
        actions.open_answer(consent, by=worker, purpose="test")["text"]
        for consent in consents
    ]
    assert texts[0] == texts[1]
    assert AuditEvent.objects.filter(did="recorded consent").count() == 1


def test_a_list_keeps_to_what_every_team_on_it_may_be_sent(
    case: Case, shelter: Team, worker: User
) -> None:
    clinic = a_team_of(Sphere.HEALTH)
    for recipients, fields, why in (
        ([clinic, shelter], ["health.summary"], "may never be sent"),
        ([shelter, shelter], ["identity.name"], "each only once"),
        ([], ["identity.name"], "each only once"),
    ):
        with pytest.raises(Refused, match=why):
            actions.give_in_order(
                case,
                recipients=recipients,
                fields=fields,
                purpose=Consent.Purpose.REFERRAL,
                need=case.needs.get(),
                expires_at=in_days(30),
                language="en",
                mode=Consent.Mode.SPOKEN,
                given_by=By.PERSON,
                interpreter=False,
                understood=True,
                by=worker,
            )
    assert not Consent.objects.exists()


def test_a_consent_says_exactly_what_to_whom_why_and_until_when(
    case: Case, shelter: Team, worker: User
) -> None:
    until = in_days(30)

    consent = agrees(
        case, to=shelter, by=worker, expires_at=until, conditions="Never my brother"
    )

    consent.refresh_from_db()
    assert consent.recipient == shelter
    assert consent.fields == ["identity.name", "needs.words"]
    assert consent.purpose == Consent.Purpose.REFERRAL
    assert consent.expires_at == until
    assert consent.text_version.startswith("ar-")
    assert Consent.objects.live().get() == consent


def test_what_she_was_told_and_her_conditions_are_sealed(
    case: Case, shelter: Team, worker: User
) -> None:
    consent = agrees(case, to=shelter, by=worker, conditions="Never my brother")

    opened = documents.open_documents(case.pk, [SEALED_IN], by=worker, purpose="test")
    sealed = opened[SEALED_IN, consent.document].content
    assert sealed["conditions"] == "Never my brother"
    assert shelter.name in ConsentText.again(sealed["text"]).plain()
    assert "Never my brother" not in str(Consent.objects.values())


@pytest.mark.parametrize("sphere", Sphere)
def test_no_consent_passes_the_ceiling(
    case: Case, worker: User, sphere: Sphere
) -> None:
    """Every field to every sphere: a yes only where the constant allows it."""
    team = a_team_of(sphere)
    need = cases.raise_need(case, type="PR1", urgency="U2", words="Safe", by=worker)
    agreed, refused = set(), set()

    for field in FIELDS:
        try:
            answer = agrees(case, to=team, by=worker, need=need, fields=[field])
        except Refused as error:
            if str(error) != str(NOTHING_WRITTEN):
                refused.add(field)
        else:
            agreed |= set(answer.fields)

    allowed = {k for k, f in FIELDS.items() if f.compartment in CEILING[sphere]}
    assert refused == set(FIELDS) - allowed
    assert agreed <= allowed
    assert bool(agreed) == bool(allowed)


@pytest.mark.parametrize("sphere", Sphere)
def test_nothing_is_shared_with_another_kind_than_she_agreed_to(
    case: Case, worker: User, sphere: Sphere
) -> None:
    """A consent whose recipient has changed its sphere since shares nothing."""
    team = a_team_of(Sphere.HUMANITARIAN)
    consent = agrees(case, to=team, by=worker, fields=["narrative.account"])
    team.organisation.sphere = sphere
    team.organisation.save()
    given.vouch_for_organisation(team.organisation)
    consent = Consent.objects.get(pk=consent.pk)

    if sphere is Sphere.HUMANITARIAN:
        assert actions.disclose(consent, by=worker).fields == ["narrative.account"]
    else:
        with pytest.raises(Refused, match="sphere has changed"):
            actions.disclose(consent, by=worker)


def test_nothing_is_ever_sent_to_border_services(case: Case, worker: User) -> None:
    with pytest.raises(Refused, match="border"):
        agrees(case, to=a_team_of(Sphere.BORDER), by=worker)


def test_only_an_admitted_organisation_receives(case: Case, worker: User) -> None:
    team = given.make_team(of=given.make_organisation(admitted_at=None))
    given.make_worker(of=team)

    with pytest.raises(Refused, match="admitted"):
        agrees(case, to=team, by=worker)


@pytest.mark.parametrize(
    ("changes", "why"),
    [
        ({"fields": []}, "at least one"),
        ({"fields": ["identity.shoe_size"]}, "not part of a case"),
        ({"fields": ["weather.today"]}, "not part of a case"),
        ({"understood": False}, "own words"),
        ({"purpose": Consent.Purpose.STATISTICS}, "For figures"),
    ],
)
def test_a_consent_is_refused(
    case: Case, shelter: Team, worker: User, changes: dict[str, Any], why: str
) -> None:
    with pytest.raises(Refused, match=why):
        agrees(case, to=shelter, by=worker, **changes)
    assert not Consent.objects.exists()


def test_a_consent_ends_in_the_future_and_within_a_year(
    case: Case, shelter: Team, worker: User
) -> None:
    for until in (timezone.now(), timezone.now() + LONGEST + timedelta(hours=1)):
        with pytest.raises(Refused):
            agrees(case, to=shelter, by=worker, expires_at=until)


def test_ones_own_team_is_not_asked_about(case: Case, worker: User) -> None:
    with pytest.raises(Refused, match="own team"):
        agrees(case, to=case.team, by=worker)


def test_only_those_who_work_on_the_case_ask(
    case: Case, shelter: Team, stranger: User
) -> None:
    colleague = given.make_worker(of=case.team)
    for other in (stranger, colleague):
        with pytest.raises(Denied):
            agrees(case, to=shelter, by=other)
        with pytest.raises(Denied):
            actions.refuse(
                case,
                recipient=shelter,
                purpose=Consent.Purpose.REFERRAL,
                language="fr",
                by=other,
            )
    assert not Consent.objects.exists()


def test_a_refusal_is_kept_and_shares_nothing(
    case: Case, shelter: Team, worker: User
) -> None:
    refusal = actions.refuse(
        case,
        recipient=shelter,
        purpose=Consent.Purpose.REFERRAL,
        language="ar",
        by=worker,
    )

    with pytest.raises(Refused):
        actions.disclose(refusal, by=worker)
    assert not Consent.objects.live().exists()
    assert AuditEvent.objects.filter(did="recorded refusal", case=case.pk).exists()


# --- children and guardians


def who_answered(consent: Consent, by: User) -> By:
    """As one reads it who holds the keys of the case."""
    return By(actions.open_answer(consent, by=by, purpose="test")["given_by"])


def test_a_child_does_not_consent_as_an_adult(worker: User, shelter: Team) -> None:
    for doubt in ({"child": "yes"}, {"child": "unsure"}, {"age": 17}, {"age": "12"}):
        with pytest.raises(Refused, match="child"):
            agrees(a_case(worker, **doubt), to=shelter, by=worker)


def test_a_guardian_agrees_together_with_the_child(worker: User, shelter: Team) -> None:
    case = a_case(worker, **GUARDED)

    consent = agrees(case, to=shelter, by=worker, given_by=By.GUARDIAN)

    assert who_answered(consent, worker) == By.GUARDIAN


def test_a_suspected_guardian_cannot_agree(worker: User, shelter: Team) -> None:
    case = a_case(worker, **GUARDED, guardian_suspect="yes")

    with pytest.raises(Refused, match="may be involved in the harm"):
        agrees(case, to=shelter, by=worker, given_by=By.GUARDIAN)


def test_an_unnamed_guardian_cannot_agree(worker: User, shelter: Team) -> None:
    case = a_case(worker, **GUARDED | {"guardian": ""})

    with pytest.raises(Refused, match="who the guardian is"):
        agrees(case, to=shelter, by=worker, given_by=By.GUARDIAN)


def test_a_child_agrees_alone_only_under_a_law_that_is_named(
    worker: User, shelter: Team
) -> None:
    case = a_case(worker, **GUARDED, guardian_suspect="yes")

    with pytest.raises(Refused, match="which law"):
        agrees(case, to=shelter, by=worker, given_by=By.CHILD)
    alone = agrees(
        case, to=shelter, by=worker, given_by=By.CHILD, why_alone="Child Act, art. 12"
    )

    assert who_answered(alone, worker) == By.CHILD


def test_nobody_agrees_for_an_adult(case: Case, shelter: Team, worker: User) -> None:
    for by in (By.GUARDIAN, By.CHILD):
        with pytest.raises(Refused, match="Adults decide for themselves"):
            agrees(case, to=shelter, by=worker, given_by=by, why_alone="x")


# --- disclosing


def test_the_recipient_reads_exactly_the_consented_fields(
    consent: Consent, worker: User, shelter_worker: User
) -> None:
    disclosure = actions.disclose(consent, by=worker)

    read = disclosures.open_disclosure(disclosure, by=shelter_worker, purpose="test")
    assert read == {
        "identity.name": "Zubaida Canary",
        "needs.words": "A bed for tonight",
        "referral.need": "SH2",  # what help is asked for
    }
    assert AuditEvent.objects.filter(did="disclosed", case=consent.case_id).exists()


def test_the_recipient_reads_what_she_asks_of_them(
    case: Case, shelter: Team, worker: User, shelter_worker: User
) -> None:
    consent = agrees(case, to=shelter, by=worker, conditions="Never my brother")

    disclosure = actions.disclose(consent, by=worker)

    ((letter, words),) = disclosures.open_letters(
        disclosure, by=shelter_worker, purpose="test"
    )
    assert letter.name == CONDITIONS
    assert words == {"words": "Never my brother"}


def test_a_consented_field_without_a_value_is_left_out(
    case: Case, shelter: Team, worker: User
) -> None:
    fields = ["needs.words", "needs.disability", "needs.wishes"]
    consent = agrees(case, to=shelter, by=worker, fields=fields)

    assert actions.disclose(consent, by=worker).fields == ["needs.words"]


def test_a_disclosure_of_nothing_is_refused(
    case: Case, shelter: Team, worker: User
) -> None:
    with pytest.raises(Refused, match="None of the information the person agreed to"):
        agrees(case, to=shelter, by=worker, fields=["needs.disability"])
    consent = agrees(case, to=shelter, by=worker, fields=["contact.never"])
    opened = documents.open_documents(case.pk, [C.CONTACT], by=worker, purpose="test")
    revision = opened[C.CONTACT, "record"].revision
    without = {"never": ""}
    cases.rewrite(case, C.CONTACT, without, replacing=revision, by=worker)

    with pytest.raises(Refused, match="None of the information the person agreed to"):
        actions.disclose(consent, by=worker)
    consent.refresh_from_db()
    assert consent.shared_at is None


def test_a_lapsed_consent_discloses_nothing_even_before_the_clock_ran(
    consent: Consent, worker: User
) -> None:
    Consent.objects.update(expires_at=timezone.now() - timedelta(seconds=1))

    with pytest.raises(Refused, match="no longer consent"):
        actions.disclose(consent, by=worker)
    assert not Disclosure.objects.exists()


def test_a_stranger_discloses_nothing(consent: Consent, stranger: User) -> None:
    with pytest.raises(Denied):
        actions.disclose(consent, by=stranger)
    assert not Disclosure.objects.exists()


def test_a_stranger_does_not_learn_that_a_consent_has_ended(
    consent: Consent, worker: User, stranger: User
) -> None:
    actions.withdraw(consent, by=worker)

    with pytest.raises(Denied):
        actions.disclose(consent, by=stranger)


@pytest.mark.parametrize(
    "fields", [["contact.never"], ["needs.words", "contact.never"]]
)
def test_an_organisation_to_avoid_is_told_nothing_though_she_agreed_before(
    case: Case, shelter: Team, worker: User, fields: list[str]
) -> None:
    consent = agrees(case, to=shelter, by=worker, fields=fields)
    organisation = shelter.organisation_id
    assert avoided.set_avoided(case, organisation, avoid=True, by=worker)

    with pytest.raises(Refused, match="must be avoided"):
        actions.disclose(consent, by=worker)
    assert not Disclosure.objects.exists()

    avoided.set_avoided(case, organisation, avoid=False, by=worker)
    actions.disclose(consent, by=worker)


def test_an_organisation_that_left_the_mechanism_receives_nothing(
    consent: Consent, worker: User, shelter: Team
) -> None:
    shelter.organisation.admitted_at = None
    shelter.organisation.save()

    with pytest.raises(Refused, match="admitted"):
        actions.disclose(Consent.objects.get(pk=consent.pk), by=worker)


# --- withdrawing and expiring


def test_after_withdrawal_the_copy_and_its_keys_are_gone(
    consent: Consent, worker: User
) -> None:
    actions.disclose(consent, by=worker)

    actions.withdraw(consent, by=worker)

    assert not Disclosure.objects.exists()
    assert not DisclosureWrap.objects.exists()
    with pytest.raises(Refused):
        actions.disclose(consent, by=worker)


def test_a_supervisor_withdraws_when_the_worker_is_away(
    consent: Consent, case: Case
) -> None:
    supervisor = given.make_worker(of=case.team, role=Role.SUPERVISOR)

    actions.withdraw(consent, by=supervisor)

    assert consent.status == Consent.Status.WITHDRAWN


def test_a_stranger_withdraws_nothing(consent: Consent, stranger: User) -> None:
    with pytest.raises(Denied):
        actions.withdraw(consent, by=stranger)
    assert Consent.objects.live().exists()


def test_a_consent_is_withdrawn_once(consent: Consent, worker: User) -> None:
    before = Consent.objects.get(pk=consent.pk)
    actions.withdraw(consent, by=worker)

    with pytest.raises(Refused, match="already ended"):
        actions.withdraw(before, by=worker)


def test_withdrawal_leaves_the_case_and_its_needs_as_they_were(
    consent: Consent, worker: User
) -> None:
    before = (list(Case.objects.values()), list(Assignment.objects.values()))

    actions.withdraw(consent, by=worker)

    assert before == (list(Case.objects.values()), list(Assignment.objects.values()))


def test_nothing_is_agreed_or_shared_once_the_case_has_been_closed(
    consent: Consent, case: Case, shelter: Team, worker: User
) -> None:
    Case.objects.update(closed_at=timezone.now())
    assert case.is_open  # as it was when the page was opened

    with pytest.raises(Refused, match="closed"):
        agrees(case, to=shelter, by=worker, purpose=Consent.Purpose.COORDINATION)
    with pytest.raises(Refused, match="closed"):
        again(consent, worker)
    with pytest.raises(Refused, match="closed"):
        actions.disclose(consent, by=worker)
    assert not Disclosure.objects.exists()


def test_a_consent_can_be_withdrawn_after_the_case_is_closed(
    consent: Consent, case: Case, worker: User
) -> None:
    case.change(closed_at=timezone.now())

    actions.withdraw(consent, by=worker)

    assert consent.status == Consent.Status.WITHDRAWN


def test_the_end_of_a_consent_is_announced(consent: Consent, worker: User) -> None:
    heard: list[tuple[Consent, User | None]] = []

    def listen(consent: Consent, by: User | None, **_: object) -> None:
        heard.append((consent, by))

    consent_ended.connect(listen)
    try:
        actions.withdraw(consent, by=worker)
    finally:
        consent_ended.disconnect(listen)

    assert heard == [(consent, worker)]


def test_a_mistake_with_one_consent_keeps_no_other_from_ending(
    case: Case, shelter: Team, worker: User
) -> None:
    first, second = (
        agrees(case, to=given.make_team(), by=worker),
        agrees(case, to=shelter, by=worker),
    )
    shared = actions.disclose(second, by=worker)
    Consent.objects.update(expires_at=timezone.now() - timedelta(minutes=1))

    def fail(consent: Consent, **_: object) -> None:
        if consent == first:
            raise ZeroDivisionError

    consent_ended.connect(fail)
    try:
        with pytest.raises(ZeroDivisionError):
            actions.expire_lapsed()
    finally:
        consent_ended.disconnect(fail)

    second.refresh_from_db()
    assert second.status == Consent.Status.EXPIRED
    assert not Disclosure.objects.filter(pk=shared.pk).exists()


def test_the_clock_ends_what_has_lapsed_and_nothing_else(
    case: Case, shelter: Team, worker: User
) -> None:
    lapsed = agrees(case, to=shelter, by=worker)
    actions.disclose(lapsed, by=worker)
    live = agrees(case, to=shelter, by=worker)
    kept = actions.disclose(live, by=worker)
    over = timezone.now() - timedelta(seconds=1)
    Consent.objects.filter(pk=lapsed.pk).update(expires_at=over)

    assert actions.expire_lapsed() == 1
    assert actions.expire_lapsed() == 0

    lapsed.refresh_from_db()
    assert lapsed.status == Consent.Status.EXPIRED
    assert Disclosure.objects.get() == kept
    assert AuditEvent.objects.filter(did="expired consent", actor="system").exists()


def test_one_consent_that_was_withdrawn_meanwhile_does_not_stop_the_clock(
    case: Case, shelter: Team, worker: User
) -> None:
    first, second = (agrees(case, to=given.make_team(), by=worker) for _ in range(2))
    over = timezone.now() - timedelta(minutes=1)
    Consent.objects.update(expires_at=over)

    def withdraw_the_other(consent: Consent, **_: object) -> None:
        if consent == first:
            actions.withdraw(Consent.objects.get(pk=second.pk), by=worker)

    consent_ended.connect(withdraw_the_other)
    try:
        assert actions.expire_lapsed() == 1
    finally:
        consent_ended.disconnect(withdraw_the_other)

    second.refresh_from_db()
    assert second.status == Consent.Status.WITHDRAWN


def test_a_withdrawal_that_fails_ends_nothing(consent: Consent, worker: User) -> None:
    """All of it happens, or none of it: the copies go with the consent."""
    actions.disclose(consent, by=worker)

    def fail(**_: object) -> None:
        raise Refused("A listener failed.")

    consent_ended.connect(fail)
    try:
        with pytest.raises(Refused, match="listener"):
            actions.withdraw(consent, by=worker)
    finally:
        consent_ended.disconnect(fail)

    assert Consent.objects.live().exists()
    assert Disclosure.objects.exists()


# --- asking again


def again(consent: Consent, by: User, **changes: Any) -> Consent:
    """The person is asked again, and agrees to half a year."""
    said: dict[str, Any] = {
        "expires_at": in_days(180),
        "language": "fr",
        "mode": Consent.Mode.WRITTEN,
        "given_by": By.PERSON,
        "interpreter": True,
        "understood": True,
    }
    return actions.prolong(consent, by=by, **said | changes)


def test_what_was_shared_stays_when_the_person_agrees_again(
    consent: Consent, worker: User, shelter_worker: User
) -> None:
    disclosure = actions.disclose(consent, by=worker)
    disclosures.write_letter(disclosure, "note", {"words": "Come"}, by=shelter_worker)
    until = in_days(180)

    again(consent, worker, expires_at=until)

    disclosure.refresh_from_db()
    assert disclosure.expires_at == until
    for reader in (worker, shelter_worker):
        read = disclosures.open_disclosure(disclosure, by=reader, purpose="test")
        assert read["needs.words"] == "A bed for tonight"
        letters = disclosures.open_letters(disclosure, by=reader, purpose="test")
        assert [words for _letter, words in letters] == [{"words": "Come"}]
    consent.refresh_from_db()
    assert (consent.expires_at, consent.language) == (until, "fr")
    assert consent.text_version.startswith("fr-")
    assert AuditEvent.objects.filter(did="prolonged consent").exists()


def test_the_text_of_the_last_asking_is_kept(consent: Consent, worker: User) -> None:
    again(consent, worker, conditions="Only by day")

    said = actions.open_answer(consent, by=worker, purpose="test")
    assert said["conditions"] == "Only by day"
    assert ConsentText.again(said["text"]).language == "fr"


def test_new_conditions_reach_the_recipient(
    consent: Consent, worker: User, shelter_worker: User
) -> None:
    disclosure = actions.disclose(consent, by=worker)

    again(consent, worker, conditions="Only by day")

    disclosure.refresh_from_db()
    ((letter, words),) = disclosures.open_letters(
        disclosure, by=shelter_worker, purpose="test"
    )
    assert (letter.name, words) == (CONDITIONS, {"words": "Only by day"})


@pytest.mark.parametrize(
    ("now", "told"), [("Only my brother", ["Only my brother"]), ("", [])]
)
def test_a_condition_she_has_taken_back_reaches_nobody(
    case: Case,
    shelter: Team,
    worker: User,
    shelter_worker: User,
    now: str,
    told: list[str],
) -> None:
    consent = agrees(case, to=shelter, by=worker, conditions="Never my brother")
    disclosure = actions.disclose(consent, by=worker)
    disclosures.write_letter(disclosure, "note", {"words": "Come"}, by=shelter_worker)

    again(consent, worker, conditions=now)

    disclosure.refresh_from_db()
    letters = disclosures.open_letters(disclosure, by=shelter_worker, purpose="test")
    asked = [w["words"] for letter, w in letters if letter.name == CONDITIONS]
    assert asked == told
    assert len(letters) == len(told) + 1  # what the shelter wrote stays


@pytest.mark.parametrize(
    ("changes", "why"),
    [
        ({"understood": False}, "own words"),
        ({"given_by": By.GUARDIAN}, "Adults decide for themselves"),
        ({"expires_at": timezone.now() + 2 * LONGEST}, "one year at most"),
        ({"expires_at": timezone.now() - LONGEST}, "in the future"),
    ],
)
def test_asking_again_is_asking(
    consent: Consent, worker: User, changes: dict[str, Any], why: str
) -> None:
    before = consent.expires_at

    with pytest.raises(Refused, match=why):
        again(consent, worker, **changes)

    assert Consent.objects.get().expires_at == before


def test_what_has_ended_is_not_prolonged(consent: Consent, worker: User) -> None:
    held = Consent.objects.get()
    actions.withdraw(consent, by=worker)

    with pytest.raises(Refused, match="already ended"):
        again(held, worker)


def test_a_stranger_prolongs_nothing(consent: Consent, stranger: User) -> None:
    with pytest.raises(Denied):
        again(consent, stranger)


# --- destruction


def test_the_recipient_is_told_to_destroy_its_copies(
    consent: Consent,
    worker: User,
    django_capture_on_commit_callbacks: DjangoCaptureOnCommitCallbacks,
) -> None:
    actions.disclose(consent, by=worker)

    with django_capture_on_commit_callbacks(execute=True):
        actions.withdraw(consent, by=worker)

    assert Destruction.objects.waiting().get().consent == consent
    (message,) = mail.outbox
    assert message.to == ["shelter@example.org"]


def test_without_an_address_of_the_team_its_members_are_told(
    case: Case,
    worker: User,
    django_capture_on_commit_callbacks: DjangoCaptureOnCommitCallbacks,
) -> None:
    team = given.make_team()
    members = {given.make_worker(of=team).email for _ in range(2)}
    given.make_worker(of=team, role=Role.ADMINISTRATOR)
    consent = agrees(case, to=team, by=worker)
    actions.disclose(consent, by=worker)

    with django_capture_on_commit_callbacks(execute=True):
        actions.withdraw(consent, by=worker)

    assert {to for message in mail.outbox for to in message.to} == members


def test_a_team_that_cannot_sign_in_is_told_where_its_return_slip_is_entered(
    case: Case,
    worker: User,
    django_capture_on_commit_callbacks: DjangoCaptureOnCommitCallbacks,
) -> None:
    silent = agrees(case, to=given.make_team(), by=worker)
    consent = agrees(case, to=given.make_team(email="clinic@example.org"), by=worker)
    for given_consent in (silent, consent):
        actions.disclose(given_consent, by=worker)
        with django_capture_on_commit_callbacks(execute=True):
            actions.withdraw(given_consent, by=worker)

    message = mail.outbox.pop()
    assert (message.to, mail.outbox) == (["clinic@example.org"], [])
    said = message.subject + str(message.body)
    assert "/referrals/slip/" in said
    assert "sign in" not in said
    for word in (case.reference, str(case.pk), str(consent.pk), "Zubaida", "consent"):
        assert word.lower() not in said.lower()


def test_the_message_says_nothing_about_anyone(
    consent: Consent,
    worker: User,
    django_capture_on_commit_callbacks: DjangoCaptureOnCommitCallbacks,
) -> None:
    actions.disclose(consent, by=worker)
    with django_capture_on_commit_callbacks(execute=True):
        actions.withdraw(consent, by=worker)

    said = mail.outbox[0].subject + str(mail.outbox[0].body)
    case = consent.case
    for word in (case.reference, str(case.pk), str(consent.pk), "Zubaida", "consent"):
        assert word.lower() not in said.lower()


def test_who_received_nothing_has_nothing_to_destroy(
    consent: Consent, worker: User
) -> None:
    actions.withdraw(consent, by=worker)

    assert not Destruction.objects.exists()


def test_the_recipient_confirms_once(
    consent: Consent, worker: User, shelter_worker: User
) -> None:
    actions.disclose(consent, by=worker)
    actions.withdraw(consent, by=worker)
    destruction = Destruction.objects.get()
    earlier = Destruction.objects.get()

    actions.confirm_destruction(destruction, by=shelter_worker)

    assert destruction.confirmed_by == shelter_worker
    assert not Destruction.objects.waiting().exists()
    with pytest.raises(Refused, match="already"):
        actions.confirm_destruction(earlier, by=shelter_worker)


def test_nobody_else_confirms_for_the_recipient(
    consent: Consent, worker: User, stranger: User
) -> None:
    actions.disclose(consent, by=worker)
    actions.withdraw(consent, by=worker)

    for other in (worker, stranger):
        with pytest.raises(Denied):
            actions.confirm_destruction(Destruction.objects.get(), by=other)


def test_a_silent_recipient_is_reminded_until_it_confirms(
    consent: Consent,
    worker: User,
    shelter_worker: User,
    django_capture_on_commit_callbacks: DjangoCaptureOnCommitCallbacks,
) -> None:
    actions.disclose(consent, by=worker)
    actions.withdraw(consent, by=worker)
    assert actions.remind_silent() == 0
    long_ago = timezone.now() - Destruction.REMIND_EVERY - timedelta(hours=1)
    Destruction.objects.update(told_at=long_ago, reminded_at=long_ago)

    with django_capture_on_commit_callbacks(execute=True):
        assert actions.remind_silent() == 1
    assert actions.remind_silent() == 0
    assert len(mail.outbox) == 1

    actions.confirm_destruction(Destruction.objects.get(), by=shelter_worker)
    Destruction.objects.update(reminded_at=long_ago)
    assert actions.remind_silent() == 0


# --- the clock


def test_the_commands_of_the_clock_do_it(consent: Consent, worker: User) -> None:
    actions.disclose(consent, by=worker)
    long_ago = timezone.now() - timedelta(days=9)
    Consent.objects.update(expires_at=long_ago)

    call_command("expire_consents", stdout=StringIO())
    assert Consent.objects.get().status == Consent.Status.EXPIRED
    Destruction.objects.update(told_at=long_ago, reminded_at=long_ago)
    call_command("remind_destructions", stdout=StringIO())

    assert Destruction.objects.get().reminded_at > long_ago


# --- tables


def test_each_status_says_what_may_follow() -> None:
    assert set(NEXT) == set(Consent.Status)


@pytest.mark.parametrize("purpose", Consent.Purpose)
@pytest.mark.parametrize("sphere", Sphere)
def test_what_is_ticked_beforehand_may_be_shared(
    purpose: Consent.Purpose, sphere: Sphere
) -> None:
    ticked = list_usual_fields(purpose, sphere)

    assert all(FIELDS[field].compartment in CEILING[sphere] for field in ticked)
    assert all(is_suitable(purpose, field) for field in ticked)


def test_giving_and_disclosing_take_few_queries(
    case: Case,
    shelter: Team,
    worker: User,
    django_assert_max_num_queries: Callable[..., Any],
) -> None:
    case = Case.objects.select_related("team__organisation").get()
    shelter = Team.objects.select_related("organisation").get(pk=shelter.pk)
    locks = connection.vendor == "postgresql"  # one more, of the case's row
    with (
        manifest.remember_states(),
        django_assert_max_num_queries(41 + locks),
    ):  # two around what only counts
        consent = agrees(case, to=shelter, by=worker)
    with manifest.remember_states(), django_assert_max_num_queries(29):
        actions.disclose(consent, by=worker)


def test_a_recipient_without_accounts_confirms_by_its_return_slip_and_once(
    case: Case, worker: User
) -> None:
    consent = agrees(case, to=given.make_team(), by=worker)
    actions.disclose(consent, by=worker)
    actions.withdraw(consent, by=worker)
    destruction = Destruction.objects.get()

    by = CodeBearer("slip:1")
    actions.confirm_destruction_outside(destruction, by=by)

    destruction.refresh_from_db()
    assert (destruction.answer, destruction.confirmed_by) == ("destroyed", None)
    event = AuditEvent.objects.get(did="confirmed destruction")
    assert (event.actor, event.role) == ("slip:1", "bearer of a code")
    with pytest.raises(Refused):
        actions.confirm_destruction_outside(destruction, by=by)


# --- what the person said last counts


def test_a_newer_answer_leaves_no_older_and_wider_yes_to_fall_back_to(
    case: Case, shelter: Team, worker: User
) -> None:
    wide = agrees(case, to=shelter, by=worker)
    actions.disclose(wide, by=worker)  # what is shared outlives a newer answer
    narrow = agrees(case, to=shelter, by=worker, fields=["needs.words"])
    assert Consent.objects.standing().get() == narrow
    for end in (
        {"status": Consent.Status.WITHDRAWN, "ended_at": timezone.now()},
        {"status": Consent.Status.EXPIRED, "ended_at": timezone.now()},
        {"status": Consent.Status.GIVEN, "ended_at": None, "expires_at": in_days(-1)},
    ):
        Consent.objects.filter(pk=narrow.pk).update(**end)
        assert not Consent.objects.standing().exists()
        for tell in (
            lambda: actions.disclose(wide, by=worker),
            lambda: actions.hold_back([wide], by=worker),
        ):
            with pytest.raises(Refused, match="Ask the person again"):
                tell()


def test_a_withdrawal_counts_from_when_it_was_said(
    case: Case, shelter: Team, worker: User
) -> None:
    shared = agrees(case, to=shelter, by=worker)
    actions.disclose(shared, by=worker)
    newer = agrees(case, to=shelter, by=worker)
    assert Consent.objects.standing().get() == newer

    actions.withdraw(shared, by=worker)

    newer.refresh_from_db()
    assert newer.status == Consent.Status.UNUSED
    assert not Consent.objects.standing().exists()


def test_a_no_leaves_what_is_shared_until_it_is_withdrawn(
    case: Case, shelter: Team, worker: User
) -> None:
    consent = agrees(case, to=shelter, by=worker)
    kept = actions.disclose(consent, by=worker)
    said_no(consent, by=worker)

    assert Consent.objects.get(pk=consent.pk).is_live
    assert Disclosure.objects.get() == kept
    with pytest.raises(Refused, match="Ask the person again"):
        actions.disclose(consent, by=worker)


def test_a_no_said_before_the_yes_does_not_end_it(
    case: Case, shelter: Team, worker: User
) -> None:
    """As when a meeting without a network arrives late."""
    consent = agrees(case, to=shelter, by=worker)
    said_no(consent, asked_at=timezone.now() - timedelta(hours=1), by=worker)
    assert Consent.objects.standing().get() == consent


def said_no(consent: Consent, *, by: User, **more: Any) -> Consent:
    return actions.refuse(
        consent.case,
        recipient=consent.recipient,
        need=consent.need,
        purpose=Consent.Purpose(consent.purpose),
        language="ar",
        by=by,
        **more,
    )


@pytest.mark.parametrize(
    ("given_by", "before", "since", "why"),
    [
        (
            By.GUARDIAN,
            GUARDED,
            {"guardian_suspect": "yes"},
            "may be involved in the harm",
        ),
        (By.GUARDIAN, GUARDED, {"assent": "disagrees"}, "does not agree"),
        (By.PERSON, {}, {"child": "yes", "age": 16}, "may be a child"),
    ],
)
def test_whose_word_counts_is_looked_at_again_before_anything_is_told(
    given_by: By,
    before: dict[str, Any],
    since: dict[str, Any],
    why: str,
    shelter: Team,
    worker: User,
) -> None:
    case = a_case(worker, **before)
    need = case.needs.get()
    consent = agrees(case, to=shelter, by=worker, given_by=given_by)
    kept = actions.disclose(consent, by=worker)
    assert valid_consents.find_standing(need, [shelter], by=worker)
    cases.rewrite(case, C.IDENTITY, since, replacing=1, by=worker)

    assert not valid_consents.find_standing(need, [shelter], by=worker)
    for tell in (
        lambda: actions.disclose(consent, by=worker),
        lambda: actions.hold_back([consent], by=worker),
    ):
        with pytest.raises(Refused, match=f"{why}.* Ask again"):
            tell()
    assert Disclosure.objects.get() == kept


def test_what_was_never_used_ends_when_its_giver_cannot_agree_any_more(
    shelter: Team, worker: User
) -> None:
    case = a_case(worker, **GUARDED)
    consent = agrees(case, to=shelter, by=worker, given_by=By.GUARDIAN)
    cases.rewrite(case, C.IDENTITY, {"name": "Z. Canary"}, replacing=1, by=worker)
    assert Consent.objects.get().is_live

    suspected = {"guardian_suspect": "unsure"}
    cases.rewrite(case, C.IDENTITY, suspected, replacing=2, by=worker)

    assert Consent.objects.get().status == Consent.Status.UNUSED
    ended = AuditEvent.objects.get(did="closed unused consent")
    assert ended.thing.endswith(str(consent.pk))
    assert (ended.actor, ended.case) == (f"user:{worker.pk}", case.pk)


def test_only_the_word_of_who_cannot_agree_is_discounted(
    case: Case, shelter: Team, worker: User
) -> None:
    hers = agrees(case, to=shelter, by=worker)
    suspected = {"child": "no", "guardian_suspect": "yes"}
    actions.discount_given_by_others(case, suspected, by=worker)
    assert Consent.objects.live().get() == hers

    actions.discount_given_by_others(case, {"child": "yes"}, by=worker)
    assert not Consent.objects.live().exists()


def test_a_yes_of_which_nobody_can_read_who_gave_it_counts_no_more(
    case: Case, shelter: Team, worker: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    agrees(case, to=shelter, by=worker)
    monkeypatch.setattr(signed_consents, "find_answers", lambda consents, *, by: {})

    actions.discount_given_by_others(case, {"child": "no"}, by=worker)

    assert not Consent.objects.live().exists()


# --- held back until a yes


def test_what_is_held_back_is_shared_from_the_release_on(
    case: Case, shelter: Team, shelter_worker: User, worker: User, consent: Consent
) -> None:
    consent = Consent.objects.select_related("case__team", "recipient").get()
    [copy] = actions.hold_back([consent], by=worker)
    assert Consent.objects.get().shared_at is None
    with pytest.raises(Refused):
        disclosures.open_disclosure(copy, by=shelter_worker, purpose="test")

    released = actions.release(consent, copy.pk, by=shelter_worker)
    assert Consent.objects.get().shared_at
    read = disclosures.open_disclosure(released, by=shelter_worker, purpose="test")
    assert read["identity.name"] == "Zubaida Canary"
    assert actions.close_unused([consent], by=None) == 0


def test_a_consent_never_used_ends_without_a_duty_to_destroy(
    worker: User, consent: Consent
) -> None:
    consent = Consent.objects.select_related("case__team", "recipient").get()
    actions.hold_back([consent], by=worker)
    assert actions.close_unused([consent], by=worker) == 1
    assert Consent.objects.get().status == Consent.Status.UNUSED
    assert not Disclosure.objects.exists()
    assert not Destruction.objects.exists()
    with pytest.raises(Refused):
        actions.hold_back([consent], by=worker)


def test_a_withdrawal_destroys_what_was_held_back_and_tells_nobody_to(
    worker: User, consent: Consent
) -> None:
    consent = Consent.objects.select_related("case__team", "recipient").get()
    actions.hold_back([consent], by=worker)
    actions.withdraw(consent, by=worker)
    assert not Disclosure.objects.exists()
    assert not Destruction.objects.exists()
