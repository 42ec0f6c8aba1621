"""Two organisations ask whether a person is known to the other: a hit and a miss look
alike to everyone but those who help her (P08)."""

import re
from dataclasses import dataclass
from typing import Any

import pytest
from django.core import mail
from django.core.management import call_command
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from amana import given
from amana.care.cases.models import Case
from amana.care.known_elsewhere import actions
from amana.care.known_elsewhere.models import IdentityEnquiry
from amana.trust.access.models import User
from amana.trust.alarms.models import AlteredRecord
from amana.trust.audit.models import AuditDetail, AuditEvent, AuditMention
from amana.trust.vault import parcels
from amana.trust.vault.altered import Alteration
from amana.trust.vault.models import Parcel
from amana.ui.models import Submission

from .asking import HER, LIST, answers, asks, known_here, looks

pytestmark = pytest.mark.django_db


def plain(page: str) -> str:
    """Without what differs from one request, or one row, to the next."""
    page = re.sub(r'name="(csrfmiddlewaretoken|once)" value="[^"]*"', "", page)
    page = re.sub(r"[0-9a-f]{8}-[0-9a-f-]{27}", "ID", page)
    page = re.sub(r'(nonce|data-whose)="[^"]*"', "", page)
    return re.sub(r"<time.*?</time>", "", page, flags=re.DOTALL)


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
