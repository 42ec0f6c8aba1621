"""A child agrees together with a guardian, and a guardian under suspicion agrees to
nothing; earlier consent is looked at again (P25)."""

from typing import Any

import pytest

from amana.care.cases import actions as cases
from amana.care.cases.models import Case
from amana.care.consent import actions, signed_consents, valid_consents
from amana.care.consent.models import Consent
from amana.errors import Refused
from amana.trust.access.models import Team, User
from amana.trust.audit.models import AuditEvent
from amana.trust.vault.compartments import Compartment as C
from amana.trust.vault.models import Disclosure

from .conftest import a_case, agrees

GUARDED = {"child": "yes", "age": 15, "guardian": "Her aunt"}
By = Consent.GivenBy


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
