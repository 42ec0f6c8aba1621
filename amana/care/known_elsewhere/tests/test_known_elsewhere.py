"""Two organisations ask whether a person is known to the other, and neither learns
anything when she isn't: a hit and a miss look alike to everyone but those who help her
(P08)."""

import re
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

import pytest
from django.core import mail
from django.core.management import call_command
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from amana import given
from amana.care.cases import actions as cases
from amana.care.cases.models import Case
from amana.care.consent.models import Consent
from amana.care.known_elsewhere import actions
from amana.care.known_elsewhere.models import LASTS, IdentityEnquiry
from amana.care.known_elsewhere.rules import (
    ask_elsewhere,
    be_asked,
    follow_question,
    hear_question,
    withdraw_question,
)
from amana.errors import Changed, Refused
from amana.trust.access.models import ANSWERING, KEYHOLDERS, Role, Sphere, Team, User
from amana.trust.access.rules import Denied
from amana.trust.alarms.models import AlteredRecord
from amana.trust.audit.models import AuditDetail, AuditEvent, AuditMention
from amana.trust.vault import cards, parcels
from amana.trust.vault.altered import Alteration
from amana.trust.vault.models import Parcel
from amana.ui.models import Submission
from amana.ui.once import make_form_key
from tests.worlds import kept

pytestmark = pytest.mark.django_db

HER: dict[str, Any] = {
    "identity_name": "Zubaida Canary",
    "identity_age": 31,
    "identity_child": "no",
    "contact_channel": "call",
    "contact_number": "+000 555 0101",
}
LIST = "known_elsewhere:list"


@kept
def worker(db: None) -> User:
    return given.make_worker(name="Mariam Toure")


@kept
def case(worker: User) -> Case:
    return given.make_case(worked_on_by=worker, **HER)


@kept
def house(db: None) -> Team:
    return given.make_team(name="Lake House")


@kept
def helper(house: Team) -> User:
    return given.make_worker(of=house, name="Samira Haddad")


@kept
def colleague(house: Team, helper: User) -> User:
    return given.make_worker(of=house, name="Colleague")


@kept
def stranger(db: None) -> User:
    return given.make_worker(role=Role.SUPERVISOR)


def asks(case: Case, house: Team, worker: User, **changes: Any) -> IdentityEnquiry:
    said: dict[str, Any] = {
        "language": "en",
        "given_by": Consent.GivenBy.PERSON,
        "understood": True,
    }
    return actions.ask_team(case, asked=house, by=worker, **said | changes)


def known_here(helper: User, **changes: Any) -> Case:
    """The same person, in the house that is asked, written another way."""
    other = {"identity_name": "زبيدة كناري"} | changes
    return given.make_case(worked_on_by=helper, **HER | other)


def looks(user: User) -> str:
    return given.sign_in(user).get(reverse(LIST)).content.decode()


def plain(page: str) -> str:
    """Without what differs from one request, or one row, to the next."""
    page = re.sub(r'name="(csrfmiddlewaretoken|once)" value="[^"]*"', "", page)
    page = re.sub(r"[0-9a-f]{8}-[0-9a-f-]{27}", "ID", page)
    page = re.sub(r'(nonce|data-whose)="[^"]*"', "", page)
    return re.sub(r"<time.*?</time>", "", page, flags=re.DOTALL)


# --- both ways alike


@dataclass(frozen=True)
class Way:
    """One house that was asked, and what there is to see of it."""

    question: IdentityEnquiry
    helper: User
    colleague: User


@pytest.fixture
def ways(case: Case, worker: User) -> list[Way]:
    """Two houses that are asked about her: one knows her, and the other doesn't."""
    found = []
    for name, changes in (
        ("House A", {}),
        (
            "House B",
            {"identity_name": "Someone Else", "contact_number": "+000 777 0909"},
        ),
    ):
        team = given.make_team(
            name=name, of=given.make_organisation(name=f"Org of {name}")
        )
        helper = given.make_worker(of=team, name=f"Helper of {name}")
        colleague = given.make_worker(of=team, name=f"Colleague of {name}")
        known_here(helper, **changes)
        found.append(Way(asks(case, team, worker), helper, colleague))
    return found


def masked(page: str) -> str:
    return plain(page).replace("House A", "House").replace("House B", "House")


def cards_in(page: str) -> list[str]:
    return re.findall(
        r'<section class="card".*?</section>', masked(page), flags=re.DOTALL
    )


def test_whoever_asked_reads_the_same_bytes(ways: list[Way], worker: User) -> None:
    before = plain(looks(worker))
    for way in ways:
        looks(way.helper)
    page = looks(worker)

    assert plain(page) == before
    first, second = cards_in(page)
    assert "Org of House" in first
    assert first == second
    assert "No answer. You see the same whether" in first


def test_colleagues_who_do_not_help_her_read_the_same_bytes(ways: list[Way]) -> None:
    for way in ways:
        looks(way.helper)
    first, second = (masked(looks(way.colleague)) for way in ways)
    assert first == second
    assert "No questions about people you help" in first


def test_the_log_has_the_same_form(ways: list[Way]) -> None:
    forms = []
    for way in ways:
        last = AuditEvent.objects.latest("pk").pk
        looks(way.helper)
        events = list(AuditEvent.objects.filter(pk__gt=last).order_by("pk"))
        details = AuditDetail.objects.filter(event__in=events).order_by("event")
        named = [event.thing.partition(":")[0] for event in events]
        said = [(event.did, event.purpose, event.case) for event in events]
        mentions = AuditMention.objects.filter(event__in=events).count()
        forms.append((said, named, [sorted(d.details) for d in details], mentions))

    first, second = forms
    assert first == second
    assert ("compared question", "", None) in first[0]
    assert {case for _did, _purpose, case in first[0]} == {None}
    assert first[3] == 0


def test_the_database_and_the_work_have_the_same_form(ways: list[Way]) -> None:
    forms = []
    for way in ways:
        with CaptureQueriesContext(connection) as compared:
            assert actions.compare_waiting(by=way.helper) == 1
        way.question.refresh_from_db()
        about = [way.question.pk, way.question.reply]
        sealed = Parcel.objects.filter(about__in=about)
        sizes = sorted((len(p.content), len(p.sealed)) for p in sealed)
        question = way.question
        row = (question.compared_at is not None, question.ended_at)
        forms.append((len(compared), sizes, row))

    first, second = forms
    assert first == second
    assert len(first[1]) == 2


def traces(way: Way, visit: Any) -> Any:
    """What a visit to the page leaves in the log, the tables and the queries, without
    what is random."""
    last = AuditEvent.objects.latest("pk").pk
    mail.outbox.clear()
    with CaptureQueriesContext(connection) as asked:
        visit(way)
    events = list(AuditEvent.objects.filter(pk__gt=last).order_by("pk"))
    details = AuditDetail.objects.filter(event__in=events).order_by("event")
    kinds = [(e.did, e.purpose, e.case, e.thing.partition(":")[0]) for e in events]
    way.question.refresh_from_db()
    about = [way.question.pk, way.question.reply]
    sizes = sorted(
        (len(p.content), len(p.sealed)) for p in Parcel.objects.filter(about__in=about)
    )
    question = way.question
    row = (question.looked_at is not None, question.told_at, question.ended_at)
    said = [sorted(detail.details) for detail in details]
    forms, posts = Submission.objects.count(), len(mail.outbox)
    return kinds, said, sizes, row, forms, posts, len(asked)


def answers(question: IdentityEnquiry, user: User) -> Any:
    """Press the button on the page."""
    said = {"question": question.pk} | make_form_key()
    return given.sign_in(user).post(reverse(LIST), said)


def test_an_answer_leaves_what_a_look_leaves(ways: list[Way], worker: User) -> None:
    """One house answers, the other has nothing to answer and looks once more."""
    hit, miss = ways
    for way in ways:
        looks(way.helper)
    answered = traces(hit, lambda way: answers(way.question, way.helper))
    silent = traces(miss, lambda way: looks(way.helper))

    # All but the queries: whether one may answer is asked before.
    assert answered[:6] == silent[:6]
    assert [did for did, *_more in silent[0]].count("looked at questions") == 1
    assert silent[4:6] == (0, 0)
    assert "Helper of House A" in looks(worker)


def test_to_answer_twice_is_to_answer(ways: list[Way], worker: User) -> None:
    """A page that was posted is loaded again."""
    hit = ways[0]
    looks(hit.helper)
    for _time in range(2):
        page = answers(hit.question, hit.helper)
        assert page.status_code == 200
        assert "Answered. They can call you." in page.content.decode()
    assert actions.read_reply(hit.question, by=worker)["name"] == "Helper of House A"


def test_looks_and_answers_take_the_same_queries(ways: list[Way]) -> None:
    hit, miss = ways
    for way in ways:
        looks(way.helper)
    counts = [
        traces(
            way,
            lambda way: actions.review_questions(
                by=way.helper, answering=way.question.pk
            ),
        )
        for way in (hit, miss)
    ]
    assert counts[0] == counts[1]


def test_an_answer_stays_however_often_others_look(
    ways: list[Way], worker: User
) -> None:
    hit = ways[0]
    looks(hit.helper)
    actions.answer_question(hit.question, by=hit.helper)
    looks(hit.colleague)
    looks(hit.helper)
    assert "Answered. They can call you." in looks(hit.helper)
    assert actions.read_reply(hit.question, by=worker)["name"] == "Helper of House A"


def test_whoever_asked_is_told_of_looks_whether_anyone_answered(
    ways: list[Way], worker: User, django_capture_on_commit_callbacks: Any
) -> None:
    hit, miss = ways
    for way in ways:
        looks(way.helper)
    actions.answer_question(hit.question, by=hit.helper)
    mail.outbox.clear()
    with django_capture_on_commit_callbacks(execute=True):
        call_command("tell_askers")
    assert [message.to for message in mail.outbox] == [[worker.email]]
    assert actions.notify_askers() == 0  # nobody has looked since
    told = IdentityEnquiry.objects.get(pk=hit.question.pk).told_at
    assert told == IdentityEnquiry.objects.get(pk=miss.question.pk).told_at
    looks(miss.helper)
    assert actions.notify_askers() == 1


def test_a_comparison_is_made_once_and_leaves_no_word(ways: list[Way]) -> None:
    for way in ways:
        assert actions.compare_waiting(by=way.helper) == 1
        assert actions.compare_waiting(by=way.helper) == 0
        sealed = parcels.open_parcel(way.question.pk, by=way.helper, purpose="test")
        assert sealed
        assert "Canary" not in repr(sealed)


def test_one_that_was_altered_stops_no_other(
    ways: list[Way], case: Case, worker: User
) -> None:
    """Whoever writes in the database exchanges a parcel: it is told, and the rest of
    the questions of that team and of those who asked go on."""
    helper, first = ways[0].helper, ways[0].question
    other = given.make_case(worked_on_by=worker, **HER | {"identity_name": "Zubaida K"})
    second = asks(other, first.asked, worker)
    Parcel.objects.filter(about=first.pk).update(content=b"x" * 400)

    assert given.sign_in(helper).get(reverse(LIST)).status_code == 200
    first.refresh_from_db()
    second.refresh_from_db()
    assert first.compared_at is None
    assert second.compared_at is not None
    assert AlteredRecord.objects.filter(what=Alteration.CONTENT).exists()

    Parcel.objects.filter(about=second.reply).update(content=b"x" * 400)
    page = looks(worker)
    assert "was replaced, in the database" in page
    assert other.reference in page


# --- a hit


@pytest.fixture
def hit(case: Case, house: Team, worker: User, helper: User) -> IdentityEnquiry:
    known_here(helper)
    return asks(case, house, worker)


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


# --- who tries names


def test_nobody_asks_about_many(
    case: Case, house: Team, helper: User, worker: User
) -> None:
    for _time in range(actions.EACH_DAY):
        asks(case, given.make_worker().memberships.get().team, worker)
    with pytest.raises(Refused, match="asked too often in the last 24 hours"):
        asks(case, house, worker)
    url = reverse("known_elsewhere:ask", args=[case.pk])
    said = {"given_by": "person", "understood": "on"} | make_form_key()
    answer = given.sign_in(worker).post(f"{url}?asked={house.pk}&language=en", said)
    assert answer.status_code == 409
    assert AuditEvent.objects.filter(did="asked too often").count() == 1


def test_who_tries_again_and_again_waits(case: Case, house: Team, worker: User) -> None:
    url = f"{reverse('known_elsewhere:ask', args=[case.pk])}?asked={house.pk}"
    browser = given.sign_in(worker)
    answers = [
        browser.post(url, make_form_key()).content.decode() for _time in range(21)
    ]
    assert ["Too many attempts" in said for said in answers] == [False] * 20 + [True]


def test_the_same_team_is_asked_once(
    case: Case, house: Team, helper: User, worker: User
) -> None:
    asks(case, house, worker)
    with pytest.raises(Refused, match="already been asked"):
        asks(case, house, worker)


# --- who may


@pytest.mark.parametrize("sphere", [Sphere.LAW_ENFORCEMENT, Sphere.BORDER])
def test_police_and_border_never_ask_and_are_never_asked(
    case: Case, worker: User, sphere: Sphere
) -> None:
    office = given.make_team(of=given.make_organisation(sphere=sphere))
    officer = given.make_worker(of=office)
    assert not be_asked.permits(worker, office)
    with pytest.raises(Denied):
        asks(case, office, worker)
    theirs = given.make_case(worked_on_by=officer, **HER)
    assert not ask_elsewhere.permits(officer, theirs)


def test_nobody_asks_their_own_organisation(worker: User) -> None:
    sister = given.make_team(of=worker.memberships.get().team.organisation)
    given.make_worker(of=sister)
    assert not be_asked.permits(worker, sister)


@pytest.fixture
def cast(
    hit: IdentityEnquiry, worker: User, helper: User, house: Team, stranger: User
) -> dict[str, User]:
    people = {"worker": worker, "helper": helper, "stranger": stranger}
    ours = hit.case.team
    for role in Role:
        people[f"{role} who asks"] = given.make_worker(of=ours, role=role)
        people[f"{role} who is asked"] = given.make_worker(of=house, role=role)
    gone = given.make_worker(of=house)
    gone.is_active = False
    gone.save()
    return people | {"leaver": gone}


def allowed(rule: Any) -> set[str]:
    ours = {f"{role} who asks" for role in KEYHOLDERS} | {"worker"}
    return {
        "follow": {"worker", f"{Role.SUPERVISOR} who asks"},
        "withdraw": ours,
        "hear": {f"{role} who is asked" for role in ANSWERING} | {"helper"},
    }[rule]


@pytest.mark.parametrize(
    ("rule", "who"),
    [
        (follow_question, "follow"),
        (withdraw_question, "withdraw"),
        (hear_question, "hear"),
    ],
)
def test_a_rule_says_the_same_of_one_and_of_a_list(
    cast: dict[str, User], hit: IdentityEnquiry, rule: Any, who: str
) -> None:
    for name, user in cast.items():
        listed = hit in rule.among(IdentityEnquiry.objects.all(), user)
        assert rule.permits(user, hit) == listed, name
        assert listed == (name in allowed(who)), name


def test_strangers_find_nothing(
    hit: IdentityEnquiry, stranger: User, case: Case
) -> None:
    desk: Client = given.sign_in(stranger)
    for name, pk in (("withdraw", hit.pk), ("ask", case.pk)):
        url = reverse(f"known_elsewhere:{name}", args=[pk])
        assert desk.post(url, make_form_key()).status_code == 404, name
    assert answers(hit, stranger).status_code == 404
    assert desk.post(reverse(LIST), {"question": "1"}).status_code == 400
    screener = given.make_worker(role=Role.SCREENER)
    assert given.sign_in(screener).get(reverse(LIST)).status_code == 404
    assert looks(stranger)
