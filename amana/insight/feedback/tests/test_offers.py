"""Whoever works with somebody is told when it is time for a slip, and says what became
of it; nothing of the slip is kept with the case."""

from datetime import timedelta

import pytest
from django.db import connection
from django.urls import reverse
from django.utils import timezone

from amana import given
from amana.care.cases import actions as cases
from amana.care.cases.models import Case
from amana.errors import Changed, Refused
from amana.insight.feedback import actions, due
from amana.insight.feedback.models import SlipOffer
from amana.insight.feedback.questions import SlipMoment
from amana.insight.feedback.rules import offer_slip
from amana.trust.access.models import Role
from amana.trust.access.rules import Denied
from amana.trust.audit.models import AuditEvent
from amana.ui.once import make_form_key
from tests.worlds import kept

R = SlipOffer.Result
LIST = reverse("feedback:offers")


@kept
def case(worker):
    return opened(given.make_case(worked_on_by=worker), 100)


def opened(case, days):
    """So many days ago: only the date of its column is moved."""
    at = timezone.now() - timedelta(days=days)
    Case.objects.filter(pk=case.pk).update(opened_at=at)
    case.refresh_from_db()
    return case


def page_of(case):
    return reverse("feedback:offer", args=[case.pk])


def is_due(case):
    return due.find_lacking(timezone.now()).filter(pk=case.pk).exists()


@pytest.mark.parametrize(
    ("days", "moment"),
    [
        *((0, None), (90, None), (92, SlipMoment.M3), (181, SlipMoment.M3)),
        *(
            (183, SlipMoment.M6),
            (364, SlipMoment.M6),
            (366, SlipMoment.M12),
            (455, SlipMoment.M12),
        ),
        (457, None),
    ],
)
def test_it_is_time_after_three_six_and_twelve_months(case, days, moment):
    opened(case, days)
    assert due.get_moment(case, timezone.now()) == moment
    assert is_due(case) == (moment is not None)


def test_what_became_of_it_is_said_once_and_the_next_one_is_due_again(case, worker):
    actions.record_offer(case, R.UNWISHED, by=worker)
    assert not is_due(case)
    with pytest.raises(Changed, match="already recorded it"):
        actions.record_offer(case, R.HANDED, by=worker)
    assert SlipOffer.objects.get().result == R.UNWISHED

    opened(case, 200)
    assert is_due(case)
    actions.record_offer(case, R.HANDED, by=worker)
    assert set(SlipOffer.objects.values_list("moment", flat=True)) == {"m3", "m6"}


def test_before_its_time_nothing_can_be_said(case, worker):
    opened(case, 30)
    with pytest.raises(Refused, match="No slip is due in this case"):
        actions.record_offer(case, R.HANDED, by=worker)
    assert not SlipOffer.objects.exists()


def test_only_whoever_works_on_an_open_case_offers_a_slip(case, worker, house):
    team = worker.memberships.get().team
    supervisor = given.make_worker(of=team, role=Role.SUPERVISOR)
    everyone = Case.objects.all()
    for user in (supervisor, given.make_worker(of=team), given.make_worker()):
        assert not offer_slip.permits(user, case)
        assert case not in offer_slip.among(everyone, user)
        with pytest.raises(Denied):
            actions.record_offer(case, R.HANDED, by=user)
    assert offer_slip.explain(worker, case) == ["offer_slip"]
    assert case in offer_slip.among(everyone, worker)

    cases.close(
        case, reason="withdrew", checklist=[], left_open="Her wish.", by=supervisor
    )
    assert not offer_slip.permits(worker, case)
    assert not is_due(case)


def test_neither_the_slip_nor_the_day_nor_the_hand_is_kept(case, worker, codes):
    before = AuditEvent.objects.count()
    actions.record_offer(case, R.HANDED, by=worker)
    with connection.cursor() as cursor:
        cursor.execute("SELECT * FROM feedback_slipoffer")
        [row] = cursor.fetchall()
        columns = {column[0] for column in cursor.description}
    assert columns == {"id", "case_id", "moment", "result"}
    assert len(row) == 4
    [event] = AuditEvent.objects.order_by("pk")[before:]
    assert event.did == "offered slip"
    assert case.pk.hex not in str(vars(event)).replace("-", "")


@pytest.mark.skipif(connection.vendor != "sqlite", reason="has no row numbers")
def test_no_row_number_says_which_came_first(case, worker):
    actions.record_offer(case, R.HANDED, by=worker)
    with connection.cursor() as cursor, pytest.raises(Exception, match="rowid"):
        cursor.execute("SELECT rowid FROM feedback_slipoffer")


# --- the pages


def test_a_worker_goes_from_the_list_to_the_slip_and_back(case, worker):
    staff = given.sign_in(worker)
    assert page_of(case) in staff.get(LIST).content.decode()
    asked = staff.get(page_of(case)).content.decode()
    assert "A 3-month slip is due" in asked
    assert staff.post(page_of(case), make_form_key()).status_code == 422
    done = staff.post(page_of(case), {"result": "unsafe"} | make_form_key())
    assert done.headers["Location"] == LIST
    assert SlipOffer.objects.get().result == R.UNSAFE
    assert "No slips are due" in staff.get(LIST).content.decode()


def test_who_comes_second_is_told_so_and_not_turned_away(case, worker, house):
    """A colleague has said it between: nothing was done wrong."""
    second = given.make_worker(of=case.team)
    cases.assign(case, second, by=worker)
    staff = given.sign_in(second)
    assert staff.get(page_of(case)).status_code == 200
    actions.record_offer(case, R.UNSAFE, by=worker)

    late = staff.post(page_of(case), {"result": "handed"} | make_form_key())
    assert late.status_code == 409
    assert "A colleague has already recorded it." in late.content.decode()
    assert staff.get(page_of(case)).headers["Location"] == LIST
    assert SlipOffer.objects.get().result == R.UNSAFE
    assert not AuditEvent.objects.filter(did="was turned away").exists()


def test_the_page_of_a_case_says_that_one_is_due(case, worker):
    staff, url = given.sign_in(worker), reverse("cases:case", args=[case.pk])
    assert page_of(case) in staff.get(url).content.decode()
    actions.record_offer(case, R.HANDED, by=worker)
    assert page_of(case) not in staff.get(url).content.decode()


def test_a_supervisor_who_looks_on_is_not_asked(case, worker):
    team = worker.memberships.get().team
    staff = given.sign_in(given.make_worker(of=team, role=Role.SUPERVISOR))
    page = staff.get(reverse("cases:case", args=[case.pk]))
    assert page.status_code == 200
    assert page_of(case) not in page.content.decode()


def test_strangers_find_neither_the_list_nor_the_slip(case, stranger):
    analyst = given.sign_in(given.make_worker(role=Role.ANALYST))
    assert analyst.get(LIST).status_code == 404
    other = given.sign_in(stranger)
    assert page_of(case) not in other.get(LIST).content.decode()
    assert other.get(page_of(case)).status_code == 404


def test_the_list_asks_the_same_for_one_and_for_many(
    case, worker, django_assert_num_queries, django_assert_max_num_queries
):
    staff = given.sign_in(worker)
    staff.get(LIST)
    with django_assert_max_num_queries(14) as few:
        staff.get(LIST)
    for _more in range(5):
        opened(given.make_case(worked_on_by=worker), 200)
    with django_assert_num_queries(len(few)):
        assert staff.get(LIST).content.decode().count("Hand it out") == 6
