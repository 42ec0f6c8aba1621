"""Those who help her learn of a hit; it needs her consent, and ends with it (P08)."""

from datetime import timedelta
from typing import Any

import pytest
from django.core import mail
from django.urls import reverse
from django.utils import timezone

from amana import given
from amana.care.cases import actions as cases
from amana.care.cases.models import Case
from amana.care.consent.models import Consent
from amana.care.known_elsewhere import actions
from amana.care.known_elsewhere.models import LASTS, IdentityEnquiry
from amana.errors import Changed, Refused
from amana.trust.access.models import KEYHOLDERS, Role, Team, User
from amana.trust.access.rules import Denied
from amana.trust.vault import cards
from amana.trust.vault.models import Parcel
from amana.ui.once import make_form_key
from tests.worlds import kept

from .asking import answers, asks, known_here, looks

pytestmark = pytest.mark.django_db


@kept
def colleague(house: Team, helper: User) -> User:
    return given.make_worker(of=house, name="Colleague")


# --- a hit


def test_those_who_help_her_learn_who_asks_and_whom_to_call(
    hit: IdentityEnquiry, helper: User, case: Case
) -> None:
    page = looks(helper)
    ours = Case.objects.exclude(pk=case.pk).get()
    assert ours.reference in page
    assert "Mariam Toure" in page
    assert case.reference not in page
    assert "Zubaida Canary" not in page


def test_whoever_asked_learns_something_once_they_answer(
    hit: IdentityEnquiry, worker: User, helper: User
) -> None:
    looks(helper)
    mail.outbox.clear()
    assert answers(hit, helper).status_code == 200
    page = looks(worker)
    assert "Samira Haddad" in page
    assert "They answered" in page


def test_an_answer_needs_someone_who_sees_the_case(
    hit: IdentityEnquiry, helper: User, colleague: User, stranger: User
) -> None:
    actions.compare_waiting(by=helper)
    for user in (colleague, stranger):
        with pytest.raises((Changed, Denied)):
            actions.answer_question(hit, by=user)
    assert actions.read_reply(hit, by=hit.asked_by) == {}


@pytest.mark.parametrize(
    "theirs",
    [
        {"identity_name": "Zubaida Canary", "contact_number": "+000 999 1234"},
        {"identity_name": "Fatima Diallo", "identity_age": 30},
    ],
    ids=["a name alone", "a telephone alone"],
)
def test_one_thing_that_agrees_finds_no_one(
    case: Case, house: Team, worker: User, helper: User, theirs: dict[str, Any]
) -> None:
    """A telephone is shared by a family, or by those whom one trafficker holds."""
    known_here(helper, **theirs)
    asks(case, house, worker)
    assert "No questions about people you help" in looks(helper)


def test_a_shared_telephone_would_be_worth_a_look_in_ones_own_house(
    helper: User,
) -> None:
    """So it is the rule above that keeps it, and not the likeness."""
    known_here(helper, identity_name="Fatima Diallo", identity_age=30)
    person = {"name": "Zubaida Canary", "age": 31, "phone": "+000 555 0101"}
    (hit,) = cards.find_likely_matches(person, by=helper)
    assert not actions.is_strong(hit)


def test_a_case_that_is_kept_to_named_people_is_never_found(
    case: Case, house: Team, worker: User, helper: User
) -> None:
    theirs = known_here(helper)
    given.make_worker(of=house)
    cases.restrict(theirs, people=[helper], by=helper)
    asks(case, house, worker)
    assert "No questions about people you help" in looks(helper)


# --- her consent, and its end


def test_nothing_is_asked_without_her_word(
    case: Case, house: Team, helper: User, worker: User
) -> None:
    with pytest.raises(Refused, match="own words"):
        asks(case, house, worker, understood=False)
    with pytest.raises(Refused, match="Adults decide for themselves"):
        asks(case, house, worker, given_by=Consent.GivenBy.GUARDIAN)
    assert not IdentityEnquiry.objects.exists()
    assert not Parcel.objects.exists()


def test_the_text_is_read_in_her_language(
    case: Case, house: Team, helper: User, worker: User
) -> None:
    url = reverse("known_elsewhere:ask", args=[case.pk])
    desk = given.sign_in(worker)
    page = desk.get(f"{url}?asked={house.pk}&language=ar").content.decode()
    assert 'lang="ar" dir="rtl"' in page
    said = {"given_by": "person", "understood": "on"} | make_form_key()
    answer = desk.post(f"{url}?asked={house.pk}&language=ar", said)
    assert answer.status_code == 302
    assert IdentityEnquiry.objects.get().asked == house


@pytest.mark.parametrize("role", sorted(KEYHOLDERS))
def test_anyone_in_the_team_who_helps_people_ends_it(
    hit: IdentityEnquiry, worker: User, helper: User, role: Role
) -> None:
    actions.compare_waiting(by=helper)
    one = given.make_worker(of=worker.memberships.get().team, role=role)
    actions.withdraw(hit, by=one)
    assert not Parcel.objects.exists()
    assert "No questions about people you help" in looks(helper)
    with pytest.raises(Changed):
        actions.withdraw(hit, by=one)


def closed(case: Case, by: User) -> None:
    cases.close(case, reason="withdrew", checklist=[], left_open="-", by=by)


def kept_to_people(case: Case, by: User) -> None:
    cases.restrict(case, people=[by], by=by)


@pytest.mark.parametrize("end", [closed, kept_to_people])
def test_it_ends_with_the_work_and_when_the_case_is_kept(
    hit: IdentityEnquiry, worker: User, end: Any
) -> None:
    given.make_worker(of=worker.memberships.get().team)
    end(hit.case, worker)
    hit.refresh_from_db()
    assert hit.ended_at
    assert not Parcel.objects.exists()


def test_it_ends_by_itself_after_thirty_days(hit: IdentityEnquiry) -> None:
    assert actions.end_expired() == 0
    IdentityEnquiry.objects.update(expires_at=timezone.now() - timedelta(seconds=1))
    assert actions.end_expired() == 1
    assert not Parcel.objects.exists()
    assert timedelta(days=30) == LASTS
