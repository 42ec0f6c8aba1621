"""A program, run in the folder of an exercise: builds it, plays a day of it, and prints
the results. Not a test: see `test_playing.py`."""

import json
import sys
from datetime import timedelta

import django

django.setup()

from django.core.management import call_command  # noqa: E402
from django.utils import timezone  # noqa: E402

from amana import given  # noqa: E402
from amana.care.cases.actions import StatedNeed  # noqa: E402
from amana.care.cases.models.case_record import Urgency  # noqa: E402
from amana.care.referrals.models import Referral  # noqa: E402
from amana.care.requests import actions as requests  # noqa: E402
from amana.care.requests.states import AskingOrder  # noqa: E402
from amana.care.screening import actions as screenings  # noqa: E402
from amana.care.screening.models import Screening  # noqa: E402
from amana.design.mechanism.choosing import find_first_version  # noqa: E402
from amana.sandbox import (  # noqa: E402
    act_log,
    agency_places,
    building,
    country,
    directing,
    inject_labels,
    observing,
    scoring,
)
from amana.sandbox.awaited_answers import list_awaited  # noqa: E402
from amana.sandbox.forms import ObserverSheetForm  # noqa: E402
from amana.sandbox.here import FOLDER, STAGE  # noqa: E402
from amana.sandbox.stage import ObserverMark, drop_marks  # noqa: E402
from amana.sandbox.tests.answers import answer_form  # noqa: E402
from amana.sandbox.tests.open_pages import (  # noqa: E402
    OpenPage,
    describe_awaited,
    poll_pages,
)
from amana.trust.access.models import Organisation, User  # noqa: E402

QUICK = "quick-screening"
MINUTE = timedelta(minutes=1)


def refer(service, worker):
    """Refer a new person to a service, with their consent."""
    needs = [StatedNeed(service.types[0], Urgency.U2, "A bed")]
    case = given.make_case(worked_on_by=worker, needs=needs)
    (need,) = given.open_needs(case, by=worker)
    return given.make_referral(need=need, to=service, by=worker)


def list_statuses(sent):
    return [Referral.objects.get(pk=referral.pk).status for referral in sent]


def take_mark_back(stage):
    """Mark something, and take it back on the sheet; return what is left of it."""
    sheet = observing.list_sheet()
    lost = ObserverSheetForm({"understood-text": "Seen"}, sheet=sheet, marked={})
    assert not lost.is_valid()
    marked = {"understood": ObserverMark("1", "seen")}
    stage.mark("the-observers-1", "guard", "understood", marked["understood"])
    back = ObserverSheetForm({"understood": ""}, sheet=sheet, marked=marked)
    assert back.is_valid()
    for observed, mark in back.list_marks():
        stage.mark("the-observers-1", "guard", observed, mark)
    return list(stage.marks)


def observe(stage):
    """Have two observers mark what they saw, and note what is shown of it."""
    assert take_mark_back(stage) == []
    marks = {
        "introduced": ("3", "3"),
        "private": ("1", "2"),
        "no_blame": ("none", "3"),
        "own.manner": ("2", "2"),
    }
    observers = ("the-observers-1", "the-observers-2")
    FOLDER.write_observers([*observers, "the-observers-3"])
    for place, observer in enumerate(observers):
        for observed, levels in marks.items():
            stage.mark(observer, "guard", observed, ObserverMark(levels[place], "seen"))
        stage.finish_marking(observer)
    before = [observing.show_observed(stage).still_marking]
    stage.end()
    # The third has marked nothing yet, and could still be led by what others saw.
    before.append(observing.show_observed(stage).still_marking)
    assert not observing.show_observed(stage).items
    stage.finish_marking("the-observers-3")
    stage.mark("the-observers-1", "guard", "private", ObserverMark("3", "too late"))
    shown = observing.show_observed(type(stage).read(FOLDER.path))
    return {
        "before": before,
        "kept_for_another_way": b"the-observers" in drop_marks(stage.file.read_bytes()),
        "titles": [item.title for item, _marks in shown.items],
        "private": [
            (mark.observer, mark.seat, mark.level, mark.tone)
            for item, marks in shown.items
            for mark in marks
            if item.code == "private"
        ],
        "agreements": [
            (pair.observers, pair.agreement.pairs, pair.percent)
            for pair in shown.agreements
        ],
    }


def ask(services, worker):
    """Ask several services for help for a new person, in turn, with their consent."""
    needs = [StatedNeed(services[0].types[0], Urgency.U1, "A bed")]
    case = given.make_case(worked_on_by=worker, needs=needs)
    (need,) = given.open_needs(case, by=worker)
    agreed = given.make_consents(
        case, to=list({s.team_id: s.team for s in services}.values()), by=worker
    )
    order = AskingOrder.IN_TURN
    return requests.ask(need, services=services, agreed=agreed, order=order, by=worker)


def hand_over(to, worker):
    """Screen a person before there is a case, and hand that to a team."""
    version = find_first_version()
    assert version is not None
    answers = answer_form(version.pack.forms[QUICK])
    screening = given.make_screening(by=worker, instrument=QUICK, **answers)
    screenings.hand_screening_over(screening, to=to, by=worker)
    return screening


def list_answers(request):
    return [enquiry.status for enquiry in request.enquiries.order_by("rank")]


def list_not_come(stage):
    """List what did not come, whether its time was after the end, and which words of
    it the timeline and the board lack."""
    shown = inject_labels.list_to_come(act_log.read_log(), stage)
    pages = [
        OpenPage("control", f"/exercise/{page}/").words
        for page in ("timeline", "board")
    ]
    sections = [page.partition("What did not come</h2>")[2] for page in pages]
    words = {inject.hindrance for inject in shown}
    return {
        "why": [[i.due_at > stage.ended_at, i.hindrance] for i in shown if i.due_at],
        "lacks": [[why for why in words if why not in page] for page in sections],
    }


def main():
    stage = STAGE
    call_command("migrate", verbosity=0)
    building.build(FOLDER)
    begins = timezone.localtime().strftime("%Y-%m-%dT%H:%M")
    accounts = list(User.objects.values_list("email", flat=True))

    FOLDER.write_played({"guard", "unit", "ward"})
    shelters = list(agency_places.list_services("harbour_house"))
    hospital = agency_places.list_services("hospital").first()
    guard = User.objects.get(email=country.get_address("guard-1"))
    guards = guard.memberships.all()[0].team
    worker = given.make_worker(of=guards)
    stage.set_speed(1)
    directing.take_turn(stage)
    at_start = list(stage.played)
    sent = [refer(shelters[n % len(shelters)], worker) for n in range(4)]
    played = refer(hospital, worker)
    asked = ask([shelters[0], agency_places.list_services("lantern").first()], worker)
    handed = hand_over(shelters[0].team, worker)
    awaited = [describe_awaited(answer) for answer in list_awaited()]
    directing.take_turn(stage)
    at_once = list_statuses(sent)
    for _turn in range(3):
        stage.move_to(stage.now() + 30 * MINUTE)
        directing.take_turn(stage)
    left = agency_places.list_services("harbour_house").values_list(
        "places_free", flat=True
    )
    sys.stdout.write(
        json.dumps(
            {
                "begins": begins,
                "organisations": Organisation.objects.count(),
                "accounts": accounts,
                "at_once": at_once,
                "answers": list_statuses(sent),
                "asked": list_answers(asked),
                "handed": str(Screening.objects.get(pk=handed.pk).stage),
                "taken_by": Screening.objects.get(pk=handed.pk).team.organisation.name,
                "notes": [note.text for note in stage.notes],
                "played": list_statuses([played])[0],
                "shelters": len(shelters),
                "left": sorted(set(left)),
                "scores": {
                    str(score.title): score.verdict
                    for score in scoring.list_scores(act_log.read_log())
                },
                "awaited": awaited,
                "polls": poll_pages(stage, worker),
                "observed": observe(stage),
                "not_come": list_not_come(stage),
                "injects_at_start": at_start,
                "injects_later": list(stage.played),
            }
        )
    )


main()
