"""Her consent in place of what was told without it."""

from types import SimpleNamespace

import pytest

from amana import given
from amana.care.cases.models import Case
from amana.care.consent import actions, payload, vital_interests
from amana.care.consent.models import Destruction, VitalInterest
from amana.errors import Refused
from amana.trust.access.models import Team, User
from amana.trust.vault import disclosures
from amana.trust.vault.models import Disclosure


@pytest.fixture(autouse=True)
def _the_law_allows_it(monkeypatch: pytest.MonkeyPatch) -> None:
    law = SimpleNamespace(id="data_act")
    monkeypatch.setattr(vital_interests, "find_provision", lambda case: law)


@pytest.fixture
def told(case: Case, shelter: Team, worker: User) -> VitalInterest:
    interest, _disclosure = vital_interests.disclose(
        case.needs.earliest("pk"),
        recipient=shelter,
        reason=VitalInterest.Reason.CONDITION,
        words="canary: in shock",
        by=worker,
    )
    return interest


def test_the_copy_holds_what_she_agreed_to_and_no_more(
    told: VitalInterest, case: Case, shelter: Team, worker: User
) -> None:
    agreed = given.make_consent(
        case, to=shelter, need=told.need, fields=["identity.age"], by=worker
    )
    actions.replace_vital_interest(told, agreed, by=worker)
    copy = Disclosure.objects.get()
    assert copy.consent == agreed.pk
    content = disclosures.open_disclosure(copy, by=worker, purpose="test")
    assert set(content) == {"identity.age", payload.NEED}
    # What she did not agree to, they destroy.
    assert Destruction.objects.get().vital_interest == told
    with pytest.raises(Refused):
        actions.replace_vital_interest(told, agreed, by=worker)


def test_a_consent_about_another_team_changes_nothing(
    told: VitalInterest, case: Case, worker: User
) -> None:
    agreed = given.make_consent(case, to=given.make_team(), need=told.need, by=worker)
    with pytest.raises(Refused):
        actions.replace_vital_interest(told, agreed, by=worker)
    assert VitalInterest.objects.get().is_live
