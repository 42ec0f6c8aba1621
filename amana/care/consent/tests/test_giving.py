"""A person agrees or refuses: to what, with whom, why and until when."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.db import connection
from django.utils import timezone

from amana import given
from amana.care.cases import actions as cases
from amana.care.cases.fields import FIELDS
from amana.care.cases.models import Case
from amana.care.consent import actions
from amana.care.consent.actions import NOTHING_WRITTEN
from amana.care.consent.consent_text import ConsentText
from amana.care.consent.models import LONGEST, Consent
from amana.care.consent.purposes import is_suitable, list_usual_fields
from amana.care.consent.sealed import SEALED_IN
from amana.errors import Refused
from amana.trust.access.models import Sphere, Team, User
from amana.trust.access.rules import Denied
from amana.trust.audit.models import AuditEvent
from amana.trust.vault import documents, manifest
from amana.trust.vault.compartments import CEILING

from .conftest import a_team_of, agrees, in_days

By = Consent.GivenBy


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
