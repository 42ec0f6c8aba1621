"""The lists that people open all day read by an index, whatever else there is."""

from uuid import UUID

import pytest
from django.db import connection
from django.db.models import F
from django.tasks import TaskResultStatus
from django.urls import reverse
from django.utils import timezone
from django_tasks_db.models import DBTaskResult

from amana import given
from amana.care.cases.models import Case
from amana.care.referrals.models import (
    DeclineReason,
    Referral,
    ReferralStage,
    ReferralStatus,
)
from amana.trust.access.models import Role, User
from amana.trust.operation.queue import Task
from benchmarks import copies, plans
from tests.worlds import kept

pytestmark = [
    pytest.mark.django_db,
    pytest.mark.skipif(
        connection.vendor != "postgresql",
        reason="SQLite is asked for its time, in benchmarks/bench_pages.py.",
    ),
]

MANY, SOME = 1_000, 500
"""Copies of a case, and how many rows a table has that has grown among them."""

MOST = UUID("a0000000-0000-0000-0000-000000000000")
"""Three in five ids are lower: what once was is more than what is under way."""

LISTS = {
    "cases:mine": "worker",
    "cases:team": "supervisor",
    "cases:watch": "coordinator",
    "home:today": "worker",
    "notifications:list": "focal",
    "operation:state": "administrator",
    "operation:tasks": "administrator",
    "referrals:inbox": "focal",
    "referrals:late": "coordinator",
    "referrals:sent": "worker",
    "referrals:watch": "coordinator",
}


@kept
def people(db: None) -> dict[str, User]:
    """Who works on a case, between a thousand others of other people."""
    team, house = given.make_team(), given.make_team()
    worker = given.make_worker(of=team)
    supervisor = given.make_worker(of=team, role=Role.SUPERVISOR)
    focal = given.make_worker(of=house, role=Role.FOCAL_POINT)
    coordinator = given.make_worker(role=Role.COORDINATOR)
    administrator = given.make_worker(role=Role.ADMINISTRATOR)
    service = given.make_service(of=house, by=focal)
    case = given.make_case(worked_on_by=worker)
    referral = given.make_referral(need=case.needs.get(), to=service, by=worker)
    done = TaskResultStatus.SUCCESSFUL
    DBTaskResult.objects.bulk_create(a_task(done) for _number in range(20))
    copies.multiply(MANY)
    a_task(TaskResultStatus.FAILED).save()
    most_are_over(case, referral)
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE")
    return {
        "worker": worker,
        "supervisor": supervisor,
        "focal": focal,
        "coordinator": coordinator,
        "administrator": administrator,
    }


def a_task(status: TaskResultStatus) -> Task:
    return DBTaskResult(
        status=status,
        task_path="amana.trust.access.tasks.notify_user",
        args_kwargs={"args": [], "kwargs": {}},
        backend_name="default",
        run_after=timezone.now(),
    )


def most_are_over(case: Case, referral: Referral) -> None:
    now = timezone.now()
    old = Case.objects.filter(pk__lt=MOST).exclude(pk=case.pk)
    old.update(closed_at=now)
    Referral.objects.filter(pk__lt=MOST).exclude(pk=referral.pk).update(
        stage=ReferralStage.ENDED,
        status=ReferralStatus.DECLINED,
        decline_reason=DeclineReason.values[0],
        ended_at=now,
        tell_at=None,
    )


@pytest.fixture
def as_if_large(people: dict[str, User]) -> None:
    """To read a table is as dear as if it were a hundred times as long."""
    with connection.cursor() as cursor:
        cursor.execute("SET LOCAL seq_page_cost = 100")


def found_in(explains: plans.Explained) -> list[plans.Whole]:
    return plans.wholes(explains.answered, plans.tables_here(), grown=SOME)


def test_no_everyday_list_reads_a_whole_table(
    people: dict[str, User], as_if_large: None
) -> None:
    explains = plans.Explained()
    for page, who in LISTS.items():
        explains.page, explains.who = page, who
        browser = given.sign_in(people[who])
        with connection.execute_wrapper(explains):
            assert browser.get(reverse(page)).status_code == 200, page

    found = found_in(explains)
    assert found == [], "\n".join(f"{whole}\n{whole.sql}" for whole in found)


def test_a_question_that_no_index_answers_is_named(
    people: dict[str, User], as_if_large: None
) -> None:
    explains = plans.Explained("a page", "a worker")
    with connection.execute_wrapper(explains):
        assert not Case.objects.filter(version=4242).exists()

    assert [(whole.page, whole.table, whole.rows) for whole in found_in(explains)] == [
        ("a page", Case._meta.db_table, MANY)
    ]


def test_copies_belong_to_each_other(people: dict[str, User]) -> None:
    """Each copy of a referral is of a copy of its case, and of another team's."""
    whole = Referral.objects.filter(case=F("need__case"), sender=F("case__team"))
    assert whole.count() == MANY
    assert Case.objects.filter(team__memberships__user=people["worker"]).count() == 1
