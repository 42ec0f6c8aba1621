"""An administrator sees what is wrong with the server, and runs a failed task again
with one tap: on a phone, and in Arabic."""

from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext, override
from django_tasks_db.models import DBTaskResult, get_date_max
from playwright.sync_api import ViewportSize, expect

from amana import given
from amana.trust.access.models import Role
from amana.trust.alarms import timer_runs
from amana.trust.alarms.models import TimerRun
from tests.journeys.conftest import Looks, SignsIn

pytestmark = pytest.mark.django_db(transaction=True)
PHONE: ViewportSize = {"width": 360, "height": 740}


def fail(kind: str, error: str) -> None:
    now = timezone.now()
    DBTaskResult.objects.create(
        task_path=f"amana.{kind}",
        args_kwargs={"args": [1], "kwargs": {}},
        backend_name="default",
        status="FAILED",
        run_after=get_date_max(),
        started_at=now - timedelta(minutes=20),
        finished_at=now,
        exception_class_path=error,
        worker_ids=["first", "second"],
    )


@pytest.mark.parametrize("language", ["en", "ar"])
def test_a_failed_task_is_run_again_with_one_tap(
    sign_in: SignsIn, look: Looks, language: str
) -> None:
    fail("care.referrals.tasks.tell", "builtins.ConnectionRefusedError")
    fail("trust.access.tasks.tell", "smtplib.SMTPRecipientsRefused")
    timer_runs.notify_missed()
    TimerRun.objects.update(tried_at=timezone.now())
    page = sign_in(given.make_worker(role=Role.ADMINISTRATOR), language=language)
    with override(language):
        mend, again = gettext("To fix"), gettext("Run again")
        none, all_again = gettext("No task has failed"), gettext("Run all again")

    page.goto(reverse("operation:state"))
    expect(page.get_by_role("heading", name=mend)).to_be_visible()
    look(page, "operation")

    page.goto(reverse("operation:tasks"))
    look(page, "failed-tasks")
    page.set_viewport_size(PHONE)
    page.get_by_role("button", name=again, exact=True).first.click()
    expect(page.get_by_role("button", name=again, exact=True)).to_have_count(1)
    page.get_by_role("button", name=all_again).click()
    expect(page.get_by_text(none)).to_be_visible()
    assert not DBTaskResult.objects.failed().exists()
