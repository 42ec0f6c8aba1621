"""The register of data incidents: who hears of one, by when, and how it is counted."""

from datetime import timedelta

import pytest
import time_machine
from django.core.management import call_command
from django.urls import reverse
from django.utils import timezone

from amana import given
from amana.errors import Changed, Refused
from amana.home import today as days
from amana.insight.facts.actions import get_month_start
from amana.insight.facts.models import Observation
from amana.insight.measure import actions as measure
from amana.trust.access.models import Role
from amana.trust.access.rules import Denied
from amana.trust.audit.models import AuditEvent
from amana.trust.oversight import actions
from amana.trust.oversight.actions import BreachAssessment
from amana.trust.oversight.models import Breach
from amana.trust.oversight.rules import keep_breach, read_breach
from amana.ui import once
from tests.worlds import kept

pytestmark = pytest.mark.django_db

SOME = BreachAssessment("sent", Breach.Risk.SOME, Breach.People.FEW)
HIGH = BreachAssessment("intrusion", Breach.Risk.HIGH)
NONE = BreachAssessment("gone", Breach.Risk.NONE)


def ago(hours):
    return timezone.now() - timedelta(hours=hours)


@kept
def officer(db):
    return given.make_worker(role=Role.DATA_PROTECTION_OFFICER, name="Officer")


@kept
def auditor(db):
    return given.make_worker(role=Role.AUDITOR, name="Auditor")


@kept
def coordinator(db):
    return given.make_worker(role=Role.COORDINATOR, name="Coordinator")


def found(officer, assessed=SOME, *, hours=10):
    words = "A letter lay in the wrong tray."
    return actions.record_breach(words, assessed, found_at=ago(hours), by=officer)


def counted(breach):
    """Indicator I53, of the month in which it was found."""
    month = get_month_start(timezone.localdate(breach.found_at))
    until = get_month_start(month + timedelta(days=31))
    return measure.compute_figure("I53", since=month, until=until).value


# --- by when the authority hears of it


@pytest.mark.parametrize(("hours", "late"), [(71, False), (73, True)])
def test_after_72_hours_the_authority_also_hears_why_only_then(officer, hours, late):
    breach = found(officer, hours=hours + 5)
    at = breach.found_at + timedelta(hours=hours)
    if late:
        with pytest.raises(Refused, match="more than 72 hours"):
            actions.record_notification(breach, at=at, by=officer)
    actions.record_notification(breach, at=at, why_late="We did not know", by=officer)

    kept_ = Breach.objects.get()
    assert kept_.is_late() == late
    assert kept_.why_late == ("We did not know" if late else "")


def test_the_authority_is_told_once_and_not_before_it_was_known(officer):
    breach = found(officer)
    for at in (breach.found_at - timedelta(minutes=1), ago(-1)):
        with pytest.raises(Refused, match="between the discovery and now"):
            actions.record_notification(breach, at=at, by=officer)
    actions.record_notification(breach, at=ago(1), by=officer)
    with pytest.raises(Changed):
        actions.record_notification(breach, at=ago(1), by=officer)


def test_what_will_hardly_harm_anybody_has_no_clock(officer):
    breach = found(officer, NONE, hours=200)
    assert breach.notify_by is None
    assert not breach.is_late()
    actions.close_breach(breach, done="The line was mended.", by=officer)
    assert not Breach.objects.open().exists()


@pytest.mark.parametrize("field", ["found_at", "happened_on"])
def test_a_year_of_two_digits_is_looked_at_again(officer, field):
    long_ago = timezone.now().replace(year=26, day=1)
    said = {"found_at": ago(1), "happened_on": timezone.localdate()}
    said[field] = long_ago if field == "found_at" else long_ago.date()

    with pytest.raises(Refused, match="Check the year"):
        actions.record_breach("A letter", SOME, **said, by=officer)
    assert not Breach.objects.exists()


# --- after five years


def test_what_ended_five_years_ago_is_deleted_and_nothing_else(officer):
    closed, struck, still_open = (found(officer, NONE) for _each in range(3))
    actions.close_breach(closed, done="The line was mended.", by=officer)
    actions.strike_breach(struck, why="Nobody had looked", by=officer)
    figures = Observation.objects.filter(kind="breach").count()

    with time_machine.travel(timezone.now() + timedelta(days=1825)):
        call_command("forget_incidents")
        assert Breach.objects.count() == 3
    with time_machine.travel(timezone.now() + timedelta(days=1828)):
        call_command("forget_incidents")

    assert Breach.objects.get() == still_open
    events = AuditEvent.objects.filter(did="forgot breach")
    assert {event.thing for event in events} == {
        f"oversight.breach:{pk}" for pk in (closed.pk, struck.pk)
    }
    assert Observation.objects.filter(kind="breach").count() == figures


# --- closing


@pytest.mark.parametrize("told", ["nobody", "the authority"])
def test_nothing_is_closed_while_somebody_has_to_hear_of_it(officer, told):
    """Where the harm could be grave, the people too."""
    breach = found(officer, SOME if told == "nobody" else HIGH)
    if told == "the authority":
        actions.record_notification(breach, at=ago(1), by=officer)
    with pytest.raises(Refused, match="or give the reason why"):
        actions.close_breach(breach, done="A new lock", by=officer)
    actions.close_breach(
        breach, done="A new lock", why_not="It was all encrypted", by=officer
    )
    assert Breach.objects.get().why_not == "It was all encrypted"


def test_those_who_heard_of_it_need_no_reason(officer):
    breach = found(officer, HIGH, hours=30)
    actions.record_notification(breach, at=ago(2), by=officer)
    before = timezone.localdate(breach.found_at) - timedelta(days=1)
    with pytest.raises(Refused, match="between the discovery and today"):
        actions.record_people_told(breach, on=before, by=officer)
    actions.record_people_told(breach, on=timezone.localdate(), by=officer)
    with pytest.raises(Refused, match="what was done"):
        actions.close_breach(breach, done=" ", by=officer)
    actions.close_breach(breach, done="A new lock", why_not="No matter", by=officer)

    kept_ = Breach.objects.get()
    assert kept_.why_not == ""
    for act in (
        lambda: actions.assess_breach(kept_, NONE, by=officer),
        lambda: actions.strike_breach(kept_, why="It was none", by=officer),
        lambda: actions.close_breach(kept_, done="Once more", by=officer),
    ):
        with pytest.raises(Changed):
            act()
    assert Breach.objects.get().risk == Breach.Risk.HIGH


def test_what_is_still_to_come_is_no_incident(officer):
    with pytest.raises(Refused, match="must not be in the future"):
        found(officer, hours=-1)
    assert not Breach.objects.exists()


# --- counting


def test_it_is_counted_in_the_month_in_which_it_was_found(officer):
    breach = found(officer, hours=24 * 70)
    fact = Observation.objects.get(kind="breach")

    assert fact.month == get_month_start(timezone.localdate(breach.found_at))
    assert counted(breach) == 1
    assert (fact.sector, fact.agency, fact.area, fact.result) == ("", "", "", "")


def test_what_turned_out_to_be_none_is_counted_no_more_and_stays(officer):
    breach, other = found(officer), found(officer)
    assert counted(breach) == 2
    with pytest.raises(Refused, match="why it was not a data breach"):
        actions.strike_breach(breach, why="", by=officer)
    actions.strike_breach(breach, why="The letter was sealed", by=officer)

    assert counted(breach) == 1
    assert {*Breach.objects.all()} == {breach, other}
    assert list(Breach.objects.counted()) == [other]


def test_each_act_is_in_the_log_and_no_word_of_it(officer):
    breach = found(officer, HIGH)
    actions.assess_breach(breach, SOME, by=officer)
    actions.record_notification(breach, at=ago(1), by=officer)
    actions.record_people_told(breach, on=timezone.localdate(), by=officer)
    actions.close_breach(breach, done="A second look at each tray", by=officer)

    acts = AuditEvent.objects.filter(thing=f"oversight.breach:{breach.pk}")
    assert list(acts.order_by("pk").values_list("did", flat=True)) == [
        "recorded breach",
        "assessed breach",
        "notified authority of breach",
        "told people of breach",
        "closed breach",
    ]
    assert "tray" not in str(list(acts.values()))


# --- who


@pytest.mark.parametrize(
    ("rule", "who"),
    [(read_breach, {"officer", "auditor"}), (keep_breach, {"officer"})],
)
def test_lists_and_single_incidents_are_for_the_same_people(
    rule, who, officer, auditor, coordinator
):
    breach = found(officer)
    cast = {"officer": officer, "auditor": auditor, "coordinator": coordinator}

    assert {n for n, user in cast.items() if rule.permits(user, breach)} == who
    assert {n for n, user in cast.items() if rule.among(Breach.objects, user)} == who


def test_only_the_officer_keeps_the_register(officer, auditor):
    breach, now = found(officer), timezone.now()
    for act in (
        lambda: found(auditor),
        lambda: actions.assess_breach(breach, NONE, by=auditor),
        lambda: actions.record_notification(breach, at=now, by=auditor),
        lambda: actions.record_people_told(breach, on=now.date(), by=auditor),
        lambda: actions.close_breach(breach, done="All", by=auditor),
        lambda: actions.strike_breach(breach, why="None", by=auditor),
    ):
        with pytest.raises(Denied):
            act()
    assert Breach.objects.count() == 1


def test_while_the_hours_run_it_stands_on_the_officers_page(officer, auditor):
    found(officer, NONE)
    breach = found(officer)
    what = "Report a data breach to the regulator"

    assert [task.title for task in days.build_day(officer).tasks] == [what]
    assert days.build_day(officer).tasks[0].due_at == breach.notify_by
    assert days.build_day(auditor).tasks == []
    actions.record_notification(breach, at=timezone.now(), by=officer)
    assert days.build_day(officer).tasks == []


# --- pages


def url(name, *args):
    return reverse(f"audit:{name}", args=args)


def text(response):
    return response.content.decode()


def sent(client, to, **said):
    return client.post(to, once.make_form_key() | said)


def local(at):
    return timezone.localtime(at).strftime("%Y-%m-%dT%H:%M")


def test_an_incident_goes_through_its_pages(officer, auditor):
    client = given.sign_in(officer)
    assert "No data breaches recorded" in text(client.get(url("breaches")))
    said = {
        "kind": "lost",
        "risk": "high",
        "people": "unknown",
        "found_at": local(ago(80)),
        "words": "A telephone was left on the bus.",
    }
    assert sent(client, url("new_breach"), **said | {"words": ""}).status_code == 422
    sent(client, url("new_breach"), **said)
    breach = Breach.objects.get()
    page = url("breach", breach.pk)
    assert "A telephone was left on the bus." in text(client.get(page))

    known = {"kind": "lost", "risk": "high", "people": "100"}
    sent(client, url("assess_breach", breach.pk), **known)
    told = {"at": local(ago(1)), "why_late": "It was a long weekend"}
    refused = sent(client, url("notify_breach", breach.pk), at=told["at"])
    assert refused.status_code == 409
    sent(client, url("notify_breach", breach.pk), **told)
    sent(client, url("tell_people", breach.pk), on=f"{timezone.localdate()}")
    sent(client, url("close_breach", breach.pk), done="Wiped from afar")

    said_now = text(client.get(page))
    for words in ("11 to 100", "Late", "It was a long weekend", "Wiped from afar"):
        assert words in said_now
    assert url("close_breach", breach.pk) not in said_now
    assert "Closed" in text(given.sign_in(auditor).get(url("breaches")))


def test_an_incident_that_was_none_is_struck_out_on_its_page(officer):
    client, breach = given.sign_in(officer), found(officer)
    sent(client, url("strike_breach", breach.pk), why="The tray was the right one")

    page = text(client.get(url("breach", breach.pk)))
    assert "Not a breach" in page
    assert "The tray was the right one" in page


def test_an_auditor_reads_and_others_find_nothing(officer, auditor, coordinator):
    breach = found(officer)
    read = [url("breaches"), url("breach", breach.pk)]
    write = [
        url("new_breach"),
        *(
            url(name, breach.pk)
            for name in (
                "assess_breach",
                "notify_breach",
                "tell_people",
                "close_breach",
                "strike_breach",
            )
        ),
    ]
    reader, outside = given.sign_in(auditor), given.sign_in(coordinator)

    assert [u for u in read if reader.get(u).status_code != 200] == []
    assert [u for u in write if reader.get(u).status_code != 404] == []
    assert [u for u in write if u in text(reader.get(read[1]))] == []
    assert [u for u in read + write if outside.get(u).status_code != 404] == []
